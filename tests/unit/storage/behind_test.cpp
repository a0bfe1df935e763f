/// A batch that is written behind the one who decides: at any moment the book tells what it would tell if each event had been written
/// at once, and so does the file in the end.

#include "unit/storage/things.hpp"

#include "base/hash.hpp"
#include "storage/sqlite/touched.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>
#include <set>

#include <sys/resource.h>

using namespace npod;
using namespace npod::storage;
using namespace npod::storage::test;
using namespace npod::porting;

namespace {

/// Decides this and that about few things, so that they meet again soon. The same seed decides the same.
class Decider {
public:
    explicit Decider(std::uint64_t seed) : random_(seed) {}

    Effects next() {
        Effects effects;
        int const count = upto(3) + 1;
        for (int i = 0; i < count; ++i) add_something(effects);
        return effects;
    }
    std::vector<Delivery> encoded_of(Effects const& effects) const {
        std::vector<Delivery> encoded;
        for (auto const& send : effects.sends) {
            auto delivery = a_delivery(send.delivery, send.port.text);
            delivery.dossier = DossierId{"ALFA-" + send.port.text};
            if (send.delivery % 2 == 0) delivery.type = "deactivation", delivery.port = PortId{};
            encoded.push_back(std::move(delivery));
        }
        return encoded;
    }
    int upto(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most + 1)); }

    static constexpr int ports = 5;
    static PortId port_id(int i) { return PortId{fmt::format("{}-{:06}", i % 2 == 0 ? "PI" : "PO", i + 1)}; }
    static NumberRange numbers_of(int i) { return range(3225501000 + 100 * i, 3225501000 + 100 * i + (i == 4 ? 60 : 3)); }
    std::int64_t deliveries = 0;
    std::int64_t parked = 0;

private:
    void add_something(Effects& effects) {
        int const i = upto(ports - 1);
        switch (upto(9)) {
        case 0:
        case 1: add_port(effects, i); break;
        case 2: effects.contracts = {a_contract(fmt::format("C-{}", i))}, effects.contracts[0].version = upto(99); break;
        case 3: add_number(effects, i); break;
        case 4: effects.counters["dossier"] = dossiers_ += upto(3); break;
        case 5: effects.routing = {{numbers_of(i), upto(1) == 0 ? bravo : OperatorCode{}, minute(upto(60))}}; break;
        case 6: effects.blocks = {{range(3225501000, 3225501000 + 100 * i + 99), upto(1) == 0 ? alfa : bravo, minute(upto(60))}}; break;
        case 7: effects.park.push_back({++parked, DossierId{fmt::format("BRAVO-{}", i)}, bravo, "cancel", minute(upto(60))}); break;
        case 8:
            if (parked > 0 && effects.park.empty()) effects.unpark = {1 + upto(static_cast<int>(parked) - 1)};
            break;
        default:
            if (deliveries > 0 && effects.deliveries.empty()) {
                effects.deliveries = {changed_};
                effects.deliveries[0].trouble = fmt::format("attempt {}", upto(99));
            }
        }
    }
    void add_port(Effects& effects, int i) {
        if (!effects.ports.empty() || !effects.advanced.empty()) return;
        auto port = a_port(port_id(i).text, "ALFA-" + port_id(i).text);
        port.version = upto(99);
        bool const known = !known_.insert(i).second;
        (known && upto(1) == 0 ? effects.advanced : effects.ports) = {port};
        auto line = a_line(port, 1 + upto(1), numbers_of(i), upto(2) == 0 ? "completed" : i % 2 == 0 ? "awaiting_answer" : "validating");
        if (line.no == 2) line.numbers = {line.numbers.last.next(), line.numbers.last.next()};
        effects.lines = {line};
        auto const subject = subject_of(line);
        if (upto(1) == 0) effects.arm = {a_timer(subject, minute(upto(600)))};
        else effects.cancel = {subject};
        if (upto(1) == 0) effects.claims = {a_claim(fmt::format("CL-{:06}", i + 1), port.id.text)}, effects.claims[0].version = upto(99);
        effects.sends.push_back({++deliveries, bravo, message::ErrorFound{port.dossier, {}}, port.id});
        changed_ = encoded_of(effects).back();
    }
    void add_number(Effects& effects, int i) {
        auto record = a_number(numbers_of(i).first.digits + upto(3));
        record.since = minute(upto(60));
        effects.numbers = {record};
    }

    std::mt19937_64 random_;
    std::set<int> known_;
    std::int64_t dossiers_ = 0;
    Delivery changed_; ///< the newest
};

std::string told(std::optional<LivePort> const& live) { return live ? fmt::format("{}/{}", live->port.text, live->line) : "none"; }

/// Both books answer every question alike.
void check_alike(Book const& behind, Book const& at_once, Decider const& decider) {
    for (int i = 0; i < Decider::ports; ++i) {
        auto const id = Decider::port_id(i);
        auto const numbers = Decider::numbers_of(i);
        CHECK(behind.port(id) == at_once.port(id));
        CHECK(behind.lines(id) == at_once.lines(id));
        CHECK(behind.claim_of(id) == at_once.claim_of(id));
        CHECK(behind.claim(ClaimId{fmt::format("CL-{:06}", i + 1)}) == at_once.claim(ClaimId{fmt::format("CL-{:06}", i + 1)}));
        CHECK(behind.contract(ContractId{fmt::format("C-{}", i)}) == at_once.contract(ContractId{fmt::format("C-{}", i)}));
        CHECK(behind.parked(DossierId{fmt::format("BRAVO-{}", i)}) == at_once.parked(DossierId{fmt::format("BRAVO-{}", i)}));
        for (auto const role : {Role::port_in, Role::port_out}) {
            CHECK(behind.port_by_dossier(DossierId{"ALFA-" + id.text}, role) == at_once.port_by_dossier(DossierId{"ALFA-" + id.text}, role));
            for (auto number = numbers.first; number <= numbers.last.next(); number = number.next(20))
                CHECK(told(behind.live_port(number, role)) == told(at_once.live_port(number, role)));
        }
        CHECK(behind.port_by_order(OrderId{"ORD-" + id.text}) == at_once.port_by_order(OrderId{"ORD-" + id.text}));
        CHECK(behind.deactivation_sent(DossierId{"ALFA-" + id.text}) == at_once.deactivation_sent(DossierId{"ALFA-" + id.text}));
        for (int const no : {1, 2}) CHECK(behind.timer({SubjectKind::line, fmt::format("{}/{}", id.text, no)}) == at_once.timer({SubjectKind::line, fmt::format("{}/{}", id.text, no)}));
        for (auto const number : {numbers.first, numbers.first.next(2)}) {
            CHECK(behind.number(number) == at_once.number(number));
            CHECK(behind.block_holder(number) == at_once.block_holder(number));
            CHECK(behind.serving(number) == at_once.serving(number));
        }
        CHECK(behind.blocks_within(numbers) == at_once.blocks_within(numbers));
        CHECK(behind.routed_after(numbers, minute(30)) == at_once.routed_after(numbers, minute(30)));
    }
    CHECK(behind.running_ports() == at_once.running_ports());
    CHECK(behind.counter("dossier") == at_once.counter("dossier"));
    for (std::int64_t id = 1; id <= decider.deliveries + 1; ++id) CHECK(behind.delivery(id) == at_once.delivery(id));
    for (std::int64_t seq = 1; seq <= decider.parked + 1; ++seq) CHECK(behind.parked_one(seq) == at_once.parked_one(seq));
}

/// One event, for any ledger.
void carry(Ledger& ledger, Effects const& effects, std::vector<Delivery> const& encoded, int no) {
    auto row = a_row();
    row.reason = fmt::format("event {}", no);
    auto const seq = ledger.append(std::move(row));
    ledger.apply(effects, encoded, seq);
    ledger.keep_trace(seq, fmt::format("00-{:032}-{:016}-01", no, no));
    ledger.remember("api:desk", fmt::format("K-{}", no), {sha256("q"), seq, 200, fmt::format("answer {}", no), ""});
    ledger.put_in_mailbox(seq, bravo, alfa, "cancel");
    ledger.carry_dossier(DossierId{fmt::format("CHARLIE-{}", no)}, {alfa, bravo}, seq);
}

} // namespace

TEST_CASE("the book of a batch that is written behind tells at any moment what it would if all were written at once") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        Folder const folder;
        auto const path = folder.file();
        Ledger behind(at(path)), at_once(in_memory());
        Decider decider(seed);
        int no = 0;
        for (int batch = 0; batch < 6; ++batch) {
            behind.begin(Ledger::Pace::behind);
            at_once.begin();
            for (int event = 0; event < 12; ++event) {
                auto const effects = decider.next();
                auto const encoded = decider.encoded_of(effects);
                ++no;
                for (auto* const ledger : {&behind, &at_once}) carry(*ledger, effects, encoded, no);
                // Not every time: what is asked for is kept, and what is never asked for must be right, too.
                if (decider.upto(2) == 0) check_alike(behind.book(), at_once.book(), decider);
                int const earlier = 1 + decider.upto(no);
                auto const key = fmt::format("K-{}", earlier);
                CHECK(behind.remembered("api:desk", key).has_value() == (earlier <= no));
                CHECK(behind.parties_of(DossierId{fmt::format("CHARLIE-{}", earlier)}).has_value() == (earlier <= no));
                for (auto* const ledger : {&behind, &at_once}) {
                    CHECK(ledger->confirm_mailbox(earlier, bravo, minute(no)) == (earlier <= no));
                    CHECK(!ledger->confirm_mailbox(earlier, alfa, minute(no)));
                    ledger->set_meta("told", std::to_string(no));
                    if (no % 5 == 0) CHECK(ledger->meta("told") == std::to_string(no));
                }
            }
            for (auto* const ledger : {&behind, &at_once}) ledger->commit();
        }
        CHECK(behind.head_seq() == at_once.head_seq());
        Reader const reader(path);
        for (auto const& difference : reader.differences_to(at_once)) FAIL_CHECK(difference);
        CHECK(reader.log_row(no)->hash == at_once.reader_on_same_connection().log_row(no)->hash);
        CHECK(behind.check(0).findings.size() == at_once.check(0).findings.size());
        CHECK(reader.traces(1, no).size() == static_cast<std::size_t>(no));
        CHECK(reader.unconfirmed_count() == at_once.reader_on_same_connection().unconfirmed_count());
    }
}

TEST_CASE("what the database refuses of a batch written behind is told when it is settled, and none of the batch is kept") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    auto const first = a_port("PI-000001", "ALFA-0001"), second = a_port("PI-000002", "ALFA-0002");
    Effects effects, rival, later;
    effects.ports = {first};
    effects.lines = {a_line(first, 1, range(3225501100, 3225501109))};
    rival.ports = {second};
    rival.lines = {a_line(second, 1, range(3225501109, 3225501112))};
    later.contracts = {a_contract("C-7")};
    ledger.begin(Ledger::Pace::behind);
    carry(ledger, effects, {}, 1);
    carry(ledger, rival, {}, 2);
    carry(ledger, later, {}, 3);
    SUBCASE("by settle()") { CHECK_THROWS_AS(ledger.settle(), Refused); }
    SUBCASE("by commit()") { CHECK_THROWS_AS(ledger.commit(), Refused); }
    SUBCASE("by a question about what was touched") { CHECK_THROWS_AS(static_cast<void>(ledger.book().live_port({3225501109}, Role::port_in)), Refused); }
    SUBCASE("by nobody: it is undone first") {}
    ledger.rollback();
    CHECK(ledger.head_seq() == 0);
    CHECK(!ledger.book().port(first.id));
    CHECK(!ledger.book().contract(ContractId{"C-7"}));
    CHECK(!ledger.remembered("api:desk", "K-1"));

    ledger.begin(Ledger::Pace::behind); // and the next one goes its way
    carry(ledger, effects, {}, 1);
    ledger.commit();
    CHECK(ledger.head_seq() == 1);
}

TEST_CASE("a savepoint ends the writing behind: what is undone is that event alone") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    Effects one, two;
    one.ports = {a_port()};
    one.counters = {{"port_in", 1}};
    two.contracts = {a_contract("C-7")};
    two.counters = {{"port_in", 2}};
    ledger.begin(Ledger::Pace::behind);
    carry(ledger, one, {}, 1);
    ledger.savepoint();
    carry(ledger, two, {}, 2);
    CHECK(ledger.book().counter("port_in") == 2);
    ledger.undo();
    CHECK(ledger.book().counter("port_in") == 1);
    CHECK(ledger.head_seq() == 1);
    carry(ledger, two, {}, 2);
    ledger.commit();
    CHECK(ledger.book().counter("port_in") == 2);
    CHECK(ledger.book().contract(ContractId{"C-7"}));
    CHECK(ledger.check(0).rows == 2);
}

TEST_CASE("what is erased in a batch that is written behind is gone for the rest of it") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    Effects effects;
    effects.ports = {a_port()};
    effects.sends = {{1, bravo, message::ErrorFound{DossierId{"ALFA-0001"}, {}}, a_port().id}};
    auto delivery = a_delivery();
    delivery.state = "confirmed"; // it need not be sent again
    ledger.begin();
    carry(ledger, effects, {delivery}, 1);
    ledger.commit();
    REQUIRE(ledger.book().delivery(1)->bytes == delivery.bytes);

    ledger.begin(Ledger::Pace::behind);
    Effects more;
    more.counters = {{"port_in", 1}};
    carry(ledger, more, {}, 2);
    CHECK(ledger.remembered("api:desk", "K-1")->reply == "answer 1");
    CHECK(ledger.forget_answers({1}) == 1);
    CHECK(ledger.forget_deliveries(a_port().id) == 1);
    CHECK(ledger.remembered("api:desk", "K-1")->reply == "{}");
    CHECK(ledger.remembered("api:desk", "K-2")->reply == "answer 2");
    CHECK(ledger.book().delivery(1)->bytes.empty());
    ledger.commit();
    CHECK(ledger.check(0).rows == 2);
}

TEST_CASE("whoever decides looks at the last commit only while the batch lasts: the write-ahead log can be emptied after it") {
    Folder const folder;
    auto const path = folder.file();
    Ledger ledger(at(path));
    for (int no = 1; no <= 3; ++no) {
        ledger.begin(Ledger::Pace::behind);
        Effects effects;
        effects.ports = {a_port(fmt::format("PI-{:06}", no), fmt::format("ALFA-{}", no))};
        CHECK(!ledger.book().port(PortId{fmt::format("PI-{:06}", no)})); // a look at the last commit
        carry(ledger, effects, {}, no);
        ledger.commit();
        ledger.checkpoint(true);
        CHECK(std::filesystem::file_size(path + "-wal") == 0);
    }
}

TEST_CASE("where the system gives no descriptor for it the batch is written at once") {
    Folder const folder;
    Ledger ledger(at(folder.file()));
    ledger.begin();
    ledger.commit();
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    rlimit none = before;
    none.rlim_cur = 3; // those that are open stay open
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    ledger.begin(Ledger::Pace::behind);
    Effects effects;
    effects.ports = {a_port()};
    carry(ledger, effects, {}, 1);
    ledger.commit();
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(ledger.book().port(a_port().id));
    CHECK(ledger.head_seq() == 1);
}

TEST_CASE("a key counts as touched when it was noted, and only under its topic; of a long range every number does") {
    using sqlite::Topic;
    sqlite::Touched touched;
    touched.note(Topic::port, "PI-000001");
    touched.note(Topic::live, range(3225501100, 3225501109));
    CHECK(touched.has(Topic::port, "PI-000001"));
    CHECK(!touched.has(Topic::port, "PI-000002"));
    CHECK(!touched.has(Topic::claim, "PI-000001"));
    CHECK(touched.has(Topic::live, range(3225501109, 3225501112)));
    CHECK(!touched.has(Topic::live, range(3225501110, 3225501112)));
    CHECK(!touched.has(Topic::record, range(3225501109, 3225501112)));
    CHECK(touched.has(Topic::live, range(3225500000, 3225509999))); // too many to look at each
    touched.note(Topic::live, range(3225500000, 3225509999));
    CHECK(touched.has(Topic::live, range(3225999999, 3225999999)));
    touched.forget();
    CHECK(!touched.has(Topic::port, "PI-000001"));
    CHECK(!touched.has(Topic::live, range(3225501100, 3225501100)));
}
