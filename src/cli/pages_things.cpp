#include "cli/pages.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

std::string joined_ranges(json::array const& ranges) {
    std::string out;
    for (auto const& range : ranges) out += (out.empty() ? "" : ", ") + range_text(range);
    return out;
}

/// "PBX trunk; fax line (+3225501108)".
std::string services_text(json::array const& services) {
    std::string out;
    for (auto const& service : services) {
        out += out.empty() ? "" : "; ";
        out += service.is_object() ? fmt::format("{} ({})", text_in(service, "name"), joined_ranges(list_in(service.get_object(), "numbers")))
                                   : text_of(service);
    }
    return out;
}

void add_moment(Sheet& sheet, std::string const& name, json::object const& in, std::string_view member,
                Paper const& paper, std::string const& behind = {}) {
    if (auto const at = text_in(in, member); !at.empty()) sheet.add(name, paper.times.full(at) + behind);
}

/// ", by be.grace: 1 month (contract)".
std::string by_rule(json::object const& number, std::string_view name) {
    auto const& rule = object_in(number, name);
    if (rule.empty()) return {};
    return fmt::format(", by {}: {} ({})", text_in(rule, "id"), value_text(rule), text_in(rule, "standing"));
}

} // namespace

std::string number_page(json::object const& number, Paper const& paper) {
    auto const state = text_in(number, "state");
    auto out = painted(text_in(number, "number"), Tone::strong, paper.screen) + ": " +
               painted(state == "unknown" ? "of the plan, but nothing is on record here" : words_of(state),
                       tone_of_state(state), paper.screen) +
               "\n";
    Sheet sheet;
    sheet.add("Served by", text_in(number, "serving"));
    sheet.add("Block of", text_in(number, "block_holder"));
    sheet.add("Contract", text_in(number, "contract_id"));
    sheet.add("Last contract", text_in(number, "last_contract"));
    add_moment(sheet, "Contract ended", number, "contract_ended_at", paper);
    add_moment(sheet, "Portable until", number, "portable_until", paper, ", exclusive" + by_rule(number, "portable_rule"));
    add_moment(sheet, "Ageing until", number, "ageing_until", paper, ", exclusive" + by_rule(number, "ageing_rule"));
    add_moment(sheet, "Changes", number, "changes_at", paper, by_rule(number, "changes_rule"));
    auto const zone = text_in(number, "plan/zone_name");
    sheet.add("Plan",
              fmt::format("{}{}{}", words_of(text_in(number, "plan/kind")), zone.empty() ? "" : ", zone " + zone,
                          flag_in(number, "plan/portable") ? "" : ", not portable"));
    if (auto const live = text_in(number, "live_port/port"); !live.empty())
        sheet.add("Porting", fmt::format("{}, line {}", live, text_in(number, "live_port/line")));
    sheet.add("Ports", text_in(number, "ports"));
    out += sheet.render(paper.screen);
    auto const& history = list_in(number, "history");
    if (!history.empty())
        out += "\n" + timeline_page(json::object{{"port", text_in(number, "number")}, {"items", history}}, paper);
    return out + learned_later_text(number, text_in(number, "number"), paper);
}

std::string contract_page(json::object const& contract, Paper const& paper) {
    auto const state = text_in(contract, "state");
    auto out = painted(text_in(contract, "id"), Tone::strong, paper.screen) + ": contract, " +
               painted(words_of(state), tone_of_state(state), paper.screen) + "\n";
    Sheet sheet;
    add_moment(sheet, "Since", contract, "since", paper);
    auto const kind = text_in(contract, "customer/kind");
    sheet.add("Customer", text_in(contract, "customer/name") + (kind == "legal" ? " (legal person)" : ""));
    sheet.add("Product", text_in(contract, "product"));
    sheet.add("Network", text_in(contract, "network"));
    if (integer_in(contract, "end_users").value_or(0) > 0) sheet.add("End users", text_in(contract, "end_users"));
    auto const numbers = joined_ranges(list_in(contract, "numbers"));
    auto const ever = joined_ranges(list_in(contract, "original_numbers"));
    sheet.add("Numbers", numbers.empty() ? "none left" : numbers);
    if (ever != numbers) sheet.add("Ever held", ever);
    sheet.add("Services", services_text(list_in(contract, "related")));
    auto const licence = text_in(contract, "licence/sentence");
    if (!licence.empty())
        sheet.add("Licence", flag_in(contract, "licence/in_order") ? Cell(licence) : Cell(licence + " OUT OF ORDER.", Tone::warning));
    add_moment(sheet, "Terminates", contract, "terminates_at", paper);
    add_moment(sheet, "Ended", contract, "ended_at", paper);
    if (flag_in(contract, "renounced")) sheet.add("Renounced", "the customer gave up porting after the end");
    sheet.add("Ports", text_in(contract, "ports"));
    sheet.add("Version", text_in(contract, "version"));
    return out + sheet.render(paper.screen) + learned_later_text(contract, text_in(contract, "id"), paper);
}

std::string claim_page(json::object const& claim, Paper const& paper) {
    auto const state = text_in(claim, "state");
    auto out = painted(text_in(claim, "id"), Tone::strong, paper.screen) + ": claim for " + text_in(claim, "port") +
               ", " + painted(words_of(state), tone_of_state(state), paper.screen) + "\n";
    Sheet sheet;
    auto const amount = text_in(claim, "amount");
    auto const running = text_in(claim, "compensation/total");
    sheet.add("Amount",
              amount.empty() ? (running.empty() ? Cell{} : Cell(running + " so far")) : Cell(amount, Tone::strong));
    add_moment(sheet, "Filed", claim, "filed_at", paper);
    auto const by = text_in(claim, "filed_by");
    if (!by.empty())
        sheet.add("Filed by", by + (flag_in(claim, "by_titular") ? ", the titular" : ", who is not the titular"));
    sheet.add("Answer", text_in(claim, "answer"));
    sheet.add("Channel", text_in(claim, "channel"));
    add_moment(sheet, "Claim until", claim, "claim_until", paper, ", exclusive");
    add_moment(sheet, "Review until", claim, "review_until", paper, ", exclusive");
    add_moment(sheet, "Port done", claim, "port_done_at", paper);
    add_moment(sheet, "Deadline", object_in(claim, "deadline"), "due", paper,
               by_rule(object_in(claim, "deadline"), "rule") + ". " + text_in(claim, "deadline/on_expiry"));
    sheet.add("Decision", text_in(claim, "decision_reason"));
    add_moment(sheet, "Paid", claim, "paid_at", paper);
    sheet.add("Paid by", words_of(text_in(claim, "paid_by")));
    sheet.add("Version", text_in(claim, "version"));
    out += sheet.render(paper.screen);
    auto const& compensation = object_in(claim, "compensation");
    if (!compensation.empty()) out += "\n" + compensation_page(compensation, paper);
    return out + learned_later_text(claim, text_in(claim, "id"), paper);
}

std::string rule_page(json::object const& rule, Paper const& paper) {
    auto out = painted(text_in(rule, "id"), Tone::strong, paper.screen) + ": " + text_in(rule, "title") + "\n";
    auto const standing = text_in(rule, "standing");
    Sheet sheet;
    auto const value = value_text(rule);
    sheet.add("Value", Cell(value.empty() ? "none" : value, Tone::strong));
    sheet.add("Standing", Cell(standing_text(standing), standing == "assumed" ? Tone::warning : Tone::plain));
    sheet.add("Source", text_in(rule, "source"));
    sheet.add("Since", day_words(text_in(rule, "valid_from")));
    sheet.add("Until", day_words(text_in(rule, "valid_until")));
    sheet.add("Rule", text_in(rule, "text"));
    return out + sheet.render(paper.screen);
}

std::string machine_page(json::object const& machine, Paper const& paper) {
    auto out =
        painted(text_in(machine, "name"), Tone::strong, paper.screen) +
        fmt::format(": starts in {}, fingerprint {}\n\n", text_in(machine, "initial"), text_in(machine, "fingerprint"));
    Table states({{"STATE", Align::left, Give::rigid},
                  {"MUST MOVE", Align::left, Give::rigid},
                  {"RULE", Align::left, Give::wraps},
                  {"WHAT HAPPENS THEN", Align::left, Give::wraps},
                  {"MEANING", Align::left, Give::wraps}});
    auto const timer_of = [&](std::string const& name) -> json::object const& {
        static json::object const none;
        for (auto const& timer : list_in(machine, "timers"))
            if (timer.is_object() && text_in(timer, "name") == name) return timer.get_object();
        return none;
    };
    for (auto const& state : list_in(machine, "states")) {
        auto const& timer = timer_of(text_in(state, "deadline"));
        auto const kind = text_in(state, "kind");
        states.add({text_in(state, "name"), kind == "waiting" ? text_in(state, "owner") : "(" + kind + ")",
                    text_in(timer, "rule"), text_in(timer, "on_expiry"), paper.wide ? text_in(state, "meaning") : ""});
    }
    out += states.render(paper.screen) + "\n";
    Table rows({{"WHEN", Align::left, Give::rigid},
                {"ON", Align::left, Give::wraps},
                {"IF", Align::left, Give::wraps},
                {"GO TO", Align::left, Give::wraps},
                {"AND", Align::left, Give::wraps}});
    std::string last;
    for (auto const& row : list_in(machine, "rows")) {
        auto const in = text_in(row, "in"), guard = text_in(row, "when");
        bool const stays = row.is_object() && flag_in(row.get_object(), "stays");
        rows.add({in == last ? "" : in, text_in(row, "on"), guard == "always" ? "" : guard,
                  stays ? "(stay)" : text_in(row, "go_to"), paper.wide ? text_in(row, "actions") : ""});
        last = in;
    }
    return out + rows.render(paper.screen);
}

std::string daemon_page(json::object const& status, Paper const& paper) {
    bool const well = flag_in(status, "accepting") && text_in(status, "trouble").empty();
    auto out = painted("npod " + text_in(status, "operator"), Tone::strong, paper.screen) + ": " +
               painted(well ? "serving" : "NOT ACCEPTING", well ? Tone::good : Tone::alarm, paper.screen) + "\n";
    Sheet sheet;
    sheet.add("Trouble", Cell(text_in(status, "trouble"), Tone::alarm));
    bool const manual = flag_in(status, "clock/manual");
    sheet.add("Clock", Cell(Times(TimeStyle::local).full(text_in(status, "clock/now")) +
                                (manual ? ", MANUAL: it stands still until npctl clock advance" : ""),
                            manual ? Tone::warning : Tone::plain));
    sheet.add("Next due", paper.times.full(text_in(status, "next_due")));
    sheet.add("Log", "event " + text_in(status, "head_seq"));
    sheet.add("Queue", text_in(status, "queued") + (flag_in(status, "busy") ? ", writing" : ""));
    sheet.add("To send", text_in(status, "outbox"));
    sheet.add("Mailboxes", counted(integer_in(status, "mailboxes").value_or(0), "message") + " not confirmed");
    for (auto const& hook : list_in(status, "webhooks")) {
        bool const ended = text_in(hook, "ended") == "yes", failing = ended || !text_in(hook, "failing_since").empty();
        auto const behind = text_in(hook, "behind");
        sheet.add("Webhook " + text_in(hook, "name"),
                  Cell(ended      ? "ENDED: " + text_in(hook, "trouble")
                       : failing  ? fmt::format("FAILING since {}, {} rows behind: {}", paper.times.full(text_in(hook, "failing_since")), behind, text_in(hook, "trouble"))
                       : behind == "0" ? "told everything" : behind + " rows behind",
                       failing ? Tone::alarm : Tone::plain));
    }
    sheet.add("Rulebook",
              fmt::format("{}, version {}", text_in(status, "rulebook/name"), text_in(status, "rulebook/version")));
    sheet.add("Program", text_in(status, "version"));
    out += sheet.render(paper.screen);
    Table ports({{"PORTS", Align::right, Give::rigid}, {"STATE", Align::left, Give::rigid}});
    for (auto const& [state, count] : object_in(status, "ports"))
        ports.add({text_of(count), Cell(words_of(state), tone_of_state(state))});
    return ports.empty() ? out : out + "\n" + ports.render(paper.screen);
}

std::string any_page(json::object const& object, Paper const& paper) {
    Sheet sheet;
    for (auto const& [name, value] : object) {
        bool const moment = std::string_view(name).ends_with("_at") || std::string_view(name).ends_with("_until");
        if (auto const* inner = value.if_object(); inner && !inner->contains("text")) {
            for (auto const& [key, part] : *inner)
                sheet.add(fmt::format("{} {}", words_of(name), words_of(key)), text_of(part));
        } else {
            sheet.add(words_of(name), moment ? paper.times.full(text_of(value)) : text_of(value));
        }
    }
    return sheet.render(paper.screen, 0);
}

} // namespace npod::cli
