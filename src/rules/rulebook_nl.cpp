/// The Dutch rules, as far as the program asks for them. They show that a country is data: the same machines run under
/// them, in another zone, with other holidays and other terms. What the Directive says is read from it; the rest is
/// practice that an operator must check, and says so (`assumed`).

#include "rules/rulebook_table.hpp"

#include <array>

namespace npod::rules {

namespace {

using enum Unit;
using enum Standing;

constexpr std::string_view practice = "Dutch operators' practice";
constexpr std::string_view directive = "Directive (EU) 2018/1972 art. 106";
constexpr std::string_view no_source = "no Dutch amount in our sources";

constexpr RuleRow total(std::string_view id, std::string_view title) {
    return {id,
            title,
            working_days,
            "2",
            assumed,
            practice,
            "The whole process, from the request until the numbers work at the recipient."};
}

constexpr RuleRow answer(std::string_view id, std::string_view title) {
    return {id,
            title,
            working_days,
            "1",
            assumed,
            practice,
            "The donor answers within this time of the request, and gives the first possible date with it."};
}

constexpr RuleRow planned(std::string_view id, std::string_view title, std::string_view value) {
    return {id,
            title,
            text,
            value,
            assumed,
            practice,
            "What \"planned\" means when delay is counted.",
            "chosen_date|request_plus_total"};
}

constexpr std::array rows{
    // ------------------------------------------------------------------------------- 1. who leads, and the mandate
    RuleRow{"nl.lead", "The recipient leads", text, "recipient", assumed, practice,
            "The recipient operator leads a port and sends the request to the donor.", principle},
    RuleRow{"nl.first_possible", "Who names the first possible date", text, "donor", assumed, practice,
            "The donor's acceptance names the first possible date; the port is agreed for then or later.", principle},
    RuleRow{"nl.fee", "Fee for the end user", eur, "0.00", secondary, directive,
            "The end user pays nothing for the port.", principle},

    // ------------------------------------------------------------------------------- 2. classes and time limits
    RuleRow{"nl.execute.within",
            "Execution of an agreed port",
            working_days,
            "1",
            secondary,
            directive,
            "The port is done within this time of the agreed date.",
            {},
            Anchor::moment},
    total("nl.total.mobile.simple", "Whole process, one mobile number"),
    total("nl.total.mobile.complex", "Whole process, several mobile numbers"),
    total("nl.total.fixed.simple", "Whole process, one fixed number"),
    total("nl.total.fixed.complex", "Whole process, several fixed numbers, a range or a PBX"),
    answer("nl.answer.within.mobile.simple", "Donor's answer, one mobile number"),
    answer("nl.answer.within.mobile.complex", "Donor's answer, several mobile numbers"),
    answer("nl.answer.within.fixed.simple", "Donor's answer, one fixed number"),
    answer("nl.answer.within.fixed.complex", "Donor's answer, several fixed numbers"),
    RuleRow{"nl.window.opens", "The porting window opens", text, "08:00", assumed, practice,
            "From this local time on ports may be executed on a working day."},
    RuleRow{"nl.window.closes", "The porting window closes", text, "18:00", assumed, practice,
            "Until this local time ports may be executed, and terms of working days end."},
    RuleRow{"nl.window.cut_off", "Cut-off for today's requests", text, "17:00", assumed, practice,
            "What arrives before this local time of a working day counts as received that day, else on the next "
            "working day."},
    RuleRow{"nl.window.zone", "Time zone of the law", text, "Europe/Amsterdam", assumed,
            "legal time of the Netherlands", "The zone whose civil calendar the law is applied on, by its IANA name."},
    RuleRow{"nl.outage.max",
            "Longest loss of service",
            working_days,
            "1",
            secondary,
            directive,
            "Loss of telephone service during the port may not exceed this.",
            {},
            Anchor::moment},
    RuleRow{"nl.approval.valid", "An acceptance lapses", calendar_days, "90", assumed, practice,
            "An acceptance that is not executed by then lapses."},
    RuleRow{"nl.working_day", "Working days", text, "Monday to Friday less the Dutch holidays", assumed, practice,
            "Monday to Friday less 1 January, Easter Monday, King's Day, Ascension Day, Whit Monday, 25 and "
            "26 December. Liberation Day is a working day.",
            principle},
    RuleRow{"nl.working_day.saturday", "Saturday is a working day", flag, "false", assumed, practice,
            "Whether Saturdays count as working days."},
    RuleRow{"nl.working_day.extra_holidays", "Further days off", text, "", assumed, "operator's own calendar",
            "Days on which nobody works beyond the holidays: \"2030-05-06 Liberation Day, observed\"."},

    // ------------------------------------------------------- 3. end of contract, one-month window, ageing, return
    RuleRow{"nl.grace", "Portable after the end of the agreement", months, "1", secondary, directive,
            "After the agreement has ended a number can still be ported for this time, with no contract to end."},
    RuleRow{"nl.grace.renounceable", "The right may be renounced", flag, "true", secondary, directive,
            "The end user may renounce the right to port after the end."},
    RuleRow{"nl.ageing.own", "Ageing of own numbers", flag, "true", assumed, practice,
            "The ageing time is applied to numbers of own blocks as well as to ported ones."},
    RuleRow{"nl.ageing.min", "Shortest ageing", months, "6", assumed, practice,
            "How long a number rests at least, from the end of the agreement, before somebody else may have it."},
    RuleRow{"nl.ageing.max", "Longest ageing", months, "12", assumed, practice,
            "How long a number may rest at most, from the end of the agreement."},
    RuleRow{"nl.number_change.notice", "Notice of a number change", months, "2", assumed, practice,
            "The operator may change a number for compelling service reasons with this notice."},

    // ------------------------------------------------------------------------------- 4. delay and compensation
    RuleRow{"nl.comp.payer", "Who pays", text, "recipient", assumed, practice,
            "The recipient pays; who caused which part of the delay is kept, for recourse.", principle},
    RuleRow{"nl.comp.claimant", "Who may claim", text, "titular, on request", assumed, practice,
            "Only the titular may claim, and must ask: nothing is paid by itself.", principle},
    RuleRow{"nl.comp.rate.simple", "Compensation, simple installation", eur, "0.00", assumed, no_source,
            "Per day of delay and per number. Nothing is owed until the operator configures an amount."},
    RuleRow{"nl.comp.rate.complex", "Compensation, complex installation", eur, "0.00", assumed, no_source,
            "Per day of delay and per number. Nothing is owed until the operator configures an amount."},
    RuleRow{"nl.comp.start",
            "The right to compensation begins",
            working_days,
            "1",
            assumed,
            practice,
            "The right begins when the port is done more than this later than planned.",
            {},
            Anchor::moment},
    planned("nl.comp.planned.natural.date", "Planned: natural person, date chosen", "chosen_date"),
    planned("nl.comp.planned.natural.asap", "Planned: natural person, as soon as possible", "request_plus_total"),
    planned("nl.comp.planned.legal.date", "Planned: legal person, date chosen", "chosen_date"),
    planned("nl.comp.planned.legal.asap", "Planned: legal person, as soon as possible", "request_plus_total"),
    RuleRow{"nl.comp.days", "What a day of delay is", text, "calendar_days", assumed, practice,
            "Each civil day begun after the start, until the port is effective.", "calendar_days|working_days"},
    RuleRow{"nl.comp.paid_by", "How compensation is paid", text, "invoice", assumed, practice,
            "As a credit on the next invoice.", principle},
    RuleRow{"nl.comp.cap", "Highest compensation", text, "none", assumed, practice,
            "No cap on one claim; a configured amount in EUR, such as 300.00, is one."},
    RuleRow{"nl.comp.claim_within", "Time to claim", months, "6", assumed, practice,
            "The claim reaches the recipient operator within this time of the port request."},
    RuleRow{"nl.comp.claim_review", "Late claims go to a person", months, "6", assumed, practice,
            "A claim within this time of the port that came too late by the request goes to a person."},
};

} // namespace

std::span<RuleRow const> dutch_rules() { return rows; }

} // namespace npod::rules
