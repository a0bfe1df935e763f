#include "sim/small_market.hpp"

#include "state_machines/delivery.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

namespace npod::sim {

namespace {

/// Messages of the recipient, in the order in which its outbox hands them over; then those of the donor.
enum class Word : std::uint8_t { none, request, cancel, performed, acceptance, refusal, postponement, delay, error };
constexpr char const* words[] = {"", "request", "cancel", "performed", "acceptance", "refusal", "postponement", "delay", "error"};
constexpr int own_words = 3;

/// What is known of one delivery; nothing: there is none.
constexpr std::uint8_t no_delivery = 255;

/// Everything about one port that can make a difference. Bytes, so that equal worlds are equal memory.
struct World {
    port_in::State in = port_in::State::draft;
    port_out::State out = port_out::State::validating;
    bool out_exists = false;
    std::uint8_t sent[own_words] = {no_delivery, no_delivery, no_delivery}; ///< states of the recipient's deliveries
    Word to_donor = Word::none, to_recipient = Word::none;                  ///< channels
    Word answers[2] = {Word::none, Word::none};                             ///< the donor's outbox
    std::uint8_t answer_state = 0;                                          ///< delivery of its first
    bool cancel_waits = false, performed_waits = false;                     ///< came before the request
    bool moment_passed = false, lapsed = false;                             ///< the facts of port_in's guards
    bool recipient_serves = false, donor_serves = true;
    bool yes_heard = false, yes_said = false, told = false; ///< told: the donor heard that the numbers were taken
    bool live_early = false;                                ///< the numbers went live before the agreed moment
    bool in_called = false, out_called = false;             ///< a person, since the present state was entered

    bool operator==(World const& other) const { return std::memcmp(this, &other, sizeof *this) == 0; }
};
static_assert(std::has_unique_object_representations_v<World>);

struct Hash {
    std::size_t operator()(World const& world) const {
        return std::hash<std::string_view>{}({reinterpret_cast<char const*>(&world), sizeof world});
    }
};

/// Who makes a step happen.
enum class By : std::uint8_t { wire, trouble, time, person };

struct Step {
    World to;
    By by;
    std::string what;
    bool called = false; ///< a person was, on the way
};

/// The steps that are possible in one world.
class Steps {
public:
    Steps(World const& world, Desk desk) : world_(world), desk_(desk) {}

    std::vector<Step> all() {
        own_outbox();
        donors_outbox();
        donor_hears();
        recipient_hears();
        deadlines();
        people();
        return std::move(steps_);
    }
    /// A deadline passes, is armed again, and that was all.
    bool ticks_on() const { return ticks_on_; }

private:
    using In = port_in::Event;
    using Out = port_out::Event;
    using Sent = delivery::Event;

    void add(By by, std::string what, World const& to, bool called = false) {
        bool const nothing = to == world_;
        if (nothing && by == By::time && !called) ticks_on_ = true;
        if (!nothing) steps_.push_back({to, by, std::move(what), called});
    }

    // ------------------------------------------------------------------------------------------------- the machines
    static bool step_in(World& w, In event) {
        bool called = false;
        if (event == In::approval_expired) w.lapsed = true;
        if (event == In::activation_time_reached) w.moment_passed = true;
        auto const decision = machine::decide(port_in::table, w.in, event, port_in::Facts{.agreed_moment_passed = w.moment_passed, .approval_lapsed = w.lapsed});
        if (decision.next != w.in) w.in_called = false;
        w.in = decision.next;
        for (auto const action : decision.actions) {
            using enum port_in::Action;
            if (action == send_request) w.sent[0] = 0;
            if (action == send_cancel) w.sent[1] = 0;
            if (action == send_performed) w.sent[2] = 0;
            if (action == note_acceptance) w.yes_heard = true, w.moment_passed = w.lapsed = false;
            if (action == note_new_date) w.moment_passed = false;
            if (action == serve_numbers) w.recipient_serves = true, w.live_early |= !w.moment_passed;
            if (action == call_a_person) w.in_called = called = true;
        }
        return called;
    }

    static bool answer(World& w, Word word) {
        for (auto& place : w.answers)
            if (place == Word::none) {
                if (&place == &w.answers[0]) w.answer_state = 0;
                place = word;
                return true;
            }
        return false; // the outbox of this small world is full
    }

    /// Nothing when the small outbox has no room for what would be said.
    static bool step_out(World& w, Out event, bool& called) {
        auto const decision = machine::decide(port_out::table, w.out, event, port_out::Facts{});
        if (decision.next != w.out) w.out_called = false;
        w.out = decision.next;
        for (auto const action : decision.actions) {
            using enum port_out::Action;
            if (action == send_acceptance) w.yes_said = true;
            bool said = true;
            if (action == send_acceptance) said = answer(w, Word::acceptance);
            if (action == send_refusal) said = answer(w, Word::refusal);
            if (action == send_postponement) said = answer(w, Word::postponement);
            if (action == send_delay) said = answer(w, Word::delay);
            if (action == send_too_late) said = answer(w, Word::error);
            if (action == release_numbers) w.donor_serves = false;
            if (action == call_a_person) w.out_called = called = true;
            if (!said) return false;
        }
        return true;
    }

    /// The end of a delivery of ours is an event of the port.
    static bool step_sent(World& w, int which, Sent event) {
        bool called = false;
        auto const state = static_cast<delivery::State>(w.sent[which]);
        auto const decision = machine::decide(delivery::table, state, event, delivery::Facts{.stays_true = which == 2});
        w.sent[which] = static_cast<std::uint8_t>(decision.next);
        for (auto const action : decision.actions) {
            using enum delivery::Action;
            if (action == call_a_person) w.in_called = called = true;
            if (action == report_taken && which == 0) called |= step_in(w, In::request_taken);
            if (action == report_taken && which == 1) called |= step_in(w, In::cancel_taken);
            if (action == report_undeliverable && which == 0) called |= step_in(w, In::request_undeliverable);
            if (action == report_undeliverable && which == 1) called |= step_in(w, In::cancel_undeliverable);
        }
        return called;
    }

    // ----------------------------------------------------------------------------------------------------- the wire
    static bool under_way(std::uint8_t state) { return state == std::uint8_t(delivery::State::queued) || state == std::uint8_t(delivery::State::retrying); }

    void own_outbox() {
        for (int which = 0; which < own_words; ++which) {
            if (!under_way(world_.sent[which])) continue;
            auto const name = std::string(words[which + 1]);
            auto const ends = [&](Sent event, bool arrives, By by, char const* how) {
                World w = world_;
                if (arrives) w.to_donor = static_cast<Word>(which + 1);
                bool const called = step_sent(w, which, event);
                add(by, "the " + name + how, w, called);
            };
            if (world_.to_donor == Word::none) {
                ends(Sent::taken, true, By::wire, " is taken");
                ends(Sent::attempt_failed, true, By::trouble, " is taken and its receipt is lost");
            }
            ends(Sent::attempt_failed, false, By::trouble, " is lost");
            ends(Sent::turned_away, false, By::trouble, " is turned away");
            ends(Sent::delivery_time_ended, false, By::time, " was not taken in its time");
            return; // in order: those behind it wait
        }
    }

    /// An answer stays true, so that it is sent on; turned away it is lost, and the donor's desk knows.
    void donors_outbox() {
        if (world_.answers[0] == Word::none) return;
        auto const name = std::string(words[static_cast<int>(world_.answers[0])]);
        auto const ends = [&](Sent event, bool arrives, By by, char const* how) {
            World w = world_;
            if (arrives) w.to_recipient = w.answers[0];
            auto const decision = machine::decide(delivery::table, static_cast<delivery::State>(w.answer_state), event, delivery::Facts{.stays_true = true});
            w.answer_state = static_cast<std::uint8_t>(decision.next);
            bool called = false;
            for (auto const action : decision.actions)
                if (action == delivery::Action::call_a_person) w.out_called = called = true;
            if (!under_way(w.answer_state)) {
                w.answers[0] = std::exchange(w.answers[1], Word::none);
                w.answer_state = 0;
            }
            add(by, "the donor's " + name + how, w, called);
        };
        if (world_.to_recipient == Word::none) {
            ends(Sent::taken, true, By::wire, " is taken");
            ends(Sent::attempt_failed, true, By::trouble, " is taken and its receipt is lost");
        }
        ends(Sent::attempt_failed, false, By::trouble, " is lost");
        ends(Sent::turned_away, false, By::trouble, " is turned away");
        ends(Sent::delivery_time_ended, false, By::time, " was not taken in its time");
    }

    void hears(World& w, Word word, bool& called, bool& room) {
        if (!w.out_exists && word != Word::request) {
            (word == Word::cancel ? w.cancel_waits : w.performed_waits) = true;
            return;
        }
        if (word == Word::request && !w.out_exists) {
            w.out_exists = true;
            if (std::exchange(w.cancel_waits, false)) room &= step_out(w, Out::cancel_received, called);
            if (std::exchange(w.performed_waits, false)) w.told = true, room &= step_out(w, Out::performed_received, called);
            return;
        }
        if (word == Word::performed) w.told = true;
        auto const event = word == Word::request ? Out::request_received : word == Word::cancel ? Out::cancel_received : Out::performed_received;
        room &= step_out(w, event, called);
    }

    void donor_hears() {
        if (world_.to_donor == Word::none) return;
        for (bool const twice : {false, true}) {
            World w = world_;
            bool called = false, room = true;
            hears(w, w.to_donor, called, room);
            if (!twice) w.to_donor = Word::none; // else it stays, and is heard again
            if (room) add(twice ? By::trouble : By::wire, std::string("the donor hears the ") + words[static_cast<int>(world_.to_donor)], w, called);
        }
    }

    void recipient_hears() {
        if (world_.to_recipient == Word::none) return;
        constexpr In events[] = {In::acceptance_received, In::refusal_received, In::postponement_received, In::delay_announced, In::error_received};
        for (bool const twice : {false, true}) {
            World w = world_;
            bool const called = step_in(w, events[static_cast<int>(w.to_recipient) - static_cast<int>(Word::acceptance)]);
            if (!twice) w.to_recipient = Word::none;
            add(twice ? By::trouble : By::wire, std::string("the recipient hears the ") + words[static_cast<int>(world_.to_recipient)], w, called);
        }
    }

    // ------------------------------------------------------------------------------------------------ time and people
    void deadlines() {
        auto const mine = port_in::table.about(world_.in).deadline;
        if (mine != port_in::Timer::none) {
            World w = world_;
            bool const called = step_in(w, port_in::table.about(mine).when_it_expires);
            add(By::time, "the recipient's " + std::string(port_in::table.about(mine).name) + " passes", w, called);
        }
        if (world_.yes_heard && !world_.lapsed) {
            World w = world_;
            w.lapsed = true;
            add(By::time, "the donor's yes runs out at the recipient", w);
        }
        auto const theirs = port_out::table.about(world_.out).deadline;
        if (world_.out_exists && theirs != port_out::Timer::none) {
            World w = world_;
            bool called = false;
            if (step_out(w, port_out::table.about(theirs).when_it_expires, called))
                add(By::time, "the donor's " + std::string(port_out::table.about(theirs).name) + " passes", w, called);
        }
    }

    void people() {
        for (auto const event : {In::submitted, In::cancel_requested, In::hold_requested, In::resume_requested, In::reschedule_requested, In::activation_done, In::activation_failed, In::settled_by_person}) {
            World w = world_;
            bool const called = step_in(w, event);
            add(By::person, "at the recipient: " + std::string(port_in::table.about(event).name), w, called);
        }
        if (!world_.out_exists) return;
        for (auto const event : {Out::acceptance_decided, Out::refusal_decided, Out::postponement_decided, Out::delay_decided, Out::settled_by_person, Out::performance_recognised}) {
            bool const agreed = world_.out == port_out::State::awaiting_execution;
            if (event == Out::settled_by_person && agreed && desk_ == Desk::keeps_its_word) continue;
            if (event == Out::performance_recognised && !world_.told) continue; // a transfer is recognised, not made
            World w = world_;
            bool called = false;
            if (step_out(w, event, called)) add(By::person, "at the donor: " + std::string(port_out::table.about(event).name), w, called);
        }
    }

    World const& world_;
    Desk desk_;
    std::vector<Step> steps_;
    bool ticks_on_ = false;
};

// ------------------------------------------------------------------------------------------------------- what must hold

bool settled(World const& w) {
    bool const theirs = !w.out_exists || port_out::table.about(w.out).kind == machine::Kind::settled;
    return port_in::table.about(w.in).kind == machine::Kind::settled && theirs;
}

std::string describe(World const& w) {
    return std::string(port_in::table.about(w.in).name) + " / " + (w.out_exists ? std::string(port_out::table.about(w.out).name) : "not asked");
}

char const* unsafe(World const& w) {
    if (!w.donor_serves && !w.recipient_serves) return "the donor let go what the recipient does not serve";
    if (w.recipient_serves && !w.yes_heard) return "the recipient serves without the donor's yes";
    if (w.live_early) return "the numbers went live before the agreed moment";
    if (w.yes_heard && !w.yes_said) return "a yes was heard that nobody said";
    return nullptr;
}

class Search {
public:
    explicit Search(Desk desk) : desk_(desk) {}

    Explored run() {
        enter(World{}, -1, "the order is taken", 0);
        for (std::size_t i = 0; i < worlds_.size(); ++i) look_around(i);
        look_for_circles();
        explored_.states = static_cast<std::int64_t>(worlds_.size());
        std::map<std::string, int> pairs;
        for (auto const& seen : worlds_) ++pairs[describe(seen.world)];
        explored_.pairs = static_cast<std::int64_t>(pairs.size());
        return std::move(explored_);
    }

private:
    struct Seen {
        World world;
        std::int64_t from;
        std::string how;
        std::int64_t depth;
    };

    std::size_t enter(World const& world, std::int64_t from, std::string how, std::int64_t depth) {
        auto const [place, fresh] = known_.try_emplace(world, worlds_.size());
        if (fresh) {
            worlds_.push_back({world, from, std::move(how), depth});
            quiet_.emplace_back();
            explored_.depth = std::max(explored_.depth, depth);
            if (auto const* const why = unsafe(world)) report(why, worlds_.size() - 1);
        }
        return place->second;
    }

    void look_around(std::size_t i) {
        auto const world = worlds_[i].world;
        bool moves_by_itself = false;
        Steps steps(world, desk_);
        for (auto& step : steps.all()) {
            ++explored_.steps;
            auto const to = enter(step.to, static_cast<std::int64_t>(i), step.what, worlds_[i].depth + 1);
            bool const by_itself = step.by == By::wire || step.by == By::time;
            moves_by_itself |= by_itself;
            if (by_itself && !step.called) quiet_[i].push_back(static_cast<std::uint32_t>(to));
        }
        bool const attended = world.in_called || world.out_called;
        if (steps.ticks_on() && !moves_by_itself && !attended) report("a deadline comes again and again, and nobody is called", i);
        if (moves_by_itself) return;
        if (!settled(world) && !attended) report("it rests unsettled, and nobody was called", i);
        if (world.recipient_serves && world.donor_serves && !attended) report("both serve, nothing is under way, and nobody was called", i);
    }

    /// A circle of quiet steps: deadlines and messages follow each other for ever and no person hears of it.
    void look_for_circles() {
        std::vector<std::uint32_t> waits(worlds_.size(), 0); // by Kahn: whatever cannot be taken away lies on a circle or behind one
        for (auto const& next : quiet_)
            for (auto const to : next) ++waits[to];
        std::vector<std::uint32_t> free;
        for (std::uint32_t i = 0; i < worlds_.size(); ++i)
            if (waits[i] == 0) free.push_back(i);
        std::size_t taken = 0;
        for (; taken < free.size(); ++taken)
            for (auto const to : quiet_[free[taken]])
                if (--waits[to] == 0) free.push_back(to);
        if (taken == worlds_.size()) return;
        for (std::uint32_t i = 0; i < worlds_.size(); ++i)
            if (waits[i] > 0) return report("deadlines and messages can go round for ever, and nobody is called", i);
    }

    void report(std::string const& what, std::size_t at) {
        constexpr std::size_t findings_max = 5;
        if (explored_.findings.size() >= findings_max) return;
        std::string way;
        for (auto i = static_cast<std::int64_t>(at); i >= 0; i = worlds_[static_cast<std::size_t>(i)].from) {
            auto const& seen = worlds_[static_cast<std::size_t>(i)];
            way = "\n    " + seen.how + ": " + describe(seen.world) + way;
        }
        explored_.findings.push_back(what + way);
    }

    Desk desk_;
    std::vector<Seen> worlds_;
    std::vector<std::vector<std::uint32_t>> quiet_; ///< steps by which no person is called and none acts
    std::unordered_map<World, std::size_t, Hash> known_;
    Explored explored_;
};

} // namespace

Explored explore(Desk desk) { return Search(desk).run(); }

} // namespace npod::sim
