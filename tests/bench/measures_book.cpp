/// What must not grow with the book, and what somebody who reads for long must not stop.

#include "measuring.hpp"

#include "fill.hpp"
#include "storage/ledger.hpp"
#include "support/waiting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace npod::bench {

namespace {

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

/// Two hundred questions a second, by each kind of key in turn and spread over the whole book; on a thread of its own.
class Asker {
public:
    Asker(std::uint16_t port, std::int64_t book) : thread_([=, this](std::stop_token stop) { run(port, book, stop); }) {}
    void stop_into(Spread& answered) {
        thread_.request_stop();
        thread_.join();
        if (!trouble_.empty()) throw BenchError(trouble_);
        for (auto const seconds : answered_) answered.add(seconds);
    }

private:
    /// Port, dossier, order, number, contract and claim, each found by its key; a port and a number shown whole.
    static std::string target(std::int64_t asked, std::int64_t book) {
        auto const no = 1 + asked * 7'919 % book;
        auto const number = first_filled_number + no - 1;
        switch (asked % 8) {
        case 0: return fmt::format("/v1/find/PI-{:06}", no);
        case 1: return fmt::format("/v1/find/ALFA-{:08}", no);
        case 2: return fmt::format("/v1/find/filled-{}", no);
        case 3: return fmt::format("/v1/find/%2B{}", number);
        case 4: return fmt::format("/v1/find/F-{}", no);
        case 5: return fmt::format("/v1/find/CL-{:06}", no);
        case 6: return fmt::format("/v1/numbers/%2B{}", number);
        default: return fmt::format("/v1/ports/PI-{:06}", no);
        }
    }
    void run(std::uint16_t port, std::int64_t book, std::stop_token const& stop) try {
        Sockets sockets;
        sockets.connect(port, 1);
        for (std::int64_t asked = 1; !stop.stop_requested(); ++asked) {
            auto const what = target(asked, book);
            Stopwatch const watch;
            unsigned told = 0;
            sockets.call({"GET", what, {}, {}}, [&](unsigned status, std::string_view) { told = status; });
            while (told == 0)
                if (!sockets.turn(30'000)) throw BenchError("a question was not answered within half a minute");
            if (told != 200) throw BenchError(fmt::format("{} was answered {}", what, told));
            answered_.push_back(watch.seconds());
            test::let_pass(std::chrono::milliseconds{5});
        }
    } catch (BenchError const& error) {
        trouble_ = error.what();
    }

    std::vector<double> answered_;
    std::string trouble_;
    std::jthread thread_; // last: it uses the others
};

/// A daemon on a filled book, and one stretch of the job after the other.
struct Filled {
    Filled(Plan const& plan, std::int64_t size) : folder(plan.folder), book(size), load(plan.load) {
        fill(folder.path() + "/npod.db", {size, 0, {}, first_filled_number});
        served = std::make_unique<Served>(setup_of(plan, folder.path()));
    }
    Done play() {
        auto done = play_recipient(*served, load);
        load.first_number += load.ports;
        return done;
    }
    Folder folder;
    std::int64_t book;
    Load load;
    std::unique_ptr<Served> served;
};

} // namespace

Spread status_of(Plan const& plan, Served const& served) {
    Spread spread;
    for (Stopwatch const watch; spread.count() < 5 || watch.seconds() < plan.seconds;) spread.add(seconds_of({plan.npctl, "status", "--url", served.url()}));
    return spread;
}

/// Both books stand side by side, and the stretches alternate: small, large, large with questions, and back, so that what the
/// machine does besides meets all of them. Ratios are those of neighbours.
Figures flat(Plan const& plan) {
    Filled small(plan, plan.small), large(plan, plan.book);
    std::vector<double> rates, small_rates, ratios, beside;
    Spread answered, acknowledged;
    auto const before = large.served->usage();
    auto const bytes = large.served->bytes_on_disk();
    small.play(), large.play(); // so that neither is measured cold
    for (int round = 0; round < plan.rounds; ++round) {
        auto const with_questions = [&] {
            Asker asker(large.served->port(), large.book);
            auto const rate = large.play().ports_per_second;
            asker.stop_into(answered);
            return rate;
        };
        bool const questions_first = round % 2 == 1;
        auto asked = questions_first ? with_questions() : 0;
        auto alone = large.play();
        auto const few = small.play().ports_per_second;
        if (!questions_first) asked = with_questions();
        rates.push_back(alone.ports_per_second);
        small_rates.push_back(few);
        ratios.push_back(alone.ports_per_second / few);
        beside.push_back(asked / alone.ports_per_second);
        acknowledged.add(alone.acknowledged.ms_within(0.99) / 1000);
    }
    auto const played = static_cast<double>(large.load.first_number - plan.load.first_number);
    auto const cpu = (large.served->usage().cpu_seconds - before.cpu_seconds) * 1000 / played;
    auto status = status_of(plan, *large.served);
    Stopwatch const metrics;
    if (large.served->ask({"GET", "/metrics", {}, {}}).first != 200) throw BenchError("the metrics were not told");
    auto const metrics_ms = metrics.seconds() * 1000;
    auto const ready = large.served->seconds_to_ready();
    large.served->stop();
    return {{"book", static_cast<double>(plan.book)},
            {"small_ports_per_s", median(small_rates)},
            {"ports_per_s", median(rates)},
            {"ratio", median(ratios)},
            {"ratio_least", std::ranges::min(ratios)},
            {"ratio_most", std::ranges::max(ratios)},
            {"cpu_ms_per_port", cpu},
            {"ack_p99_ms", acknowledged.ms_within(0.5)},
            {"bytes_per_port", static_cast<double>(large.served->bytes_on_disk() - bytes) / played},
            {"answer_p50_ms", answered.ms_within(0.5)},
            {"answer_p99_ms", answered.ms_within(0.99)},
            {"writer_ratio", median(beside)},
            {"status_p50_ms", status.ms_within(0.5)},
            {"metrics_ms", metrics_ms},
            {"seconds_to_ready", ready}};
}

/// While somebody looks at one commit nothing of the write-ahead log can be emptied into the file.
Figures reader(Plan const& plan) {
    Folder const folder(plan.folder);
    Served served(setup_of(plan, folder.path()));
    prepare_recipient(served);
    auto load = plan.load;
    auto const next = [&] {
        auto const rate = play_recipient(served, load).ports_per_second;
        load.first_number += load.ports;
        return rate;
    };
    next();
    storage::Reader looking(served.database());
    auto const usual = looking.wal_bytes();
    auto const alone = next();
    looking.hold_snapshot();
    auto const beside = next();
    auto const grown = looking.wal_bytes();
    looking.release_snapshot();
    next();
    return {{"wal_mb", static_cast<double>(usual) / 1e6},
            {"wal_mb_beside", static_cast<double>(grown) / 1e6},
            {"wal_mb_after", static_cast<double>(looking.wal_bytes()) / 1e6},
            {"writer_ratio", beside / alone}};
}

} // namespace npod::bench
