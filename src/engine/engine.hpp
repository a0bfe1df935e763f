#pragma once
/// The one writer. Events queue up; the writer thread takes all that wait as one batch, decides and writes each, commits once,
/// and only then lets anybody know. Nobody who was let in waits for more than the batch ahead. It also fires timers and wakes
/// whoever sends. While it decides one event of a long batch, the ledger may still write those before it.

#include "base/clock.hpp"
#include "base/log.hpp"
#include "engine/interchange.hpp"
#include "porting/book.hpp"
#include "porting/input.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npod::engine {

/// Hub only: one mailbox confirmation (PUT …/confirmations/{id}).
struct ConfirmMailbox {
    std::int64_t id = 0;
    OperatorCode receiver;
};

/// Hub only: put the event's own bytes into these operators' mailboxes.
struct Distribute {
    std::vector<OperatorCode> receivers;
    OperatorCode sender;
    std::string type;
    /// The message is about a dossier between others: only its parties may speak of it. Empty: nobody's dossier.
    DossierId dossier;
    OperatorCode receiver; ///< as the envelope says: the donor of a dossier that begins
    /// When set, besides: a message of the hub itself (errorfound) for the sender, logged as a row of its own.
    std::string complaint;
};

/// A note that the daemon keeps beside the log and that the domain knows nothing of: how far a webhook was told.
struct Keep {
    std::string key, value; ///< of the table meta
};

/// How the answer is put into bytes, on the writer thread, inside the transaction. `seq` is the log row.
struct Rendered {
    unsigned status = 200;
    std::string body;
    std::string location;
};
using Render = std::function<Rendered(porting::Answer const&, porting::Book const&, std::int64_t seq)>;

/// What can be worked out before it is the writer's turn.
struct Prepared {
    storage::SealedBody body;
    storage::Hash content{}; ///< by which a repeated question is known
};

/// Something that happened, on its way to the writer.
struct Event {
    std::string kind;        ///< "order.port_in", "message.portingrequest", …: storage::LogRow::kind
    std::string source;      ///< who says it
    std::string key;         ///< what it is about: id from the path; see replay
    std::string reason;
    std::string body;        ///< raw bytes
    std::optional<Moment> happened_at;
    /// Asked before: same source and key give the remembered answer; other content under the same key is refused (conflict).
    std::optional<std::string> idempotency_key;
    std::string trace;       ///< W3C traceparent that it came with; kept beside the log, decides nothing
    std::optional<std::int64_t> if_version; ///< If-Match: refused (conflict) unless the port, contract or claim `key` has this version
    std::optional<porting::input::Any> input; ///< decoded; nothing when it is not for our own machines
    std::optional<Distribute> distribute;
    std::optional<ConfirmMailbox> confirm;
    std::optional<Keep> keep; ///< then nothing else, and no row of the log
    bool dry_run = false;    ///< decide, render, undo: nothing is stored
    enum class Erase : std::uint8_t { nothing, port, contract };
    Erase erase = Erase::nothing; ///< personal data of the customer of this `key` (erasure.hpp)
    Render render;           ///< may be empty
    std::optional<Prepared> prepared = {}; ///< by submit()
};

/// What became of an event; told after the commit.
struct Result {
    porting::Answer answer;
    std::int64_t seq = 0;    ///< log row; 0 when nothing was logged (dry run, remembered, confirmation, fault)
    Rendered rendered;
    bool replayed = false;   ///< the remembered answer of an earlier, equal event
    bool indeterminate = false; ///< the disk failed: the event may or may not be stored; ask again with the same key
};
using Done = std::function<void(Result)>; ///< called once, on the writer thread; must not block

/// What would become of one port: its deadlines fire on the way, then the event happens.
struct Rehearsal {
    PortId port;
    Event event;   ///< without an input only time goes by
    Moment at{};   ///< when; not before now
};
/// Sees the world as it would be, on the writer thread; log rows after `before_seq` are what would have been written.
using Watch = std::function<void(storage::Reader const& then, std::int64_t before_seq, Result const& result)>;

/// Status for /readyz, `npctl daemon status` and tests that wait for quiet.
struct Status {
    std::int64_t head_seq = 0;
    std::size_t queued = 0;
    bool busy = false;         ///< a batch is being written
    std::optional<Moment> next_due;
    bool accepting = true;     ///< false: disk full or stopping
    std::string trouble;       ///< why not accepting
    std::string_view reason;   ///< the same as a label of metrics: "not_writable" (disk full, quota, read-only), "stopping", "failed"
};

/// How long is kept what serves only for a while; zero: for ever.
struct Retention {
    std::chrono::hours answers{}; ///< given under an Idempotency-Key
    std::chrono::hours mail{};    ///< of others in our mailboxes, once confirmed
    std::chrono::hours bytes{};   ///< of messages that we sent, once delivered
    bool operator==(Retention const&) const = default;
};

class Engine {
public:
    struct Parts {
        std::unique_ptr<storage::Ledger> ledger;
        std::shared_ptr<rules::Rulebook const> rulebook;
        porting::Settings settings;
        Interchange interchange;       ///< how domain messages become bytes for each counterpart
        Clock* clock = nullptr;        ///< outlives the engine
        ManualClock* manual = nullptr; ///< the same clock when it is manual
        Log* log = nullptr;            ///< outlives the engine
        Retention retention = {};
        /// Called on the writer thread when the database failed; the daemon leaves with 74 here, because nobody knows any more
        /// what is on the disk. Empty: the engine stops accepting and stays readable (tests).
        std::function<void(std::string const& why)> on_fault;
    };
    /// Starts the writer thread; due timers fire at once, in due order.
    explicit Engine(Parts parts);
    ~Engine(); ///< stop()

    /// Queues an event. Thread-safe. When the queue is full or the engine cannot write, `done` gets an `overloaded` refusal at once.
    void submit(Event event, Done done);
    /// submit() and wait for the result.
    Result ask(Event event);
    /// Manual clock: moves it to `to`, firing every due timer in order, each at its own instant, each in its own commit. `done` gets
    /// a malformed refusal when `to` is in the past or the clock is not manual.
    void advance_clock(Moment to, Done done);
    /// The same, asked under asked.source and asked.idempotency_key: asked again, the clock stays and the answer is repeated; other
    /// content under that key is refused. asked.render is called when the clock is about to show `to`.
    void advance_clock(Moment to, Event asked, Done done);

    /// Plays what would happen, shows it to `watch`, and undoes all of it: nothing is written, sent, remembered or told. Deadlines
    /// of the port's lines and claim fire at their own instants; what becomes of messages on the wire is not guessed. Works
    /// with either clock and leaves it alone. Returns when done; false: the engine cannot do it now (disk full, stopping).
    bool rehearse(Rehearsal const& rehearsal, Watch const& watch);

    /// Called on the writer thread after each commit that changed something; must not block. Add before traffic starts.
    void on_commit(std::function<void(std::int64_t head_seq)> listener);

    /// Called before those, with the receivers into whose mailboxes the commit put something. The same rules.
    void on_mail(std::function<void(std::vector<OperatorCode> const& receivers)> listener);

    Status status() const;
    /// The file is a backup that was put back, and the hub was not yet asked for what came after it (restore.hpp). Thread-safe.
    bool catching_up() const;
    Moment now() const;
    bool clock_is_manual() const;
    rules::Rulebook const& rulebook() const; ///< in force
    rules::Laws const& laws() const;         ///< fixed from the start on
    porting::Settings const& settings() const;

    /// Finishes what is queued, then stops the writer. Idempotent.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::engine
