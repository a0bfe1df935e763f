#include "cli/pages.hpp"

#include "cli/text.hpp"
#include "rules/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace npod::cli {

// ---------------------------------------------------------------------------------------------------------- small
// parts

std::string range_text(json::value const& range) {
    if (!range.is_object()) return text_of(range);
    auto const first = text_in(range, "first"), last = text_in(range, "last");
    if (first.empty()) return text_in(range, "number");
    if (first == last || last.empty()) return first;
    auto const number_of = [](std::string const& e164) { return std::strtoll(e164.c_str() + 1, nullptr, 10); };
    return fmt::format("{}..{} ({})", first, last, number_of(last) - number_of(first) + 1);
}

std::string words_of(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

Tone tone_of_state(std::string_view state) {
    for (auto const bad : {"overdue", "dispute", "reactivating", "failed"})
        if (state.find(bad) != std::string_view::npos) return Tone::alarm;
    for (auto const worth_a_look : {"refused", "postponed", "late", "on_hold", "partly", "lapsed"})
        if (state.find(worth_a_look) != std::string_view::npos) return Tone::warning;
    for (auto const good : {"completed", "executed", "in_service", "active", "paid"})
        if (state == good) return Tone::good;
    return Tone::plain;
}

std::string day_words(std::string_view iso_day) {
    auto const moment = parse_rfc3339(std::string(iso_day) + "T00:00:00Z");
    if (!moment) return std::string(iso_day);
    return rules::day_text(rules::Day{std::chrono::floor<std::chrono::days>(*moment)});
}

std::string port_title(json::object const& port, Screen const& screen) {
    bool const in = text_in(port, "role") == "port_in";
    auto const order = text_in(port, "order_id");
    auto const state = text_in(port, "state");
    return painted(text_in(port, "id"), Tone::strong, screen) +
           fmt::format(": port-{} {}{}, ", in ? "in from" : "out to", text_in(port, in ? "donor" : "recipient"),
                       order.empty() ? "" : ", order " + order) +
           painted(words_of(state), tone_of_state(state), screen) + "\n";
}

namespace {

std::string person_text(json::object const& customer) {
    auto const name = text_in(customer, "name");
    if (name.empty()) return {};
    auto const& at = object_in(customer, "address");
    auto street = fmt::format("{} {}", text_in(at, "street"), text_in(at, "house_number"));
    if (auto const box = text_in(at, "box"); !box.empty()) street += " box " + box;
    auto const city = fmt::format("{} {}", text_in(at, "postcode"), text_in(at, "city"));
    auto out = name + (text_in(customer, "kind") == "legal" ? " (legal person)" : "");
    if (street != " ") out += ", " + street;
    if (city != " ") out += ", " + city;
    return out;
}

std::string wish_text(json::object const& wish, Times const& times) {
    if (text_in(wish, "mode") == "date") return "on " + times.full(text_in(wish, "at"));
    return wish.empty() ? std::string{} : "as soon as possible";
}

/// What of a line's moments counts now, latest first.
std::string line_moment(json::object const& line, Times const& times) {
    struct Named {
        char const* member;
        char const* words;
    };
    for (auto const& [member, words] :
         {Named{"effective_at", "effective"}, Named{"agreed_at", "agreed"}, Named{"postponed_until", "postponed to"},
          Named{"announced_at", "answer announced for"}, Named{"planned_at", "planned"}})
        if (auto const at = text_in(line, member); !at.empty()) return fmt::format("{} {}", words, times.brief(at));
    return {};
}

std::string lines_table(json::object const& port, Paper const& paper) {
    Table table({{"LINE", Align::right, Give::rigid},
                 {"NUMBERS", Align::left, Give::wraps},
                 {"STATE", Align::left, Give::rigid},
                 {"SINCE", Align::left, Give::rigid},
                 {"WHEN", Align::left, Give::wraps}});
    for (auto const& item : list_in(port, "lines")) {
        if (!item.is_object()) continue;
        auto const& line = item.get_object();
        auto const state = text_in(line, "state");
        table.add({text_in(line, "no"), range_text(item), Cell(words_of(state), tone_of_state(state)),
                   paper.wide ? paper.times.brief(text_in(line, "since")) : "", line_moment(line, paper.times)});
    }
    return table.empty() ? std::string{} : table.render(paper.screen);
}

/// Of each open line: what it waits for, who must act, by when, what happens then. Lines that wait alike are told of together.
std::string waits_text(json::object const& port, Paper const& paper) {
    std::vector<std::pair<json::object const*, std::string>> waits;
    for (auto const& item : list_in(port, "deadlines")) {
        if (!item.is_object()) continue;
        auto const& deadline = item.get_object();
        auto const same = [&](auto const& known) {
            return text_in(*known.first, "timer") == text_in(deadline, "timer") && text_in(*known.first, "due") == text_in(deadline, "due");
        };
        auto const found = std::find_if(waits.begin(), waits.end(), same);
        if (found == waits.end()) waits.emplace_back(&deadline, text_in(deadline, "line"));
        else found->second += ", " + text_in(deadline, "line");
    }
    std::string out;
    for (auto const& [deadline, lines] : waits) {
        bool const one = lines.find(',') == std::string::npos;
        out += paragraph(fmt::format("Line{} {}: {}", one ? "" : "s", lines, text_in(*deadline, "waits_for")), paper.screen);
        Sheet sheet;
        sheet.add("Must move", owner_text(text_in(*deadline, "owner"), port));
        sheet.add("By", paper.times.full(text_in(*deadline, "due")));
        sheet.add("Then", text_in(*deadline, "on_expiry"));
        out += sheet.render(paper.screen);
    }
    return out.empty() ? out : "\n" + out;
}

/// Every ground with its meaning and its cure: an answer that says no must be one that can be acted on.
std::string grounds_text(json::object const& port, Paper const& paper) {
    std::string out;
    for (auto const& item : list_in(port, "lines")) {
        if (!item.is_object()) continue;
        auto const& line = item.get_object();
        for (auto const& ground : list_in(line, "grounds")) {
            out += paragraph(fmt::format("Line {}: {}. {}", text_in(line, "no"), text_in(ground, "code"),
                                         text_in(ground, "meaning")),
                             paper.screen, 0, Tone::warning);
            auto const field = text_in(ground, "field");
            if (auto const fix = text_in(ground, "fix"); !fix.empty())
                out += paragraph(fmt::format("To mend it{}: {}", field.empty() ? "" : ", at " + field, fix), paper.screen, 2);
            bool const afresh = ground.is_object() && flag_in(ground.get_object(), "restarts_clock");
            out += paragraph(afresh ? "A new request starts the legal time afresh." : "A new request keeps the legal time of this one.",
                             paper.screen, 2);
        }
        if (auto const note = text_in(line, "note"); !note.empty())
            out += paragraph(fmt::format("Line {}: {}", text_in(line, "no"), note), paper.screen);
    }
    return out.empty() ? out : "\n" + out;
}

} // namespace

std::string legal_next_page(json::object const& port, Paper const& paper) {
    struct Command {
        std::string text, meaning, lines;
    };
    std::vector<Command> commands;
    for (auto const& item : list_in(port, "legal_next")) {
        auto const verb = text_in(item, "verb");
        if (verb.empty()) continue;
        auto const meaning = text_in(item, "meaning");
        auto const text = fmt::format("npctl port {} {}", verb, text_in(port, "id"));
        auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](Command const& known) { return known.text == text && known.meaning == meaning; });
        if (found == commands.end()) found = commands.insert(commands.end(), {text, meaning, {}});
        found->lines += (found->lines.empty() ? "" : ", ") + text_in(item, "line");
    }
    // What a settled port still answers ("cancel" once more) changes nothing any more.
    if (commands.empty() || flag_in(port, "settled")) return {};
    bool const several_lines = list_in(port, "lines").size() > 1;
    Sheet sheet;
    for (auto const& command : commands)
        sheet.add(command.text, command.meaning + (several_lines ? fmt::format(" (line {})", command.lines) : ""));
    return painted("What may be done now", Tone::strong, paper.screen) + "\n" + sheet.render(paper.screen);
}

namespace {

/// The third party of a number that was ported before: whose block it is of, when that is neither of the two.
std::string block_holders(json::object const& port) {
    std::vector<std::string> names;
    for (auto const& line : list_in(port, "lines")) {
        auto const holder = text_in(line, "block_holder");
        bool const third = !holder.empty() && holder != text_in(port, "donor") && holder != text_in(port, "recipient");
        if (third && std::find(names.begin(), names.end(), holder) == names.end()) names.push_back(holder);
    }
    return names.empty() ? std::string{} : fmt::format("{}, the block holder", fmt::join(names, ", "));
}

} // namespace

std::string port_page(json::object const& port, Paper const& paper) {
    auto out = port_title(port, paper.screen);
    Sheet sheet;
    sheet.add("Next", text_in(port, "next_expected"));
    sheet.add("Dossier", text_in(port, "dossier"));
    sheet.add("Donor", text_in(port, "donor"));
    sheet.add("Recipient", text_in(port, "recipient"));
    sheet.add("Block of", block_holders(port));
    sheet.add("Kind", fmt::format("{}, {}", text_in(port, "network"), text_in(port, "class")));
    sheet.add("Contract", text_in(port, "contract_id"));
    sheet.add("Customer", person_text(object_in(port, "customer")));
    sheet.add("Account", text_in(port, "donor_account"));
    sheet.add("Wish", wish_text(object_in(port, "wish"), paper.times));
    sheet.add("Requested", paper.times.full(text_in(port, "requested_at")));
    sheet.add("Rulebook", text_in(port, "rulebook"));
    sheet.add("Owed", find_in(port, "compensation/total/cents") && integer_in(port, "compensation/total/cents") != 0
                          ? text_in(port, "compensation/total") + (flag_in(port, "compensation/final") ? "" : " so far")
                          : std::string{});
    sheet.add("Claim", text_in(port, "claim_id"));
    sheet.add("Note", text_in(port, "note"));
    sheet.add("Version", text_in(port, "version"));
    out += sheet.render(paper.screen) + "\n" + lines_table(port, paper) + waits_text(port, paper) + grounds_text(port, paper);
    if (auto const next = legal_next_page(port, paper); !next.empty()) out += "\n" + next;
    return out + learned_later_text(port, text_in(port, "id"), paper);
}

std::string learned_later_text(json::object const& view, std::string const& port, Paper const& paper) {
    auto const& items = list_in(view, "learned_later");
    if (items.empty()) return {};
    return "\n" + painted("Had happened by then, and was learned later", Tone::warning, paper.screen) + "\n" +
           timeline_page(json::object{{"port", port}, {"items", items}}, paper);
}

// ------------------------------------------------------------------------------------------------------------ timeline

namespace {

/// "PI-000001/2" is "line 2" when it is a line of this port; deliveries have a bare number.
std::string subject_words(std::string const& subject, std::string const& machine, std::string const& port) {
    if (machine == "delivery") return "delivery " + subject;
    if (subject.starts_with(port + "/")) return "line " + subject.substr(port.size() + 1);
    return subject;
}

std::string happening_text(json::object const& item, std::string const& port) {
    std::string out;
    auto reason = text_in(item, "reason");
    auto const line = [&](std::string const& text) {
        if (text == reason) reason.clear(); // a move's note may be the reason itself: once is enough
        if (!text.empty()) out += (out.empty() ? "" : "\n") + text;
    };
    for (auto const& value : list_in(item, "moves")) {
        if (!value.is_object()) continue;
        auto const& move = value.get_object();
        auto const from = text_in(move, "from"), to = text_in(move, "to"), verdict = text_in(move, "verdict");
        auto const event = words_of(text_in(move, "event"));
        auto text = subject_words(text_in(move, "subject"), text_in(move, "machine"), port) + ": ";
        if (verdict == "refused" || verdict == "ignored")
            text += fmt::format("{} was {} in {}", event, verdict, words_of(from));
        else if (from == to)
            text += fmt::format("{}; stays {}", event, words_of(to));
        else
            text += fmt::format("{}, now {}", event, words_of(to));
        line(text);
        line(text_in(move, "note"));
    }
    for (auto const& note : list_in(item, "notes")) line(text_of(note));
    for (auto const& refusal : list_in(item, "refusals")) line("refused: " + text_in(refusal, "detail"));
    if (!reason.empty()) line("reason: " + reason);
    return out.empty() ? words_of(text_in(item, "kind")) : out;
}

} // namespace

std::string timeline_page(json::object const& timeline, Paper const& paper) {
    auto const port = text_in(timeline, "port");
    constexpr int indent = 6;
    std::string out;
    for (auto const& value : list_in(timeline, "items")) {
        if (!value.is_object()) continue;
        auto const& item = value.get_object();
        auto const learned = text_in(item, "learned_at"), happened = text_in(item, "happened_at");
        out += fmt::format("{:>4}  {}  {}{}\n", text_in(item, "seq"), paper.times.brief(learned),
                           painted(text_in(item, "source"), Tone::strong, paper.screen),
                           happened == learned ? "" : ", of " + paper.times.brief(happened));
        out += paragraph(happening_text(item, port), paper.screen, indent);
    }
    return out.empty() ? fmt::format("Nothing has happened to {}.\n", port) : out;
}

// ------------------------------------------------------------------------------------------------------- residue,
// check

namespace {

std::string licence_text(json::object const& licence) {
    if (licence.empty()) return {};
    return text_in(licence, "sentence") + (flag_in(licence, "in_order") ? "" : " OUT OF ORDER.");
}

/// One contract; others of the same port follow.
std::string residue_part(json::object const& residue, Paper const& paper) {
    auto out = paragraph(text_in(residue, "sentence"), paper.screen, 0, Tone::strong);
    Table table(
        {{"NUMBERS", Align::left, Give::rigid}, {"FATE", Align::left, Give::rigid}, {"WHY", Align::left, Give::wraps}});
    for (auto const& item : list_in(residue, "numbers"))
        table.add({range_text(item),
                   Cell(text_in(item, "fate"), text_in(item, "fate") == "unstated" ? Tone::alarm : Tone::plain),
                   text_in(item, "why")});
    if (!table.empty()) out += "\n" + table.render(paper.screen);
    Table services({{"SERVICE", Align::left, Give::wraps}, {"FATE", Align::left, Give::rigid}, {"WHY", Align::left, Give::wraps}});
    for (auto const& item : list_in(residue, "services"))
        services.add({text_in(item, "name"), Cell(text_in(item, "fate"), text_in(item, "fate") == "unstated" ? Tone::alarm : Tone::plain),
                      text_in(item, "why")});
    if (!services.empty()) out += "\n" + services.render(paper.screen);
    Sheet sheet;
    bool const settled = flag_in(residue, "settled"), wholly = flag_in(residue, "ends_wholly");
    sheet.add("Contract", text_in(residue, "contract"));
    if (!text_in(residue, "contract").empty())
        sheet.add(settled ? "Ended" : "Ends", settled ? (wholly ? "wholly" : "not wholly")
                                                      : (wholly ? "wholly, once everything that ports is effective" : "not wholly"));
    auto const before = licence_text(object_in(residue, "licence_before")), after = licence_text(object_in(residue, "licence_after"));
    sheet.add("Licence before", before);
    if (after != before) sheet.add("Licence after", after.empty() ? "nothing is left to license" : after);
    if (text_in(residue, "complete") == "no")
        sheet.add("Accepting", Cell("not before every fate is stated: --keep, --cancel or --service", Tone::alarm));
    return out + "\n" + sheet.render(paper.screen, 0);
}

} // namespace

std::string residue_page(json::object const& residue, Paper const& paper) {
    auto out = residue_part(residue, paper);
    for (auto const& other : list_in(residue, "others")) out += "\n" + residue_part(other.get_object(), paper);
    return out + learned_later_text(residue, text_in(residue, "port"), paper);
}

std::string eligible_page(json::object const& eligible, Paper const& paper) {
    auto const& items = list_in(eligible, "items");
    if (items.empty()) return fmt::format("No number of {} waits for our answer.\n", text_in(eligible, "port"));
    std::string out;
    for (auto const& item : items) {
        out += (out.empty() ? "" : "\n") +
               painted(fmt::format("Line {}: {}", text_in(item, "line"), range_text(item)), Tone::strong, paper.screen) + "\n";
        Table table({{"GROUND", Align::left, Give::rigid}, {"MAY BE USED", Align::left, Give::rigid}, {"WHY", Align::left, Give::wraps}});
        int barred = 0;
        for (auto const& value : list_in(item.get_object(), "grounds")) {
            auto const& ground = value.get_object();
            bool const given = flag_in(ground, "given"), admissible = flag_in(ground, "admissible");
            barred += admissible ? 0 : 1;
            if (!admissible && !paper.wide) continue;
            auto const word = given ? "yes, given" : !admissible ? "no" : flag_in(ground, "needs_text") ? "with --note" : "by a person";
            table.add({text_in(ground, "code"), Cell(word, given ? Tone::strong : Tone::plain), text_in(ground, "why")});
        }
        out += table.render(paper.screen);
        if (barred > 0 && !paper.wide) out += paragraph(fmt::format("{} may not be used now; -o wide says why.", counted(barred, "ground")), paper.screen);
    }
    return out;
}

std::string check_page(json::object const& verdict, Paper const& paper) {
    bool const ok = flag_in(verdict, "ok");
    auto out = painted(ok ? "The order may be sent." : "The order would be refused.", ok ? Tone::good : Tone::alarm,
                       paper.screen) +
               "\n";
    auto const problems = [&](json::array const& list, int indent) {
        for (auto const& problem : list) {
            auto const ground = text_in(problem, "ground"), pointer = text_in(problem, "pointer");
            out +=
                paragraph(fmt::format("- {}{}{}", text_in(problem, "detail"), ground.empty() ? "" : " [" + ground + "]",
                                      pointer.empty() ? "" : " at " + pointer),
                          paper.screen, indent);
            if (auto const next = text_in(problem, "next"); !next.empty())
                out += paragraph("next: " + next, paper.screen, indent + 2);
        }
    };
    problems(list_in(verdict, "problems"), 2);
    for (auto const& value : list_in(verdict, "numbers")) {
        if (!value.is_object()) continue;
        auto const& number = value.get_object();
        auto const range = find_in(number, "range") ? range_text(*find_in(number, "range")) : range_text(value);
        out += paragraph(fmt::format("{}: {}", range, words_of(text_in(number, "verdict"))), paper.screen, 2);
        problems(list_in(number, "problems"), 4);
    }
    return out;
}

} // namespace npod::cli
