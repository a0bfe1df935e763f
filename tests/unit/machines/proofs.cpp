/// Each proof is fed a table that is broken in just the way it guards against, and must name the offender. The lamp
/// below is sound; every test breaks one thing in a copy of it.

#include "state_machines/proofs.hpp"
#include "state_machines/outline.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace {

namespace machine = npod::machine;
namespace proofs = npod::machine::proofs;
using machine::Kind;
using machine::Otherwise;
using machine::Owner;

enum class State : std::uint8_t { off, on, broken };
enum class Event : std::uint8_t { switched, repaired, burnt_out, hours_passed };
enum class Guard : std::uint8_t { bulb_is_new, always };
enum class Action : std::uint8_t { shine, go_dark };
enum class Timer : std::uint8_t { none, hours };
using Machine = machine::Machine<State, Event, Guard, Action, Timer>;

constexpr Machine::Row sound_rows[] = {
    {State::off, Event::switched, Guard::always, State::on, {Action::shine}},       // 0
    {State::on, Event::switched, Guard::always, State::off, {Action::go_dark}},     // 1
    {State::on, Event::burnt_out, Guard::bulb_is_new, machine::stay},               // 2
    {State::on, Event::burnt_out, Guard::always, State::broken, {Action::go_dark}}, // 3
    {State::on, Event::hours_passed, Guard::always, State::off, {Action::go_dark}}, // 4
    {State::broken, Event::repaired, Guard::always, machine::stay},                 // 5
};

/// A lamp with its tables as vectors, so that a test can break them.
struct Lamp {
    std::vector<machine::StateRow<State, Timer>> states{
        {State::off, "off", Kind::resting, Owner::nobody, Timer::none, "Dark."},
        {State::on, "on", Kind::waiting, Owner::calendar, Timer::hours, "Light."},
        {State::broken, "broken", Kind::settled, Owner::nobody, Timer::none, "Dark for ever."},
    };
    std::vector<machine::TimerRow<Timer, Event>> timers{
        {Timer::none, "none", "", Event::hours_passed, ""},
        {Timer::hours, "hours", "lamp.hours", Event::hours_passed, "It goes out."},
    };
    std::vector<machine::EventRow<Event>> events{
        {Event::switched, "switched", Otherwise::refuse, "Somebody pressed the switch."},
        {Event::repaired, "repaired", Otherwise::ignore, "Somebody tried to mend it."},
        {Event::burnt_out, "burnt_out", Otherwise::ignore, "The wire broke."},
        {Event::hours_passed, "hours_passed", Otherwise::ignore, "It burnt long enough."},
    };
    std::vector<machine::NameRow<Guard>> guards{{Guard::bulb_is_new, "bulb_is_new", "bought this year"},
                                                {Guard::always, "always", ""}};
    std::vector<machine::NameRow<Action>> actions{{Action::shine, "shine", "Give light."},
                                                  {Action::go_dark, "go_dark", "Give none."}};
    std::vector<Machine::Row> rows{std::begin(sound_rows), std::end(sound_rows)};

    Machine table() const { return {"lamp", State::off, states, timers, events, guards, actions, rows}; }
    void drop_row(std::ptrdiff_t row) { rows.erase(rows.begin() + row); }
};

template <class M>
void check_sound(M const& m) {
    CHECK(proofs::first_out_of_order(m.states, [](auto const& r) { return r.state; }) == proofs::none);
    CHECK(proofs::first_bad_name(m.states) == proofs::none);
    CHECK(proofs::first_ambiguous_row(m) == proofs::none);
    CHECK(proofs::first_row_out_of_settled(m) == proofs::none);
    CHECK(proofs::first_unreachable(m) == proofs::none);
    CHECK(proofs::first_trap(m) == proofs::none);
    CHECK(proofs::first_unbounded_wait(m) == proofs::none);
    CHECK(proofs::first_without_exit(m) == proofs::none);
    CHECK(proofs::first_mishandled_deadline(m) == proofs::none);
    CHECK(proofs::first_wait_without_deadline(m) == proofs::none);
    CHECK(proofs::first_unused_timer(m) == proofs::none);
    CHECK(proofs::first_unused_event(m) == proofs::none);
    CHECK(proofs::first_unused_guard(m) == proofs::none);
    CHECK(proofs::first_unused_action(m) == proofs::none);
}

/// A real table with its transitions in a vector, to be broken one by one.
template <class M>
struct Breakable {
    M table;
    std::vector<typename M::Row> rows;

    explicit Breakable(M const& m) : table(m), rows(m.transitions.begin(), m.transitions.end()) {}
    M without(std::size_t row) {
        rows.assign(table.transitions.begin(), table.transitions.end());
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
        M broken = table;
        broken.transitions = rows;
        return broken;
    }
};

/// Calls `check` with each of the six machines.
void for_each_machine(auto check) {
    check(npod::port_in::table), check(npod::port_out::table), check(npod::number::table);
    check(npod::contract::table), check(npod::claim::table), check(npod::delivery::table);
}

} // namespace

TEST_CASE("the sound lamp satisfies every proof, so that what follows is found for its own reason") {
    check_sound(Lamp{}.table());
}

TEST_CASE("rows that are not in the order of their enumerators are found") {
    Lamp lamp;
    std::swap(lamp.states[1], lamp.states[2]);
    CHECK(proofs::first_out_of_order(lamp.states, [](auto const& r) { return r.state; }) == 1);
    std::swap(lamp.events[0], lamp.events[3]);
    CHECK(proofs::first_out_of_order(lamp.events, [](auto const& r) { return r.event; }) == 0);
    lamp.timers.erase(lamp.timers.begin()); // "hours" now stands where "none" belongs
    CHECK(proofs::first_out_of_order(lamp.timers, [](auto const& r) { return r.timer; }) == 0);
    std::swap(lamp.actions[0], lamp.actions[1]);
    CHECK(proofs::first_out_of_order(lamp.actions, [](auto const& r) { return r.id; }) == 0);
}

TEST_CASE("empty and repeated names are found") {
    Lamp lamp;
    lamp.states[2].name = "off"; // the second of the two is the offender
    CHECK(proofs::first_bad_name(lamp.states) == 2);
    lamp.events[1].name = "";
    CHECK(proofs::first_bad_name(lamp.events) == 1);
}

TEST_CASE("rows whose guards are neither exclusive nor complete are found") {
    SUBCASE("no row without a condition") {
        Lamp lamp;
        lamp.drop_row(3);
        CHECK(proofs::first_ambiguous_row(lamp.table()) == 2);
    }
    SUBCASE("a row after the unconditional one") {
        Lamp lamp;
        std::swap(lamp.rows[2], lamp.rows[3]); // the unconditional one now comes first and hides the other
        CHECK(proofs::first_ambiguous_row(lamp.table()) == 2);
    }
    SUBCASE("the same guard twice") {
        Lamp lamp;
        lamp.rows.insert(lamp.rows.begin() + 3, lamp.rows[2]);
        CHECK(proofs::first_ambiguous_row(lamp.table()) == 3);
    }
}

TEST_CASE("a way out of a settled state is found, even one that leads back into it") {
    for (State target : {State::off, State::broken}) {
        Lamp lamp;
        lamp.rows[5].go_to = target;
        CHECK(proofs::first_row_out_of_settled(lamp.table()) == 5);
    }
}

TEST_CASE("what is settled one way may turn out to be settled another way") {
    Lamp lamp;
    lamp.rows[5].go_to = State::off;
    lamp.states[0].kind = Kind::settled; // off for good, broken or not
    CHECK(proofs::first_row_out_of_settled(lamp.table()) != 5);
}

TEST_CASE("a state that no way leads to is found") {
    Lamp lamp;
    lamp.rows[3].go_to = State::off; // nothing breaks it any more
    CHECK(proofs::first_unreachable(lamp.table()) == 2);
}

TEST_CASE("a state that never comes to rest is found") {
    Lamp lamp;
    lamp.states[0].kind = Kind::waiting; // off and on now only lead to each other …
    lamp.rows[3].go_to = State::off;     // … and nothing settles
    CHECK(proofs::first_trap(lamp.table()) == 0);
}

TEST_CASE("a wait without an owner or a deadline, and either where none belongs, are found") {
    SUBCASE("no deadline") {
        Lamp lamp;
        lamp.states[1].deadline = Timer::none;
        CHECK(proofs::first_unbounded_wait(lamp.table()) == 1);
    }
    SUBCASE("no owner") {
        Lamp lamp;
        lamp.states[1].owner = Owner::nobody;
        CHECK(proofs::first_unbounded_wait(lamp.table()) == 1);
    }
    SUBCASE("a settled state with a deadline") {
        Lamp lamp;
        lamp.states[2].deadline = Timer::hours;
        CHECK(proofs::first_unbounded_wait(lamp.table()) == 2);
    }
    SUBCASE("a resting state with an owner") {
        Lamp lamp;
        lamp.states[0].owner = Owner::desk;
        CHECK(proofs::first_unbounded_wait(lamp.table()) == 0);
    }
}

TEST_CASE("a wait that only starts afresh is found: that is no way out") {
    Lamp lamp;
    lamp.rows[1].go_to = State::on;
    lamp.rows[3].go_to = machine::stay;
    lamp.rows[4].go_to = State::on;
    CHECK(proofs::first_without_exit(lamp.table()) == 1);
}

TEST_CASE("a deadline that its state does not handle, or that another state handles, is found") {
    SUBCASE("owned, not handled") {
        Lamp lamp;
        lamp.drop_row(4);
        CHECK(proofs::first_mishandled_deadline(lamp.table()) == 1);
    }
    SUBCASE("handled, not owned") {
        Lamp lamp;
        lamp.rows[5].on = Event::hours_passed; // broken does not wait
        CHECK(proofs::first_mishandled_deadline(lamp.table()) == 2);
    }
}

TEST_CASE("a state that stays on its own deadline is found; one that starts afresh is not") {
    Lamp lamp;
    lamp.rows[4].go_to = machine::stay;
    CHECK(proofs::first_wait_without_deadline(lamp.table()) == 4);
    lamp.rows[4].go_to = State::on;
    CHECK(proofs::first_wait_without_deadline(lamp.table()) == proofs::none);
}

TEST_CASE("what is declared and never used is found") {
    Lamp lamp;
    lamp.timers.push_back(lamp.timers[1]); // no state names a third timer
    lamp.timers[2].timer = static_cast<Timer>(2);
    CHECK(proofs::first_unused_timer(lamp.table()) == 2);
    lamp.drop_row(5);
    CHECK(proofs::first_unused_event(lamp.table()) == 1); // repaired
    lamp.drop_row(2);
    CHECK(proofs::first_unused_guard(lamp.table()) == 0); // bulb_is_new
    lamp.rows[0].actions = {};
    CHECK(proofs::first_unused_action(lamp.table()) == 0); // shine
}

TEST_CASE("in every machine: without the last row of a guarded cell, or the only row of a deadline, it is not built") {
    for_each_machine([](auto const& m) {
        using M = std::remove_cvref_t<decltype(m)>;
        CAPTURE(std::string(m.name));
        check_sound(m);
        Breakable<M> breakable(m);
        std::size_t broken = 0;
        for (std::size_t i = 0; i < m.transitions.size(); ++i) {
            auto const& row = m.transitions[i];
            bool const follows_guard = i > 0 && m.transitions[i - 1].in == row.in && m.transitions[i - 1].on == row.on;
            auto const deadline = m.about(row.in).deadline;
            bool const is_expiry = deadline != M::Timer::none && m.about(deadline).when_it_expires == row.on;
            if (row.when != M::Guard::always || (!follows_guard && !is_expiry)) continue;
            CAPTURE(i);
            ++broken;
            auto const less = breakable.without(i);
            if (follows_guard)
                CHECK(proofs::first_ambiguous_row(less) == static_cast<std::ptrdiff_t>(i) - 1);
            else
                CHECK(proofs::first_mishandled_deadline(less) == static_cast<std::ptrdiff_t>(row.in));
        }
        CHECK(broken > 0); // every machine has at least one deadline
    });
}
