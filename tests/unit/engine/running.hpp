#pragma once
/// An engine over a real file, for tests of the writer and of what lives beside it.

#include "engine/engine.hpp"
#include "support/world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <mutex>
#include <string>

#include <stdlib.h> // mkdtemp is POSIX

namespace npod::testing {

using engine::Engine;
using engine::Event;
using engine::Rendered;
using engine::Result;

/// ALFA's engine over a file in a folder of its own, on a manual clock.
class Running {
public:
    /// In a new folder, on a clock that shows `start`; `prepare` sees the folder before the database is made in it.
    explicit Running(std::string_view start = "2026-04-01 10:00", std::function<void(std::filesystem::path const&)> prepare = {})
        : clock_(std::make_unique<ManualClock>(at(start))) {
        std::string pattern = (std::filesystem::temp_directory_path() / "npod_engine_XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        if (prepare) prepare(folder_);
        this->start();
    }
    ~Running() {
        engine_.reset();
        std::error_code none; // a mounted folder stays, and whoever mounted it removes it
        std::filesystem::remove_all(folder_, none);
    }
    Running(Running const&) = delete;
    Running& operator=(Running const&) = delete;

    Engine& engine() { return *engine_; }
    std::filesystem::path const& folder() const { return folder_; }
    std::string file() const { return (folder_ / "npod.db").string(); }
    storage::Reader reader() const { return storage::Reader(file()); }
    std::string fault() const {
        std::lock_guard const lock(mutex_);
        return fault_;
    }
    int commits() const { return commits_; }
    Log& log() { return log_; }

    void stop() { engine_.reset(); }
    /// A new process, as it were: `now` is what its clock shows.
    void restart(std::string_view now) {
        stop();
        clock_ = std::make_unique<ManualClock>(at(now));
        start();
    }
    void advance(std::string_view to) {
        std::promise<Result> done;
        engine_->advance_clock(at(to), [&](Result result) { done.set_value(std::move(result)); });
        CHECK(done.get_future().get().answer.refusals.empty());
    }
    Result orders(Order const& order, std::string const& id) { return engine_->ask(order_event(order, id)); }
    Event order_event(Order const& order, std::string const& id) const {
        auto event = command_event("port.order", "", order_json(order, id, clock_->now()));
        event.render = [](porting::Answer const& answer, porting::Book const&, std::int64_t seq) {
            return Rendered{201, fmt::format("{{\"port\":\"{}\",\"seq\":{}}}", answer.subject, seq),
                            "/v1/ports/" + answer.subject};
        };
        return event;
    }
    /// Rows written because a timer was due, in order.
    std::vector<storage::LogRow> timer_rows() const {
        std::vector<storage::LogRow> rows;
        for (auto& row : reader().log(0, 10'000))
            if (row.kind.starts_with("timer.")) rows.push_back(std::move(row));
        return rows;
    }

private:
    void start() {
        Engine::Parts parts;
        parts.ledger = std::make_unique<storage::Ledger>(storage::OpenOptions{file(), OperatorCode{"ALFA"}, true});
        parts.rulebook = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
        parts.settings = {.own = OperatorCode{"ALFA"},
                          .operators = {OperatorCode{"BRAVO"}},
                          .automatic = porting::AutomaticAnswer::all,
                          .dossier_prefix = "ALFA"};
        parts.interchange = by_hub();
        parts.clock = clock_.get();
        parts.manual = clock_.get();
        parts.log = &log_;
        parts.on_fault = [this](std::string const& why) {
            std::lock_guard const lock(mutex_);
            fault_ = why;
        };
        engine_ = std::make_unique<Engine>(std::move(parts));
        engine_->on_commit([this](std::int64_t) { ++commits_; });
    }

    std::filesystem::path folder_;
    ManualClock stamp_{at("2026-04-01 10:00")};
    Log log_{stamp_, Level::error, [](std::string_view) {}};
    std::unique_ptr<ManualClock> clock_;
    mutable std::mutex mutex_;
    std::string fault_;
    std::atomic<int> commits_{0};
    std::unique_ptr<Engine> engine_; ///< last: it uses the others
};

/// An event that keeps the writer busy until it is let go.
class Obstacle {
public:
    Event event() {
        auto event = command_event("block.put", "", R"({"first":"+3225501000","last":"+3225501999","holder":"ALFA"})");
        event.render = [this](porting::Answer const&, porting::Book const&, std::int64_t) {
            reached_.set_value();
            gone_.get_future().wait();
            return Rendered{};
        };
        return event;
    }
    void wait_until_reached() { reached_.get_future().wait(); }
    void go_away() { gone_.set_value(); }

private:
    std::promise<void> reached_, gone_;
};

} // namespace npod::testing
