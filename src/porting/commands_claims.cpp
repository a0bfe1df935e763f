/// Claims for compensation: filed by customers, decided by people.

#include "porting/claims.hpp"
#include "porting/handlers.hpp"
#include "porting/wire_values.hpp"

#include <fmt/format.h>

namespace npod::porting {

namespace {

/// The claim of a port-in that left; refuses when there is none.
Claim* claim_for(Step& step, PortId const& id) {
    Port* const port = step.port(id);
    if (port == nullptr) {
        step.refuse(no_such("port", id.text));
        return nullptr;
    }
    Claim* const claim = port->role == Role::port_in ? step.claim_of(id) : nullptr;
    if (claim == nullptr)
        step.refuse({RefusalCode::not_admissible, "The recipient pays for delay; " + id.text + " is no port-in of ours that has left.", "/port",
                     "The claim belongs with operator " + port->recipient.text + ".", ""});
    return claim;
}

/// Whether it was claimed before by the same person, or is decided; refuses then and names the claim.
bool claimed_already(Step& step, Claim const& claim, std::string_view claimant) {
    auto const look = "Look at it with: npctl claim show " + claim.id.text;
    auto const& calendar = step.law_of(*step.port(claim.port)).calendar();
    if (claim.filed_at && same_text(claim.filed_by, claimant)) {
        step.refuse({RefusalCode::conflict,
                     fmt::format("{} claimed this before: claim {} reached us on {} and is {}.", claim.filed_by, claim.id.text,
                                 calendar.local_text(*claim.filed_at), claim.state),
                     "/claimant", look, ""});
    } else if (claim.state == "approved" || claim.state == "paid" || claim.state == "rejected") {
        step.refuse({RefusalCode::conflict, fmt::format("Claim {} of {} is decided: {}.", claim.id.text, claim.filed_by, claim.state), "/port", look, ""});
    }
    return step.refused();
}

} // namespace

void handle(Step& step, input::FileClaim const& file) {
    Claim* const claim = claim_for(step, file.port);
    if (claim == nullptr) return;
    Port const& port = *step.port(file.port);
    step.about(claim->id.text);
    step.about(port.id.text);
    Moment const received = file.received_at.value_or(step.now);
    if (received > step.now || received < port.requested_at)
        return step.refuse({RefusalCode::not_admissible, "A claim reaches us after the port's request and not in the future.", "/received_at", "Give the moment when it reached us.", ""});
    if (claimed_already(step, *claim, file.claimant)) return;
    bool const by_titular = same_text(port.customer.name, file.claimant);
    bool const counts = !claim->filed_at || (by_titular && !claim->by_titular); // the titular's goes before anybody else's
    if (counts) {
        claim->filed_at = received;
        claim->filed_by = file.claimant;
        claim->channel = file.channel;
        claim->by_titular = by_titular;
    }
    auto note = by_titular ? std::string("by the titular") : "by " + file.claimant + ", who is not the titular (be.comp.claimant)";
    auto const& law = step.law_of(port);
    if (received != step.now) note += "; it reached us on " + law.calendar().local_text(received);
    auto const decision = drive(step, *claim, claim::filed, note);
    if (claim->state == "lapsed" && !decision.entered) {
        auto const lapsed = law.due("be.comp.claim_review", claim->port_done_at.value_or(port.requested_at));
        return step.refuse({RefusalCode::illegal_now,
                            fmt::format("The right to claim for {} lapsed on {} (be.comp.claim_review); the claim reached us on {}.", port.id.text,
                                        law.calendar().local_text(lapsed), law.calendar().local_text(received)),
                            "/received_at", "If it reached us before, say when: --received-at.", ""});
    }
    step.answered(claim->id.text, true);
}

void handle(Step& step, input::DecideClaim const& decide) {
    using enum input::DecideClaim::Verdict;
    Claim* const claim = step.claim(decide.claim);
    if (claim == nullptr) return step.refuse(no_such("claim", decide.claim.text));
    step.about(claim->id.text);
    auto const event = decide.verdict == approve ? claim::approved_by_person : decide.verdict == reject ? claim::rejected_by_person : claim::payment_made;
    if (decide.verdict == pay && decide.by != "invoice" && decide.by != "call_credit")
        return step.refuse({RefusalCode::malformed, "Compensation is paid by invoice or by call_credit (be.comp.paid_by).", "/by", "Say which.", ""});
    if (decide.verdict == approve && !claim->amount)
        return step.refuse({RefusalCode::illegal_now, "The port of " + claim->id.text + " has not come to its end; the amount still grows.", "", "Approve it once every line is settled.", ""});
    if (decide.verdict == approve && claim->amount->cents == 0)
        return step.refuse({RefusalCode::illegal_now, "Nothing is due for " + claim->id.text + ": there is no amount to approve.", "", "Reject it with the arithmetic: npctl port compensation " + claim->port.text, ""});
    auto const note = decide.verdict == approve ? to_string(*claim->amount) : decide.by;
    if (drive(step, *claim, event, note).verdict == machine::Verdict::refused)
        return step.refuse({RefusalCode::illegal_now, fmt::format("Claim {} is {}; it does not take {} now.", claim->id.text, claim->state, claim::table.about(event).name), "", "Look at it with: npctl claim show " + claim->id.text, ""});
    if (decide.verdict == pay) {
        claim->paid_at = step.now;
        claim->paid_by = decide.by;
    } else {
        claim->decision_reason = decide.by; // approve, reject: the person's own words
    }
    step.answered(claim->id.text);
}

} // namespace npod::porting
