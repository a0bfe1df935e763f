/// Which grounds a donor may use, for whom, and when (RULES-BE section 3): told beforehand, and held when somebody answers.

#include "porting/admissible.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
using porting::Admissibility;
using porting::Ground;

namespace {

/// BRAVO answers by hand, so that nothing is decided before a person looks.
struct Desk {
    Market market{"2026-02-10 10:00"}; // a Tuesday
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId out;

    Desk() { bravo.answers_by_hand(); }

    void asks(Order const& order) {
        alfa.orders(order);
        market.carry();
        out = bravo.port_out(order.numbers.substr(0, order.numbers.find_first_of(".,")));
    }
    std::vector<porting::EligibleRange> eligible() {
        return eligible_grounds(bravo.port(out), bravo.book(), bravo.laws(), bravo.settings(), market.now());
    }
    /// Of the first range.
    Admissibility of(Ground ground) {
        auto const ranges = eligible();
        REQUIRE_FALSE(ranges.empty());
        return ranges[0].grounds.at(static_cast<std::size_t>(ground));
    }
    std::vector<Refusal> may_not_refuse_for(std::string const& ground) {
        return bravo.may_not("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":[")" + ground + R"("]}}]})");
    }
};

bool barred(Admissibility const& judged) { return judged.standing == Admissibility::Standing::barred; }
bool given(Admissibility const& judged) { return judged.standing == Admissibility::Standing::given; }
bool judgement(Admissibility const& judged) { return judged.standing == Admissibility::Standing::judgement; }

} // namespace

TEST_CASE_FIXTURE(Desk, "every ground is judged for every number, and neighbours of one kind stand together") {
    bravo.has_contract({.id = "C-1", .numbers = "+3225501100..+3225501104"});
    bravo.has_contract({.id = "C-2", .customer = "Slagerij Claes", .numbers = "+3225501105..+3225501109"});
    asks({.numbers = "+3225501100..+3225501109"}); // in the name of Bakkerij Peeters

    auto const ranges = eligible();
    REQUIRE(ranges.size() == 2);
    CHECK(to_string(ranges[0].numbers) == "+3225501100..+3225501104");
    CHECK(to_string(ranges[1].numbers) == "+3225501105..+3225501109");
    for (auto const& range : ranges) CHECK(range.grounds.size() == porting::all_grounds().size());

    auto const mismatch = static_cast<std::size_t>(Ground::name_address_mismatch);
    CHECK(barred(ranges[0].grounds[mismatch]));
    CHECK(contains(ranges[0].grounds[mismatch].why, "agree with contract C-1"));
    CHECK(given(ranges[1].grounds[mismatch]));
    CHECK(ranges[1].grounds[mismatch].why == "contract C-2 differs in name");

    // refused for all ten it is refused with the five that it is not true of
    auto const wrong = may_not_refuse_for("NAME_ADDRESS_MISMATCH");
    REQUIRE(wrong.size() == 1);
    CHECK(contains(wrong[0].text, "+3225501100..+3225501104"));
    CHECK(wrong[0].pointer == "/decisions/0/refuse/grounds");
    bravo.does("port.answer", out.text,
               R"({"decisions":[{"numbers":[{"first":"+3225501105","last":"+3225501109"}],
                                 "refuse":{"grounds":["NAME_ADDRESS_MISMATCH"]}}]})");
    CHECK(bravo.lines(out) == "+3225501100..+3225501104 validating, +3225501105..+3225501109 refused");
    CHECK(eligible().size() == 1); // the refused ones wait for nothing any more
}

TEST_CASE_FIXTURE(Desk, "what our own book contradicts may not be said of a number in service") {
    bravo.has_contract({});
    asks({});
    CHECK(barred(of(Ground::not_assigned)));
    CHECK(of(Ground::ageing).why == "it is in_service");
    CHECK(barred(of(Ground::ageing)));
    CHECK(barred(of(Ground::inactive)));
    CHECK(barred(of(Ground::port_in_progress)));
    CHECK(of(Ground::never_used).why == "only prepaid mobile numbers can be that, and it is fixed");
    CHECK(barred(of(Ground::incomplete_range))); // the contract has this number only
    CHECK(barred(of(Ground::wrong_account)));    // the request names none
    CHECK(barred(of(Ground::not_titular)));      // a company, by its whole name
    CHECK(judgement(of(Ground::mandate_missing)));
    CHECK(judgement(of(Ground::out_of_zone)));
    CHECK(contains(of(Ground::out_of_zone).why, "zone 2 (Brussels)"));
    for (auto const* const code : {"NOT_ASSIGNED", "AGEING", "INACTIVE", "NEVER_USED", "WRONG_ACCOUNT", "NOT_TITULAR"}) {
        auto const refused = may_not_refuse_for(code);
        CHECK(refused[0].code == RefusalCode::not_admissible);
        CHECK(refused[0].ground == code);
    }
}

TEST_CASE_FIXTURE(Desk, "a number is not ageing while its month runs, and is afterwards") {
    bravo.has_contract({});
    bravo.does("contract.terminate", "C-1", "{}"); // Tuesday 10 February: portable until 10 March, 24:00
    asks({});
    CHECK(barred(of(Ground::ageing)));
    CHECK(of(Ground::ageing).why ==
          "it is portable until Wed 11 Mar 2026 00:00: the month after its contract still runs (be.grace)");
    CHECK(contains(said(may_not_refuse_for("AGEING")), "portable until Wed 11 Mar 2026 00:00"));
    CHECK(barred(of(Ground::name_address_mismatch))); // compared with the contract that ended

    // The request came in the month; the answer, much too late, is judged by the day on which it is given.
    market.wait_until("2026-03-11 00:00");
    CHECK(bravo.number("+3225501100").state == "ageing");
    CHECK(given(of(Ground::ageing)));
    CHECK(contains(of(Ground::ageing).why, "rests until Tue 11 Aug 2026 00:00")); // six months after 10 February, until 24:00
}

TEST_CASE_FIXTURE(Desk, "an unpaid bill and a running term are known words, and no grounds") {
    bravo.has_contract({});
    asks({});
    for (auto const* const word : {"UNPAID_BILL", "DEBT", "unpaid bill", "Open-Invoice"}) {
        auto const refused = may_not_refuse_for(word);
        CHECK(refused[0].code == RefusalCode::not_admissible);
        CHECK(contains(refused[0].text, "An unpaid bill is no ground"));
        CHECK(contains(refused[0].text, "does not block the port"));
    }
    for (auto const* const word : {"RUNNING_TERM", "CONTRACT_TERM", "minimum term"}) {
        auto const refused = may_not_refuse_for(word);
        CHECK(contains(refused[0].text, "indemnity"));
        CHECK(contains(refused[0].text, "does not block the port"));
    }
    CHECK(may_not_refuse_for("BECAUSE")[0].code == RefusalCode::malformed); // a word that nobody means anything by
}

TEST_CASE_FIXTURE(Desk, "technical and legal grounds come with a text, in a refusal and in a postponement") {
    bravo.has_contract({});
    asks({});
    for (auto const* const code : {"TECHNICAL", "LEGAL"}) {
        auto const refused = may_not_refuse_for(code);
        CHECK(refused.size() == 1);
        CHECK(refused[0].pointer == "/decisions/0/note");
    }
    auto const postponed = bravo.may_not(
        "port.answer", out.text,
        R"({"decisions":[{"postpone":{"until":"2026-02-20T09:00:00+01:00","ground":"TECHNICAL"}}]})");
    CHECK(postponed[0].pointer == "/decisions/0/note");
    auto const untrue = bravo.may_not(
        "port.answer", out.text, R"({"decisions":[{"postpone":{"until":"2026-02-20T09:00:00+01:00","ground":"AGEING"}}]})");
    CHECK(untrue[0].pointer == "/decisions/0/postpone/ground");
    bravo.does("port.answer", out.text,
               R"({"decisions":[{"postpone":{"until":"2026-02-20T09:00:00+01:00","ground":"TECHNICAL"},"note":"new exchange"}]})");
    CHECK(bravo.lines(out) == "+3225501100 postponed");
}

TEST_CASE_FIXTURE(Desk, "only a prepaid mobile number can have never been used") {
    auto const put = [&](std::string const& id, std::string const& number, std::string const& product) {
        bravo.does("contract.put", id,
                   R"({"customer":{"kind":"natural","name":"An Peeters"},"network":"mobile","product":")" + product +
                       R"(","numbers":[")" + number + R"("]})");
    };
    put("C-1", "+32470112233", "Prepaid 15");
    put("C-2", "+32470112234", "Mobile Flat");
    auto const numbers = Order{.numbers = "+32470112233..+32470112234", .network = "mobile", .legal_person = false, .customer = "An Peeters"};
    asks(numbers);
    auto const ranges = eligible();
    REQUIRE(ranges.size() == 2);
    auto const never_used = static_cast<std::size_t>(Ground::never_used);
    CHECK(judgement(ranges[0].grounds[never_used]));
    CHECK(ranges[1].grounds[never_used].why == "contract C-2 is no prepaid one: Mobile Flat");
    // of a natural person the wire carries the last name only: his wife may bear it, too
    CHECK(judgement(ranges[0].grounds[static_cast<std::size_t>(Ground::not_titular)]));
}

TEST_CASE("a number of a known block that we do not serve is inactive, one of no known block is not assigned") {
    Market market("2026-02-10 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.knows_block("+3225501000..+3225501999", "BRAVO");
    auto const in = alfa.orders({.numbers = "+3225501100, +3225502000"});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 refused, +3225502000 refused");
    CHECK(alfa.line(in, "+3225501100").grounds == std::vector{Ground::inactive});
    CHECK(alfa.line(in, "+3225502000").grounds == std::vector{Ground::not_assigned});
}
