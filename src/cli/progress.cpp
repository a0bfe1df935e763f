#include "cli/progress.hpp"

#include "cli/times.hpp"

#include <fmt/format.h>

#include <memory>

namespace npod::cli {

namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between{200}, patience{500};

/// The line goes away with whoever told it.
struct Line {
    explicit Line(Session& the_session) : session(the_session) {}
    ~Line() {
        if (told) session.progress({});
    }
    Line(Line const&) = delete;
    Line& operator=(Line const&) = delete;

    Session& session;
    Steady::time_point begun = Steady::now(), part_begun = begun, last = begun;
    std::string part;
    bool told = false;
};

} // namespace

std::string progress_text(std::string_view part, std::int64_t done, std::int64_t of, std::chrono::milliseconds elapsed) {
    if (of <= 0 || done <= 0 || elapsed.count() <= 0) return fmt::format("{}, {}", part, length_text(elapsed));
    auto const rate = done * 1'000 / elapsed.count();
    auto const left = std::chrono::milliseconds{(of - done) * elapsed.count() / done};
    return fmt::format("{}: {} of {} ({} %), {}/s, {} left", part, done, of, done * 100 / of, rate, length_text(left));
}

std::function<void(std::string_view, std::int64_t, std::int64_t)> progress_on(Session& session) {
    if (!session.on_terminal()) return {};
    return [line = std::make_shared<Line>(session)](std::string_view part, std::int64_t done, std::int64_t of) {
        auto const now = Steady::now();
        if (part != line->part) line->part = part, line->part_begun = now;
        bool const first_of_part = line->part_begun == now && now - line->begun > patience;
        if (!first_of_part && (now - line->begun < patience || now - line->last < between)) return;
        line->last = now, line->told = true;
        auto const elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - line->part_begun);
        line->session.progress(progress_text(part, done, of, elapsed));
    };
}

} // namespace npod::cli
