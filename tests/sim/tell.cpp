#include "sim/tell.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

namespace npod::sim {

namespace {

constexpr int many = 100'000;
constexpr std::size_t body_shown = 300;

std::string line_of(Node const& node, storage::LogRow const& row) {
    auto text = fmt::format("{} {:6} {:5} {} [{}] {}", to_rfc3339(row.learned_at), node.code().text, row.seq, row.kind, row.source, row.key);
    if (row.kind.starts_with("port.") || row.kind.starts_with("message.")) text += "  " + row.body.substr(0, body_shown);
    for (auto const& move : row.moves)
        text += fmt::format("\n        {} {}: {} {} -> {} {}", move.subject.id, move.event, move.verdict, move.from, move.to, move.note);
    for (auto const& note : row.notes) text += "\n        note: " + note;
    for (auto const& refusal : row.refusals) text += "\n        refused: " + refusal.text;
    return text + "\n";
}

/// The first "+32…" in the text.
std::optional<porting::Number> number_in(std::string const& text) {
    auto const plus = text.find('+');
    if (plus == std::string::npos) return {};
    auto const end = text.find_first_not_of("0123456789", plus + 1);
    auto const number = porting::parse_e164(text.substr(plus, end - plus));
    return number ? std::optional(*number) : std::nullopt;
}

} // namespace

std::string story_of(Market& market, std::string const& text) {
    auto const number = number_in(text);
    if (!number) return {};
    std::multimap<Moment, std::string> rows;
    for (auto const& node : market.nodes()) {
        auto const reader = node->reader();
        std::set<std::int64_t> told;
        std::vector<std::string> ids{to_string(*number)};
        for (auto const& port : reader.ports_of_number(*number)) ids.push_back(port.id.text);
        for (auto const& id : ids)
            for (auto const& row : reader.log_about(id, 0, many, true))
                if (told.insert(row.seq).second) rows.emplace(row.learned_at, line_of(*node, row));
    }
    std::string all;
    for (auto const& [at, row] : rows) all += row;
    return all;
}

} // namespace npod::sim
