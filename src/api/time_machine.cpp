#include "api/time_machine.hpp"

namespace npod::api {

void TimeMachine::visit(Moment at, storage::Reader const& present,
                        std::function<void(storage::Reader const&)> const& look) {
    std::scoped_lock const lock(mutex_);
    auto const head_seq = present.head_seq();
    if (at_ != at || head_seq_ != head_seq) {
        at_.reset();
        ledger_ = engine::replay(present, *rulebook_, settings_, interchange_, at).ledger;
        at_ = at, head_seq_ = head_seq;
    }
    look(ledger_->reader_on_same_connection());
}

} // namespace npod::api
