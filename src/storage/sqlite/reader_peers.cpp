/// What the database tells of one counterpart.

#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/reader.hpp"

#include <algorithm>

namespace npod::storage {

using namespace porting;
using namespace sqlite;

namespace {

/// From the index alone: how often each kind was said, and in which row last.
void add_said(Database& database, std::string_view source, PeerFigures& figures) {
    auto query = database.query("SELECT kind, count(*), max(seq) FROM event WHERE source = ?1 AND source >= 'wire:' AND source < 'wire;' GROUP BY kind");
    query.with(source);
    std::int64_t last = 0;
    while (query.step()) {
        auto const kind = query.get<std::string>();
        auto const count = query.get<std::int64_t>(), seq = query.get<std::int64_t>();
        if (kind == "interchange.contradiction") figures.contradictions = count;
        if (!kind.starts_with("message.")) continue;
        figures.messages += count;
        if (kind == "message.errorfound") figures.errors_received = count;
        last = std::max(last, seq);
    }
    if (last == 0) return;
    auto heard = database.query("SELECT learned_at_ms FROM event WHERE seq = ?1");
    heard.with(last);
    if (heard.step()) figures.last_heard = heard.get<Moment>();
}

/// A deadline for an answer that fired on a port-in from this donor. Its row's key is "line:PI-000001/2".
std::int64_t late_answers_of(Database& database, OperatorCode const& donor) {
    auto query = database.query(
        "SELECT count(*) FROM event e JOIN port p ON p.id = substr(e.key, 6, instr(e.key, '/') - 6) "
        "WHERE e.source = 'clock' AND e.kind IN ('timer.answer_deadline', 'timer.announced_answer', "
        "'timer.postponed_answer') AND p.role = 'port_in' AND p.donor = ?1");
    query.with(donor);
    query.step();
    return query.get<std::int64_t>();
}

} // namespace

std::vector<LogRow> Reader::last_said(std::string_view source, std::string_view kind, int limit) const {
    auto query =
        impl_->database->query("SELECT seq FROM event WHERE source = ?1 AND kind = ?2 AND source >= 'wire:' AND source < 'wire;' ORDER BY seq DESC LIMIT ?3");
    query.with(source, kind, limit);
    std::vector<std::int64_t> found;
    while (query.step()) found.push_back(query.get<std::int64_t>());
    std::vector<LogRow> rows;
    for (auto const seq : found)
        if (auto row = read_event(*impl_->database, seq, true)) rows.push_back(std::move(*row));
    return rows;
}

PeerFigures Reader::figures_of(OperatorCode const& peer) const {
    auto& database = *impl_->database;
    PeerFigures figures;
    add_said(database, "wire:" + peer.text, figures);
    figures.late_answers = late_answers_of(database, peer);
    auto away = database.query("SELECT count(*) FROM delivery WHERE receiver = ?1 AND state = 'bounced' AND state <> 'confirmed'");
    away.with(peer);
    away.step();
    figures.turned_away = away.get<std::int64_t>();
    return figures;
}

Backlog Reader::outbox_of(OperatorCode const& peer) const {
    // For the hub: what it is to carry; for an operator behind it: what is meant for that operator.
    auto query = impl_->database->query("SELECT count(*), min(queued_at_ms), min(id) FROM ("
                                        "SELECT id, queued_at_ms FROM delivery WHERE settled = 0 AND peer = ?1 UNION "
                                        "SELECT id, queued_at_ms FROM delivery WHERE receiver = ?1 "
                                        "AND state IN ('queued', 'retrying') AND state <> 'confirmed')");
    query.with(peer);
    query.step();
    Backlog backlog;
    std::optional<std::int64_t> oldest;
    query.into(backlog.count, backlog.oldest, oldest);
    auto first = impl_->database->query("SELECT trouble FROM delivery WHERE id = ?1");
    first.with(oldest.value_or(0));
    if (first.step()) backlog.trouble = first.get<std::string>();
    return backlog;
}

} // namespace npod::storage
