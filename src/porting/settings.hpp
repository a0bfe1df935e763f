#pragma once
/// What the operator decides by configuration and the domain must know. Values only; read from the file by daemon/.

#include "base/ids.hpp"

#include <set>
#include <string>
#include <vector>

namespace npod::porting {

/// Which requests a donor answers without a person, where the contract's data suffices.
enum class AutomaticAnswer : std::uint8_t { none, simple, all };

struct Settings {
    OperatorCode own;                    ///< our code; a pure hub has one too
    std::set<OperatorCode> operators;    ///< every counterpart we know (configuration)
    AutomaticAnswer automatic = AutomaticAnswer::all;
    std::string dossier_prefix;          ///< of dossiers we open; default: own code
};

} // namespace npod::porting
