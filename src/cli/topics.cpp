#include "cli/topics.hpp"

#include "api/filters.hpp"
#include "cli/table.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>

namespace npod::cli {

namespace {

Screen const topic_screen{80, false};

std::string about(std::string_view text) { return paragraph(std::string(text), topic_screen) + "\n"; }

std::string fields_text(std::string_view title, std::vector<filter::Field> const& fields) {
    constexpr std::size_t few = 8; // more are a list of their own: npctl machine show, npctl port answer --eligible
    Sheet sheet;
    for (auto const& field : fields) {
        auto help = std::string(field.help);
        if (!field.words.empty() && field.words.size() <= few) help += fmt::format(" ({})", fmt::join(field.words, ", "));
        sheet.add(std::string(field.name), help);
    }
    return fmt::format("\n{}\n{}", title, sheet.render(topic_screen));
}

std::string filter_topic() {
    Sheet examples;
    examples.add("state=awaiting_answer and due<2wd", "the donor has less than two working days left");
    examples.add("waiting_for=desk|recipient", "a person here, or who wins the numbers, must move");
    examples.add("money>25 and not with=BRAVO", "what costs, except with BRAVO");
    examples.add("customer~\"maison h\" or number~+32255", "a part of a name, the beginning of a number");
    examples.add("requested>=2026-01-01 and refused_for=AGEING", "refused since new year, for that ground");
    return about("-q FILTER on port, timer and claim lists, on commands that act on many ports, and as q= in the API. "
                 "Comparisons (= != < <= > >=, ~ for a part) are joined with and, or, not and parentheses; several values "
                 "stand behind = and != with | between them. What has no value meets no comparison but !=. Moments are "
                 "days (2026-04-03, today, tomorrow, yesterday), instants (2026-04-03T16:59:00+02:00) or distances from "
                 "now: 2wd (working days), 4wh (working hours), 3d, 12h, 30min; -3d is three days ago.") +
           examples.render(topic_screen) + fields_text("Fields of ports", api::port_fields()) +
           fields_text("Fields of timers", api::timer_fields()) + fields_text("Fields of claims", api::claim_fields()) +
           "\n" + about("npctl machine show port_in and port_out list the states; ports of several lines can also be "
                        "partly_STATE.");
}

std::string output_topic() {
    Sheet forms;
    forms.add("table", "for people, as wide as the terminal, 80 columns off one");
    forms.add("wide", "more columns, as wide as they are");
    forms.add("json", "the daemon's answer; member names do not change");
    forms.add("jsonl", "one item of a list in a line");
    forms.add("csv", "every column of a list; of one thing, members and values");
    forms.add("name", "only ids, one in a line, for pipes");
    forms.add("mermaid, dot, svg", "npctl machine draw");
    return about("-o FORM says in which form data go to standard output. Talk (\"3 of 12 ports\") goes to standard error. "
                 "Off a terminal, or with NO_COLOR, nothing is coloured.") +
           forms.render(topic_screen);
}

std::string times_topic() {
    return about("Instants are shown in the zone of the rulebook (--time local), in UTC (--time utc) or as distances from "
                 "the daemon's clock (--time relative). csv and json always hold RFC 3339 in UTC.") +
           "\n" + about("A MOMENT is typed with its offset: 2026-04-07T18:00+02:00 or 2026-04-07T16:00Z. A time without one is "
                        "refused: nobody can know what it means. Terms are 2wd, 3d, 3mo or PT3H; npctl calendar add says "
                        "where they end and which days they skip.") +
           "\n" + about("--as-of MOMENT asks what was known then. It is told from the log, so it cannot be changed.");
}

std::string exit_topic() {
    Sheet codes;
    for (auto const& [code, meaning] : std::initializer_list<std::pair<char const*, char const*>>{
          {"0", "done"}, {"1", "failure"}, {"2", "the command makes no sense: a wrong word, id form, date or filter"},
          {"3", "there is no such thing"}, {"4", "not allowed: no token, or a role that may not"},
          {"5", "port wait: the time is up"}, {"6", "conflict: changed meanwhile, or not possible in its present state"},
          {"7", "no daemon, or one that cannot answer now"}, {"8", "port wait --timeout 0: it has not happened yet"},
          {"9", "findings present: --fail-on, a check that found something"}})
        codes.add(code, std::string(meaning));
    return about("How npctl ends. These numbers do not change.") + codes.render(topic_screen, 2);
}

std::string changes_topic() {
    return about("Commands that step in take --reason; it is kept in the log. --dry-run asks the daemon what would be and "
                 "stores nothing. --if-version N changes only what is still as you saw it. --key KEY makes a repeated "
                 "command the same change once.") +
           "\n" +
           about("With -q FILTER instead of an ID, port cancel, hold, resume, reschedule, note, submit and settle act on "
                 "every open port that meets it. First the ports are listed and counted; --dry-run also asks the daemon "
                 "about each; without --yes nothing is done off a terminal. Each port is changed by itself, only if it "
                 "is still as listed; what one refuses does not stop the others, and the exit code tells of it.");
}

std::string monitoring_topic() {
    Sheet checks;
    checks.add("9 something is late", "npctl radar --within 4wh --fail-on late");
    checks.add("9 the desk must hurry", "npctl port list -q 'waiting_for=desk and due<4wh' --fail-on any");
    checks.add("9 a way is broken", "npctl operator check CODE");
    checks.add("9 the file is damaged", "npctl --db FILE daemon verify");
    checks.add("7 nobody accepts", "npctl daemon status");
    checks.add("5 it did not come", "npctl port wait ID --for state=completed --timeout 30s");
    return about("Commands whose exit code a monitoring system can read.") + checks.render(topic_screen) + "\n" +
           about("--watch shows a list again every two seconds; event list -f follows what happens. /metrics has the same "
                 "figures for Prometheus.");
}

struct Topic {
    std::string_view name;
    std::string (*text)();
};
constexpr std::array all_topics{Topic{"filter", filter_topic},   Topic{"output", output_topic},   Topic{"times", times_topic},
                                Topic{"exit", exit_topic},       Topic{"changes", changes_topic}, Topic{"monitoring", monitoring_topic}};

} // namespace

std::vector<std::string_view> topics() {
    std::vector<std::string_view> names;
    for (auto const& topic : all_topics) names.push_back(topic.name);
    return names;
}

std::string help_on_topic(std::string_view name) {
    for (auto const& topic : all_topics)
        if (topic.name == name) return topic.text();
    return {};
}

} // namespace npod::cli
