#pragma once
/// What must hold in every market, whatever chance does. Each invariant is a function with a name and a sentence; those
/// of a step look at what one commit brought, those of a calm look at everything once nothing is under way.

#include "sim/market.hpp"
#include "sim/people.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace npod::sim {

/// More than any list of a market holds.
inline constexpr int longest_list = 1'000'000;

struct Invariant {
    char const* name;
    char const* sentence;
};
/// All of them, for the table.
std::vector<Invariant> const& all_invariants();

/// What was asked of a node, as its log and as whoever asked have it: the same text may be asked of two contracts. A message is
/// about whatever it says itself.
std::string asked_of(Node const& node, std::string_view kind, std::string_view source, std::string_view key, std::string_view body);

class Watch final : public Witness {
public:
    Watch(Market& market, People const& people) : market_(market), people_(people) {}

    void committed(Node& node) override;
    void acknowledged(Node& node, engine::Event const& event, std::string const& reply) override;
    void backed_up(Node& node) override;
    void goes_back(Node& node, std::int64_t row) override;
    /// Everything that holds when nothing is under way.
    void calm();
    /// What holds when nothing went wrong for as long as the longest legal wait.
    void everything_settles();

private:
    struct LineSeen {
        std::string state;
        bool called = false; ///< a person, since it is in that state
    };
    struct NumberSeen {
        std::string state;
        ContractId contract;          ///< that holds it, or held it last
        std::string holder;           ///< its customer
        std::optional<Moment> ended;  ///< the contract, for this number
        bool renounced = false;       ///< the month was given up
    };
    /// What was seen of one node, told by nothing but its log.
    struct Seen {
        std::int64_t seq = 0;
        Moment latest{}; ///< that its clock ever showed: what has come by it is not undone by a clock that is set right
        std::map<std::string, LineSeen> lines;
        std::map<std::string, std::vector<porting::NumberRange>> asked; ///< by port: its numbers when it was new
        std::set<std::pair<std::string, Moment>> fired;                 ///< key of the timer's row, due
        std::map<std::string, NumberSeen> numbers;
        std::map<ContractId, Moment> left;                              ///< when the last number left that has left so far
        std::map<std::pair<std::string, porting::Number>, char> word;   ///< by port and number: the donor's yes or no
    };

    // each step
    void log_has_no_gap(Node const& node, Seen& seen, storage::LogRow const& row);
    void deadline_fires_once_and_never_early(Node const& node, Seen& seen, storage::LogRow const& row);
    void line_goes_its_way(Node const& node, Seen& seen, storage::LogRow const& row, porting::Move const& move);
    void nobody_moves_the_ports_of_others(Node const& node, storage::LogRow const& row, porting::Move const& move);
    void activation_follows_acceptance(Node const& node, Seen const& seen, storage::LogRow const& row, porting::Move const& move);
    void legal_deadline_ends_on_a_working_day(Node const& node, storage::LogRow const& row);
    void lines_add_up_to_the_port(Node const& node, Seen& seen, PortId const& port);
    void donor_lets_go_only_what_was_taken(Node const& node, porting::Move const& move);
    void donor_has_one_word(Node const& node, Seen& seen, storage::LogRow const& row, porting::Move const& move);
    // each step, of numbers and contracts (invariants_holdings.cpp)
    void holdings(Node const& node, Seen& seen, storage::LogRow const& row);
    void number_waits_its_window(Node const& node, NumberSeen const& was, storage::LogRow const& row, porting::Move const& move);
    void number_leaves(Node const& node, Seen& seen, storage::LogRow const& row, porting::Move const& move);
    void contract_ends_on_the_moment(Node const& node, Seen& seen, storage::LogRow const& row, porting::Move const& move);
    // each calm
    void every_number_has_one_home();
    void routing_tables_agree();
    void both_sides_agree(Node& node);
    void acknowledged_is_stored_once();
    void delivered_is_heard_once();
    void every_wait_has_its_deadline(Node& node);
    void what_is_given_up_has_a_person(Node& node);
    void delays_add_up(Node& node);
    void contract_ends_with_its_last_number(Node& node);
    void replay_tells_the_same(Node& node);

    bool is_disturbed(porting::NumberRange range) const;
    void row_goes_back(Node& node, storage::LogRow const& row);

    [[noreturn]] void broken(char const* invariant, Node const& node, std::string const& how) const;

    Market& market_;
    People const& people_;
    std::map<OperatorCode, Seen> seen_;
    std::map<std::string, std::int64_t> acknowledged_; ///< asked_of() → how often it was told
    std::map<std::string, std::string> replies_;       ///< "node source key" → what was answered
    // what a restore may have torn (invariants_restored.cpp)
    std::map<OperatorCode, Seen> kept_;         ///< of each as of its last backup
    std::set<porting::Number> disturbed_;       ///< numbers of which an operator forgot what it did itself
    std::set<DossierId> told_again_;            ///< dossiers in which it may have answered twice
};

} // namespace npod::sim
