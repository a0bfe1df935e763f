#pragma once
/// Plays a story on a market: carries out what it says is done, and checks what it says is true.
/// The words of a story and their meaning stand in tests/scenarios/README.md.

#include "fields.hpp"
#include "market.hpp"
#include "memory.hpp"
#include "narrator.hpp"
#include "news.hpp"
#include "script.hpp"

#include <string>
#include <vector>

namespace npod::story {

class Player {
public:
    Player(Market& market, Narrator& narrator)
        : market_(market), narrator_(narrator), news_(market, narrator, memory_) {
        market_.on_stop([this] { news_.tell(); });
    }
    Player(Player const&) = delete;
    Player& operator=(Player const&) = delete;

    /// Throws StoryError at the first statement that does not come true.
    void play(std::vector<Statement> const& story);

    Memory& memory() { return memory_; }

private:
    void play(Statement const& statement);
    void clock(Statement const& statement);

    // -- acts (acts.cpp)
    void act(Statement const& statement);
    void act_of(std::string const& code, Statement const& statement);
    void put_block(Daemon& daemon, Statement const& statement);
    void put_contract(Daemon& daemon, Statement const& statement);
    void terminate(Daemon& daemon, Statement const& statement);
    void order(Daemon& daemon, Statement const& statement);
    void check(Daemon& daemon, Statement const& statement);
    void answer(Daemon& daemon, Statement const& statement);
    void act_on_port(Daemon& daemon, Statement const& statement);
    void file_claim(Daemon& daemon, Statement const& statement);
    void decide_claim(Daemon& daemon, Statement const& statement);
    void post(Daemon& daemon, Statement const& statement, std::string const& target, boost::json::object body,
              std::string const& told);
    bool conclude(Daemon& daemon, Statement const& statement, Reply const& reply, std::string const& told);

    // -- expectations (expectations.cpp)
    void expect(Statement const& statement);
    void expect_port(Daemon& daemon, Statement const& statement);
    void expect_compensation(Daemon& daemon, Statement const& statement);
    void expect_thing(Daemon& daemon, Statement const& statement);
    void expect_timers(Daemon& daemon, Statement const& statement);
    void expect_moves(Daemon& daemon, Statement const& statement);
    void expect_wire(Statement const& statement);

    // -- what the demonstration shows (shows.cpp)
    void show(Statement const& statement);
    void show_port(Daemon& daemon, std::string const& order);
    void show_why(Daemon& daemon, std::string const& order);
    void show_compensation(Daemon& daemon, std::string const& order);
    void show_residue(Daemon& daemon, std::string const& order);
    void show_thing(Daemon& daemon, std::string const& kind, std::string const& id);
    void show_timers(Daemon& daemon);

    Market& market_;
    Narrator& narrator_;
    Memory memory_;
    News news_;
    Definitions definitions_;
};

/// Asks with GET; anything but success fails the statement.
boost::json::value asked(Daemon& daemon, std::string const& target, Statement const& statement);

} // namespace npod::story
