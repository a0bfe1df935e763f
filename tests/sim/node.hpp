#pragma once
/// One npod without its threads, sockets and clock: the real writer, domain, wire format and database, driven by hand.
/// It dies when told to, at any of its commits, and comes back with what the database kept and nothing else.

#include "api/interchange_message.hpp"
#include "base/clock.hpp"
#include "daemon/wire.hpp"
#include "engine/writer.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace npod::sim {

/// Where in a batch the process ends.
enum class Death : std::uint8_t { none, before_commit, after_commit };

/// Something for the writer, and who waits for the answer.
struct Task {
    engine::Event event;
    engine::Done done;
};

class Node {
public:
    /// `world` is the market's time; outlives the node.
    Node(daemon::Config config, std::shared_ptr<rules::Rulebook const> law, Moment const& world);

    OperatorCode const& code() const { return config_.operator_code; }
    bool is_hub() const { return config_.interchange.serve; }
    daemon::Config const& config() const { return config_; }
    daemon::Wire const& wire() const { return wire_; }
    api::InterchangeServer::Settings const& server() const { return server_; }
    engine::Interchange const& interchange() const { return interchange_; }
    porting::Settings const& settings() const { return settings_; }
    std::shared_ptr<rules::Rulebook const> const& first_law() const { return law_; }

    /// What its clock says: the market's time and its own error.
    Moment now() const { return world_ + skew; }
    storage::Ledger& ledger() { return *ledger_; }
    storage::Ledger const& ledger() const { return *ledger_; }
    porting::Book const& book() const { return ledger_->book(); }
    storage::Reader reader() const { return ledger_->reader_on_same_connection(); }
    rules::Laws const& laws() const { return writer_->laws(); }

    bool up() const { return writer_ != nullptr; }
    /// Opens the book again, as a start of the daemon does.
    void start();
    void die();

    /// One batch as the engine writes it: what is due, then the tasks; one commit; then the answers. False: it died.
    /// `committed` is told the log rows of the batch: all after `from`.
    bool write(std::vector<Task> tasks, Death death, std::function<void(std::int64_t from)> const& committed);

    // -- what a process forgets when it ends
    struct Attempt {
        std::uint64_t token = 0;
        std::int64_t delivery = 0;
        bool known_retrying = false;
        std::set<OperatorCode> waits_for; ///< receivers that have not answered yet
        porting::input::DeliveryReport report;
    };
    struct Memory {
        std::vector<Task> queue;
        bool round_planned = false;
        std::map<OperatorCode, Attempt> sending; ///< by peer: one message in flight
        std::map<OperatorCode, Duration> pause;  ///< the next pause after a failure
        std::set<std::int64_t> confirming;
        std::map<OperatorCode, std::int64_t> cursors;        ///< hub: how far the stream of each was fed
        std::map<OperatorCode, std::uint64_t> streams; ///< hub: the connection by which each listens
    };
    Memory memory;
    std::uint64_t incarnation = 0; ///< of the process
    std::uint64_t stream = 0;      ///< the connection by which it listens to the hub; 0: none
    Duration skew{0};
    std::optional<Moment> wake_at; ///< of the market; when it looks at its timers next

private:
    daemon::Config config_;
    daemon::Wire wire_;
    engine::Interchange interchange_;
    porting::Settings settings_;
    api::InterchangeServer::Settings server_;
    std::shared_ptr<rules::Rulebook const> law_;
    Moment const& world_;
    std::unique_ptr<storage::Ledger> ledger_;
    std::unique_ptr<engine::Writer> writer_;
};

} // namespace npod::sim
