#pragma once
/// What the product keeps and explains, as the JSON of the Business API. Pure functions: they read a book and a
/// rulebook, and are told the time. A view of something with a version has "version" as its last member (etag_of()
/// stands on it).

#include "api/json_parts.hpp"
#include "porting/book.hpp"
#include "porting/explain.hpp"
#include "porting/licence.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"
#include "state_machines/outline.hpp"
#include "storage/ledger.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// Where a view looks: the stored world, the law, the time.
struct Look {
    Look(porting::Book const& the_book, rules::Laws const& the_laws, Moment the_moment)
        : book(the_book), laws(the_laws), rulebook(the_laws.in_force()), now(the_moment) {}
    porting::Book const& book;
    rules::Laws const& laws;
    rules::Rulebook const& rulebook; ///< in force
    Moment now;
    /// The law that a port runs under.
    rules::Rulebook const& law_of(porting::Port const& port) const { return laws.pinned(port.rulebook); }
};

// ------------------------------------------------------------------------------------- things (views_things.cpp)

json::object view_of(porting::Address const& address);
json::object view_of(porting::Customer const& customer);
json::object view_of(porting::Location const& location);
json::object view_of(porting::Line const& line);
/// A ground with its text, the field to mend, the fix, and whether a new request restarts the clock.
json::object view_of(porting::Ground ground);

/// The whole port with its lines, deadlines and what may be done next.
json::object view_of(porting::Port const& port, Look const& look);
/// The port as an item of a list: no customer, no deadlines.
json::object summary_of(porting::Port const& port, Look const& look);
/// "+3225501100..+3225501109, +3225501200 (11)"; at most two ranges are named.
std::string numbers_text(std::vector<porting::Line> const& lines);

/// `ports` are the ids of the ports that touch it; left out when nobody looked for them.
json::object view_of(porting::Contract const& contract, std::optional<std::vector<std::string>> const& ports, Look const& look);
/// The claim with the answer to whoever claims, and the compensation it is about (views_claims.cpp).
json::object view_of(porting::Claim const& claim, Look const& look);
/// The claim as an item of a list.
json::object summary_of(porting::Claim const& claim);
/// A number of the plan; `record` is what we keep of it, if anything. `history`: the log rows about it.
json::object view_of_number(porting::Number number, porting::PlanEntry const& plan,
                            std::vector<porting::Port> const& ports, std::vector<storage::LogRow> const& history,
                            Look const& look);
json::object view_of_timer(porting::Timer const& timer, Look const& look);

// --------------------------------------------------------------------------- explanations (views_explanations.cpp)

/// GET …/why; `record`: the log rows about the port, which tell what set each deadline.
json::object why_view(porting::Port const& port, std::vector<storage::LogRow> const& record, Look const& look);
/// GET …/compensation, of a port-in
json::object compensation_view(porting::Port const& port, Look const& look);
/// GET …/residue
json::object residue_view(porting::Port const& port, Look const& look);
json::object licence_view(porting::Licence const& licence);
/// GET …/eligible, of a port-out
json::object eligible_view(porting::Port const& port, porting::Settings const& settings, Look const& look);

// ------------------------------------------------------------------------------------------ the log (views_log.cpp)

json::object view_of(Refusal const& refusal);
json::array view_of(std::vector<Refusal> const& refusals);
json::object view_of(porting::Move const& move);
/// One item of a timeline.
json::object view_of(storage::LogRow const& row);

/// One event of the feed: CloudEvents 1.0.
struct FeedEvent {
    std::string id;   ///< "17.1": log row and place in it, from 1
    std::string type; ///< "be.np.port_in.acceptance_received.v1"
    json::object view;
};
/// The events of one row, in order: one for each move, or one for a row without moves. `own`: the operator's code.
std::vector<FeedEvent> feed_events(storage::LogRow const& row, OperatorCode const& own);
/// A place in the feed: everything up to it was seen.
struct FeedPlace {
    std::int64_t seq = 0;
    std::int64_t within = 0; ///< events of row seq that were seen; 0 in a place that is a row alone means all of them
    bool whole_row = true;
};
/// "17" or "17.2"; nothing when it is neither.
std::optional<FeedPlace> parse_feed_place(std::string_view text);
/// Whether the event number `index` (from 1) of row `seq` comes after the place.
bool is_after(FeedPlace const& place, std::int64_t seq, std::int64_t index);

// ------------------------------------------------------------------------------------- law and machines
// (views_law.cpp)

json::object view_of(rules::Rule const& rule);
/// GET /v1/calendar/add
json::object view_of_addition(Moment from, rules::Term term, rules::Rulebook const& rulebook);
json::array view_of(std::vector<rules::SkippedDay> const& skipped);
json::object summary_of(machine::Outline const& outline);
json::object view_of(machine::Outline const& outline);

} // namespace npod::api
