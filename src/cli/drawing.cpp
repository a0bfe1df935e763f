#include "cli/drawing.hpp"

#include "state_machines/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace npod::cli {

namespace {

using machine::drawing::Arrow;

// In units of the picture, which are pixels when it is not scaled.
constexpr int box_width = 170, box_height = 34, gap_x = 40, gap_y = 62, margin = 20, across = 4, line_height = 17;

struct Spot {
    int x = 0, y = 0;
    int middle_x() const { return x + box_width / 2; }
    int middle_y() const { return y + box_height / 2; }
};
using Spots = std::map<std::string_view, Spot>;

/// How many arrows lead from the initial state to each, at least; settled states stand below all others.
std::vector<std::vector<std::string_view>> layers_of(machine::Outline const& outline, std::vector<Arrow> const& arrows) {
    std::map<std::string_view, std::size_t> depth{{outline.initial, 0}};
    std::vector<std::string_view> reached{outline.initial};
    for (std::size_t i = 0; i < reached.size(); ++i)
        for (auto const& arrow : arrows)
            if (arrow.from == reached[i] && depth.try_emplace(arrow.to, depth[reached[i]] + 1).second) reached.push_back(arrow.to);
    std::size_t deepest = 0;
    for (auto const& state : outline.states)
        if (state.kind != machine::Kind::settled) deepest = std::max(deepest, depth[state.name]);
    std::vector<std::vector<std::string_view>> layers(deepest + 2);
    for (auto const& state : outline.states)
        layers[state.kind == machine::Kind::settled ? deepest + 1 : depth[state.name]].push_back(state.name);
    return layers;
}

Spots spots_of(std::vector<std::vector<std::string_view>> const& layers, int& bottom) {
    Spots spots;
    int y = margin;
    for (auto const& layer : layers)
        for (std::size_t begin = 0; begin < layer.size(); begin += across, y += box_height + gap_y) {
            auto const count = static_cast<int>(std::min<std::size_t>(across, layer.size() - begin));
            int const free = (across - count) * (box_width + gap_x);
            for (int i = 0; i < count; ++i)
                spots[layer[begin + static_cast<std::size_t>(i)]] = {margin + gap_x + free / 2 + i * (box_width + gap_x), y};
        }
    bottom = y;
    return spots;
}

/// A bent line with the place of its number. `lane` keeps lines between the same rows apart.
struct Way {
    std::string path;
    int x = 0, y = 0;
};
Way way_of(Spot const& from, Spot const& to, int lane) {
    int const shift = (lane % 5 - 2) * 16;
    if (to.y > from.y) {
        int const x1 = from.middle_x() + shift, y1 = from.y + box_height, x2 = to.middle_x() + shift, y2 = to.y;
        int const bend = std::min(90, (y2 - y1) / 2);
        return {fmt::format("M{} {}C{} {} {} {} {} {}", x1, y1, x1, y1 + bend, x2, y2 - bend, x2, y2), x1 + (x2 - x1) / 4, y1 + (y2 - y1) / 4};
    }
    bool const right = to.x >= from.x;
    int const out = (right ? 1 : -1) * (26 + 7 * (lane % 5));
    int const x1 = right ? from.x + box_width : from.x, x2 = right ? to.x + box_width : to.x;
    int const y1 = from.middle_y() + 5, y2 = to.middle_y() - 5;
    return {fmt::format("M{} {}C{} {} {} {} {} {}", x1, y1, x1 + out, y1, x2 + out, y2, x2, y2), x1 + out * 3 / 4 + (x2 - x1) / 6, y1 + (y2 - y1) / 5};
}

std::string box_svg(machine::Outline::State const& state, Spot const& spot, bool initial, bool lit) {
    auto const settled = state.kind == machine::Kind::settled;
    std::string name(state.name);
    std::replace(name.begin(), name.end(), '_', ' ');
    return fmt::format("<g class=\"{}{}\"><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"/>"
                       "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}{}</text></g>\n",
                       settled ? "settled" : "waiting", lit ? " lit" : "", state.meaning, spot.x, spot.y, box_width, box_height,
                       settled ? 17 : 4, spot.middle_x(), spot.middle_y() + 5, initial ? "\u25b8 " : "", name);
}

std::string arrow_svg(Arrow const& arrow, Way const& way, std::size_t number) {
    return fmt::format("<g class=\"arrow\"><title>{} to {}: {}</title><path d=\"{}\" marker-end=\"url(#head)\"/>"
                       "<circle cx=\"{}\" cy=\"{}\" r=\"9\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"number\">{}</text></g>\n",
                       arrow.from, arrow.to, machine::drawing::joined(arrow.labels, ", "), way.path, way.x, way.y, way.x, way.y + 4, number);
}

constexpr std::string_view style = R"(<style>
svg{background:#fff;color:#1a1a1a;font:13px system-ui,sans-serif}
rect{fill:#eef3fb;stroke:#35507a}.settled rect{fill:#f1f1f1;stroke:#777}.lit rect{fill:#ffd54a;stroke:#7a5200;stroke-width:3}
path{fill:none;stroke:#8a97ab}circle{fill:#fff;stroke:#8a97ab}.number{font-size:11px}.head{fill:#8a97ab;stroke:none}
.arrow:hover path{stroke:#c2410c;stroke-width:2}
@media(prefers-color-scheme:dark){svg{background:#14181f}text{fill:#e6e6e6}rect{fill:#22304a;stroke:#7f9cc9}.settled rect{fill:#2a2a2a}circle{fill:#14181f}.lit text{fill:#1a1a1a}}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>
)";

} // namespace

std::string draw_svg(machine::Outline const& outline, std::string_view lit) {
    auto const arrows = machine::drawing::arrows_of(outline);
    int y = 0;
    auto const spots = spots_of(layers_of(outline, arrows), y);
    std::string lines, boxes, legend;
    std::map<std::string_view, int> lanes;
    for (std::size_t i = 0; i < arrows.size(); ++i) {
        auto const& arrow = arrows[i];
        lines += arrow_svg(arrow, way_of(spots.at(arrow.from), spots.at(arrow.to), lanes[arrow.from]++), i + 1);
        legend += fmt::format("<text x=\"{}\" y=\"{}\">{}. {} \u2192 {}: {}</text>\n", margin, y, i + 1, arrow.from, arrow.to,
                              machine::drawing::joined(arrow.labels, ", "));
        y += line_height;
    }
    for (auto const& state : outline.states)
        boxes += box_svg(state, spots.at(state.name), state.name == outline.initial, state.name == lit);
    int const width = 2 * (margin + gap_x) + across * (box_width + gap_x) - gap_x;
    return fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" width=\"{}\" role=\"img\" aria-label=\"{}\">\n",
                       width, y + margin, width, outline.name) +
           std::string(style) + lines + boxes + legend + "</svg>\n";
}

} // namespace npod::cli
