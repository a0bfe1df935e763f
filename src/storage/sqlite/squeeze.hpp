#pragma once
/// Messages, answers and what events brought resemble each other: each is kept without what a fixed dictionary knows already
/// (Zstandard), at a tenth to a third of its size. Hashes are over the bytes themselves, never over this form.

#include <string>
#include <string_view>

namespace npod::storage::sqlite {

/// The form in which `bytes` are stored; never much longer than they are. Any thread.
std::string squeezed(std::string_view bytes);
/// The bytes again; those that were stored as they are, as older versions did, come out as they are. Throws StorageFault when
/// they are damaged.
std::string unsqueezed(std::string stored);

} // namespace npod::storage::sqlite
