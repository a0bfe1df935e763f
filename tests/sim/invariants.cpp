#include "sim/invariants.hpp"

#include "base/hash.hpp"
#include "engine/replay.hpp"
#include "porting/explain.hpp"
#include "sim/broken.hpp"
#include "sim/invariant_names.hpp"
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
using namespace invariant;

namespace {

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
        {window, "A number whose contract ended is given to another only after its month and its ageing, by an arithmetic of the watch's own; its last holder may have it back within the month."},
        {home, "Once nothing is under way, a number is served by one operator at most, and by one exactly unless it rests."},
        {agree, "Once nothing is under way, all operators route a number to the same one, and that one serves it."},
        {both, "Once nothing is under way: what the recipient withdrew waits at no donor, and what it completed is executed at the donor or on a desk."},
        {stored, "What was acknowledged is in the log exactly once."},
        {heard, "A message that was taken is in its receiver's log exactly once."},
        {waits, "Every waiting thing has its deadline, and none of them lies in the past."},
        {given_up, "A message that nobody took has called a person."},
        {delays, "The parts of a delay join without a gap and add up to its days and cents."},
        {contracts, "A contract is over exactly when it holds no number any more, from the very moment at which its last number left; what it holds is served."},
        {replayed, "The log told again from nothing gives the same rows, hashes and every table that follows from it; the chain holds."},
        {same_answer, "Whoever asks again under the same key hears the same bytes."},
        {one_word, "No donor accepts and refuses a number in one dossier, and no recipient takes for a no what was a yes."},
        {settles, "A hundred calm days after the last fault every line is settled, or a person was called to it."},
        {drains, "Days after the last fault nothing is under way any more."},
        {one_id, "The hub never gives an id to two messages."},
        {sound, "A database that is opened after a death has no finding."},
        {restored, "A backup holds all up to the row that it names; all other invariants hold after it, but for the numbers and dossiers of which an operator forgot what it did itself."},
        {stops, "No input and no moment makes the product throw or break a promise."},
    };
    return all;
}

void Watch::broken(char const* invariant, Node const& node, std::string const& how) const {
    throw Broken(invariant, fmt::format("{} at {}: {}", node.code().text, to_rfc3339(market_.now()), how));
}

// --------------------------------------------------------------------------------------------------------- each step

void Watch::committed(Node& node) {
    auto& seen = seen_[node.code()];
    std::set<PortId> touched;
    for (auto const& row : node.reader().log(seen.seq, longest_list)) {
        ++market_.figures().rows;
        log_has_no_gap(node, seen, row);
        seen.latest = std::max(seen.latest, row.learned_at);
        deadline_fires_once_and_never_early(node, seen, row);
        legal_deadline_ends_on_a_working_day(node, row);
        for (auto const& move : row.moves) {
            if (move.subject.kind == SubjectKind::line) {
                nobody_moves_the_ports_of_others(node, row, move);
                activation_follows_acceptance(node, seen, row, move);
                line_goes_its_way(node, seen, row, move);
                donor_lets_go_only_what_was_taken(node, move);
                donor_has_one_word(node, seen, row, move);
                if (auto const line = porting::parse_line_id(move.subject.id)) touched.insert(line->first);
            }
        }
        holdings(node, seen, row);
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

namespace {

/// Gauss's rule for 1900 to 2099, and not the one that the product counts by.
std::chrono::sys_days easter_by_gauss(std::chrono::year year) {
    int const y = static_cast<int>(year), a = y % 19, d = (19 * a + 24) % 30, e = (2 * (y % 4) + 4 * (y % 7) + 6 * d + 5) % 7;
    int const days = d == 29 && e == 6 ? 28 : d == 28 && e == 6 && a > 10 ? 27 : d + e;
    return std::chrono::sys_days{year / std::chrono::March / 22} + std::chrono::days{days};
}

} // namespace

void Watch::legal_deadline_ends_on_a_working_day(Node const& node, LogRow const& row) {
    if (row.kind != "timer.answer_deadline") return;
    using namespace std::chrono;
    // Brussels is one or two hours ahead, and every such deadline ends between 8 and 18 h: the day is the same in UTC
    auto const day = floor<days>(row.happened_at);
    year_month_day const date{day};
    static constexpr month_day holidays[] = {January / 1, May / 1, July / 21, August / 15, November / 1, November / 11, December / 25};
    auto const after_easter = (day - easter_by_gauss(date.year())).count();
    bool const off = weekday{day} == Saturday || weekday{day} == Sunday || std::ranges::find(holidays, month_day{date.month(), date.day()}) != std::end(holidays) ||
                     after_easter == 1 || after_easter == 39 || after_easter == 50;
    if (off) broken(working, node, fmt::format("{} of {} ended {}", row.kind, row.key, to_rfc3339(row.happened_at)));
}

void Watch::line_goes_its_way(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    auto const found = seen.lines.find(move.subject.id);
    auto const what = fmt::format("row {} ({}): {} {} went {} -> {} on {}", row.seq, row.kind, move.machine, move.subject.id, move.from, move.to, move.event);
    if (found != seen.lines.end() && found->second.state != move.from) broken(way, node, what + ", and was last seen " + found->second.state);
    if (is_settled(move.machine, move.from) && move.from != move.to && move.event != "performance_recognised") broken(way, node, what);
    auto& line = seen.lines[move.subject.id];
    if (move.from != move.to) line.called = false;
    line.state = move.to;
    line.called = line.called || std::ranges::find(move.actions, "call_a_person") != move.actions.end();
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

void Watch::activation_follows_acceptance(Node const& node, Seen const& seen, LogRow const& row, Move const& move) {
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
        if (!done) continue;
        if (!line.approved_at || !line.agreed_at || !line.effective_at) broken(activation, node, what + " without an agreed moment");
        bool const came = *line.agreed_at <= seen.latest;
        if (!came || (*line.effective_at < *line.agreed_at && row.learned_at >= *line.agreed_at))
            broken(activation, node, fmt::format("{} as of {}, before {}", what, to_rfc3339(*line.effective_at), to_rfc3339(*line.agreed_at)));
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
        if (!missing.empty() && !is_disturbed(line.numbers)) broken(release, node, fmt::format("{} let {} go, which {} does not serve", move.subject.id, to_string(missing.front()), port->recipient.text));
    }
}

void Watch::donor_has_one_word(Node const& node, Seen& seen, LogRow const& row, Move const& move) {
    if (move.machine != "port_out" || move.verdict != "moved") return;
    char const word = move.event == "acceptance_decided" ? 'y' : move.event == "refusal_decided" ? 'n' : ' ';
    if (word == ' ') return;
    auto const id = porting::parse_line_id(move.subject.id);
    for (auto const& line : node.book().lines(id->first)) {
        if (line.no != id->second) continue;
        for (auto n = line.numbers.first; n <= line.numbers.last; n = n.next())
            if (auto const [known, fresh] = seen.word.try_emplace({id->first.text, n}, word); !fresh && known->second != word)
                broken(one_word, node, fmt::format("row {}: {} of {} got both", row.seq, to_string(n), id->first.text));
    }
}

} // namespace npod::sim
