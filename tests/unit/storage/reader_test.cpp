/// What readers see: commits only, the worst first, anything by any key.

#include "things.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using namespace npod::porting;

namespace {

/// Stores a port with one line; `due` arms its deadline, none settles it.
void store(Ledger& ledger, Port port, std::int64_t number, std::optional<Moment> due) {
    Effects effects;
    port.settled = !due;
    port.state = due ? "awaiting_answer" : "refused";
    effects.ports = {port};
    effects.lines = {a_line(port, 1, range(number, number), port.state)};
    if (due) effects.arm = {a_timer(subject_of(effects.lines[0]), *due)};
    carry_out(ledger, effects);
}

std::string ids(std::vector<Port> const& ports) {
    std::string text;
    for (auto const& port : ports) text += port.id.text.substr(port.id.text.size() - 1) + " ";
    return text;
}

} // namespace

TEST_CASE("a reader sees the last commit, and one commit while it holds a snapshot") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    Reader reader(folder.file());
    CHECK(reader.own_operator() == alfa);
    CHECK(reader.head_seq() == 0);
    LogRow row = a_row();
    ledger.begin();
    ledger.append(row);
    CHECK(reader.head_seq() == 0);
    ledger.commit();
    CHECK(reader.head_seq() == 1);

    reader.hold_snapshot();
    carry_out(ledger, {});
    CHECK(reader.head_seq() == 1);
    CHECK(reader.log(0, 10).size() == 1);
    reader.release_snapshot();
    CHECK(reader.head_seq() == 2);
}

TEST_CASE("a reader opens without a daemon, and cannot write") {
    Folder const folder;
    {
        Ledger ledger(at(folder.file()));
        carry_out(ledger, {});
    }
    Reader const reader(folder.file());
    CHECK(reader.log_row(1)->body == a_row().body);
    CHECK_THROWS_AS(Reader(folder.file("none.db")), ConfigFault);
    CHECK(!std::filesystem::exists(folder.file("none.db"))); // looking must not create
}

TEST_CASE("ports are listed worst first, in pages") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    store(ledger, a_port("PI-000001", "ALFA-0001"), 3225501101, minute(50));
    store(ledger, a_port("PI-000002", "ALFA-0002"), 3225501102, std::nullopt);
    store(ledger, a_port("PI-000003", "ALFA-0003"), 3225501103, minute(20));
    store(ledger, a_port("PI-000004", "ALFA-0004"), 3225501104, std::nullopt);
    store(ledger, a_port("PI-000005", "ALFA-0005"), 3225501105, minute(50));
    PortFilter filter;
    // 20 before the two at 50 in order of creation; then the settled ones, newest first.
    CHECK(ids(reader.ports(filter)) == "3 1 5 4 2 ");
    CHECK(reader.count_ports(filter) == 5);
    std::string paged;
    for (filter.limit = 2;;) {
        auto const page = reader.ports(filter);
        if (page.empty()) break;
        paged += ids(page) + "| ";
        filter.after = page.back().id;
    }
    CHECK(paged == "3 1 | 5 4 | 2 | ");

    filter = {};
    filter.open_only = true;
    CHECK(ids(reader.ports(filter)) == "3 1 5 ");
    CHECK(reader.count_ports(filter) == 3);
    store(ledger, a_port("PI-000005", "ALFA-0005"), 3225501105, minute(5)); // a new deadline moves it up
    CHECK(ids(reader.ports(filter)) == "5 3 1 ");
    CHECK(reader.ports_by_state() ==
          std::vector<std::pair<std::string, std::int64_t>>{{"awaiting_answer", 3}, {"refused", 2}});
}

TEST_CASE("ports are filtered by role, state, counterpart and contract") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    auto in = a_port("PI-000001", "ALFA-0001");
    auto out = a_port("PO-000002", "BRAVO-0002");
    out.recipient = OperatorCode{"CHARLIE"};
    out.donor = alfa;
    out.contract = ContractId{"C-2"};
    out.state = "validating";
    Effects effects;
    effects.ports = {in, out};
    effects.lines = {a_line(in, 1, range(3225501101, 3225501101)),
                     a_line(in, 2, range(3225501102, 3225501102), "completed"),
                     a_line(out, 1, range(3225501103, 3225501103), "validating")};
    carry_out(ledger, effects);
    PortFilter filter;
    filter.role = Role::port_out;
    CHECK(ids(reader.ports(filter)) == "2 ");
    filter = {};
    filter.state = "completed"; // of one of its lines
    CHECK(ids(reader.ports(filter)) == "1 ");
    CHECK(reader.count_ports(filter) == 1);
    filter = {};
    filter.counterpart = OperatorCode{"CHARLIE"};
    CHECK(ids(reader.ports(filter)) == "2 ");
    filter.counterpart = alfa; // we are nobody's counterpart
    CHECK(reader.ports(filter).empty());
    filter = {};
    filter.contract = ContractId{"C-1"};
    CHECK(ids(reader.ports(filter)) == "1 ");
    CHECK(ids(reader.ports_of_contract(ContractId{"C-2"})) == "2 ");
}

TEST_CASE("anything is found by any of its keys") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    auto const old = a_port("PI-000001", "ALFA-0001"), now = a_port("PI-000002", "ALFA-0002");
    Effects effects;
    effects.ports = {old, now};
    effects.lines = {a_line(old, 1, range(3225500000, 3225509999), "refused"),
                     a_line(now, 1, range(3225501100, 3225501100))};
    effects.numbers = {a_number(3225501100)};
    effects.contracts = {a_contract("C-1")};
    effects.claims = {a_claim()};
    carry_out(ledger, effects);
    using Found = std::vector<std::pair<std::string, std::string>>;
    CHECK(reader.find("PI-000001") == Found{{"port", "PI-000001"}});
    CHECK(reader.find("ALFA-0002") == Found{{"port", "PI-000002"}});
    CHECK(reader.find("ORD-PI-000002") == Found{{"port", "PI-000002"}});
    CHECK(reader.find("C-1") == Found{{"contract", "C-1"}});
    CHECK(reader.find("CL-000001") == Found{{"claim", "CL-000001"}});
    CHECK(reader.find("+3225501100") ==
          Found{{"number", "+3225501100"}, {"port", "PI-000002"}, {"port", "PI-000001"}, {"contract", "C-1"}});
    CHECK(reader.find("+3225509999") ==
          Found{{"number", "+3225509999"}, {"port", "PI-000001"}}); // the end of a long line
    CHECK(reader.find("+3225510000").empty());
    CHECK(reader.find("").empty());
    CHECK(ids(reader.ports_of_number({3225501100})) == "2 1 "); // newest first
}

TEST_CASE("a number is found in lines of every size, from the first of their numbers to the last") {
    // Found by three indexes: one number, up to 100, up to 100 000; on both sides of each border.
    for (std::int64_t const size : {1, 2, 3, 99, 100, 101, 102, 5'000, 99'999, 100'000}) {
        CAPTURE(size);
        Ledger ledger(in_memory());
        auto const reader = ledger.reader_on_same_connection();
        std::int64_t const first = 3225500000;
        Effects effects;
        effects.ports = {a_port("PI-000001", "ALFA-0001")};
        effects.lines = {a_line(effects.ports[0], 1, range(first, first + size - 1), "refused")};
        carry_out(ledger, effects);
        for (auto const number : {first, first + size / 2, first + size - 1}) CHECK(ids(reader.ports_of_number({number})) == "1 ");
        for (auto const number : {first - 1, first + size}) CHECK(reader.ports_of_number({number}).empty());
    }
}

TEST_CASE("contracts, numbers, claims and timers are listed in pages") {
    Ledger ledger(in_memory());
    auto const reader = ledger.reader_on_same_connection();
    Effects effects;
    effects.ports = {a_port("PI-000001", "ALFA-0001"), a_port("PI-000002", "ALFA-0002")};
    effects.lines = {a_line(effects.ports[0], 1, range(3225501100, 3225501100)),
                     a_line(effects.ports[1], 1, range(3225501101, 3225501101))};
    effects.contracts = {a_contract("C-2"), a_contract("C-1")};
    effects.numbers = {a_number(3225501101), a_number(3225501100)};
    effects.claims = {a_claim("CL-000001", "PI-000001"), a_claim("CL-000002", "PI-000002")};
    effects.claims[0].state = "paid";
    auto const delivery = a_delivery(10);
    auto const sends = sending({delivery}).sends;
    effects.sends = sends;
    effects.arm = {
        a_timer({SubjectKind::line, "PI-000001/1"}, minute(9)), a_timer({SubjectKind::line, "PI-000002/1"}, minute(8)),
        a_timer({SubjectKind::claim, "CL-000001"}, minute(3)), a_timer({SubjectKind::delivery, "10"}, minute(4))};
    carry_out(ledger, effects, {delivery});
    CHECK(reader.contracts("", 10).size() == 2);
    CHECK(reader.contracts("C-1", 10).at(0).id.text == "C-2");
    CHECK(reader.numbers_of_contract(ContractId{"C-1"}, 10).at(0).number.digits == 3225501100);
    CHECK(reader.numbers_of_contract(ContractId{"C-1"}, 1).size() == 1);
    CHECK(reader.claims(false, "", 10).size() == 2);
    CHECK(reader.claims(true, "", 10).at(0).id.text == "CL-000002"); // paid is settled
    CHECK(reader.claims(false, "CL-000001", 10).size() == 1);
    CHECK(reader.next_due() == minute(3));
    CHECK(reader.timers(2).at(1).subject.id == "10");
    CHECK(reader.timers(10, "PI-000002").size() == 1);
    // Its line, its claim and its delivery; not the other port's line.
    auto const timers = reader.timers_of_port(PortId{"PI-000001"});
    REQUIRE(timers.size() == 3);
    CHECK(timers[0].due == minute(3));
    CHECK(timers[2].subject.id == "PI-000001/1");
}

namespace {

/// So many messages of a type for BRAVO, each in a row of its own; the id of the last.
std::int64_t deliver(Ledger& ledger, int count, std::string_view type, bool confirmed) {
    ledger.begin();
    std::int64_t last = 0;
    for (int i = 0; i < count; ++i) {
        LogRow row = a_row();
        ledger.append(row);
        last = row.seq;
        ledger.put_in_mailbox(last, bravo, alfa, type);
        if (confirmed) ledger.confirm_mailbox(last, bravo, minute(5));
    }
    ledger.commit();
    return last;
}

} // namespace

TEST_CASE("what was confirmed long ago is not looked at when a mailbox is opened") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    deliver(ledger, 3, "cancel", true);
    auto const open = deliver(ledger, 1, "cancel", false);
    auto const& reader = ledger.reader_on_same_connection();
    REQUIRE(reader.mailbox(bravo, 0, true, {}, 10).at(0).id == open);
    REQUIRE(reader.mailbox(bravo, 0, true, {"cancel"}, 10).at(0).id == open);
    REQUIRE(reader.mailbox_of(bravo).oldest == a_row().learned_at);
    int seen = 0;
    for (auto const& plan : ledger.query_plans()) {
        if (plan.find("confirmed_at_ms IS NULL") == std::string::npos || plan.find("FROM mailbox") == std::string::npos)
            continue;
        CAPTURE(plan);
        ++seen;
        auto const steps = plan.substr(plan.find("→"));
        CHECK(steps.find("mailbox_open") != std::string::npos);
        for (auto const* history : {" m USING PRIMARY KEY", " o USING PRIMARY KEY", " mailbox USING PRIMARY KEY"})
            CHECK(steps.find(history) == std::string::npos);
    }
    CHECK(seen >= 3);
}

TEST_CASE("a page of a rare type looks at a bounded number of messages, and says how far it looked") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    deliver(ledger, 4'500, "cancel", false);
    auto const rare = deliver(ledger, 1, "errorfound", false);
    Reader const reader(folder.file());
    for (bool const unconfirmed_only : {true, false}) {
        CAPTURE(unconfirmed_only);
        std::int64_t after = 0;
        int pages = 0;
        std::vector<std::int64_t> found;
        for (bool more = true; more; ++pages) {
            auto const page = reader.mailbox_page(bravo, after, unconfirmed_only, {"errorfound"}, 10);
            CHECK(page.looked_to > after); // it comes to an end
            CHECK(page.looked_to - after <= 2'000);
            for (auto const& entry : page.entries) found.push_back(entry.id);
            after = page.looked_to;
            more = page.more;
        }
        CHECK(found == std::vector{rare});
        CHECK(pages == 3); // 4 501 messages, 2 000 at once
        CHECK(after == reader.head_seq());
    }
    auto const all = reader.mailbox_page(bravo, 0, true, {}, 10);
    CHECK(all.entries.size() == 10);
    CHECK(all.looked_to == all.entries.back().id);
    CHECK(all.more);
    auto const none = reader.mailbox_page(OperatorCode{"CHARLY"}, 0, true, {}, 10);
    CHECK(none.looked_to == reader.head_seq());
    CHECK(!none.more);
}
