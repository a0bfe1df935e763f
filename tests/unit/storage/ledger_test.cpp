/// What the writer keeps: every field of every thing, whole events or nothing, and no more than the invariants allow.

#include "things.hpp"

#include "base/hash.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using namespace npod::porting;

TEST_CASE("every field of every thing comes back") {
    Ledger ledger(in_memory());
    auto const port = a_port();
    auto const delivery = a_delivery();
    Effects effects = sending({delivery});
    effects.ports = {port};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501104)), a_line(port, 2, range(3225501105, 3225501109))};
    effects.numbers = {a_number()};
    effects.contracts = {a_contract()};
    effects.claims = {a_claim()};
    effects.arm = {a_timer(subject_of(effects.lines[0]), minute(30))};
    effects.park = {{1, DossierId{"BRAVO-7"}, bravo, "portingperformed", minute(2)}};
    effects.counters = {{"port_in", 1}, {"delivery", 1}};
    carry_out(ledger, effects, {delivery});

    auto const& book = ledger.book();
    CHECK(book.port(port.id) == port);
    CHECK(book.port_by_dossier(port.dossier, Role::port_in) == port);
    CHECK(!book.port_by_dossier(port.dossier, Role::port_out));
    CHECK(book.port_by_order(port.order) == port);
    CHECK(book.lines(port.id) == effects.lines);
    CHECK(book.number({3225501100}) == effects.numbers[0]);
    CHECK(book.contract(ContractId{"C-1"}) == effects.contracts[0]);
    CHECK(book.claim(ClaimId{"CL-000001"}) == effects.claims[0]);
    CHECK(book.claim_of(port.id) == effects.claims[0]);
    CHECK(book.delivery(1) == delivery);
    CHECK(book.timer(subject_of(effects.lines[0])) == effects.arm[0]);
    CHECK(book.parked(DossierId{"BRAVO-7"}) == effects.park);
    CHECK(book.parked_one(1) == effects.park[0]);
    CHECK(book.counter("port_in") == 1);
    CHECK(book.counter("claim") == 0);
    auto const live = book.live_port({3225501107}, Role::port_in);
    REQUIRE(live);
    CHECK(live->port == port.id);
    CHECK(live->line == 2);
    CHECK(!book.live_port({3225501107}, Role::port_out));
    CHECK(!book.live_port({3225501110}, Role::port_in));
}

TEST_CASE("empty optionals stay empty, and a row is replaced whole") {
    Ledger ledger(in_memory());
    auto port = a_port();
    Effects effects;
    effects.ports = {port};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501100))};
    carry_out(ledger, effects);

    port.mandate.reset();
    port.wish = {};
    port.customer = {};
    port.related.clear();
    port.version = 4;
    Line bare;
    bare.port = port.id;
    bare.no = 1;
    bare.numbers = range(3225501100, 3225501100);
    bare.state = "requested";
    effects.ports = {port};
    effects.lines = {bare};
    carry_out(ledger, effects);
    CHECK(ledger.book().port(port.id) == port);
    CHECK(ledger.book().lines(port.id) == std::vector<Line>{bare});
}

TEST_CASE("a number is in one live port per role, until its line settles") {
    Ledger ledger(in_memory());
    auto const first = a_port("PI-000001", "ALFA-0001"), second = a_port("PI-000002", "ALFA-0002");
    auto const out = a_port("PO-000001", "BRAVO-0001");
    Effects effects;
    effects.ports = {first, out};
    effects.lines = {a_line(first, 1, range(3225501100, 3225501109)),
                     a_line(out, 1, range(3225501105, 3225501105), "validating")};
    carry_out(ledger, effects); // the same number in another role is no contradiction

    Effects rival;
    rival.ports = {second};
    rival.lines = {a_line(second, 1, range(3225501109, 3225501112))};
    ledger.begin();
    ledger.savepoint();
    try {
        ledger.apply(rival, {}, 0);
        FAIL("a second live port of +3225501109 was taken");
    } catch (Refused const& refused) { // names the number and who holds it
        CHECK(std::string(refused.what()).find("+3225501109") != std::string::npos);
        CHECK(std::string(refused.what()).find("PI-000001") != std::string::npos);
    }
    ledger.undo();
    ledger.commit();
    CHECK(!ledger.book().port(second.id));

    effects.ports = {first};
    effects.lines = {a_line(first, 1, range(3225501100, 3225501109), "refused")}; // a settled state of port_in
    carry_out(ledger, effects);
    CHECK(!ledger.book().live_port({3225501109}, Role::port_in));
    CHECK(ledger.book().live_port({3225501105}, Role::port_out));
    carry_out(ledger, rival);
    CHECK(ledger.book().live_port({3225501109}, Role::port_in)->port == second.id);
}

TEST_CASE("a line splits: its numbers move to the new line within one event") {
    Ledger ledger(in_memory());
    auto const port = a_port();
    Effects effects;
    effects.ports = {port};
    effects.lines = {a_line(port, 1, range(3225501100, 3225501109))};
    carry_out(ledger, effects);
    // The new line comes first in the list: the order must not matter.
    effects.lines = {a_line(port, 2, range(3225501100, 3225501103)),
                     a_line(port, 1, range(3225501104, 3225501109), "completed")};
    carry_out(ledger, effects);
    CHECK(ledger.book().live_port({3225501100}, Role::port_in)->line == 2);
    CHECK(ledger.book().live_port({3225501103}, Role::port_in)->line == 2);
    CHECK(!ledger.book().live_port({3225501104}, Role::port_in)); // completed is settled
}

TEST_CASE("the schema refuses states without what they imply, and second owners") {
    Ledger ledger(in_memory());
    auto const port = a_port();
    Effects base;
    base.ports = {port};
    base.claims = {a_claim()};
    carry_out(ledger, base);
    auto const refusal_of = [&](Effects const& effects) -> std::string {
        ledger.begin();
        ledger.savepoint();
        std::string text;
        try {
            ledger.apply(effects, {}, 0);
        } catch (Refused const& refused) {
            text = refused.what();
        }
        ledger.undo();
        ledger.commit();
        return text;
    };
    Effects effects;
    SUBCASE("completed without its effective time") {
        effects.lines = {a_line(port, 1, range(3225501100, 3225501100), "completed")};
        effects.lines[0].effective_at.reset();
        CHECK(refusal_of(effects).find("a line with effect has its effective time") != std::string::npos);
    }
    SUBCASE("postponed without its date") {
        effects.lines = {a_line(port, 1, range(3225501100, 3225501100), "postponed")};
        effects.lines[0].postponed_until.reset();
        CHECK(refusal_of(effects).find("a postponed line has its date") != std::string::npos);
    }
    SUBCASE("a number without its end of ageing") {
        effects.numbers = {a_number()};
        effects.numbers[0].ageing_until.reset();
        CHECK(refusal_of(effects).find("an ageing number has its end of ageing") != std::string::npos);
    }
    SUBCASE("a second port of one dossier and role") {
        effects.ports = {a_port("PI-000002", port.dossier.text)};
        CHECK(refusal_of(effects).find("dossier is already that of another port") != std::string::npos);
    }
    SUBCASE("a second claim of one port") {
        effects.claims = {a_claim("CL-000002")};
        CHECK(refusal_of(effects).find("the port already has its claim") != std::string::npos);
    }
    SUBCASE("a line of no port") {
        effects.lines = {a_line(a_port("PI-000009"), 1, range(3225501100, 3225501100))};
        CHECK(refusal_of(effects).find("PI-000009, which is not there") != std::string::npos);
    }
    SUBCASE("a counter that goes back") {
        effects.counters = {{"port_in", 5}};
        carry_out(ledger, effects);
        effects.counters = {{"port_in", 4}};
        CHECK(refusal_of(effects).find("a counter never goes back") != std::string::npos);
    }
}

TEST_CASE("undo leaves nothing of an event, and the rest of the batch stands") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    auto const kept = a_port("PI-000001", "ALFA-0001"), undone = a_port("PI-000002", "ALFA-0002");
    auto const event = [&](Port const& port, std::int64_t number, bool keep) {
        auto delivery = a_delivery(number - 3225501099, port.id.text);
        Effects effects = sending({delivery});
        effects.ports = {port};
        effects.lines = {a_line(port, 1, range(number, number))};
        effects.arm = {a_timer(subject_of(effects.lines[0]), minute(30))};
        LogRow row = a_row();
        row.about = {port.id.text};
        ledger.savepoint();
        ledger.append(row);
        ledger.apply(effects, {delivery}, row.seq);
        ledger.remember("api:desk:anna", port.id.text, {Hash{}, row.seq, 201, "made", "/v1/ports/" + port.id.text});
        keep ? ledger.release() : ledger.undo();
        return row;
    };
    ledger.begin();
    auto const first = event(kept, 3225501100, true);
    auto const second = event(undone, 3225501101, false);
    auto const third = event(a_port("PI-000003", "ALFA-0003"), 3225501102, true);
    ledger.commit();

    CHECK(first.seq == 1);
    CHECK(second.seq == 2);
    CHECK(third.seq == 2); // the number of the undone row is free again, and the chain goes on from row 1
    CHECK(ledger.head_seq() == 2);
    CHECK(!ledger.book().port(undone.id));
    CHECK(!ledger.book().live_port({3225501101}, Role::port_in));
    CHECK(!ledger.book().delivery(2));
    CHECK(!ledger.book().timer({SubjectKind::line, "PI-000002/1"}));
    CHECK(!ledger.remembered("api:desk:anna", "PI-000002"));
    CHECK(reader.log_about("PI-000002", 0, 10).empty());
    CHECK(reader.log(0, 10).size() == 2);
    CHECK(reader.ports_by_state() == std::vector<std::pair<std::string, std::int64_t>>{{"awaiting_answer", 2}});
    CHECK(ledger.remembered("api:desk:anna", "PI-000001")->location == "/v1/ports/PI-000001");
    auto const health = ledger.check(0);
    CHECK(health.rows == 2);

    ledger.begin();
    event(undone, 3225501101, true);
    ledger.rollback();
    CHECK(!ledger.book().port(undone.id));
    CHECK(ledger.head_seq() == 2);
    CHECK(ledger.reader_on_same_connection().ports_by_state() == std::vector<std::pair<std::string, std::int64_t>>{{"awaiting_answer", 2}});
}

TEST_CASE("a log row comes back with every field, and again under each of its ids") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    auto const row = carry_out(ledger, {});
    auto other = a_row("clock");
    other.about = {"PI-000002"};
    carry_out(ledger, {}, {}, other);
    auto const found = reader.log_row(1);
    REQUIRE(found);
    CHECK(found->learned_at == row.learned_at);
    CHECK(found->happened_at == row.happened_at);
    CHECK(found->kind == row.kind);
    CHECK(found->source == row.source);
    CHECK(found->key == row.key);
    CHECK(found->reason == row.reason);
    CHECK(found->body == row.body);
    CHECK(found->moves == row.moves);
    CHECK(found->notes == row.notes);
    CHECK(found->refusals == row.refusals);
    CHECK(found->about == row.about);
    CHECK(found->hash == row.hash);
    CHECK(reader.log(0, 10).at(1).kind == "clock");
    CHECK(reader.log(0, 10).at(0).body.empty()); // not asked for
    CHECK(reader.log(0, 10, true).at(0).body == row.body);
    CHECK(reader.log(1, 10).size() == 1);
    CHECK(reader.log_about("+3225501100", 0, 10).size() == 1);
    CHECK(reader.log_about("+3225501100", 1, 10).empty());
    CHECK(!reader.log_row(3));
}

TEST_CASE("timers come out in due order, one per subject") {
    Ledger ledger(in_memory());
    CHECK(!ledger.next_due());
    Subject const a{SubjectKind::number, "+3225501100"}, b{SubjectKind::contract, "C-1"},
        c{SubjectKind::claim, "CL-000001"};
    Effects effects;
    effects.arm = {a_timer(a, minute(30)), a_timer(b, minute(10)), a_timer(c, minute(20))};
    carry_out(ledger, effects);
    auto const names = [&](Moment until, int limit) {
        std::string text;
        for (auto const& timer : ledger.due(until, limit)) text += timer.subject.id + " ";
        return text;
    };
    CHECK(ledger.next_due() == minute(10));
    CHECK(names(minute(9), 10).empty());
    CHECK(names(minute(10), 10) == "C-1 "); // due at its very instant
    CHECK(names(minute(60), 10) == "C-1 CL-000001 +3225501100 ");
    CHECK(names(minute(60), 2) == "C-1 CL-000001 ");

    effects.arm = {a_timer(b, minute(40), "other")}; // replaces what the subject had
    effects.cancel = {c};
    carry_out(ledger, effects);
    CHECK(names(minute(60), 10) == "+3225501100 C-1 ");
    CHECK(ledger.book().timer(b)->name == "other");
    CHECK(!ledger.book().timer(c));
}

TEST_CASE("deliveries wait per peer until the machine says that they are settled; their bytes never change") {
    Ledger ledger(in_memory());
    Effects base;
    base.ports = {a_port()};
    carry_out(ledger, base);
    auto first = a_delivery(1), second = a_delivery(2), third = a_delivery(3, "");
    second.peer = bravo;
    carry_out(ledger, sending({first, second, third}), {first, second, third});
    CHECK(ledger.peers_with_undelivered() == std::vector<OperatorCode>{bravo, OperatorCode{"HUB"}});
    CHECK(ledger.undelivered(OperatorCode{"HUB"}, 10) == std::vector<Delivery>{first, third});
    CHECK(ledger.undelivered(OperatorCode{"HUB"}, 1) == std::vector<Delivery>{first});

    Effects effects;
    auto changed = first;
    changed.state = "confirmed";
    changed.receipt = "T-10";
    changed.bytes = "something else";
    effects.deliveries = {changed};
    carry_out(ledger, effects);
    CHECK(ledger.undelivered(OperatorCode{"HUB"}, 10) == std::vector<Delivery>{third});
    CHECK(ledger.book().delivery(1)->receipt == "T-10");
    CHECK(ledger.book().delivery(1)->bytes == first.bytes);
    CHECK(ledger.reader_on_same_connection().undelivered_count() == 2);
    CHECK(ledger.reader_on_same_connection().deliveries_of(PortId{"PI-000001"}).size() == 2);
}

TEST_CASE("an answer is remembered byte for byte, once") {
    Ledger ledger(in_memory());
    CHECK(!ledger.remembered("wire:BRAVO", "k1"));
    Remembered answer{{}, 0, 422, std::string("bytes\0!", 7), ""};
    answer.content[31] = 7;
    ledger.begin();
    ledger.remember("wire:BRAVO", "k1", answer);
    CHECK_THROWS_AS(ledger.remember("wire:BRAVO", "k1", answer), Refused);
    ledger.commit();
    auto const found = ledger.remembered("wire:BRAVO", "k1");
    REQUIRE(found);
    CHECK(found->content == answer.content);
    CHECK(found->seq == 0);
    CHECK(found->status == 422);
    CHECK(found->reply == answer.reply);
    CHECK(!ledger.remembered("wire:CHARLIE", "k1")); // another source may use the same key
}

TEST_CASE("mailboxes hold a message per receiver until he confirms it") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    OperatorCode const charlie{"CHARLIE"};
    carry_out(ledger, {});
    carry_out(ledger, {});
    ledger.begin();
    ledger.put_in_mailbox(1, bravo, alfa, "portingperformed");
    ledger.put_in_mailbox(1, charlie, alfa, "portingperformed");
    ledger.put_in_mailbox(2, bravo, alfa, "cancel");
    CHECK_THROWS_AS(ledger.put_in_mailbox(9, bravo, alfa, "cancel"), Refused); // no such log row
    ledger.commit();
    CHECK(reader.unconfirmed_count() == 3);
    auto const all = reader.mailbox(bravo, 0, false, {}, 10);
    REQUIRE(all.size() == 2);
    CHECK(all[0].id == 1);
    CHECK(all[0].sender == alfa);
    CHECK(all[0].type == "portingperformed");
    CHECK(all[0].body == a_row().body);
    CHECK(!all[0].confirmed_at);
    CHECK(reader.mailbox(bravo, 1, false, {}, 10).size() == 1);
    CHECK(reader.mailbox(bravo, 0, false, {"cancel", "answer"}, 10).at(0).id == 2);

    ledger.begin();
    CHECK(ledger.confirm_mailbox(1, bravo, minute(5)));
    CHECK(ledger.confirm_mailbox(1, bravo, minute(6))); // again is harmless, and the first time stands
    CHECK(!ledger.confirm_mailbox(2, charlie, minute(5)));
    ledger.commit();
    CHECK(reader.mailbox(bravo, 0, true, {}, 10).at(0).id == 2);
    CHECK(reader.mailbox(bravo, 0, true, {"portingperformed"}, 10).empty());
    CHECK(reader.mailbox(bravo, 0, false, {}, 10).at(0).confirmed_at == minute(5));
    CHECK(reader.unconfirmed_count() == 2); // charlie's copy and the cancel
    CHECK(reader.mailbox_of(bravo).count == 1);
    CHECK(reader.mailbox_of(charlie).count == 1);
    CHECK(reader.mailbox_of(alfa).count == 0);
}

TEST_CASE("blocks replace what they overlap; routing keeps the exceptions only") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    OperatorCode const charlie{"CHARLIE"};
    Effects effects;
    effects.blocks = {{range(3225500000, 3225509999), alfa, minute(0)}};
    carry_out(ledger, effects);
    effects.blocks = {{range(3225501000, 3225501999), bravo, minute(1)}}; // out of the middle
    carry_out(ledger, effects);
    auto const& book = ledger.book();
    CHECK(!book.block_holder({3225499999}));
    CHECK(book.block_holder({3225500000}) == alfa);
    CHECK(book.block_holder({3225500999}) == alfa);
    CHECK(book.block_holder({3225501000}) == bravo);
    CHECK(book.block_holder({3225501999}) == bravo);
    CHECK(book.block_holder({3225502000}) == alfa);
    CHECK(book.block_holder({3225509999}) == alfa);
    CHECK(!book.block_holder({3225510000}));
    // what of a range is of a block, cut to the range
    CHECK(book.blocks_within(range(3225500999, 3225502000)) ==
          std::vector<RoutingEntry>{{range(3225500999, 3225500999), alfa, minute(0)},
                                    {range(3225501000, 3225501999), bravo, minute(1)},
                                    {range(3225502000, 3225502000), alfa, minute(0)}});
    CHECK(book.blocks_within(range(3225501500, 3225501500)) ==
          std::vector<RoutingEntry>{{range(3225501500, 3225501500), bravo, minute(1)}});
    CHECK(book.blocks_within(range(3225400000, 3225499999)).empty());
    CHECK(book.blocks_within(range(3225510000, 3225519999)).empty());
    CHECK(book.blocks_within(range(3225499999, 3225500000)).size() == 1);

    effects.blocks.clear();
    effects.routing = {{range(3225501998, 3225502001), charlie, minute(2)}};
    carry_out(ledger, effects);
    CHECK(book.serving({3225501997}) == bravo);
    CHECK(book.serving({3225501998}) == charlie);
    CHECK(reader.routing({0}, 10) == effects.routing);
    // Back to bravo: at home in its own block, an exception in alfa's.
    effects.routing = {{range(3225501998, 3225502000), bravo, minute(3)}};
    carry_out(ledger, effects);
    CHECK(book.serving({3225501999}) == bravo);
    CHECK(book.serving({3225502000}) == bravo);
    CHECK(reader.routing({0}, 10) == std::vector<RoutingEntry>{{range(3225502000, 3225502000), bravo, minute(3)},
                                                               {range(3225502001, 3225502001), charlie, minute(2)}});
    CHECK(reader.routing({3225502000}, 10).size() == 1);
    CHECK(reader.routing({0}, 1).size() == 1);
    // Nobody in particular: the block holder again.
    effects.routing = {{range(3225502000, 3225502001), OperatorCode{}, minute(4)}};
    carry_out(ledger, effects);
    CHECK(book.serving({3225502001}) == alfa);
    CHECK(reader.routing({0}, 10).empty());
    // Since when is known of each that ever moved, be it at home; of two moments in one second none is later.
    CHECK(book.routed_after(range(3225500000, 3225509999), minute(3) - Duration{1}) ==
          std::vector<NumberRange>{range(3225501998, 3225502001)});
    CHECK(book.routed_after(range(3225500000, 3225509999), minute(3)) == std::vector<NumberRange>{range(3225502000, 3225502001)});
    CHECK(book.routed_after(range(3225502001, 3225509999), minute(3)) == std::vector<NumberRange>{range(3225502001, 3225502001)});
    CHECK(book.routed_after(range(3225500000, 3225509999), minute(4)).empty());
    effects.routing = {{range(3225502000, 3225502000), charlie, minute(4) + Duration{999}}}; // and it leaves home again
    carry_out(ledger, effects);
    CHECK(book.routed_after(range(3225500000, 3225509999), minute(4)).empty());
    CHECK(book.routed_after(range(3225500000, 3225509999), minute(4) - Duration{1}) == std::vector<NumberRange>{range(3225502000, 3225502001)});
}

TEST_CASE("parked messages go when they were dealt with") {
    Ledger ledger(in_memory());
    Effects effects;
    effects.park = {{1, DossierId{"BRAVO-7"}, bravo, "cancel", minute(2)}};
    carry_out(ledger, effects);
    effects.park.clear();
    effects.unpark = {1};
    carry_out(ledger, effects);
    CHECK(!ledger.book().parked_one(1));
    CHECK(ledger.book().parked(DossierId{"BRAVO-7"}).empty());
}

TEST_CASE("what need not be kept is forgotten from the oldest on, in bounded steps, and nothing else") {
    Ledger ledger(in_memory());
    for (int no = 1; no <= 9; ++no) {
        auto delivery = a_delivery(no);
        delivery.state = no == 3 ? "queued" : "confirmed"; // the third still goes out
        auto effects = sending({delivery});
        if (no == 1) effects.ports = {a_port()};
        LogRow row = a_row();
        row.learned_at = minute(no);
        ledger.begin();
        ledger.append(row);
        ledger.apply(effects, {delivery}, row.seq);
        ledger.remember(no % 2 == 0 ? "wire:BRAVO" : "api:desk:anna", std::to_string(no), {sha256("q"), row.seq, 200, "answer", ""});
        ledger.put_in_mailbox(row.seq, no % 3 == 0 ? bravo : alfa, bravo, "cancel");
        if (no != 4) ledger.confirm_mailbox(row.seq, no % 3 == 0 ? bravo : alfa, minute(no));
        ledger.commit();
    }
    CHECK(ledger.first_row_since(minute(0)) == 1);
    CHECK(ledger.first_row_since(minute(7)) == 7);
    CHECK(ledger.first_row_since(minute(99)) == 10);
    ledger.begin();
    SUBCASE("answers: to our own systems only, for a counterpart may repeat itself for ever") {
        CHECK(ledger.prune(Ledger::Prunable::answers, 7, 4) == 4);
        CHECK(ledger.prune(Ledger::Prunable::answers, 7, 4) == 2);
        CHECK(ledger.prune(Ledger::Prunable::answers, 7, 4) == 0);
        for (int no = 1; no <= 9; no += 2) CHECK(ledger.remembered("api:desk:anna", std::to_string(no)).has_value() == (no >= 7));
        for (int no = 2; no <= 8; no += 2) CHECK(ledger.remembered("wire:BRAVO", std::to_string(no)).has_value());
    }
    SUBCASE("mail: what its receiver confirmed") {
        CHECK(ledger.prune(Ledger::Prunable::mail, 7, 3) == 3);
        CHECK(ledger.prune(Ledger::Prunable::mail, 7, 3) == 2);
        CHECK(ledger.prune(Ledger::Prunable::mail, 7, 3) == 0);
        auto const left = ledger.reader_on_same_connection().mailbox(alfa, 0, false, {}, 10); // 4 is not confirmed; 7 and 8 are younger
        CHECK(left.size() == 3);
        CHECK(left.front().id == 4);
        CHECK(ledger.reader_on_same_connection().unconfirmed_count() == 1);
    }
    SUBCASE("bytes: of what has arrived, up to the first that has not") {
        CHECK(ledger.prune(Ledger::Prunable::bytes, 7, 10) == 2);
        CHECK(ledger.book().delivery(2)->bytes.empty());
        CHECK_FALSE(ledger.book().delivery(3)->bytes.empty());
        CHECK_FALSE(ledger.book().delivery(5)->bytes.empty());
    }
    ledger.commit();
}
