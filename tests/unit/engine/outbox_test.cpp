/// The outbox beside a busy writer: messages leave in order, none waits for the report of the one before it, and none is
/// lost when a report is.

#include "engine/outbox.hpp"

#include "base/limits.hpp"
#include "support/waiting.hpp"
#include "unit/engine/running.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace npod::testing;
using npod::test::eventually;

namespace {

/// What was carried, in order.
struct Carried {
    std::mutex mutex;
    std::vector<std::int64_t> ids;
    std::size_t count() {
        std::lock_guard const lock(mutex);
        return ids.size();
    }
};

class Taker final : public engine::Carrier {
public:
    explicit Taker(Carried& carried) : carried_(carried) {}
    porting::input::DeliveryReport carry(porting::Delivery const& delivery) override {
        std::lock_guard const lock(carried_.mutex);
        carried_.ids.push_back(delivery.id);
        return {delivery.id, porting::input::DeliveryReport::What::taken, "T-1", {}};
    }

private:
    Carried& carried_;
};

engine::Outbox outbox_of(Running& alfa, Carried& carried) {
    return {alfa.engine(), alfa.file(), OperatorCode{"HUB"}, std::make_unique<Taker>(carried), alfa.log()};
}

} // namespace

TEST_CASE("a message does not wait until the report of the one before it is committed") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    alfa.orders({.numbers = "+3225501101"}, "ORD-2"); // two requests to the donor
    Obstacle obstacle;                                // from now on nothing is committed
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    Carried carried;
    auto outbox = outbox_of(alfa, carried);
    CHECK(eventually([&] { return carried.count() == 2; }));
    CHECK(alfa.reader().undelivered_count() == 2); // neither report can have been stored
    obstacle.go_away();
    CHECK(eventually([&] { return alfa.reader().undelivered_count() == 0; }));
    outbox.stop();
    CHECK(carried.ids == std::vector<std::int64_t>{1, 2}); // each once, in order
}

TEST_CASE("when the writer cannot take a report the message is sent again, and reported then") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    Obstacle obstacle;
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    Event cheap;
    cheap.kind = "mailbox.confirmed";
    cheap.confirm = engine::ConfirmMailbox{1, OperatorCode{"BRAVO"}};
    for (std::size_t i = 0; i < limits::queue_events_max; ++i) alfa.engine().submit(cheap, {}); // no room for a report
    Carried carried;
    auto outbox = outbox_of(alfa, carried);
    CHECK(eventually([&] { return carried.count() == 1; }));
    CHECK(alfa.reader().undelivered_count() == 1);
    obstacle.go_away();
    CHECK(eventually([&] { return alfa.reader().undelivered_count() == 0; }));
    outbox.stop();
    CHECK(carried.count() >= 2); // the same bytes again: the other side remembers them
    CHECK(std::ranges::all_of(carried.ids, [](std::int64_t id) { return id == 1; }));
}

TEST_CASE("what a counterpart says is not said in the log, its status and codes are") {
    CHECK(engine::in_short("400 1000 Vandersmissen, 025501171, is unknown; 1010 x") == "400 1000");
    CHECK(engine::in_short("502 <html>Vandersmissen") == "502");
    CHECK(engine::in_short("422 1000 1010") == "422 1000 1010");
    CHECK(engine::in_short("400 1000 025501171 is unknown") == "400 1000"); // a number is no code
    CHECK(engine::in_short("503") == "503");
    CHECK(engine::in_short("BRAVO: 400 8000 Vandersmissen") == "BRAVO: 400 8000");
    CHECK(engine::in_short("200 is no answer of COIN's interface; something else answers there: hello Vandersmissen") ==
          "200 is no answer of COIN's interface; something else answers there");
    for (auto const* const ours : {"", "the database failed", "connecting to http://127.0.0.1:1: Connection refused; check that the peer runs"}) CHECK(engine::in_short(ours) == ours);
}
