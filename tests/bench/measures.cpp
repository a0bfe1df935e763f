#include "measuring.hpp"

#include "fill.hpp"
#include "inside.hpp"
#include "served.hpp"
#include "statements.hpp"

#include "daemon/system_clock.hpp"
#include "storage/ledger.hpp"
#include "support/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include <sqlite3.h>

namespace npod::bench {

namespace {

std::int64_t events_in(std::string const& database) { return storage::Reader(database).head_seq(); }

/// Where the bytes of a port are: "bytes.event" and so on, pages of each table and index by the port, from SQLite's own statistics.
void add_bytes(Figures& figures, std::string const& database, double ports) {
    sqlite3* raw = nullptr;
    if (sqlite3_open_v2(database.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) throw BenchError("the database cannot be looked into");
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> const connection(raw, sqlite3_close);
    sqlite3_stmt* asked = nullptr;
    if (sqlite3_prepare_v2(raw, "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC", -1, &asked, nullptr) != SQLITE_OK) return;
    std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> const statement(asked, sqlite3_finalize);
    while (sqlite3_step(asked) == SQLITE_ROW)
        if (auto const bytes = sqlite3_column_double(asked, 1) / ports; bytes >= 8)
            figures.emplace_back(fmt::format("bytes.{}", reinterpret_cast<char const*>(sqlite3_column_text(asked, 0))), bytes);
}

/// What a job cost the daemon, from one look at it to the next; ends it, so that what is in the WAL has moved to the database:
/// the WAL is bounded, however many ports there are, and would only blur what one costs.
Figures figures_of(Served& served, Usage const& before, std::int64_t bytes_before, std::int64_t events_before, Load const& load, Done& done) {
    auto const after = served.usage();
    auto const events = static_cast<double>(events_in(served.database()) - events_before);
    auto const ports = static_cast<double>(load.ports);
    served.stop();
    return {{"ports_per_s", done.ports_per_second},
            {"events_per_s", done.ports_per_second * events / ports}, // of the steady part, as ports are
            {"events_per_port", events / ports},
            {"ack_p50_ms", done.acknowledged.ms_within(0.5)},
            {"ack_p99_ms", done.acknowledged.ms_within(0.99)},
            {"cpu_ms_per_port", (after.cpu_seconds - before.cpu_seconds) * 1000 / ports},
            {"switches_per_port", static_cast<double>(after.switches - before.switches) / ports},
            {"bytes_per_port", static_cast<double>(served.bytes_on_disk() - bytes_before) / ports},
            {"resident_mb", static_cast<double>(after.resident_bytes) / 1e6},
            {"asked_again", static_cast<double>(done.asked_again)}};
}

Figures recipient(Plan const& plan) {
    Folder const folder(plan.folder);
    Served served(setup_of(plan, folder.path()));
    prepare_recipient(served);
    auto const before = served.usage();
    auto const bytes = served.bytes_on_disk();
    auto const events = events_in(served.database());
    auto done = play_recipient(served, plan.load);
    auto figures = figures_of(served, before, bytes, events, plan.load, done);
    auto const grown = static_cast<double>(served.bytes_on_disk() - bytes) / plan.load.ports;
    if (plan.most_bytes > 0 && grown > plan.most_bytes) throw BenchError(fmt::format("a completed port takes {:.0f} bytes, more than {:.0f}", grown, plan.most_bytes));
    add_bytes(figures, served.database(), plan.load.ports);
    return figures;
}

Figures donor(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder.path());
    std::swap(setup.code, setup.counterpart);
    Served served(setup);
    prepare_donor(served, plan.load);
    auto const before = served.usage();
    auto const bytes = served.bytes_on_disk();
    auto const events = events_in(served.database());
    auto done = play_donor(served, plan.load);
    return figures_of(served, before, bytes, events, plan.load, done);
}

/// The job without sockets, in this process: for callgrind and perf.
Figures inside(Plan const& plan) {
    Folder const folder(plan.folder);
    Inside subject(folder.path(), "ALFA", "BRAVO");
    prepare_recipient(subject);
    auto done = play_recipient(subject, plan.load);
    Figures figures{{"ports_per_s", done.ports_per_second}, {"ack_p50_ms", done.acknowledged.ms_within(0.5)}};
    add_bytes(figures, folder.path() + "/npod.db", plan.load.ports);
    return figures;
}

/// The bare loop against the daemon, one after the other in the same run.
Figures share(Plan const& plan) {
    Statements statements;
    Folder const recorded(plan.folder), bare(plan.folder);
    { storage::Ledger const schema({recorded.path() + "/npod.db", OperatorCode{"ALFA"}, true}); } // migrations are not the job
    {
        StatementRecorder recorder;
        Inside subject(recorded.path(), "ALFA", "BRAVO");
        prepare_recipient(subject);
        play_recipient(subject, plan.load);
        statements = recorder.take();
    }
    auto const served = recipient(plan);
    auto const path = bare.path() + "/npod.db";
    { storage::Ledger const schema({path, OperatorCode{"ALFA"}, true}); }
    auto const run = write_again(statements, path);
    auto const bare_rate = static_cast<double>(run.events) / run.seconds;
    auto const rate = std::find_if(served.begin(), served.end(), [](auto const& one) { return one.first == "events_per_s"; })->second;
    return {{"share", rate / bare_rate},
            {"events_per_s", rate},
            {"bare_events_per_s", bare_rate},
            {"events_per_commit", static_cast<double>(run.events) / static_cast<double>(statements.commits)},
            {"statements_per_event", static_cast<double>(statements.written.size()) / static_cast<double>(run.events)}};
}

/// Started anew plan.rounds times on one file.
Figures parked(Plan const& plan) {
    Folder const folder(plan.folder);
    fill(folder.path() + "/npod.db", {0, plan.book, *parse_rfc3339("2026-06-01T10:00:00+02:00"), first_filled_number});
    auto setup = setup_of(plan, folder.path());
    setup.connections = 1;
    std::vector<double> ready, resident;
    std::int64_t bytes = 0;
    for (int round = 0; round < plan.rounds; ++round) {
        Served served(setup);
        ready.push_back(served.seconds_to_ready());
        resident.push_back(static_cast<double>(served.usage().resident_bytes) / 1e6);
        bytes = served.bytes_on_disk();
        served.stop();
    }
    return {{"book", static_cast<double>(plan.book)},
            {"seconds_to_ready", median(ready)},
            {"seconds_to_ready_least", std::ranges::min(ready)},
            {"seconds_to_ready_most", std::ranges::max(ready)},
            {"resident_mb", median(resident)},
            {"resident_mb_least", std::ranges::min(resident)},
            {"resident_mb_most", std::ranges::max(resident)},
            {"bytes_per_port", static_cast<double>(bytes) / static_cast<double>(plan.book)}};
}

/// Timers that shall fall due while we watch must be armed by the clock that the daemon goes by.
Moment system_now() { return daemon::SystemClock().now(); }

/// Tells of one transfer elsewhere after the other (portingperformed), so many at once, and measures how long each
/// acknowledgement takes.
class Callers {
public:
    Callers(Served& served, int at_once) : served_(served) {
        for (int i = 0; i < at_once; ++i) begin();
    }
    std::int64_t answered() const { return answered_; }
    void stop() {
        over_ = true;
        while (answered_ < begun_) served_.turn();
    }
    Spread acknowledged;

private:
    void begin() {
        Stopwatch const watch;
        served_.call(transfer_elsewhere(32'470'000'000 + begun_++),
                     [this, watch](unsigned status, std::string_view body) {
                         if (status > 299) throw BenchError(fmt::format("a transfer was answered {}: {}", status, body));
                         ++answered_;
                         if (over_) return;
                         acknowledged.add(watch.seconds());
                         begin();
                     });
    }

    Served& served_;
    std::int64_t begun_ = 0, answered_ = 0;
    bool over_ = false;
};

/// All timers fall due in one second, on the system's clock, while messages keep coming in, sixteen at once.
Figures due(Plan const& plan) {
    Folder const folder(plan.folder);
    auto const database = folder.path() + "/npod.db";
    auto const margin = std::chrono::milliseconds{3'000 + plan.book / 5}; // to fill and to start
    auto const at = system_now() + margin;
    fill(database, {0, plan.book, at, 32'480'000'000, at}); // ordered long before, they would lapse
    auto setup = setup_of(plan, folder.path());
    setup.clock = "system";
    setup.connections = 17;
    Served served(setup);
    if (system_now() > at) throw BenchError("filling took longer than was allowed for; nothing fell due while it was watched");
    while (system_now() < at) test::let_pass(std::chrono::milliseconds{1});
    Callers callers(served, 16);
    Stopwatch const watch;
    storage::Reader const file(database); // the daemon is not asked: what measures takes no part in what is measured
    for (auto next = file.next_due(); next && *next <= at; next = file.next_due())
        for (Stopwatch const pause; pause.seconds() < 0.01;) served.turn();
    auto const seconds = watch.seconds();
    callers.stop();
    served.stop();
    auto const told = fired_activations(database);
    return {{"book", static_cast<double>(plan.book)},
            {"timers_per_s", static_cast<double>(told.count) / seconds},
            {"fired", static_cast<double>(told.count)},
            {"out_of_order", static_cast<double>(told.out_of_order)},
            {"early", static_cast<double>(told.early)},
            {"calls_per_s", static_cast<double>(callers.acknowledged.count()) / seconds},
            {"ack_p50_ms", callers.acknowledged.ms_within(0.5)},
            {"ack_p99_ms", callers.acknowledged.ms_within(0.99)}};
}

Figures idle(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder.path());
    setup.connections = 1;
    setup.clock = "system";
    Served const served(setup);
    std::chrono::seconds const watched{plan.seconds};
    test::let_pass(std::chrono::milliseconds{500}); // what starting left to do
    auto const before = served.usage();
    test::let_pass(watched);
    auto const after = served.usage();
    return {{"wakeups_per_s", static_cast<double>(after.switches - before.switches) / static_cast<double>(watched.count())},
            {"resident_mb", static_cast<double>(after.resident_bytes) / 1e6},
            {"seconds_to_ready", served.seconds_to_ready()}};
}

Figures npctl(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder.path());
    setup.connections = 1;
    Served const served(setup);
    auto spread = status_of(plan, served);
    return {{"status_p50_ms", spread.ms_within(0.5)}, {"status_p90_ms", spread.ms_within(0.9)}};
}

constexpr std::array all{
    Measure{"recipient", "the job as the recipient, over loopback", recipient},
    Measure{"donor", "its mirror as the donor", donor},
    Measure{"inside", "the recipient's job without sockets, for callgrind", inside},
    Measure{"share", "the daemon against a bare loop that writes the same rows in the same batches", share},
    Measure{"flat", "the recipient's job on a book of --book ports against one of --small, and questions about it", flat},
    Measure{"reader", "the recipient's job while somebody reads one commit all the time", reader},
    Measure{"parked", "starting with --book ports that wait on timers", parked},
    Measure{"due", "--book timers due in the same second, while calls go on", due},
    Measure{"idle", "a daemon with nothing to do", idle},
    Measure{"npctl", "npctl status, the whole process, on an empty book", npctl},
};

} // namespace

std::span<Measure const> measures() { return all; }

} // namespace npod::bench
