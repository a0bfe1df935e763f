#include "sim/node.hpp"

#include "base/limits.hpp"
#include "engine/fingerprints.hpp"
#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "storage/laws.hpp"

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

} // namespace

Node::Node(daemon::Config config, std::shared_ptr<rules::Rulebook const> law, Moment const& world)
    : config_(std::move(config)), wire_(config_), interchange_(wire_.interchange()), settings_(config_.settings()),
      server_(server_of(config_, wire_, interchange_)), law_(std::move(law)), world_(world),
      ledger_(std::make_unique<storage::Ledger>(storage::OpenOptions{":memory:", code(), true})) {
    start();
}

void Node::start() {
    memory = {};
    ++incarnation;
    writer_ = std::make_unique<engine::Writer>(*ledger_, storage::laws_in(reader(), law_), settings_, interchange_);
    engine::announce_machines(*ledger_, now());
    engine::announce_law(*writer_, *ledger_, law_, now());
}

void Node::die() {
    memory = {};
    ++incarnation;
    stream = 0;
    wake_at.reset();
    writer_.reset();
}

bool Node::write(std::vector<Task> tasks, Death death, std::function<void(std::int64_t from)> const& committed) {
    auto const due = ledger_->due(now(), static_cast<int>(limits::batch_timers_max));
    auto const from = ledger_->head_seq();
    std::vector<engine::Result> results;
    bool changed = false;
    ledger_->begin();
    for (auto const& timer : due) changed |= writer_->write(engine::timer_event(timer), now()).changed;
    for (auto const& task : tasks) {
        auto written = writer_->write(task.event, now());
        changed |= written.changed;
        results.push_back(std::move(written.result));
    }
    if (death == Death::before_commit || !changed) ledger_->rollback();
    else ledger_->commit();
    if (death == Death::before_commit) return die(), false;
    if (changed) committed(from);
    if (death == Death::after_commit) return die(), false;
    for (std::size_t i = 0; i < tasks.size(); ++i)
        if (tasks[i].done) tasks[i].done(results[i]);
    return true;
}

} // namespace npod::sim
