/// What another law would do to deadlines that run and amounts that grow.

#include "porting/law_change.hpp"

#include "unit/rules/civil.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::porting;
using rules::Rulebook;

namespace {

constexpr auto answer_rule = "be.answer.within.fixed.simple";

Rulebook law(std::map<std::string, std::string> const& overrides = {}) { return Rulebook::shipped("be", overrides); }

rules::Laws only(Rulebook const& book) { return rules::Laws(std::make_shared<Rulebook const>(book)); }

/// Asked on Monday 2 March 2026 at 10:00; the answer is due after 1 working day, on Tuesday at 18:00.
Timer answer_timer() {
    return {{SubjectKind::line, "PI-000001/1"}, "answer_deadline", moment("2026-03-03T18:00+01:00"), answer_rule,
            moment("2026-03-02T10:00+01:00"),   "awaiting_answer"};
}

/// One fixed number, as soon as possible: planned 2 working days after the request, Wednesday 4 March 18:00.
struct LatePort {
    Port port;
    std::vector<Line> lines;
    LatePort() {
        port.id = PortId{"PI-000001"};
        port.requested_at = moment("2026-03-02T10:00+01:00");
        port.state = "awaiting_answer";
        Line line;
        line.port = port.id;
        line.no = 1;
        line.numbers = {{3225501100}, {3225501100}};
        line.state = "awaiting_answer";
        line.planned_at = moment("2026-03-04T18:00+01:00");
        lines = {line};
    }
    auto changed(Rulebook const& before, Rulebook const& after, std::optional<Claim> const& claim = {}) const {
        return changed_money(port, lines, claim, before, after, moment("2026-03-09T12:00+01:00"));
    }
};

} // namespace

TEST_CASE("a longer term moves the deadline, and only where the change itself moves it") {
    auto const now = moment("2026-03-02T12:00+01:00");
    auto const moved = moved_deadlines({answer_timer()}, only(law()), law({{answer_rule, "2"}}), now);
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].timer == answer_timer());
    CHECK(moved[0].new_due == moment("2026-03-04T18:00+01:00")); // Wednesday
    CHECK_FALSE(moved[0].turns_overdue);
    CHECK(moved[0].rule.standing == rules::Standing::configured);

    CHECK(moved_deadlines({answer_timer()}, only(law()), law(), now).empty());
    CHECK(moved_deadlines({answer_timer()}, only(law()), law({{"be.grace", "2"}}), now).empty());
    auto elsewhere = answer_timer(); // armed under a law of its own: two equal laws move nothing
    elsewhere.due += std::chrono::hours{1};
    CHECK(moved_deadlines({elsewhere}, only(law()), law(), now).empty());
    auto there_already = answer_timer();
    there_already.due = moment("2026-03-04T18:00+01:00");
    CHECK(moved_deadlines({there_already}, only(law()), law({{answer_rule, "2"}}), now).empty());
}

TEST_CASE("a shorter term may lie in the past: from the deadline's own millisecond on") {
    // 0 working days: Monday 18:00.
    auto const overdue_at = [](std::string_view now) {
        auto const moved = moved_deadlines({answer_timer()}, only(law()), law({{answer_rule, "0"}}), moment(now));
        REQUIRE(moved.size() == 1);
        CHECK(moved[0].new_due == moment("2026-03-02T18:00+01:00"));
        return moved[0].turns_overdue;
    };
    CHECK_FALSE(overdue_at("2026-03-02T17:59:59.999+01:00"));
    CHECK(overdue_at("2026-03-02T18:00+01:00"));
    CHECK_FALSE(overdue_at("2026-03-03T18:00+01:00")); // it is overdue by its old term, too
}

TEST_CASE("a day off moves deadlines without any term changing") {
    auto const moved =
        moved_deadlines({answer_timer()}, only(law()), law({{"be.working_day.extra_holidays", "2026-03-03 Strike"}}),
                        moment("2026-03-02T12:00+01:00"));
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].new_due == moment("2026-03-04T18:00+01:00"));
}

TEST_CASE("what operators agreed is not moved by rules; another country's term is found by the rest of its id") {
    auto agreed = answer_timer();
    agreed.rule = "agreed";
    auto const now = moment("2026-04-24T12:00+02:00");
    CHECK(moved_deadlines({agreed}, only(law()), law({{answer_rule, "2"}}), now).empty());

    // Friday 24 April 2026 and 1 working day: Monday; in the Netherlands that is King's Day, so Tuesday the 28th.
    auto friday = answer_timer();
    friday.from = moment("2026-04-24T10:00+02:00");
    friday.due = moment("2026-04-27T18:00+02:00");
    auto const moved = moved_deadlines({friday}, only(law()), Rulebook::shipped("nl"), now);
    REQUIRE(moved.size() == 1);
    CHECK(moved[0].rule.id == "nl.answer.within.fixed.simple");
    CHECK(moved[0].new_due == moment("2026-04-28T18:00+02:00"));
    // And back: a timer that carries a Dutch id.
    friday.rule = "nl.answer.within.fixed.simple";
    friday.due = *moved[0].new_due;
    auto const back = moved_deadlines({friday}, only(Rulebook::shipped("nl")), law(), now);
    REQUIRE(back.size() == 1);
    CHECK(back[0].new_due == moment("2026-04-27T18:00+02:00"));
}

TEST_CASE_FIXTURE(LatePort, "another rate owes another amount") {
    // Compensation starts 1 working day after Wednesday: Thursday 5 March 18:00. Until Monday the 9th four days have
    // begun: Friday to Monday. 4 x 3.00 = 12.00; at 5.00: 20.00.
    auto const money = changed(law(), law({{"be.comp.rate.simple", "5.00"}}));
    REQUIRE(money);
    CHECK(money->before == Money{1200});
    CHECK(money->after == Money{2000});
    CHECK_FALSE(money->turns_payable);
    CHECK_FALSE(changed(law(), law()));
    CHECK_FALSE(changed(law(), law({{"be.comp.rate.complex", "7.00"}}))); // not its class
}

TEST_CASE_FIXTURE(LatePort, "a start that comes earlier makes an amount payable") {
    // 3 working days after Wednesday: Monday the 9th 18:00, six hours ahead: nothing yet.
    auto const late_start = law({{"be.comp.start", "3"}});
    auto const money = changed(late_start, law());
    REQUIRE(money);
    CHECK(money->before == Money{0});
    CHECK(money->after == Money{1200});
    CHECK(money->turns_payable);
    CHECK_FALSE(changed(law(), late_start)->turns_payable);
}

TEST_CASE_FIXTURE(LatePort, "what was fixed stays fixed, and a port-out owes nothing of ours") {
    auto const dearer = law({{"be.comp.rate.simple", "5.00"}});
    Claim claim;
    claim.id = ClaimId{"CL-000001"};
    claim.port = port.id;
    claim.state = "accruing";
    CHECK(changed(law(), dearer, claim)->claim.text == "CL-000001");
    claim.amount = Money{1200};
    CHECK_FALSE(changed(law(), dearer, claim));
    port.role = Role::port_out;
    CHECK_FALSE(changed(law(), dearer));
    port.role = Role::port_in;
    port.settled = true; // and nobody has a claim
    CHECK_FALSE(changed(law(), dearer));
    port.settled = false;
    port.state = "draft";
    CHECK_FALSE(changed(law(), dearer));
}
