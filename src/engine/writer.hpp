#pragma once
/// One event inside the open transaction: seen before? → decide → write → render. Shared by the engine and by replay.

#include "engine/engine.hpp"

namespace npod::engine {

/// What one event left behind in the transaction.
struct Written {
    Result result;
    bool changed = false; ///< something was written: the batch must be committed
};

class Writer {
public:
    Writer(storage::Ledger& ledger, rules::Rulebook const& rulebook, porting::Settings const& settings, Interchange const& interchange)
        : ledger_(ledger), rulebook_(rulebook), settings_(settings), interchange_(interchange) {}

    /// Carries the event out in a savepoint of its own; undone alone when it fails. Throws StorageFault when the disk does.
    Written write(Event const& event, Moment now);

private:
    Written record_refusal(Event const& event, Refusal refusal, Moment now);
    Written write_in_savepoint(Event const& event, Moment now);
    std::optional<Result> seen_before(Event const& event, storage::Hash const& content) const;
    std::optional<Refusal> wrong_version(Event const& event) const;
    std::vector<porting::Delivery> encode(porting::Effects const& effects, Moment now) const;
    storage::LogRow row_of(Event const& event, Moment now) const;
    void distribute(Distribute const& distribute, std::int64_t seq, Moment now);
    void hear_what_waited(std::vector<std::int64_t> const& rows, Moment now);

    storage::Ledger& ledger_;
    rules::Rulebook const& rulebook_;
    porting::Settings const& settings_;
    Interchange const& interchange_;
};

} // namespace npod::engine
