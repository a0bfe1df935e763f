/// A customer asks that what we know of him be erased: from the log and from everything that it brought about, with the chain whole
/// and the log still telling the very same story. After each test the market audits every book: told again, every column of every
/// table must come out as it stands.

#include "engine/erasure.hpp"
#include "storage/erasure.hpp"
#include "support/world.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;

namespace {

/// Everything that a book holds, as text.
std::string all_of(World const& world) {
    std::string text;
    for (auto const& row : world.reader().log(0, 10'000, true)) {
        text += row.reason + "\n" + row.body + "\n";
        for (auto const& move : row.moves) text += move.note + "\n";
        for (auto const& note : row.notes) text += note + "\n";
        for (auto const& refusal : row.refusals) text += refusal.text + refusal.next + "\n";
    }
    for (auto const* const id : {"PI-000001", "PI-000002", "PO-000001", "PO-000002"}) {
        for (auto const& delivery : world.reader().deliveries_of(PortId{id})) text += delivery.bytes + "\n";
        for (auto const& line : world.book().lines(PortId{id})) text += line.note + "\n";
        if (auto const port = world.book().port(PortId{id}))
            text += port->customer.name + port->customer.address.street + port->note + port->donor_account +
                    port->location.address.city + (port->mandate ? port->mandate->titular + port->mandate->signer : "");
        if (auto const claim = world.book().claim_of(PortId{id})) text += claim->filed_by + claim->decision_reason;
    }
    for (auto const& contract : world.reader().contracts("", 100)) text += contract.customer.name + contract.customer.address.city;
    return text;
}

/// BRAVO's customer goes to ALFA: his number is effective there, his contract with BRAVO has ended.
struct Moved {
    Market market{"2026-03-02 09:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    Moved() {
        bravo.does("contract.put", "C-1",
                   R"({"customer":{"kind":"natural","name":"Godelieve Vandersmissen","customer_id":"K-4711","address":{"street":"Duinweg","house_number":"17A","box":"b","postcode":"8300","city":"Knokke"}},)"
                   R"("product":"Voice","network":"fixed","location":{"address":{"street":"Duinweg","house_number":"17A","city":"Knokke"},"zone":"2"},"numbers":["+3225501100"]})");
        in = PortId{alfa.does("port.order", "",
                              R"({"order_id":"lune-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100"],"donor_account":"K-4711",)"
                              R"("customer":{"kind":"natural","name":"Godelieve Vandersmissen","address":{"street":"Duinweg","house_number":"17A","box":"b","postcode":"8300"}},)"
                              R"("contract_id":"NEW-1","location":{"zone":"2"},"note":"bell is broken, knock","related":[{"number":"+3225501101","fate":"keep"}],)"
                              R"("mandate":{"id":"M-9","titular":"Godelieve Vandersmissen","signer":"Leopold Vandersmissen","channel":"paper","signed_at":"2026-03-01T10:00:00+01:00"}})")};
        market.carry();
        alfa.does("port.note", in.text, R"({"reason":"spoke with Leopold: he is her son"})");
        market.wait_until("2026-03-05 09:00");
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call with Leopold"})");
        market.carry();
        out = bravo.port_out("+3225501100");
    }

    engine::Event erasure(engine::Event::Erase what, std::string key) const {
        engine::Event event;
        event.kind = storage::erasure_kind;
        event.source = "api:admin:eva";
        event.key = std::move(key);
        event.reason = "request 2026/14";
        event.erase = what;
        return event;
    }
};

constexpr auto a_port = engine::Event::Erase::port;
constexpr auto a_contract = engine::Event::Erase::contract;

} // namespace

TEST_CASE_FIXTURE(Moved, "what the donor knew of a customer who left is erased everywhere, and the record still stands") {
    CHECK(bravo.lines(out) == "+3225501100 executed");
    CHECK(bravo.contract("C-1").state == "ended");
    for (auto const* const personal : {"Vandersmissen", "Duinweg", "Knokke", "17A", "8300", "K-4711", "knock"})
        CHECK_MESSAGE(contains(all_of(bravo), personal), personal);
    auto const rows = bravo.reader().head_seq();
    auto const hash = bravo.reader().log_row(rows)->hash;

    auto const done = bravo.writes(erasure(a_port, out.text));
    CHECK(done.answer.refusals.empty());
    CHECK(done.seq == rows + 1);
    for (auto const* const personal : {"Vandersmissen", "Duinweg", "Knokke", "17A", "8300", "K-4711", "knock"})
        CHECK_MESSAGE(!contains(all_of(bravo), personal), personal);
    // the record: chain, states, numbers, dates stand; the fate that the note carried as well
    CHECK(bravo.ledger().check(0).findings.empty());
    CHECK(bravo.reader().log_row(rows)->hash == hash);
    CHECK(bravo.lines(out) == "+3225501100 executed");
    CHECK(contains(bravo.port(out).note, "FATES KEEP +3225501101"));
    // who, why, which rows, and what is left
    auto const telling = *bravo.reader().log_row(done.seq);
    CHECK(telling.source == "api:admin:eva");
    CHECK(telling.reason == "request 2026/14");
    CHECK(telling.about == std::vector<std::string>{out.text, "C-1"});
    auto const told = storage::erasure_told_from_json(telling.body);
    CHECK(told.rows.size() >= 3); // the contract, the request, the performed
    for (auto const& row : told.rows) CHECK(storage::hash_of_what_is_there(*bravo.reader().log_row(row.seq)) == row.left);
}

TEST_CASE_FIXTURE(Moved, "the marks are equal where the originals were, and differ from one erasure to the next") {
    bravo.writes(erasure(a_contract, "C-1"));
    auto const name = bravo.contract("C-1").customer.name; // "~xxxxxxxx ~yyyyyyyy"
    CHECK(name.size() == 19);
    CHECK(name.front() == '~');
    CHECK(bravo.port(out).customer.name == name.substr(10)); // the wire carried the last name
    CHECK(bravo.port(out).customer.address.postcode == bravo.contract("C-1").customer.address.postcode);
    Moved other;
    other.bravo.writes(other.erasure(a_contract, "C-1"));
    CHECK(other.bravo.contract("C-1").customer.name != name);
}

TEST_CASE_FIXTURE(Moved, "while something of the customer still runs, nothing is erased, and it is said what") {
    auto const before = all_of(alfa);
    auto const refused = alfa.writes(erasure(a_port, in.text));
    CHECK(contains(said(refused.answer.refusals), "contract NEW-1 is active"));
    CHECK(contains(said(alfa.writes(erasure(a_contract, "NEW-1")).answer.refusals), "contract NEW-1 is active"));
    CHECK(refused.seq == 0);
    CHECK(all_of(alfa) == before);
    CHECK(contains(said(alfa.writes(erasure(a_port, "PI-000009")).answer.refusals), "There is no port PI-000009"));
    CHECK(contains(said(alfa.writes(erasure(a_contract, "C-77")).answer.refusals), "There is no contract C-77"));
}

TEST_CASE_FIXTURE(Moved, "when he has left the recipient, too, all his ports there go with the contract: order, mandate, remarks, claim") {
    alfa.does("claim.file", "", R"({"port":")" + in.text + R"(","claimant":"Leopold Vandersmissen","channel":"post"})");
    market.wait_until("2026-09-01 09:00");
    alfa.does("contract.terminate", "NEW-1", "{}");
    market.wait_until("2027-06-01 09:00");
    CHECK(contains(all_of(alfa), "by Leopold Vandersmissen, who is not the titular"));
    auto const done = alfa.writes(erasure(a_contract, "NEW-1"));
    CHECK_MESSAGE(done.answer.refusals.empty(), said(done.answer.refusals));
    for (auto const* const personal : {"Vandersmissen", "Godelieve", "Leopold", "Duinweg", "17A", "8300", "K-4711", "knock"})
        CHECK_MESSAGE(!contains(all_of(alfa), personal), personal);
    CHECK(contains(alfa.port(in).note, "[erased "));
    CHECK(alfa.port(in).mandate->id == "M-9");
    SUBCASE("a second time there is nothing left to do") {
        CHECK(contains(said(alfa.writes(erasure(a_contract, "NEW-1")).answer.refusals), "erased before"));
    }
}

TEST_CASE_FIXTURE(Moved, "a rehearsed erasure leaves everything as it was") {
    auto const before = all_of(bravo);
    auto event = erasure(a_port, out.text);
    event.dry_run = true;
    CHECK(bravo.writes(event).answer.refusals.empty());
    CHECK(all_of(bravo) == before);
}
