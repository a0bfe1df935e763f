#pragma once
/// What a claim comes to: the answer to whoever claims, the statement that goes with it, the line for the billing system. Pure.

#include "porting/explain.hpp"

#include <string>
#include <vector>

namespace npod::porting {

/// What was done about a claim, from the record.
struct ClaimStep {
    Moment at{};            ///< when it happened: a claim reaches us before it is written down
    Moment learned_at{};
    std::string event;      ///< of the machine: "filed", "approved_by_person", …
    std::string by, note;   ///< source of the record; what was said
};

/// All that a claim stands on.
struct Statement {
    Port port;
    std::vector<Line> lines;
    Claim claim;
    Compensation owed;
    std::vector<ClaimStep> steps; ///< in the order of the record
    Moment as_of{};
};

/// One sentence for the claimant: what is due, or why nothing is, and what comes next.
std::string claim_answer(Statement const& statement, rules::Calendar const& calendar);

/// The whole as plain text of at most 80 columns, each line ended: parties, port, arithmetic, who caused what, claim, law.
std::string statement_text(Statement const& statement, rules::Rulebook const& rulebook);

/// How it is paid (be.comp.paid_by): "call_credit" for a mobile number of which our contract says that it is prepaid, else
/// "invoice". Whoever pays says which it was in the end.
std::string payment_method(Port const& port, std::optional<Contract> const& contract, rules::Rulebook const& rulebook);

/// A field of a CSV file that no spreadsheet takes for a formula, quoted where needed (RFC 4180).
std::string csv_field(std::string_view text);

} // namespace npod::porting
