#pragma once
/// The one fault of the disk after which the database goes on: the system took none of a write.

#include "base/fault.hpp"

namespace npod::storage {

/// There was no room (disk full, a quota or the size allowed to a file used up), or the disk was made read-only. Nothing of
/// the open transaction is stored, everything before it is; after rollback() the Ledger may be used again, and works again
/// when the system lets it write.
class NotWritable : public StorageFault {
public:
    using StorageFault::StorageFault;
};

} // namespace npod::storage
