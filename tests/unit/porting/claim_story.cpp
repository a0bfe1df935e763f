/// Claims: what counts is when a claim reached us, who claims, and what has accrued (RULES-BE section 5). Dates by
/// hand.

#include "porting/claims.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace npod;
using namespace npod::testing;

namespace {

/// One number of Bakkerij Peeters, asked for on Wednesday 1 April 10:00, planned for Friday 3 April 18:00, effective on
/// Friday 10 April 10:00: right from Tuesday the 7th 18:00, so the 8th, 9th and 10th at 3.00 EUR.
///   in time        until 1 October 24:00 (six months after the request)
///   by a person    until 10 October 24:00 (six months after the port)
struct NineEuro {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in;

    explicit NineEuro(std::string const& effective = "2026-04-10 10:00") {
        bravo.answers_by_hand();
        bravo.has_contract({});
        in = alfa.orders({});
        market.carry();
        auto const answer = std::min(std::string("2026-04-09 09:00"), effective);
        market.wait_until(answer);
        bravo.does("port.answer", bravo.port_out("+3225501100").text,
                   R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at(effective)) + R"("}}]})");
        market.carry();
        market.wait_until(effective);
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
    }
    std::string body(std::string const& claimant, std::string const& received) const {
        auto const when = received.empty() ? "" : R"(,"received_at":")" + to_rfc3339(at(received)) + "\"";
        return R"({"port":")" + in.text + R"(","claimant":")" + claimant + R"(","channel":"letter")" + when + "}";
    }
    void files(std::string const& claimant = "Bakkerij Peeters", std::string const& received = "") {
        alfa.does("claim.file", "", body(claimant, received));
    }
    std::vector<Refusal> may_not_file(std::string const& claimant, std::string const& received = "") {
        return alfa.may_not("claim.file", "", body(claimant, received));
    }
    std::string state() const { return alfa.claim(in).state; }
    porting::Statement statement() const {
        return {alfa.port(in), alfa.book().lines(in), alfa.claim(in), alfa.owes(in), {}, market.now()};
    }
    std::string answer() const { return porting::claim_answer(statement(), alfa.rulebook().calendar()); }
};

} // namespace

TEST_CASE_FIXTURE(NineEuro, "what counts is when a claim reached us, not when it was written down") {
    market.wait_until("2026-10-05 09:00"); // the time to claim is over, the review is not
    REQUIRE(state() == "review_only");

    SUBCASE("the last millisecond of the six months is in time") {
        auto const last = to_rfc3339(at("2026-10-02 00:00") - Duration{1});
        alfa.does("claim.file", "",
                  R"({"port":")" + in.text + R"(","claimant":"Bakkerij Peeters","received_at":")" + last + "\"}");
        CHECK(state() == "claimed");
    }
    SUBCASE("the next one is not: a person decides") {
        files("Bakkerij Peeters", "2026-10-02 00:00");
        CHECK(state() == "in_review");
    }
    SUBCASE("in time, but not the titular: a person decides") {
        files("Slagerij Claes", "2026-09-30 10:00");
        CHECK(state() == "in_review");
    }
}

TEST_CASE_FIXTURE(NineEuro, "a claim that lay here unwritten does not lapse with the rest") {
    market.wait_until("2026-10-12 09:00");
    REQUIRE(state() == "lapsed");

    SUBCASE("it reached us in time") {
        files("Bakkerij Peeters", "2026-09-30 10:00");
        CHECK(state() == "claimed");
        CHECK(alfa.deadline(subject_of(alfa.claim(in))).starts_with("decision "));
    }
    SUBCASE("it reached us before the right lapsed") {
        files("Bakkerij Peeters", "2026-10-10 23:59");
        CHECK(state() == "in_review");
    }
    SUBCASE("it reached us after it") {
        auto const late = may_not_file("Bakkerij Peeters", "2026-10-11 00:00");
        CHECK(late[0].code == RefusalCode::illegal_now);
        CHECK(contains(late[0].text, "lapsed on Sun 11 Oct 2026 00:00 (be.comp.claim_review)"));
        CHECK(state() == "lapsed");
        CHECK_FALSE(alfa.claim(in).filed_at);
    }
}

TEST_CASE_FIXTURE(NineEuro, "the same claimant again is a conflict that names the claim, and is in the record") {
    files();
    auto const again = may_not_file("bakkerij  peeters");
    CHECK(again[0].code == RefusalCode::conflict);
    CHECK(contains(again[0].text, "claim CL-000001 reached us on Fri 10 Apr 2026 10:00 and is claimed"));
    auto const record = alfa.reader().log_about("CL-000001", 0, 100);
    REQUIRE(!record.empty());
    CHECK(record.back().refusals.size() == 1);
    CHECK(state() == "claimed");
}

TEST_CASE_FIXTURE(NineEuro, "the titular's own claim goes before somebody else's, and stands when another follows") {
    files("Slagerij Claes");
    CHECK(state() == "in_review");
    files("Bakkerij Peeters");
    CHECK(state() == "claimed");
    CHECK(alfa.claim(in).filed_by == "Bakkerij Peeters");
    files("Notaris Maes"); // recorded, a person is told
    CHECK(state() == "claimed");
    CHECK(alfa.claim(in).filed_by == "Bakkerij Peeters");
    alfa.does("claim.approve", alfa.claim(in).id.text, R"({"reason":"three days"})");
    auto const decided = may_not_file("Garage Wouters");
    CHECK(contains(decided[0].text, "is decided: approved"));
}

TEST_CASE("a claim for a port in time is answered with the arithmetic, and the claim is on record") {
    NineEuro story("2026-04-07 17:00"); // after the plan of the 3rd, before the right begins on the 7th 18:00
    CHECK(story.state() == "not_due");
    story.files();
    CHECK(story.state() == "not_due");
    CHECK(story.alfa.claim(story.in).filed_by == "Bakkerij Peeters");
    CHECK(story.answer() ==
          "Nothing is due. +3225501100: nothing is due; planned Fri 3 Apr 2026 18:00, compensation starts to "
          "count after Tue 7 Apr 2026 18:00, effective Tue 7 Apr 2026 17:00.");
    CHECK(contains(story.may_not_file("Bakkerij Peeters")[0].text, "claimed this before"));
}

TEST_CASE("a claim before anything is due stays on file, and counts when the port comes late") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    alfa.does("claim.file", "", R"({"port":")" + in.text + R"(","claimant":"Bakkerij Peeters"})");
    CHECK(alfa.claim(in).state == "nothing_due");
    market.wait_until("2026-04-09 09:00");
    CHECK(alfa.claim(in).state == "accruing");

    SUBCASE("it is ported, late") {
        bravo.does("port.answer", bravo.port_out("+3225501100").text,
                   R"({"decisions":[{"accept":{"at":"2026-04-09T09:00:00+02:00"}}]})");
        market.carry();
        market.wait_until("2026-04-09 09:00"); // the agreed moment is now
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        CHECK(alfa.claim(in).state == "claimed");
        CHECK(to_string(*alfa.claim(in).amount) == "6.00 EUR"); // the 8th and 9th
    }
    SUBCASE("it is refused: nothing is due, and nobody need decide") {
        bravo.does("port.answer", bravo.port_out("+3225501100").text,
                   R"({"decisions":[{"refuse":{"grounds":["LEGAL"]},"note":"a court order"}]})");
        market.carry();
        CHECK(alfa.claim(in).state == "not_due");
        CHECK(alfa.claim(in).amount->cents == 0);
    }
}

TEST_CASE("a claim for what nobody knows is refused by name") {
    Market market("2026-04-01 10:00");
    auto const unknown = market.at("ALFA").may_not("claim.file", "", R"({"port":"PI-000099","claimant":"x"})");
    CHECK(unknown[0].code == RefusalCode::not_found);
    CHECK(contains(unknown[0].text, "PI-000099"));
}

TEST_CASE_FIXTURE(NineEuro, "one line late, the other in time: only the late one is paid for") {
    World& charl = market.at("CHARL");
    charl.answers_by_hand();
    charl.has_contract({.id = "C-9", .numbers = "+3225509000..+3225509003"});
    market.wait_until("2026-05-04 10:00"); // a Monday; complex: plan Thursday the 7th, right from Friday the 8th 18:00
    auto const port = alfa.orders({.numbers = "+3225509000..+3225509003", .donor = "CHARL", .contract = "NEW-2"});
    market.carry();
    charl.does(
        "port.answer", charl.port_out("+3225509000").text,
        R"({"decisions":[{"numbers":[{"first":"+3225509000","last":"+3225509002"}],"accept":{"at":"2026-05-06T10:00:00+02:00"}},
                                {"numbers":["+3225509003"],"accept":{"at":"2026-05-11T10:00:00+02:00"}}]})");
    market.carry();
    market.wait_until("2026-05-06 10:00");
    alfa.does("port.activation", port.text,
              R"({"numbers":[{"first":"+3225509000","last":"+3225509002"}],"done":true,"reason":"x"})");
    market.wait_until("2026-05-11 10:00");
    alfa.does("port.activation", port.text, R"({"numbers":["+3225509003"],"done":true,"reason":"x"})");
    // one number, the 9th, 10th and 11th of May: 3 x 5.00 EUR
    CHECK(to_string(*alfa.claim(port).amount) == "15.00 EUR");
    auto const owed = alfa.owes(port);
    REQUIRE(owed.lines.size() == 2);
    CHECK(owed.lines[0].amount.cents == 0);
    CHECK(owed.lines[1].amount.cents == 1500);
}

TEST_CASE("the four cells of the plan, each by its own rule") {
    // request on Wednesday 1 April 10:00, one fixed number: request + be.total is Friday the 3rd 18:00; the wish is the
    // 15th 10:00
    for (bool const legal : {false, true})
        for (bool const on_date : {false, true}) {
            porting::Port port;
            port.customer.legal_person = legal;
            port.requested_at = at("2026-04-01 10:00");
            port.wish = {on_date, on_date ? std::optional(at("2026-04-15 10:00")) : std::nullopt};
            auto const cell =
                fmt::format("be.comp.planned.{}.{}", legal ? "legal" : "natural", on_date ? "date" : "asap");
            CAPTURE(cell);
            CHECK(text(porting::planned_moment(port, rules::Rulebook::shipped("be"))) ==
                  (on_date ? "2026-04-15 10:00" : "2026-04-03 18:00"));
            if (!on_date) continue; // "as soon as possible" has but one reading
            auto const other = rules::Rulebook::shipped("be", {{cell, "request_plus_total"}});
            CHECK(text(porting::planned_moment(port, other)) == "2026-04-03 18:00");
        }
}

TEST_CASE_FIXTURE(NineEuro,
                  "a cap bounds the sum, working days leave out the others, and the record replays to the same cents") {
    auto const lines = alfa.book().lines(in);
    auto const under = [&](std::map<std::string, std::string> const& overrides) {
        return porting::compensation(alfa.port(in), lines, rules::Rulebook::shipped("be", overrides), market.now())
            .total.cents;
    };
    CHECK(under({}) == 900);
    CHECK(under({{"be.comp.cap", "5.00"}}) == 500);
    CHECK(under({{"be.comp.cap", "9.00"}}) == 900);
    CHECK(under({{"be.comp.days", "working_days"}}) == 900); // Wednesday, Thursday, Friday
    CHECK(under({{"be.comp.rate.simple", "0.01"}}) == 3);
}

TEST_CASE_FIXTURE(NineEuro, "under a cap the parts still add up to what is paid, and a line says what was cut") {
    auto const capped = porting::compensation(alfa.port(in), alfa.book().lines(in), rules::Rulebook::shipped("be", {{"be.comp.cap", "5.00"}}), market.now());
    Money by_line{}, by_segment{}, by_causer{};
    for (auto const& line : capped.lines) {
        by_line += line.amount;
        for (auto const& segment : line.segments) by_segment += segment.amount;
    }
    for (auto const& party : capped.caused) by_causer += party.amount;
    CHECK(capped.total.cents == 500);
    CHECK(by_line.cents == 500);
    CHECK(by_segment.cents == 500);
    CHECK(by_causer.cents == 500);
    CHECK(contains(capped.lines[0].sentence, "= 9.00 EUR."));
    CHECK(contains(capped.lines[0].sentence, "Of that 5.00 EUR is owed: one claim comes to 5.00 EUR at most (be.comp.cap)."));
}

TEST_CASE_FIXTURE(NineEuro, "nothing is approved where nothing is due") {
    NineEuro in_time("2026-04-07 17:00");
    in_time.files();
    auto const refused =
        in_time.alfa.may_not("claim.approve", in_time.alfa.claim(in_time.in).id.text, R"({"reason":"x"})");
    CHECK(contains(refused[0].text, "Nothing is due"));
}

TEST_CASE_FIXTURE(NineEuro, "the statement says all that a claim stands on, in eighty columns") {
    files("Bakkerij Peeters", "2026-04-10 09:00");
    auto statement = this->statement();
    statement.steps = {{at("2026-04-10 09:00"), at("2026-04-10 10:00"), "filed", "api:desk:anna", "by the titular"}};
    auto const page = porting::statement_text(statement, alfa.rulebook());
    for (auto const* const part : {"Statement of claim CL-000001", "Bakkerij Peeters, a legal person", "ALFA, who pays",
                                   "+3225501100 completed, planned Fri 3 Apr 2026 18:00", "Total       9.00 EUR",
                                   "6.00 EUR. The donor was silent past its deadline.",
                                   "written down Fri 10 Apr 2026 10:00", "be.comp.rate.simple = 3.00 EUR (assumed;",
                                   "be.comp.start = 1 working day (read;", "was claimed in time by the titular"})
        CHECK_MESSAGE(contains(page, part), part << "\nis not in\n" << page);
    std::string_view rest = page;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n'));
        CHECK_MESSAGE(line.size() <= 80, line);
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
}

TEST_CASE("a field of the payment file is quoted where needed, and is never a formula") {
    using porting::csv_field;
    CHECK(csv_field("Bakkerij Peeters") == "Bakkerij Peeters");
    CHECK(csv_field("Peeters, Jan \"de oude\"") == "\"Peeters, Jan \"\"de oude\"\"\"");
    CHECK(csv_field("=HYPERLINK(\"x\")") == "\"'=HYPERLINK(\"\"x\"\")\"");
    CHECK(csv_field("+32") == "\"'+32\"");
    CHECK(csv_field("-1") == "\"'-1\"");
    CHECK(csv_field("@SUM(A1)") == "\"'@SUM(A1)\"");
    CHECK(csv_field("two\nlines") == "\"two\nlines\"");
    CHECK(csv_field("") == "");
}
