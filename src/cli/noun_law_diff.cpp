/// What a change of law would change: rules, working days, and what runs in a database.

#include "api/json_parts.hpp"
#include "api/views.hpp"
#include "cli/law.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "rules/difference.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

json::object view_of(rules::Rulebook const& book) { return {{"name", book.name()}, {"version", book.version()}}; }

json::value or_null(std::optional<rules::Rule> const& rule) {
    return rule ? json::value(api::view_of(*rule)) : json::value(nullptr);
}

json::value or_null(std::optional<std::string> const& text) { return text ? json::value(*text) : json::value(nullptr); }

json::array rules_view(TwoBooks const& books) {
    json::array items;
    for (auto const& one : rules::rule_differences(books.before, books.after))
        items.push_back({{"id", one.before ? one.before->id : one.after->id},
                         {"value_differs", one.value_differs},
                         {"before", or_null(one.before)},
                         {"after", or_null(one.after)}});
    return items;
}

json::array days_view(TwoBooks const& books, std::chrono::year first, std::chrono::year last) {
    json::array items;
    for (auto const& one : rules::day_differences(books.before.calendar(), books.after.calendar(), first, last))
        items.push_back({{"day", api::iso_day(one.day)},
                         {"off_before", or_null(one.off_before)},
                         {"off_after", or_null(one.off_after)}});
    return items;
}

// ------------------------------------------------------------------------------------------------------- what runs

/// The whole law that is tried out: its periods, standings and sources come along.
json::object body_for(rules::Rulebook const& after) {
    json::array rules;
    for (auto const& rule : after.all()) {
        auto item = api::view_of(rule);
        for (auto const known_there : {"title", "unit", "text"}) item.erase(known_there);
        rules.push_back(std::move(item));
    }
    return {{"rulebook", after.name()}, {"rules", std::move(rules)}};
}

/// Deadlines and money that a daemon, or a database at its last entry, would see move.
void add_what_runs(Session& session, json::object& view, TwoBooks const& books) {
    auto const reply = session.change("POST", "/v1/rules/diff", body_for(books.after));
    if (!reply.is_object()) throw Stop(Exit::unreachable, "What answered is no npod.\n  next:  check --url.");
    for (auto const name : {"now", "deadlines", "money", "change_cents"})
        if (auto const* told = reply.get_object().if_contains(name)) view[name] = *told;
}

// ------------------------------------------------------------------------------------------------------- for people

std::string side_text(json::object const& item, std::string_view side) {
    auto const& rule = object_in(item, side);
    return rule.empty() ? "no such rule" : value_text(rule);
}

/// "read -> configured", or the one standing of both.
std::string standings_text(json::object const& item) {
    auto const before = text_in(item, "before/standing"), after = text_in(item, "after/standing");
    if (before.empty() || after.empty() || before == after) return before.empty() ? after : before;
    return before + " -> " + after;
}

std::string day_off_text(json::object const& item, std::string_view side) {
    auto const reason = text_in(item, side);
    return reason.empty() ? "working day" : reason;
}

ListView rules_table() {
    ListView view{"rule", "rules", {}, "id", {}};
    view.columns = {
        plain_column("RULE", "id"),
        {"OLD", [](json::object const& item, Times const&) { return Cell(side_text(item, "before")); }},
        {"NEW", [](json::object const& item, Times const&) { return Cell(side_text(item, "after"), Tone::strong); }},
        {"STANDING", [](json::object const& item, Times const&) { return Cell(standings_text(item)); }},
    };
    return view;
}

ListView days_table() {
    ListView view{"day", "days", {}, "day", "Every day counts alike in both."};
    view.columns = {
        plain_column("DAY", "day", Align::left, Give::rigid),
        {"", [](json::object const& item, Times const&) { return Cell(day_words(text_in(item, "day")).substr(0, 3)); }},
        {"OLD", [](json::object const& item, Times const&) { return Cell(day_off_text(item, "off_before")); }},
        {"NEW",
         [](json::object const& item, Times const&) { return Cell(day_off_text(item, "off_after"), Tone::strong); }},
    };
    return view;
}

ListView deadlines_table() {
    ListView view{"deadline", "deadlines", {}, "subject/id", {}};
    view.columns = {
        plain_column("SUBJECT", "subject/id", Align::left, Give::rigid),
        plain_column("RULE", "rule"),
        moment_column("OLD", "old_due"),
        {"NEW",
         [](json::object const& item, Times const& times) {
             auto const due = text_in(item, "new_due");
             if (due.empty()) return Cell("no such term", Tone::alarm);
             auto const shown = times.brief(due);
             return flag_in(item, "turns_overdue") ? Cell(shown + "\noverdue", Tone::alarm) : Cell(shown, Tone::strong);
         },
         Align::left, Give::rigid},
    };
    return view;
}

ListView money_table() {
    auto const cents = [](std::string_view name) {
        return [name](json::object const& item, Times const&) {
            return Cell(to_string(Money{integer_in(item, name).value_or(0)}));
        };
    };
    ListView view{"amount", "amounts", {}, "port", {}};
    view.columns = {
        plain_column("PORT", "port", Align::left, Give::rigid),
        plain_column("CLAIM", "claim", Align::left, Give::rigid),
        {"OLD", cents("before_cents"), Align::right, Give::rigid},
        {"NEW", cents("after_cents"), Align::right, Give::rigid},
        {"CHANGE", cents("change_cents"), Align::right, Give::rigid},
        {"",
         [](json::object const& item, Times const&) {
             return flag_in(item, "turns_payable") ? Cell("turns payable", Tone::warning) : Cell();
         }},
    };
    return view;
}

class DifferencePage {
public:
    DifferencePage(Session& session, json::object const& view)
        : session_(session), view_(view), wide_(session.options().output == Output::wide) {}

    std::string text() {
        add_rules();
        add_days();
        if (view_.contains("deadlines")) add_what_runs();
        return out_;
    }

private:
    void add_table(json::array const& items, ListView const& table) {
        out_ += render_list(items, table, session_.options().output, session_.times_if_offline(), session_.screen());
    }

    /// Rules that say the same on another authority change nothing that runs: counted, and shown when asked for.
    void add_rules() {
        json::array shown;
        std::size_t alike = 0;
        for (auto const& item : list_in(view_, "rules")) {
            if (wide_ || flag_in(item.as_object(), "value_differs"))
                shown.push_back(item);
            else
                ++alike;
        }
        out_ += fmt::format("{} {} -> {} {}: {}\n", text_in(view_, "before/name"), text_in(view_, "before/version"),
                            text_in(view_, "after/name"), text_in(view_, "after/version"),
                            shown.empty() ? "no rule has another value." : counted(std::ssize(shown), "rule") + ".");
        add_table(shown, rules_table());
        if (alike > 0)
            out_ += fmt::format("{} more with the same value, known otherwise; -o wide shows them.\n",
                                counted(static_cast<long long>(alike), "rule"));
    }

    void add_days() {
        constexpr std::size_t shown_max = 20;
        auto shown = list_in(view_, "days");
        auto const all = shown.size();
        if (all == 0) return;
        if (all > shown_max && !wide_) shown.resize(shown_max);
        out_ += fmt::format("\n{} of {} to {} that count otherwise{}.\n", counted(static_cast<long long>(all), "day"),
                            text_in(view_, "first_year"), text_in(view_, "last_year"),
                            shown.size() < all ? fmt::format("; the first {}, --years 2026..2027 says which", shown_max)
                                               : std::string{});
        add_table(shown, days_table());
    }

    void add_what_runs() {
        auto const& deadlines = list_in(view_, "deadlines");
        auto const& money = list_in(view_, "money");
        long long overdue = 0, payable = 0;
        for (auto const& item : deadlines) overdue += flag_in(item.as_object(), "turns_overdue") ? 1 : 0;
        for (auto const& item : money) payable += flag_in(item.as_object(), "turns_payable") ? 1 : 0;
        out_ += "\n" + paragraph(fmt::format("At {}, if every running port were taken over (npctl rule adopt):",
                                             session_.times_if_offline().full(text_in(view_, "now"))),
                                 session_.screen());
        out_ += fmt::format("{} would move, {} of them into the past.\n", counted(std::ssize(deadlines), "deadline"), overdue);
        add_table(deadlines, deadlines_table());
        out_ += fmt::format("\n{} would change, by {} in all; {} would turn payable.\n",
                            counted(std::ssize(money), "amount"),
                            to_string(Money{integer_in(view_, "change_cents").value_or(0)}), payable);
        add_table(money, money_table());
    }

    Session& session_;
    json::object const& view_;
    bool wide_;
    std::string out_;
};

} // namespace

Exit diff_rules(Session& session, Arguments const& arguments) {
    auto const books = books_of(session, arguments);
    auto const [first, last] = arguments.has("--years")
                                   ? years_of(arguments.text("--years"))
                                   : std::pair{rules::calendar_first_year, rules::calendar_last_year};
    json::object view{{"before", view_of(books.before)},     {"after", view_of(books.after)},
                      {"rules", rules_view(books)},          {"first_year", static_cast<int>(first)},
                      {"last_year", static_cast<int>(last)}, {"days", days_view(books, first, last)}};
    bool const sees_what_runs = !session.options().db.empty() || session.options().url_given;
    if (sees_what_runs) add_what_runs(session, view, books);
    auto const exit =
        print_one(session, view, text_in(view, "after/version"), [&] { return DifferencePage(session, view).text(); });
    if (session.wants_table() && !sees_what_runs)
        session.say("With --url or --db FILE also the running deadlines and amounts that would change.");
    return exit;
}

Exit diff_calendars(Session& session, Arguments const& arguments) {
    auto const books = books_of(session, arguments);
    auto const [first, last] = years_of(arguments.text("YEARS"));
    Session::Items list;
    list.items = days_view(books, first, last);
    list.total = std::ssize(list.items);
    return print_list(session, list, days_table());
}

} // namespace npod::cli
