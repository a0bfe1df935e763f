#include "casefile/export.hpp"

#include "casefile/outcome.hpp"
#include "casefile/redact.hpp"
#include "casefile/telling.hpp"
#include "casefile/witness.hpp"
#include "engine/inputs.hpp"
#include "engine/replay.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::casefile {

namespace {

constexpr int page = 256;

/// Numbers as disjoint stretches, for the question whether any is among them.
class Numbers {
public:
    void add(porting::NumberRange range) {
        auto at = stretches_.upper_bound(range.last);
        while (at != stretches_.begin()) {
            --at;
            if (at->second < range.first) break;
            range = {std::min(range.first, at->first), std::max(range.last, at->second)};
            at = stretches_.erase(at);
        }
        stretches_.emplace(range.first, range.last);
    }
    bool meets(porting::NumberRange range) const {
        auto const after = stretches_.upper_bound(range.last);
        return after != stretches_.begin() && std::prev(after)->second >= range.first;
    }

private:
    std::map<porting::Number, porting::Number> stretches_; ///< first → last
};

/// What the rows of the case need to have been written before them.
struct Needed {
    std::set<std::uint64_t> keys;
    Numbers numbers;

    void add(Footprint const& read) {
        keys.insert(read.keys.begin(), read.keys.end());
        for (auto const& range : read.numbers) numbers.add(range);
    }
    bool is_written_by(Footprint const& written) const {
        return std::ranges::any_of(written.keys, [&](std::uint64_t key) { return keys.contains(key); }) ||
               std::ranges::any_of(written.numbers, [&](porting::NumberRange range) { return numbers.meets(range); });
    }
};

/// A row that was heard again together with the row before it is told with it.
bool heard_with_the_row_before(storage::LogRow const& row) { return row.source.starts_with("parked:"); }

/// Every row up to `last`, newest first, without bodies, by what they are: their seq, whether they change the law, whose they are.
struct Header {
    std::int64_t seq = 0;
    bool law = false, with_the_one_before = false, about_it = false;
};
std::vector<Header> headers_of(storage::Reader const& reader, std::int64_t last, std::set<std::string> const& ids) {
    std::vector<Header> headers;
    for (std::int64_t after = 0; after < last;) {
        auto const rows = reader.log(after, page);
        if (rows.empty()) break;
        for (auto const& row : rows) {
            after = row.seq;
            if (row.seq > last) break;
            bool const about_it = std::ranges::any_of(row.about, [&](std::string const& id) { return ids.contains(id); });
            headers.push_back({row.seq, row.kind == engine::law_kind, heard_with_the_row_before(row), about_it});
        }
    }
    return headers;
}

/// The rows on which what `needed` names depends, in order: one pass from the newest to the first, because a row depends on
/// earlier ones only.
std::vector<std::int64_t> rows_needed(std::vector<Header> const& headers, std::map<std::int64_t, Trace> const& traces, Needed needed) {
    static Trace const none;
    auto const trace_of = [&](std::int64_t seq) -> Trace const& {
        auto const found = traces.find(seq);
        return found == traces.end() ? none : found->second;
    };
    std::vector<std::int64_t> chosen;
    for (std::size_t end = headers.size(); end > 0;) {
        std::size_t begin = end - 1; // rows told in one go stand or fall together
        while (begin > 0 && headers[begin].with_the_one_before) --begin;
        bool wanted = false;
        for (std::size_t i = begin; i < end; ++i) {
            auto const& trace = trace_of(headers[i].seq);
            wanted = wanted || headers[i].law || headers[i].about_it || trace.read_all_running || needed.is_written_by(trace.written);
        }
        for (std::size_t i = end; wanted && i > begin; --i) {
            chosen.push_back(headers[i - 1].seq);
            needed.add(trace_of(headers[i - 1].seq).read);
        }
        end = begin;
    }
    std::ranges::reverse(chosen);
    return chosen;
}

Row row_of(storage::Reader const& reader, std::int64_t seq, std::map<std::int64_t, Trace> const& traces) {
    Row one;
    one.row = reader.log_row(seq).value();
    if (seq > 1) one.previous = reader.log_row(seq - 1).value().hash;
    if (auto const trace = traces.find(seq); trace != traces.end()) one.counters = trace->second.counters;
    return one;
}

/// Counters of rows told in one go are set before the first of them.
void gather_counters(std::vector<Row>& rows) {
    Row* first = nullptr;
    for (auto& one : rows) {
        if (!heard_with_the_row_before(one.row)) {
            first = &one;
            continue;
        }
        if (first == nullptr) continue;
        for (auto const& [name, value] : one.counters) first->counters.try_emplace(name, value);
        one.counters.clear();
    }
}

/// Oldest first; the one in force at the first row leads, as replay has it.
std::vector<storage::KeptLaw> laws_for(storage::Reader const& reader, rules::Rulebook const& otherwise, Moment as_of) {
    auto laws = reader.laws();
    std::erase_if(laws, [&](storage::KeptLaw const& law) { return law.learned_at > as_of && &law != &laws.front(); });
    if (laws.empty()) laws.push_back({otherwise.version(), otherwise.name(), {}, otherwise.to_text(), true});
    return laws;
}

Refusal not_told(std::string text) {
    return {RefusalCode::not_admissible, std::move(text), {}, "Export it with the program and the configuration that wrote the log: npctl --db FILE case export, or the daemon.", {}};
}

} // namespace

Outcome<Case> case_of(Source const& source, PortId const& id, Moment as_of, bool redact) {
    auto const& reader = source.reader;
    auto const interchange = source.dialects.interchange();
    Witness witness;
    auto const told = engine::replay(reader, source.rulebook, source.settings, interchange, as_of, &witness);
    if (!told.difference.empty()) return not_told(fmt::format("The log comes out differently when it is told again: {}.", told.difference));
    auto const then = told.ledger->reader_on_same_connection();
    auto const port = then.book().port(id);
    if (!port) return Refusal{RefusalCode::not_found, fmt::format("There is no port {}.", id.text), {}, "npctl port list --all shows every port.", {}};

    Case content;
    content.program = source.program;
    content.own = source.settings.own;
    content.port = id;
    content.as_of = as_of;
    content.head_seq = told.ledger->head_seq();
    content.head_hash = reader.log_row(content.head_seq).value().hash;
    for (auto const& outline : machine::all_outlines())
        content.machines.emplace(std::string(outline.name), machine::fingerprint_text(machine::fingerprint(outline)));
    content.settings = source.settings;
    content.dialects = source.dialects;
    content.laws = laws_for(reader, *source.rulebook, as_of);

    std::set<std::string> ids{id.text};
    if (auto const claim = then.book().claim_of(id)) ids.insert(claim->id.text);
    Needed needed;
    needed.add(footprint_of(*port, then.book().lines(id)));
    for (auto const seq : rows_needed(headers_of(reader, content.head_seq, ids), witness.traces(), std::move(needed)))
        content.rows.push_back(row_of(reader, seq, witness.traces()));
    gather_counters(content.rows);
    content.outcome = outcome_of(then, told.laws, id, as_of);

    if (auto const verdict = judge(content, source.program); !verdict.same)
        return not_told(fmt::format("The case of {} does not come out the same alone: row {}: {}. This is a fault of npod; please report it.", id.text, verdict.at, verdict.difference));
    if (!redact) return content;
    return redacted(content);
}

} // namespace npod::casefile
