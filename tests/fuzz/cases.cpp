/// Case files, which come from other operators, courts and customers by mail.
///
/// An input is a case file in which a line that is only a number stands for that line of a good file (0 is the head), once, and
/// "seal" for a seal that fits what stands above it: so damage of some bytes gets past what a whole file would need.

#include "fuzz/targets.hpp"

#include "casefile/export.hpp"
#include "casefile/telling.hpp"
#include "engine/law.hpp"
#include "engine/replay.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace npod::fuzz {

namespace {

constexpr auto written_by = "0.1.0";
constexpr std::size_t lines_max = 64;

/// The file of ALFA's first port-out: BRAVO asks for four numbers, three are let go, one is refused.
std::string good_file() {
    auto now = *parse_rfc3339("2026-04-01T10:00:00+02:00");
    engine::Dialects dialects;
    dialects.own = OperatorCode{"ALFA"}, dialects.hub = OperatorCode{"HUB"};
    dialects.usual.time = protocol::coin_v3::LocalTime("Europe/Brussels");
    porting::Settings const settings{.own = dialects.own, .operators = {OperatorCode{"BRAVO"}}, .automatic = porting::AutomaticAnswer::none, .dossier_prefix = "ALFA"};
    auto const law = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
    auto const interchange = dialects.interchange();
    storage::Ledger ledger({":memory:", dialects.own, true});
    engine::Writer writer(ledger, rules::Laws(law), settings, interchange);
    engine::announce_law(writer, ledger, law, now);
    auto const hears = [&](std::string_view kind, std::string_view source, std::string_view key, std::string_view body) {
        storage::LogRow row;
        row.learned_at = row.happened_at = now;
        row.kind = kind, row.source = source, row.key = key, row.body = body;
        auto const event = engine::event_of(row, interchange);
        expect(static_cast<bool>(event), "the good file's events can be read");
        ledger.begin();
        writer.write(*event, now);
        ledger.commit();
        now += std::chrono::minutes{5};
    };
    hears("contract.put", "api:desk:anna", "C-1",
          R"({"customer":{"kind":"legal","name":"Zon","address":{"postcode":"1000","house_number":"1"}},"network":"fixed","numbers":[{"first":"+3225501100","last":"+3225501109"}]})");
    hears("message.portingrequest", "wire:BRAVO", "1",
          R"({"message":{"header":{"sender":{"networkoperator":"BRAVO"},"receiver":{"networkoperator":"ALFA"},"timestamp":"20260401101500"},"body":{"portingrequest":{"dossierid":"BRAVO-1",)"
          R"("recipientnetworkoperator":"BRAVO","donornetworkoperator":"ALFA","customerinfo":{"companyname":"Zon","housenr":"1","postcode":"1000"},)"
          R"("repeats":[{"seq":{"numberseries":{"start":"025501100","end":"025501103"}}}]}}}})");
    hears("port.answer", "api:desk:anna", "PO-000001",
          R"({"decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501102"}],"accept":{"at":"2026-04-07T09:00:00+02:00"}},{"numbers":["+3225501103"],"refuse":{"grounds":["MANDATE_INVALID"]}}],"reason":"r"})");
    auto const content = casefile::case_of({ledger.reader_on_same_connection(), law, settings, dialects, written_by}, PortId{"PO-000001"}, now, false);
    expect(static_cast<bool>(content), "the good file can be exported");
    expect(casefile::judge(*content, written_by).same, "the good file is judged to be good");
    return casefile::to_bytes(*content);
}

std::vector<std::string> const& good_lines() {
    static std::vector<std::string> const lines = [] {
        std::vector<std::string> all;
        auto const bytes = good_file();
        for (std::size_t at = 0; at < bytes.size(); at = bytes.find('\n', at) + 1) all.push_back(bytes.substr(at, bytes.find('\n', at) - at));
        return all;
    }();
    return lines;
}

std::string fitting_seal(std::string_view above) { return fmt::format(R"({{"seal":{{"sha256":"{}"}}}})", hex(sha256(above))); }

std::string spelled_out(std::string_view input) {
    std::string bytes;
    std::set<std::size_t> used;
    for (std::size_t line = 0; !input.empty() && line < lines_max; ++line) {
        auto const word = input.substr(0, input.find('\n'));
        std::size_t number = 0;
        auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        bool const stands_for_one = error == std::errc{} && end == word.data() + word.size() && number < good_lines().size() && used.insert(number).second;
        if (stands_for_one) bytes += good_lines()[number];
        else if (word == "seal") bytes += fitting_seal(bytes);
        else bytes += word;
        if (word.size() == input.size()) break; // cut off within the line
        bytes += '\n';
        input.remove_prefix(word.size() + 1);
    }
    return bytes;
}

} // namespace

void case_file(std::string_view input) {
    auto const opened = casefile::parse(spelled_out(input));
    if (!opened) {
        expect(!opened.refusal().text.empty() && !opened.refusal().next.empty(), "a refusal says why, and what to do");
        return;
    }
    auto const written = casefile::to_bytes(opened->content);
    auto const again = casefile::parse(written);
    expect(again && again->seal_holds, "what was read, written again, is a whole case file");
    expect(casefile::to_bytes(again->content) == written, "a case read and written again is the same");
    auto const verdict = casefile::judge(opened->content, written_by);
    expect(verdict.same == verdict.difference.empty(), "a case that differs says where");
    if (verdict.same) expect(casefile::judge(again->content, written_by).same, "the same case is judged the same");
}

std::vector<std::string> case_seeds() {
    auto const& lines = good_lines();
    auto const with_one_spelled_out = [&](std::size_t which) {
        std::string input;
        for (std::size_t i = 0; i + 1 < lines.size(); ++i) input += (i == which ? lines[i] : std::to_string(i)) + "\n";
        return input + "seal\n";
    };
    std::vector<std::string> seeds;
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (lines[i].size() < 8'000) seeds.push_back(with_one_spelled_out(i)); // not the law, which is a book
    seeds.push_back(with_one_spelled_out(lines.size()) + "0\n");
    seeds.push_back("0\n1\n2\n" + lines.back());
    return seeds;
}

} // namespace npod::fuzz
