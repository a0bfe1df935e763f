/// What is looked at once nothing is under way.

#include "base/hash.hpp"
#include "engine/replay.hpp"
#include "engine/restore.hpp"
#include "porting/explain.hpp"
#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
#include "sim/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sim {

using porting::Role;
using namespace invariant;

namespace {

bool serves(std::string_view state) { return state == "in_service" || state == "porting_out" || state == "change_announced"; }

} // namespace

std::string asked_of(Node const& node, std::string_view kind, std::string_view source, std::string_view key, std::string_view body) {
    bool const tells_itself = kind.starts_with("message.");
    return fmt::format("{} {} {} {} {}", node.code().text, kind, source, tells_itself ? "" : key, content_hash(body));
}

void Watch::acknowledged(Node& node, engine::Event const& event, std::string const& reply) {
    ++acknowledged_[asked_of(node, event.kind, event.source, event.key, event.body)];
    if (!event.idempotency_key) return;
    auto const [known, fresh] = replies_.try_emplace(fmt::format("{} {} {}", node.code().text, event.source, *event.idempotency_key), reply);
    if (!fresh && known->second != reply) broken(same_answer, node, fmt::format("{} was answered \"{}\", and then \"{}\"", event.kind, known->second, reply));
}

void Watch::calm() {
    ++market_.figures().calms;
    every_number_has_one_home();
    routing_tables_agree();
    acknowledged_is_stored_once();
    delivered_is_heard_once();
    for (auto& node : market_.nodes()) {
        both_sides_agree(*node);
        every_wait_has_its_deadline(*node);
        what_is_given_up_has_a_person(*node);
        delays_add_up(*node);
        contract_ends_with_its_last_number(*node);
        replay_tells_the_same(*node);
    }
}

void Watch::every_number_has_one_home() {
    for (auto const number : people_.numbers()) {
        if (is_disturbed({number, number})) continue;
        std::string homes;
        for (auto const& node : market_.nodes()) {
            auto const record = node->book().number(number);
            if (record && serves(record->state)) homes += (homes.empty() ? "" : ", ") + node->code().text;
        }
        if (homes.find(',') != std::string::npos)
            throw Broken(home, fmt::format("{} is served by {} at {}", to_string(number), homes, to_rfc3339(market_.now())));
    }
}

void Watch::routing_tables_agree() {
    for (auto const number : people_.numbers()) {
        if (is_disturbed({number, number})) continue;
        std::string tables;
        std::set<std::string> different;
        for (auto const& node : market_.nodes()) {
            if (node->is_hub()) continue;
            auto const to = node->book().serving(number).value_or(OperatorCode{}).text;
            different.insert(to);
            tables += fmt::format(" {}:{}", node->code().text, to);
        }
        if (different.size() != 1) throw Broken(agree, fmt::format("{} is routed{} at {}", to_string(number), tables, to_rfc3339(market_.now())));
    }
}

void Watch::both_sides_agree(Node& node) {
    storage::PortFilter ours;
    ours.role = Role::port_in;
    ours.limit = longest_list;
    for (auto const& port : node.reader().ports(ours)) {
        auto const& donor = market_.at(port.donor);
        auto const theirs = donor.book().port_by_dossier(port.dossier, Role::port_out);
        if (!theirs || theirs->recipient != node.code()) continue;
        for (auto const& line : node.book().lines(port.id))
            for (auto const& other : donor.book().lines(theirs->id)) {
                if (!line.numbers.overlaps(other.numbers) || is_disturbed(line.numbers)) continue;
                bool const waits_for_nothing = line.state == "cancelled" && !porting::line_settled(Role::port_out, other.state) && other.state != "disputed";
                bool const unheard = line.state == "completed" && !porting::line_settled(Role::port_out, other.state) && other.state != "disputed";
                bool const misheard = line.state == "refused" && (other.state == "awaiting_execution" || other.state == "executed");
                if (misheard && !market_.lies(donor.code()) && !told_again_.contains(port.dossier))
                    broken(one_word, node, fmt::format("{} of {} is refused here and {} at {}", to_string(line.numbers), port.dossier.text, other.state, donor.code().text));
                auto const no = seen_[donor.code()].word.find({theirs->id.text, std::max(line.numbers.first, other.numbers.first)});
                bool const unheard_no = (line.state == "scheduled" || line.state == "activating" || line.state == "completed") && no != seen_[donor.code()].word.end() && no->second == 'n';
                if (unheard_no && !market_.lies(donor.code()) && !told_again_.contains(port.dossier))
                    broken(one_word, node, fmt::format("{} of {} is {} here, and {} said no", to_string(line.numbers), port.dossier.text, line.state, donor.code().text));
                if (waits_for_nothing || unheard)
                    broken(both, node, fmt::format("{} of {} is {} here and {} at {}", to_string(line.numbers), port.dossier.text, line.state, other.state, donor.code().text));
            }
    }
}

void Watch::acknowledged_is_stored_once() {
    std::map<std::string, std::int64_t> rows;
    for (auto const& node : market_.nodes()) {
        auto const reader = node->reader();
        std::int64_t after = 0;
        for (auto page = reader.log(after, 1000, true); !page.empty(); page = reader.log(after, 1000, true))
            for (auto const& row : page) {
                after = row.seq;
                if (row.refusals.empty()) ++rows[asked_of(*node, row.kind, row.source, row.key, row.body)];
            }
    }
    for (auto const& [what, times] : acknowledged_)
        if (rows[what] != 1) throw Broken(stored, fmt::format("{} was acknowledged {} times and is stored {} times", what, times, rows[what]));
}

void Watch::delivered_is_heard_once() {
    std::map<std::string, int> rows;
    for (auto const& node : market_.nodes())
        for (auto const& row : node->reader().log(0, longest_list, true))
            if (row.kind.starts_with("message.") && row.source.starts_with("wire:"))
                ++rows[fmt::format("{} {}", node->code().text, content_hash(row.body))];
    for (auto const& sender : market_.nodes())
        for (std::int64_t id = 1;; ++id) {
            auto delivery = sender->book().delivery(id);
            if (!delivery) delivery = sender->book().delivery(id += engine::ids_skipped); // it may have been put back to a backup
            if (!delivery) break;
            if (delivery->state != "confirmed") continue;
            for (auto const& receiver : market_.nodes()) {
                bool const to_all = delivery->receiver.text == porting::message::everybody && receiver != sender && !receiver->is_hub();
                if (!to_all && delivery->receiver != receiver->code()) continue;
                auto const times = rows[fmt::format("{} {}", receiver->code().text, content_hash(delivery->bytes))];
                if (times != 1)
                    throw Broken(heard, fmt::format("delivery {} ({}) of {} is in the log of {} {} times", id, delivery->type, sender->code().text, receiver->code().text, times));
            }
        }
}

void Watch::every_wait_has_its_deadline(Node& node) {
    for (auto const& one : node.reader().timers(longest_list))
        if (one.due <= node.now()) broken(waits, node, fmt::format("{} of {} was due {}", one.name, one.subject.id, to_rfc3339(one.due)));
}

void Watch::what_is_given_up_has_a_person(Node& node) {
    for (auto const& row : node.reader().log(0, longest_list))
        for (auto const& move : row.moves) {
            bool const lost = move.machine == "delivery" && (move.to == "bounced" || move.to == "expired") && move.event != "withdrawn";
            if (lost && std::ranges::find(move.actions, "call_a_person") == move.actions.end())
                broken(given_up, node, fmt::format("row {}: delivery {} ended {} and nobody was told", row.seq, move.subject.id, move.to));
        }
}

void Watch::delays_add_up(Node& node) {
    storage::PortFilter filter;
    filter.role = Role::port_in;
    filter.limit = longest_list;
    for (auto const& port : node.reader().ports(filter)) {
        auto const owed = porting::compensation(port, node.book().lines(port.id), node.laws().pinned(port.rulebook), node.now());
        Money caused, lines;
        for (auto const& line : owed.lines) {
            Money amount;
            std::int64_t days = 0;
            for (auto const& segment : line.segments) amount += segment.amount, days += segment.days;
            if (amount != line.amount || days != line.days) broken(delays, node, port.id.text + ": the parts of a delay are not its whole");
            lines += line.amount;
        }
        for (auto const& one : owed.caused) caused += one.amount;
        if (caused != lines || lines != owed.total) broken(delays, node, port.id.text + ": causers, lines and total differ");
    }
}

void Watch::contract_ends_with_its_last_number(Node& node) {
    for (auto const& contract : node.reader().contracts("", longest_list)) {
        bool const over = contract.state == "ended";
        if (over != contract.numbers.empty())
            broken(contracts, node, fmt::format("{} is {} and holds {} numbers", contract.id.text, contract.state, porting::count(contract.numbers)));
        for (auto const& range : contract.numbers)
            for (auto n = range.first; n <= range.last; n = n.next())
                if (auto const record = node.book().number(n); !record || record->contract != contract.id || !serves(record->state))
                    broken(contracts, node, fmt::format("{} holds {}, which is {}", contract.id.text, to_string(n), record ? record->state : "unknown"));
        if (!over) continue;
        for (auto const& range : contract.original_numbers)
            for (auto n = range.first; n <= range.last; n = n.next())
                if (auto const record = node.book().number(n); record && record->contract == contract.id)
                    broken(contracts, node, fmt::format("{} is over and {} is still of it", contract.id.text, to_string(n)));
    }
}

void Watch::everything_settles() {
    for (auto& node : market_.nodes())
        for (auto const& [id, line] : seen_[node->code()].lines) {
            auto const port = node->book().port(porting::parse_line_id(id)->first);
            if (port && !porting::line_settled(port->role, line.state) && !line.called)
                broken(settles, *node, fmt::format("{} is still {}, and nobody was called", id, line.state));
        }
}

void Watch::replay_tells_the_same(Node& node) {
    for (auto const& finding : node.ledger().check(0).findings) broken(replayed, node, finding);
    auto const ours = node.reader();
    auto const told = engine::replay(ours, node.first_law(), node.settings(), node.interchange(), {});
    if (!told.difference.empty()) broken(replayed, node, told.difference);
    if (told.ledger->head_seq() != ours.head_seq()) broken(replayed, node, "the log has another length");
    for (auto const& difference : ours.differences_to(*told.ledger, 1)) broken(replayed, node, difference);
}

} // namespace npod::sim
