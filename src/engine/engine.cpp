#include "engine/engine.hpp"

#include "base/limits.hpp"
#include "base/log_catalogue.hpp"
#include "base/trace.hpp"
#include "engine/alarm.hpp"
#include "engine/crash_points.hpp"
#include "engine/fingerprints.hpp"
#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "engine/rehearsal.hpp"
#include "engine/restore.hpp"
#include "engine/writer.hpp"
#include "storage/not_writable.hpp"
#include "storage/laws.hpp"
#include "storage/values_json.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

namespace npod::engine {

namespace {

/// Timers fired on top of a batch of callers, at least: all deadlines are kept, and few callers do not wait for hundreds of
/// them. Many callers take as many timers along as they are themselves, so that they cannot arm more than fire.
constexpr std::size_t timers_beside_callers = 64;
/// However busy the writer is, after so many batches whoever rehearses or moves the clock has a turn: a rehearsal takes as long
/// as a short batch.
constexpr int batches_between_others = 8;
/// From so many events on a second thread writes what the first has decided. Measured with sixteen callers at once, whose batches are of
/// thirteen: it pays. Where below that waking it begins to cost more than it saves was not measured.
constexpr std::size_t written_behind_from = 8;
/// How often is looked whether a full disk has room again, and for how much: a usual batch.
constexpr std::chrono::milliseconds room_looked_for_every{1'000};
constexpr std::size_t room_bytes = 256 * 1024;
/// So little is forgotten at once that a caller who comes meanwhile waits some milliseconds at most, and only while somebody's work
/// has woken the writer anyhow.
constexpr int pruned_at_once = 200;
constexpr std::chrono::hours pruned_every{1};

Result overloaded(std::string text) {
    Result result;
    result.answer.refusals.push_back({RefusalCode::overloaded, std::move(text), "", "Try again in a second, with the same key.", ""});
    return result;
}

Result indeterminate() {
    Result result = overloaded("The disk failed while this was being written; it may or may not be stored.");
    result.indeterminate = true;
    return result;
}

} // namespace

struct Engine::Impl {
    explicit Impl(Parts given) : parts(std::move(given)), writer(*parts.ledger, storage::laws_in(parts.ledger->reader_on_same_connection(), parts.rulebook), parts.settings, parts.interchange) {
        NPOD_PROMISE(parts.clock != nullptr && parts.log != nullptr);
        announce_machines(*parts.ledger, parts.clock->now());
        keep_settings();
        announce_law(writer, *parts.ledger, parts.rulebook, parts.clock->now());
        if (announce_restore(writer, *parts.ledger, parts.clock->now())) parts.log->write(log_catalogue::restored, {{"ids_skipped", ids_skipped}});
        catching_up = !parts.ledger->meta(catching_up_key).empty();
        published.head_seq = parts.ledger->head_seq();
        published.next_due = parts.ledger->next_due();
    }

    /// With what the log is decided from now on: whoever reads the file without a daemon tells the past with it.
    void keep_settings() {
        auto const text = storage::to_json(parts.settings);
        if (parts.ledger->meta("settings") == text) return;
        parts.ledger->begin();
        parts.ledger->set_meta("settings", text);
        parts.ledger->commit();
    }

    struct Waiting {
        Event event;
        Done done;
    };
    struct Advance {
        Moment to;
        Event asked; ///< by whom and under which key
        Done done;
    };
    struct Rehearsing {
        Rehearsal const* rehearsal; ///< its owner waits in rehearse()
        Watch const* watch;
        std::exception_ptr* trouble; ///< what the rehearsal threw, theirs alone once `done` is said
        std::promise<bool> done;
    };
    struct Finished {
        Event const* event; ///< of the batch, or of `timers`
        Done const* done;   ///< of the batch; empty for a timer
        Result result;
    };

    Parts parts;
    Writer writer;
    CrashPoints crash;
    Alarm alarm;
    mutable std::mutex mutex; // guards what follows
    std::vector<std::function<void(std::int64_t)>> listeners;
    std::vector<std::function<void(std::vector<OperatorCode> const&)>> mail_listeners;
    std::deque<Waiting> queue;
    std::deque<Advance> advances;
    std::deque<Rehearsing> rehearsals;
    Status published;
    bool sleeping = false; ///< the writer must be woken; who comes meanwhile is in its next batch anyhow
    bool stopping = false;
    bool failed = false;
    std::atomic<bool> catching_up{false}; ///< what the hub sent after the backup was not yet asked for
    bool full = false; ///< the disk takes nothing: no room, or read-only; nobody is let in until it does

    Moment prune_again{}; ///< the writer's own: nothing is left to forget before
    Done const nobody; ///< waits for a timer
    int batches_in_a_row = 0; ///< the writer's own
    std::thread thread;

    // ------------------------------------------------------------------------------------------------ the writer's loop
    void run() {
        try {
            while (work()) {}
        } catch (StorageFault const& fault) {
            fail(fault.what());
        } catch (std::bad_alloc const&) { // what it was about is undone: nothing of it was committed or acknowledged
            fail("There is no memory left for the writer. Give the process more, then start npod again.");
        }
    }

    /// One round: a batch, or a rehearsal, or an advance of the manual clock, or sleep. False when it is time to go.
    bool work() {
        if (is_full() && !room_again()) return wait_for_room();
        auto const batch = take();
        bool const busy = write_batch(batch);
        if (is_full() || (busy && ++batches_in_a_row % batches_between_others != 0)) return true;
        if (auto rehearsing = take_rehearsal()) {
            rehearse(std::move(*rehearsing));
            return true;
        }
        if (auto advance = take_advance()) {
            advance_to(std::move(*advance));
            return true;
        }
        if (busy) return true;
        if (prune()) return true;
        std::optional<Moment> until;
        {
            std::lock_guard const lock(mutex);
            if (stopping && queue.empty() && rehearsals.empty()) return false;
            published.busy = false;
            if (!queue.empty() || !advances.empty() || !rehearsals.empty()) return true;
            if (!parts.clock->manual()) until = published.next_due;
            sleeping = true;
        }
        alarm.sleep(until);
        return true;
    }

    std::vector<Waiting> take() {
        std::lock_guard const lock(mutex);
        std::vector<Waiting> batch;
        while (!queue.empty() && batch.size() < limits::batch_events_max) {
            batch.push_back(std::move(queue.front()));
            queue.pop_front();
        }
        published.busy = true;
        sleeping = false;
        return batch;
    }

    std::optional<Advance> take_advance() {
        std::lock_guard const lock(mutex);
        if (advances.empty()) return {};
        auto advance = std::move(advances.front());
        advances.pop_front();
        return advance;
    }

    std::optional<Rehearsing> take_rehearsal() {
        std::lock_guard const lock(mutex);
        if (rehearsals.empty()) return {};
        auto rehearsing = std::move(rehearsals.front());
        rehearsals.pop_front();
        return rehearsing;
    }

    /// In a transaction that is never committed. Whoever asked hears of a failure; the disk is asked again soon.
    void rehearse(Rehearsing rehearsing) {
        auto& ledger = *parts.ledger;
        ledger.begin();
        try {
            auto const before = ledger.head_seq();
            auto const result = play(writer, ledger, *rehearsing.rehearsal, parts.clock->now());
            (*rehearsing.watch)(ledger.reader_on_same_connection(), before, result);
        } catch (...) {
            // Not through the promise: it would keep a hold on the exception that whoever asked is reading by then.
            *rehearsing.trouble = std::current_exception();
        }
        ledger.rollback();
        rehearsing.done.set_value(true);
    }

    /// Decides and writes the batch and what timers are due, commits once, then lets everybody know. False when there was
    /// nothing to write, or no room for it.
    bool write_batch(std::vector<Waiting> const& batch) {
        // on top of the batch: however much traffic there is, deadlines are kept
        auto const timers_max = batch.empty() ? limits::batch_timers_max : std::max(timers_beside_callers, batch.size());
        auto const due = parts.ledger->due(parts.clock->now(), static_cast<int>(timers_max));
        if (batch.empty() && due.empty()) return false;
        std::vector<Event> timers;
        for (auto const& timer : due) timers.push_back(timer_event(timer));
        std::vector<Finished> finished;
        bool changed = false;
        try {
            changed = write_all(timers, batch, finished);
            commit(changed);
        } catch (storage::NotWritable const& fault) {
            hold_back(batch, fault.what());
            return false;
        } catch (std::exception const&) { // the disk failed, or memory ran out
            for (auto const& waiting : batch)
                if (waiting.done) waiting.done(indeterminate());
            throw;
        }
        if (changed) tell_postmen(); // first: whoever is answered finds in its mailbox what was sent
        for (auto const& one : finished)
            if (*one.done) (*one.done)(one.result);
        bool erased = false;
        parts.log->gather();
        for (auto const& one : finished) {
            record(*one.event, one.result);
            if (one.event->kind == caught_up_kind) catching_up = false;
            erased |= one.event->erase != Event::Erase::nothing && one.result.seq != 0;
        }
        parts.log->release();
        if (changed) tell_listeners();
        checkpoint(erased);
        return true;
    }

    /// Whether anything is to be committed. Every event is written without a net; the rare batch in which one must be undone is
    /// written again with one.
    bool write_all(std::vector<Event> const& timers, std::vector<Waiting> const& batch, std::vector<Finished>& finished) {
        try {
            return write_all(timers, batch, finished, Care::whole_batch);
        } catch (MustBeCareful const&) {
        } catch (storage::Refused const&) { // seen when all was decided
        }
        parts.ledger->rollback();
        return write_all(timers, batch, finished, Care::each_event);
    }

    bool write_all(std::vector<Event> const& timers, std::vector<Waiting> const& batch, std::vector<Finished>& finished, Care care) {
        using enum storage::Ledger::Pace;
        bool changed = false;
        finished.clear();
        parts.ledger->begin(care == Care::whole_batch && timers.size() + batch.size() >= written_behind_from ? behind : at_once);
        for (auto const& timer : timers) changed |= write_one(timer, nobody, care, finished);
        for (auto const& waiting : batch) changed |= write_one(waiting.event, waiting.done, care, finished);
        parts.ledger->settle();
        return changed;
    }

    bool write_one(Event const& event, Done const& done, Care care, std::vector<Finished>& finished) {
        auto written = writer.write(event, parts.clock->now(), care);
        finished.push_back({&event, &done, std::move(written.result)});
        return written.changed;
    }

    void commit(bool changed) {
        auto& ledger = *parts.ledger;
        auto const seq = ledger.head_seq();
        if (changed) {
            crash.at("before", seq);
            ledger.commit();
            crash.at("after", seq);
        } else {
            ledger.rollback();
        }
        publish(seq);
    }

    /// `all`: what was erased stands in the write-ahead log, too, until it is emptied.
    void checkpoint(bool all = false) {
        try {
            parts.ledger->checkpoint(all);
        } catch (storage::NotWritable const& fault) {
            hold_back({}, fault.what()); // what was committed is safe in the WAL
        }
    }

    /// When nobody waits: forgets a little of what need not be kept any longer. False when no more is left for now.
    bool prune() {
        auto const now = parts.clock->now();
        if (parts.retention == Retention{} || now < prune_again) return false;
        using enum storage::Ledger::Prunable;
        std::pair<storage::Ledger::Prunable, std::chrono::hours> const kept[] = {
            {answers, parts.retention.answers}, {mail, parts.retention.mail}, {bytes, parts.retention.bytes}};
        auto& ledger = *parts.ledger;
        std::int64_t most = 0;
        try {
            ledger.begin();
            for (auto const& [what, time] : kept)
                if (time.count() > 0) most = std::max(most, ledger.prune(what, ledger.first_row_since(now - time), pruned_at_once));
            ledger.commit();
        } catch (storage::NotWritable const& fault) {
            hold_back({}, fault.what());
            return false;
        }
        checkpoint();
        if (most < pruned_at_once) prune_again = now + pruned_every;
        return most == pruned_at_once;
    }

    // ----------------------------------------------------------------------------------------------------- a full disk
    bool is_full() const {
        std::lock_guard const lock(mutex);
        return full;
    }

    /// Nothing of the batch is stored: whoever waits is told so, and nobody else is let in.
    void hold_back(std::vector<Waiting> const& batch, std::string const& why) {
        parts.ledger->rollback();
        std::deque<Waiting> abandoned;
        std::deque<Advance> stranded;
        std::deque<Rehearsing> unplayed;
        {
            std::lock_guard const lock(mutex);
            full = true;
            published.accepting = false;
            published.busy = false;
            published.trouble = "Nothing can be written: " + why;
            published.reason = "not_writable";
            abandoned.swap(queue);
            stranded.swap(advances);
            unplayed.swap(rehearsals);
        }
        parts.log->write(log_catalogue::disk_full, {{"why", why}});
        auto const refused = overloaded("The disk of the database is full or read-only; nothing of this was stored.");
        for (auto const& waiting : batch)
            if (waiting.done) waiting.done(refused);
        for (auto const& waiting : abandoned)
            if (waiting.done) waiting.done(refused);
        for (auto const& advance : stranded)
            if (advance.done) advance.done(refused);
        for (auto& rehearsing : unplayed) rehearsing.done.set_value(false);
    }

    /// Tries to write as much as a usual batch does.
    bool room_again() {
        try {
            for (auto const bytes : {room_bytes, std::size_t{0}}) {
                parts.ledger->begin();
                parts.ledger->set_meta("room", std::string(bytes, ' '));
                parts.ledger->commit();
            }
        } catch (storage::NotWritable const&) {
            parts.ledger->rollback();
            return false;
        }
        {
            std::lock_guard const lock(mutex);
            full = false;
            published.accepting = true;
            published.trouble.clear();
            published.reason = {};
        }
        parts.log->write(log_catalogue::room_again, {});
        checkpoint();
        return true;
    }

    bool wait_for_room() {
        {
            std::lock_guard const lock(mutex);
            if (stopping) return false;
        }
        alarm.sleep({}, room_looked_for_every);
        return true;
    }

    // ---------------------------------------------------------------------------------------------------- and the rest
    /// One structured line per event (CONTRACT); numbers are masked, the event log has them whole.
    void record(Event const& event, Result const& result) {
        auto& log = *parts.log;
        auto const plus = event.key.find('+');
        auto const key = plus == std::string::npos ? event.key : event.key.substr(0, plus) + masked(event.key.substr(plus));
        if (result.replayed && result.answer.refusals.empty())
            log.write(log_catalogue::message_repeated, {{"kind", event.kind}, {"source", event.source}});
        else if (!result.answer.refusals.empty() && event.kind.starts_with(timer_prefix))
            log.write(log_catalogue::deadline_stuck, {{"seq", result.seq}, {"kind", event.kind}, {"key", key}, {"why", result.answer.refusals.front().text}});
        else if (!result.answer.refusals.empty())
            log.write(log_catalogue::request_refused, {{"seq", result.seq}, {"kind", event.kind}, {"source", event.source}, {"key", key}});
        else if (result.seq != 0 && !event.trace.empty())
            log.write(log_catalogue::event_stored, {{"seq", result.seq}, {"kind", event.kind}, {"source", event.source}, {"key", key}, {"trace", trace_id(event.trace)}});
        else if (result.seq != 0)
            log.write(log_catalogue::event_stored, {{"seq", result.seq}, {"kind", event.kind}, {"source", event.source}, {"key", key}});
    }

    void advance_to(Advance advance) {
        Result result;
        if (auto seen = writer.answered_before(advance.asked)) {
            result = std::move(*seen);
        } else if (parts.manual == nullptr) {
            result.answer.refusals.push_back({RefusalCode::not_admissible, "The clock is the system's; only a manual clock is moved by hand.", "", "Start npod with --clock manual for a sandbox.", ""});
        } else if (advance.to < parts.manual->now()) {
            result.answer.refusals.push_back({RefusalCode::not_admissible, "The clock cannot go back; it is " + to_rfc3339(parts.manual->now()) + ".", "/to", "Give a later moment.", ""});
        } else {
            for (auto next = parts.ledger->next_due(); next && *next <= advance.to && !is_full(); next = parts.ledger->next_due()) {
                parts.manual->advance_to(*next);
                while (write_batch({})) {}
            }
            if (is_full() || !arrive(advance, result)) result = overloaded("The disk of the database is full; the clock stands at the last deadline that could be written.");
        }
        if (advance.done) advance.done(std::move(result));
    }

    /// The clock shows `to`, and a restart goes on from there. False when there is no room to note it.
    bool arrive(Advance const& advance, Result& result) {
        try {
            parts.ledger->begin();
            parts.ledger->set_meta("manual_clock", to_rfc3339(advance.to));
            if (advance.asked.render) result.rendered = advance.asked.render({}, parts.ledger->book(), parts.ledger->head_seq());
            writer.remember(advance.asked, result.rendered);
            parts.ledger->commit();
            parts.manual->advance_to(advance.to);
            return true;
        } catch (storage::NotWritable const& fault) {
            hold_back({}, fault.what());
            return false;
        }
    }

    void publish(std::int64_t seq) {
        auto const next = parts.ledger->next_due();
        std::lock_guard const lock(mutex);
        published.head_seq = seq;
        published.next_due = next;
    }

    void tell_postmen() {
        auto const receivers = writer.take_receivers();
        if (receivers.empty()) return;
        std::unique_lock lock(mutex);
        auto const postmen = mail_listeners; // a copy: nobody is called under the lock
        lock.unlock();
        for (auto const& postman : postmen) postman(receivers);
    }

    void tell_listeners() {
        std::unique_lock lock(mutex);
        auto const known = listeners; // a copy: nobody is called under the lock
        auto const seq = published.head_seq;
        lock.unlock();
        for (auto const& listener : known) listener(seq);
    }

    /// Nobody knows any more what is on the disk: answer nothing, accept nothing, tell the daemon.
    void fail(std::string const& why) {
        std::deque<Waiting> abandoned;
        std::deque<Advance> stranded;
        std::deque<Rehearsing> unplayed;
        {
            std::lock_guard const lock(mutex);
            failed = true;
            published.accepting = false;
            published.busy = false;
            published.trouble = why;
            published.reason = "failed";
            abandoned.swap(queue);
            stranded.swap(advances);
            unplayed.swap(rehearsals);
        }
        parts.log->write(log_catalogue::storage_fault, {{"why", why}});
        for (auto const& waiting : abandoned)
            if (waiting.done) waiting.done(indeterminate());
        for (auto const& advance : stranded)
            if (advance.done) advance.done(indeterminate());
        for (auto& rehearsing : unplayed) rehearsing.done.set_value(false);
        if (parts.on_fault) parts.on_fault(why);
    }
};

Engine::Engine(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

Engine::~Engine() { stop(); }

void Engine::submit(Event event, Done done) {
    prepare(event); // on the thread of whoever asks: there are several of those, and one writer
    std::string why;
    bool asleep = false;
    {
        std::lock_guard const lock(impl_->mutex);
        asleep = std::exchange(impl_->sleeping, false);
        if (impl_->failed) why = "The database failed; nothing is accepted until it is repaired.";
        else if (impl_->full) why = "The disk of the database is full or read-only; nothing is accepted until it can be written.";
        else if (impl_->stopping) why = "The daemon is stopping.";
        else if (impl_->queue.size() >= limits::queue_events_max) why = "Too many requests wait to be written.";
        else impl_->queue.push_back({std::move(event), std::move(done)});
    }
    if (asleep) impl_->alarm.ring();
    if (!why.empty() && done) done(overloaded(std::move(why)));
}

Result Engine::ask(Event event) {
    auto promise = std::make_shared<std::promise<Result>>();
    auto future = promise->get_future();
    submit(std::move(event), [promise](Result result) { promise->set_value(std::move(result)); });
    return future.get();
}

void Engine::advance_clock(Moment to, Done done) { advance_clock(to, {}, std::move(done)); }

void Engine::advance_clock(Moment to, Event asked, Done done) {
    bool accepted = false;
    {
        std::lock_guard const lock(impl_->mutex);
        accepted = !impl_->failed && !impl_->stopping && !impl_->full;
        if (accepted) impl_->advances.push_back({to, std::move(asked), std::move(done)});
    }
    if (accepted) impl_->alarm.ring();
    else if (done) done(overloaded("The daemon is stopping, or its disk is full."));
}

bool Engine::rehearse(Rehearsal const& rehearsal, Watch const& watch) {
    std::exception_ptr trouble;
    std::promise<bool> done;
    auto finished = done.get_future();
    {
        std::lock_guard const lock(impl_->mutex);
        if (impl_->failed || impl_->stopping || impl_->full) return false;
        impl_->rehearsals.push_back({&rehearsal, &watch, &trouble, std::move(done)});
    }
    impl_->alarm.ring();
    bool const played = finished.get();
    if (trouble) std::rethrow_exception(std::move(trouble));
    return played;
}

void Engine::on_commit(std::function<void(std::int64_t)> listener) {
    std::lock_guard const lock(impl_->mutex); // overdue timers fire from the first moment on
    impl_->listeners.push_back(std::move(listener));
}

void Engine::on_mail(std::function<void(std::vector<OperatorCode> const&)> listener) {
    std::lock_guard const lock(impl_->mutex);
    impl_->mail_listeners.push_back(std::move(listener));
}

Status Engine::status() const {
    std::lock_guard const lock(impl_->mutex);
    auto status = impl_->published;
    status.queued = impl_->queue.size() + impl_->advances.size();
    if (impl_->stopping && status.accepting) {
        status.accepting = false;
        status.trouble = "The daemon is stopping.";
        status.reason = "stopping";
    }
    return status;
}

bool Engine::catching_up() const { return impl_->catching_up; }
Moment Engine::now() const { return impl_->parts.clock->now(); }
bool Engine::clock_is_manual() const { return impl_->parts.manual != nullptr; }
rules::Rulebook const& Engine::rulebook() const { return impl_->writer.laws().in_force(); }
rules::Laws const& Engine::laws() const { return impl_->writer.laws(); }
porting::Settings const& Engine::settings() const { return impl_->parts.settings; }

void Engine::stop() {
    {
        std::lock_guard const lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->alarm.ring();
    if (impl_->thread.joinable()) impl_->thread.join();
}

} // namespace npod::engine
