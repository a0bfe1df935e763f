#include "sim/promela.hpp"

#include "state_machines/delivery.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

namespace npod::sim {

namespace {

std::string number(std::size_t n) { return std::to_string(n); }

/// #define IN_draft 0 …
template <class Rows>
std::string constants(std::string const& prefix, Rows const& rows) {
    std::string text;
    for (std::size_t i = 0; i < rows.size(); ++i) text += "#define " + prefix + std::string(rows[i].name) + " " + number(i) + "\n";
    return text;
}

std::string condition(port_in::Guard guard) {
    switch (guard) {
    case port_in::Guard::last_safe_moment_not_passed: return "!moment_passed";
    case port_in::Guard::approval_still_valid: return "!lapsed";
    case port_in::Guard::possible_only_later: return "false"; // one date in this small world
    case port_in::Guard::always: break;
    }
    return "true";
}
std::string condition(port_out::Guard) { return "true"; }
std::string condition(delivery::Guard guard) { return guard == delivery::Guard::stays_true ? "stays_true" : "true"; }

std::string effect(port_in::Action action) {
    using enum port_in::Action;
    switch (action) {
    case send_request: return "sent[0] = D_queued; ";
    case send_cancel: return "sent[1] = D_queued; ";
    case send_performed: return "sent[2] = D_queued; ";
    case note_acceptance: return "yes_heard = true; moment_passed = false; lapsed = false; ";
    case note_new_date: return "moment_passed = false; ";
    case serve_numbers: return "recipient_serves = true; live_early = (live_early || !moment_passed); ";
    case call_a_person: return "in_called = true; called = true; ";
    default: return ""; // told to people outside
    }
}
std::string effect(port_out::Action action) {
    using enum port_out::Action;
    switch (action) {
    case send_acceptance: return "yes_said = true; SAY(W_acceptance) ";
    case send_refusal: return "SAY(W_refusal) ";
    case send_postponement: return "SAY(W_postponement) ";
    case send_delay: return "SAY(W_delay) ";
    case send_too_late: return "SAY(W_error) ";
    case release_numbers: return "donor_serves = false; ";
    case call_a_person: return "out_called = true; called = true; ";
    default: return "";
    }
}
std::string effect(delivery::Action action) {
    using enum delivery::Action;
    switch (action) {
    case report_taken: return "reported = REPORT_taken; ";
    case report_undeliverable: return "reported = REPORT_undeliverable; ";
    case call_a_person: return "call_after = true; ";
    }
    return "";
}

bool says_something(port_out::Action action) {
    using enum port_out::Action;
    return action == send_acceptance || action == send_refusal || action == send_postponement || action == send_delay || action == send_too_late;
}

/// All rows of one machine as one choice over (state, event), those with guards in their order.
template <class Table>
std::string choice(Table const& table, std::string const& state, std::string const& event, std::string const& states, std::string const& events, std::string const& on_leaving) {
    std::string text = "    if\n";
    auto const& rows = table.transitions;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        bool known = false;
        for (std::size_t j = 0; j < i; ++j) known = known || (rows[j].in == rows[i].in && rows[j].on == rows[i].on);
        if (known) continue;
        std::string row, end;
        for (std::size_t j = i; j < rows.size(); ++j) {
            if (rows[j].in != rows[i].in || rows[j].on != rows[i].on) continue;
            std::string deed;
            if (rows[j].lands_in() != rows[j].in) deed += on_leaving + state + " = " + states + std::string(table.about(rows[j].lands_in()).name) + "; ";
            for (auto const action : rows[j].actions) deed += effect(action);
            row += "if :: (" + condition(rows[j].when) + ") -> " + (deed.empty() ? "skip" : deed) + " :: else -> ";
            end += " fi";
        }
        text += "    :: (" + state + " == " + states + std::string(table.about(rows[i].in).name) + " && " + event + " == " + events + std::string(table.about(rows[i].on).name) + ") -> " + row +
                "skip" + end + "\n";
    }
    return text + "    :: else -> skip\n    fi\n";
}

/// "(s == A && e == X) || …" of the rows that would say something.
std::string speaks() {
    std::string text = "false";
    for (auto const& row : port_out::table.transitions)
        for (auto const action : row.actions)
            if (says_something(action))
                text += " || (out == OUT_" + std::string(port_out::table.about(row.in).name) + " && (e) == OE_" + std::string(port_out::table.about(row.on).name) + ")";
    return text;
}

template <class Table>
std::string deadlines(Table const& table, std::string const& state, std::string const& states, std::string const& event, std::string const& events) {
    std::string text;
    for (auto const& row : table.states)
        if (row.deadline != decltype(row.deadline)::none)
            text += "            :: (" + state + " == " + states + std::string(row.name) + ") -> " + event + " = " + events + std::string(table.about(table.about(row.deadline).when_it_expires).name) + "\n";
    return text;
}

/// Whether the donor's armed deadline may pass: what it says has room.
std::string deadline_has_room() {
    std::string text = "(false";
    for (auto const& row : port_out::table.states)
        if (row.deadline != port_out::Timer::none)
            text += " || (out == OUT_" + std::string(row.name) + " && ROOM(OE_" + std::string(port_out::table.about(port_out::table.about(row.deadline).when_it_expires).name) + "))";
    return text + ")";
}

template <class Table>
std::string waits(Table const& table, std::string const& state, std::string const& states) {
    std::string text = "false";
    for (auto const& row : table.states)
        if (row.deadline != decltype(row.deadline)::none) text += " || " + state + " == " + states + std::string(row.name);
    return text;
}

template <class Table>
std::string rests(Table const& table, std::string const& state, std::string const& states) {
    std::string text = "false";
    for (auto const& row : table.states)
        if (row.kind == machine::Kind::settled) text += " || " + state + " == " + states + std::string(row.name);
    return text;
}

constexpr char const* around = R"(
#define NOTHING 255
#define W_none 0
#define W_request 1
#define W_cancel 2
#define W_performed 3
#define W_acceptance 4
#define W_refusal 5
#define W_postponement 6
#define W_delay 7
#define W_error 8
#define REPORT_taken 1
#define REPORT_undeliverable 2
#define UNDER_WAY(d) (d == D_queued || d == D_retrying)
#define OWN_UNDER_WAY (UNDER_WAY(sent[0]) || UNDER_WAY(sent[1]) || UNDER_WAY(sent[2]))
#define SAY(word) if :: (answers[0] == W_none) -> answers[0] = word; answer_state = D_queued :: else -> assert(answers[1] == W_none); answers[1] = word fi;
#define ROOM(e) (answers[1] == W_none || !(SPEAKS(e)))
// a step for which the donor's small outbox has no room is not taken
#define HEARS (!out_exists || (to_donor == W_request && ROOM(OE_request_received)) || (to_donor == W_cancel && ROOM(OE_cancel_received)) || (to_donor == W_performed && ROOM(OE_performed_received)))
#define SETTLED ((IN_SETTLED) && (!out_exists || (OUT_SETTLED)))
#define MOVES_BY_ITSELF (OWN_UNDER_WAY || answers[0] != W_none || to_donor != W_none || to_recipient != W_none || (yes_heard && !lapsed) || (IN_WAITS) || (out_exists && (OUT_WAITS)))

byte in = IN_draft, out = OUT_validating;
byte sent[3] = NOTHING;
byte answers[2] = W_none;
byte answer_state = D_queued, to_donor = W_none, to_recipient = W_none;
bool out_exists, cancel_waits, performed_waits, moment_passed, lapsed, recipient_serves, yes_heard, yes_said, told, live_early, in_called, out_called;
bool donor_serves = true;
hidden byte which, word, in_event, out_event, sent_event, reported, second;
hidden byte called, call_after, stays_true, by_itself;
)";

constexpr char const* deeds = R"(
active proctype market() {
    do
    :: atomic {
        in_event = NOTHING; out_event = NOTHING; second = NOTHING; sent_event = NOTHING; reported = 0;
        called = false; call_after = false; by_itself = true;
        if
        // the recipient's outbox, in its order
        :: OWN_UNDER_WAY ->
            which = (UNDER_WAY(sent[0]) -> 0 : (UNDER_WAY(sent[1]) -> 1 : 2));
            if
            :: (to_donor == W_none) -> to_donor = which + 1; sent_event = DE_taken
            :: (to_donor == W_none) -> to_donor = which + 1; sent_event = DE_attempt_failed; by_itself = false
            :: sent_event = DE_attempt_failed; by_itself = false
            :: sent_event = DE_turned_away; by_itself = false
            :: sent_event = DE_delivery_time_ended
            fi;
            stays_true = (which == 2);
            deliver(sent[which]);
            if
            :: (reported == REPORT_taken && which == 0) -> in_event = IE_request_taken
            :: (reported == REPORT_taken && which == 1) -> in_event = IE_cancel_taken
            :: (reported == REPORT_undeliverable && which == 0) -> in_event = IE_request_undeliverable
            :: (reported == REPORT_undeliverable && which == 1) -> in_event = IE_cancel_undeliverable
            :: else -> skip
            fi
        // the donor's
        :: (answers[0] != W_none) ->
            if
            :: (to_recipient == W_none) -> to_recipient = answers[0]; sent_event = DE_taken
            :: (to_recipient == W_none) -> to_recipient = answers[0]; sent_event = DE_attempt_failed; by_itself = false
            :: sent_event = DE_attempt_failed; by_itself = false
            :: sent_event = DE_turned_away; by_itself = false
            :: sent_event = DE_delivery_time_ended
            fi;
            stays_true = true;
            deliver(answer_state);
            if :: call_after -> out_called = true; called = true; call_after = false :: else -> skip fi;
            if :: !UNDER_WAY(answer_state) -> answers[0] = answers[1]; answers[1] = W_none; answer_state = D_queued :: else -> skip fi
        // the donor hears, perhaps twice
        :: (to_donor != W_none && HEARS) ->
            word = to_donor;
            if
            :: (!out_exists && word == W_cancel) -> cancel_waits = true
            :: (!out_exists && word == W_performed) -> performed_waits = true
            :: (!out_exists && word == W_request) ->
                out_exists = true;
                if :: cancel_waits -> cancel_waits = false; out_event = OE_cancel_received :: else -> skip fi;
                if :: performed_waits -> performed_waits = false; told = true; second = OE_performed_received :: else -> skip fi
            :: else ->
                if
                :: (word == W_request) -> out_event = OE_request_received
                :: (word == W_cancel) -> out_event = OE_cancel_received
                :: else -> told = true; out_event = OE_performed_received
                fi
            fi;
            if :: to_donor = W_none :: by_itself = false fi
        // the recipient hears, perhaps twice
        :: (to_recipient != W_none) ->
            if
            :: (to_recipient == W_acceptance) -> in_event = IE_acceptance_received
            :: (to_recipient == W_refusal) -> in_event = IE_refusal_received
            :: (to_recipient == W_postponement) -> in_event = IE_postponement_received
            :: (to_recipient == W_delay) -> in_event = IE_delay_announced
            :: (to_recipient == W_error) -> in_event = IE_error_received
            fi;
            if :: to_recipient = W_none :: by_itself = false fi
        // time
        :: (IN_WAITS) ->
            if
DEADLINES_IN            fi
        :: (yes_heard && !lapsed) -> lapsed = true
        :: (out_exists && (OUT_WAITS) && DEADLINE_HAS_ROOM) ->
            if
DEADLINES_OUT            fi
        // people
        :: by_itself = false;
            if
            :: in_event = IE_submitted :: in_event = IE_cancel_requested :: in_event = IE_hold_requested :: in_event = IE_resume_requested
            :: in_event = IE_reschedule_requested :: in_event = IE_activation_done :: in_event = IE_activation_failed :: in_event = IE_settled_by_person
            fi
        :: out_exists -> by_itself = false;
            if
            :: ROOM(OE_acceptance_decided) -> out_event = OE_acceptance_decided
            :: ROOM(OE_refusal_decided) -> out_event = OE_refusal_decided
            :: ROOM(OE_postponement_decided) -> out_event = OE_postponement_decided
            :: ROOM(OE_delay_decided) -> out_event = OE_delay_decided
            :: ((!KEEPS_ITS_WORD || out != OUT_awaiting_execution) && ROOM(OE_settled_by_person)) -> out_event = OE_settled_by_person
            :: (told && ROOM(OE_performance_recognised)) -> out_event = OE_performance_recognised
            :: else -> skip
            fi
        fi;
        if
        :: (in_event != NOTHING) ->
            if :: (in_event == IE_approval_expired) -> lapsed = true :: (in_event == IE_activation_time_reached) -> moment_passed = true :: else -> skip fi;
            recipient_moves()
        :: else -> skip
        fi;
        if :: call_after -> in_called = true; called = true :: else -> skip fi;
        if :: (out_event != NOTHING) -> donor_moves() :: else -> skip fi;
        if :: (second != NOTHING) -> out_event = second; donor_moves() :: else -> skip fi;
        assert(donor_serves || recipient_serves);
        assert(!recipient_serves || yes_heard);
        assert(!live_early);
        assert(!yes_heard || yes_said);
        assert(MOVES_BY_ITSELF || SETTLED || in_called || out_called);
        assert(MOVES_BY_ITSELF || !(recipient_serves && donor_serves) || in_called || out_called);
#ifdef CIRCLES
        if :: (by_itself && !called && !in_called && !out_called) -> goto again :: else -> skip fi
    };
progress: skip; // whoever could break the circle acts, or knows of it
again: skip
#else
        skip
    }
#endif
    od
}
)";

/// The first of `what` in the text becomes `with`.
std::string put(std::string text, std::string const& what, std::string const& with) {
    auto const at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

} // namespace

std::string promela(Desk desk) {
    std::string text = "// Written by npod_explore --promela from state_machines/{port_in,port_out,delivery}.hpp. Not to be edited.\n";
    text += constants("IN_", port_in::table.states) + constants("IE_", port_in::table.events);
    text += constants("OUT_", port_out::table.states) + constants("OE_", port_out::table.events);
    text += constants("D_", delivery::table.states) + constants("DE_", delivery::table.events);
    text += "#define KEEPS_ITS_WORD " + std::string(desk == Desk::keeps_its_word ? "true" : "false") + "\n";
    text += "#define SPEAKS(e) (" + speaks() + ")\n";
    text += "#define DEADLINE_HAS_ROOM " + deadline_has_room() + "\n";
    text += "#define IN_WAITS " + waits(port_in::table, "in", "IN_") + "\n#define OUT_WAITS " + waits(port_out::table, "out", "OUT_") + "\n";
    text += "#define IN_SETTLED " + rests(port_in::table, "in", "IN_") + "\n#define OUT_SETTLED " + rests(port_out::table, "out", "OUT_") + "\n";
    text += around;
    text += "\ninline recipient_moves() {\n" + choice(port_in::table, "in", "in_event", "IN_", "IE_", "in_called = false; ") + "}\n";
    text += "\ninline donor_moves() {\n" + choice(port_out::table, "out", "out_event", "OUT_", "OE_", "out_called = false; ") + "}\n";
    text += "\ninline deliver(d) {\n" + choice(delivery::table, "d", "sent_event", "D_", "DE_", "") + "}\n";
    text += put(put(deeds, "DEADLINES_IN", deadlines(port_in::table, "in", "IN_", "in_event", "IE_")), "DEADLINES_OUT",
                deadlines(port_out::table, "out", "OUT_", "out_event", "OE_"));
    return text;
}

} // namespace npod::sim
