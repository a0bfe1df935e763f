#pragma once
/// What the sandbox plays: scenes of plain text, one fault each. The same text is the catalogue that people read and
/// the programme that runs.
///
///     scene duplicate as recipient
///       does     posts the same request twice, byte for byte
///       expects  both taken, answered once
///       request
///       taken
///       repeat
///       taken
///       hear answer yes
///       quiet answer

#include "base/outcome.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace npod::sandbox {

/// Which part the sandbox has in a scene.
enum class Part : std::uint8_t { recipient, donor, hub };
std::string_view name_of(Part part);

enum class Verb : std::uint8_t {
    request,
    perform,
    cancel,
    answer,
    delay,
    stray,
    complain,
    deactivate,
    range,
    post,
    repeat, // say something
    await,
    hear,
    quiet,
    settle,
    taken,
    refused,
    same_bytes,
    wait, // expect something
    break_stream,
    mute_stream,
    drip_stream,
    resend,
    strange_id,
    lower_id,
    old_id,
    fail_calls,
    forget_calls,
    garble_calls,
    hold_calls,
    fail_confirmations, // be a bad hub
};

/// One line of a scene.
struct Act {
    Verb verb = Verb::wait;
    std::vector<std::string> words; ///< after the verb
    std::string text;               ///< the line as written
    int line = 0;

    /// The word after `word`, or empty: after("with") of "answer yes with far-date" is "far-date".
    std::string_view after(std::string_view word) const;
    bool has(std::string_view word) const;
};

struct Scene {
    std::string fault; ///< "duplicate": the name under which --faults knows it
    Part part = Part::recipient;
    std::string does, expects;
    std::vector<Act> acts;
    std::string source; ///< "recipient.scene:12"

    /// It does something to a call of ours that only an HTTP client can do, or that only a caller with keys can.
    bool needs_call() const;
    bool needs_keys() const;
    /// It does something to the tested side's stream or calls.
    bool needs_mailbox() const;
};

/// Reads scenes; every problem with its file and line at once.
Outcome<std::vector<Scene>> read_scenes(std::string_view text, std::string const& file);
/// Those that ship, in the order of their files.
std::vector<Scene> const& shipped_scenes();
/// The same as text, to begin a scenario of one's own from.
std::string shipped_text();
/// What the words of a scene mean, for --help.
std::string_view grammar();

} // namespace npod::sandbox
