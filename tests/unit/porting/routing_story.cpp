/// Where calls go, as an operator sees it who has no part in a transfer: the table goes by when numbers moved, in whatever order the
/// news comes.

#include "support/world.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
namespace message = npod::porting::message;

namespace {

/// CHARL listens on Friday 10 April at noon; the numbers are of a block of BRAVO.
struct Bystander {
    Market market{"2026-04-10 12:00", {"ALFA", "BRAVO", "CHARL", "DELTA"}};
    World& charl = market.at("CHARL");
    Bystander() { charl.knows_block("+3225501000..+3225501999", "BRAVO"); }

    void hears(std::string const& recipient, std::string_view moment, std::string_view numbers = "+3225501100") {
        charl.hears(recipient, message::Performed{DossierId{recipient + "-000001"}, OperatorCode{recipient}, OperatorCode{recipient == "BRAVO" ? "ALFA" : "BRAVO"}, at(moment), ranges(numbers)});
    }
    /// A deactivation, whose header says when it was sent: now.
    void given_back_by(std::string const& who) {
        charl.hears(who, message::Deactivation{DossierId{who + "-R0000001"}, OperatorCode{who}, OperatorCode{"BRAVO"}, ranges("+3225501100")});
    }
    bool noted_older_news() const {
        auto const notes = charl.reader().log_row(charl.ledger().head_seq())->notes;
        return !notes.empty() && contains(notes.back(), "older news");
    }
};

} // namespace

TEST_CASE("of two transfers the later one counts, in whatever order they are heard of") {
    struct Row {
        char const *first, *first_at, *second, *second_at, *then, *because;
    };
    Row const rows[] = {
        {"ALFA", "2026-04-09 10:00", "DELTA", "2026-04-10 11:00", "DELTA", "in order"},
        {"DELTA", "2026-04-10 11:00", "ALFA", "2026-04-09 10:00", "DELTA", "in the wrong order"},
        {"DELTA", "2026-04-10 11:00:01", "ALFA", "2026-04-10 11:00:00", "DELTA", "a second apart"},
        {"ALFA", "2026-04-10 11:00", "DELTA", "2026-04-10 11:00", "DELTA", "of one second the later heard"},
        {"DELTA", "2026-04-10 11:00", "ALFA", "2026-04-10 11:00", "ALFA", "of one second the later heard"},
        {"ALFA", "2026-04-10 11:00", "DELTA", "2027-01-01 00:00", "DELTA", "a future cannot be: as of now"},
        {"DELTA", "2027-01-01 00:00", "ALFA", "2026-04-10 11:00", "DELTA", "and now is later than an hour ago"},
        {"DELTA", "2027-01-01 00:00", "ALFA", "2026-04-10 12:00", "ALFA", "and hides nothing that comes after it"},
        {"ALFA", "2026-04-10 11:00", "DELTA", "2001-01-01 00:00", "ALFA", "a past that is claimed gains nothing"},
        {"ALFA", "2026-04-09 10:00", "BRAVO", "2026-04-10 11:00", "BRAVO", "home again, in order"},
        {"BRAVO", "2026-04-10 11:00", "ALFA", "2026-04-09 10:00", "BRAVO", "home again, in the wrong order"},
    };
    for (auto const& row : rows) {
        CAPTURE(row.because);
        Bystander now;
        now.hears(row.first, row.first_at);
        CHECK(now.charl.served_by("+3225501100") == row.first);
        now.hears(row.second, row.second_at);
        CHECK(now.charl.served_by("+3225501100") == row.then);
        CHECK(now.noted_older_news() == (std::string_view(row.then) == row.first));
        CHECK(now.charl.said("errorfound").empty()); // late is not wrong
    }
}

TEST_CASE_FIXTURE(Bystander, "a number that was given back stays at home, whatever comes late of its time away") {
    hears("ALFA", "2026-04-09 10:00");
    given_back_by("ALFA");
    CHECK(charl.served_by("+3225501100") == "BRAVO");
    hears("DELTA", "2026-04-10 11:59:59");
    CHECK(charl.served_by("+3225501100") == "BRAVO");
    CHECK(charl.reader().routing({}, 10).empty());
    market.wait_until("2026-04-13 12:00");
    hears("DELTA", "2026-04-10 12:00:01");
    CHECK(charl.served_by("+3225501100") == "DELTA");
}

TEST_CASE_FIXTURE(Bystander, "late news moves those numbers of a range of which nothing later is known") {
    hears("ALFA", "2026-04-10 11:00", "+3225501100..+3225501103");
    hears("DELTA", "2026-04-09 10:00", "+3225501102..+3225501105");
    CHECK(charl.served_by("+3225501103") == "ALFA");
    CHECK(charl.served_by("+3225501104") == "DELTA");
    CHECK(noted_older_news());
}

TEST_CASE_FIXTURE(Bystander, "a block that comes to who serves a number of it keeps since when he does") {
    hears("ALFA", "2026-04-10 11:00");
    charl.knows_block("+3225501000..+3225501999", "ALFA");
    CHECK(charl.reader().routing({}, 10).empty());
    hears("DELTA", "2026-04-09 10:00");
    CHECK(charl.served_by("+3225501100") == "ALFA");
}

TEST_CASE_FIXTURE(Bystander, "what an older npod routed by what was heard last is told again so, what came after it by the moment") {
    charl.ledger().set_meta("routed_by_news_until", "1000000"); // as its migration leaves it, the log being of before
    hears("DELTA", "2026-04-10 11:00");
    hears("ALFA", "2026-04-09 10:00");
    CHECK(charl.served_by("+3225501100") == "ALFA");
    CHECK_FALSE(noted_older_news());
    CHECK(charl.reader().routing({}, 10).front().since == at("2026-04-10 12:00"));
    charl.audit(); // row by row, table by table
    charl.ledger().set_meta("routed_by_news_until", std::to_string(charl.ledger().head_seq()));
    hears("DELTA", "2026-04-10 11:30");
    CHECK(charl.served_by("+3225501100") == "ALFA"); // it moved then, for all that is known
    CHECK(noted_older_news());
}

TEST_CASE("who let a number go and hears first of its next transfer waits for news of the one of his") {
    Market market("2026-04-01 10:00", {"ALFA", "BRAVO", "DELTA"});
    World &alfa = market.at("ALFA"), &bravo = market.at("BRAVO");
    bravo.knows_block("+3225501000..+3225501999", "BRAVO");
    bravo.has_contract({});
    auto const in = alfa.orders({.wish = "2026-04-08 10:00"});
    market.carry();
    auto const out = bravo.port_out("+3225501100");
    CHECK(bravo.lines(out) == "+3225501100 awaiting_execution");
    market.cut_off("BRAVO");
    market.wait_until("2026-04-08 12:00");
    auto const numbers = ranges("+3225501100");
    bravo.hears("DELTA", message::Performed{DossierId{"DELTA-000001"}, OperatorCode{"DELTA"}, OperatorCode{"ALFA"}, at("2026-04-08 11:00"), numbers});
    CHECK(bravo.served_by("+3225501100") == "BRAVO"); // for all that we know
    CHECK(bravo.said("errorfound").empty());
    SUBCASE("it comes") {
        bravo.hears("ALFA", message::Performed{alfa.port(in).dossier, OperatorCode{"ALFA"}, OperatorCode{"BRAVO"}, at("2026-04-08 10:00"), numbers});
        CHECK(bravo.lines(out) == "+3225501100 executed");
        CHECK(bravo.contract("C-1").state == "ended");
        CHECK(bravo.served_by("+3225501100") == "DELTA");
    }
    SUBCASE("it never comes") {
        market.wait_until("2026-05-08 12:00");
        CHECK(contains(bravo.last_complaint(), "NOT_YOUR_NUMBER"));
        CHECK(bravo.served_by("+3225501100") == "BRAVO");
    }
}
