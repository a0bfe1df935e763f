/// What the operators of a story do.

#include "player.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::story {

namespace json = boost::json;

namespace {

/// Details that are not fields of a body.
std::vector<std::string_view> const about_the_outcome{"because", "refused", "problem", "says"};

std::string reason_of(Statement const& statement) {
    auto const* because = statement.detail("because");
    return because ? because->from(1) : "";
}

void add_reason(json::object& body, Statement const& statement) {
    if (auto const reason = reason_of(statement); !reason.empty()) body["reason"] = reason;
}

/// A refusal is not remembered: the same question may be right later.
Again again(Statement const& statement) { return statement.detail("refused") ? Again::anew : Again::remembered; }

/// The words from one mark to the next: `numbers(line, 1, {"at"})` are those before "at".
json::array numbers_before(Words const& line, std::size_t from, std::initializer_list<std::string_view> marks) {
    json::array numbers;
    for (auto i = from; i < line.size() && std::ranges::find(marks, line.at(i)) == marks.end(); ++i)
        numbers.push_back(number_value(line.at(i)));
    return numbers;
}

std::string moment_after(Words const& line, std::string_view mark) {
    auto const place = line.find(mark);
    return place == 0 ? "" : full_moment(line.at(place));
}

/// "keep NUMBERS", "cancel NUMBERS": what becomes of numbers that were not asked for.
void add_fates(json::array& fates, Words const& line) {
    for (auto const& numbers : numbers_before(line, 1, {})) {
        json::object fate = numbers.is_object() ? numbers.get_object() : json::object{{"number", numbers}};
        fate["fate"] = line.at(0);
        fates.push_back(std::move(fate));
    }
}

json::object decision_of(Statement const& statement, Words const& line) {
    json::object decision{{"numbers", numbers_before(line, 1, {"at", "until", "for"})}};
    auto const& verb = line.at(0);
    auto const ground = line.find("for");
    if (verb == "accept") {
        json::object accept;
        if (auto const at = moment_after(line, "at"); !at.empty()) accept["at"] = at;
        decision["accept"] = accept.empty() ? json::value(true) : json::value(accept);
    } else if (verb == "refuse" && ground != 0) {
        json::array grounds;
        for (auto i = ground; i < line.size(); ++i) grounds.emplace_back(line.at(i));
        decision["refuse"] = json::object{{"grounds", std::move(grounds)}};
    } else if (verb == "postpone" && ground != 0) {
        decision["postpone"] = json::object{{"until", moment_after(line, "until")}, {"ground", line.at(ground)}};
    } else {
        statement.fail(
            line,
            "write: accept NUMBERS [at TIME] | refuse NUMBERS for GROUNDS | postpone NUMBERS until TIME for GROUND");
    }
    // these two must say what the matter is
    bool const needs_text = ground != 0 && (line.at(ground) == "TECHNICAL" || line.at(ground) == "LEGAL");
    if (needs_text) decision["note"] = reason_of(statement);
    return decision;
}

/// A problem as a story names it: its ground where it has one, else its code.
std::string name_of_problem(json::value const& problem) {
    auto const ground = fact(problem, "ground");
    return ground != "none" ? ground : fact(problem, "code");
}

std::string told_problems(Reply const& reply) {
    std::string all;
    auto const* object = reply.body.if_object();
    auto const* problems = object ? object->if_contains("problems") : nullptr;
    if (problems == nullptr || !problems->is_array()) return reply.text;
    for (auto const& problem : problems->get_array())
        all +=
            fmt::format("\n    {} {}: {}", name_of_problem(problem), fact(problem, "pointer"), fact(problem, "detail"));
    return all;
}

void check_refusal(Statement const& statement, Words const& refused, Reply const& reply) {
    if (reply.status != static_cast<unsigned>(std::stoul(refused.at(1))))
        statement.fail(refused, fmt::format("the answer was {}: {}", reply.status, told_problems(reply)));
    std::vector<std::string> expected, told;
    for (auto const& line : statement.details)
        if (line.at(0) == "problem") expected.push_back(line.at(1) + " " + (line.size() > 2 ? line.at(2) : "none"));
    for (auto const& problem : reply.body.at("problems").as_array())
        told.push_back(name_of_problem(problem) + " " + fact(problem, "pointer"));
    bool const named = !expected.empty();
    std::ranges::sort(expected);
    std::ranges::sort(told);
    if (named && expected != told) statement.fail(refused, "the problems told are others:" + told_problems(reply));
    for (auto const& line : statement.details)
        if (line.at(0) == "says" && reply.text.find(line.from(1)) == std::string::npos)
            statement.fail(line, "the answer says something else:" + told_problems(reply));
}

} // namespace

// ------------------------------------------------------------------------------------------------- asking and its end

/// True when it was done; false when it was refused, as the story expects.
bool Player::conclude(Daemon& daemon, Statement const& statement, Reply const& reply, std::string const& told) {
    auto const* refused = statement.detail("refused");
    if (!refused && !reply.good())
        statement.fail(fmt::format("{} refuses with {}:{}", daemon.code(), reply.status, told_problems(reply)));
    if (refused) check_refusal(statement, *refused, reply);
    auto const reason = reason_of(statement);
    narrator_.says(daemon.code(), refused ? told + " - and is refused:" : told);
    if (!reason.empty()) narrator_.detail("because: " + reason);
    if (refused)
        for (auto const& problem : reply.body.at("problems").as_array()) {
            narrator_.detail(fact(problem, "detail"));
            if (auto const next = fact(problem, "next"); next != "none") narrator_.detail("what to do: " + next);
        }
    market_.settle();
    return !refused;
}

void Player::post(Daemon& daemon, Statement const& statement, std::string const& target, json::object body,
                  std::string const& told) {
    add_reason(body, statement);
    conclude(daemon, statement, daemon.post(target, "story:" + statement.place(), body, again(statement)), told);
}

void Player::act(Statement const& statement) {
    auto const& who = statement.head.at(0);
    if (!market_.is_open()) statement.fail("nobody can act before a clock starts the market");
    if (who == "everybody") {
        for (auto* const daemon : market_.everybody()) act_of(daemon->code(), statement);
        return;
    }
    if (!Market::knows(who))
        statement.fail(
            fmt::format("\"{}\" is neither a word of a story nor an operator of this market (ALFA, BRAVO, HUB)", who));
    act_of(who, statement);
}

void Player::act_of(std::string const& code, Statement const& statement) {
    using Act = void (Player::*)(Daemon&, Statement const&);
    static constexpr std::array<std::pair<std::string_view, Act>, 15> acts{{{"block", &Player::put_block},
                                                                            {"contract", &Player::put_contract},
                                                                            {"terminates", &Player::terminate},
                                                                            {"orders", &Player::order},
                                                                            {"checks", &Player::check},
                                                                            {"answers", &Player::answer},
                                                                            {"reschedules", &Player::act_on_port},
                                                                            {"network", &Player::act_on_port},
                                                                            {"cancels", &Player::act_on_port},
                                                                            {"notes", &Player::act_on_port},
                                                                            {"settles", &Player::act_on_port},
                                                                            {"claims", &Player::file_claim},
                                                                            {"approves", &Player::decide_claim},
                                                                            {"rejects", &Player::decide_claim},
                                                                            {"pays", &Player::decide_claim}}};
    auto const& verb = statement.head.at(1);
    auto const found = std::ranges::find_if(acts, [&](auto const& act) { return act.first == verb; });
    if (found == acts.end()) statement.fail(fmt::format("nobody can do \"{}\" in a story", verb));
    (this->*found->second)(market_.at(code), statement);
}

// ------------------------------------------------------------------------------------------------ blocks and contracts

void Player::put_block(Daemon& daemon, Statement const& statement) {
    auto const holder = statement.head.find("holder");
    if (holder == 0) statement.fail("write: OPERATOR block RANGE holder OPERATOR");
    auto body = number_value(statement.head.at(2)).as_object();
    body["holder"] = statement.head.at(holder);
    conclude(daemon, statement, daemon.put("/v1/blocks", body),
             fmt::format("notes that {} is a block of {}", statement.head.at(2), statement.head.at(holder)));
}

void Player::put_contract(Daemon& daemon, Statement const& statement) {
    auto const& id = statement.head.at(2);
    auto const body = body_of(statement, definitions_, about_the_outcome);
    auto const reply = daemon.put("/v1/contracts/" + id, body);
    auto const numbers = fact(body, "numbers");
    if (!conclude(daemon, statement, reply,
                  fmt::format("has contract {} with {}: {}", id, fact(body, "customer/name"), numbers)))
        return;
    memory_.contracts.emplace(daemon.code(), id);
    for (auto const& number : body.at("numbers").as_array()) memory_.note_numbers(fact(number, ""));
}

void Player::terminate(Daemon& daemon, Statement const& statement) {
    auto const& id = statement.head.at(2);
    json::object body;
    auto const at = moment_after(statement.head, "at");
    if (!at.empty()) body["at"] = at;
    post(daemon, statement, "/v1/contracts/" + id + "/terminate", body,
         fmt::format("ends contract {} for {}", id, at.empty() ? "now" : local_text(at)));
}

// --------------------------------------------------------------------------------------------------------------- ports

void Player::order(Daemon& daemon, Statement const& statement) {
    auto const& name = statement.head.at(2);
    auto body = body_of(statement, definitions_, about_the_outcome);
    body["order_id"] = name;
    auto const reply = daemon.post("/v1/port-ins", "story:" + statement.place(), body, again(statement));
    auto const told = fmt::format("orders {} from {} for {} (order {})", fact(body, "numbers"), fact(body, "donor"),
                                  fact(body, "customer/name"), name);
    if (!conclude(daemon, statement, reply, told)) return;
    memory_.orders[name] = {daemon.code(), fact(reply.body, "dossier"), {{daemon.code(), fact(reply.body, "id")}}};
    for (auto const& number : body.at("numbers").as_array()) memory_.note_numbers(fact(number, ""));
    memory_.contracts.emplace(daemon.code(), fact(body, "contract_id"));
    narrator_.detail(
        fmt::format("it becomes port {}, on the wire dossier {}", fact(reply.body, "id"), fact(reply.body, "dossier")));
}

void Player::check(Daemon& daemon, Statement const& statement) {
    auto body = body_of(statement, definitions_, {"because", "verdict", "problem"});
    body["order_id"] = statement.head.at(2);
    auto const reply = daemon.post("/v1/port-ins/check", "story:" + statement.place(), body);
    if (!reply.good())
        statement.fail(fmt::format("the check itself is refused with {}:{}", reply.status, told_problems(reply)));
    narrator_.says(daemon.code(),
                   fmt::format("asks what is wrong with order {}, sending nothing:", statement.head.at(2)));
    std::vector<std::string> expected, told;
    for (auto const& line : statement.details) {
        if (line.at(0) == "problem") expected.push_back(line.at(1) + " " + line.at(2));
        if (line.at(0) == "verdict") expected.push_back(line.at(1) + " " + line.at(2));
    }
    for (auto const& problem : reply.body.at("problems").as_array()) {
        told.push_back(name_of_problem(problem) + " " + fact(problem, "pointer"));
        narrator_.detail(fact(problem, "detail"));
    }
    for (auto const& number : reply.body.at("numbers").as_array()) {
        auto const which = fact(number, "number") != "none" ? fact(number, "number") : fact(number, "range");
        told.push_back(which + " " + fact(number, "verdict"));
    }
    std::ranges::sort(expected);
    std::ranges::sort(told);
    if (expected != told) statement.fail(fmt::format("the verdict is another: {}", reply.text));
}

void Player::answer(Daemon& daemon, Statement const& statement) {
    auto const& name = statement.head.at(2);
    json::array decisions, fates;
    std::string told = fmt::format("answers order {}:", name);
    for (auto const& line : statement.details) {
        if (std::ranges::find(about_the_outcome, line.at(0)) != about_the_outcome.end()) continue;
        told += decisions.empty() && fates.empty() ? "" : ";";
        if (line.at(0) == "keep" || line.at(0) == "cancel")
            add_fates(fates, line);
        else
            decisions.push_back(decision_of(statement, line));
        for (auto const& word : line.words) told += " " + local_text(full_moment(word));
    }
    json::object body{{"decisions", std::move(decisions)}};
    if (!fates.empty()) body["fates"] = std::move(fates);
    post(daemon, statement, "/v1/ports/" + memory_.port_of(market_, daemon.code(), name) + "/answer", std::move(body), told);
}

void Player::act_on_port(Daemon& daemon, Statement const& statement) {
    auto const& head = statement.head;
    auto const& verb = head.at(1);
    auto const target = "/v1/ports/" + memory_.port_of(market_, daemon.code(), head.at(2));
    json::object body;
    if (verb == "reschedules") {
        auto const numbers = numbers_before(head, 3, {"to"});
        if (!numbers.empty()) body["numbers"] = numbers;
        body["at"] = moment_after(head, "to");
        if (head.find("agreed") != 0) body["agreed_by_customer"] = true;
        return post(daemon, statement, target + "/reschedule", body,
                    fmt::format("moves {} of order {} to {}", fact(body, "numbers"), head.at(2),
                                local_text(moment_after(head, "to"))));
    }
    if (verb == "network") {
        if (auto const numbers = head.find("numbers"); numbers != 0) body["numbers"] = number_values(head, numbers);
        bool const done = head.at(3) == "done";
        if (done)
            body["done"] = true;
        else
            body["failed"] = json::object{{"cause", reason_of(statement)}};
        return post(
            daemon, statement, target + "/activation", body,
            fmt::format("network: the numbers of order {} {}", head.at(2), done ? "work here" : "do not work here"));
    }
    if (verb == "settles" && head.find("recognise") != 0) body["recognise_transfer"] = true;
    auto const path = verb == "cancels" ? "/cancel" : verb == "notes" ? "/note" : "/settle";
    post(daemon, statement, target + path, body, fmt::format("{} order {}", verb, head.at(2)));
}

// -------------------------------------------------------------------------------------------------------------- claims

void Player::file_claim(Daemon& daemon, Statement const& statement) {
    auto const by = statement.head.find("by");
    if (by == 0) statement.fail("write: OPERATOR claims ORDER by NAME");
    auto const claimant = statement.head.at(by);
    json::object const body{{"port", memory_.port_of(market_, daemon.code(), statement.head.at(2))},
                            {"claimant", claimant},
                            {"channel", "online"}};
    post(daemon, statement, "/v1/claims", body,
         fmt::format("hears from {}, who claims compensation for order {}", claimant, statement.head.at(2)));
}

void Player::decide_claim(Daemon& daemon, Statement const& statement) {
    auto const& verb = statement.head.at(1);
    auto const claim = memory_.claim_of(market_, daemon.code(), statement.head.at(2));
    json::object body;
    if (verb == "pays") body["by"] = statement.head.at(statement.head.find("by"));
    auto const path = verb == "approves" ? "/approve" : verb == "rejects" ? "/reject" : "/pay";
    post(daemon, statement, "/v1/claims/" + claim + path, body,
         fmt::format("{} claim {} for order {}", verb, claim, statement.head.at(2)));
}

} // namespace npod::story
