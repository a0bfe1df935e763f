/// The grounds of RULES-BE section 3 (secondary: from operators' practice), each with what the person who must mend it
/// needs. An unpaid bill or a running contract term is not among them: neither blocks a port.

#include "porting/grounds.hpp"

#include "base/fault.hpp"

#include <algorithm>
#include <array>

namespace npod::porting {

namespace {

constexpr std::array entries{
    GroundEntry{Ground::not_assigned, "NOT_ASSIGNED",
                "The block in which this number lies was never given to any operator.", "/numbers",
                "Check the number with the customer; a digit is probably wrong.", true},
    GroundEntry{Ground::never_used, "NEVER_USED", "This is a prepaid number on which no call was ever made.",
                "/numbers", "Have the customer make one call with the old SIM card, then ask again.", true},
    GroundEntry{
        Ground::ageing, "AGEING",
        "The agreement ended more than a month ago and the number is resting before it is given to somebody else.",
        "/numbers", "The number can no longer be ported; offer the customer a new one.", true},
    GroundEntry{Ground::out_of_zone, "OUT_OF_ZONE", "A geographic number may be used only inside its own zone.",
                "/location/zone",
                "Correct the address if it is wrong; otherwise give the customer a number of the new zone.", true},
    GroundEntry{Ground::incomplete_range, "INCOMPLETE_RANGE",
                "The number belongs to a range, and the order does not say what becomes of the other numbers of it.",
                "/related", "State for every number that the answer lists whether it is to port, keep or cancel.",
                true},
    GroundEntry{Ground::name_address_mismatch, "NAME_ADDRESS_MISMATCH",
                "The name or the address of the customer is not the one that the donor has for this number.",
                "/customer", "Copy name and address from the customer's last invoice of the old operator.", true},
    GroundEntry{Ground::wrong_account, "WRONG_ACCOUNT",
                "The customer number or SIM card number is not the one that belongs to this number at the donor.",
                "/donor_account",
                "Copy the customer number from the last invoice, or the number printed on the SIM card.", true},
    GroundEntry{Ground::not_titular, "NOT_TITULAR", "The person who asks does not hold the contract for this number.",
                "/customer", "Have the holder of the old contract sign the mandate, or transfer the contract first.",
                true},
    GroundEntry{Ground::mandate_missing, "MANDATE_MISSING", "There is no mandate of the customer for this number.",
                "/mandate",
                "Have the holder sign a mandate or validate one on-line or by SMS; a phone call is not enough.", true},
    GroundEntry{Ground::mandate_invalid, "MANDATE_INVALID",
                "There is a mandate, but it does not cover this number, its signer or its time.", "/mandate",
                "Have the holder sign a new mandate that names every number to be ported.", true},
    GroundEntry{Ground::inactive, "INACTIVE",
                "The number is not in service, and the month in which it could still be ported is over.", "/numbers",
                "Check the number with the customer; if it is right, offer a new one.", true},
    GroundEntry{Ground::port_in_progress, "PORT_IN_PROGRESS", "Another port of this number is already on its way.",
                "/numbers", "Wait until the other port is finished or cancelled, then ask again.", true},
    GroundEntry{Ground::technical, "TECHNICAL",
                "The donor cannot release the number for a technical reason, given in its note.", "",
                "Read the note; talk to the donor about when it will be possible, then ask again.",
                // Nothing that the customer said was wrong, so his time is not lost with the new request (assumed).
                false},
    GroundEntry{
        Ground::legal, "LEGAL", "The donor states a legal reason, given in its note.", "",
        "Read the note and hand the case to the legal desk; an unpaid bill or a running term is no such reason.", true},
};

constexpr bool in_order_of_the_enumeration() {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (static_cast<std::size_t>(entries[i].ground) != i) return false;
    }
    return true;
}
static_assert(in_order_of_the_enumeration(), "about() finds an entry by the number of its ground");
static_assert(entries.size() == static_cast<std::size_t>(Ground::legal) + 1, "every ground has an entry");

} // namespace

std::span<GroundEntry const> all_grounds() { return entries; }

GroundEntry const& about(Ground ground) {
    auto const index = static_cast<std::size_t>(ground);
    NPOD_PROMISE(index < entries.size());
    return entries[index];
}

std::string_view code_of(Ground ground) { return about(ground).code; }

std::optional<Ground> ground_of(std::string_view code) {
    auto const found = std::ranges::find(entries, code, &GroundEntry::code);
    if (found == entries.end()) return std::nullopt;
    return found->ground;
}

namespace {

constexpr std::string_view unpaid =
    "An unpaid bill is no ground: the debt stays owed and may be collected, but it does not block the port.";
constexpr std::string_view running =
    "A running contract term is no ground: leaving early may expose the customer to an indemnity, but it does not block the port.";

struct NoGround {
    std::string_view word, why;
};
constexpr NoGround no_grounds[] = {
    {"UNPAID_BILL", unpaid},     {"UNPAID", unpaid},          {"UNPAID_INVOICE", unpaid}, {"OPEN_INVOICE", unpaid},
    {"OVERDUE_INVOICE", unpaid}, {"DEBT", unpaid},            {"ARREARS", unpaid},        {"BAD_PAYER", unpaid},
    {"PAYMENT", unpaid},         {"BALANCE_DUE", unpaid},     {"RUNNING_TERM", running},  {"RUNNING_CONTRACT", running},
    {"CONTRACT_TERM", running},  {"CONTRACT", running},       {"MINIMUM_TERM", running},  {"MINIMUM_DURATION", running},
    {"FIXED_TERM", running},     {"CONTRACT_DURATION", running}, {"NOTICE_PERIOD", running}, {"UNDER_CONTRACT", running},
};

char as_ground_name(char c) { return c == '-' || c == ' ' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

} // namespace

std::string_view why_no_ground(std::string_view word) {
    auto const found = std::ranges::find_if(
        no_grounds, [&](NoGround const& row) { return std::ranges::equal(row.word, word, {}, {}, as_ground_name); });
    return found == std::end(no_grounds) ? std::string_view{} : found->why;
}

} // namespace npod::porting
