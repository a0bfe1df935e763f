#include "storage/sqlite/recent_book.hpp"

#include <algorithm>

namespace npod::storage::sqlite {

using namespace porting;

namespace {

/// Subjects of two kinds may have the same id: a contract is called as its operator likes.
std::string key_of(Subject const& subject) { return std::string(name_of(subject.kind)) + ' ' + subject.id; }

} // namespace

std::optional<Port> RecentBook::port(PortId const& id) const {
    auto& known = ports_.of(id.text).port;
    if (!known) known = SqliteBook::port(id);
    return known;
}

std::vector<Line> const& RecentBook::kept_lines(PortId const& id) const {
    auto& known = ports_.of(id.text).lines;
    if (!known) known = SqliteBook::lines(id);
    return *known;
}

std::vector<Line> RecentBook::lines(PortId const& id) const { return kept_lines(id); }

Line const* RecentBook::line(PortId const& id, int no) const {
    auto const& lines = kept_lines(id);
    auto const at = std::ranges::lower_bound(lines, no, {}, &Line::no);
    return at != lines.end() && at->no == no ? &*at : nullptr;
}

std::optional<Claim> RecentBook::claim_of(PortId const& id) const {
    auto& known = ports_.of(id.text).claim;
    if (!known) known = SqliteBook::claim_of(id);
    return *known;
}

std::optional<Timer> RecentBook::timer(Subject const& subject) const {
    auto& known = timers_.of(key_of(subject));
    if (!known) known = SqliteBook::timer(subject);
    return *known;
}

void RecentBook::note(Effects const& effects) {
    for (auto const* const ports : {&effects.ports, &effects.advanced})
        for (auto const& port : *ports) ports_.of(port.id.text).port = port;
    for (auto const& line : effects.lines) {
        auto& lines = ports_.of(line.port.text).lines;
        if (!lines) continue; // asked for when they are needed
        auto const at = std::ranges::lower_bound(*lines, line.no, {}, &Line::no);
        if (at != lines->end() && at->no == line.no) *at = line;
        else lines->insert(at, line);
    }
    for (auto const& claim : effects.claims) ports_.of(claim.port.text).claim = std::optional(claim);
    for (auto const& subject : effects.cancel) timers_.of(key_of(subject)) = std::optional<Timer>();
    for (auto const& timer : effects.arm) timers_.of(key_of(timer.subject)) = std::optional(timer);
}

void RecentBook::forget() {
    ports_.forget();
    timers_.forget();
}

} // namespace npod::storage::sqlite
