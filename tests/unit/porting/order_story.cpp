/// Before anything leaves: what is wrong with an order, what is kept as a draft, what comes back undelivered.

#include "support/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::testing;

namespace {

bool names(std::vector<Refusal> const& refusals, std::string_view pointer, std::string_view ground) {
    return std::ranges::any_of(refusals, [&](Refusal const& r) { return r.pointer == pointer && r.ground == ground; });
}

} // namespace

TEST_CASE("all that is wrong with an order is said at once, before anything is stored or sent") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    market.at("BRAVO").has_contract({.numbers = "+3225501100..+3225501109"});
    alfa.orders({.numbers = "+3225501109", .contract = "NEW-1"});
    alfa.has_contract({.id = "A-1", .customer = "Slagerij Claes", .numbers = "+3225501190"});
    auto const wrong =
        alfa.may_not_order({.numbers = "+3225501108..+3225501109, +3225501190, +32470123456, +3293501100",
                            .donor = "NOBODY",
                            .wish = "2026-03-31 10:00",
                            .mandate_titular = "Somebody Else",
                            .zone = "2"});
    CHECK(names(wrong, "/donor", ""));
    CHECK(names(wrong, "/numbers/0", "PORT_IN_PROGRESS"));
    CHECK(names(wrong, "/numbers/1", "NOT_TITULAR"));
    CHECK(names(wrong, "/numbers/2", "")); // a mobile number in a fixed order
    CHECK(names(wrong, "/numbers/3", "OUT_OF_ZONE"));
    CHECK(names(wrong, "/mandate/titular", "NOT_TITULAR"));
    CHECK(names(wrong, "/wish/at", ""));
    CHECK(wrong.size() == 7);
    CHECK(alfa.reader().count_ports({}) == 1);
    CHECK(alfa.said("portingrequest").size() == 1);
}

TEST_CASE("one order is one port") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    auto const first = alfa.orders({.id = "ORDER-7"});
    auto const again = alfa.may_not_order({.numbers = "+3225501101", .id = "ORDER-7"});
    REQUIRE(again.size() == 1);
    CHECK(again[0].code == RefusalCode::conflict);
    CHECK(contains(again[0].text, first.text));
}

TEST_CASE("nothing is ported in under a contract that has ended") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    alfa.has_contract({.id = "A-1", .numbers = "+3225501190"});
    alfa.does("contract.terminate", "A-1", "{}");
    auto const wrong = alfa.may_not_order({.contract = "A-1"});
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].pointer == "/contract_id");
}

TEST_CASE("an order is under a contract of its own customer and network") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    alfa.has_contract({.id = "A-1", .customer = "Slagerij Claes", .numbers = "+3225501190"});
    auto const stranger = alfa.may_not_order({.contract = "A-1"});
    REQUIRE(stranger.size() == 1);
    CHECK(names(stranger, "/contract_id", "NOT_TITULAR"));
    alfa.has_contract({.id = "A-2", .numbers = "+32470112233", .network = "mobile"});
    auto const elsewhere = alfa.may_not_order({.contract = "A-2"});
    REQUIRE(elsewhere.size() == 1);
    CHECK(names(elsewhere, "/contract_id", ""));
    CHECK(contains(elsewhere[0].text, "of the mobile network"));
    CHECK(alfa.reader().count_ports({}) == 0);
}

TEST_CASE("an order whose deadlines end beyond the table of holidays is refused whole") {
    // Wednesday 29 December 2100: planned for Friday the 31st, and the right to compensation would begin a working day later, in a
    // year of which no holiday is known.
    Market market("2100-12-29 10:00");
    World& alfa = market.at("ALFA");
    auto const refused = alfa.may_not_order({});
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].code == RefusalCode::not_admissible);
    CHECK(contains(refused[0].text, "1990 to 2100"));
    CHECK(alfa.reader().count_ports({}) == 0);
    CHECK(alfa.said("portingrequest").empty());
    CHECK_FALSE(alfa.next_due().has_value());
}

TEST_CASE("a draft stays here, leaves when it is submitted, and lapses after thirty days") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    market.at("BRAVO").has_contract({});
    auto const in = alfa.orders({.draft = true});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100 draft");
    CHECK(alfa.said("portingrequest").empty());
    // 30 calendar days after 1 April is 1 May, until 24:00
    CHECK(alfa.deadline(in, "+3225501100") == "draft_expiry 2026-05-02 00:00");

    SUBCASE("submitted: the legal clock starts now") {
        market.wait_until("2026-04-08 16:59:59");
        alfa.does("port.submit", in.text, "{}");
        // before the cut-off of Wednesday the 8th: 2 working days later is Friday the 10th
        CHECK(text(alfa.line(in, "+3225501100").planned_at) == "2026-04-10 18:00");
        market.carry();
        CHECK(alfa.lines(in) == "+3225501100 scheduled");
    }
    SUBCASE("submitted after the cut-off: it counts as asked tomorrow") {
        market.wait_until("2026-04-08 17:00");
        alfa.does("port.submit", in.text, "{}");
        CHECK(text(alfa.line(in, "+3225501100").planned_at) == "2026-04-13 18:00");
    }
    SUBCASE("forgotten") {
        market.wait_until("2026-05-02 00:00");
        CHECK(alfa.lines(in) == "+3225501100 lapsed");
        CHECK_FALSE(alfa.book().claim_of(in).has_value()); // it never left
        alfa.orders({});                                   // the number is free to be asked for again
    }
}

TEST_CASE("a request that nobody takes comes back as a draft; what the customer was promised stands") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    market.cut_off("BRAVO");
    auto const in = alfa.orders({.numbers = "+3225501100..+3225501101"});
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100..+3225501101 requested");
    market.wait_until("2026-04-02 18:00"); // npod.delivery.expires: one working day
    CHECK(alfa.lines(in) == "+3225501100..+3225501101 draft");
    CHECK(alfa.outgoing().empty());

    market.reconnect("BRAVO");
    market.wait_until("2026-04-07 09:00");
    alfa.does("port.submit", in.text, "{}");
    market.carry();
    CHECK(alfa.lines(in) == "+3225501100..+3225501101 scheduled");
    CHECK(alfa.port(in).requested_at == at("2026-04-07 09:00")); // the donor is measured from now
    // 3 working days after 1 April are the 2nd, 3rd and 7th: our trouble with the wire is not the customer's
    CHECK(text(alfa.line(in, "+3225501100").planned_at) == "2026-04-07 18:00");
}

TEST_CASE("a request that the interchange turns away comes back at once") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    auto const in = alfa.orders({});
    REQUIRE(alfa.outgoing().size() == 1);
    alfa.learns({alfa.outgoing()[0].id, porting::input::DeliveryReport::What::turned_away, "", "1000 dossierid"});
    CHECK(alfa.lines(in) == "+3225501100 draft");
    alfa.does("port.cancel", in.text, R"({"reason":"given up"})");
    CHECK(alfa.lines(in) == "+3225501100 cancelled");
    CHECK(alfa.said("cancel").empty()); // nobody heard of it, so nobody needs to forget it
}

TEST_CASE("an attempt that failed is kept, and the message stays ours to send") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    auto const in = alfa.orders({});
    auto const delivery = alfa.outgoing().at(0);
    alfa.learns({delivery.id, porting::input::DeliveryReport::What::attempt_failed, "", "connection refused"});
    CHECK(alfa.lines(in) == "+3225501100 requested");
    REQUIRE(alfa.outgoing().size() == 1);
    CHECK(alfa.outgoing()[0].state == "retrying");
    CHECK(alfa.outgoing()[0].bytes == delivery.bytes); // the same bytes again
    CHECK(alfa.deadline({porting::SubjectKind::delivery, std::to_string(delivery.id)}) ==
          "delivery_expiry 2026-04-02 18:00");
}

TEST_CASE("commands that do not fit are refused, whole, with what is possible") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    auto const out = bravo.port_out("+3225501100");

    CHECK(alfa.may_not("port.cancel", "PI-000099", R"({"reason":"x"})")[0].code == RefusalCode::not_found);
    CHECK(contains(alfa.may_not("port.submit", in.text, "{}")[0].next, "cancel"));
    CHECK(contains(alfa.may_not("port.activation", in.text, R"({"done":true,"reason":"x"})")[0].text,
                   "awaiting_answer does not take activation_done"));
    CHECK(bravo.may_not("port.cancel", out.text, R"({"reason":"x"})")[0].code == RefusalCode::not_admissible);
    CHECK(alfa.may_not("port.answer", in.text, R"({"decisions":[{"accept":true}]})")[0].code ==
          RefusalCode::not_admissible);
    CHECK(alfa.may_not("port.hold", in.text, R"({"numbers":["+3225501199"],"reason":"x"})")[0].pointer == "/numbers");
    auto const seq = alfa.reader().head_seq();
    CHECK(alfa.reader().log_row(seq)->refusals.size() == 1); // a refusal is in the record too
    CHECK(alfa.lines(in) == "+3225501100 awaiting_answer");

    alfa.does("port.note", in.text, R"({"reason":"customer rang"})");
    CHECK(alfa.reader().log_row(seq + 1)->notes == std::vector<std::string>{"customer rang"});
}

TEST_CASE("no date of a command lies in the past") {
    Market market("2026-04-01 10:00"); // 08:00 UTC
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    auto const out = bravo.port_out("+3225501100");
    auto const accepted = bravo.may_not("port.answer", out.text, R"({"decisions":[{"accept":{"at":"2026-04-01T07:59:59Z"}}],"reason":"x"})");
    REQUIRE(accepted.size() == 1);
    CHECK(names(accepted, "/decisions/0/accept/at", ""));
    CHECK(contains(accepted[0].text, "in the past"));
    CHECK(bravo.lines(out) == "+3225501100 validating");

    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":"2026-04-03T10:00:00+02:00"}}],"reason":"x"})");
    market.carry();
    auto const before = alfa.line(in, "+3225501100").agreed_at;
    auto const moved = alfa.may_not("port.reschedule", in.text, R"({"at":"2026-04-01T07:59:59Z","agreed_by_customer":true,"reason":"x"})");
    REQUIRE(moved.size() == 1);
    CHECK(names(moved, "/at", ""));
    CHECK(contains(moved[0].text, "in the past"));
    CHECK(alfa.line(in, "+3225501100").agreed_at == before);
}
