#pragma once
/// A market of operators on one clock and one thread: what lies between the nodes is played by chance, from a seed.

#include "sim/dice.hpp"
#include "sim/node.hpp"
#include "support/folder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <vector>

namespace npod::sim {

/// What one seed is played with. Probabilities are in millionths.
struct Plan {
    std::uint64_t seed = 1;
    int operators = 3;
    bool with_hub = true;
    int days = 365;          ///< how long the market is watched
    int numbers = 12;        ///< of each operator's block that are in use
    int orders_a_day = 3;    ///< in the whole market
    int loss = 50'000, duplication = 50'000;
    int death = 3'000;       ///< per commit
    Duration delay_max = std::chrono::hours{1}; ///< of one in fifty; else seconds
    bool skews = true, partitions = true;
    bool leaps = false;      ///< clocks go wrong by hours and days, too, both ways
    bool liar = false;       ///< the last operator speaks of the ports of others, contradicts itself, and says again what it said before
    bool on_disk = false;    ///< databases are files on a disk that loses power in the midst of a write
    int restores = 0;        ///< so often an operator is put back to a backup, and asks the hub for what came after it
    Moment start{};          ///< near a long week-end, the end of a year, a change of the clocks, or anywhere
};
/// The plan that a seed stands for: everything but its length is thrown by it.
Plan plan_of(std::uint64_t seed, int days);

/// What was played, for the table.
struct Figures {
    std::int64_t steps = 0; ///< batches written
    std::int64_t rows = 0, messages = 0, lost = 0, doubled = 0, cut = 0, deaths = 0, timers = 0, transfers = 0, calms = 0;
    std::int64_t ports = 0, skews = 0, leaps = 0, power_cuts = 0, restores = 0, torn = 0, refused = 0, lies = 0, given_again = 0;
    Duration simulated{0};
    void operator+=(Figures const& other);
};

/// Sees what happens; throws Broken when it must not happen.
class Witness {
public:
    virtual ~Witness() = default;
    /// There are new rows in its log.
    virtual void committed(Node& node) = 0;
    /// Somebody was told `reply`, that this is stored; whoever asks again under the same key is told the same.
    virtual void acknowledged(Node& node, engine::Event const& event, std::string const& reply) = 0;
    /// A backup of it was made, of all that it holds.
    virtual void backed_up(Node& node) = 0;
    /// It is about to be put back to that backup, whose last row is `row`: what came after it is still there to be looked at.
    virtual void goes_back(Node& node, std::int64_t row) = 0;
};

class Market {
public:
    Market(Plan const& plan, Figures& figures);

    Plan const& plan() const { return plan_; }
    Moment now() const { return now_; }
    Dice& dice() { return dice_; }
    Figures& figures() { return figures_; }
    std::vector<std::unique_ptr<Node>>& nodes() { return nodes_; } ///< operators, then the hub if there is one
    Node& at(OperatorCode const& code);
    bool lies(OperatorCode const& code) const { return plan_.liar && code == nodes_[static_cast<std::size_t>(plan_.operators - 1)]->code(); }
    void watched_by(Witness& witness) { witness_ = &witness; }

    /// Does it then, unless the market ends before.
    void after(Duration wait, std::function<void()> deed);
    /// Goes on until that moment.
    void run_until(Moment end);
    /// A command of the operator's people or systems: asked again with the same key until it is answered.
    /// `if_version`: only if nothing has changed since they looked.
    void ask(Node& node, std::string kind, std::string key, std::string body, std::optional<std::int64_t> if_version = {});
    /// Hands over what no outbox holds, as whoever lies does.
    void slip_in(Node& from, Node& to, std::string const& type, std::string const& bytes);

    /// From now on nothing goes wrong any more, or again everything may.
    void calm_down();
    void storm() { calm_ = false; }
    bool calm() const { return calm_; }
    /// Nothing is under way: every outbox is empty, every mailbox confirmed.
    bool drained() { return under_way().empty(); }
    std::string under_way(); ///< the first thing that is not yet where it belongs; empty: nothing
    /// What the market came to: the same for the same seed, on every machine.
    std::string digest();

private:
    struct Deed {
        Moment at;
        std::uint64_t no;
        std::function<void()> deed;
        bool operator<(Deed const& other) const { return at != other.at ? at > other.at : no > other.no; }
    };
    using Report = porting::input::DeliveryReport;
    using Respond = std::function<void(Report)>;

    void carry(Node& from, Node& to, std::function<void()> arrive);
    /// A command and whether it was answered.
    struct Asking {
        engine::Event event;
        bool answered = false;
    };
    void ask_again(Node& node, std::shared_ptr<Asking> const& asking);
    void submit(Node& node, Task task);
    void round(Node& node);
    void look_at_timers(Node& node);
    void died(Node& node);
    Death some_death(Node const& node);
    void restart(Node& node);

    // outbox
    void pump(Node& node);
    void attempt(Node& node, OperatorCode const& peer, porting::Delivery const& delivery);
    void answered(Node& node, OperatorCode const& peer, std::uint64_t token, OperatorCode const& by, Report report);
    void settled(Node& node, OperatorCode const& peer);
    void receive(Node& node, OperatorCode const& from, std::string const& type, std::string const& bytes, Respond respond);
    // stream
    void connect(Node& node);
    void feed(Node& hub);
    void feed(Node& hub, Node& node);
    void hear(Node& node, std::uint64_t stream, http::StreamEvent const& event);
    void confirm(Node& node, std::int64_t id);
    // faults
    void trouble();
    void clock_goes_wrong(Node& node);
    void back_up(Node& node);
    void put_back(Node& node, std::int64_t row);
    /// `heard`: in this life, by earlier connections that broke.
    void catch_up(Node& node, std::shared_ptr<std::set<std::int64_t>> const& heard);
    void cut(OperatorCode const& a, OperatorCode const& b, bool cut);

    Plan plan_;
    Figures& figures_;
    Dice dice_;
    Dice sectors_; ///< of what a power cut takes
    std::unique_ptr<testing::TemporaryFolder> folder_;
    Moment now_;
    std::uint64_t numbers_ = 0; ///< of deeds, attempts, streams and keys
    std::priority_queue<Deed> deeds_;
    std::vector<std::unique_ptr<Node>> nodes_;
    std::set<std::pair<OperatorCode, OperatorCode>> cuts_;
    std::map<OperatorCode, std::uint64_t> backups_; ///< which is the newest of each
    Witness* witness_ = nullptr;
    bool calm_ = false;
};

} // namespace npod::sim
