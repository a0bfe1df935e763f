#pragma once
/// The writing routes of the Business API: a request becomes an event for the engine, its result an answer.

#include "api/api.hpp"

#include <string>
#include <string_view>

namespace npod::api {

/// What the answer to a command shows.
enum class Shows : std::uint8_t { port, contract, claim, block, number, adoption };

/// One writing route.
struct Command {
    std::string_view kind; ///< storage::LogRow::kind: "port.cancel"
    Shows shows = Shows::port;
    bool always_created = false; ///< 201 although the thing was there before: a claim exists from the order on
};

/// Reads headers and body, and hands the event to the engine; `respond` is called after the commit. `key` is the id in
/// the path. Everything that can be refused without the engine is refused at once.
void submit_command(Context const& context, Command const& command, http::Request const& request, Caller const& caller,
                    std::string const& key, http::Respond respond);

/// POST /v1/ports/{id}/erase, /v1/contracts/{id}/erase: personal data go, the record stays.
void erase_customer(Context const& context, http::Request const& request, Caller const& caller, engine::Event::Erase what,
                    std::string const& key, http::Respond respond);

/// POST /v1/clock/advance. A dry run says what would fire and leaves the clock; a key asked again leaves it, too.
void advance_clock(Context const& context, http::Request const& request, Caller const& caller, http::Respond respond);

/// "2wd", "3d", "6mo" on the rulebook's calendar, or ISO 8601 "PT3H", "PT1H30M", "PT45S" in plain time, counted from
/// `now`.
Outcome<Moment> after_term(std::string_view text, Moment now, rules::Rulebook const& rulebook);

} // namespace npod::api
