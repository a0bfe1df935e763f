/// What the demonstration shows of the daemons' own explanations.

#include "player.hpp"

#include <fmt/format.h>

#include <utility>

namespace npod::story {

namespace json = boost::json;

namespace {

/// A moment for a table; empty when there is none.
std::string moment_cell(json::value const& thing, std::string_view name) {
    auto const text = fact(thing, name);
    return text == "none" ? "" : local_text(text);
}

} // namespace

void Player::show(Statement const& statement) {
    auto& daemon = market_.at(statement.head.at(1));
    auto const& what = statement.head.at(2);
    auto const& id = statement.head.at(3);
    if (!narrator_.loud()) return;
    if (what == "port")
        show_port(daemon, id);
    else if (what == "why")
        show_why(daemon, id);
    else if (what == "compensation")
        show_compensation(daemon, id);
    else if (what == "residue")
        show_residue(daemon, id);
    else if (what == "contract" || what == "number" || what == "claim")
        show_thing(daemon, what, id);
    else if (what == "timers")
        show_timers(daemon);
    else
        statement.fail(fmt::format("\"{}\" cannot be shown", what));
}

void Player::show_port(Daemon& daemon, std::string const& order) {
    auto const id = memory_.port_of(market_, daemon.code(), order);
    auto const port = daemon.get("/v1/ports/" + id).body;
    narrator_.says(daemon.code(), fmt::format("where order {} stands ({}): {}", order, id, fact(port, "state")));
    std::vector<Row> rows;
    for (auto const& line : port.at("lines").as_array()) {
        std::string remark = fact(line, "grounds") == "none" ? "" : fact(line, "grounds");
        for (auto const* const name : {"agreed_at", "effective_at", "postponed_until"})
            if (auto const moment = moment_cell(line, name); !moment.empty()) {
                auto const word = std::string_view(name);
                remark += (remark.empty() ? "" : ", ") + std::string(word.substr(0, word.find('_'))) +
                          (word.ends_with("until") ? " until " : " ") + moment;
            }
        rows.push_back({fact(json::array{line}, "0"), fact(line, "state"), remark});
    }
    narrator_.table({"NUMBERS", "STATE", ""}, rows);
    if (auto const next = fact(port, "next_expected"); next != "none" && !next.empty())
        narrator_.detail("next: " + next);
}

void Player::show_why(Daemon& daemon, std::string const& order) {
    auto const why = daemon.get("/v1/ports/" + memory_.port_of(market_, daemon.code(), order) + "/why").body;
    narrator_.says(daemon.code(), fmt::format("why, for order {}:", order));
    std::string told; // lines that wait for the same thing are told once
    for (auto const& deadline : why.at("deadlines").as_array()) {
        if (std::exchange(told, fact(deadline, "sentence")) == fact(deadline, "sentence")) continue;
        narrator_.detail(fact(deadline, "sentence"));
        for (auto const& step : deadline.at("steps").as_array()) narrator_.detail(fact(step, ""));
        narrator_.detail("then: " + fact(deadline, "on_expiry"));
    }
}

void Player::show_compensation(Daemon& daemon, std::string const& order) {
    auto const owed = daemon.get("/v1/ports/" + memory_.port_of(market_, daemon.code(), order) + "/compensation").body;
    narrator_.says(daemon.code(), fmt::format("compensation for order {}: {}; the {} pays", order, fact(owed, "total"),
                                              fact(owed, "payer")));
    for (auto const& line : owed.at("lines").as_array()) narrator_.detail(fact(line, "sentence"));
    std::vector<Row> rows;
    for (auto const& rule : owed.at("rules").as_array())
        rows.push_back({fact(rule, "id"), fact(rule, "standing"),
                        fact(rule, "unit") == "text" ? fact(rule, "value")
                                                     : fmt::format("{} {}", fact(rule, "value"), fact(rule, "unit"))});
    narrator_.table({"RULE", "STANDING", "VALUE"}, rows);
}

void Player::show_residue(Daemon& daemon, std::string const& order) {
    auto const residue = daemon.get("/v1/ports/" + memory_.port_of(market_, daemon.code(), order) + "/residue").body;
    narrator_.says(daemon.code(), fmt::format("what order {} leaves behind: {}", order, fact(residue, "sentence")));
    std::vector<Row> rows;
    for (auto const& item : residue.at("numbers").as_array())
        rows.push_back({fact(json::array{item}, "0"), fact(item, "fate"), fact(item, "why")});
    narrator_.table({"NUMBERS", "FATE", "WHY"}, rows);
}

void Player::show_thing(Daemon& daemon, std::string const& kind, std::string const& id) {
    auto const target = kind == "contract" ? "/v1/contracts/" + id
                        : kind == "number" ? "/v1/numbers/" + id
                                           : "/v1/claims/" + memory_.claim_of(market_, daemon.code(), id);
    auto const thing = daemon.get(target).body;
    narrator_.says(daemon.code(), fmt::format("{} {}: {}", kind, id, fact(thing, "state")));
    for (auto const* const name : {"numbers", "contract_id", "serving", "block_holder", "amount", "filed_by"})
        if (auto const text = fact(thing, name); text != "none") narrator_.detail(fmt::format("{}: {}", name, text));
    for (auto const* const name :
         {"ended_at", "portable_until", "ageing_until", "claim_until", "review_until", "paid_at"})
        if (auto const moment = moment_cell(thing, name); !moment.empty())
            narrator_.detail(fmt::format("{}: {}", name, moment));
}

void Player::show_timers(Daemon& daemon) {
    narrator_.says(daemon.code(), "what fires next:");
    std::vector<Row> rows;
    auto const timers = daemon.get("/v1/timers?limit=20").body;
    for (auto const& timer : timers.at("items").as_array())
        rows.push_back({moment_cell(timer, "due"),
                        memory_.story_name(market_, daemon.code(), fact(timer, "subject/id")),
                        fact(timer, "on_expiry")});
    narrator_.table({"DUE", "OF", "THEN"}, rows);
}

} // namespace npod::story
