#pragma once
/// What the daemon tells whoever started it: sysexits.h where it has a word, npctl's numbers for usage and findings.

namespace npod::daemon::exit_code {

inline constexpr int ok = 0;
inline constexpr int usage = 2;
inline constexpr int findings = 9;       ///< `npod check` found something
inline constexpr int unavailable = 69;   ///< the address cannot be bound, or another service is missing
inline constexpr int software = 70;      ///< something that nobody foresaw
inline constexpr int storage = 74;       ///< the disk or the file failed, or another daemon has the database
inline constexpr int configuration = 78; ///< mend the configuration or the database first; starting again does not help

} // namespace npod::daemon::exit_code
