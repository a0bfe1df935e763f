#include "measures.hpp"

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
#include <charconv>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace npod::bench {

namespace {

Served::Setup setup_of(Plan const& plan, Folder const& folder) {
    Served::Setup setup;
    setup.npod = plan.npod;
    setup.folder = folder.path();
    setup.connections = plan.load.concurrent;
    return setup;
}

std::int64_t events_in(std::string const& database) { return storage::Reader(database).head_seq(); }

/// What a job cost the daemon, from one look at it to the next; ends it, so that what is in the WAL has moved to the database:
/// the WAL is bounded, however many ports there are, and would only blur what one costs.
Figures figures_of(Served& served, Usage const& before, std::int64_t bytes_before, std::int64_t events_before, Load const& load, Done& done) {
    auto const after = served.usage();
    auto const events = static_cast<double>(events_in(served.database()) - events_before);
    auto const ports = static_cast<double>(load.ports);
    served.stop();
    return {{"ports_per_s", done.ports_per_second},
            {"events_per_s", events / done.seconds},
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
    Served served(setup_of(plan, folder));
    prepare_recipient(served);
    auto const before = served.usage();
    auto const bytes = served.bytes_on_disk();
    auto const events = events_in(served.database());
    auto done = play_recipient(served, plan.load);
    return figures_of(served, before, bytes, events, plan.load, done);
}

Figures donor(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder);
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
    return {{"ports_per_s", done.ports_per_second}, {"ack_p50_ms", done.acknowledged.ms_within(0.5)}};
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

/// The same job on a book that has many ports already.
Figures book(Plan const& plan) {
    Folder const folder(plan.folder);
    Stopwatch const filling;
    fill(folder.path() + "/npod.db", {plan.book, 0, {}, 32'480'000'000});
    auto const filled = filling.seconds();
    Served served(setup_of(plan, folder));
    auto const before = served.usage();
    auto const bytes = served.bytes_on_disk();
    auto const events = events_in(served.database());
    auto done = play_recipient(served, plan.load);
    auto figures = figures_of(served, before, bytes, events, plan.load, done);
    figures.emplace_back("book", static_cast<double>(plan.book));
    figures.emplace_back("seconds_to_ready", served.seconds_to_ready());
    figures.emplace_back("seconds_to_fill", filled);
    return figures;
}

Figures parked(Plan const& plan) {
    Folder const folder(plan.folder);
    fill(folder.path() + "/npod.db", {0, plan.book, *parse_rfc3339("2026-06-01T10:00:00+02:00"), 32'480'000'000});
    auto setup = setup_of(plan, folder);
    setup.connections = 1;
    Served const served(setup);
    return {{"book", static_cast<double>(plan.book)},
            {"seconds_to_ready", served.seconds_to_ready()},
            {"resident_mb", static_cast<double>(served.usage().resident_bytes) / 1e6},
            {"bytes_per_port", static_cast<double>(served.bytes_on_disk()) / static_cast<double>(plan.book)}};
}

/// Timers that shall fall due while we watch must be armed by the clock that the daemon goes by.
Moment system_now() { return daemon::SystemClock().now(); }

std::int64_t number_in(std::string_view json, std::string_view name) {
    auto const at = json.find(name);
    std::int64_t number = 0;
    if (at != std::string_view::npos) std::from_chars(json.data() + at + name.size(), json.data() + json.size(), number);
    return number;
}

/// Puts one contract after the other, so many at once, and measures how long each acknowledgement takes.
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
        auto const number = 32'490'000'000 + begun_++;
        Stopwatch const watch;
        served_.call({"PUT", fmt::format("/v1/contracts/N-{}", number), {},
                      fmt::format(R"({{"customer":{{"kind":"natural","name":"Peeters"}},"network":"mobile","product":"Mobile","numbers":["+{}"]}})", number)},
                     [this, watch](unsigned status, std::string_view body) {
                         if (status > 299) throw BenchError(fmt::format("a contract was answered {}: {}", status, body));
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

/// All timers fall due in one second, on the system's clock, while contracts keep coming in from sixteen at once.
Figures due(Plan const& plan) {
    Folder const folder(plan.folder);
    auto const database = folder.path() + "/npod.db";
    auto const margin = std::chrono::milliseconds{3'000 + plan.book / 5}; // to fill and to start
    auto const at = system_now() + margin;
    fill(database, {0, plan.book, at, 32'480'000'000});
    auto setup = setup_of(plan, folder);
    setup.clock = "system";
    setup.connections = 17;
    Served served(setup);
    if (system_now() > at) throw BenchError("filling took longer than was allowed for; nothing fell due while it was watched");
    auto const before = events_in(database);
    while (system_now() < at) test::let_pass(std::chrono::milliseconds{1});
    Callers callers(served, 16);
    Stopwatch const watch;
    for (std::int64_t fired = 0; fired < plan.book;) // each event is a row of the log: a timer's or a caller's
        fired = number_in(served.ask({"GET", "/v1/status", {}, {}}).second, "\"head_seq\":") - before - callers.answered();
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

/// Two hundred questions a second, by each kind of key in turn and spread over the whole book; on a thread of its own.
class Asker {
public:
    Asker(std::uint16_t port, std::int64_t book) : thread_([=, this](std::stop_token stop) { run(port, book, stop); }) {}
    Spread stop() {
        thread_.request_stop();
        thread_.join();
        if (!trouble_.empty()) throw BenchError(trouble_);
        return std::move(answered_);
    }

private:
    void run(std::uint16_t port, std::int64_t book, std::stop_token const& stop) try {
        Sockets sockets;
        sockets.connect(port, 1);
        for (std::int64_t asked = 1; !stop.stop_requested(); ++asked) {
            auto const no = 1 + asked * 7'919 % book;
            std::array<std::string, 5> const targets{fmt::format("/v1/find/PI-{:06}", no), fmt::format("/v1/find/ALFA-{:08}", no), fmt::format("/v1/find/filled-{}", no),
                                                     fmt::format("/v1/find/%2B{}", 32'480'000'000 + no - 1), fmt::format("/v1/ports/PI-{:06}", no)};
            Stopwatch const watch;
            unsigned told = 0;
            sockets.call({"GET", targets[static_cast<std::size_t>(asked) % targets.size()], {}, {}}, [&](unsigned status, std::string_view) { told = status; });
            while (told == 0)
                if (!sockets.turn(30'000)) throw BenchError("a question was not answered within half a minute");
            if (told != 200) throw BenchError(fmt::format("a question was answered {}", told));
            answered_.add(watch.seconds());
            test::let_pass(std::chrono::milliseconds{5});
        }
    } catch (BenchError const& error) {
        trouble_ = error.what();
    }

    Spread answered_;
    std::string trouble_;
    std::jthread thread_; // last: it uses the others
};

/// What questions cost while the writer is saturated: those who ask, and the writer.
Figures lookup(Plan const& plan) {
    Folder const folder(plan.folder);
    fill(folder.path() + "/npod.db", {plan.book, 0, {}, 32'480'000'000});
    Served served(setup_of(plan, folder));
    auto load = plan.load;
    auto const alone = play_recipient(served, load);
    load.first_number += load.ports;
    Asker asker(served.port(), plan.book);
    auto const beside = play_recipient(served, load);
    auto answered = asker.stop();
    return {{"book", static_cast<double>(plan.book)},
            {"answer_p50_ms", answered.ms_within(0.5)},
            {"answer_p99_ms", answered.ms_within(0.99)},
            {"answers", static_cast<double>(answered.count())},
            {"writer_alone_ports_per_s", alone.ports_per_second},
            {"writer_beside_ports_per_s", beside.ports_per_second},
            {"writer_ratio", beside.ports_per_second / alone.ports_per_second}};
}

Figures idle(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder);
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

/// A whole process, from starting it to its end; what it says goes nowhere.
double seconds_of(std::vector<std::string> command) {
    std::vector<char*> words;
    for (auto& word : command) words.push_back(word.data());
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    Stopwatch const watch;
    pid_t id = 0;
    int const trouble = ::posix_spawn(&id, words.front(), &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    if (trouble != 0 || ::waitpid(id, &status, 0) != id || status != 0) throw BenchError(command.front() + " did not end well");
    return watch.seconds();
}

Figures npctl(Plan const& plan) {
    Folder const folder(plan.folder);
    auto setup = setup_of(plan, folder);
    setup.connections = 1;
    Served const served(setup);
    Spread spread;
    for (Stopwatch const watch; spread.count() < 5 || watch.seconds() < plan.seconds;) spread.add(seconds_of({plan.npctl, "status", "--url", served.url()}));
    return {{"status_p50_ms", spread.ms_within(0.5)}, {"status_p90_ms", spread.ms_within(0.9)}};
}

constexpr std::array all{
    Measure{"recipient", "the job as the recipient, over loopback", recipient},
    Measure{"donor", "its mirror as the donor", donor},
    Measure{"inside", "the recipient's job without sockets, for callgrind", inside},
    Measure{"share", "the daemon against a bare loop that writes the same rows in the same batches", share},
    Measure{"book", "the recipient's job on a book of --book ports", book},
    Measure{"parked", "starting with --book ports that wait on timers", parked},
    Measure{"due", "--book timers due in the same second, while calls go on", due},
    Measure{"lookup", "questions by any key about --book ports while the writer is saturated", lookup},
    Measure{"idle", "a daemon with nothing to do", idle},
    Measure{"npctl", "npctl status, the whole process", npctl},
};

} // namespace

std::span<Measure const> measures() { return all; }

} // namespace npod::bench
