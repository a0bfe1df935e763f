#pragma once
/// What reads bytes that others wrote, each as one small function. A coverage-guided fuzzer drives them (libfuzzer_main.cpp),
/// and without one a replay of the kept corpora with seeded mutations (replay_main.cpp). Any bytes are fine: an answer, a
/// refusal and the fault that fits are all good ends. What is not: an abort, a report of a sanitizer, a foreign exception,
/// or Finding, which a target throws when a property does not hold.

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace npod::fuzz {

/// A property of the target does not hold; the text says which.
class Finding : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Throws Finding unless it holds.
inline void expect(bool holds, char const* property) {
    if (!holds) throw Finding(property);
}

struct Target {
    std::string_view name; ///< also of its folder in tests/fuzz/corpus
    std::string_view what; ///< whose bytes these are, and what must hold
    void (*run)(std::string_view bytes);
    /// To begin with, besides the corpus: examples that the project has for other reasons.
    std::vector<std::string> (*seeds)();
};

/// A reader of a new kind of file gets its row here, and is fuzzed from then on.
std::span<Target const> targets();

// The functions, by file.
void http(std::string_view bytes), stream(std::string_view bytes);       // http.cpp
void json(std::string_view bytes), message(std::string_view bytes);      // bodies.cpp
void business(std::string_view bytes);                                   // bodies.cpp
void filter_text(std::string_view bytes), texts(std::string_view bytes); // texts.cpp
void config(std::string_view bytes);                                     // config.cpp
void values(std::string_view bytes), rows(std::string_view bytes);       // rows.cpp
void squeezed(std::string_view bytes);                                   // rows.cpp
void case_file(std::string_view bytes);                                  // cases.cpp
void talk(std::string_view bytes);                                       // talk.cpp

std::vector<std::string> http_seeds(), stream_seeds(), json_seeds(), message_seeds(), business_seeds(), filter_seeds(),
    text_seeds(), config_seeds(), value_seeds(), row_seeds(), squeezed_seeds(), case_seeds(), talk_seeds();

/// The content of every file of a folder of the repository, in order of name; none when there is no such folder.
std::vector<std::string> files_of(std::string const& folder);

} // namespace npod::fuzz
