#pragma once
/// What every machine must satisfy before the program may be built at all.
///
/// Each proof returns the index of the first offender, or `none`.  They are plain constexpr
/// functions, so that a unit test can also feed them deliberately broken tables.

#include "state_machines/grammar.hpp"

namespace npod::machine::proofs {

inline constexpr std::ptrdiff_t none = -1;

/// Spelled as a template so that the compiler prints the offending row number when it is false.
template <std::ptrdiff_t offending_row>
inline constexpr bool nobody = offending_row == none;

/// Info rows are listed in enumerator order, so that lookups by enumerator are sound.
template <class Rows, class Get>
constexpr std::ptrdiff_t first_out_of_order(Rows const& rows, Get get) {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(get(rows[i])) != i) return static_cast<std::ptrdiff_t>(i);
    return none;
}

template <class Rows>
constexpr std::ptrdiff_t first_bad_name(Rows const& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].name.empty()) return static_cast<std::ptrdiff_t>(i);
        for (std::size_t j = 0; j < i; ++j)
            if (rows[i].name == rows[j].name) return static_cast<std::ptrdiff_t>(i);
    }
    return none;
}

/// Among the rows for one (state, event) pair exactly the last one is unconditional.
template <class M>
constexpr std::ptrdiff_t first_ambiguous_row(M const& m) {
    for (std::size_t i = 0; i < m.transitions.size(); ++i) {
        auto const& a = m.transitions[i];
        bool another_follows = false;
        for (std::size_t j = i + 1; j < m.transitions.size(); ++j) {
            auto const& b = m.transitions[j];
            if (a.in != b.in || a.on != b.on) continue;
            another_follows = true;
            if (a.when == b.when) return static_cast<std::ptrdiff_t>(j);
        }
        bool const unconditional = a.when == M::Guard::always;
        if (unconditional == another_follows) return static_cast<std::ptrdiff_t>(i);
    }
    return none;
}

/// A settled state may still answer (`stay`), and it may be put right: what is settled one way turns out to be settled another way. It
/// never opens again, and starts no deadline.
template <class M>
constexpr std::ptrdiff_t first_row_out_of_settled(M const& m) {
    for (std::size_t i = 0; i < m.transitions.size(); ++i) {
        auto const& t = m.transitions[i];
        bool const puts_right = t.lands_in() != t.in && m.about(t.lands_in()).kind == Kind::settled;
        if (m.about(t.in).kind == Kind::settled && !t.go_to.stays && !puts_right) return static_cast<std::ptrdiff_t>(i);
    }
    return none;
}

template <class M>
constexpr auto grow(M const& m, auto seed, bool backwards) {
    std::array<bool, 256> in{};
    for (std::size_t s = 0; s < m.states.size(); ++s) in[s] = seed(m.states[s]);
    for (bool changed = true; changed;) {
        changed = false;
        for (auto const& t : m.transitions) {
            auto from = static_cast<std::size_t>(backwards ? t.lands_in() : t.in);
            auto to = static_cast<std::size_t>(backwards ? t.in : t.lands_in());
            if (in[from] && !in[to]) in[to] = changed = true;
        }
    }
    return in;
}

/// Every state can be reached from the initial one.
template <class M>
constexpr std::ptrdiff_t first_unreachable(M const& m) {
    auto reached = grow(m, [&](auto const& s) { return s.state == m.initial; }, false);
    for (std::size_t s = 0; s < m.states.size(); ++s)
        if (!reached[s]) return static_cast<std::ptrdiff_t>(s);
    return none;
}

/// From every state a settled or resting one can be reached.
template <class M>
constexpr std::ptrdiff_t first_trap(M const& m) {
    auto can_settle = grow(m, [](auto const& s) { return s.kind != Kind::waiting; }, true);
    for (std::size_t s = 0; s < m.states.size(); ++s)
        if (!can_settle[s]) return static_cast<std::ptrdiff_t>(s);
    return none;
}

/// A waiting state has a deadline and somebody who must move; the others have neither.
template <class M>
constexpr std::ptrdiff_t first_unbounded_wait(M const& m) {
    for (std::size_t s = 0; s < m.states.size(); ++s) {
        bool const waits = m.states[s].kind == Kind::waiting;
        if (waits != (m.states[s].deadline != M::Timer::none)) return static_cast<std::ptrdiff_t>(s);
        if (waits != (m.states[s].owner != Owner::nobody)) return static_cast<std::ptrdiff_t>(s);
    }
    return none;
}

/// From every waiting state a row leads to another state: a deadline that only re-arms itself is no exit.
template <class M>
constexpr std::ptrdiff_t first_without_exit(M const& m) {
    for (std::size_t s = 0; s < m.states.size(); ++s) {
        if (m.states[s].kind != Kind::waiting) continue;
        bool leaves = false;
        for (auto const& t : m.transitions) leaves |= t.in == m.states[s].state && t.lands_in() != t.in;
        if (!leaves) return static_cast<std::ptrdiff_t>(s);
    }
    return none;
}

/// Whoever owns a deadline says what happens when it passes; nobody else mentions it. Two deadlines may expire as one event.
template <class M>
constexpr std::ptrdiff_t first_mishandled_deadline(M const& m) {
    for (auto const& timer : m.timers) {
        if (timer.timer == M::Timer::none) continue;
        for (std::size_t s = 0; s < m.states.size(); ++s) {
            auto const deadline = m.states[s].deadline;
            bool const owns = deadline != M::Timer::none && m.about(deadline).when_it_expires == timer.when_it_expires;
            bool handles = false;
            for (auto const& t : m.transitions)
                handles |= t.in == m.states[s].state && t.on == timer.when_it_expires;
            if (owns != handles) return static_cast<std::ptrdiff_t>(s);
        }
    }
    return none;
}

/// A deadline that passes is gone: a state that stays on its own deadline would wait on without one. It may start afresh.
/// Returns the row.
template <class M>
constexpr std::ptrdiff_t first_wait_without_deadline(M const& m) {
    for (std::size_t i = 0; i < m.transitions.size(); ++i) {
        auto const& t = m.transitions[i];
        auto const deadline = m.about(t.in).deadline;
        if (deadline != M::Timer::none && m.about(deadline).when_it_expires == t.on && t.go_to.stays)
            return static_cast<std::ptrdiff_t>(i);
    }
    return none;
}

/// No timer, event, guard or action is declared and then forgotten.
template <class M>
constexpr std::ptrdiff_t first_unused_timer(M const& m) {
    for (std::size_t i = 0; i < m.timers.size(); ++i) {
        bool used = m.timers[i].timer == M::Timer::none;
        for (auto const& s : m.states) used |= s.deadline == m.timers[i].timer;
        if (!used) return static_cast<std::ptrdiff_t>(i);
    }
    return none;
}
template <class M>
constexpr std::ptrdiff_t first_unused_event(M const& m) {
    for (std::size_t e = 0; e < m.events.size(); ++e) {
        bool used = false;
        for (auto const& t : m.transitions) used |= t.on == m.events[e].event;
        if (!used) return static_cast<std::ptrdiff_t>(e);
    }
    return none;
}
template <class M>
constexpr std::ptrdiff_t first_unused_guard(M const& m) {
    for (std::size_t g = 0; g < m.guards.size(); ++g) {
        bool used = false;
        for (auto const& t : m.transitions) used |= t.when == m.guards[g].id;
        if (!used) return static_cast<std::ptrdiff_t>(g);
    }
    return none;
}
template <class M>
constexpr std::ptrdiff_t first_unused_action(M const& m) {
    for (std::size_t a = 0; a < m.actions.size(); ++a) {
        bool used = false;
        for (auto const& t : m.transitions)
            for (auto action : t.actions) used |= action == m.actions[a].id;
        if (!used) return static_cast<std::ptrdiff_t>(a);
    }
    return none;
}

/// Stands for all of the above; written out once so that a new machine cannot forget one.
template <auto const& m>
consteval bool sound() {
    static_assert(nobody<first_out_of_order(m.states, [](auto const& r) { return r.state; })>, "state row out of order");
    static_assert(nobody<first_out_of_order(m.events, [](auto const& r) { return r.event; })>, "event row out of order");
    static_assert(nobody<first_out_of_order(m.timers, [](auto const& r) { return r.timer; })>, "timer row out of order");
    static_assert(nobody<first_out_of_order(m.guards, [](auto const& r) { return r.id; })>, "guard row out of order");
    static_assert(nobody<first_out_of_order(m.actions, [](auto const& r) { return r.id; })>, "action row out of order");
    static_assert(nobody<first_bad_name(m.states)>, "state name empty or repeated");
    static_assert(nobody<first_bad_name(m.events)>, "event name empty or repeated");
    static_assert(nobody<first_bad_name(m.timers)>, "timer name empty or repeated");
    static_assert(nobody<first_bad_name(m.guards)>, "guard name empty or repeated");
    static_assert(nobody<first_bad_name(m.actions)>, "action name empty or repeated");
    static_assert(nobody<first_ambiguous_row(m)>, "guards of this row neither exclusive nor complete");
    static_assert(nobody<first_row_out_of_settled(m)>, "a settled state opens again");
    static_assert(nobody<first_unreachable(m)>, "state cannot be reached");
    static_assert(nobody<first_trap(m)>, "state can never come to rest");
    static_assert(nobody<first_unbounded_wait(m)>, "waiting state without owner or deadline, or one of them where none belongs");
    static_assert(nobody<first_without_exit(m)>, "waiting state without a way out");
    static_assert(nobody<first_mishandled_deadline(m)>, "deadline owned but not handled, or handled but not owned");
    static_assert(nobody<first_wait_without_deadline(m)>, "state stays on its own deadline and would wait without one");
    static_assert(nobody<first_unused_timer(m)>, "timer never used");
    static_assert(nobody<first_unused_event(m)>, "event never used");
    static_assert(nobody<first_unused_guard(m)>, "guard never used");
    static_assert(nobody<first_unused_action(m)>, "action never used");
    return true;
}

} // namespace npod::machine::proofs
