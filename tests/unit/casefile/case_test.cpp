/// Case files: what is exported comes out the same elsewhere, and whatever is changed in one is noticed.

#include "casefile/export.hpp"
#include "casefile/redact.hpp"
#include "casefile/signature.hpp"
#include "casefile/telling.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace npod;
using namespace npod::testing;

namespace {

constexpr auto program = "0.1.0";

Outcome<casefile::Case> exported(World& world, PortId const& port, Moment as_of, bool redact = false) {
    auto const reader = world.reader();
    return casefile::case_of({reader, world.first_law(), world.settings(), dialects_by_hub(world.code()), program}, port, as_of, redact);
}

/// Ten numbers of Bakkerij Peeters: BRAVO lets eight go, refuses one, postpones one; days later than planned. Beside it other
/// customers come and go, of whom nobody shall read in this case.
struct Partly {
    Market market{"2026-03-02 09:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    Partly() {
        bravo.answers_by_hand();
        for (auto* const world : {&alfa, &bravo}) world->knows_block("+3225501000..+3225509999", "BRAVO");
        bravo.has_contract({.id = "C-0", .customer = "Frituur Zeven", .numbers = "+3225507000"});
        bravo.has_contract({.id = "C-1", .numbers = "+3225501100..+3225501109"});
        alfa.orders({.numbers = "+3225507000", .customer = "Frituur Zeven", .contract = "NEW-7"});
        market.carry();
        in = alfa.orders({.numbers = "+3225501100..+3225501109"});
        market.carry();
        out = bravo.port_out("+3225501100");
        market.wait_until("2026-03-09 10:00"); // past the answer's deadline
        bravo.does("port.answer", out.text,
                   R"({"decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501107"}],"accept":{"at":"2026-03-12T09:00:00+01:00"}},)"
                   R"({"numbers":["+3225501108"],"refuse":{"grounds":["MANDATE_INVALID"]},"note":"Jan Peeters never signed"},)"
                   R"({"numbers":["+3225501109"],"postpone":{"until":"2026-03-18T09:00:00+01:00","ground":"TECHNICAL"},"note":"the fax lines hang on an old exchange"}],"reason":"as the exchange says"})");
        market.carry();
        alfa.does("port.note", in.text, R"({"reason":"Mrs Peeters called twice"})");
        market.wait_until("2026-03-12 10:00");
        alfa.does("port.activation", in.text, R"({"numbers":[{"first":"+3225501100","last":"+3225501107"}],"done":true,"reason":"test call"})");
        market.carry();
        market.wait_until("2026-03-16 09:00");
    }
    casefile::Case of(World& world, PortId const& port, bool redact = false) {
        auto made = exported(world, port, market.now(), redact);
        REQUIRE_MESSAGE(made, (made ? "" : made.refusal().text));
        return std::move(*made);
    }
    casefile::Verdict judged(casefile::Case const& content) { return casefile::judge(content, program); }
};

/// `from` is there, and is replaced once.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, "nothing to replace: " << from);
    return text.replace(at, from.size(), to);
}

/// What a forger does who knows the form: the seal fits again.
std::string sealed_again(std::string bytes) {
    bytes.resize(bytes.rfind("\n{\"seal\"") + 1);
    return bytes + fmt::format("{{\"seal\":{{\"sha256\":\"{}\"}}}}\n", hex(sha256(bytes)));
}

casefile::Opened opened(std::string const& bytes) {
    auto read = casefile::parse(bytes);
    REQUIRE_MESSAGE(read, (read ? "" : read.refusal().text));
    return std::move(*read);
}
std::string refused(std::string const& bytes) {
    auto const read = casefile::parse(bytes);
    REQUIRE(!read);
    return read.refusal().text;
}

} // namespace

TEST_CASE_FIXTURE(Partly, "a case comes out the same from its bytes alone, at the recipient and at the donor") {
    for (auto const& [world, port] : {std::pair{&alfa, in}, std::pair{&bravo, out}}) {
        auto const bytes = casefile::to_bytes(of(*world, port));
        CHECK(bytes == casefile::to_bytes(of(*world, port))); // told twice, the same bytes
        auto const read = opened(bytes);
        CHECK(read.seal_holds);
        auto const verdict = judged(read.content);
        CHECK(verdict.same);
        CHECK(verdict.difference == "");
        CHECK(verdict.remarks.empty());
        CHECK(verdict.events == static_cast<std::int64_t>(read.content.rows.size()));
        CHECK(casefile::to_bytes(read.content) == bytes);
    }
}

TEST_CASE_FIXTURE(Partly, "a case holds what its port depends on and leaves other customers out") {
    auto const bytes = casefile::to_bytes(of(alfa, in));
    CHECK(contains(bytes, "Bakkerij Peeters"));
    CHECK_FALSE(contains(bytes, "Frituur"));
    CHECK_FALSE(contains(bytes, "+3225507000\""));
    auto const donors = of(bravo, out);
    CHECK_FALSE(contains(casefile::to_bytes(donors), "Frituur"));
    auto const has = [&](std::string_view kind) { return std::ranges::any_of(donors.rows, [&](auto const& row) { return row.row.kind == kind; }); };
    CHECK(has("block.put"));
    CHECK(has("contract.put"));
    CHECK(has("message.portingrequest"));
    CHECK(donors.rows.size() < static_cast<std::size_t>(donors.head_seq));
}

TEST_CASE_FIXTURE(Partly, "the port's ids, dates and amounts are those of the daemon's own book") {
    auto const content = of(alfa, in);
    auto const verdict = judged(content);
    REQUIRE(verdict.book);
    CHECK(verdict.book->book().port(in)->state == alfa.port(in).state);
    CHECK(verdict.book->book().lines(in) == alfa.book().lines(in));
    CHECK(*verdict.book->book().claim_of(in) == alfa.claim(in));
    CHECK(contains(content.outcome, to_string(alfa.owes(in).total)));
    CHECK(alfa.owes(in).total.cents > 0); // the donor was silent for days
}

TEST_CASE_FIXTURE(Partly, "as of an earlier moment, a case ends there") {
    auto const early = exported(alfa, in, at("2026-03-03 09:00"));
    REQUIRE(early);
    CHECK(contains(early->outcome, "awaiting_answer"));
    CHECK_FALSE(contains(early->outcome, "completed"));
    CHECK(judged(*early).same);
    CHECK_FALSE(exported(alfa, in, at("2026-03-02 08:00"))); // nobody knew of it then
    CHECK_FALSE(exported(alfa, PortId{"PI-000099"}, market.now()));
}

TEST_CASE_FIXTURE(Partly, "redacted, a case names nobody and comes out the same") {
    for (auto const& [world, port] : {std::pair{&alfa, in}, std::pair{&bravo, out}}) {
        auto const whole = of(*world, port);
        auto const content = of(*world, port, true);
        auto const bytes = casefile::to_bytes(content);
        for (std::string const personal : {"Peeters", "PEETERS", "Bakkerij", "Jan ", "never signed", "called twice", "Kerkstraat", "771-22", "test call", "as the exchange"})
            CHECK_MESSAGE(!contains(bytes, personal), personal);
        auto const read = opened(bytes);
        CHECK(read.seal_holds);
        CHECK(read.content.redacted);
        CHECK(judged(read.content).difference == "");
        CHECK(read.content.rows.size() == whole.rows.size());
        CHECK(bytes == casefile::to_bytes(of(*world, port, true)));
        // with a hash of the log, a short list of names could be tried
        CHECK_FALSE(contains(bytes, hex(whole.head_hash)));
        for (auto const& row : whole.rows)
            if (contains(row.row.body, "Peeters")) CHECK_FALSE(contains(bytes, hex(row.row.hash)));
    }
}

TEST_CASE_FIXTURE(Partly, "equal values are equal tokens, in names word by word") {
    auto const content = of(bravo, out, true);
    auto const body = [&](std::string_view kind) {
        return std::ranges::find_if(content.rows, [&](auto const& row) { return row.row.kind == kind; })->row.body;
    };
    // contract "Bakkerij Peeters" and the request's company name are the same two words
    CHECK(contains(body("contract.put"), R"("name":"N1 N2")"));
    CHECK(contains(body("message.portingrequest"), R"("companyname":"N1 N2")"));
}

TEST_CASE_FIXTURE(Partly, "a byte changed anywhere breaks the seal") {
    auto const bytes = casefile::to_bytes(of(alfa, in));
    int noticed = 0, tried = 0;
    for (std::size_t i = 20; i < bytes.size() - 80; i += 97) {
        auto forged = bytes;
        forged[i] = forged[i] == '0' ? '1' : '0';
        ++tried;
        auto const read = casefile::parse(forged);
        if (!read || !read->seal_holds) ++noticed;
    }
    CHECK(tried > 100);
    CHECK(noticed == tried);
}

TEST_CASE_FIXTURE(Partly, "who changes a part and seals it anew is told which event differs") {
    auto const content = of(alfa, in);
    auto const bytes = casefile::to_bytes(content);
    auto const differs = [&](std::string const& forged) {
        auto const read = opened(sealed_again(forged));
        CHECK(read.seal_holds);
        auto const verdict = judged(read.content);
        CHECK_FALSE(verdict.same);
        return verdict.difference;
    };
    SUBCASE("the body of a message") { CHECK(contains(differs(replaced(bytes, "Bakkerij Peeters", "Bakkerij Janssens")), "row ")); }
    SUBCASE("what a move came to") { CHECK(differs(replaced(bytes, R"("to":"refused")", R"("to":"scheduled")")) != ""); }
    SUBCASE("a reason") { CHECK(differs(replaced(bytes, "Mrs Peeters called twice", "Mrs Peeters never called")) != ""); }
    SUBCASE("a law") { CHECK(contains(differs(replaced(bytes, R"(be.execute.within\")", R"(be.execute.withim\")")), "law")); }
    SUBCASE("the money") {
        auto const owed = R"("total":")" + to_string(alfa.owes(in).total);
        CHECK(contains(differs(replaced(bytes, owed, R"("total":"9.99 EUR)")), "/compensation"));
    }
    SUBCASE("a setting") { CHECK(differs(replaced(bytes, R"("dossier_prefix":"ALFA")", R"("dossier_prefix":"OTHER")")) != ""); }
    SUBCASE("an id") { CHECK(differs(replaced(bytes, R"("counters":{"claim":1)", R"("counters":{"claim":5)")) != ""); }
    SUBCASE("a row left out") {
        auto const begin = bytes.find("\n{\"row\"", bytes.find("port.order")) + 1;
        auto without = bytes;
        without.erase(begin, bytes.find('\n', begin) + 1 - begin);
        CHECK(differs(without) != "");
    }
}

TEST_CASE_FIXTURE(Partly, "the event that differs is named") {
    auto content = of(alfa, in);
    auto& row = *std::ranges::find_if(content.rows, [](auto const& one) { return one.row.kind == "message.portingrequestanswer"; });
    row.row.moves.front().to = "refused";
    auto const verdict = judged(content);
    CHECK(verdict.at == row.row.seq);
    CHECK(contains(verdict.difference, "portingrequestanswer"));
    CHECK(verdict.events > 0); // those before it came out the same
}

TEST_CASE_FIXTURE(Partly, "what is no case is told apart: foreign, newer, cut off, damaged") {
    auto const bytes = casefile::to_bytes(of(alfa, in));
    CHECK(contains(refused(""), "no case file"));
    CHECK(contains(refused("{\"a\":1}\n"), "no case file"));
    CHECK(contains(refused(std::string("\x89PNG\r\n\x1a\n\0", 9)), "no case file"));
    CHECK(contains(refused(replaced(bytes, R"("form":1)", R"("form":2)")), "form 2"));
    CHECK(contains(refused(bytes.substr(0, bytes.size() / 2)), "cut off"));
    CHECK(contains(refused(bytes.substr(0, bytes.rfind("{\"seal\""))), "cut off"));
    CHECK(contains(refused(bytes.substr(0, bytes.size() - 1)), "cut off"));
    CHECK(contains(refused(bytes + "{}\n"), "behind the seal"));
    CHECK(contains(refused(replaced(bytes, "{\"row\"", "{\"raw\"")), "cannot be read"));
    CHECK(contains(refused(replaced(bytes, "\n{\"row\"", "\n\"row\"")), "no JSON"));
}

TEST_CASE_FIXTURE(Partly, "another program or machine is remarked, and decides nothing") {
    auto content = of(alfa, in);
    content.machines["port_in"] = "0000000000000000";
    auto const verdict = casefile::judge(content, "0.2.0");
    CHECK(verdict.same);
    CHECK(verdict.remarks.size() == 2);
}

TEST_CASE_FIXTURE(Partly, "every port of every book of the market") {
    market.wait_until("2026-04-20 09:00"); // the postponed number is silent, then late; the claim accrues
    int judged_ports = 0;
    for (auto const* const code : {"ALFA", "BRAVO", "CHARL"}) {
        World& world = market.at(code);
        for (auto const& port : world.reader().ports({})) {
            for (bool const redact : {false, true}) CHECK(judged(of(world, port.id, redact)).difference == "");
            ++judged_ports;
        }
    }
    CHECK(judged_ports == 4);
}
