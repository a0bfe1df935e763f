#include "casefile/telling.hpp"

#include "base/fault.hpp"
#include "casefile/outcome.hpp"
#include "engine/replay.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

namespace npod::casefile {

namespace {

std::shared_ptr<rules::Rulebook const> law_of(storage::KeptLaw const& kept) {
    auto read = rules::Rulebook::from_text(kept.text);
    if (!read) throw ConfigFault(fmt::format("the law {} cannot be read: {}", kept.version, read.refusal().text));
    if (read->version() != kept.version)
        throw ConfigFault(fmt::format("the law {} was changed: what it says has the version {}", kept.version, read->version()));
    return std::make_shared<rules::Rulebook const>(std::move(*read));
}

rules::Laws laws_of(Case const& content) {
    if (content.laws.empty()) throw ConfigFault("the case holds no law");
    rules::Laws laws(law_of(content.laws.front()));
    for (std::size_t i = 1; i < content.laws.size(); ++i) laws.learn(law_of(content.laws[i]));
    return laws;
}

} // namespace

Telling::Telling(Case const& content)
    : content_(content), interchange_(content.dialects.interchange()),
      ledger_(std::make_unique<storage::Ledger>(storage::OpenOptions{":memory:", content.own, true})),
      writer_(*ledger_, laws_of(content), content.settings, interchange_) {
    ledger_->begin();
    ledger_->put_law_in_force(writer_.laws().in_force(), content.laws.front().learned_at);
    ledger_->commit();
}

std::optional<storage::LogRow> Telling::tell(Row const& one) {
    auto const& row = one.row;
    if (ledger_->head_seq() < row.seq) { // else it was told together with the request that it waited for
        auto const event = engine::event_of(row, interchange_);
        if (!event) throw ConfigFault(event.refusal().text);
        ledger_->begin();
        ledger_->take_up_after(row.seq - 1, one.previous);
        porting::Effects preset;
        for (auto const& [name, value] : one.counters)
            if (ledger_->book().counter(name) != value) preset.counters.emplace(name, value);
        if (!preset.counters.empty()) ledger_->apply(preset, {}, 0);
        writer_.write(*event, row.learned_at);
        ledger_->commit();
    }
    return ledger_->reader_on_same_connection().log_row(row.seq);
}

std::string Telling::outcome() const { return outcome_of(ledger_->reader_on_same_connection(), writer_.laws(), content_.port, content_.as_of); }

namespace {

std::vector<std::string> remarks_on(Case const& content, std::string_view program) {
    std::vector<std::string> remarks;
    if (content.program != program) remarks.push_back(fmt::format("npod {} wrote it, npod {} judges it.", content.program, program));
    for (auto const& outline : machine::all_outlines()) {
        auto const found = content.machines.find(std::string(outline.name));
        auto const ours = machine::fingerprint_text(machine::fingerprint(outline));
        if (found == content.machines.end() || found->second != ours)
            remarks.push_back(fmt::format("The machine {} is another in this program ({}) than in that which wrote it ({}).", outline.name, ours,
                                          found == content.machines.end() ? std::string("none") : found->second));
    }
    return remarks;
}

/// The rows' own hashes are told again; here only that they follow each other where they are neighbours.
std::string broken_chain(Case const& content, Row const& row, Row const* before) {
    if (content.redacted) return {};
    if (row.row.seq == 1 && row.previous != Hash{}) return "the first row of the log follows another";
    if (before != nullptr && before->row.seq + 1 == row.row.seq && row.previous != before->row.hash) return "it does not follow the row before it";
    if (row.row.seq == content.head_seq && row.row.hash != content.head_hash) return "it is not the end of the log that the head names";
    return {};
}

void tell_all(Verdict& verdict, Telling& telling, Case const& content) {
    Row const* before = nullptr;
    for (auto const& row : content.rows) {
        verdict.at = row.row.seq;
        verdict.difference = broken_chain(content, row, before);
        if (!verdict.difference.empty()) return;
        auto const again = telling.tell(row);
        verdict.difference = again ? engine::difference_between(row.row, *again) : std::string("it was not written again");
        if (verdict.difference.empty() && again->about != row.row.about) verdict.difference = "it is found under other ids";
        if (!verdict.difference.empty()) return;
        ++verdict.events;
        before = &row;
    }
    verdict.at = 0;
    if (auto const differs = difference_between_outcomes(content.outcome, telling.outcome()); !differs.empty()) verdict.difference = "the outcome: " + differs;
}

} // namespace

std::unique_ptr<storage::Reader> Verdict::reader() const { return std::make_unique<storage::Reader>(book->reader_on_same_connection()); }

Verdict judge(Case const& content, std::string_view program) {
    Verdict verdict;
    verdict.remarks = remarks_on(content, program);
    try {
        Telling telling(content);
        try {
            tell_all(verdict, telling, content);
        } catch (std::exception const& fault) {
            verdict.difference = fmt::format("it cannot be told again: {}", fault.what());
        }
        verdict.laws = telling.laws();
        verdict.book = telling.take_ledger();
    } catch (std::exception const& fault) {
        verdict.difference = fault.what();
    }
    verdict.same = verdict.difference.empty();
    return verdict;
}

} // namespace npod::casefile
