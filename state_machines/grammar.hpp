#pragma once
/// How a machine is written down.
///
/// A machine is six small tables: states, deadlines, events, guards, actions and transitions. The daemon interprets the
/// very tables that the diagrams are drawn from; there is no second copy of the rules anywhere. This header depends on
/// nothing but the standard library.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace npod::machine {

/// What kind of condition a state is.
enum class Kind : std::uint8_t {
    waiting, ///< somebody must move: it has an owner, a deadline and an exit, or the build fails
    resting, ///< a condition that may lack nothing for years ("in service"): nobody must move, no deadline
    settled, ///< the story is over; it may still answer, but never moves
};

/// Who must move while a state waits.
enum class Owner : std::uint8_t { nobody, recipient, donor, customer, hub, network, desk, calendar };

/// What becomes of an event for which the present state has no row.
enum class Otherwise : std::uint8_t {
    refuse, ///< the sender asks for what cannot be done now: tell him so
    ignore, ///< harmless by nature (a late answer, a stale timer): record it and move on
};

/// A short list of fixed capacity, so that tables can be constants.
template <class T, std::size_t Capacity>
struct ShortList {
    std::array<T, Capacity> items{};
    std::size_t count = 0;

    constexpr ShortList() = default;
    template <class... Ts>
        requires(sizeof...(Ts) > 0 && sizeof...(Ts) <= Capacity)
    constexpr ShortList(Ts... ts) : items{ts...}, count{sizeof...(Ts)} {}
    constexpr auto begin() const { return items.begin(); }
    constexpr auto end() const { return items.begin() + static_cast<std::ptrdiff_t>(count); }
    constexpr bool empty() const { return count == 0; }
};

/// At most so many actions follow from one row.
inline constexpr std::size_t actions_per_row_max = 4;

template <class State, class Timer>
struct StateRow {
    State state;
    std::string_view name;    ///< stored in databases: never renamed without a migration
    Kind kind;
    Owner owner;              ///< nobody, unless the state waits
    Timer deadline;           ///< armed by entering, cancelled by leaving; Timer::none unless the state waits
    std::string_view meaning; ///< one sentence for people
};

template <class Timer, class Event>
struct TimerRow {
    Timer timer;
    std::string_view name;
    std::string_view rule;      ///< the rulebook's id or family ("be.answer.within"), or "agreed" for a moment two parties fixed
    Event when_it_expires;
    std::string_view on_expiry; ///< one sentence for people: what happens then
};

template <class Event>
struct EventRow {
    Event event;
    std::string_view name;
    Otherwise otherwise;
    std::string_view meaning;
};

/// A guard or an action: its name and what it means.
template <class Id>
struct NameRow {
    Id id;
    std::string_view name;
    std::string_view meaning;
};

/// Written in the "go to" column when the event is dealt with without leaving the state: the deadline keeps running.
/// Naming the same state again is different: its deadline starts afresh.
struct Stay {};
inline constexpr Stay stay{};

template <class State>
struct Target {
    State state{};
    bool stays = false;
    constexpr Target(State s) : state(s) {}
    constexpr Target(Stay) : stays(true) {}
};

/// A sentence: when `in`, on `on`, if `when`, go to `go_to` and `actions`.
template <class State, class Event, class Guard, class Action>
struct Transition {
    State in;
    Event on;
    Guard when;
    Target<State> go_to;
    ShortList<Action, actions_per_row_max> actions{};

    constexpr State lands_in() const { return go_to.stays ? in : go_to.state; }
};

template <class State_, class Event_, class Guard_, class Action_, class Timer_>
struct Machine {
    using State = State_;
    using Event = Event_;
    using Guard = Guard_;
    using Action = Action_;
    using Timer = Timer_;
    using Row = Transition<State, Event, Guard, Action>;

    std::string_view name;
    State initial;
    std::span<StateRow<State, Timer> const> states;
    std::span<TimerRow<Timer, Event> const> timers;
    std::span<EventRow<Event> const> events;
    std::span<NameRow<Guard> const> guards;
    std::span<NameRow<Action> const> actions;
    std::span<Row const> transitions;

    constexpr auto const& about(State s) const { return states[static_cast<std::size_t>(s)]; }
    constexpr auto const& about(Event e) const { return events[static_cast<std::size_t>(e)]; }
    constexpr auto const& about(Guard g) const { return guards[static_cast<std::size_t>(g)]; }
    constexpr auto const& about(Action a) const { return actions[static_cast<std::size_t>(a)]; }
    constexpr auto const& about(Timer t) const { return timers[static_cast<std::size_t>(t)]; }
};

enum class Verdict : std::uint8_t { moved, refused, ignored };

/// The whole outcome of one event. Nothing has happened yet when you hold one of these.
template <class M>
struct Decision {
    Verdict verdict = Verdict::ignored;
    typename M::State next{};
    bool entered = false;       ///< a state was entered (perhaps the same one afresh): its deadline must be armed
    ShortList<typename M::Action, actions_per_row_max> actions{};
    typename M::Timer arm{};    ///< the deadline to arm because a state was entered
    typename M::Timer cancel{}; ///< the deadline to cancel because a state was left
    std::ptrdiff_t row = -1;    ///< the transition that applied; goes into the event log
};

/// Decides what an event means in `state`. Pure: same inputs, same answer.
///
/// `holds(Guard, Facts)` is supplied beside each table and found by argument lookup.
template <class M, class Facts>
constexpr Decision<M> decide(M const& m, typename M::State state, typename M::Event event, Facts const& facts) {
    for (std::size_t i = 0; i < m.transitions.size(); ++i) {
        auto const& t = m.transitions[i];
        if (t.in != state || t.on != event || !holds(t.when, facts)) continue;
        Decision<M> d{Verdict::moved, t.lands_in(), !t.go_to.stays, t.actions, {}, {}, static_cast<std::ptrdiff_t>(i)};
        if (d.entered) {
            d.cancel = m.about(state).deadline;
            d.arm = m.about(d.next).deadline;
        }
        return d;
    }
    bool const refuse = m.about(event).otherwise == Otherwise::refuse;
    return {refuse ? Verdict::refused : Verdict::ignored, state, false, {}, {}, {}, -1};
}

/// The state of that stored name, or nothing.
template <class M>
constexpr bool find_state(M const& m, std::string_view name, typename M::State& found) {
    for (auto const& row : m.states)
        if (row.name == name) {
            found = row.state;
            return true;
        }
    return false;
}

} // namespace npod::machine
