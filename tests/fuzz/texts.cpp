/// The filter language, and the small texts that people and programs write: times, dates, numbers, ids, addresses.

#include "fuzz/targets.hpp"

#include "base/base64.hpp"
#include "base/moment.hpp"
#include "filter/filter.hpp"
#include "http/place.hpp"
#include "porting/model.hpp"
#include "porting/number.hpp"
#include "protocol/auth.hpp"
#include "protocol/coin_v3/local_time.hpp"
#include "rules/rulebook.hpp"

namespace npod::fuzz {

namespace {

/// A field of each kind.
std::vector<filter::Field> const& fields() {
    using filter::Kind;
    static std::vector<filter::Field> const all{
        {"state", Kind::word, "", {"scheduled", "awaiting_answer", "refused"}}, {"reason", Kind::word}, {"note", Kind::text},
        {"number", Kind::e164}, {"lines", Kind::count}, {"money", Kind::money}, {"due", Kind::moment}, {"late", Kind::flag}};
    return all;
}

void times(std::string_view text) {
    static protocol::coin_v3::LocalTime const brussels("Europe/Brussels");
    if (auto const moment = parse_rfc3339(text)) {
        auto const again = parse_rfc3339(to_rfc3339(*moment));
        expect(again && *again == *moment, "a moment comes back from its text");
        if (auto const wire = brussels.read(brussels.write(*moment))) {
            // The second of the two equal hours of autumn is read as the first.
            auto const apart = std::chrono::floor<std::chrono::seconds>(*moment) - *wire;
            expect(apart == std::chrono::hours{0} || apart == std::chrono::hours{1}, "a wire time is the moment's second");
        }
        if (auto const date = protocol::parse_http_date(protocol::to_http_date(*moment)))
            expect(*date == std::chrono::floor<std::chrono::seconds>(*moment), "a date of HTTP is the moment's second");
    }
    if (auto const moment = brussels.read(text)) {
        auto const again = brussels.read(brussels.write(*moment));
        expect(again && *again == *moment, "a wire time that was read is written so that it is read as the same");
    }
    protocol::parse_http_date(text), rules::parse_day(text);
    if (auto const term = rules::parse_term(text)) expect(!to_string(*term).empty(), "a term has words");
}

void numbers(std::string_view text) {
    auto const national = [](porting::Number number) {
        auto const back = porting::from_national(porting::national(number, "32"), "32");
        expect(back && *back == number, "a number comes back from its national form");
    };
    if (auto const number = porting::parse_e164(text)) {
        expect(to_string(*number) == text, "a number's text is the text it was read from");
        static_cast<void>(porting::belgian_plan(*number));
        national(*number);
    }
    if (auto const number = porting::from_national(text, "32")) national(*number);
}

} // namespace

void filter_text(std::string_view bytes) {
    auto const tree = filter::parse(bytes, fields());
    if (!tree) {
        expect(!tree.refusal().text.empty(), "a refusal says why");
        return;
    }
    auto const printed = filter::print(*tree);
    if (printed.size() > filter::text_bytes_max) return; // quotes and spaces made it longer than anybody may write
    auto const again = filter::parse(printed, fields());
    expect(again && *again == *tree, "a printed filter is read back as the same tree");
    expect(filter::print(*again) == printed, "printing is stable");
}

std::vector<std::string> filter_seeds() {
    return {"state=awaiting_answer and due<2wd", "not (late or money>=25.00) and lines!=3|4", "note~\"a b\" or note='it\"s'",
            "number~+3225 and due>=2026-04-03T10:00:00+02:00", "due=today or due<-3h or due>2026-04-03", "not not late=no"};
}

void texts(std::string_view bytes) {
    times(bytes);
    numbers(bytes);
    porting::parse_line_id(bytes);
    if (auto const raw = from_base64(bytes)) {
        expect(from_base64(base64(*raw)) == raw && from_base64(base64_url(*raw)) == raw, "base64 comes back");
    }
    try {
        http::parse_place(std::string(bytes));
    } catch (ConfigFault const&) {
        return; // no address; said with a sentence
    }
}

std::vector<std::string> text_seeds() {
    return {"2026-04-03T16:59:00.123456789+02:00", "1990-01-01T00:00:00Z", "20261025023000", "20260329023000", "+3225501100",
            "025501100", "003125501100", "Fri, 03 Apr 2026 14:59:00 GMT", "2026-04-07", "2wd", "6mo", "PI-000001/2",
            "https://[::1]:8700/base", "unix:/run/npod.sock", "aGVsbG8=", "-_8"};
}

} // namespace npod::fuzz
