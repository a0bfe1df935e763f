#pragma once
/// What the files of the Reader share.

#include "storage/sqlite/reader.hpp"

namespace npod::storage {

/// All questions of one call see the same commit.
class OneCommit {
public:
    explicit OneCommit(Reader::Impl& impl) : impl_(impl), mine_(impl.own && !impl.database->in_transaction()) {
        if (mine_) impl_.database->query("BEGIN").run();
    }
    ~OneCommit() {
        try {
            if (mine_ && impl_.database->in_transaction()) impl_.database->query("COMMIT").run();
        } catch (Fault const&) { // a read transaction has nothing to lose
        }
    }
    OneCommit(OneCommit const&) = delete;
    OneCommit& operator=(OneCommit const&) = delete;

private:
    Reader::Impl& impl_;
    bool mine_;
};

// -------------------------------------------------------------------------- ports by a condition (reader_filtered.cpp)

/// Ids behind the place (due, no) in the order of the list, of ports that are settled or not.
std::vector<std::string> filtered_ports(sqlite::Database& database, PortFilter const& filter, bool settled, std::int64_t due,
                                        std::int64_t no, int limit);
std::int64_t count_filtered_ports(sqlite::Database& database, PortFilter const& filter);

} // namespace npod::storage
