#pragma once
/// Text as people see it in a terminal, and as a URL carries it. Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npod::cli {

/// Columns that UTF-8 text takes in a terminal: wide East Asian letters two, combining marks none. What is no valid
/// UTF-8 counts one per byte.
int display_width(std::string_view text);

/// `text` in lines of at most `width` columns (0: unlimited). Breaks at spaces, else after one of ". / _ , :" of a long
/// word, else anywhere; a line break in the text always breaks. At least one line. Control letters are shown as "?":
/// nothing that was sent to us may steer a terminal.
std::vector<std::string> wrapped(std::string_view text, int width);

/// The first `width` columns' worth of room filled with spaces: `text` padded on the right (or left).
std::string padded(std::string_view text, int width, bool on_the_left = false);

/// Percent-encoded for one path segment or query value.
std::string url_encoded(std::string_view text);

/// A telephone number as a person writes it, made E.164: "02 550 11 00", "0032 2/550.11.00" and "+32 2 550 11 00" all
/// give
/// "+3225501100". A national number is Belgian. What does not look like a number comes back as it is.
std::string as_e164(std::string_view text);

/// The known word that a mistyped one was meant to be, also when two neighbouring letters changed places ("prot");
/// empty when none is near.
std::string_view closest(std::string_view word, std::span<std::string_view const> known);

/// "1 port", "2 ports".
std::string counted(long long count, std::string_view one, std::string_view several = {});

} // namespace npod::cli
