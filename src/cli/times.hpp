#pragma once
/// Instants as people want to read them.

#include "base/moment.hpp"
#include "rules/zone.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace npod::cli {

/// rfc3339: for programs; the others are for people.
enum class TimeStyle { local, utc, relative, rfc3339 };

/// Shows instants in one style. The zone's data are loaded when the first local time is shown. One thread.
class Times {
public:
    /// `now` is what relative times are relative to; without it they are shown as UTC.
    explicit Times(TimeStyle style, std::optional<Moment> now = {}, std::string zone = "Europe/Brussels")
        : style_(style), now_(now), zone_name_(std::move(zone)) {}

    /// For tables: "2026-04-07 18:00+02", "2026-04-07 16:00Z", "in 3 h 5 min". Seconds only when there are some.
    std::string brief(Moment moment) const;
    /// For sentences: "Tue 7 Apr 2026 18:00 (+02:00)", "Tue 7 Apr 2026 16:00 (UTC)"; relative ones have
    /// the distance behind the local time, because a sentence must stay true when it is read later.
    std::string full(Moment moment) const;
    /// The same for what the daemon sent (RFC 3339); anything else comes back as it is, nothing as nothing.
    std::string brief(std::string_view rfc3339) const;
    std::string full(std::string_view rfc3339) const;

    TimeStyle style() const { return style_; }

private:
    rules::Zone const& zone() const;

    TimeStyle style_;
    std::optional<Moment> now_;
    std::string zone_name_;
    mutable std::unique_ptr<rules::Zone> zone_;
};

/// A length of time in its two largest units: "3 d 4 h", "2 h 5 min", "40 s", "0 s". Negative ones read like positive
/// ones.
std::string length_text(Duration length);
/// Working time in hours and minutes, "29 h", "5 min": a day of it has no length that everybody knows.
std::string working_text(Duration length);
/// "in 3 h 5 min", "2 d 1 h ago", "now".
std::string distance_text(Moment moment, Moment now);

/// Reads a moment as a person types it: RFC 3339 with an offset, the seconds may be left out. Refused without an
/// offset.
Outcome<Moment> parse_typed_moment(std::string_view text);

} // namespace npod::cli
