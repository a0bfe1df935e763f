#pragma once
/// What may come next on a command line that is being typed, from the same tables as everything else. The shells only ask.

#include "cli/options.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::cli {

/// Where live ids come from: those of a kind ("port", "claim", "contract", "number", "order", "dossier", "operator", "rule"), the
/// most urgent first; none when nobody answers. `options` are the typed ones: --url, --db, --token.
using LiveIds = std::function<std::vector<std::string>(std::string_view kind, Options const& options)>;

/// The words that may stand in place of `current`, the last one, perhaps empty, behind `before`; all begin with it. None where only
/// the person knows what to write, or where a file is meant: then the shell offers its files.
std::vector<std::string> words_that_fit(std::vector<std::string> const& before, std::string_view current, LiveIds const& ids);

} // namespace npod::cli
