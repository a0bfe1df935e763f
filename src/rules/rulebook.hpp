#pragma once
/// Every legal number of the product is data with a source and a standing, effective-dated, asked for by rule id.

#include "base/ids.hpp"
#include "base/moment.hpp"
#include "base/money.hpp"
#include "rules/calendar.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npod::rules {

/// How we know it. Anything but `read` and `contract` is said aloud wherever the value is shown.
enum class Standing : std::uint8_t { contract, read, secondary, assumed, configured };
std::string_view name_of(Standing standing);

enum class Unit : std::uint8_t { working_days, calendar_days, months, hours, eur, flag, count, text };
std::string_view name_of(Unit unit);

/// More of any unit than this is a slip of the pen; 9 999 working days are forty years.
inline constexpr int term_amount_max = 9'999;

/// A term of time as the law words it.
struct Term {
    int amount = 0;
    Unit unit = Unit::working_days; ///< working_days, calendar_days, months or hours
    bool operator==(Term const&) const = default;
};
/// "1 working day", "6 months".
std::string to_string(Term term);
/// "1wd", "3d", "6mo", "4h" as in `npctl calendar add`.
Outcome<Term> parse_term(std::string_view text);

/// What a term of working days is counted from. The cut-off is a rule about messages: what was planned or agreed for 18:00
/// belongs to that day all the same.
enum class Anchor : std::uint8_t {
    message, ///< something that arrived: the day on which it counts as received
    moment,  ///< something planned, agreed or begun: its own civil day
};

/// "2026-04-07", or nothing.
std::optional<Day> parse_day(std::string_view text);

/// One rule in one period of validity.
struct Rule {
    std::string id;       ///< "be.answer.within.fixed.complex"
    std::string title;    ///< one line for people
    Unit unit = Unit::text;
    std::string value;    ///< as written: "2", "3.00", "18:00", "true"
    Standing standing = Standing::assumed;
    std::string source;   ///< "BIPT FAQ 48"
    std::optional<Day> valid_from, valid_until; ///< civil days of the rulebook's zone; until is exclusive
    std::string text;     ///< the rule in a sentence or two
    std::vector<std::string> choices = {}; ///< what a text may be set to; one: built into the process; empty: anything
    Anchor anchor = Anchor::message;       ///< terms of working days only
};

/// A derived deadline or start: which rule, from what, how.
struct Deadline {
    Moment due;
    Rule rule;
    Moment from;
    Derivation derivation;
};

/// The rules of one country with its calendar. Immutable and thread-safe once made.
///
/// The program names rules by house names, "be.grace", whatever the country: asked of another country's book, an id of a
/// shipped rulebook that it does not have stands for the rule of the same rest, "nl.grace". What comes back carries its
/// real id.
class Rulebook {
public:
    /// The shipped rulebook of that name ("be", "nl"), with `overrides` (id → value as text) applied; an overridden rule has standing
    /// `configured` and the source "operator's configuration". Throws ConfigFault for an unknown name, id or unusable value.
    static Rulebook shipped(std::string_view name, std::map<std::string, std::string> const& overrides = {});

    /// A rulebook of the caller's rules, for trying one out; a rule may stand in it once per period of validity. The
    /// calendar follows the rules NAME.window.* and NAME.working_day.*. Throws ConfigFault as shipped() does.
    static Rulebook made_of(std::string_view name, std::vector<Rule> rules,
                            std::map<std::string, std::string> const& overrides = {});

    /// The whole rulebook as one JSON text, its calendar's holidays included; equal books give equal bytes.
    std::string to_text() const;
    /// The rulebook that to_text() wrote: same version, whatever this program ships. Refused (malformed) when it is none.
    static Outcome<Rulebook> from_text(std::string_view text);

    std::string const& name() const { return name_; }
    /// Short hash over every rule and the calendar: pinned per port at request time.
    std::string const& version() const { return version_; }
    Calendar const& calendar() const { return calendar_; }
    std::vector<Rule> const& all() const { return rules_; }
    /// What a rule of another shipped rulebook would be called here: "nl.grace" for "be.grace". Other ids stay as they are.
    std::string own_id(std::string_view id) const;

    /// The rule in force at `at`; refused (not_found, with the nearest known id) when there is none.
    Outcome<Rule> find(std::string_view id, Moment at) const;
    /// As find(), for ids that the program itself names: a missing one is a bug.
    Rule const& rule(std::string_view id, Moment at) const;
    Term term(std::string_view id, Moment at) const;
    Money money(std::string_view id, Moment at) const;
    std::optional<Money> cap(std::string_view id, Moment at) const; ///< nothing when the rule says "none"
    bool flag(std::string_view id, Moment at) const;
    int count(std::string_view id, Moment at) const;

    /// Adds the rule's term to `from` on the calendar. A rule with a switch `ID.rolls` that is on runs on to a working day.
    Deadline deadline(std::string_view id, Moment from) const;
    /// The same moment without the arithmetic in words, which costs ten times as much as the moment.
    Moment due(std::string_view id, Moment from) const;

private:
    Rulebook(std::string name, std::vector<Rule> rules, Calendar calendar);
    /// What the rules NAME.window.* and NAME.working_day.* say. `holidays`: all there are; none: those of the country.
    static Calendar calendar_of(std::string_view name, std::vector<Rule> const& rules, std::vector<Holiday> holidays);
    Rule const* in_force_at(std::string_view id, Moment at) const;
    Derivation derive(std::string_view id, Moment from, Words words) const;
    std::string name_, version_;
    std::vector<Rule> rules_;
    std::vector<std::size_t> by_id_; ///< places in rules_ in order of id, and of rules_ where ids are equal
    Calendar calendar_;
};

/// Adds a term to an instant on a calendar; hours are absolute.
Derivation add(Calendar const& calendar, Moment from, Term term, Anchor anchor = Anchor::message, Words words = Words::told);

} // namespace npod::rules
