/// Every cell of every machine, under every combination of facts: decide() answers, and what it answers is what the
/// outline (and so the drawings, the API and npctl) says. What each guard asks of the facts is written a second time
/// here, by hand, so that a guard wired to the wrong fact is found.

#include "state_machines/outline.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

using namespace npod;
using machine::Kind;
using machine::Outline;
using machine::Verdict;

namespace {

using Truth = std::map<std::string_view, bool>;

template <class Facts>
struct Case {
    Facts facts;
    Truth guards; ///< which guards hold under these facts
};

std::vector<Case<port_in::Facts>> cases_of(port_in::Facts) {
    std::vector<Case<port_in::Facts>> cases;
    for (bool passed : {false, true})
        for (bool lapsed : {false, true})
            for (bool later : {false, true})
                cases.push_back(
                    {{.agreed_moment_passed = passed, .approval_lapsed = lapsed, .possible_only_later = later},
                     {{"last_safe_moment_not_passed", !passed}, {"approval_still_valid", !lapsed}, {"possible_only_later", later}}});
    return cases;
}

std::vector<Case<number::Facts>> cases_of(number::Facts) {
    std::vector<Case<number::Facts>> cases;
    for (bool contract : {false, true})
        for (bool month : {false, true})
            for (bool ageless : {false, true})
                for (bool ours : {false, true})
                    for (bool known : {false, true})
                        cases.push_back({{.contract_holds = contract,
                                          .month_still_runs = month,
                                          .needs_no_ageing = ageless,
                                          .block_is_ours = ours,
                                          .holder_is_known = known},
                                         {{"contract_holds", contract},
                                          {"month_still_runs", month},
                                          {"needs_no_ageing", ageless},
                                          {"block_is_ours", ours},
                                          {"holder_is_known", known}}});
    return cases;
}

std::vector<Case<contract::Facts>> cases_of(contract::Facts) {
    std::vector<Case<contract::Facts>> cases;
    for (bool remain : {false, true})
        for (bool left : {false, true})
            for (bool come : {false, true})
                cases.push_back({{.numbers_remain = remain, .numbers_have_left = left, .date_has_come = come},
                                 {{"numbers_remain", remain}, {"numbers_have_left", left}, {"date_has_come", come}}});
    return cases;
}

std::vector<Case<claim::Facts>> cases_of(claim::Facts) {
    std::vector<Case<claim::Facts>> cases;
    for (bool accrued : {false, true})
        for (bool on_file : {false, true})
            for (bool titular : {false, true})
                for (bool in_time : {false, true})
                    for (bool fixed : {false, true})
                        cases.push_back({{.something_accrued = accrued,
                                          .claim_on_file = on_file,
                                          .titular_on_file = on_file && titular,
                                          .filed_by_titular = titular,
                                          .reached_in_time = in_time,
                                          .reached_before_lapse = in_time || on_file,
                                          .amount_final = fixed},
                                         {{"something_accrued", accrued},
                                          {"claim_on_file", on_file},
                                          {"due_and_on_file", accrued && on_file},
                                          {"due_and_titular_on_file", accrued && on_file && titular},
                                          {"filed_by_titular", titular},
                                          {"in_time_by_titular", titular && in_time && fixed},
                                          {"before_the_right_lapsed", in_time || on_file}}});
    return cases;
}

std::vector<Case<port_out::Facts>> cases_of(port_out::Facts) { return {{{}, {}}}; }
std::vector<Case<delivery::Facts>> cases_of(delivery::Facts) {
    return {{{.stays_true = false}, {{"stays_true", false}}}, {{.stays_true = true}, {{"stays_true", true}}}};
}

/// The row that the outline promises for a cell: the first whose guard holds. Nothing is asked of decide() here.
Outline::Row const* promised_row(Outline const& outline, std::string_view state, std::string_view event,
                                 Truth const& truth) {
    for (auto const* row : rows_for(outline, state, event))
        if (row->when == "always" || truth.at(row->when)) return row;
    return nullptr;
}

template <class M>
std::vector<std::string_view> names_of(M const& m, auto const& actions) {
    std::vector<std::string_view> names;
    for (auto action : actions) names.push_back(m.about(action).name);
    return names;
}

template <class M>
void check_move(M const& m, Outline const& outline, typename M::State state, machine::Decision<M> const& decision,
                Outline::Row const& row) {
    CHECK(decision.verdict == Verdict::moved);
    CHECK(decision.row == &row - outline.rows.data());
    CHECK(m.about(decision.next).name == row.go_to);
    CHECK(decision.entered == !row.stays);
    CHECK(names_of(m, decision.actions) == row.actions);
    if (row.stays) {
        CHECK(decision.next == state);
        CHECK(decision.arm == M::Timer::none);
        CHECK(decision.cancel == M::Timer::none);
    } else {
        bool const puts_right = decision.next != state && m.about(decision.next).kind == Kind::settled;
        CHECK((m.about(state).kind != Kind::settled || puts_right));
        CHECK(decision.arm == m.about(decision.next).deadline);
        CHECK(decision.cancel == m.about(state).deadline);
        auto const& entered = *find_named(outline.states, row.go_to);
        CHECK((decision.arm != M::Timer::none) == (entered.kind == Kind::waiting));
        CHECK((decision.arm == M::Timer::none ? "" : m.about(decision.arm).name) == entered.deadline);
    }
}

template <class M>
void check_no_move(M const& m, typename M::State state, typename M::Event event, machine::Decision<M> const& decision) {
    bool const refuses = m.about(event).otherwise == machine::Otherwise::refuse;
    CHECK(decision.verdict == (refuses ? Verdict::refused : Verdict::ignored));
    CHECK(decision.next == state);
    CHECK_FALSE(decision.entered);
    CHECK(decision.actions.empty());
    CHECK(decision.arm == M::Timer::none);
    CHECK(decision.cancel == M::Timer::none);
    CHECK(decision.row == -1);
}

/// Walks states × events × facts. `cells` is how many cells the machine must have, so that a walk over nothing fails.
template <class M, class Facts>
void walk(M const& m, Facts facts, std::size_t cells) {
    auto const& outline = *machine::find_outline(m.name);
    std::size_t seen = 0;
    for (auto const& state : m.states)
        for (auto const& event : m.events) {
            ++seen;
            for (auto const& [given, truth] : cases_of(facts)) {
                CAPTURE(std::string(state.name));
                CAPTURE(std::string(event.name));
                auto const decision = decide(m, state.state, event.event, given);
                if (auto const* row = promised_row(outline, state.name, event.name, truth))
                    check_move(m, outline, state.state, decision, *row);
                else
                    check_no_move(m, state.state, event.event, decision);
            }
        }
    CHECK(seen == cells);
}

} // namespace

// The sizes are those of the enumerations in the headers: states × events.
TEST_CASE("every cell of port_in is answered as its outline says") { walk(port_in::table, port_in::Facts{}, 17 * 25); }
TEST_CASE("every cell of port_out is answered as its outline says") {
    walk(port_out::table, port_out::Facts{}, 11 * 14);
}
TEST_CASE("every cell of number is answered as its outline says") { walk(number::table, number::Facts{}, 8 * 13); }
TEST_CASE("every cell of contract is answered as its outline says") { walk(contract::table, contract::Facts{}, 4 * 5); }
TEST_CASE("every cell of claim is answered as its outline says") { walk(claim::table, claim::Facts{}, 11 * 11); }
TEST_CASE("every cell of delivery is answered as its outline says") { walk(delivery::table, delivery::Facts{}, 5 * 6); }

TEST_CASE("every stored state name is found again, and nothing else is") {
    auto const check = [](auto const& m) {
        using State = typename std::remove_cvref_t<decltype(m)>::State;
        for (auto const& row : m.states) {
            State found{};
            CHECK(find_state(m, row.name, found));
            CHECK(found == row.state);
        }
        State untouched = m.initial;
        CHECK_FALSE(find_state(m, "no_such_state", untouched));
        CHECK_FALSE(find_state(m, "", untouched));
        CHECK(untouched == m.initial);
    };
    check(port_in::table), check(port_out::table), check(number::table);
    check(contract::table), check(claim::table), check(delivery::table);
}
