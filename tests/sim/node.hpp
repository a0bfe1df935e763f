#pragma once
/// One npod without its threads, sockets and clock: the real writer, domain, wire format and database, driven by hand.
/// It dies when told to, at any of its commits or, on a disk, at any of its writes, and comes back with what the database kept and
/// nothing else. The loop of Engine around the writer (batches, answers after the commit) is played here; unit.engine has the real one.

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

/// Where in a batch the process ends: killed beside a commit, or by a power cut at the n-th write of a commit or a checkpoint.
struct Death {
    enum class Where : std::uint8_t { nowhere, before_commit, after_commit, at_write };
    Where where = Where::nowhere;
    int write = 0;
};

/// Something for the writer, and who waits for the answer.
struct Task {
    engine::Event event;
    engine::Done done;
};

class Node {
public:
    /// `world` is the market's time; outlives the node. `file`: its database, "" for one in memory. `chance` decides
    /// what a power cut takes.
    Node(daemon::Config config, std::shared_ptr<rules::Rulebook const> law, Moment const& world, std::string file, std::function<std::uint64_t()> chance);

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
    /// It was put back, and the hub was not yet asked for what came after the backup.
    bool catching_up() const;
    bool on_disk() const { return !file_.empty(); }
    std::string const& file() const { return file_; }
    /// Looks at its database and serves, as a start of the daemon does. Throws Broken when the look finds something.
    void start();
    /// `power_cut`: what was not synced may be lost.
    void die(bool power_cut);
    /// Its database is that file from now on, as after a person put a backup back; it is down.
    void put_back(std::string const& backup);

    /// One batch as the engine writes it: what is due, then the tasks; one commit; then the answers. False: it died.
    bool write(std::vector<Task> const& tasks, Death death, std::function<void()> const& committed);

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
    void open();
    bool write_all(std::vector<Task> const& tasks, std::vector<engine::Result>& results);
    bool write_all(std::vector<Task> const& tasks, std::vector<engine::Result>& results, engine::Care care);

    daemon::Config config_;
    daemon::Wire wire_;
    engine::Interchange interchange_;
    porting::Settings settings_;
    api::InterchangeServer::Settings server_;
    std::shared_ptr<rules::Rulebook const> law_;
    Moment const& world_;
    std::string file_;
    std::function<std::uint64_t()> chance_;
    std::unique_ptr<storage::Ledger> ledger_;
    std::unique_ptr<engine::Writer> writer_;
};

} // namespace npod::sim
