#pragma once
/// The manual pages npod(8) and npod.toml(5), made from the tables that the program itself reads.

#include <string>

namespace npod::daemon {

std::string manual_of_program();       ///< npod(8), as man(7) source
/// Every line that npod can log: what it means, and what to do.
std::string manual_of_messages();
std::string manual_of_configuration(); ///< npod.toml(5)

} // namespace npod::daemon
