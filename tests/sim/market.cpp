#include "sim/market.hpp"

#include "base/hash.hpp"
#include "base/limits.hpp"
#include "daemon/stream_client.hpp"
#include "engine/inputs.hpp"
#include "engine/restore.hpp"
#include "protocol/business/decode.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "storage/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace npod::sim {

using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

char const* const names[] = {"ALFA", "BRAVO", "CHARL", "DELTA", "ECHO",  "FOXTR", "GOLF",  "HOTEL", "INDIA", "JULIE",
                             "KILO", "LIMA",  "MIKE",  "NOVEM", "OSCAR", "PAPA",  "QUEBE", "ROMEO", "SIERR", "TANGO"};
constexpr Duration patience = 30s; ///< of a call, and with a silent stream

/// In memory where the system has such a place: these files live for seconds, and what a disk may do to them is played.
std::filesystem::path in_memory() { return std::filesystem::exists("/dev/shm") ? "/dev/shm" : ""; }

daemon::Config config_of(Plan const& plan, int own, int automatic) {
    daemon::Config config;
    bool const hub = own == plan.operators;
    config.operator_code = OperatorCode{hub ? "HUB" : names[own]};
    config.dossier_prefix = config.operator_code.text;
    config.interchange.zone = "Europe/Brussels";
    config.interchange.serve = hub;
    if (plan.with_hub && !hub) config.interchange.hub = "http://hub";
    config.automatic = static_cast<porting::AutomaticAnswer>(automatic);
    for (int i = 0; i < plan.operators; ++i) {
        if (i == own) continue;
        daemon::Member member;
        member.code = OperatorCode{names[i]};
        member.zone = "Europe/Brussels";
        if (!plan.with_hub) member.url = "http://" + member.code.text;
        config.members.push_back(std::move(member));
    }
    return config;
}

std::string backup_of(Node const& node) { return node.file() + ".backup"; }

} // namespace

Market::Market(Plan const& plan, Figures& figures)
    : plan_(plan), figures_(figures), dice_(plan.seed), sectors_(plan.seed + 1), folder_(plan.on_disk ? std::make_unique<testing::TemporaryFolder>(in_memory()) : nullptr), now_(plan.start) {
    auto const law = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
    int const count = plan_.operators + (plan_.with_hub ? 1 : 0);
    for (int i = 0; i < count; ++i)
        nodes_.push_back(std::make_unique<Node>(config_of(plan_, i, dice_.upto(2)), law, now_, folder_ ? fmt::format("{}/{}.db", folder_->path(), i) : "",
                                                [this] { return sectors_.next(); }));
    for (auto& node : nodes_)
        if (!node->is_hub()) after(1s, [this, n = node.get()] { connect(*n); });
    after(6h, [this] { trouble(); });
}

Node& Market::at(OperatorCode const& code) {
    for (auto& node : nodes_)
        if (node->code() == code) return *node;
    throw Broken("nobody is unknown", "there is no operator " + code.text);
}

// ---------------------------------------------------------------------------------------------------------------- time

void Market::after(Duration wait, std::function<void()> deed) { deeds_.push({now_ + wait, ++numbers_, std::move(deed)}); }

void Market::run_until(Moment end) {
    while (!deeds_.empty() && deeds_.top().at <= end) {
        auto const deed = std::move(const_cast<Deed&>(deeds_.top())); // it is taken off at once
        deeds_.pop();
        figures_.simulated += deed.at - now_;
        now_ = deed.at;
        deed.deed();
    }
    figures_.simulated += end - now_;
    now_ = end;
}

/// By its own clock; a clock that is wrong wakes it wrongly, and it looks again.
void Market::look_at_timers(Node& node) {
    if (!node.up()) return;
    auto const due = node.ledger().next_due();
    if (!due) return;
    auto at = std::max(*due - node.skew, now_);
    // something else may wake it just before, and nothing may fire then
    if (auto const early = at - (dice_.one_in(3) ? Duration{1} : dice_.between(1ms, 1s)); early > now_ && !calm_ && dice_.one_in(4)) at = early;
    if (node.wake_at && *node.wake_at <= at) return;
    node.wake_at = at;
    after(at - now_, [this, &node, at] {
        if (node.wake_at != at) return;
        node.wake_at.reset();
        if (node.up()) round(node);
    });
}

// ------------------------------------------------------------------------------------------------------------ a writer

void Market::submit(Node& node, Task task) {
    if (!node.up()) return;
    node.memory.queue.push_back(std::move(task));
    if (std::exchange(node.memory.round_planned, true)) return;
    after(dice_.between(0ms, 20ms), [this, &node, life = node.incarnation] {
        if (node.incarnation == life) round(node);
    });
}

/// Beside a commit, or in the midst of what it writes: mostly soon, for a commit is a dozen writes or two.
Death Market::some_death(Node const& node) {
    using enum Death::Where;
    if (calm_ || !dice_.happens(plan_.death)) return {};
    constexpr int writes_mostly = 24;
    if (node.on_disk() && dice_.one_in(2)) return {at_write, 1 + dice_.upto(writes_mostly)};
    return {dice_.one_in(2) ? before_commit : after_commit, dice_.upto(1)};
}

void Market::round(Node& node) {
    node.memory.round_planned = false;
    ++figures_.steps;
    auto const death = some_death(node);
    bool const alive = node.write(std::exchange(node.memory.queue, {}), death, [&] {
        if (witness_) witness_->committed(node);
    });
    figures_.power_cuts += !alive && death.where == Death::Where::at_write ? 1 : 0;
    if (!alive) return died(node);
    pump(node);
    if (node.is_hub()) feed(node);
    look_at_timers(node);
}

void Market::died(Node& node) {
    ++figures_.deaths;
    after(dice_.magnitude(1s, dice_.one_in(20) ? Duration(48h) : Duration(10min)), [this, &node] { restart(node); });
}

void Market::restart(Node& node) {
    if (node.up()) return;
    node.start();
    if (witness_) witness_->committed(node); // what was stored although nobody heard of it
    if (!node.is_hub()) connect(node);
    else
        for (auto& other : nodes_) // their connections are gone, and they notice
            if (!other->is_hub()) after(dice_.between(1s, patience), [this, n = other.get()] { connect(*n); });
    pump(node);
    if (node.ledger().next_due().value_or(Moment::max()) <= node.now()) round(node);
    look_at_timers(node);
}

void Market::ask(Node& node, std::string kind, std::string key, std::string body,
                 std::optional<std::int64_t> if_version) {
    auto input = protocol::business::decode_command(kind, key, body);
    if (!input) throw Broken("people speak plainly", kind + " cannot be read: " + input.refusal().text + " in " + body);
    engine::Event event;
    event.kind = kind;
    event.source = "api:people";
    event.key = key;
    event.body = body;
    event.input = std::move(*input);
    event.idempotency_key = fmt::format("K-{}", ++numbers_);
    event.render = [](porting::Answer const& answer, porting::Book const&, std::int64_t seq) {
        return engine::Rendered{200, fmt::format("{} {}", answer.subject, seq), {}};
    };
    event.if_version = if_version;
    ask_again(node, std::make_shared<Asking>(Asking{std::move(event), false}));
}

/// With the same key until it is answered; now and then once more, as a caller does who did not believe it.
void Market::ask_again(Node& node, std::shared_ptr<Asking> const& asking) {
    if (asking->answered) return;
    submit(node, {asking->event, [this, &node, asking](engine::Result const& result) {
                      figures_.refused += result.answer.refusals.empty() ? 0 : 1;
                      if (result.answer.refusals.empty() && witness_) witness_->acknowledged(node, asking->event, result.rendered.body);
                      asking->answered = asking->answered || !dice_.one_in(20);
                  }});
    after(dice_.between(10s, 30min), [this, &node, asking] { ask_again(node, asking); });
}

// ----------------------------------------------------------------------------------------------------------- a network

void Market::slip_in(Node& from, Node& to, std::string const& type, std::string const& bytes) {
    carry(from, to, [this, &from, &to, type, bytes] { receive(to, from.code(), type, bytes, [](Report const&) {}); });
}

void Market::carry(Node& from, Node& to, std::function<void()> arrive) {
    ++figures_.messages;
    if (calm_) return after(50ms, std::move(arrive));
    bool const is_cut = cuts_.contains(std::minmax(from.code(), to.code()));
    if (is_cut) {
        ++figures_.cut;
        return;
    }
    if (dice_.happens(plan_.loss)) {
        ++figures_.lost;
        return;
    }
    int copies = 1;
    while (copies < 4 && dice_.happens(plan_.duplication)) ++copies;
    figures_.doubled += copies - 1;
    for (int i = 0; i < copies; ++i)
        after(dice_.one_in(50) ? dice_.magnitude(1s, plan_.delay_max) : dice_.magnitude(5ms, 5s), arrive);
}

void Market::cut(OperatorCode const& a, OperatorCode const& b, bool is_cut) {
    if (is_cut) cuts_.insert(std::minmax(a, b));
    else cuts_.erase(std::minmax(a, b));
}

// ------------------------------------------------------------------------------------------------------------ outboxes

void Market::pump(Node& node) {
    if (!node.up()) return;
    for (auto const& peer : node.ledger().peers_with_undelivered()) {
        if (node.memory.sending.contains(peer)) continue;
        auto const waiting = node.ledger().undelivered(peer, 1);
        if (!waiting.empty()) attempt(node, peer, waiting.front());
    }
}

/// As the daemon's carriers: the hub takes it, or the receiver itself, or without a hub everybody one by one.
void Market::attempt(Node& node, OperatorCode const& peer, porting::Delivery const& delivery) {
    using enum Report::What;
    auto& sending = node.memory.sending[peer];
    sending = {++numbers_, delivery.id, delivery.state == "retrying", {}, {delivery.id, taken, {}, {}}};
    if (peer == node.code()) { // to all
        for (auto const& member : node.config().members) sending.waits_for.insert(member.code);
    } else {
        sending.waits_for.insert(peer);
    }
    auto const token = sending.token;
    auto const receivers = sending.waits_for;
    for (auto const& code : receivers) {
        Node& other = at(code);
        carry(node, other, [this, &node, &other, peer, token, delivery] {
            receive(other, node.code(), delivery.type, delivery.bytes, [this, &node, &other, peer, token](Report report) {
                carry(other, node, [this, &node, &other, peer, token, report] { answered(node, peer, token, other.code(), report); });
            });
        });
    }
    after(patience, [this, &node, peer, token, receivers] {
        for (auto const& code : receivers) answered(node, peer, token, code, {0, attempt_failed, {}, "no answer"});
    });
}

void Market::answered(Node& node, OperatorCode const& peer, std::uint64_t token, OperatorCode const& by, Report report) {
    auto const found = node.memory.sending.find(peer);
    if (found == node.memory.sending.end() || found->second.token != token) return; // of an earlier attempt, or life
    auto& sending = found->second;
    if (sending.waits_for.erase(by) == 0) return;
    auto& whole = sending.report;
    if (report.what == Report::What::taken && whole.receipt.empty()) whole.receipt = report.receipt;
    if (report.what != Report::What::taken && whole.what != Report::What::attempt_failed) {
        whole.what = report.what;
        whole.trouble = by.text + ": " + report.trouble;
    }
    if (sending.waits_for.empty()) settled(node, peer);
}

void Market::settled(Node& node, OperatorCode const& peer) {
    auto const sending = node.memory.sending.at(peer);
    bool const failed = sending.report.what == Report::What::attempt_failed;
    auto const rest = [this, &node, peer, life = node.incarnation, failed] {
        if (node.incarnation != life) return;
        auto& pause = node.memory.pause[peer];
        if (!failed) pause = Duration{0};
        else pause = std::clamp(2 * pause, Duration(limits::retry_delay_min), Duration(limits::retry_delay_max));
        // no news from behind a cut: it is asked more rarely, which changes nothing and saves time
        bool const hopeless = failed && !calm_ && !cuts_.empty();
        after(hopeless ? Duration(10min) : pause, [this, &node, peer, life] {
            if (node.incarnation != life) return;
            node.memory.sending.erase(peer);
            pump(node);
        });
    };
    if (failed && sending.known_retrying) return rest();
    submit(node, {engine::delivery_event(sending.report, peer), [rest](engine::Result const&) { rest(); }});
}

void Market::receive(Node& node, OperatorCode const& from, std::string const& type, std::string const& bytes, Respond respond) {
    using enum Report::What;
    if (!node.up()) return;
    auto const envelope = protocol::coin_v3::read_envelope(bytes);
    auto const* const sender = envelope ? api::member(node.server(), envelope->sender) : nullptr;
    if (!sender || envelope->sender != from || envelope->type != type) return respond({0, turned_away, {}, "not to be had"});
    auto content = api::read_content(node.server(), *envelope, *sender, bytes, node.now());
    if (!content) return respond({0, turned_away, {}, content.refusal().text});
    auto event = api::event_of(node.server(), *envelope, *sender, std::move(*content), bytes, node.now());
    auto const done = [this, &node, respond, event](engine::Result const& result) {
        auto body = result.rendered.body;
        if (body.empty() && result.seq > 0) body = api::receipt(node.code(), result.seq);
        if (body.empty()) return respond({0, attempt_failed, {}, "503"});
        if (witness_) witness_->acknowledged(node, event, body);
        respond({0, taken, body, {}});
    };
    submit(node, {std::move(event), done});
}

// ------------------------------------------------------------------------------------------------------------- streams

void Market::connect(Node& node) {
    if (!node.up() || !plan_.with_hub) return;
    if (node.catching_up()) return catch_up(node, std::make_shared<std::set<std::int64_t>>());
    node.stream = ++numbers_;
    auto const stream = node.stream;
    Node& hub = *nodes_.back();
    auto const heard = std::make_shared<bool>(false);
    carry(node, hub, [this, &node, &hub, stream, heard] {
        if (!hub.up() || node.stream != stream || std::exchange(*heard, true)) return;
        hub.memory.streams[node.code()] = stream;
        hub.memory.cursors[node.code()] = 0;
        feed(hub, node);
    });
    after(patience, [this, &node, stream, heard] {
        if (!*heard && node.stream == stream) connect(node);
    });
    if (!calm_) // no connection lasts for ever, and a half-open one is noticed late
        after(dice_.magnitude(1min, 24h), [this, &node, stream] {
            if (node.stream == stream) connect(node);
        });
}

/// After a restore, before the usual stream: everything that the hub ever sent after what was heard last, confirmed or not.
void Market::catch_up(Node& node, std::shared_ptr<std::set<std::int64_t>> const& heard) {
    node.stream = ++numbers_;
    auto const stream = node.stream;
    Node& hub = *nodes_.back();
    auto const missing = std::make_shared<std::set<std::int64_t>>(std::set<std::int64_t>{0}); // 0: the hub's own word
    carry(node, hub, [this, &node, &hub, stream, missing, heard, after_id = std::stoll(daemon::asked_again_from(node.reader(), hub.code()))] {
        if (!hub.up() || node.stream != stream || missing->erase(0) == 0) return;
        constexpr int page = 1'000'000;
        for (auto const& entry : hub.reader().mailbox(node.code(), after_id, false, {}, page)) {
            if (heard->contains(entry.id)) continue;
            missing->insert(entry.id);
            http::StreamEvent const event{std::to_string(entry.id), entry.type + "-v3", entry.body};
            carry(hub, node, [this, &node, stream, event, missing, heard, id = entry.id] {
                if (node.stream != stream) return;
                missing->erase(id);
                heard->insert(id);
                hear(node, stream, event);
            });
        }
    });
    after(2 * patience, [this, &node, stream, missing, heard] {
        if (node.stream != stream || !node.up()) return;
        if (!missing->empty()) return catch_up(node, heard);
        submit(node, {engine::caught_up_event(), [this, &node](engine::Result const&) { after(1s, [this, &node] { connect(node); }); }});
    });
}

void Market::feed(Node& hub) {
    for (auto& node : nodes_)
        if (!node->is_hub()) feed(hub, *node);
}

void Market::feed(Node& hub, Node& node) {
    auto const stream = hub.memory.streams.find(node.code());
    if (stream == hub.memory.streams.end()) return;
    auto& cursor = hub.memory.cursors[node.code()];
    constexpr int page = 10'000;
    for (auto const& entry : hub.reader().mailbox(node.code(), cursor, true, {}, page)) {
        cursor = entry.id;
        http::StreamEvent const event{std::to_string(entry.id), entry.type + "-v3", entry.body};
        auto const arrived = std::make_shared<bool>(false);
        carry(hub, node, [this, &node, id = stream->second, event, arrived] {
            *arrived = true;
            hear(node, id, event);
        });
        // what does not come through in a connection means that the connection is dead
        after(2 * patience, [this, &node, id = stream->second, arrived] {
            if (!*arrived && node.stream == id) connect(node);
        });
    }
}

void Market::hear(Node& node, std::uint64_t, http::StreamEvent const& received) {
    if (!node.up()) return; // late ones of an earlier connection are heard all the same
    auto event = daemon::event_of(received, node.wire(), nodes_.back()->code(), node.now());
    submit(node, {std::move(event), [this, &node, id = std::stoll(received.id)](engine::Result const& result) {
                      if (result.replayed && !result.answer.refusals.empty())
                          throw Broken(invariant::one_id, fmt::format("{} heard other bytes under id {}", node.code().text, id));
                      if (node.memory.confirming.insert(id).second) confirm(node, id);
                  }});
}

void Market::confirm(Node& node, std::int64_t id) {
    Node& hub = *nodes_.back();
    auto const life = node.incarnation;
    carry(node, hub, [this, &node, &hub, id, life] {
        engine::Event event;
        event.kind = "mailbox.confirmed";
        event.source = "wire:" + node.code().text;
        event.key = std::to_string(id);
        event.confirm = engine::ConfirmMailbox{id, node.code()};
        submit(hub, {std::move(event), [this, &node, &hub, id, life](engine::Result const&) {
                         carry(hub, node, [&node, id, life] {
                             if (node.incarnation == life) node.memory.confirming.erase(id);
                         });
                     }});
    });
    after(patience, [this, &node, id, life] {
        if (node.incarnation == life && node.memory.confirming.contains(id)) confirm(node, id);
    });
}

// -------------------------------------------------------------------------------------------------------------- faults

void Market::trouble() {
    after(dice_.magnitude(1h, 48h), [this] { trouble(); });
    if (calm_) return;
    auto const some = [this]() -> Node& { return *nodes_[static_cast<std::size_t>(dice_.upto(static_cast<int>(nodes_.size()) - 1))]; };
    Node& a = some();
    Node& b = some();
    if (plan_.partitions && dice_.one_in(2) && &a != &b) {
        cut(a.code(), b.code(), true);
        return after(dice_.magnitude(1min, 96h), [this, &a, &b] { cut(a.code(), b.code(), false); });
    }
    if (plan_.restores > 0 && dice_.one_in(12) && !a.is_hub()) return back_up(a);
    if (plan_.skews) clock_goes_wrong(a);
}

/// It turns out later that the backup is needed, or not.
void Market::back_up(Node& node) {
    if (!node.up() || node.catching_up()) return;
    std::filesystem::remove(backup_of(node));
    auto const row = storage::back_up(node.file(), backup_of(node)).head_seq;
    if (witness_) witness_->backed_up(node);
    auto const made = backups_[node.code()] = ++numbers_;
    after(dice_.magnitude(10min, 72h), [this, &node, row, made] {
        if (!calm_ && plan_.restores > 0 && backups_[node.code()] == made) put_back(node, row);
    });
}

void Market::put_back(Node& node, std::int64_t row) {
    if (witness_) witness_->goes_back(node, row);
    node.put_back(backup_of(node));
    ++figures_.restores;
    --plan_.restores;
    after(dice_.magnitude(1min, 4h), [this, &node] { restart(node); });
}

/// By minutes mostly; by hours and days where the plan says so, until somebody sees it and sets the clock right.
void Market::clock_goes_wrong(Node& node) {
    bool const leaps = plan_.leaps && dice_.one_in(4);
    node.skew = leaps ? dice_.magnitude(1h, 48h) * (dice_.one_in(2) ? 1 : -1) : dice_.between(-2min, 2min);
    ++(leaps ? figures_.leaps : figures_.skews);
    look_at_timers(node);
    if (!leaps) return;
    after(dice_.magnitude(1min, 24h), [this, &node] {
        node.skew = Duration{0};
        look_at_timers(node);
    });
}

void Market::calm_down() {
    calm_ = true;
    cuts_.clear();
    for (auto& node : nodes_) {
        node->skew = Duration{0};
        restart(*node);
        look_at_timers(*node);
        if (!node->is_hub()) connect(*node);
    }
}

std::string Market::under_way() {
    for (auto const& node : nodes_) {
        if (!node->up()) return node->code().text + " is down";
        if (!node->memory.queue.empty()) return node->code().text + " has something to write";
        auto const reader = node->reader();
        for (auto const& peer : node->ledger().peers_with_undelivered()) {
            auto const first = node->ledger().undelivered(peer, 1).front();
            return fmt::format("{} has {} messages to deliver; the first is {} for {} of {}, {}: {}", node->code().text, reader.undelivered_count(),
                               first.type, first.receiver.text, to_rfc3339(first.queued_at), first.state, first.trouble);
        }
        // without a hub nobody fetches: what a server complains of to a liar stays there
        if (auto const count = reader.unconfirmed_count(); plan_.with_hub && count > 0) return fmt::format("{} messages wait in mailboxes", count);
    }
    return {};
}

std::string Market::digest() {
    Sha256 hash;
    hash.update(fmt::format("{} {} {}", to_ms(now_), dice_.next(), numbers_));
    for (auto const& node : nodes_)
        if (auto const row = node->reader().log_row(node->reader().head_seq())) hash.update(as_text(row->hash));
    return hex(hash.finish()).substr(0, 16);
}

} // namespace npod::sim
