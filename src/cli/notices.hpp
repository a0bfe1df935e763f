#pragma once
/// Letters to customers, printed.

#include "cli/session.hpp"

#include <string>

namespace npod::cli {

/// The letter at that target, in lines that fit the screen and without colours, as it is sent on; the desk's footer below it
/// unless --plain. Its language is that of --lang, else the customer's own: NPCTL_LANG says what the desk reads.
Exit print_notice(Session& session, Arguments const& arguments, std::string target, std::string const& name);

} // namespace npod::cli
