/// The Belgian rules, in the order of RULES-BE.md. A value is never changed here without its source: what an operator
/// reads differently goes into its configuration, and shows there as `configured`.

#include "rules/rulebook_table.hpp"

#include <array>

namespace npod::rules {

namespace {

using enum Unit;
using enum Standing;

/// The entry into force of the act of 21 December 2021, which rewrote the rules of switching; our sources name no day (assumed).
constexpr std::string_view missed_visit_raised = "2022-01-10";

constexpr std::array rows{
    // ------------------------------------------------------------------------------- 1. who leads, and the mandate
    RuleRow{"be.lead", "The recipient leads", text, "recipient", contract, "operator's terms, port-out (i)",
            "The recipient operator leads a port. A donor never starts a port-out because its own customer calls.",
            principle},
    RuleRow{"be.titular", "Only the titular may ask", text, "titular", contract, "operator's terms, port-in (ii)",
            "A customer may ask only for numbers of which he is the titular, the holder by contract.", principle},
    RuleRow{"be.mandate", "No request without a mandate", text, "required", read, "BIPT FAQ 40/52",
            "No request leaves before a mandate signed, or validated on-line or by SMS, by the titular. A phone call "
            "is not "
            "enough.",
            principle},
    RuleRow{"be.mandate.channels", "Channels of a mandate", text, "paper, online, sms", read, "BIPT FAQ 40/52",
            "How a titular may give a mandate.", principle},
    RuleRow{
        "be.mandate.statement", "What the mandate must say", text, "stated", secondary,
        "operator's terms, port-in (iii); RD 2 July 2013 art. 10 §2",
        "The mandate says that porting does not release the customer from his contract with the old operator, and that "
        "loss of service may not exceed one working day.",
        principle},
    RuleRow{"be.easyswitch.default", "Numbers without a stated choice", text, "stays", read,
            "BIPT Easy Switch; RD 6 Sept 2016",
            "In a whole-line migration a number for which no choice was stated stays at the old operator.", principle},
    RuleRow{"be.fee", "Fee for the end user", eur, "0.00", secondary, "Directive (EU) 2018/1972 art. 106(4)",
            "The end user pays nothing for the port. BIPT FAQs that allow up to 10 EUR are older.", principle},

    // ------------------------------------------------------------------------------- 2. classes and time limits
    RuleRow{"be.execute.within", "Execution of an agreed port", working_days, "1", read, "BIPT FAQ 48",
            "The port is done within this time of the agreed date, or of validation when it was asked as soon as "
            "possible.", {}, Anchor::moment},
    RuleRow{"be.total.mobile.simple", "Whole process, one mobile number", working_days, "1", secondary,
            "summaries of RD 2013", "The whole process, from the request until the number works at the recipient."},
    RuleRow{"be.total.mobile.complex", "Whole process, several mobile numbers", working_days, "3", secondary,
            "summaries of RD 2013", "The whole process, from the request until the numbers work at the recipient."},
    RuleRow{"be.total.fixed.simple", "Whole process, one fixed number", working_days, "2", secondary,
            "summaries of RD 2013", "The whole process, from the request until the number works at the recipient."},
    RuleRow{"be.total.fixed.complex", "Whole process, several fixed numbers, a range or a PBX", working_days, "3",
            secondary, "summaries of RD 2013",
            "The whole process, from the request until the numbers work at the recipient."},
    RuleRow{"be.answer.within.mobile.simple", "Donor's answer, one mobile number", working_days, "0", assumed,
            "be.total.mobile.simple less be.execute.within",
            "The donor answers on the working day on which the request counts as received, by the end of the window."},
    RuleRow{"be.answer.within.mobile.complex", "Donor's answer, several mobile numbers", working_days, "2", assumed,
            "be.total.mobile.complex less be.execute.within", "The donor answers within this time of the request."},
    RuleRow{"be.answer.within.fixed.simple", "Donor's answer, one fixed number", working_days, "1", assumed,
            "be.total.fixed.simple less be.execute.within", "The donor answers within this time of the request."},
    RuleRow{"be.answer.within.fixed.complex", "Donor's answer, several fixed numbers", working_days, "2", assumed,
            "be.total.fixed.complex less be.execute.within", "The donor answers within this time of the request."},
    RuleRow{"be.window.opens", "The porting window opens", text, "08:00", assumed, "operators' practice",
            "From this local time on ports may be executed on a working day."},
    RuleRow{"be.window.closes", "The porting window closes", text, "18:00", assumed, "operators' practice",
            "Until this local time ports may be executed, and terms of working days end."},
    RuleRow{"be.window.cut_off", "Cut-off for today's requests", text, "17:00", assumed, "operators' practice",
            "What arrives before this local time of a working day counts as received that day, else on the next "
            "working day."},
    RuleRow{"be.window.zone", "Time zone of the law", text, "Europe/Brussels", assumed, "legal time of Belgium",
            "The zone whose civil calendar the law is applied on, by its IANA name."},
    RuleRow{"be.outage.max", "Longest loss of service", working_days, "1", secondary,
            "RD 2 July 2013 art. 10; Directive (EU) 2018/1972 art. 106(5)",
            "Loss of telephone service during the port may not exceed this.", {}, Anchor::moment},
    RuleRow{"be.reactivate", "A failed port is undone", text, "donor", secondary,
            "Directive (EU) 2018/1972 art. 106(5)",
            "When execution fails the donor reactivates the number and serves on the same terms until the recipient is "
            "live.",
            principle},
    RuleRow{"be.cancel.until", "Last moment to cancel", text, "validation", secondary,
            "a carrier's public process page",
            "The recipient may cancel only during validation: until the donor's acceptance is executed.", principle},
    RuleRow{"be.approval.valid", "An acceptance lapses", calendar_days, "90", assumed, "Dutch practice",
            "An acceptance that is not executed by then lapses."},
    RuleRow{"be.working_day", "Working days", text, "Monday to Friday less ten public holidays", secondary,
            "Regulation (EEC, Euratom) 1182/71 for the concept",
            "Monday to Friday less 1 January, Easter Monday, 1 May, Ascension Day, Whit Monday, 21 July, 15 August, "
            "1 November, 11 November and 25 December.",
            principle},
    RuleRow{"be.working_day.saturday", "Saturday is a working day", flag, "false", assumed, "operators' practice",
            "Whether Saturdays count as working days."},
    RuleRow{
        "be.working_day.extra_holidays", "Further days off", text, "", assumed, "operator's own calendar",
        "Days on which nobody works beyond the public holidays: \"2026-12-24 Christmas Eve; 2027-05-07 Bridge day\"."},

    // ------------------------------------------------------------------------------- 3. refusal and postponement
    RuleRow{"be.refuse.all_grounds", "All grounds at once", text, "all", secondary, "operators' practice",
            "One answer reports all grounds that there are, per number. An unpaid bill or a running term is no ground.",
            principle},
    RuleRow{"be.reserve.portable", "Reserve numbers can be ported", flag, "true", secondary, "RD 2 July 2013",
            "Proven reserve numbers of a business are portable.", principle},

    // ------------------------------------------------------- 4. end of contract, one-month window, ageing, return
    RuleRow{"be.end.full", "End of the whole agreement", text, "last effective transfer", contract,
            "operator's terms, port-out (iii)",
            "When all numbers of the agreement are ported it ends by itself once the complete transfer is effective: "
            "at the "
            "effective time of the last number.",
            principle},
    RuleRow{"be.end.partial", "End of a part of the agreement", text, "effective transfer", contract,
            "operator's terms, port-out (iii)",
            "When only some numbers are ported the agreement ends for those numbers only, once their transfer is "
            "effective, "
            "never at request or acceptance. The rest stays in force.",
            principle},
    RuleRow{"be.grace", "Portable after the end of the agreement", months, "1", contract,
            "operator's terms, port-out (ii); Directive (EU) 2018/1972 art. 106(3)",
            "After the agreement has ended a number can still be ported for this time, with no contract to end."},
    RuleRow{"be.grace.renounceable", "The right may be renounced", flag, "true", secondary,
            "Directive (EU) 2018/1972 art. 106(3)", "The end user may renounce the right to port after the end."},
    RuleRow{"be.grace.after.own", "Afterwards: a number of an own block", text, "reassignable", contract,
            "operator's terms, port-out (ii)", "It may be given to another customer, after ageing.", principle},
    RuleRow{"be.grace.after.foreign", "Afterwards: a number of another operator's block", text, "returned", contract,
            "operator's terms, port-out (ii)", "It goes back to the block holder.", principle},
    RuleRow{"be.ageing.min", "Shortest ageing", months, "6", secondary, "RD 2 July 2013, said of ported numbers",
            "How long a number rests at least, from the end of the agreement, before somebody else may have it."},
    RuleRow{"be.ageing.max", "Longest ageing", months, "12", secondary, "RD 2 July 2013, said of ported numbers",
            "How long a number may rest at most, from the end of the agreement."},
    RuleRow{"be.ageing.own", "Ageing of own numbers", flag, "true", assumed, "reading of RD 2 July 2013",
            "The ageing time is applied to numbers of own blocks as well as to ported ones."},
    RuleRow{"be.number_change.notice", "Notice of a number change", months, "2", contract, "operator's terms, numbers",
            "The operator may change a number for compelling service reasons with this notice; without compensation."},
    RuleRow{"be.move", "Moving house", text, "same zone", contract, "operator's terms, numbers",
            "A customer who moves keeps the number only inside the same zone.", principle},
    RuleRow{"be.licence.multi", "Licences of Voice Pro", text, "numbers per product", contract,
            "operator's terms, numbers",
            "Voice Pro Multi: numbers are end users + 2. 2 GO and Classic: one licence per number.", principle},
    RuleRow{"be.licence.multi.extra_numbers", "Voice Pro Multi: numbers beyond end users", count, "2", contract,
            "operator's terms, numbers", "Voice Pro Multi has this many numbers more than end users."},
    RuleRow{"be.licence.multi.end_users_max", "Voice Pro Multi: most end users", count, "10", contract,
            "operator's terms, numbers", "Voice Pro Multi serves at most this many end users."},
    RuleRow{"be.licence.2go.end_users_max", "Voice Pro 2 GO: most end users", count, "10", contract,
            "operator's terms, numbers", "Voice Pro 2 GO serves at most this many end users."},
    RuleRow{"be.licence.2go.numbers_per_licence", "Voice Pro 2 GO: numbers of a licence", count, "1", contract,
            "operator's terms, numbers", "One licence per number."},
    RuleRow{"be.licence.classic.numbers_per_licence", "Voice Pro Classic: numbers of a licence", count, "1", contract,
            "operator's terms, numbers", "One licence per number."},

    // ------------------------------------------------------------------------------- 5. delay and compensation
    RuleRow{"be.comp.payer", "Who pays", text, "recipient", read, "BIPT",
            "The recipient pays, even when the donor caused the delay; who caused which part is kept, for recourse.",
            principle},
    RuleRow{"be.comp.claimant", "Who may claim", text, "titular, on request", read, "BIPT",
            "Only the titular may claim, and must ask: nothing is paid by itself.", principle},
    RuleRow{"be.comp.rate.simple", "Compensation, simple installation", eur, "3.00", assumed, "BIPT (amounts read)",
            "Per day of delay and per number. The amounts 3 and 5 EUR are read at BIPT; which class takes which is "
            "assumed."},
    RuleRow{"be.comp.rate.complex", "Compensation, complex installation", eur, "5.00", assumed, "BIPT (amounts read)",
            "Per day of delay and per number. The amounts 3 and 5 EUR are read at BIPT; which class takes which is "
            "assumed."},
    RuleRow{"be.comp.start", "The right to compensation begins", working_days, "1", read, "BIPT (in general)",
            "The right begins when the port is done more than this later than planned.", {}, Anchor::moment},
    RuleRow{"be.comp.planned.natural.date", "Planned: natural person, date chosen", text, "chosen_date", assumed,
            "BIPT (that the table exists)", "What \"planned\" means: the chosen date.",
            "chosen_date|request_plus_total"},
    RuleRow{"be.comp.planned.natural.asap", "Planned: natural person, as soon as possible", text, "request_plus_total",
            assumed, "BIPT (that the table exists)", "What \"planned\" means: the request plus be.total of the class.",
            "request_plus_total"},
    RuleRow{"be.comp.planned.legal.date", "Planned: legal person, date chosen", text, "chosen_date", assumed,
            "BIPT (that the table exists)", "What \"planned\" means: the chosen date.",
            "chosen_date|request_plus_total"},
    RuleRow{"be.comp.planned.legal.asap", "Planned: legal person, as soon as possible", text, "request_plus_total",
            assumed, "BIPT (that the table exists)", "What \"planned\" means: the request plus be.total of the class.",
            "request_plus_total"},
    RuleRow{"be.comp.days", "What a day of delay is", text, "calendar_days", assumed, "our reading",
            "Each civil day begun after the start, until the port is effective.", "calendar_days|working_days"},
    RuleRow{"be.comp.cap", "Highest compensation", text, "none", assumed, "our reading",
            "No cap on one claim; a configured amount in EUR, such as 300.00, is one."},
    RuleRow{"be.comp.claim_within", "Time to claim", months, "6", contract,
            "operator's terms, delay (ii); BIPT delay page",
            "The claim reaches the recipient operator within this time of the port request."},
    RuleRow{
        "be.comp.claim_review", "Late claims go to a person", months, "6", read, "BIPT FAQ 40/48",
        "BIPT's FAQ counts from the port instead of the request: a claim between the two goes to a person and is never "
        "refused by machine."},
    RuleRow{"be.comp.paid_by", "How compensation is paid", text, "invoice; call credit for mobile prepaid", read,
            "BIPT", "On the invoice; as call credit for mobile prepaid.", principle},
    RuleRow{"be.missed_visit", "Missed technician appointment", eur, "10.00", assumed,
            "BIPT Easy Switch; the day of the change is assumed",
            "In a whole-line migration, for each missed appointment, paid by itself: the amount before it was raised. "
            "Appointments are not kept here; who pays is told the amount.",
            {}, Anchor::message, {}, missed_visit_raised},
    RuleRow{"be.missed_visit", "Missed technician appointment", eur, "30.00", read, "BIPT Easy Switch",
            "In a whole-line migration, for each missed appointment, paid by itself. The day from which it is 30 EUR is "
            "assumed. Appointments are not kept here; who pays is told the amount.",
            {}, Anchor::message, missed_visit_raised, {}},
};

} // namespace

std::span<RuleRow const> belgian_rules() { return rows; }

} // namespace npod::rules
