#include "storage/sqlite/event_log.hpp"

#include "base/hash.hpp"
#include "storage/erasure.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "storage/values_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace npod::storage::sqlite {

using porting::Move;

namespace {

/// Collects the fixed byte form of a row.
class Canonical {
public:
    void add(std::int64_t value) {
        auto const bits = static_cast<std::uint64_t>(value);
        for (int shift = 56; shift >= 0; shift -= 8) bytes_.push_back(static_cast<char>(bits >> shift));
    }
    void add(std::string_view text) {
        add(static_cast<std::int64_t>(text.size()));
        bytes_.append(text);
    }
    template <class Item>
    void add(std::vector<Item> const& items) {
        add(static_cast<std::int64_t>(items.size()));
        for (auto const& item : items) add(item);
    }
    void add(Move const& move) {
        add(porting::name_of(move.subject.kind));
        for (auto const* text : {&move.subject.id, &move.machine, &move.event, &move.from, &move.to, &move.verdict})
            add(std::string_view{*text});
        add(move.actions);
        add(std::string_view{move.note});
    }
    void add(Refusal const& refusal) {
        add(stored_name_of(refusal.code));
        for (auto const* text : {&refusal.text, &refusal.pointer, &refusal.next, &refusal.ground})
            add(std::string_view{*text});
    }
    void add_raw(std::string_view bytes) { bytes_.append(bytes); }
    std::string const& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

/// In front of what the chain takes of a row that can be erased: no row of the first form begins like this.
constexpr std::string_view erasable_form = "npod row 2";

Hash hash_in(LogRow const& row, std::string const& bytes) {
    if (bytes.size() == row.hash.size()) {
        Hash hash{};
        std::copy(bytes.begin(), bytes.end(), hash.begin());
        return hash;
    }
    throw StorageFault(fmt::format("Log row {} has no hash. Run `npod check`; then put back the last backup.", row.seq));
}

std::optional<Original> original_in(LogRow const& row, std::optional<std::string> const& bytes) {
    if (!bytes) return {};
    auto const half = row.hash.size();
    if (bytes->size() < half) return Original{};
    return Original{hash_in(row, bytes->substr(0, half)), hash_in(row, bytes->substr(half))};
}

std::optional<std::string> bytes_of(std::optional<Original> const& original) {
    if (!original) return {};
    return std::string(as_text(original->words)) + std::string(as_text(original->body));
}

/// What the event brought, as its row keeps it: moves, notes, refusals and the ids that these name, squeezed as one.
std::string brought_by(LogRow const& row) {
    return squeezed(fmt::format("[{},{},{},{}]", to_json(row.moves), to_json(row.notes), to_json(row.refusals), to_json(row.about)));
}

[[noreturn]] void changed(LogRow const& row, std::string_view why) {
    throw StorageFault(fmt::format("Log row {} was changed after it was written, or its page is damaged: {} Put back the last backup, and find out who changed it.", row.seq, why));
}

/// Reads what a row keeps squeezed or as JSON; damage names the row.
template <class Read>
void reading_of(LogRow const& row, Read read) {
    try {
        read();
    } catch (StorageFault const& fault) {
        changed(row, fault.what());
    }
}

/// The columns seq, learned_at_ms, happened_at_ms, kind, source, key, reason, brought, moves, notes, refusals, about, hash[,
/// body, original]. Rows that an older npod wrote have no `brought` but the four after it.
LogRow event_row(Query& query, bool with_body) {
    LogRow row;
    query.into(row.seq, row.learned_at, row.happened_at, row.kind, row.source, row.key, row.reason);
    auto brought = query.get<std::string>();
    std::array<std::string, 4> apart;
    for (auto& one : apart) query.into(one);
    bool const is_older = brought.empty();
    if (!is_older && std::ranges::any_of(apart, [](auto const& text) { return !text.empty(); }))
        changed(row, "What it brought stands there twice.");
    if (is_older) brought = fmt::format("[{}]", fmt::join(apart, ","));
    reading_of(row, [&] { read_brought(unsqueezed(std::move(brought)), row); });
    row.hash = hash_in(row, query.get<std::string>());
    if (!with_body) return row;
    reading_of(row, [&] { row.body = unsqueezed(query.get<std::string>()); });
    row.original = original_in(row, query.get<std::optional<std::string>>());
    return row;
}

std::vector<LogRow> rows_of(Query&& query, bool with_body) {
    std::vector<LogRow> rows;
    while (query.step()) rows.push_back(event_row(query, with_body));
    return rows;
}

} // namespace

Hash chained_hash(Hash const& previous, LogRow const& row, std::int64_t erasable_from) {
    bool const erasable = row.seq >= erasable_from;
    Canonical canonical;
    canonical.add_raw(as_text(previous));
    if (erasable) canonical.add_raw(erasable_form);
    canonical.add(row.seq);
    canonical.add(to_ms(row.learned_at));
    canonical.add(to_ms(row.happened_at));
    for (auto const* text : {&row.kind, &row.source, &row.key}) canonical.add(std::string_view{*text});
    if (erasable) {
        auto const original = row.original ? *row.original : hashes_of(row);
        canonical.add_raw(as_text(original.words));
        canonical.add_raw(as_text(original.body));
    } else {
        canonical.add(std::string_view{row.reason});
        canonical.add(std::string_view{row.body});
        canonical.add(row.moves);
        canonical.add(row.notes);
        canonical.add(row.refusals);
    }
    canonical.add(row.about);
    return sha256(canonical.bytes());
}

std::int64_t erasable_from(Database& database) {
    return number_in_meta(database, "erasable_from", std::numeric_limits<std::int64_t>::max());
}

void write_event(Database& database, LogRow const& row) {
    auto query = database.query(
        "INSERT INTO event (seq, learned_at_ms, happened_at_ms, kind, source, key, reason, moves, notes, refusals, about, hash, "
        "body, original, brought) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', '', '', ?8, ?9, ?10, ?11)");
    auto const body = row.sealed ? row.sealed->stored : squeezed(row.body), brought = brought_by(row);
    auto const original = bytes_of(row.original);
    query.run(row.seq, row.learned_at, row.happened_at, row.kind, row.source, row.key, row.reason, Blob{as_text(row.hash)}, Blob{body},
              original ? std::optional(Blob{*original}) : std::nullopt, Blob{brought});
    auto subject = database.query("INSERT OR IGNORE INTO event_subject (about, seq) VALUES (?1, ?2)");
    for (auto const& id : row.about) {
        subject.run(id, row.seq);
    }
}

void write_erased(Database& database, LogRow const& row) {
    NPOD_PROMISE(row.original.has_value());
    auto const original = *bytes_of(row.original);
    auto query = database.query("UPDATE event SET reason = ?2, moves = '', notes = '', refusals = '', brought = ?3, body = ?4, original = ?5 WHERE seq = ?1");
    auto const body = squeezed(row.body), brought = brought_by(row);
    query.run(row.seq, row.reason, Blob{brought}, Blob{body}, Blob{original});
}

std::optional<LogRow> read_event(Database& database, std::int64_t seq, bool with_body) {
    auto rows = read_events(database, seq - 1, 1, with_body);
    if (rows.empty() || rows.front().seq != seq) return {};
    return std::move(rows.front());
}

std::vector<LogRow> read_events(Database& database, std::int64_t after, int limit, bool with_body) {
    auto query =
        with_body
            ? database.query("SELECT seq, learned_at_ms, happened_at_ms, kind, source, key, reason, coalesce(brought, ''), "
                             "moves, notes, refusals, about, hash, body, original FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2")
            : database.query("SELECT seq, learned_at_ms, happened_at_ms, kind, source, key, reason, coalesce(brought, ''), "
                             "moves, notes, refusals, about, hash FROM event WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    query.with(after, limit);
    return rows_of(std::move(query), with_body);
}

std::vector<LogRow> read_events_about(Database& database, std::string_view id, std::int64_t after, int limit,
                                      bool with_body) {
    std::vector<std::int64_t> seqs;
    {
        auto query =
            database.query("SELECT seq FROM event_subject WHERE about = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        query.with(id, after, limit);
        while (query.step()) seqs.push_back(query.get<std::int64_t>());
    }
    std::vector<LogRow> rows;
    for (auto const seq : seqs)
        if (auto row = read_event(database, seq, with_body)) rows.push_back(std::move(*row));
    return rows;
}

std::int64_t last_seq(Database& database) {
    auto query = database.query("SELECT coalesce(max(seq), 0) FROM event");
    query.step();
    return query.get<std::int64_t>();
}

std::optional<Head> head_in(std::string_view text) {
    Head head;
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || text.size() != colon + 1 + 2 * head.hash.size()) return {};
    bool good = std::from_chars(text.data(), text.data() + colon, head.seq).ptr == text.data() + colon;
    for (std::size_t i = 0; good && i < head.hash.size(); ++i) {
        auto const* digits = text.data() + colon + 1 + 2 * i;
        good = std::from_chars(digits, digits + 2, head.hash[i], 16).ptr == digits + 2;
    }
    return good ? std::optional(head) : std::nullopt;
}

Head stored_head(Database& database) {
    auto const text = meta(database, "head");
    if (text.empty()) return {};
    if (auto const head = head_in(text)) return *head;
    throw StorageFault("The noted end of the log cannot be read. Run `npod check`; then put back the last backup.");
}

void store_head(Database& database, Head const& head) {
    set_meta(database, "head", fmt::format("{}:{}", head.seq, hex(head.hash)));
}

std::string meta(Database& database, std::string_view key) {
    auto query = database.query("SELECT value FROM meta WHERE key = ?1");
    query.with(key);
    return query.step() ? query.get<std::string>() : "";
}

std::int64_t number_in_meta(Database& database, std::string_view key, std::int64_t otherwise) {
    auto const text = meta(database, key);
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
}

void set_meta(Database& database, std::string_view key, std::string_view value) {
    auto query =
        database.query("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2");
    query.run(key, value);
}

} // namespace npod::storage::sqlite

namespace npod::storage {

Original hashes_of(LogRow const& row) {
    sqlite::Canonical words;
    words.add(std::string_view{row.reason});
    words.add(row.moves);
    words.add(row.notes);
    words.add(row.refusals);
    return {sha256(words.bytes()), row.sealed ? row.sealed->hash : sha256(row.body)};
}

SealedBody sealed(std::string_view body) { return {sha256(body), sqlite::squeezed(body)}; }

Hash hash_of_what_is_there(LogRow const& row) {
    auto const hashes = hashes_of(row);
    return sha256(std::string(as_text(hashes.words)) + std::string(as_text(hashes.body)));
}

} // namespace npod::storage
