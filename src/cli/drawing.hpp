#pragma once
/// A machine as a picture that any browser shows: SVG, without a program that would have to be installed. Pure.

#include "state_machines/outline.hpp"

#include <string>
#include <string_view>

namespace npod::cli {

/// States in layers from the initial one down, settled ones at the bottom; each arrow has a number, and the legend below says
/// which events it stands for. `lit` names the state to highlight. The same outline gives the same bytes.
std::string draw_svg(machine::Outline const& outline, std::string_view lit = {});

} // namespace npod::cli
