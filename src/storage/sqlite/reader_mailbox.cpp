/// What lies in the mailboxes of the interchange. A mailbox may hold a million messages that nobody confirmed, and years
/// of those that were: every question here begins where it must look, and looks at a bounded number of rows.

#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/one_commit.hpp"
#include "storage/values_json.hpp"
#include "storage/sqlite/squeeze.hpp"

#include <algorithm>

namespace npod::storage {

using namespace sqlite;

namespace {

/// Rows that one page looks at for the types it is asked for: some milliseconds. Whoever asks for a type that is rare
/// in a mailbox of a million goes through it in many pages, with everybody else in between.
constexpr int rows_looked_at_max = 2'000;

void read_entries(Query& query, std::vector<MailboxEntry>& entries) {
    while (query.step()) {
        MailboxEntry entry;
        query.into(entry.id, entry.receiver, entry.sender, entry.type, entry.confirmed_at, entry.body);
        entry.body = unsqueezed(std::move(entry.body));
        entries.push_back(std::move(entry));
    }
}

/// The index is named because SQLite would rather go by the primary key, and so through all that was ever confirmed.
Query all_types(Database& database, bool unconfirmed_only) {
    return unconfirmed_only
               ? database.query("SELECT m.seq, m.receiver, m.sender, m.type, m.confirmed_at_ms, e.body "
                                "FROM mailbox m INDEXED BY mailbox_open JOIN event e ON e.seq = m.seq "
                                "WHERE m.receiver = ?1 AND m.seq > ?2 AND m.confirmed_at_ms IS NULL "
                                "ORDER BY m.seq LIMIT ?3")
               : database.query("SELECT m.seq, m.receiver, m.sender, m.type, m.confirmed_at_ms, e.body "
                                "FROM mailbox m JOIN event e ON e.seq = m.seq "
                                "WHERE m.receiver = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT ?3");
}

Query some_types(Database& database, bool unconfirmed_only) {
    return unconfirmed_only
               ? database.query("SELECT m.seq, m.receiver, m.sender, m.type, m.confirmed_at_ms, e.body FROM "
                                "(SELECT seq, receiver, sender, type, confirmed_at_ms FROM mailbox "
                                "INDEXED BY mailbox_open WHERE receiver = ?1 AND seq > ?2 AND confirmed_at_ms IS NULL "
                                "ORDER BY seq LIMIT ?5) m JOIN event e ON e.seq = m.seq "
                                "WHERE m.type IN (SELECT value FROM json_each(?4)) ORDER BY m.seq LIMIT ?3")
               : database.query("SELECT m.seq, m.receiver, m.sender, m.type, m.confirmed_at_ms, e.body FROM "
                                "(SELECT seq, receiver, sender, type, confirmed_at_ms FROM mailbox "
                                "WHERE receiver = ?1 AND seq > ?2 ORDER BY seq LIMIT ?5) m "
                                "JOIN event e ON e.seq = m.seq "
                                "WHERE m.type IN (SELECT value FROM json_each(?4)) ORDER BY m.seq LIMIT ?3");
}

/// The last row that a page of some types looks at; nothing when it looks at all that is left.
std::optional<std::int64_t> end_of_look(Database& database, OperatorCode const& receiver, std::int64_t after,
                                        bool unconfirmed_only) {
    auto query = unconfirmed_only
                     ? database.query("SELECT seq FROM mailbox INDEXED BY mailbox_open WHERE receiver = ?1 "
                                      "AND seq > ?2 AND confirmed_at_ms IS NULL ORDER BY seq LIMIT 1 OFFSET ?3")
                     : database.query("SELECT seq FROM mailbox WHERE receiver = ?1 AND seq > ?2 "
                                      "ORDER BY seq LIMIT 1 OFFSET ?3");
    query.with(receiver, after, rows_looked_at_max - 1);
    if (!query.step()) return std::nullopt;
    return query.get<std::int64_t>();
}

} // namespace

MailboxPage Reader::mailbox_page(OperatorCode const& receiver, std::int64_t after, bool unconfirmed_only,
                                 std::vector<std::string> const& types, int limit) const {
    OneCommit const one(*impl_);
    auto& database = *impl_->database;
    MailboxPage page;
    if (types.empty()) {
        auto query = all_types(database, unconfirmed_only);
        query.with(receiver, after, limit);
        read_entries(query, page.entries);
    } else {
        auto query = some_types(database, unconfirmed_only);
        query.with(receiver, after, limit, to_json(types), rows_looked_at_max);
        read_entries(query, page.entries);
    }
    if (!page.entries.empty()) {
        auto const known = traces(page.entries.front().id, page.entries.back().id);
        for (auto& entry : page.entries)
            if (auto const found = known.find(entry.id); found != known.end()) entry.trace = found->second;
    }
    if (static_cast<int>(page.entries.size()) >= limit) {
        page.looked_to = page.entries.empty() ? after : page.entries.back().id;
        page.more = true;
        return page;
    }
    auto const end = types.empty() ? std::nullopt : end_of_look(database, receiver, after, unconfirmed_only);
    page.looked_to = end.value_or(std::max(after, last_seq(database)));
    page.more = end.has_value();
    return page;
}

std::vector<MailboxEntry> Reader::mailbox(OperatorCode const& receiver, std::int64_t after, bool unconfirmed_only,
                                          std::vector<std::string> const& types, int limit) const {
    return mailbox_page(receiver, after, unconfirmed_only, types, limit).entries;
}

Backlog Reader::mailbox_of(OperatorCode const& receiver) const {
    auto query = impl_->database->query(
        "SELECT coalesce((SELECT unconfirmed FROM mailbox_size WHERE receiver = ?1), 0), "
        "(SELECT e.learned_at_ms FROM mailbox o INDEXED BY mailbox_open JOIN event e ON e.seq = o.seq "
        "WHERE o.receiver = ?1 AND o.confirmed_at_ms IS NULL ORDER BY o.seq LIMIT 1)");
    query.with(receiver);
    query.step();
    Backlog backlog;
    query.into(backlog.count, backlog.oldest);
    return backlog;
}

std::int64_t Reader::unconfirmed_count() const {
    auto query = impl_->database->query("SELECT coalesce(sum(unconfirmed), 0) FROM mailbox_size");
    query.step();
    return query.get<std::int64_t>();
}

} // namespace npod::storage
