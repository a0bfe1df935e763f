#pragma once
/// One event inside the open transaction: seen before? → decide → write → render. Shared by the engine and by replay.

#include "engine/engine.hpp"
#include "rules/laws.hpp"

#include <set>

namespace npod::engine {

/// What one event left behind in the transaction.
struct Written {
    Result result;
    bool changed = false; ///< something was written: the batch must be committed
};

/// How an event is undone that the database refuses, or that cannot be worked out.
enum class Care : std::uint8_t {
    each_event,  ///< it alone: a savepoint around each costs a tenth of all the work
    whole_batch, ///< it throws MustBeCareful, and the batch is written again from its beginning, with care
};
struct MustBeCareful {};

/// Who looks on while events are decided: what each asked of the world, and what came of it.
class Onlooker {
public:
    virtual ~Onlooker() = default;
    /// Row `seq` is about to be decided: through which glass it sees the book. What is given must last until decided().
    virtual porting::Book const& deciding(std::int64_t seq, porting::Book const& book) = 0;
    virtual void decided(porting::Effects const& effects) = 0;
};

/// Works out what depends on the event alone. Any thread; nothing of it may be changed afterwards.
void prepare(Event& event);

class Writer {
public:
    /// `laws`: in force until the log says otherwise, and those that it named before.
    Writer(storage::Ledger& ledger, rules::Laws laws, porting::Settings const& settings, Interchange const& interchange)
        : ledger_(ledger), laws_(std::move(laws)), settings_(settings), interchange_(interchange) {}

    rules::Laws const& laws() const { return laws_; }
    /// When a log is told again: what each of its rows hashed to before personal data were erased from it.
    void take_originals(std::function<std::optional<storage::Original>(std::int64_t seq)> originals) { originals_ = std::move(originals); }
    /// Makes it known, so that an event may put it in force.
    void learn(std::shared_ptr<rules::Rulebook const> law) { laws_.learn(std::move(law)); }
    /// From now on; null: nobody. It outlives the writer.
    void let_look_on(Onlooker* onlooker) { onlooker_ = onlooker; }

    /// Carries the event out inside the open transaction. Throws StorageFault when the disk fails.
    Written write(Event const& event, Moment now, Care care = Care::each_event);

    /// Into whose mailboxes something was put since the last call, each once; also what was undone since.
    std::vector<OperatorCode> take_receivers();
    /// For what is no event of the log, a hand on the clock: the answer given under its key before, or why there is none (the key
    /// was used for something else). Nothing when it has no key or is new.
    std::optional<Result> answered_before(Event const& event) const;
    /// Inside the open transaction: the answer under its key; nothing is done when it has none.
    void remember(Event const& event, Rendered const& answer);

private:
    Written write_in_savepoint(Event const& event, Moment now);
    Written record_refusal(Event const& event, Refusal refusal, Moment now);
    porting::Effects heard_again(Event const& event, Moment now, std::vector<std::string>& notes) const;
    Written write_unguarded(Event const& event, Moment now);
    Written erase_and_tell(Event const& event, storage::Hash const& content, Moment now);
    Written decide_and_write(Event const& event, storage::Hash const& content, Moment now);
    porting::Effects decide(porting::input::Any const& input, Moment now) const;
    std::optional<Result> seen_before(Event const& event, storage::Hash const& content) const;
    std::optional<Refusal> wrong_version(Event const& event) const;
    std::vector<porting::Delivery> encode(porting::Effects const& effects, Moment now) const;
    storage::LogRow row_of(Event const& event, Moment now) const;
    bool speaks_of_anothers_dossier(Event const& event) const;
    Event turned_away(Event event, Moment now) const;
    void put_in_mailbox(std::int64_t seq, OperatorCode const& receiver, OperatorCode const& sender, std::string_view type);
    void distribute(Distribute const& distribute, std::int64_t seq, Moment now);
    /// The rulebook that a row of law_kind puts in force; nothing in other events. Throws Fault when nobody kept it.
    std::shared_ptr<rules::Rulebook const> law_in(Event const& event) const;
    void put_in_force(std::shared_ptr<rules::Rulebook const> law, Moment now);
    void hear_what_waited(std::vector<std::int64_t> const& rows, Moment now);

    storage::Ledger& ledger_;
    std::function<std::optional<storage::Original>(std::int64_t)> originals_; ///< only when told again
    rules::Laws laws_;
    porting::Settings const& settings_;
    Interchange const& interchange_;
    std::set<OperatorCode> receivers_; ///< see take_receivers
    Onlooker* onlooker_ = nullptr;
};

} // namespace npod::engine
