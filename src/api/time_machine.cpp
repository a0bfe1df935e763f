#include "api/time_machine.hpp"

namespace npod::api {

std::string TimeMachine::visit(Moment at, storage::Reader const& present,
                        std::function<void(storage::Reader const&)> const& look) {
    std::scoped_lock const lock(mutex_);
    auto const head_seq = present.head_seq();
    if (at_ != at || head_seq_ != head_seq) {
        at_.reset();
        auto told = engine::replay(present, *rulebook_, settings_, interchange_, at);
        ledger_ = std::move(told.ledger);
        difference_ = std::move(told.difference);
        at_ = at, head_seq_ = head_seq;
    }
    if (difference_.empty()) look(ledger_->reader_on_same_connection());
    return difference_;
}

} // namespace npod::api
