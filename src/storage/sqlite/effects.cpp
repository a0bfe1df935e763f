#include "storage/sqlite/effects.hpp"

#include "storage/sqlite/event_log.hpp"
#include "storage/sqlite/machine_states.hpp"
#include "storage/sqlite/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace npod::storage::sqlite {

using namespace porting;

namespace {

// ---------------------------------------------------------------------------------------------- lines and live numbers

/// What changes about the live numbers of one line.
struct LiveChange {
    PortId port;
    int line = 0;
    Role role = Role::port_in;
    std::vector<NumberRange> gone, come;
};

LiveChange write_line_of(Database& database, Line const& line, Writing::LineBefore const& old) {
    LiveChange change{line.port, line.no, old.role, {}, {}};
    bool const settled = line_is_settled(change.role, line.state);
    std::vector<NumberRange> before, after;
    if (old.live) before = {old.numbers};
    if (!settled) after = {line.numbers};
    if (old.stored && old.numbers == line.numbers) advance_line(database, line, settled);
    else write_line(database, line, settled);
    if (before != after) {
        change.gone = without(before, after);
        change.come = without(after, before);
    }
    return change;
}

void remove_live(Database& database, LiveChange const& change) {
    auto query = database.query("DELETE FROM live_number "
                                "WHERE number BETWEEN ?1 AND ?2 AND role = ?3 AND port = ?4 AND line = ?5");
    for (auto const& range : change.gone) {
        query.run(range.first, range.last, name_of(change.role), change.port, change.line);
    }
}

[[noreturn]] void refuse_second_port(Database& database, Number number, Role role) {
    auto query = database.query("SELECT port, line FROM live_number WHERE number = ?1 AND role = ?2");
    query.with(number, name_of(role));
    query.step();
    auto const holder = query.get<std::string>();
    throw ConstraintBroken(
        fmt::format("{} is in the live port {} (line {}), and a number can be in one live port at a time",
                    to_string(number), holder, query.get<int>()));
}

void add_live(Database& database, LiveChange const& change) {
    auto query = database.query("INSERT OR IGNORE INTO live_number (number, role, port, line) VALUES (?1, ?2, ?3, ?4)");
    for (auto const& range : change.come)
        for (auto number = range.first; number <= range.last; number = number.next()) {
            if (query.run(number, name_of(change.role), change.port, change.line) == 0) refuse_second_port(database, number, change.role);
        }
}

/// Numbers leave their lines before others take them: a split moves them from one line to the next.
void write_lines(Database& database, Writing const& writing) {
    auto const& lines = writing.effects.lines;
    std::vector<LiveChange> changes;
    changes.reserve(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) changes.push_back(write_line_of(database, lines[i], writing.lines[i]));
    for (auto const& change : changes) remove_live(database, change);
    for (auto const& change : changes) add_live(database, change);
}

// -------------------------------------------------------------------------------------------------- blocks and routing

std::vector<RoutingEntry> blocks_over(Database& database, NumberRange range) {
    auto query = database.query(
        "SELECT first_number, last_number, operator, since_ms FROM block WHERE first_number <= ?2 AND last_number >= "
        "?1 "
        "AND first_number >= coalesce((SELECT max(first_number) FROM block WHERE first_number <= ?1), ?1) "
        "ORDER BY first_number");
    query.with(range.first, range.last);
    std::vector<RoutingEntry> blocks;
    while (query.step()) {
        RoutingEntry block;
        query.into(block.numbers.first, block.numbers.last, block.operator_code, block.since);
        blocks.push_back(std::move(block));
    }
    return blocks;
}

void insert_block(Database& database, RoutingEntry const& block) {
    auto query =
        database.query("INSERT INTO block (first_number, last_number, operator, since_ms) VALUES (?1, ?2, ?3, ?4)");
    query.run(block.numbers.first, block.numbers.last, block.operator_code, block.since);
}

/// The new block replaces what it overlaps; what sticks out of the old ones stays theirs. No operator: the range goes
/// back to nobody.
void write_block(Database& database, RoutingEntry const& block, bool by_moment) {
    for (auto const& old : blocks_over(database, block.numbers)) {
        auto query = database.query("DELETE FROM block WHERE first_number = ?1");
        query.run(old.numbers.first);
        for (auto const& rest : without({old.numbers}, {block.numbers}))
            insert_block(database, {rest, old.operator_code, old.since});
    }
    if (!block.operator_code) return;
    insert_block(database, block);
    if (by_moment) {
        auto query = database.query("INSERT INTO came_home (number, since_ms) SELECT number, since_ms FROM routing "
                                    "WHERE number BETWEEN ?1 AND ?2 AND operator = ?3 ORDER BY number");
        query.run(block.numbers.first, block.numbers.last, block.operator_code);
    }
    auto query = database.query("DELETE FROM routing WHERE number BETWEEN ?1 AND ?2 AND operator = ?3");
    query.run(block.numbers.first, block.numbers.last, block.operator_code);
}

/// At home, its block says who serves a number; since when is kept, because news of an older transfer may still come.
void write_home(Database& database, NumberRange numbers, Moment since) {
    auto query = database.query("INSERT INTO came_home (number, since_ms) VALUES (?1, ?2)");
    for (auto number = numbers.first; number <= numbers.last; number = number.next()) query.run(number, since);
}

/// Served by: one row per number unless its block already says so. No operator: back to the block holder.
void write_routing(Database& database, RoutingEntry const& entry, bool by_moment) {
    {
        auto query = database.query("DELETE FROM routing WHERE number BETWEEN ?1 AND ?2");
        query.run(entry.numbers.first, entry.numbers.last);
    }
    {
        auto query = database.query("DELETE FROM came_home WHERE number BETWEEN ?1 AND ?2");
        query.run(entry.numbers.first, entry.numbers.last);
    }
    std::vector<NumberRange> own;
    if (!entry.operator_code) own = {entry.numbers};
    else
        for (auto const& block : blocks_over(database, entry.numbers))
            if (block.operator_code == entry.operator_code) own.push_back(block.numbers);
    if (by_moment)
        for (auto const& range : in_both({entry.numbers}, own)) write_home(database, range, entry.since);
    auto query = database.query("INSERT INTO routing (number, operator, since_ms) VALUES (?1, ?2, ?3)");
    for (auto const& range : without({entry.numbers}, own))
        for (auto number = range.first; number <= range.last; number = number.next()) {
            query.run(number, entry.operator_code, entry.since);
        }
}

// ------------------------------------------------------------------------------------------------- timers and the rest

void note_next_due(Database& database, PortId const& port) {
    // "PI-000001/" to "PI-0000010" are exactly the ids of its lines: '0' follows '/'.
    auto query =
        database.query("UPDATE port SET next_due_ms = coalesce((SELECT min(due_ms) FROM timer WHERE kind = 'line' "
                       "AND id > ?1 || '/' AND id < ?1 || '0'), 9223372036854775807) WHERE id = ?1");
    query.run(port);
}

/// And the ports whose lines advanced: their rows say when the next timer falls due.
void write_timers(Database& database, Writing const& writing) {
    auto const& effects = writing.effects;
    // What the subject had armed before goes; a state has at most one deadline. Two statements: INSERT OR REPLACE would keep a
    // copy of every page it changes.
    for (auto const& subject : writing.disarmed) delete_timer(database, subject);
    for (auto const& timer : effects.arm) write_timer(database, timer);
    std::set<PortId> touched;
    auto const touch = [&](Subject const& subject) {
        if (subject.kind != SubjectKind::line) return;
        if (auto const line = parse_line_id(subject.id)) touched.insert(line->first);
    };
    for (auto const& subject : effects.cancel) touch(subject);
    for (auto const& timer : effects.arm) touch(timer.subject);
    for (auto const& port : effects.advanced) advance_port(database, port), touched.erase(port.id);
    for (auto const& port : touched) note_next_due(database, port);
}

void write_deliveries(Database& database, Writing const& writing) {
    for (auto const& delivery : writing.encoded) write_delivery(database, delivery, writing.seq);
    for (auto const& delivery : writing.effects.deliveries) advance_delivery(database, delivery);
}

void write_parked(Database& database, Effects const& effects) {
    for (auto const& message : effects.park) {
        auto query = database.query("INSERT INTO parked (seq, dossier, sender, type, received_at_ms) "
                                    "VALUES (?1, ?2, ?3, ?4, ?5)");
        query.run(message.seq, message.dossier, message.sender, message.type, message.received_at);
    }
    for (auto const seq : effects.unpark) {
        auto query = database.query("DELETE FROM parked WHERE seq = ?1");
        query.run(seq);
    }
}

void write_counters(Database& database, Effects const& effects) {
    for (auto const& [name, value] : effects.counters) {
        auto query = database.query(
            "INSERT INTO counter (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2");
        query.run(name, value);
    }
}

Role role_of_port(RecentBook const& before, Effects const& effects, PortId const& id) {
    for (auto const* const ports : {&effects.ports, &effects.advanced})
        for (auto const& port : *ports)
            if (port.id == id) return port.role;
    if (auto const port = before.port(id)) return port->role;
    throw ConstraintBroken(fmt::format("a line belongs to the port {}, which is not there", id.text));
}

} // namespace

Writing writing_of(RecentBook const& before, Effects effects, std::vector<Delivery> encoded, std::int64_t seq) {
    NPOD_PROMISE(encoded.size() == effects.sends.size());
    for (std::size_t i = 0; i < encoded.size(); ++i) NPOD_PROMISE(encoded[i].id == effects.sends[i].delivery);
    Writing writing{std::move(effects), std::move(encoded), seq, {}, {}};
    std::set<Subject> come; // with their lines
    for (auto const& line : writing.effects.lines) {
        auto const role = role_of_port(before, writing.effects, line.port);
        auto const* const old = before.line(line.port, line.no);
        if (old) writing.lines.push_back({true, old->numbers, !line_is_settled(role, old->state), role});
        else writing.lines.push_back({false, {}, false, role}), come.insert(subject_of(line));
    }
    auto const disarm = [&](Subject const& subject) {
        if (!come.contains(subject) && before.timer(subject)) writing.disarmed.push_back(subject);
    };
    for (auto const& subject : writing.effects.cancel) disarm(subject);
    for (auto const& timer : writing.effects.arm) disarm(timer.subject);
    return writing;
}

void note(Touched& touched, Writing const& writing) {
    using enum Topic;
    auto const& effects = writing.effects;
    for (auto const& one : effects.ports) touched.note(port, one.id.text), touched.note(dossier, one.dossier.text), touched.note(order, one.order.text);
    for (auto const& one : effects.advanced) touched.note(port, one.id.text);
    if (!effects.ports.empty() || !effects.advanced.empty()) touched.note(every_port, "");
    for (std::size_t i = 0; i < effects.lines.size(); ++i) {
        auto const& [now, before] = std::tie(effects.lines[i], writing.lines[i]);
        touched.note(port, now.port.text);
        if (before.live && before.numbers == now.numbers && !line_is_settled(before.role, now.state)) continue;
        touched.note(live, now.numbers);
        if (before.live) touched.note(live, before.numbers);
    }
    for (auto const& one : effects.numbers) touched.note(record, {one.number, one.number});
    for (auto const& one : effects.contracts) touched.note(contract, one.id.text);
    for (auto const& one : effects.claims) touched.note(claim, one.id.text), touched.note(port, one.port.text);
    for (auto const& one : writing.encoded) touched.note(sent, one.dossier.text), touched.note(delivery, std::to_string(one.id));
    for (auto const& one : effects.deliveries) touched.note(delivery, std::to_string(one.id));
    for (auto const& subject : effects.cancel) touched.note(timer, key_of(subject));
    for (auto const& one : effects.arm) touched.note(timer, key_of(one.subject));
    for (auto const& entry : effects.routing) touched.note(routing, entry.numbers);
    for (auto const& block : effects.blocks) touched.note(routing, block.numbers);
    if (!effects.blocks.empty()) touched.note(blocks, "");
    if (!effects.park.empty() || !effects.unpark.empty()) touched.note(waiting, "");
    for (auto const& [name, value] : effects.counters) touched.note(counter, name);
}

void write(Database& database, Writing const& writing) {
    auto const& effects = writing.effects;
    write_counters(database, effects);
    for (auto const& port : effects.ports) write_port(database, port);
    write_lines(database, writing);
    for (auto const& contract : effects.contracts) write_contract(database, contract);
    for (auto const& number : effects.numbers) write_number(database, number);
    for (auto const& claim : effects.claims) write_claim(database, claim);
    write_deliveries(database, writing);
    write_timers(database, writing);
    if (!effects.blocks.empty() || !effects.routing.empty()) {
        bool const by_moment = writing.seq > number_in_meta(database, routed_by_news_key, 0);
        for (auto const& block : effects.blocks) write_block(database, block, by_moment);
        for (auto const& entry : effects.routing) write_routing(database, entry, by_moment);
    }
    write_parked(database, effects);
}

std::string explain(ConstraintBroken const& broken) {
    struct Meaning {
        std::string_view words, sentence;
    };
    static constexpr Meaning meanings[] = {
        {"port.dossier", "the dossier is already that of another port of the same role"},
        {"claim.port", "the port already has its claim"},
        {"routing.number", "the number already has a serving operator"},
        {"remembered.source", "the same question was already answered"},
        {"mailbox.receiver", "the message is already in that mailbox"},
        {"FOREIGN KEY", "it refers to something that is not stored"},
    };
    std::string_view const words = broken.what();
    std::string_view sentence = words;
    for (std::string_view const prefix : {"CHECK constraint failed: ", "UNIQUE constraint failed: "})
        if (words.starts_with(prefix)) sentence = words.substr(prefix.size());
    for (auto const& meaning : meanings)
        if (words.find(meaning.words) != std::string_view::npos) sentence = meaning.sentence;
    return fmt::format(
        "The database refused this change and nothing of it was kept: {}. Look at what is there, then ask again.",
        sentence);
}

} // namespace npod::storage::sqlite
