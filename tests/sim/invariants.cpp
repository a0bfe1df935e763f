#include "sim/invariants.hpp"

#include "base/hash.hpp"
#include "engine/replay.hpp"
#include "porting/explain.hpp"
#include "sim/broken.hpp"
#include "state_machines/outline.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sim {

using porting::Line;
using porting::Move;
using porting::NumberRange;
using porting::Port;
using porting::Role;
using porting::SubjectKind;
using storage::LogRow;

namespace {

constexpr int many = 1'000'000;

constexpr char const* gap = "I11 no gap in the log";
constexpr char const* timer = "I6 a deadline fires once, never early";
constexpr char const* working = "a legal deadline ends on a working day";
constexpr char const* both = "both sides agree on a dossier";
constexpr char const* way = "I3 nothing leaves a settled state";
constexpr char const* parties = "I13 nobody moves the ports of others";
constexpr char const* activation = "I7 activation follows acceptance and its moment";
constexpr char const* sum = "I10 lines add up to their port";
constexpr char const* release = "I8 a donor lets go only what was taken";
constexpr char const* window = "number waits its window";
constexpr char const* home = "I1 every number has one home";
constexpr char const* agree = "I1 routing tables agree";
constexpr char const* stored = "I4 acknowledged is stored once";
constexpr char const* heard = "I5 delivered is heard once";
constexpr char const* waits = "L1 every wait has its deadline";
constexpr char const* given_up = "L2 what is given up has a person";
constexpr char const* delays = "I9 delays add up";
constexpr char const* contracts = "a contract ends with its last number";
constexpr char const* replayed = "I9 I11 replay tells the same";

bool serves(std::string_view state) { return state == "in_service" || state == "porting_out" || state == "change_announced"; }

bool is_settled(std::string_view machine, std::string_view state) {
    auto const* const outline = machine::find_outline(machine);
    auto const* const found = outline ? machine::find_named(outline->states, state) : nullptr;
    return found && found->kind == machine::Kind::settled;
}

/// BRAVO of "wire:BRAVO"; empty when nobody else said it.
std::string_view said_by(std::string_view source) {
    for (std::string_view const from : {"wire:", "parked:"})
        if (source.starts_with(from)) return source.substr(from.size());
    return {};
}

} // namespace

std::vector<Invariant> const& all_invariants() {
    static std::vector<Invariant> const all{
        {gap, "Rows of the log are numbered one by one."},
        {timer, "A deadline fires at or after its moment by the node's own clock, and the same one never again, whatever the clock does."},
        {working, "The time to answer never ends on a week-end or a holiday, by a list of days that was written for this."},
        {way, "A line moves from where it was; what is settled stays, except for a transfer that a person recognises."},
        {parties, "A message moves only lines of ports in which its sender is a party."},
        {activation, "Numbers go live only after the donor's yes and not before the agreed moment."},
        {sum, "The lines of a port are disjoint and together its numbers, always."},
        {release, "A donor ends its service only when the recipient's book says that it serves."},
        {window, "A number whose contract ended is given to another only after its window."},
        {home, "Once nothing is under way, a number is served by one operator at most, and by one exactly unless it rests."},
        {agree, "Once nothing is under way, all operators route a number to the same one, and that one serves it."},
        {both, "Once nothing is under way: what the recipient withdrew waits at no donor, and what it completed is executed at the donor or on a desk."},
        {stored, "What was acknowledged is in the log exactly once."},
        {heard, "A message that was taken is in its receiver's log exactly once."},
        {waits, "Every waiting thing has its deadline, and none of them lies in the past."},
        {given_up, "A message that nobody took has called a person."},
        {delays, "The parts of a delay join without a gap and add up to its days and cents."},
        {contracts, "A contract is over exactly when it holds no number any more, and not before its last number left."},
        {replayed, "The log told again from nothing gives the same rows, hashes, states, timers, claims and routes; the chain holds."},
    };
    return all;
}

void Watch::broken(char const* invariant, Node const& node, std::string const& how) const {
    throw Broken(invariant, fmt::format("{} at {}: {}", node.code().text, to_rfc3339(market_.now()), how));
}

// --------------------------------------------------------------------------------------------------------- each step

void Watch::committed(Node& node, std::int64_t from) {
    auto& seen = seen_[node.code()];
    std::set<PortId> touched;
    for (auto const& row : node.reader().log(from, many)) {
        ++market_.figures().rows;
        log_has_no_gap(node, seen, row);
        deadline_fires_once_and_never_early(node, seen, row);
        legal_deadline_ends_on_a_working_day(node, row);
        for (auto const& move : row.moves) {
            if (move.subject.kind == SubjectKind::line) {
                nobody_moves_the_ports_of_others(node, row, move);
                activation_follows_acceptance(node, row, move);
                line_goes_its_way(node, seen, row, move);
                donor_lets_go_only_what_was_taken(node, move);
                if (auto const line = porting::parse_line_id(move.subject.id)) touched.insert(line->first);
            }
            if (move.subject.kind == SubjectKind::number) number_waits_its_window(node, seen, row, move);
        }
    }
    for (auto const& port : touched) lines_add_up_to_the_port(node, seen, port);
}

void Watch::log_has_no_gap(Node const& node, Seen& seen, LogRow const& row) {
    if (row.seq != ++seen.seq) broken(gap, node, fmt::format("row {} follows row {}", row.seq, seen.seq - 1));
}

void Watch::deadline_fires_once_and_never_early(Node const& node, Seen& seen, LogRow const& row) {
    if (!row.kind.starts_with("timer.")) return;
    ++market_.figures().timers;
    auto const what = fmt::format("{} of {}, due {}", row.kind, row.key, to_rfc3339(row.happened_at));
    if (row.learned_at < row.happened_at) broken(timer, node, what + " fired at " + to_rfc3339(row.learned_at));
    if (!seen.fired.emplace(row.kind + row.key, row.happened_at).second) broken(timer, node, what + " fired again");
}

void Watch::legal_deadline_ends_on_a_working_day(Node const& node, LogRow const& row) {
    if (row.kind != "timer.answer_deadline") return;
    using namespace std::chrono;
    // Brussels is one or two hours ahead, and every such deadline ends between 8 and 18 h: the day is the same in UTC
    year_month_day const day{floor<days>(row.happened_at)};
    static constexpr month_day holidays[] = {January / 1, May / 1, July / 21, August / 15, November / 1, November / 11, December / 25};
    static constexpr year_month_day movable[] = {2026y / 4 / 6, 2026y / 5 / 14, 2026y / 5 / 25, 2027y / 3 / 29, 2027y / 5 / 6, 2027y / 5 / 17};
    weekday const of_week{sys_days{day}};
    bool const off = of_week == Saturday || of_week == Sunday || std::ranges::find(holidays, month_day{day.month(), day.day()}) != std::end(holidays) ||
                     std::ranges::find(movable, day) != std::end(movable);
    if (off) broken(working, node, fmt::format("{} of {} ended {}", row.kind, row.key, to_rfc3339(row.happened_at)));
}

void Watch::line_goes_its_way(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    auto const found = seen.lines.find(move.subject.id);
    auto const what = fmt::format("row {} ({}): {} {} went {} -> {} on {}", row.seq, row.kind, move.machine, move.subject.id, move.from, move.to, move.event);
    if (found != seen.lines.end() && found->second.state != move.from) broken(way, node, what + ", and was last seen " + found->second.state);
    if (is_settled(move.machine, move.from) && move.from != move.to && move.event != "performance_recognised") broken(way, node, what);
    auto& line = seen.lines[move.subject.id];
    line.state = move.to;
    if (move.event == "activation_done" && move.to == "completed" && move.from != move.to) ++market_.figures().transfers;
}

void Watch::nobody_moves_the_ports_of_others(Node const& node, LogRow const& row, Move const& move) {
    auto const sender = said_by(row.source);
    auto const line = porting::parse_line_id(move.subject.id);
    if (sender.empty() || !line || sender == "HUB") return;
    auto const port = node.book().port(line->first);
    if (!port) broken(parties, node, move.subject.id + " moved and is of no port");
    if (port->recipient.text != sender && port->donor.text != sender)
        broken(parties, node, fmt::format("{} moved {} of {} and {}", sender, move.subject.id, port->recipient.text, port->donor.text));
}

void Watch::activation_follows_acceptance(Node const& node, LogRow const& row, Move const& move) {
    if (move.machine != "port_in") return;
    auto const id = porting::parse_line_id(move.subject.id);
    auto const what = fmt::format("row {} ({}): {} {} -> {}", row.seq, row.kind, move.subject.id, move.from, move.to);
    for (auto const& line : node.book().lines(id->first)) {
        if (line.no != id->second) continue;
        bool const starts = move.to == "activating" && move.from != move.to;
        if (starts && (!line.approved_at || !line.agreed_at)) broken(activation, node, what + " without the donor's yes");
        if (starts && row.learned_at < *line.agreed_at) broken(activation, node, what + " before " + to_rfc3339(*line.agreed_at));
        if (starts && line.first_possible && row.learned_at < *line.first_possible) broken(activation, node, what + " before the donor's first possible moment");
        bool const done = move.to == "completed" && move.from != move.to;
        if (done && line.agreed_at && row.learned_at < *line.agreed_at) broken(activation, node, what + " before " + to_rfc3339(*line.agreed_at));
        if (done && (!line.approved_at || !line.effective_at || *line.effective_at < *line.agreed_at)) broken(activation, node, what + " without or before an agreed moment");
    }
}

void Watch::lines_add_up_to_the_port(Node const& node, Seen& seen, PortId const& port) {
    std::vector<NumberRange> now;
    for (auto const& line : node.book().lines(port)) now.push_back(line.numbers);
    std::int64_t const all = porting::count(now);
    now = porting::joined(std::move(now));
    auto const [known, fresh] = seen.asked.try_emplace(port.text, now);
    if (fresh) ++market_.figures().ports;
    if (known->second != now || porting::count(now) != all)
        broken(sum, node, fmt::format("{} has {} numbers in its lines, {} different ones, and was asked for {}", port.text, all, porting::count(now), porting::count(known->second)));
}

void Watch::donor_lets_go_only_what_was_taken(Node const& node, Move const& move) {
    if (move.machine != "port_out" || move.to != "executed" || move.from == move.to) return;
    auto const id = porting::parse_line_id(move.subject.id);
    auto const port = node.book().port(id->first);
    auto const& recipient = market_.at(port->recipient);
    auto const theirs = recipient.book().port_by_dossier(port->dossier, Role::port_in);
    for (auto const& line : node.book().lines(id->first)) {
        if (line.no != id->second) continue;
        std::vector<NumberRange> taken;
        if (theirs)
            for (auto const& other : recipient.book().lines(theirs->id))
                if (other.state == "completed") taken.push_back(other.numbers);
        auto const missing = porting::without({line.numbers}, taken);
        if (!missing.empty()) broken(release, node, fmt::format("{} let {} go, which {} does not serve", move.subject.id, to_string(missing.front()), port->recipient.text));
    }
}

void Watch::number_waits_its_window(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    bool const given = move.event == "assigned" && move.to == "in_service" && move.from != move.to;
    auto const was = seen.numbers.find(move.subject.id);
    if (was != seen.numbers.end() && was->second != move.from)
        broken(window, node, fmt::format("row {}: {} went on from {}, and was last seen {}", row.seq, move.subject.id, move.from, was->second));
    if (given && move.from == "ageing") broken(window, node, fmt::format("row {}: {} was given out while it ages", row.seq, move.subject.id));
    seen.numbers[move.subject.id] = move.to;
}

// --------------------------------------------------------------------------------------------------------- each calm

void Watch::acknowledged(Node& node, std::string_view kind, std::string_view source, std::string_view body) {
    ++acknowledged_[fmt::format("{} {} {} {}", node.code().text, kind, source, content_hash(body))];
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
    ours.limit = many;
    for (auto const& port : node.reader().ports(ours)) {
        auto const& donor = market_.at(port.donor);
        auto const theirs = donor.book().port_by_dossier(port.dossier, Role::port_out);
        if (!theirs || theirs->recipient != node.code()) continue;
        for (auto const& line : node.book().lines(port.id))
            for (auto const& other : donor.book().lines(theirs->id)) {
                if (!line.numbers.overlaps(other.numbers)) continue;
                bool const waits_for_nothing = line.state == "cancelled" && !porting::line_settled(Role::port_out, other.state) && other.state != "disputed";
                bool const unheard = line.state == "completed" && !porting::line_settled(Role::port_out, other.state) && other.state != "disputed";
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
                if (row.refusals.empty()) ++rows[fmt::format("{} {} {} {}", node->code().text, row.kind, row.source, content_hash(row.body))];
            }
    }
    for (auto const& [what, times] : acknowledged_)
        if (rows[what] != 1) throw Broken(stored, fmt::format("{} was acknowledged {} times and is stored {} times", what, times, rows[what]));
}

void Watch::delivered_is_heard_once() {
    std::map<std::string, int> rows;
    for (auto const& node : market_.nodes())
        for (auto const& row : node->reader().log(0, many, true))
            if (row.kind.starts_with("message.") && row.source.starts_with("wire:"))
                ++rows[fmt::format("{} {}", node->code().text, content_hash(row.body))];
    for (auto const& sender : market_.nodes())
        for (std::int64_t id = 1; auto const delivery = sender->book().delivery(id); ++id) {
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
    for (auto const& one : node.reader().timers(many))
        if (one.due <= node.now()) broken(waits, node, fmt::format("{} of {} was due {}", one.name, one.subject.id, to_rfc3339(one.due)));
}

void Watch::what_is_given_up_has_a_person(Node& node) {
    for (auto const& row : node.reader().log(0, many))
        for (auto const& move : row.moves) {
            bool const lost = move.machine == "delivery" && (move.to == "bounced" || move.to == "expired") && move.event != "withdrawn";
            if (lost && std::ranges::find(move.actions, "call_a_person") == move.actions.end())
                broken(given_up, node, fmt::format("row {}: delivery {} ended {} and nobody was told", row.seq, move.subject.id, move.to));
        }
}

void Watch::delays_add_up(Node& node) {
    storage::PortFilter filter;
    filter.role = Role::port_in;
    filter.limit = many;
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
    for (auto const& contract : node.reader().contracts("", many)) {
        bool const over = contract.state == "ended";
        if (over != contract.numbers.empty())
            broken(contracts, node, fmt::format("{} is {} and holds {} numbers", contract.id.text, contract.state, porting::count(contract.numbers)));
        if (!over) continue;
        for (auto const& range : contract.original_numbers)
            for (auto n = range.first; n <= range.last; n = n.next())
                if (auto const record = node.book().number(n); record && record->contract == contract.id)
                    broken(contracts, node, fmt::format("{} is over and {} is still of it", contract.id.text, to_string(n)));
    }
}

void Watch::replay_tells_the_same(Node& node) {
    for (auto const& finding : node.ledger().check(0).findings) broken(replayed, node, finding);
    auto const ours = node.reader();
    auto const told = engine::replay(ours, node.first_law(), node.settings(), node.interchange(), {});
    if (!told.difference.empty()) broken(replayed, node, told.difference);
    auto const again = told.ledger->reader_on_same_connection();
    if (again.head_seq() != ours.head_seq()) broken(replayed, node, "the log has another length");
    if (again.timers(many) != ours.timers(many)) broken(replayed, node, "timers differ");
    storage::PortFilter all;
    all.limit = many;
    auto const ports = ours.ports(all);
    if (again.ports(all) != ports) broken(replayed, node, "ports differ");
    for (auto const& port : ports)
        if (again.book().lines(port.id) != ours.book().lines(port.id)) broken(replayed, node, "lines of " + port.id.text + " differ");
    if (again.contracts("", many) != ours.contracts("", many)) broken(replayed, node, "contracts differ");
    if (again.claims(false, "", many) != ours.claims(false, "", many)) broken(replayed, node, "claims differ");
    if (again.routing({}, many) != ours.routing({}, many)) broken(replayed, node, "routes differ");
}

} // namespace npod::sim
