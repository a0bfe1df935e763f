#pragma once
/// The version that the programs tell; the same as in CMakeLists.txt.

#include <string_view>

namespace npod {

inline constexpr std::string_view version = "0.1.0";

} // namespace npod
