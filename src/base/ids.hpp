#pragma once
/// Identifiers are types: a dossier cannot be passed where a port is meant.

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace npod {

/// A text identifier of one kind. Empty means "none".
template <class Kind>
struct TextId {
    std::string text;
    TextId() = default;
    explicit TextId(std::string t) : text(std::move(t)) {}
    auto operator<=>(TextId const&) const = default;
    bool operator==(TextId const&) const = default;
    explicit operator bool() const { return !text.empty(); }
};

using PortId = TextId<struct PortKind>;         ///< ours, "PI-000001" (port-in) or "PO-000001" (port-out)
using DossierId = TextId<struct DossierKind>;   ///< on the wire, "[-0-9A-Z]{5,26}"
using OrderId = TextId<struct OrderKind>;       ///< the order entry system's
using ContractId = TextId<struct ContractKind>; ///< the BSS's
using ClaimId = TextId<struct ClaimKind>;       ///< ours, "CL-000001"
using OperatorCode = TextId<struct OperatorKind>; ///< "[0-9A-Z]{3,6}"
using RuleId = TextId<struct RuleKind>;         ///< "be.execute.within"

} // namespace npod
