#include "cli/pages.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

#include <vector>

namespace npod::cli {

std::string standing_text(std::string_view standing) {
    if (standing == "contract") return "read in the operator's own terms";
    if (standing == "read") return "read at the regulator or in a legal text";
    if (standing == "secondary")
        return "read in a summary of the text, or in a real operator's form; not in the text itself";
    if (standing == "assumed") return "ASSUMED: our best reading, not read anywhere; the configuration can change it";
    if (standing == "configured") return "set in the operator's configuration";
    return std::string(standing);
}

std::string value_text(json::object const& rule) {
    auto const value = text_in(rule, "value"), unit = text_in(rule, "unit");
    if (unit == "eur") return value + " EUR";
    if (unit == "working_days" || unit == "calendar_days" || unit == "months" || unit == "hours") {
        auto one = words_of(unit);
        one.pop_back();
        return fmt::format("{} {}", value, value == "1" ? one : words_of(unit));
    }
    return value;
}

Cell left_text(Moment now, Moment due, Duration working) {
    if (due < now) return {"OVERDUE by " + length_text(now - due), Tone::alarm};
    auto const by_clock = length_text(due - now);
    if (working == due - now) return by_clock + " left, all of it working time";
    return fmt::format("{} of working time left ({} by the clock)", working_text(working), by_clock);
}

std::string owner_text(std::string_view owner, json::object const& port) {
    bool const ours = (owner == "recipient") == (text_in(port, "role") == "port_in");
    if (owner == "donor" || owner == "recipient")
        return fmt::format("{} ({})", ours ? fmt::format("we, the {}", owner) : fmt::format("the {}", owner),
                           text_in(port, owner));
    if (owner == "desk") return "our desk";
    if (owner == "network") return "our network";
    if (owner == "hub") return "the interchange";
    if (owner == "customer") return "the customer";
    if (owner == "calendar") return "nobody: time itself";
    return std::string(owner);
}

namespace {

bool is_assumed(json::object const& deadline) { return text_in(deadline, "rule/standing") == "assumed"; }

/// Lines that wait for the same thing with the same arithmetic are told of together.
struct Group {
    json::object const* deadline;
    std::vector<std::string> lines;
};

std::vector<Group> grouped(json::object const& why) {
    std::vector<Group> groups;
    auto const same = [](json::object const& a, json::object const& b) {
        for (auto const member : {"timer", "due", "from", "state", "rule/id"})
            if (text_in(a, member) != text_in(b, member)) return false;
        return true;
    };
    for (auto const& item : list_in(why, "deadlines")) {
        if (!item.is_object()) continue;
        auto const& deadline = item.get_object();
        bool known = false;
        for (auto& group : groups)
            if (same(*group.deadline, deadline)) {
                group.lines.push_back(text_in(deadline, "line"));
                known = true;
            }
        if (!known) groups.push_back({&deadline, {text_in(deadline, "line")}});
    }
    return groups;
}

json::object const& line_of(json::object const& port, std::string const& no) {
    static json::object const none;
    for (auto const& item : list_in(port, "lines"))
        if (item.is_object() && text_in(item, "no") == no) return item.get_object();
    return none;
}

/// "Line 1: +3225501100..+3225501107 (8), scheduled".
std::string group_title(Group const& group, json::object const& port) {
    std::string numbers;
    for (auto const& no : group.lines) numbers += (numbers.empty() ? "" : ", ") + range_text(line_of(port, no));
    return fmt::format("Line{} {}: {}, {}", group.lines.size() == 1 ? "" : "s", fmt::join(group.lines, ", "), numbers,
                       words_of(text_in(*group.deadline, "state")));
}

Duration working_left(json::object const& deadline, Moment now, Moment due, WorkingTime const& working_time) {
    auto const told = integer_in(deadline, "working_left_ms");
    return told ? Duration{*told} : working_time(now, due);
}

void add_due(Sheet& sheet, json::object const& deadline, json::object const& why, WorkingTime const& working_time,
             Paper const& paper) {
    auto const now = parse_rfc3339(text_in(why, "now"));
    auto const due = parse_rfc3339(text_in(deadline, "due"));
    if (!due) return;
    sheet.add("By", Cell(paper.times.full(*due), Tone::strong));
    if (now) sheet.add("", left_text(*now, *due, working_left(deadline, *now, *due, working_time)));
}

void add_law(Sheet& sheet, json::object const& deadline) {
    auto const& rule = object_in(deadline, "rule");
    if (rule.empty()) {
        sheet.add("Law", "none: both sides agreed on this moment, or the other side named it");
        return;
    }
    sheet.add("Law", fmt::format("{} = {}", text_in(rule, "id"), value_text(rule)));
    sheet.add("", text_in(rule, "text"));
    sheet.add("Standing",
              Cell(standing_text(text_in(rule, "standing")), is_assumed(deadline) ? Tone::warning : Tone::plain));
    sheet.add("Source", text_in(rule, "source"));
}

/// What set the deadline, and both its times: when it happened, when we learned it.
void add_trigger(Sheet& sheet, json::object const& deadline, Paper const& paper) {
    auto const& trigger = object_in(deadline, "trigger");
    if (trigger.empty()) return;
    sheet.add("Because", fmt::format("{} from {} (event {})", text_in(trigger, "kind"), text_in(trigger, "source"), text_in(trigger, "seq")));
    auto const happened = text_in(trigger, "happened_at"), learned = text_in(trigger, "learned_at");
    auto const source = text_in(trigger, "source");
    if (happened == learned) sheet.add("", "happened and learned " + paper.times.full(learned));
    else if (source.starts_with("wire:")) // the sender's word; the law counts from when it came
        sheet.add("", fmt::format("sent {}, says {}; learned {}", paper.times.full(happened), source.substr(source.find(':') + 1), paper.times.full(learned)));
    else
        sheet.add("", fmt::format("happened {}; learned {}", paper.times.full(happened), paper.times.full(learned)));
}

void add_arithmetic(Sheet& sheet, json::object const& deadline, Paper const& paper) {
    auto const from = text_in(deadline, "from");
    if (!object_in(deadline, "rule").empty() && !from.empty()) {
        auto counted = "from " + paper.times.full(from);
        auto const day = text_in(deadline, "counted_from");
        bool const has_cut_off = text_in(deadline, "rule/unit") == "working_days";
        if (!day.empty() && has_cut_off) counted += ", taken as " + day_words(day);
        sheet.add("Counted", counted);
    }
    std::string name = "Skipped";
    for (auto const& skipped : list_in(deadline, "skipped"))
        sheet.add(std::exchange(name, ""),
                  fmt::format("{}: {}", day_words(text_in(skipped, "day")), text_in(skipped, "reason")));
    if (!paper.wide) return; // the steps say the same in sentences
    name = "Steps";
    for (auto const& step : list_in(deadline, "steps")) sheet.add(std::exchange(name, ""), text_of(step));
}

std::string money_text(json::object const& compensation, Paper const& paper) {
    if (compensation.empty()) return {};
    Sheet sheet;
    auto const cents = integer_in(compensation, "total/cents").value_or(0);
    bool all_final = true;
    std::string starts;
    for (auto const& line : list_in(compensation, "lines")) {
        all_final = all_final && line.is_object() && flag_in(line.get_object(), "final");
        auto const at = text_in(line, "starts_at");
        if (!at.empty() && (starts.empty() || at < starts)) starts = at;
    }
    if (cents == 0 && all_final)
        sheet.add("Owed", Cell("nothing", Tone::good));
    else if (cents == 0)
        sheet.add("Owed",
                  "nothing so far" +
                      (starts.empty() ? "" : "; a right begins when it is not done by " + paper.times.full(starts)));
    else
        sheet.add("Owed", Cell(text_in(compensation, "total") + (all_final ? "" : " so far, and it grows every day"),
                               Tone::alarm));
    for (auto const& line : list_in(compensation, "lines"))
        if (cents != 0) sheet.add("", text_in(line, "sentence"));
    if (cents != 0) {
        sheet.add("Payer", text_in(compensation, "payer") + "; nothing is paid unless the titular asks");
        sheet.add("Claim", "until " + paper.times.full(text_in(compensation, "claim_until")));
    }
    auto const claim = text_in(compensation, "claim_id");
    if (!claim.empty() && cents != 0)
        sheet.add("", fmt::format("{}: {}", claim, words_of(text_in(compensation, "claim_state"))));
    return "\n" + painted("Money", Tone::strong, paper.screen) + "\n" + sheet.render(paper.screen);
}

std::string nothing_awaited(json::object const& port) {
    return flag_in(port, "settled") ? "Nobody must move: every line is settled.\n" : "No deadline runs.\n";
}

/// Settled lines have no deadline: how each ended is said here.
std::string ended_text(json::object const& port, json::object const& why, Paper const& paper) {
    std::string out;
    for (auto const& item : list_in(port, "lines")) {
        if (!item.is_object()) continue;
        auto const& line = item.get_object();
        bool waits = false;
        for (auto const& deadline : list_in(why, "deadlines"))
            waits = waits || text_in(deadline, "line") == text_in(line, "no");
        if (waits) continue;
        auto const effective = text_in(line, "effective_at");
        auto const state = text_in(line, "state");
        auto text = fmt::format("Line {}: {}, {} {}", text_in(line, "no"), range_text(item), words_of(state),
                                effective.empty() ? "since " + paper.times.full(text_in(line, "since"))
                                                  : "effective " + paper.times.full(effective));
        out += paragraph(text, paper.screen, 0, tone_of_state(state));
        for (auto const& ground : list_in(line, "grounds")) {
            out +=
                paragraph(fmt::format("{}: {}", text_in(ground, "code"), text_in(ground, "meaning")), paper.screen, 2);
            if (auto const fix = text_in(ground, "fix"); !fix.empty())
                out += paragraph("To mend it: " + fix, paper.screen, 2);
        }
    }
    return out.empty() ? out : "\n" + out;
}

} // namespace

std::string why_page(json::object const& port, json::object const& why, WorkingTime const& working_time,
                     Paper const& paper) {
    auto out = port_title(port, paper.screen);
    auto const groups = grouped(why);
    if (groups.empty()) out += nothing_awaited(port);
    for (auto const& group : groups) {
        auto const& deadline = *group.deadline;
        out += "\n" + paragraph(group_title(group, port), paper.screen, 0, Tone::strong);
        out += paragraph(text_in(deadline, "sentence"), paper.screen, 2);
        Sheet sheet;
        sheet.add("Must move", Cell(owner_text(text_in(deadline, "owner"), port), Tone::strong));
        sheet.add("What for", text_in(deadline, "waits_for"));
        add_due(sheet, deadline, why, working_time, paper);
        sheet.add("Then", text_in(deadline, "on_expiry"));
        add_trigger(sheet, deadline, paper);
        add_law(sheet, deadline);
        add_arithmetic(sheet, deadline, paper);
        out += sheet.render(paper.screen);
    }
    return out + ended_text(port, why, paper) + money_text(object_in(why, "compensation"), paper) + learned_later_text(why, text_in(port, "id"), paper);
}

std::string status_page(json::object const& port, json::object const& why, WorkingTime const& working_time,
                        Paper const& paper) {
    auto out = port_title(port, paper.screen);
    auto const groups = grouped(why);
    if (groups.empty()) out += nothing_awaited(port);
    for (auto const& group : groups) {
        auto const& deadline = *group.deadline;
        out += "\n" + paragraph(group_title(group, port), paper.screen);
        Sheet sheet;
        sheet.add("Must move", Cell(owner_text(text_in(deadline, "owner"), port), Tone::strong));
        add_due(sheet, deadline, why, working_time, paper);
        sheet.add("Then", text_in(deadline, "on_expiry"));
        auto const& rule = object_in(deadline, "rule");
        sheet.add("Law", rule.empty() ? Cell("agreed between the operators")
                                      : Cell(fmt::format("{} = {} ({})", text_in(rule, "id"), value_text(rule),
                                                         is_assumed(deadline) ? "ASSUMED" : text_in(rule, "standing")),
                                             is_assumed(deadline) ? Tone::warning : Tone::plain));
        out += sheet.render(paper.screen);
    }
    out += ended_text(port, why, paper) + money_text(object_in(why, "compensation"), paper);
    if (auto const next = legal_next_page(port, paper); !next.empty()) out += "\n" + next;
    return out;
}

namespace {

/// Who caused which part of the delay, line by line.
std::string causers_text(json::object const& compensation, Paper const& paper) {
    Table table({{"LINE", Align::right, Give::rigid},
                 {"FROM", Align::left, Give::rigid},
                 {"FOR", Align::left, Give::rigid},
                 {"BY", Align::left, Give::rigid},
                 {"AMOUNT", Align::right, Give::rigid},
                 {"BECAUSE", Align::left, Give::wraps}});
    bool recourse = false;
    for (auto const& item : list_in(compensation, "lines")) {
        std::string line = text_in(item, "line");
        if (!item.is_object()) continue;
        for (auto const& segment : list_in(item.get_object(), "segments")) {
            if (!segment.is_object()) continue;
            auto const& part = segment.get_object();
            bool const theirs = flag_in(part, "recourse");
            recourse = recourse || theirs;
            table.add({std::exchange(line, ""), paper.times.brief(text_in(part, "from")),
                       length_text(Duration{integer_in(part, "length_ms").value_or(0)}),
                       text_in(part, "causer") + (theirs ? " *" : ""), text_in(part, "amount"), text_in(part, "reason")});
        }
    }
    if (table.empty()) return {};
    auto out = "\n" + painted("Who caused the delay", Tone::strong, paper.screen) + "\n" + table.render(paper.screen);
    if (recourse) out += "* what we pay for it may be claimed back from them (recourse)\n";
    return out;
}

} // namespace

std::string compensation_page(json::object const& compensation, Paper const& paper) {
    Table table({{"LINE", Align::right, Give::rigid},
                 {"NUMBERS", Align::left, Give::wraps},
                 {"DAYS", Align::right, Give::rigid},
                 {"COUNT", Align::right, Give::rigid},
                 {"RATE", Align::right, Give::rigid},
                 {"AMOUNT", Align::right, Give::rigid},
                 {"", Align::left, Give::rigid}});
    for (auto const& item : list_in(compensation, "lines")) {
        bool const final = item.is_object() && flag_in(item.get_object(), "final");
        table.add({text_in(item, "line"), range_text(item), text_in(item, "days"), text_in(item, "count"),
                   text_in(item, "rate"), text_in(item, "amount"), final ? "final" : "grows"});
    }
    auto out = table.empty() ? std::string("No line of this port can be owed anything.\n") : table.render(paper.screen);
    out += "\n";
    for (auto const& line : list_in(compensation, "lines"))
        out += paragraph(fmt::format("Line {}, planned {}: {}", text_in(line, "line"),
                                     paper.times.full(text_in(line, "planned_at")), text_in(line, "sentence")),
                         paper.screen);
    out += causers_text(compensation, paper);
    Sheet sheet;
    sheet.add("Total", Cell(text_in(compensation, "total"), Tone::strong));
    sheet.add("Payer", text_in(compensation, "payer"));
    sheet.add("As of", paper.times.full(text_in(compensation, "as_of")));
    if (auto const until = text_in(compensation, "claim_until"); !until.empty())
        sheet.add("Claim until", paper.times.full(until) + ", exclusive; nothing is paid unless the titular asks");
    if (auto const until = text_in(compensation, "review_until"); !until.empty())
        sheet.add("Review until", paper.times.full(until) + ", exclusive; between the two a person decides");
    if (auto const claim = text_in(compensation, "claim_id"); !claim.empty())
        sheet.add("Claim", fmt::format("{}, {}", claim, words_of(text_in(compensation, "claim_state"))));
    out += "\n" + sheet.render(paper.screen, 0);

    Sheet law;
    for (auto const& item : list_in(compensation, "rules")) {
        if (!item.is_object()) continue;
        auto const& rule = item.get_object();
        bool const assumed = text_in(rule, "standing") == "assumed";
        law.add(text_in(rule, "id"),
                Cell(fmt::format("{}\n{}\nsource: {}", value_text(rule), standing_text(text_in(rule, "standing")),
                                 text_in(rule, "source")),
                     assumed ? Tone::warning : Tone::plain));
    }
    return out + "\n" + painted("The law", Tone::strong, paper.screen) + "\n" + law.render(paper.screen) +
           learned_later_text(compensation, text_in(compensation, "port"), paper);
}

} // namespace npod::cli
