#include "storage/sqlite/desk.hpp"

#include "storage/out_of_resources.hpp"
#include "storage/sqlite/opening.hpp"

#include <system_error>

namespace npod::storage::sqlite {

void Desk::write_behind() {
    if (database_->in_memory()) return;
    try {
        if (!committed_) {
            committed_.emplace(database_->path(), Database::Access::read_only);
            set_up_reader(*committed_);
        }
        if (!pen_) pen_.emplace(*database_);
        behind_ = true;
    } catch (OutOfResources const&) { // one thread does it all, as with a short batch
        committed_.reset();
    } catch (std::system_error const&) {
        pen_.reset();
    }
}

void Desk::at_once() {
    settled();
    behind_ = false;
}

Database& Desk::settled() {
    if (behind_) pen_->settle();
    return *database_;
}

Database& Desk::last_commit() {
    if (!looking_) committed_->query("BEGIN").run();
    looking_ = true;
    return *committed_;
}

Database& Desk::knowing(Topic topic, std::string_view key) {
    return behind_ && !touched.has(topic, key) ? last_commit() : settled();
}

Database& Desk::knowing(Topic topic, porting::NumberRange numbers) {
    return behind_ && !touched.has(topic, numbers) ? last_commit() : settled();
}

void Desk::ended() {
    behind_ = false;
    touched.forget();
    if (std::exchange(looking_, false)) committed_->query("COMMIT").run();
}

void Desk::drop() {
    if (pen_) pen_->drop();
    ended();
}

} // namespace npod::storage::sqlite
