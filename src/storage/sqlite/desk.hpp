#pragma once
/// Where the writer sits: the connection that writes, and for a long batch a pen that writes on a thread of its own, while a second
/// connection shows the last commit to whoever decides. What the batch itself has touched is asked of the first, once all is written.

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/pen.hpp"
#include "storage/sqlite/touched.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace npod::storage::sqlite {

/// Used by one thread, as the ledger is.
class Desk {
public:
    explicit Desk(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    /// Until the transaction ends, or at_once() is called, write() only hands over. Nothing changes for a database in memory, which has
    /// one connection, or when the system gives no thread or no descriptor.
    void write_behind();
    void at_once(); ///< and all that was handed over is written
    /// Does it, now or soon: work(Database&) owns what it needs. What it throws is thrown here, or by whatever settles next.
    template <class Work>
    void write(Work work);

    /// The connection that writes, with all written that was handed over; the caller's until the next write().
    Database& settled();
    std::shared_ptr<Database> const& shared() { return settled(), database_; }
    /// The connection that knows what is asked about.
    Database& knowing(Topic topic, std::string_view key);
    Database& knowing(Topic topic, porting::NumberRange numbers);

    /// What is written in this transaction.
    Touched touched;

    void ended(); ///< the transaction is committed
    void drop();  ///< it is to be undone: what was handed over is not written any more

private:
    template <class Work>
    struct Later final : Stroke {
        explicit Later(Work given) : work(std::move(given)) {}
        void write(Database& database) override { work(database); }
        Work work;
    };
    Database& last_commit();

    std::shared_ptr<Database> database_;
    std::optional<Database> committed_; ///< opened with the first long batch
    std::optional<Pen> pen_;            ///< begun with it
    bool behind_ = false;
    bool looking_ = false; ///< a read transaction is open on `committed_`
};

template <class Work>
void Desk::write(Work work) {
    if (behind_) pen_->write(std::make_unique<Later<Work>>(std::move(work)));
    else work(*database_);
}

} // namespace npod::storage::sqlite
