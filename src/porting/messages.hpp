#pragma once
/// What operators say to each other, free of any wire. protocol/ translates both ways; the domain knows nothing else.

#include "base/ids.hpp"
#include "base/moment.hpp"
#include "porting/grounds.hpp"
#include "porting/number.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npod::porting::message {

/// Who the customer says he is, as far as the wire carries it. Empty means absent.
struct CustomerInfo {
    std::string lastname, companyname, housenr, housenrext, postcode, customerid;
    bool operator==(CustomerInfo const&) const = default;
};

/// recipient → donor: please let these numbers go.
struct PortRequest {
    DossierId dossier;
    OperatorCode recipient, donor;
    std::vector<NumberRange> numbers;
    CustomerInfo customer;
    bool early_termination = true; ///< EARLY_TERMINATION (or absent); false: CONTINUATION
    std::string note;              ///< at most 100 characters
    bool operator==(PortRequest const&) const = default;
};

/// donor → recipient: the answer will take longer.
struct AnswerDelayed {
    DossierId dossier;
    OperatorCode donor;
    std::optional<Moment> answer_due;
    std::string reason_code; ///< the wire's code, not public; kept as received
    bool operator==(AnswerDelayed const&) const = default;
};

/// What the donor says of one range. Accepted: no grounds. Postponed: grounds and a first possible date. Refused: grounds only.
struct AnsweredRange {
    NumberRange numbers;
    std::vector<Ground> grounds;
    std::vector<std::string> unknown_codes; ///< wire codes that the counterpart's table does not know
    std::optional<Moment> first_possible;
    std::string note;
    bool operator==(AnsweredRange const&) const = default;
};

/// donor → recipient. May come several times for one dossier, each about some of its numbers.
struct Answer {
    DossierId dossier;
    std::vector<AnsweredRange> ranges;
    bool operator==(Answer const&) const = default;
};

/// recipient → everybody: these numbers are served by the recipient now.
struct Performed {
    DossierId dossier;
    OperatorCode recipient, donor;
    std::optional<Moment> at;
    std::vector<NumberRange> numbers;
    bool operator==(Performed const&) const = default;
};

/// recipient → donor: forget the dossier.
struct Cancel {
    DossierId dossier;
    std::string note;
    bool operator==(Cancel const&) const = default;
};

/// serving operator → everybody: these numbers go back to their block holder.
struct Deactivation {
    DossierId dossier;
    OperatorCode current, original; ///< original: the block holder; may be absent
    std::vector<NumberRange> numbers;
    bool operator==(Deactivation const&) const = default;
};

/// anybody → sender: what you sent cannot be processed.
struct ErrorFound {
    struct Item {
        std::string phone_number; ///< national digits as on the wire; may be empty
        std::string code;         ///< at most 20 characters
        std::string description;  ///< at most 1000 characters
        bool operator==(Item const&) const = default;
    };
    DossierId dossier;
    std::vector<Item> items;
    bool operator==(ErrorFound const&) const = default;
};

/// A range of numbers that changes hands as a block (rangeactivation, rangedeactivation).
struct RangeChange {
    DossierId dossier;
    OperatorCode current;
    bool activation = true;
    std::optional<Moment> planned;
    std::vector<NumberRange> numbers;
    std::string decision = {}; ///< the regulator's number of the decision, digits; empty: not known
    bool operator==(RangeChange const&) const = default;
};

/// A type that carries no port (service numbers, ENUM) or that we do not know: stored, streamed, confirmed.
struct Other {
    std::string type;
    DossierId dossier; ///< when one could be found
    bool operator==(Other const&) const = default;
};

using Body = std::variant<PortRequest, AnswerDelayed, Answer, Performed, Cancel, Deactivation, ErrorFound, RangeChange, Other>;

/// A message with its envelope.
struct Message {
    OperatorCode sender, receiver;   ///< receiver "ALLO" is everybody
    std::optional<Moment> timestamp; ///< the header's own time; often wrong in the field, never trusted alone
    Body body;
    std::vector<std::string> flags;  ///< what looked odd, for the record: unknown fields, implausible times, unknown codes
    bool operator==(Message const&) const = default;
};

/// The receiver that means "all operators" on the wire.
inline constexpr std::string_view everybody = "ALLO";

/// "portingrequest", "portingperformed", … the name under which a message is logged and shown.
std::string_view type_of(Body const& body);
/// The dossier it belongs to; empty when it has none.
DossierId dossier_of(Body const& body);

} // namespace npod::porting::message
