/// The writer thread, over a real file: group commit, remembered answers, conditions, limits, timers, restarts and a
/// failing disk.

#include "unit/engine/running.hpp"

#include "base/limits.hpp"
#include "engine/inputs.hpp"
#include "support/waiting.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using namespace npod;
using namespace npod::testing;
using engine::Engine;
using engine::Event;
using engine::Rendered;
using engine::Result;
using npod::test::eventually;

namespace {

std::string number(int i) { return fmt::format("+322550{:04}", 1100 + i); }

/// Whatever this process holds open for that file reads nothing and takes nothing any more.
void take_away(std::string const& path) {
    int const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    std::vector<int> held;
    for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone; // the listing's own descriptor
        if (std::filesystem::read_symlink(entry.path(), gone) == path) held.push_back(std::stoi(entry.path().filename()));
    }
    for (int const one : held) ::dup2(nothing, one);
    ::close(nothing);
    REQUIRE_FALSE(held.empty());
}

} // namespace

TEST_CASE("the same question with the same key gets the same bytes again, and nothing is written twice") {
    Running alfa;
    auto event = alfa.order_event({}, "ORD-1");
    event.idempotency_key = "K-1";
    auto const first = alfa.engine().ask(event);
    REQUIRE(first.answer.refusals.empty());
    CHECK(first.rendered.status == 201);
    CHECK_FALSE(first.replayed);

    auto const again = alfa.engine().ask(event);
    CHECK(again.replayed);
    CHECK(again.rendered.body == first.rendered.body);
    CHECK(again.rendered.location == "/v1/ports/PI-000001");
    CHECK(alfa.reader().head_seq() == 1);

    SUBCASE("another body under the key is a conflict") {
        auto other = alfa.order_event({.numbers = "+3225501101"}, "ORD-2");
        other.idempotency_key = "K-1";
        auto const refused = alfa.engine().ask(other);
        REQUIRE(refused.answer.refusals.size() == 1);
        CHECK(refused.answer.refusals[0].code == RefusalCode::conflict);
        CHECK(alfa.reader().head_seq() == 1);
    }
    SUBCASE("another asker's key is another key") {
        auto other = alfa.order_event({.numbers = "+3225501101"}, "ORD-2");
        other.idempotency_key = "K-1";
        other.source = "api:somebody-else";
        CHECK(alfa.engine().ask(other).rendered.location == "/v1/ports/PI-000002");
    }
    SUBCASE("it is remembered by the next process too") {
        alfa.restart("2026-04-01 10:00");
        auto const later = alfa.engine().ask(event);
        CHECK(later.replayed);
        CHECK(later.rendered.body == first.rendered.body);
    }
}

TEST_CASE("a refusal is not remembered: the same question may be asked again when the world has changed") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    auto event = alfa.order_event({}, "ORD-2"); // the number is being ported already
    event.idempotency_key = "K-2";
    CHECK_FALSE(alfa.engine().ask(event).answer.refusals.empty());
    alfa.engine().ask(command_event("port.settle", "PI-000001", R"({"reason":"entered by mistake"})"));
    auto const later = alfa.engine().ask(event);
    CHECK(later.answer.refusals.empty());
    CHECK_FALSE(later.replayed);
}

TEST_CASE("who decides on an old version is told so, and nothing is written") {
    Running alfa;
    alfa.orders({.draft = true}, "ORD-1");
    auto const port = alfa.reader().book().port(PortId{"PI-000001"});
    REQUIRE(port); // what was answered is there
    auto const version = port->version;
    auto event = command_event("port.submit", "PI-000001", "{}");
    event.if_version = version;
    CHECK(alfa.engine().ask(event).answer.refusals.empty());
    CHECK(alfa.reader().book().port(PortId{"PI-000001"})->version > version);

    auto hold = command_event("port.note", "PI-000001", R"({"reason":"seen"})");
    hold.if_version = version;
    auto const stale = alfa.engine().ask(hold);
    REQUIRE(stale.answer.refusals.size() == 1);
    CHECK(stale.answer.refusals[0].code == RefusalCode::conflict);
    CHECK(stale.answer.refusals[0].pointer == "If-Match");
    CHECK(alfa.reader().head_seq() == 2);
}

TEST_CASE("a dry run answers as the real one would and leaves nothing behind") {
    Running alfa;
    auto event = alfa.order_event({}, "ORD-1");
    event.dry_run = true;
    event.idempotency_key = "K-1";
    auto const tried = alfa.engine().ask(event);
    CHECK(tried.rendered.location == "/v1/ports/PI-000001");
    CHECK(tried.seq == 0);
    CHECK(alfa.reader().head_seq() == 0);
    CHECK(alfa.reader().count_ports({}) == 0);
    CHECK(alfa.reader().timers(10).empty());
    CHECK(alfa.commits() == 0);

    event.dry_run = false;
    auto const done = alfa.engine().ask(event);
    CHECK_FALSE(done.replayed);
    CHECK(done.rendered.location == "/v1/ports/PI-000001"); // no number was spent
}

TEST_CASE("what arrives while a commit runs is the next batch: one commit for all of it, each answered once") {
    Running alfa;
    Obstacle obstacle;
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    std::atomic<int> answered{0};
    std::atomic<int> refused{0};
    for (int i = 0; i < 50; ++i)
        alfa.engine().submit(alfa.order_event({.numbers = number(i / 2)}, fmt::format("ORD-{}", i)),
                             [&](Result result) {
                                 ++answered;
                                 refused += result.answer.refusals.empty() ? 0 : 1;
                             });
    CHECK(answered == 0); // nobody is told before the commit
    obstacle.go_away();
    alfa.engine().ask(command_event("port.note", "PI-000001", R"({"reason":"last in the queue"})"));
    CHECK(answered == 50);
    CHECK(refused == 25); // every number was ordered twice: the second order sees the first in the same batch
    CHECK(alfa.reader().count_ports({}) == 25);
    CHECK(alfa.commits() <= 3); // the obstacle, the fifty, perhaps the note
}

TEST_CASE("one of a batch that cannot be worked out is refused alone, one that only asks what would be leaves nothing; the others are done") {
    // What an order of 30 December 2100 brings would be due in 2101, of which the calendar knows no holiday.
    Running alfa("2100-12-20 10:00");
    REQUIRE(alfa.orders({}, "ORD-1").answer.refusals.empty());
    alfa.advance("2100-12-30 10:00");
    auto const before = alfa.reader().head_seq();
    Obstacle obstacle;
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    std::mutex mutex;
    std::vector<Result> results; // in the order of asking
    auto const keep = [&](Result result) {
        std::lock_guard const lock(mutex);
        results.push_back(std::move(result));
    };
    for (int i = 0; i < 20; ++i) {
        auto note = command_event("port.note", "PI-000001", fmt::format(R"({{"reason":"note {}"}})", i));
        note.dry_run = i == 5;
        alfa.engine().submit(i == 10 ? alfa.order_event({.numbers = number(7)}, "ORD-2") : note, keep);
    }
    obstacle.go_away();
    alfa.engine().ask(command_event("port.note", "PI-000001", R"({"reason":"last in the queue"})"));
    REQUIRE(results.size() == 20);
    auto seq = before + 1; // of the obstacle
    for (int i = 0; i < 20; ++i) {
        CAPTURE(i);
        CHECK(results[i].answer.refusals.empty() == (i != 10));
        CHECK(results[i].seq == (i == 5 ? 0 : ++seq));
    }
    CHECK(contains(results[10].answer.refusals.front().text, "It cannot be worked out"));
    auto const rows = alfa.reader().log(before + 1, 100, true);
    REQUIRE(rows.size() == 20); // nineteen of these, and the last in the queue
    CHECK(rows[4].body.find("note 4") != std::string::npos);
    CHECK(rows[5].body.find("note 6") != std::string::npos);
    CHECK(rows[9].refusals.size() == 1);
    CHECK(alfa.reader().count_ports({}) == 1);
    alfa.stop();
    CHECK(storage::Ledger({alfa.file(), OperatorCode{"ALFA"}, false}).check(0).findings.empty());
}

TEST_CASE("whoever is let in waits for no more than the batch ahead, and is served in the order of coming") {
    Running alfa;
    Obstacle obstacle;
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    std::vector<std::size_t> served, came; // the first on the writer's thread alone
    for (std::size_t i = 0; i < limits::queue_events_max; ++i) {
        came.push_back(i);
        // refused, as there is no such port; the log keeps that all the same, so that there is something to commit
        alfa.engine().submit(command_event("port.note", "PI-000009", R"({"reason":"in the queue"})"), [&served, i](Result const&) { served.push_back(i); });
    }
    obstacle.go_away();
    alfa.stop(); // finishes what is queued
    CHECK(served == came);
    CHECK(alfa.commits() <= 2); // the obstacle, and all that waited meanwhile
}

TEST_CASE("a rehearsal has its turn however busy the writer is") {
    Running alfa;
    REQUIRE(alfa.orders({}, "ORD-1").answer.refusals.empty());
    std::atomic<bool> over{false};
    std::function<void(Result)> again = [&](Result const&) {
        if (!over) alfa.engine().submit(command_event("port.note", "PI-000001", R"({"reason":"and again"})"), again);
    };
    again({}), again({}); // while one is answered the other waits: the writer never idles
    engine::Rehearsal const rehearsal{PortId{"PI-000001"}, {}, alfa.engine().now()};
    auto played = std::async(std::launch::async, [&] { return alfa.engine().rehearse(rehearsal, [](auto const&...) {}); });
    bool const in_time = eventually([&] { return played.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
    over = true;
    CHECK(in_time);
    CHECK(played.get());
    alfa.stop();
}

TEST_CASE("a full queue says so at once, before memory grows; everything else is answered") {
    Running alfa;
    Obstacle obstacle;
    alfa.engine().submit(obstacle.event(), {});
    obstacle.wait_until_reached();
    Event cheap;
    cheap.kind = "mailbox.confirmed";
    cheap.confirm = engine::ConfirmMailbox{1, OperatorCode{"BRAVO"}};
    std::atomic<std::size_t> answered{0};
    std::atomic<int> overloaded{0};
    for (std::size_t i = 0; i < limits::queue_events_max + 3; ++i)
        alfa.engine().submit(cheap, [&](Result result) {
            ++answered;
            overloaded += result.answer.refusals.at(0).code == RefusalCode::overloaded ? 1 : 0;
        });
    CHECK(answered == 3);
    CHECK(overloaded == 3);
    CHECK(alfa.engine().status().queued == limits::queue_events_max);
    obstacle.go_away();
    alfa.stop(); // finishes what is queued
    CHECK(answered == limits::queue_events_max + 3);
    CHECK(overloaded == 3);
}

TEST_CASE("a stopped engine accepts nothing, and says so") {
    Running alfa;
    alfa.engine().stop();
    alfa.engine().stop();
    auto const late = alfa.orders({}, "ORD-1");
    REQUIRE(late.answer.refusals.size() == 1);
    CHECK(late.answer.refusals[0].code == RefusalCode::overloaded);
}

TEST_CASE("timers fire in due order, each at its own instant, never early and never twice") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    CHECK(alfa.engine().status().next_due == at("2026-04-02 18:00"));
    alfa.advance("2026-04-02 17:59:59");
    CHECK(alfa.timer_rows().empty());
    CHECK(alfa.engine().now() == at("2026-04-02 17:59:59"));

    alfa.advance("2026-04-20 12:00"); // far: everything on the way happens on its own day
    auto const rows = alfa.timer_rows();
    std::vector<std::string> story;
    for (auto const& row : rows) {
        CHECK(row.learned_at == row.happened_at);
        story.push_back(text(row.learned_at) + " " + row.kind.substr(6));
    }
    CHECK(std::ranges::is_sorted(rows, {}, &storage::LogRow::learned_at));
    // nobody takes the request: given up after one working day, together with the answer that never came; planned for
    // the 3rd, the right to compensation begins on the 7th
    CHECK(std::ranges::count(story, "2026-04-02 18:00 delivery_expiry") == 1);
    CHECK(std::ranges::count(story, "2026-04-07 18:00 delay_start") == 1);
    CHECK(alfa.reader().book().lines(PortId{"PI-000001"})[0].state == "draft");
    CHECK(alfa.engine().now() == at("2026-04-20 12:00"));
    CHECK(alfa.reader().meta("manual_clock") == to_rfc3339(at("2026-04-20 12:00")));
}

TEST_CASE("a deadline whose effect nobody can work out is heard once a day, and stops nothing else") {
    // Asked on Monday 20 December 2100: the answer is due on Tuesday the 21st at 18:00. The donor is silent; reminders follow on
    // each working day, the last on Friday the 31st. The next would end in 2101, of which the calendar knows no holiday.
    Running alfa("2100-12-20 10:00");
    REQUIRE(alfa.orders({}, "ORD-1").answer.refusals.empty());
    alfa.engine().ask(engine::delivery_event({1, porting::input::DeliveryReport::What::taken, "T-1", ""}, OperatorCode{"HUB"}));
    alfa.advance("2100-12-31 20:00");
    auto const stuck = [&] {
        auto rows = alfa.timer_rows();
        std::erase_if(rows, [](auto const& row) { return row.refusals.empty(); });
        return rows;
    };
    REQUIRE(stuck().size() == 1);
    auto const row = stuck()[0];
    CHECK(row.learned_at == at("2100-12-31 18:00"));
    CHECK(contains(row.refusals[0].text, "1990 to 2100"));
    REQUIRE(row.notes.size() == 1);
    CHECK(contains(row.notes[0], "is heard again on Sat 1 Jan 2101 18:00 (rule npod.deadline.retry)"));

    auto const timer = alfa.reader().book().timer({porting::SubjectKind::line, "PI-000001/1"});
    REQUIRE(timer);
    CHECK(timer->due == at("2101-01-01 18:00")); // 24 hours later
    CHECK(timer->rule == "npod.deadline.retry");

    alfa.advance("2101-01-03 20:00"); // the 1st, the 2nd and the 3rd, 18:00
    CHECK(stuck().size() == 4);
    CHECK(alfa.engine().ask(command_event("port.note", "PI-000001", R"({"reason":"still at work"})")).answer.refusals.empty());
}

TEST_CASE("the clock does not go back") {
    Running alfa;
    std::promise<Result> back;
    alfa.engine().advance_clock(at("2026-03-31 10:00"), [&](Result result) { back.set_value(std::move(result)); });
    auto const refused = back.get_future().get();
    REQUIRE(refused.answer.refusals.size() == 1);
    CHECK(refused.answer.refusals[0].pointer == "/to");
    CHECK(alfa.engine().now() == at("2026-04-01 10:00"));
}

TEST_CASE("what fell due while nobody was running fires at the next start, in due order, once") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    alfa.orders({.numbers = "+3225501110..+3225501119"}, "ORD-2");
    alfa.restart("2026-04-05 03:00"); // Easter Sunday
    alfa.engine().ask(command_event("port.note", "PI-000001", R"({"reason":"after the start"})"));
    auto const rows = alfa.timer_rows();
    // both deliveries (2 April), the answer for the single number (2 April), that for the ten numbers (3 April)
    REQUIRE(rows.size() >= 3);
    for (auto const& row : rows) {
        CHECK(row.learned_at == at("2026-04-05 03:00")); // late, and said so
        CHECK(row.happened_at <= row.learned_at);
    }
    CHECK(std::ranges::is_sorted(rows, {}, &storage::LogRow::happened_at));
    CHECK(alfa.reader().book().lines(PortId{"PI-000001"})[0].state == "draft");

    alfa.restart("2026-04-05 03:00");
    alfa.engine().ask(command_event("port.note", "PI-000001", R"({"reason":"after another start"})"));
    CHECK(alfa.timer_rows().size() == rows.size());
}

TEST_CASE("an engine that starts sleeps no longer than to the deadline that an earlier life armed") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    alfa.restart("2026-04-01 11:00"); // and nobody asks it anything
    CHECK(alfa.engine().status().next_due == at("2026-04-02 18:00"));
}

TEST_CASE("a disk that fails: nobody is told yes, the engine stops accepting, and the file is whole afterwards") {
    Running alfa;
    alfa.orders({}, "ORD-1");
    auto const head = alfa.reader().head_seq();
    auto event = alfa.order_event({.numbers = "+3225501101"}, "ORD-2");
    event.idempotency_key = "K-2";

    take_away(alfa.file() + "-wal"); // every write to it fails, as on a disk that has left
    auto const lost = alfa.engine().ask(event);

    CHECK(lost.indeterminate);
    CHECK(lost.rendered.body.empty());
    auto const refused = alfa.orders({.numbers = "+3225501102"}, "ORD-3");
    REQUIRE(refused.answer.refusals.size() == 1);
    CHECK(refused.answer.refusals[0].code == RefusalCode::overloaded);
    CHECK_FALSE(alfa.engine().status().accepting);
    alfa.stop();
    CHECK(alfa.fault() != "");

    alfa.restart("2026-04-01 10:05");
    auto const again = alfa.engine().ask(event); // the same key: whatever had become of it, it happens once
    CHECK(again.answer.refusals.empty());
    CHECK(alfa.reader().head_seq() == head + 1);
    CHECK(alfa.reader().count_ports({}) == 2);
    alfa.stop();
    CHECK(storage::Ledger({alfa.file(), OperatorCode{"ALFA"}, false}).check(0).findings.empty());
}
