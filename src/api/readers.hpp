#pragma once
/// Read-only connections, lent out one request at a time.

#include "storage/ledger.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace npod::api {

/// Opens a reader when none is free and keeps those given back. Thread-safe; must outlive its loans.
class Readers {
public:
    using Open = std::function<std::unique_ptr<storage::Reader>()>;
    explicit Readers(Open open) : open_(std::move(open)) {}

    /// What a loan sees: one and the same commit until it is given back, or with each call the newest. Whoever holds one commit
    /// for long keeps the write-ahead log from being emptied.
    enum class Sees : bool { one_commit, each_the_newest };

    /// One reader, for one thread.
    class Loan {
    public:
        Loan(Readers& owner, std::unique_ptr<storage::Reader> reader, Sees sees) : owner_(&owner), reader_(std::move(reader)) {
            if (sees == Sees::one_commit) reader_->hold_snapshot();
        }
        ~Loan() {
            if (reader_) owner_->take_back(std::move(reader_));
        }
        Loan(Loan&&) noexcept = default;
        Loan& operator=(Loan&&) = delete;
        storage::Reader const& operator*() const { return *reader_; }
        storage::Reader const* operator->() const { return reader_.get(); }

    private:
        Readers* owner_;
        std::unique_ptr<storage::Reader> reader_;
    };

    /// Throws what opening throws.
    Loan lend(Sees sees = Sees::one_commit) {
        std::unique_ptr<storage::Reader> reader;
        {
            std::scoped_lock const lock(mutex_);
            if (!free_.empty()) {
                reader = std::move(free_.back());
                free_.pop_back();
            }
        }
        if (!reader) reader = open_();
        return Loan(*this, std::move(reader), sees);
    }

private:
    /// A reader that cannot let go of its snapshot is broken and is thrown away.
    void take_back(std::unique_ptr<storage::Reader> reader) noexcept {
        try {
            reader->release_snapshot();
            std::scoped_lock const lock(mutex_);
            free_.push_back(std::move(reader));
        } catch (std::exception const&) {
        }
    }

    Open open_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<storage::Reader>> free_;
};

} // namespace npod::api
