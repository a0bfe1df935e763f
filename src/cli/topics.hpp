#pragma once
/// Help on what is common to many commands: npctl help TOPIC.

#include <string>
#include <string_view>
#include <vector>

namespace npod::cli {

std::vector<std::string_view> topics();
/// At most 80 columns; empty when there is no such topic.
std::string help_on_topic(std::string_view topic);

} // namespace npod::cli
