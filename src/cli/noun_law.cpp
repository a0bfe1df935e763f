/// Rules and the calendar. No daemon is needed: the shipped rulebook is in the program. With --url, --db or NPCTL_URL
/// the rules are those of that daemon, with what its operator configured.

#include "api/views.hpp"
#include "cli/changes.hpp"
#include "cli/law.hpp"
#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "rules/rulebook.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::cli {

namespace {

// --------------------------------------------------------------------------------------------------------------- rules

json::array all_rules(Session& session, Arguments const& arguments) {
    if (asks_daemon(session, arguments)) return list_in(get_object(session, "/v1/rules"), "items");
    json::array items;
    auto const rulebook = shipped_book(arguments);
    for (auto const& rule : rulebook.all()) items.push_back(api::view_of(rule));
    return items;
}

std::string known_standing(std::string typed) {
    static constexpr std::string_view known[]{"contract", "read", "secondary", "assumed", "configured"};
    if (std::find(std::begin(known), std::end(known), typed) != std::end(known)) return typed;
    auto const near = closest(typed, known);
    throw Stop(Exit::usage, fmt::format("--standing cannot be \"{}\".{}\n  next:  choose one of {}.", typed.substr(0, 64),
                                        near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near), fmt::join(known, ", ")));
}

Exit list_rules(Session& session, Arguments const& arguments) {
    Session::Items list{all_rules(session, arguments), 0};
    if (arguments.has("--standing")) {
        auto const standing = known_standing(arguments.text("--standing"));
        json::array kept;
        for (auto const& rule : list.items)
            if (text_in(rule, "standing") == standing) kept.push_back(rule);
        list.items = std::move(kept);
    }
    ListView view{"rule", "rules", {}, "id", {}};
    view.columns = {
        plain_column("RULE", "id"),
        {"VALUE", [](json::object const& rule, Times const&) { return Cell(value_text(rule)); }},
        {"STANDING",
         [](json::object const& rule, Times const&) {
             auto const standing = text_in(rule, "standing");
             return Cell(standing, standing == "assumed" ? Tone::warning : Tone::plain);
         },
         Align::left, Give::rigid},
        plain_column("SOURCE", "source"),
        plain_column("TITLE", "title", Align::left, Give::wraps, Shown::wide),
        plain_column("SINCE", "valid_from", Align::left, Give::rigid, Shown::wide),
        plain_column("UNTIL", "valid_until", Align::left, Give::rigid, Shown::wide),
    };
    auto const exit = print_list(session, list, view);
    if (session.wants_table() && !asks_daemon(session, arguments))
        session.say("As shipped; --url asks a daemon for what its operator configured.");
    return exit;
}

/// Every period of the rule: a rule that changed has several. The beginning of several ids shows them all.
Exit show_rule(Session& session, Arguments const& arguments) {
    auto const id = arguments.text("ID");
    auto const all = all_rules(session, arguments);
    json::array periods;
    std::vector<std::string> names;
    for (auto const& rule : all) {
        names.push_back(text_in(rule, "id"));
        if (names.back() == id) periods.push_back(rule);
    }
    if (periods.empty()) // a family: be.window stands for be.window.opens and its like
        for (auto const& rule : all)
            if (text_in(rule, "id").starts_with(id + ".")) periods.push_back(rule);
    if (periods.empty()) {
        std::vector<std::string_view> const known(names.begin(), names.end());
        auto const near = closest(id, known);
        throw Stop(Exit::not_found,
                   fmt::format("There is no rule \"{}\".{}\n  next:  npctl rule list shows all.", id.substr(0, 64),
                               near.empty() ? "" : fmt::format(" Did you mean \"{}\"?", near)));
    }
    json::value const shown = periods.size() == 1 ? periods.front() : json::value(json::object{{"items", periods}});
    return print_one(session, shown, id, [&] {
        std::string out;
        Paper const paper{session.times_if_offline(), session.screen()};
        for (auto const& rule : periods) out += (out.empty() ? "" : "\n") + rule_page(rule.as_object(), paper);
        return out;
    });
}

// ------------------------------------------------------------------------------------------------------------ calendar

/// Beyond the table nobody can say which days will be off: a wrong deadline is worse than none.
[[noreturn]] void outside_table(std::string const& what) {
    throw Stop(Exit::usage,
               fmt::format("{} is outside the calendar: its holidays are known from {} to {}.\n  next:  give another "
                           "moment, or a shorter term.",
                           what, static_cast<int>(rules::calendar_first_year),
                           static_cast<int>(rules::calendar_last_year)));
}

bool in_table(rules::Rulebook const& book, Moment moment) {
    auto const year = book.calendar().day_of(moment).year();
    return year >= rules::calendar_first_year && year <= rules::calendar_last_year;
}

/// The sum by a shipped book; the end must lie in the table.
json::object sum_by(rules::Rulebook const& book, std::string const& at, rules::Term const& term) {
    try {
        return api::view_of_addition(*parse_rfc3339(at), term, book);
    } catch (ConfigFault const&) {
        outside_table("The end of " + rules::to_string(term) + " from " + at);
    }
}

Exit add_term(Session& session, Arguments const& arguments) {
    auto const at = *arguments.moment("MOMENT");
    auto const term = rules::parse_term(arguments.text("TERM"));
    if (!term) throw Stop(Exit::usage, fmt::format("{}\n  next:  {}", term.refusal().text, term.refusal().next));
    auto const book = shipped_book(arguments);
    if (!in_table(book, *parse_rfc3339(at))) outside_table("The moment " + at);
    auto const sum = asks_daemon(session, arguments)
                         ? get_object(session, fmt::format("/v1/calendar/add?at={}&term={}", url_encoded(at),
                                                           url_encoded(arguments.text("TERM"))))
                         : sum_by(book, at, *term);
    constexpr Duration exclusive{1}; // a term that ends at 24:00 belongs to the day before
    auto const result = parse_rfc3339(text_in(sum, "result"));
    if (!result || !in_table(book, *result - exclusive))
        outside_table("The end, " + text_in(sum, "result_local") + ",");
    return print_one(session, sum, text_in(sum, "result_local"), [&] {
        auto out = text_in(sum, "result_local") + "\n";
        for (auto const& day : list_in(sum, "skipped"))
            out += fmt::format("skipped {}: {}\n", day_words(text_in(day, "day")), text_in(day, "reason"));
        if (session.options().output == Output::wide)
            for (auto const& step : list_in(sum, "steps")) out += text_of(step) + "\n";
        return out;
    });
}

Exit show_year(Session& session, Arguments const& arguments) {
    auto const [first, last] = years_of(arguments.text("YEAR"));
    if (first != last)
        throw Stop(Exit::usage, "One year at a time is shown.\n  next:  npctl calendar diff compares several.");
    auto const year = static_cast<int>(first);
    auto const rulebook = book_in_use(session, arguments);
    auto const& calendar = rulebook.calendar();
    Session::Items list;
    for (auto const& holiday : calendar.holidays(std::chrono::year{year})) {
        auto const day = api::iso_day(holiday.day);
        list.items.push_back(json::object{{"day", day}, {"name", holiday.name}});
    }
    ListView view{"holiday", "holidays", {}, "day", {}};
    view.columns = {
        plain_column("DAY", "day", Align::left, Give::rigid),
        {"", [](json::object const& item, Times const&) { return Cell(day_words(text_in(item, "day")).substr(0, 3)); }},
        plain_column("HOLIDAY", "name")};
    auto const exit = print_list(session, list, view);
    int working = 0;
    using namespace std::chrono;
    for (sys_days day = sys_days{std::chrono::year{year} / January / 1};
         day < sys_days{std::chrono::year{year + 1} / January / 1}; day += days{1})
        working += calendar.is_working_day(rules::Day{day}) ? 1 : 0;
    auto const& window = calendar.rules();
    auto const clock = [](minutes time) { return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60); };
    session.say(fmt::format("{} working days in {}; window {} to {}, cut-off {}, {}.", working, year,
                            clock(window.window_opens), clock(window.window_closes), clock(window.cut_off),
                            window.zone));
    return exit;
}

} // namespace

static std::vector<Flag> with_years(std::vector<Flag> flags) {
    flags.push_back({"--years", "YEARS", "only working days of 2026, or of 2026..2028"});
    return flags;
}

std::vector<Verb> rule_verbs() {
    return {
        {"rule",
         "list",
         "Lists every legal number with its value, standing and source.",
         {},
         {{"--standing", "WORD", "only contract, read, secondary, assumed or configured ones"}, rulebook_flag},
         Does::read,
         list_rules},
        {"rule",
         "show",
         "Shows one rule in words.",
         {{"ID", "be.execute.within"}},
         {rulebook_flag},
         Does::read,
         show_rule},
        {"rule",
         "diff",
         "Says what other rules would change: values, working days and, with --url or --db, what runs.",
         {},
         with_years(book_flags()),
         Does::read,
         diff_rules},
        {"rule",
         "adopt",
         "Takes running ports over to the law in force; each keeps the law of its request until then.",
         {{"[PORT...]", "only these; every running port when not told"}},
         {reason_required},
         Does::write,
         adopt_rules},
    };
}

std::vector<Verb> calendar_verbs() {
    return {
        {"calendar",
         "add",
         "Adds a term to a moment and says which days were skipped, and why.",
         {{"MOMENT", "2026-04-03T16:59+02:00"}, {"TERM", "2wd (working days), 30d, 3mo or 4h"}},
         {rulebook_flag},
         Does::read,
         add_term},
        {"calendar",
         "show",
         "Lists the holidays of a year.",
         {{"YEAR", "2026"}},
         {rulebook_flag},
         Does::read,
         show_year},
        {"calendar",
         "diff",
         "Lists the days that count under one law only.",
         {{"YEARS", "2026 or 2026..2028"}},
         book_flags(),
         Does::read,
         diff_calendars},
    };
}

} // namespace npod::cli
