#pragma once
/// A database as an npod of an earlier schema would have left it: the migrations up to that number, and of today's file every row in
/// the columns that there were. Rows of the log are chained in the form of then.

#include <string>

namespace npod::testing {

int newest_schema();
bool is_schema(int version); ///< numbers of migrations may be missing
/// Writes `older` (it must not exist) from `current`, which nobody has open.
void make_older_file(std::string const& current, std::string const& older, int version);
/// The whole schema as text: what two files of one schema have in common.
std::string schema_of(std::string const& path);

} // namespace npod::testing
