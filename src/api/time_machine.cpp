#include "api/time_machine.hpp"

namespace npod::api {

std::string TimeMachine::visit(Moment at, storage::Reader const& present,
                               std::function<void(storage::Reader const&, rules::Laws const&)> const& look) {
    std::scoped_lock const lock(mutex_);
    auto const head_seq = present.head_seq();
    if (at_ != at || head_seq_ != head_seq) {
        at_.reset();
        told_ = engine::replay(present, rulebook_, settings_, interchange_, at);
        at_ = at, head_seq_ = head_seq;
    }
    if (told_->difference.empty()) look(told_->ledger->reader_on_same_connection(), told_->laws);
    return told_->difference;
}

bool TimeMachine::is_too_far(Moment at, storage::Reader const& present, std::int64_t rows_max) {
    auto const one_more = present.log_row(rows_max + 1);
    return one_more && one_more->learned_at <= at;
}

} // namespace npod::api
