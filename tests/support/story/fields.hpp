#pragma once
/// Indented "name value" lines as a JSON body, and facts as JSON says them.

#include "script.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace npod::story {

/// Blocks of lines that stories give a name: `define horta`, used as `like horta`.
using Definitions = std::map<std::string, std::vector<Words>, std::less<>>;

/// Builds the body of a request. A name with dots is a path ("customer.address.city"); the value is the rest of the
/// line.
///   numbers +3225501100..+3225501109 +3225502000      a list of ranges and single numbers, as are mandate.numbers
///   related +3225503000 keep                          one more related number, with its fate; of a contract: related
///   SERVICE like horta                                        all lines of that definition; later lines change them
///   without mandate                                   takes a member away again
/// Lines that begin with one of `other_words` belong to somebody else and are passed over. Throws StoryError.
boost::json::object body_of(Statement const& statement, Definitions const& definitions,
                            std::vector<std::string_view> const& other_words);

/// "+3225501100..+3225501109" or "+3225502000" as the API writes a range.
boost::json::value number_value(std::string const& word);
boost::json::array number_values(Words const& words, std::size_t from);

/// A moment as stories write it (seconds may be missing) as RFC 3339; anything else as it is.
std::string full_moment(std::string const& word);

/// What a member says, as stories write it: ranges as "+32…..+32…", money as "9.00 EUR", lists divided by blanks,
/// "none" for what is missing or empty. `path` is a name, or names and indexes divided by "/".
std::string fact(boost::json::value const& thing, std::string_view path);
/// Whether two facts say the same: moments are compared as instants.
bool same_fact(std::string const& one, std::string const& other);

} // namespace npod::story
