#pragma once
/// The log: one structured line per event, in logfmt, on stderr.
///
///   2026-04-03T14:59:00Z level=info msg=NP_LISTENING address=127.0.0.1:8700
///
/// What may be said is a catalogue (log_catalogue.hpp): every message has a name, a level and an explanation. Values are data,
/// never parts of a sentence, so a line can be searched and counted. Telephone numbers go through masked().

#include "base/clock.hpp"

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace npod {

enum class Level : std::uint8_t { debug, info, warning, error };
std::string_view name_of(Level level); ///< "debug", "info", "warning", "error"
/// The reverse, for configuration; nothing for an unknown word.
std::optional<Level> level_of(std::string_view name);

/// One kind of line that the product can write.
struct LogMessage {
    std::string_view name;    ///< "NP_STARTED": stable, searched for by operators
    Level level = Level::info;
    std::string_view meaning; ///< what it means and what to do about it, for the manual
};

/// One `key=value` of a line. Keys are our own words; values may be anything and are quoted where needed.
struct LogField {
    std::string_view key;
    std::string value;
    LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
    /// A template, so that a text literal never decays into `true`.
    template <std::integral Value>
    LogField(std::string_view k, Value v) : key(k) {
        if constexpr (std::same_as<Value, bool>) value = v ? "true" : "false";
        else value = std::to_string(v);
    }
    LogField(std::string_view k, Moment v) : key(k), value(to_rfc3339(v)) {}
};

/// "+3247•••56": enough to recognise a number one already knows, not enough to learn it. Short texts are hidden whole.
std::string masked(std::string_view number);

/// Writes lines. Thread-safe; a line is written whole or not at all, and a full disk behind stderr stops nobody.
class Log {
public:
    using Sink = std::function<void(std::string_view line)>; ///< gets one line with its "\n", or several that were gathered; called under the log's lock

    /// Writes to stderr what is at least as grave as `least`, stamped by `clock` (which must outlive the log).
    explicit Log(Clock const& clock, Level least = Level::info);
    /// As above, to a sink of the caller's.
    Log(Clock const& clock, Level least, Sink sink);

    void write(LogMessage const& message, std::initializer_list<LogField> fields = {});
    bool writes(Level level) const { return level >= least_; }
    /// Lines written until release() go out together, in one piece: a call of the system a line costs more than the line.
    void gather();
    void release();

private:
    Clock const& clock_;
    Level least_;
    Sink sink_;
    std::mutex mutex_;
    bool gathering_ = false;
    std::string gathered_;
};

} // namespace npod
