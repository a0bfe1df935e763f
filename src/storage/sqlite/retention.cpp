/// What need not be kept, or may not be: erased words, forgotten answers and bytes.

#include "storage/sqlite/retention.hpp"

#include "storage/sqlite/event_log.hpp"

#include <limits>

namespace npod::storage::sqlite {

namespace {

/// Rows of `remembered` come in the order of the log rows they belong to, so the first one of a row is found by halving: an index
/// for it would cost every event, and this is asked for once in years.
std::int64_t place_of_answer(Database& database, std::int64_t seq) {
    auto first = database.query("SELECT rowid FROM remembered WHERE rowid > ?1 ORDER BY rowid LIMIT 1");
    auto last = database.query("SELECT rowid FROM remembered WHERE rowid < ?1 ORDER BY rowid DESC LIMIT 1");
    first.with(0);
    last.with(std::numeric_limits<std::int64_t>::max());
    if (!first.step() || !last.step()) return 1;
    auto low = first.get<std::int64_t>(), high = last.get<std::int64_t>() + 1;
    auto query = database.query("SELECT rowid, seq FROM remembered WHERE rowid >= ?1 AND seq IS NOT NULL ORDER BY rowid LIMIT 1");
    while (low < high) {
        auto const middle = low + (high - low) / 2;
        query.with(middle);
        bool const found = query.step();
        auto const rowid = found ? query.get<std::int64_t>() : high;
        if (found && query.get<std::int64_t>() < seq) low = rowid + 1;
        else high = middle;
        query.rewind();
    }
    return low;
}

} // namespace

std::int64_t forget_deliveries(Database& database, PortId const& port) {
    auto query = database.query("UPDATE delivery SET bytes = x'' WHERE port = ?1 AND settled = 1 AND bytes <> x''");
    return query.run(port);
}

std::int64_t forget_answers(Database& database, std::vector<std::int64_t> const& seqs) {
    std::int64_t forgotten = 0;
    for (auto const seq : seqs) {
        auto query = database.query("UPDATE remembered SET reply = CAST('{}' AS BLOB) WHERE rowid BETWEEN ?1 AND ?1 + 100 AND seq = ?2");
        forgotten += query.run(place_of_answer(database, seq), seq);
    }
    return forgotten;
}

std::int64_t prune_answers(Database& database, std::int64_t before_seq, int limit) {
    // To our own systems only: a counterpart may repeat a message as long as it likes, and must be known to have said it.
    auto done = number_in_meta(database, "answers_forgotten_through", 0);
    auto const end = place_of_answer(database, before_seq);
    auto next = database.query("SELECT rowid, source LIKE 'api:%' FROM remembered WHERE rowid > ?1 AND rowid < ?2 ORDER BY rowid LIMIT ?3");
    next.with(done, end, limit);
    auto drop = database.query("DELETE FROM remembered WHERE rowid = ?1");
    std::int64_t looked_at = 0;
    while (next.step()) {
        done = next.get<std::int64_t>();
        if (next.get<int>() != 0) drop.run(done);
        ++looked_at;
    }
    if (looked_at > 0) set_meta(database, "answers_forgotten_through", std::to_string(done));
    return looked_at;
}

std::int64_t prune_mail(Database& database, std::int64_t before_seq, int limit) {
    std::int64_t pruned = 0;
    std::string receiver;
    auto next = database.query("SELECT receiver FROM mailbox WHERE receiver > ?1 ORDER BY receiver LIMIT 1");
    for (next.with(receiver); pruned < limit && next.step(); next.rewind(), next.with(receiver)) {
        receiver = next.get<std::string>();
        auto query = database.query("DELETE FROM mailbox WHERE receiver = ?1 AND seq IN (SELECT seq FROM mailbox WHERE receiver = ?1 "
                                    "AND seq < ?2 AND confirmed_at_ms IS NOT NULL ORDER BY seq LIMIT ?3)");
        pruned += query.run(receiver, before_seq, limit - pruned);
    }
    return pruned;
}

std::int64_t prune_bytes(Database& database, std::int64_t before_seq, int limit) {
    // Ids of deliveries are given out in the order of the rows that queued them; meta keeps how far it went.
    auto done = number_in_meta(database, "bytes_forgotten_through", 0);
    auto old = database.query("SELECT id, settled FROM delivery WHERE id > ?1 AND seq < ?2 ORDER BY id LIMIT ?3");
    old.with(done, before_seq, limit);
    auto empty = database.query("UPDATE delivery SET bytes = x'' WHERE id = ?1");
    std::int64_t pruned = 0;
    while (old.step()) {
        auto const id = old.get<std::int64_t>();
        if (old.get<int>() == 0) break; // it is still sent; those behind it wait for it
        empty.run(id);
        done = id, ++pruned;
    }
    if (pruned > 0) set_meta(database, "bytes_forgotten_through", std::to_string(done));
    return pruned;
}

std::int64_t first_row_since(Database& database, Moment moment) {
    auto query = database.query("SELECT learned_at_ms FROM event WHERE seq >= ?1 ORDER BY seq LIMIT 1");
    std::int64_t low = 1, high = last_seq(database) + 1;
    while (low < high) { // rows are in order of when they were learned
        auto const middle = low + (high - low) / 2;
        query.with(middle);
        if (query.step() && query.get<Moment>() < moment) low = middle + 1;
        else high = middle;
        query.rewind();
    }
    return low;
}

} // namespace npod::storage::sqlite
