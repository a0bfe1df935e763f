#pragma once
/// The one fault of the disk after which the database goes on: there is no room.

#include "base/fault.hpp"

namespace npod::storage {

/// There was no room (disk full, or a quota used up) to write. Nothing of the open transaction is stored, everything before
/// it is; after rollback() the Ledger may be used again, and works again when there is room.
class DiskFull : public StorageFault {
public:
    using StorageFault::StorageFault;
};

} // namespace npod::storage
