#pragma once
/// The fault of the process, not of the disk, after which asking again helps.

#include "base/fault.hpp"

namespace npod::storage {

/// The process had no file descriptor or no memory left to open or read the file with. Nothing is wrong with the file.
class OutOfResources : public StorageFault {
public:
    using StorageFault::StorageFault;
};

} // namespace npod::storage
