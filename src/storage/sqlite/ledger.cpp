#include "storage/ledger.hpp"

#include "storage/sqlite/book.hpp"
#include "storage/sqlite/check.hpp"
#include "storage/sqlite/desk.hpp"
#include "storage/sqlite/effects.hpp"
#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/opening.hpp"
#include "storage/sqlite/port_counts.hpp"
#include "storage/sqlite/reader.hpp"
#include "storage/sqlite/recent_book.hpp"
#include "storage/sqlite/retention.hpp"
#include "storage/sqlite/rows.hpp"
#include "storage/sqlite/squeeze.hpp"

#include "base/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace npod::storage {

using namespace sqlite;

/// A longer WAL buys a little throughput and costs start-up and disk (measured: bounded at 4.5 MB with this).
static constexpr int wal_pages_max = 1000;

struct Ledger::Impl {
    std::optional<WriterLock> lock;
    Desk desk;
    RecentBook book;
    PortCounts port_counts;
    std::int64_t seq = 0; ///< of the last row, be it handed over or written
    Head written;         ///< the last row in the transaction; when all is settled its seq is `seq`
    Head at_savepoint;    ///< what undo() goes back to
    Head at_commit;       ///< what rollback() goes back to, and what meta says
    std::int64_t erasable; ///< the first row of which personal data can be erased

    explicit Impl(OpenOptions const& options) : desk(open(options, lock)), book(desk) {
        auto& database = this->database();
        auto const version = identify(database);
        set_up_writer(database);
        migrate(database, version);
        claim_for(database, options.operator_code);
        erasable = sqlite::erasable_from(database);
        if (auto const last = last_seq(database); last > 0)
            if (auto const row = read_event(database, last, false)) written = {row->seq, row->hash};
        at_savepoint = at_commit = written;
        seq = written.seq;
    }

    static std::shared_ptr<Database> open(OpenOptions const& options, std::optional<WriterLock>& lock);
    Database& database() { return desk.settled(); }
    void go_back_to(Head const& head) {
        written = head;
        seq = head.seq;
        port_counts.forget();
        book.forget();
    }
};

std::shared_ptr<Database> Ledger::Impl::open(OpenOptions const& options, std::optional<WriterLock>& lock) {
    auto const path = resolved(options.path);
    if (path != ":memory:") {
        if (!options.create && !std::filesystem::exists(path))
            throw ConfigFault(
                fmt::format("There is no database {}. Check the path, or let `npod serve` create it.", path));
        lock.emplace(path);
        rewrite_wal(path);
    }
    return std::make_shared<Database>(path, options.create ? Database::Access::create : Database::Access::read_write);
}

namespace {

/// One text for the two: the source is a name without a line's end.
std::string asked_as(std::string_view source, std::string_view key) { return std::string(source) + '\n' + std::string(key); }

/// Runs a write; what the database refuses comes out as Refused.
template <class Write>
void or_refused(Write write) {
    try {
        write();
    } catch (ConstraintBroken const& broken) {
        throw Refused(explain(broken));
    }
}

} // namespace

Ledger::Ledger(OpenOptions const& options) : impl_(std::make_unique<Impl>(options)) {}
Ledger::~Ledger() = default;

Health Ledger::check(std::int64_t chain_rows) const {
    impl_->port_counts.write(impl_->database()); // inside a transaction, what it moved is looked at, too
    return sqlite::check(impl_->database(), chain_rows);
}

// -------------------------------------------------------------------------------------------------------- transactions

void Ledger::begin(Pace pace) {
    impl_->database().query("BEGIN IMMEDIATE").run();
    if (pace == Pace::behind) impl_->desk.write_behind();
}

void Ledger::settle() { impl_->desk.settled(); }

void Ledger::savepoint() {
    impl_->desk.at_once(); // what may be undone is not handed over
    impl_->port_counts.write(impl_->database()); // so that what is noted then is what may be undone
    impl_->database().query("SAVEPOINT event").run();
    impl_->at_savepoint = impl_->written;
}

void Ledger::release() { impl_->database().query("RELEASE event").run(); }

void Ledger::undo() {
    impl_->database().query("ROLLBACK TO event").run();
    impl_->database().query("RELEASE event").run();
    impl_->go_back_to(impl_->at_savepoint);
}

void Ledger::commit() {
    auto& database = impl_->database();
    impl_->port_counts.write(database);
    if (impl_->written != impl_->at_commit) store_head(database, impl_->written);
    database.query("COMMIT").run();
    impl_->at_commit = impl_->written;
    impl_->desk.ended();
}

void Ledger::rollback() {
    impl_->desk.drop();
    auto& database = impl_->database();
    if (database.in_transaction()) database.query("ROLLBACK").run(); // a full disk rolls back by itself
    impl_->go_back_to(impl_->at_commit);
}

void Ledger::checkpoint(bool all) {
    auto& database = impl_->database();
    if (all || database.wal_pages() >= wal_pages_max) database.checkpoint(all);
}

// --------------------------------------------------------------------------------------------------------------
// writing

porting::Book const& Ledger::book() const { return impl_->book; }

std::int64_t Ledger::append(LogRow&& row) {
    row.seq = ++impl_->seq;
    impl_->desk.write([impl = impl_.get(), row = std::move(row)](Database& database) mutable {
        row.hash = chained_hash(impl->written.hash, row, impl->erasable);
        write_event(database, row);
        impl->written = {row.seq, row.hash};
    });
    return impl_->seq;
}

void Ledger::append(LogRow& row) {
    row.seq = append(LogRow(row));
    settle();
    row.hash = impl_->written.hash;
}

void Ledger::take_up_after(std::int64_t seq, Hash const& previous) {
    NPOD_PROMISE(!impl_->lock && seq >= impl_->seq); // no file, which would have a gap for ever
    impl_->written = {seq, previous};
    impl_->seq = seq;
}

void Ledger::apply(porting::Effects effects, std::vector<porting::Delivery> encoded, std::int64_t seq) {
    for (auto const* const ports : {&effects.ports, &effects.advanced})
        for (auto const& port : *ports) impl_->port_counts.note(impl_->book.port(port.id), port);
    Writing writing;
    or_refused([&] { writing = writing_of(impl_->book, std::move(effects), std::move(encoded), seq); });
    note(impl_->desk.touched, writing);
    impl_->book.note(writing.effects, writing.encoded);
    for (auto& delivery : writing.encoded) delivery.bytes = squeezed(delivery.bytes);
    impl_->desk.write([writing = std::move(writing)](Database& database) { or_refused([&] { sqlite::write(database, writing); }); });
}

std::optional<Remembered> Ledger::remembered(std::string_view source, std::string_view key) const {
    auto& database = impl_->desk.knowing(Topic::answer, asked_as(source, key));
    auto query = database.query("SELECT content, coalesce(seq, 0), status, reply, location FROM remembered WHERE source = ?1 AND key = ?2");
    query.with(source, key);
    if (!query.step()) return {};
    Remembered answer;
    auto const content = query.get<std::string>();
    std::copy_n(content.begin(), std::min(content.size(), answer.content.size()), answer.content.begin());
    query.into(answer.seq, answer.status, answer.reply, answer.location);
    answer.reply = unsqueezed(std::move(answer.reply));
    return answer;
}

void Ledger::remember(std::string_view source, std::string_view key, Remembered answer) {
    impl_->desk.touched.note(Topic::answer, asked_as(source, key));
    answer.reply = squeezed(answer.reply); // here: writing takes longer than deciding
    impl_->desk.write([source = std::string(source), key = std::string(key), answer = std::move(answer)](Database& database) {
        or_refused([&] {
            auto query = database.query("INSERT INTO remembered (source, key, content, seq, status, location, reply) "
                                        "VALUES (?1, ?2, ?3, nullif(?4, 0), ?5, ?6, ?7)");
            query.run(source, key, Blob{as_text(answer.content)}, answer.seq, answer.status, answer.location, Blob{answer.reply});
        });
    });
}

std::string Ledger::law_in_force() const { return meta(law_in_force_key); }

void Ledger::put_law_in_force(rules::Rulebook const& law, Moment now) {
    or_refused([&] {
        auto known = impl_->database().query("SELECT 1 FROM rulebook WHERE version = ?1");
        if (known.with(law.version()).step()) return;
        auto query = impl_->database().query("INSERT INTO rulebook (version, name, learned_at_ms, content) "
                                            "VALUES (?1, ?2, ?3, ?4)");
        query.run(law.version(), law.name(), now, law.to_text());
    });
    set_meta(law_in_force_key, law.version());
}

void Ledger::keep_trace(std::int64_t seq, std::string_view traceparent) {
    impl_->desk.write([seq, trace = std::string(traceparent)](Database& database) {
        or_refused([&] { database.query("INSERT INTO event_trace (seq, traceparent) VALUES (?1, ?2)").run(seq, trace); });
    });
}

void Ledger::put_in_mailbox(std::int64_t seq, OperatorCode const& receiver, OperatorCode const& sender,
                            std::string_view type) {
    impl_->desk.touched.note(Topic::mail, std::to_string(seq));
    impl_->desk.write([seq, receiver, sender, type = std::string(type)](Database& database) {
        or_refused([&] {
            database.query("INSERT INTO mailbox (receiver, seq, sender, type) VALUES (?1, ?2, ?3, ?4)").run(receiver, seq, sender, type);
        });
    });
}

bool Ledger::confirm_mailbox(std::int64_t id, OperatorCode const& receiver, Moment now) {
    auto const there = [&] { // and its statement is done with before anything is written
        auto query = impl_->desk.knowing(Topic::mail, std::to_string(id)).query("SELECT 1 FROM mailbox WHERE receiver = ?1 AND seq = ?2");
        return query.with(receiver, id).step();
    };
    if (!there()) return false;
    impl_->desk.write([id, receiver, now](Database& database) {
        auto query = database.query("UPDATE mailbox SET confirmed_at_ms = coalesce(confirmed_at_ms, ?3) WHERE receiver = ?1 AND seq = ?2");
        query.run(receiver, id, now);
    });
    return true;
}

std::optional<Parties> Ledger::parties_of(DossierId const& dossier) const {
    auto query = impl_->desk.knowing(Topic::carried, dossier.text).query("SELECT recipient, donor FROM carried_dossier WHERE dossier = ?1");
    query.with(dossier);
    if (!query.step()) return {};
    Parties parties;
    query.into(parties.recipient, parties.donor);
    return parties;
}

void Ledger::carry_dossier(DossierId const& dossier, Parties const& parties, std::int64_t seq) {
    impl_->desk.touched.note(Topic::carried, dossier.text);
    impl_->desk.write([dossier, parties, seq](Database& database) {
        or_refused([&] {
            auto query = database.query("INSERT INTO carried_dossier (dossier, recipient, donor, seq) VALUES (?1, ?2, ?3, ?4)");
            query.run(dossier, parties.recipient, parties.donor, seq);
        });
    });
}

// ---------------------------------------------------------------------------------------------------------- work to do

std::vector<porting::Timer> Ledger::due(Moment until, int limit) const {
    auto query = impl_->database().query("SELECT kind, id, name, due_ms, rule, from_ms, armed_in, rulebook FROM timer "
                                        "WHERE due_ms <= ?1 ORDER BY due_ms, kind, id LIMIT ?2");
    query.with(until, limit);
    std::vector<porting::Timer> timers;
    while (query.step()) timers.push_back(timer_row(query));
    return timers;
}

std::optional<Moment> Ledger::next_due() const {
    auto query = impl_->database().query("SELECT min(due_ms) FROM timer");
    query.step();
    return query.get<std::optional<Moment>>();
}

std::vector<porting::Delivery> Ledger::undelivered(OperatorCode const& peer, int limit) const {
    auto query = impl_->database().query("SELECT id FROM delivery WHERE peer = ?1 AND settled = 0 ORDER BY id LIMIT ?2");
    query.with(peer, limit);
    std::vector<porting::Delivery> deliveries;
    while (query.step())
        if (auto delivery = impl_->book.delivery(query.get<std::int64_t>())) deliveries.push_back(std::move(*delivery));
    return deliveries;
}

std::vector<OperatorCode> Ledger::peers_with_undelivered() const {
    // From one peer to the next by the index: settled deliveries are never looked at.
    std::vector<OperatorCode> peers;
    for (std::string after;; after = peers.back().text) {
        auto query =
            impl_->database().query("SELECT peer FROM delivery WHERE settled = 0 AND peer > ?1 ORDER BY peer LIMIT 1");
        query.with(after);
        if (!query.step()) return peers;
        peers.push_back(query.get<OperatorCode>());
    }
}

std::string Ledger::meta(std::string_view key) const { return sqlite::meta(impl_->database(), key); }
void Ledger::set_meta(std::string_view key, std::string_view value) {
    impl_->desk.write([key = std::string(key), value = std::string(value)](Database& database) { sqlite::set_meta(database, key, value); });
}
std::int64_t Ledger::head_seq() const { return impl_->seq; }

std::int64_t Ledger::erasable_from() const { return impl_->erasable; }
// What is erased was not touched by any event, and must not be seen in the last commit any more: it ends the writing behind.
void Ledger::erase_words(LogRow const& row) {
    impl_->desk.at_once();
    or_refused([&] { write_erased(impl_->database(), row); });
}

std::int64_t Ledger::forget_deliveries(PortId const& port) {
    impl_->desk.at_once();
    impl_->book.forget(); // nor are they kept there
    return sqlite::forget_deliveries(impl_->database(), port);
}

std::int64_t Ledger::forget_answers(std::vector<std::int64_t> const& seqs) {
    impl_->desk.at_once();
    return sqlite::forget_answers(impl_->database(), seqs);
}

std::int64_t Ledger::first_row_since(Moment moment) const { return sqlite::first_row_since(impl_->database(), moment); }

std::int64_t Ledger::prune(Prunable what, std::int64_t before_seq, int limit) {
    switch (what) {
    case Prunable::answers: return prune_answers(impl_->database(), before_seq, limit);
    case Prunable::mail: return prune_mail(impl_->database(), before_seq, limit);
    case Prunable::bytes: break;
    }
    impl_->book.forget();
    return prune_bytes(impl_->database(), before_seq, limit);
}

void Ledger::chain_as_in(Reader const& other) {
    NPOD_PROMISE(impl_->seq == 0);
    set_meta("erasable_from", other.meta("erasable_from"));
    set_meta(sqlite::routed_by_news_key, other.meta(sqlite::routed_by_news_key));
    impl_->erasable = sqlite::erasable_from(impl_->database());
}

Reader Ledger::reader_on_same_connection() const {
    impl_->port_counts.write(impl_->database()); // it sees them, too
    return Reader(std::make_unique<Reader::Impl>(impl_->desk.shared(), false));
}

std::vector<std::string> Ledger::query_plans() const { return impl_->database().query_plans(); }

} // namespace npod::storage
