#include "sim/node.hpp"

#include "base/limits.hpp"
#include "engine/fingerprints.hpp"
#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "engine/restore.hpp"
#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "storage/laws.hpp"
#include "support/disk/faulty_disk.hpp"

#include <filesystem>

namespace npod::sim {

namespace {

api::InterchangeServer::Settings server_of(daemon::Config const& config, daemon::Wire const& wire,
                                           engine::Interchange const& interchange) {
    api::InterchangeServer::Settings settings;
    settings.own = config.operator_code;
    settings.serve = true;
    settings.decode = interchange.decode;
    for (auto const& member : config.members)
        settings.members.push_back({member.code, {}, wire.profile_of(member.code), member.url.empty(), {}});
    return settings;
}

/// Of every file of this process, for as long as it lives.
testing::FaultyDisk& disk() {
    static auto* const one = new testing::FaultyDisk; // SQLite may ask for it to the end
    return *one;
}

} // namespace

Node::Node(daemon::Config config, std::shared_ptr<rules::Rulebook const> law, Moment const& world, std::string file, std::function<std::uint64_t()> chance)
    : config_(std::move(config)), wire_(config_), interchange_(wire_.interchange()), settings_(config_.settings()),
      server_(server_of(config_, wire_, interchange_)), law_(std::move(law)), world_(world), file_(std::move(file)), chance_(std::move(chance)) {
    open();
    start();
}

void Node::open() {
    ledger_.reset();
    if (on_disk()) disk();
    ledger_ = std::make_unique<storage::Ledger>(storage::OpenOptions{on_disk() ? file_ : ":memory:", code(), true});
}

void Node::start() {
    constexpr std::int64_t chain_rows = 200; // a daemon looks at the last ones; each calm looks at all
    if (on_disk())
        for (auto const& finding : ledger_->check(chain_rows).findings) throw Broken(invariant::sound, code().text + ": " + finding);
    memory = {};
    ++incarnation;
    writer_ = std::make_unique<engine::Writer>(*ledger_, storage::laws_in(reader(), law_), settings_, interchange_);
    engine::announce_machines(*ledger_, now());
    engine::announce_law(*writer_, *ledger_, law_, now());
    engine::announce_restore(*writer_, *ledger_, now());
}

bool Node::catching_up() const { return on_disk() && !ledger_->meta(engine::catching_up_key).empty(); }

void Node::die(bool power_cut) {
    memory = {};
    ++incarnation;
    stream = 0;
    wake_at.reset();
    writer_.reset();
    if (!on_disk()) return;
    disk().stop(); // nobody closes in order
    ledger_.reset();
    if (power_cut) disk().lose_power(chance_(), file_);
    else disk().go_on(file_);
    open(); // others look into it meanwhile
}

void Node::put_back(std::string const& backup) {
    if (up()) die(false);
    ledger_.reset();
    for (auto const* const beside : {"-wal", "-shm"}) std::filesystem::remove(file_ + beside);
    std::filesystem::copy_file(backup, file_, std::filesystem::copy_options::overwrite_existing);
    open();
}

/// As the engine: without a net, and with one when an event must be undone alone.
bool Node::write_all(std::vector<Task> const& tasks, std::vector<engine::Result>& results) {
    try {
        return write_all(tasks, results, engine::Care::whole_batch);
    } catch (engine::MustBeCareful const&) {
    } catch (storage::Refused const&) {
    }
    ledger_->rollback();
    try {
        return write_all(tasks, results, engine::Care::each_event);
    } catch (engine::MustBeCareful const&) {
        throw Broken(invariant::stops, code().text + " cannot undo an event alone");
    }
}

bool Node::write_all(std::vector<Task> const& tasks, std::vector<engine::Result>& results, engine::Care care) {
    using enum storage::Ledger::Pace;
    auto const due = ledger_->due(now(), static_cast<int>(limits::batch_timers_max));
    bool changed = false;
    results.clear();
    ledger_->begin(care == engine::Care::whole_batch ? behind : at_once); // also a short batch: here it is not speed that counts
    for (auto const& timer : due) changed |= writer_->write(engine::timer_event(timer), now(), care).changed;
    for (auto const& task : tasks) {
        auto written = writer_->write(task.event, now(), care);
        changed |= written.changed;
        results.push_back(std::move(written.result));
    }
    ledger_->settle();
    return changed;
}

bool Node::write(std::vector<Task> const& tasks, Death death, std::function<void()> const& committed) {
    using enum Death::Where;
    std::vector<engine::Result> results;
    bool const changed = write_all(tasks, results);
    if (death.where == before_commit || !changed) ledger_->rollback();
    if (death.where == before_commit) return die(false), false;
    try {
        if (death.where == at_write && on_disk()) disk().plan(testing::DiskFault::power_cut, death.write);
        if (changed) ledger_->commit();
    } catch (StorageFault const&) {
        if (!disk().stopped()) throw;
        return die(true), false; // it may be stored, or not: nobody was told
    }
    if (changed) committed();
    if (death.where == after_commit) return die(death.write % 2 == 1), false;
    for (std::size_t i = 0; i < tasks.size(); ++i)
        if (tasks[i].done) tasks[i].done(results[i]);
    try {
        ledger_->checkpoint();
        if (on_disk()) disk().plan(testing::DiskFault::none, 0);
    } catch (StorageFault const&) {
        if (!disk().stopped()) throw;
        return die(true), false;
    }
    return true;
}

} // namespace npod::sim
