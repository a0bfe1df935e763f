#pragma once
/// The only door to the database. One Ledger writes and checkpoints; any number of Readers read, each on its own
/// read-only connection.
///
/// Way of a batch: begin() → for each event: [domain reads book(), decides] → append() and apply() → commit() → answers are
/// released → checkpoint(). Where one event may have to be undone alone, savepoint() goes before it, release() or undo() after.

#include "base/moment.hpp"
#include "filter/filter.hpp"
#include "porting/book.hpp"
#include "porting/model.hpp"
#include "rules/rulebook.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::storage {

using Hash = std::array<std::uint8_t, 32>;

/// What a row's words (reason, moves, notes, refusals) and its body were hashed to when it was written.
struct Original {
    Hash words{}, body{};
    bool operator==(Original const&) const = default;
};

/// What a row keeps of a body. Whoever brings it works this out, so that the one who writes need not.
struct SealedBody {
    Hash hash{};        ///< SHA-256 of the bytes
    std::string stored; ///< the bytes without what all resemble each other in (sqlite/squeeze.hpp)
};
/// Any thread.
SealedBody sealed(std::string_view body);

/// One row of the append-only, hash-chained event log: an input and everything it brought.
struct LogRow {
    std::int64_t seq = 0;    ///< 1, 2, …; given by append()
    Moment learned_at{};     ///< when we learned it: the event's `now`
    Moment happened_at{};    ///< when it happened, as far as told; else equal to learned_at
    std::string kind;        ///< "order.port_in", "message.portingrequest", "timer.answer_deadline", "delivery.taken", …
    std::string source;      ///< who said it: "api:desk:anna", "wire:BRAVO", "clock", "interchange:HUB"
    std::string key;         ///< target of the input: port id, subject, path; needed to decide it again
    std::string reason;      ///< a person's --reason; may be empty
    std::string body;        ///< the raw bytes as received, stored once, here
    std::vector<porting::Move> moves;
    std::vector<std::string> notes;
    std::vector<Refusal> refusals; ///< why it was refused; empty when it was not
    std::vector<std::string> about; ///< every id under which the row is found
    Hash hash{};             ///< SHA-256 over the previous hash and everything above in a fixed byte form
    std::optional<SealedBody> sealed = {}; ///< of `body`; worked out when the row is written if it is not there
    std::optional<Original> original = {}; ///< set: personal data were erased from words and body; read with the body only
};

/// A remembered answer: the same question gets it again, byte for byte.
struct Remembered {
    Hash content{};       ///< SHA-256 of the question's bytes
    std::int64_t seq = 0; ///< log row; 0 when nothing was logged
    unsigned status = 200;
    std::string reply;    ///< bytes of the answer
    std::string location; ///< "/v1/ports/PI-000001" for a 201
};

/// One stored message for a mailbox of the interchange.
struct MailboxEntry {
    std::int64_t id = 0;   ///< seq of the log row that holds its bytes; also its id on the stream
    OperatorCode receiver;
    OperatorCode sender;
    std::string type;
    std::optional<Moment> confirmed_at;
    std::string body;      ///< filled when read
    std::string trace;     ///< W3C traceparent that it came with; may be empty
};

/// A page of a mailbox, in the order in which the messages came.
struct MailboxPage {
    std::vector<MailboxEntry> entries;
    std::int64_t looked_to = 0; ///< all up to this id is in the page, or was not asked for
    bool more = false;          ///< behind it there may be more in the same commit
};

struct OpenOptions {
    std::string path;             ///< file, or ":memory:"
    OperatorCode operator_code;   ///< the own operator; a file of another operator is refused
    bool create = true;
};

/// A law that was ever in force.
struct KeptLaw {
    std::string version, name;
    Moment learned_at{};
    std::string text;       ///< rules::Rulebook::to_text()
    bool in_force = false;  ///< as of the reader's commit
};

/// What start-up found. Empty findings: fit to serve.
struct Health {
    std::vector<std::string> findings; ///< sentences: what is wrong, where, what to do
    std::int64_t rows = 0;             ///< log rows checked
};

/// The two operators of a dossier that we carry between others.
struct Parties {
    OperatorCode recipient, donor;
    bool includes(OperatorCode const& one) const { return one == recipient || one == donor; }
};

/// What the log tells of one counterpart: all that it ever said to us, by whatever way it came.
struct PeerFigures {
    std::optional<Moment> last_heard;
    std::int64_t messages = 0;       ///< of every type
    std::int64_t errors_received = 0; ///< errorfound
    std::int64_t contradictions = 0; ///< other bytes under an id that it had used before
    std::int64_t late_answers = 0;   ///< deadlines of ours that it let pass as donor
    std::int64_t turned_away = 0;    ///< messages of ours that it refused for good
};

/// How much waits, and since when.
struct Backlog {
    std::int64_t count = 0;
    std::optional<Moment> oldest;
    std::string trouble; ///< of the oldest: why its last attempt failed
};

class Reader;

/// The writer. One per file in the world (an flock beside the file makes sure). Not thread-safe: used by one thread.
/// Every function throws StorageFault when the disk or the file fails; after that the Ledger must not be used again,
/// unless the fault was NotWritable and rollback() followed.
class Ledger {
public:
    /// Rewrites and syncs a left-over WAL, opens, sets and reads back every pragma, migrates. Throws ConfigFault when the file is
    /// another operator's, newer than this program, or not ours at all; StorageFault when it is damaged or locked.
    explicit Ledger(OpenOptions const& options);
    ~Ledger();
    Ledger(Ledger const&) = delete;
    Ledger& operator=(Ledger const&) = delete;

    /// Integrity: quick_check, foreign keys, the hash chain of the last `chain_rows` rows (0: all), every stored state
    /// known to its machine, every waiting subject armed with exactly its state's deadline, no timer without its subject. Asked
    /// for some rows of a file of over 64 MB it looks at these only, so that a start does not take longer as the book grows.
    Health check(std::int64_t chain_rows) const;

    /// When append(), apply() and whatever else goes with an event are written.
    enum class Pace : std::uint8_t {
        at_once, ///< before they return
        behind,  ///< on another thread, in order, while the next event is decided; what they throw is then thrown by whatever follows,
                 ///< by settle() and commit() at the latest. A savepoint and an erasure end it. For batches: to begin and to wait costs something.
    };
    void begin(Pace pace = Pace::at_once);
    void settle(); ///< all that was decided is written, in the open transaction
    void savepoint();
    void release();
    void undo();     ///< back to the savepoint: the event never happened
    void commit();   ///< durable when it returns
    void rollback();
    /// After the answers were released; nothing while the WAL is short. `all`: empties it, as far as no reader needs it.
    void checkpoint(bool all = false);

    /// The world as of now inside the transaction.
    porting::Book const& book() const;
    /// Writes the log row; returns its seq.
    std::int64_t append(LogRow&& row);
    /// The same, at once: fills seq and hash.
    void append(LogRow& row);
    /// For a part of a log told again in memory: the next row is `seq` + 1, after one of that hash. Precondition: ":memory:".
    void take_up_after(std::int64_t seq, Hash const& previous);
    /// Writes everything an event decided. `encoded` holds one Delivery per effects.sends, in order, bytes filled in.
    /// Throws Refused (below) when the database itself refuses: two live ports of one number, two serving operators.
    void apply(porting::Effects effects, std::vector<porting::Delivery> encoded, std::int64_t seq);

    std::optional<Remembered> remembered(std::string_view source, std::string_view key) const;
    void remember(std::string_view source, std::string_view key, Remembered answer);

    /// From now on that law is in force; it is kept once by version.
    void put_law_in_force(rules::Rulebook const& law, Moment now);
    std::string law_in_force() const; ///< version; "" before the first

    /// Keeps the W3C traceparent that row `seq` came with, beside the log.
    void keep_trace(std::int64_t seq, std::string_view traceparent);
    void put_in_mailbox(std::int64_t seq, OperatorCode const& receiver, OperatorCode const& sender, std::string_view type);
    /// False when there is no such entry of that receiver. Idempotent.
    bool confirm_mailbox(std::int64_t id, OperatorCode const& receiver, Moment now);

    /// Whose a carried dossier is; nothing when it was never carried here.
    std::optional<Parties> parties_of(DossierId const& dossier) const;
    /// Remembers the parties of a dossier that begins with log row `seq`.
    void carry_dossier(DossierId const& dossier, Parties const& parties, std::int64_t seq);

    /// The earliest armed timers due at or before `until`, in due order, at most `limit`.
    std::vector<porting::Timer> due(Moment until, int limit) const;
    std::optional<Moment> next_due() const;
    /// Deliveries that are not settled, in order of id, for one peer.
    std::vector<porting::Delivery> undelivered(OperatorCode const& peer, int limit) const;
    std::vector<OperatorCode> peers_with_undelivered() const;

    std::string meta(std::string_view key) const; ///< "" when absent
    void set_meta(std::string_view key, std::string_view value);
    std::int64_t head_seq() const;
    // ---- what need not be kept, or may not be (erasure.hpp)
    /// The first row of which words and body can be erased with the chain whole; rows before it were written by an older npod.
    std::int64_t erasable_from() const;
    /// Replaces words and body of the row by those of `row`, whose `original` keeps the hashes of what stood there.
    /// Throws Refused when they were erased before.
    void erase_words(LogRow const& row);
    /// Empties what was sent about a port and has arrived, or will never. Returns how many messages.
    std::int64_t forget_deliveries(PortId const& port);
    /// Empties the remembered answers to the questions of these rows (ascending); the same question is still known as asked.
    std::int64_t forget_answers(std::vector<std::int64_t> const& seqs);
    /// Forgets, oldest first and at most `limit`, what is from before log row `seq`: answers to our own systems remembered under a
    /// key, confirmed mail, bytes of settled deliveries. Returns how many it looked at; fewer than `limit`: no more are left.
    enum class Prunable : std::uint8_t { answers, mail, bytes };
    std::int64_t prune(Prunable what, std::int64_t before_seq, int limit);
    /// The first row that was learned at `moment` or later; the next one to come when all are older.
    std::int64_t first_row_since(Moment moment) const;

    /// An empty log that will be told again from another one hashes each row in the form that it has there, and routes by what its rows
    /// routed by: the news, or the moment of a transfer.
    void chain_as_in(Reader const& other);

    /// A reader that shares this connection, for a ":memory:" ledger (nobody else could open it). It sees what is not yet
    /// committed, belongs to the ledger's thread, and may outlive the ledger.
    Reader reader_on_same_connection() const;
    /// "SQL → plan" of every statement that was used so far; a test looks for scans of whole tables.
    std::vector<std::string> query_plans() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

/// The database refused a write that would break an invariant; the event is undone and answered as a conflict.
class Refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A question with a filter is given up: it would keep its reader busy for too long. Nothing is broken.
class TooMuchWork : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What only the domain can say of a port, for the fields money, per_day, delay_days and delayed_by of a filter.
struct PortMeasures {
    static constexpr std::size_t causers_max = 8;
    std::optional<std::int64_t> owed_cents, per_day_cents, delay_days; ///< nothing for a port-out
    std::int64_t causers = 0; ///< a bit for each porting::Causer who caused days that cost
    std::array<std::int64_t, causers_max> caused_cents{}, caused_days{}; ///< by porting::Causer; days: number-days
};
using Measure = std::function<PortMeasures(PortId const&)>;
/// One figure of the measures, for SQL: the last two count on from their number by porting::Causer.
enum class Figure : int { owed, per_day, delay_days, causers, caused_cents = 10, caused_days = 20 };

/// What ports come to that meet a filter.
struct PortTotals {
    std::int64_t ports = 0, numbers = 0;
};

/// A page of a list.
struct PortFilter {
    std::optional<porting::Role> role;
    std::optional<std::string> state;       ///< of the port, or of any of its lines
    bool open_only = false;
    std::optional<OperatorCode> counterpart;
    std::optional<ContractId> contract;
    std::optional<filter::Expression> condition; ///< over the fields of conditions.hpp, its moments placed
    PortId after;                            ///< cursor: ports listed after this one
    int limit = 50;
};

/// Reads on its own read-only connection; each call sees the last commit. Not thread-safe: one per thread.
class Reader {
public:
    /// Throws ConfigFault when the file does not exist or is not ours, StorageFault when it cannot be read.
    explicit Reader(std::string const& path);
    ~Reader();
    Reader(Reader&&) noexcept;

    porting::Book const& book() const;
    OperatorCode own_operator() const;
    std::string meta(std::string_view key) const;

    std::vector<KeptLaw> laws() const; ///< in the order in which they were learned

    /// Several calls between these see one and the same commit.
    void hold_snapshot();
    void release_snapshot();

    /// Who measures ports for filters that ask about money or delay; nobody: such conditions hold for no port.
    void measure_by(Measure measure) const;

    // Those that take a condition throw TooMuchWork.
    std::vector<porting::Port> ports(PortFilter const& filter) const; ///< worst first: open by next due, then settled by id descending
    std::int64_t count_ports(PortFilter const& filter) const;
    // These three want a condition; `after` and `limit` do not count.
    PortTotals totals(PortFilter const& filter) const;
    std::int64_t sum(PortFilter const& filter, Figure figure, int causer = 0) const; ///< nobody measures: 0
    std::vector<OperatorCode> counterparts(PortFilter const& filter) const;         ///< of these ports, in order of code
    /// Ids of everything found under a key: port id, dossier, order id, "+32…", contract id, claim id. (kind, id) pairs.
    std::vector<std::pair<std::string, std::string>> find(std::string_view key) const;
    std::vector<porting::Port> ports_of_number(porting::Number number) const;  ///< live and past, newest first
    std::vector<porting::Port> ports_of_contract(ContractId const& id) const;
    std::vector<porting::Contract> contracts(std::string_view after, int limit) const;
    std::vector<porting::NumberRecord> numbers_of_contract(ContractId const& id, int limit) const;
    std::vector<porting::Claim> claims(bool open_only, std::string_view after, int limit) const;
    std::vector<porting::Claim> claims(bool open_only, filter::Expression const& condition, std::string_view after, int limit) const;
    std::int64_t count_claims(bool open_only, filter::Expression const& condition) const;
    std::vector<porting::Timer> timers(int limit, std::optional<std::string> subject_prefix = {}) const; ///< in due order
    std::vector<porting::Timer> timers(filter::Expression const& condition, int limit) const;
    std::int64_t count_timers(std::optional<filter::Expression> const& condition) const;
    std::optional<Moment> next_due() const;
    std::vector<porting::Timer> timers_of_port(PortId const& id) const;
    std::vector<porting::Delivery> deliveries_of(PortId const& id) const; ///< bytes included
    std::vector<porting::RoutingEntry> routing(porting::Number after, int limit) const; ///< numbers served by another than their block holder
    std::vector<porting::RoutingEntry> blocks(porting::Number after, int limit) const;  ///< whose block a range is, those that begin after a number

    std::vector<LogRow> log(std::int64_t after, int limit, bool with_body = false) const;
    std::vector<LogRow> log_about(std::string_view id, std::int64_t after, int limit, bool with_body = false) const;
    std::optional<LogRow> log_row(std::int64_t seq) const; ///< body included
    std::int64_t head_seq() const;
    /// W3C traceparents of the rows from `first` to `last` that have one, by row.
    std::map<std::int64_t, std::string> traces(std::int64_t first, std::int64_t last) const;
    std::int64_t wal_bytes() const; ///< size of the write-ahead log beside the file; 0 in memory

    /// The next messages after `after`, at most `limit`, of these types (none: of all). Of some types a page may be empty
    /// although there is more: it looks at a bounded number of rows, and says how far it looked.
    MailboxPage mailbox_page(OperatorCode const& receiver, std::int64_t after, bool unconfirmed_only,
                             std::vector<std::string> const& types, int limit) const;
    /// The messages of that page alone.
    std::vector<MailboxEntry> mailbox(OperatorCode const& receiver, std::int64_t after, bool unconfirmed_only,
                                      std::vector<std::string> const& types, int limit) const;
    /// Deliveries that are not settled, in order of id, for one peer, after one of them.
    std::vector<porting::Delivery> undelivered(OperatorCode const& peer, int limit, std::int64_t after = 0) const;
    /// The last rows of what `source` ("wire:BRAVO") said under this kind, newest first, bodies included.
    std::vector<LogRow> last_said(std::string_view source, std::string_view kind, int limit) const;
    PeerFigures figures_of(OperatorCode const& peer) const;
    Backlog outbox_of(OperatorCode const& peer) const;       ///< what we have for it, or for it to carry
    Backlog mailbox_of(OperatorCode const& receiver) const;  ///< what it has not confirmed
    /// Under which ids of its stream a hub's last messages were heard, newest first.
    std::vector<std::string> heard_from(OperatorCode const& hub, int limit) const;
    /// What differs between this file and its log told again, sentence by sentence: a table, a key, both rows. What the log does
    /// not hold is left out: answers remembered under a key, mailboxes; so are bytes of settled deliveries that were forgotten.
    std::vector<std::string> differences_to(Ledger const& told_again, std::size_t limit = 20) const;
    std::int64_t undelivered_count() const;
    std::int64_t unconfirmed_count() const; ///< in all mailboxes
    std::vector<std::pair<std::string, std::int64_t>> ports_by_state() const;

    struct Impl;

private:
    friend class Ledger;
    explicit Reader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::storage
