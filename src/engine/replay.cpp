#include "engine/replay.hpp"

#include "engine/inputs.hpp"
#include "engine/writer.hpp"
#include "storage/laws.hpp"

#include <fmt/format.h>

#include <map>

namespace npod::engine {

Outcome<Event> event_of(storage::LogRow const& row, Interchange const& interchange) {
    auto input = input_of(row, interchange);
    if (!input) return input.refusal();
    Event event;
    event.kind = row.kind;
    event.source = row.source;
    event.key = row.key;
    event.reason = row.reason;
    event.body = row.body;
    event.happened_at = row.happened_at;
    event.input = std::move(*input);
    return event;
}

std::string difference_between(storage::LogRow const& was, storage::LogRow const& is) {
    auto const at = fmt::format("row {} ({}): ", was.seq, was.kind);
    if (was.moves.size() != is.moves.size()) return at + fmt::format("{} moves then, {} now", was.moves.size(), is.moves.size());
    for (std::size_t i = 0; i < was.moves.size(); ++i) {
        auto const& a = was.moves[i];
        auto const& b = is.moves[i];
        if (a == b) continue;
        return at + fmt::format("{} on {} went {} -> {} ({}) then, {} -> {} ({}) now", a.machine, a.subject.id, a.from, a.to, a.note, b.from, b.to, b.note);
    }
    if (was.notes != is.notes) return at + "its notes differ";
    if (was.refusals != is.refusals) return at + "its refusals differ";
    if (was.hash != is.hash) return at + "its hash differs";
    return {};
}

namespace {

constexpr int rows_told_at_once = 256;

/// What rows hashed to before personal data were erased from them: told again they must hang in the same chain. A message that had
/// waited is told together with its request, so that a row may be asked for ahead of its turn.
class Originals {
public:
    explicit Originals(storage::Reader const& reader) : reader_(reader) {}
    void are_in(std::vector<storage::LogRow> const& page_of_rows) {
        originals_.clear();
        for (auto const& row : page_of_rows)
            if (row.original) originals_.emplace(row.seq, *row.original);
        last_ = page_of_rows.back().seq;
    }
    std::optional<storage::Original> of(std::int64_t seq) const {
        if (seq > last_) {
            auto const row = reader_.log_row(seq);
            return row ? row->original : std::nullopt;
        }
        auto const found = originals_.find(seq);
        return found == originals_.end() ? std::nullopt : std::optional(found->second);
    }

private:
    storage::Reader const& reader_;
    std::map<std::int64_t, storage::Original> originals_;
    std::int64_t last_ = 0;
};

/// Tells row after row, until one is learned later than `until` or comes out differently.
void tell(Replayed& told, Writer& writer, storage::Reader const& reader, Interchange const& interchange, std::optional<Moment> until) {
    std::int64_t after = 0;
    Originals originals(reader);
    writer.take_originals([&](std::int64_t seq) { return originals.of(seq); });
    for (auto rows = reader.log(after, rows_told_at_once, true); !rows.empty(); rows = reader.log(after, rows_told_at_once, true)) {
        originals.are_in(rows);
        told.ledger->begin();
        for (auto const& row : rows) {
            if (until && row.learned_at > *until) return told.ledger->commit();
            after = row.seq;
            if (told.ledger->head_seq() >= row.seq) continue; // a message that waited was told again together with its request
            auto const event = event_of(row, interchange);
            if (!event) told.difference = event.refusal().text;
            else writer.write(*event, row.learned_at);
            auto const again = told.ledger->reader_on_same_connection().log_row(row.seq);
            if (told.difference.empty()) told.difference = again ? difference_between(row, *again) : fmt::format("row {} was not written again", row.seq);
            ++told.rows;
            if (!told.difference.empty()) return told.ledger->commit();
        }
        told.ledger->commit();
    }
}

} // namespace

Replayed replay(storage::Reader const& reader, std::shared_ptr<rules::Rulebook const> rulebook, porting::Settings const& settings,
                Interchange const& interchange, std::optional<Moment> until, Onlooker* onlooker) {
    Replayed told{std::make_unique<storage::Ledger>(storage::OpenOptions{":memory:", settings.own, true}), storage::laws_in(reader, std::move(rulebook)), 0, {}};
    told.ledger->chain_as_in(reader);
    if (auto const kept = reader.laws(); !kept.empty()) {
        told.laws.put_in_force(told.laws.shared(kept.front().version));
        told.ledger->begin();
        told.ledger->put_law_in_force(told.laws.in_force(), kept.front().learned_at);
        told.ledger->commit();
    }
    Writer writer(*told.ledger, told.laws, settings, interchange);
    writer.let_look_on(onlooker);
    tell(told, writer, reader, interchange, until);
    told.laws = writer.laws();
    return told;
}

std::vector<std::string> differences_from_log(storage::Reader& reader, std::shared_ptr<rules::Rulebook const> rulebook,
                                              porting::Settings const& settings, Interchange const& interchange) {
    reader.hold_snapshot();
    auto const told = replay(reader, std::move(rulebook), settings, interchange, {});
    std::vector<std::string> found;
    if (!told.difference.empty())
        found.push_back("The log told again comes out differently at " + told.difference + ". Tell it with the configuration and the npod that wrote it.");
    else
        for (auto const& difference : reader.differences_to(*told.ledger))
            found.push_back("What the file holds does not follow from its log: " + difference + ". Put back the last backup.");
    reader.release_snapshot();
    return found;
}

} // namespace npod::engine
