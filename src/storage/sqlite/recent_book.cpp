#include "storage/sqlite/recent_book.hpp"

#include <algorithm>

namespace npod::storage::sqlite {

using namespace porting;

RecentBook::Kept& RecentBook::kept(PortId const& id) const {
    if (auto const at = recent_.find(id.text); at != recent_.end()) return at->second;
    if (recent_.size() >= ports_max) {
        before_ = std::move(recent_);
        recent_.clear();
    }
    auto& kept = recent_[id.text];
    if (auto node = before_.extract(id.text)) kept = std::move(node.mapped());
    return kept;
}

std::optional<Port> RecentBook::port(PortId const& id) const {
    auto& known = kept(id).port;
    if (!known) known = SqliteBook::port(id);
    return known;
}

std::vector<Line> RecentBook::lines(PortId const& id) const {
    auto& known = kept(id).lines;
    if (!known) known = SqliteBook::lines(id);
    return *known;
}

void RecentBook::note(Effects const& effects) {
    for (auto const* const ports : {&effects.ports, &effects.advanced})
        for (auto const& port : *ports) kept(port.id).port = port;
    for (auto const& line : effects.lines) {
        auto& lines = kept(line.port).lines;
        if (!lines) continue; // asked for when they are needed
        auto const at = std::ranges::lower_bound(*lines, line.no, {}, &Line::no);
        if (at != lines->end() && at->no == line.no) *at = line;
        else lines->insert(at, line);
    }
}

void RecentBook::forget() {
    recent_.clear();
    before_.clear();
}

} // namespace npod::storage::sqlite
