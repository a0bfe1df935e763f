#include "storage/sqlite/check.hpp"

#include "state_machines/outline.hpp"
#include "storage/erasure.hpp"
#include "storage/sqlite/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace npod::storage::sqlite {

namespace {

/// More of one kind would only hide the others.
constexpr std::size_t findings_per_kind_max = 10;
constexpr int chain_rows_per_read = 500;

/// A larger file is not looked through from end to end at every start, only the end of its log is: a start must not take
/// longer as the book grows. `npod check` and the check of each nightly backup look through all of it.
constexpr std::int64_t bytes_looked_through_at_start = 64 * 1024 * 1024;

bool is_large(Database& database) {
    auto const pages = std::stoll(database.answer("PRAGMA page_count"));
    return pages * std::stoll(database.answer("PRAGMA page_size")) > bytes_looked_through_at_start;
}

/// Findings of one kind; counts what it does not list.
class Findings {
public:
    explicit Findings(Health& health) : health_(health) {}
    ~Findings() {
        if (count_ > findings_per_kind_max)
            health_.findings.push_back(fmt::format("… and {} more of this kind.", count_ - findings_per_kind_max));
    }
    Findings(Findings const&) = delete;
    Findings& operator=(Findings const&) = delete;
    void add(std::string text) {
        if (++count_ <= findings_per_kind_max) health_.findings.push_back(std::move(text));
    }

private:
    Health& health_;
    std::size_t count_ = 0;
};

/// `thoroughly`: indexes, too, are held against their tables, which takes several times as long.
void check_pages(Database& database, bool thoroughly, Health& health) {
    Findings findings(health);
    for (auto const& line : database.answers(thoroughly ? "PRAGMA integrity_check(10)" : "PRAGMA quick_check(10)"))
        if (line != "ok") findings.add(fmt::format("The file is damaged: {}. Put back the last backup.", line));
    for (auto const& table : database.answers("PRAGMA foreign_key_check"))
        findings.add(fmt::format("A row of table {} refers to a row that is gone. Put back the last backup.", table));
}

/// What is there of the erased rows, and what the rows of the erasures say of them. An erasure comes after what it erased.
class Erasures {
public:
    void see(LogRow const& row) {
        if (row.original) there_[row.seq] = hash_of_what_is_there(row);
        if (row.kind != erasure_kind) return;
        for (auto const& [seq, left] : erasure_told_from_json(row.body).rows) told_[seq] = {left, row.seq};
    }
    /// Rows before `first` were not looked at.
    void compare(std::int64_t first, Findings& findings) const {
        for (auto const& [seq, left] : there_) {
            auto const told = told_.find(seq);
            if (told == told_.end())
                findings.add(fmt::format("Log row {} was emptied, and no row of the log tells of its erasure. {}", seq, who));
            else if (told->second.left != left)
                findings.add(fmt::format("Log row {} is not what the erasure of row {} left of it. {}", seq,
                                         told->second.by, who));
        }
        for (auto const& [seq, told] : told_)
            if (seq >= first && !there_.contains(seq))
                findings.add(fmt::format("Log row {} says that row {} was erased, and it still has its words. {}", told.by,
                                         seq, who));
    }

private:
    static constexpr std::string_view who = "Put back the last backup, and find out who changed it.";
    struct Told {
        Hash left{};
        std::int64_t by = 0;
    };
    std::map<std::int64_t, Hash> there_;
    std::map<std::int64_t, Told> told_;
};

/// Walks the chain; stops at the first row that does not fit, because everything after it hangs in the air.
class Chain {
public:
    Chain(Database& database, Health& health)
        : database_(database), health_(health), erasable_(erasable_from(database)) {}

    void walk(std::int64_t chain_rows, Progress const& progress) {
        auto const last = last_seq(database_);
        std::int64_t const skipped = chain_rows > 0 ? std::max<std::int64_t>(0, last - chain_rows) : 0;
        if (skipped > 0)
            if (auto const before = read_event(database_, skipped, false)) at_ = {before->seq, before->hash};
        at_.seq = skipped;
        Erasures erasures;
        while (at_.seq < last) {
            for (auto const& row : read_events(database_, at_.seq, chain_rows_per_read, true)) {
                if (!fits(row)) return;
                erasures.see(row);
            }
            if (progress) progress("checking the log, rows", at_.seq - skipped, last - skipped);
        }
        Findings findings(health_);
        erasures.compare(skipped + 1, findings);
        check_end(last);
    }

private:
    bool fits(LogRow const& row) {
        if (row.seq != at_.seq + 1) return broken(at_.seq + 1, "is missing");
        if (chained_hash(at_.hash, row, erasable_) != row.hash) return broken(row.seq, "was changed after it was written");
        at_ = {row.seq, row.hash};
        ++health_.rows;
        return true;
    }
    void check_end(std::int64_t last) {
        auto const noted = stored_head(database_);
        if (last < noted.seq)
            broken(last + 1, fmt::format("is missing: the log once ended at row {}", noted.seq));
        else if (at_ != noted)
            broken(last, fmt::format("is not the end that was noted (row {})", noted.seq));
    }
    bool broken(std::int64_t seq, std::string_view how) {
        health_.findings.push_back(
            fmt::format("Log row {} {}. The record is not to be trusted from there on: put back the last "
                        "backup, and find out who changed it.",
                        seq, how));
        return false;
    }

    Database& database_;
    Health& health_;
    std::int64_t erasable_;
    Head at_;
};

bool is_listed(Database& database, std::string_view id, std::int64_t seq) {
    auto query = database.query("SELECT 1 FROM event_subject WHERE about = ?1 AND seq = ?2");
    query.with(id, seq);
    return query.step();
}

/// Under which ids rows are found, against what the rows name. All of it, in both directions.
void check_subjects(Database& database, Health& health, Progress const& progress) {
    Findings findings(health);
    if (progress) progress("checking the index of the log", 0, 0);
    std::int64_t found = 0, after = 0;
    for (auto rows = read_events(database, after, chain_rows_per_read, false); !rows.empty();
         rows = read_events(database, after, chain_rows_per_read, false))
        for (auto const& row : rows) {
            after = row.seq;
            for (auto const& id : std::set(row.about.begin(), row.about.end())) {
                if (is_listed(database, id, row.seq)) ++found;
                else
                    findings.add(fmt::format("Log row {} is not found under {}, which it names. Put back the last backup.", row.seq, id));
            }
        }
    auto listed = database.query("SELECT seq, about FROM event_subject WHERE ?1 < (SELECT count(*) FROM event_subject)");
    listed.with(found); // when there are no more than those that belong there, none need be looked at
    while (listed.step()) {
        auto const seq = listed.get<std::int64_t>();
        auto const id = listed.get<std::string>();
        auto const row = read_event(database, seq, false);
        if (!row || std::ranges::find(row->about, id) == row->about.end())
            findings.add(fmt::format("Log row {} is found under {}, which it does not name. Put back the last backup.", seq, id));
    }
}

/// One thing in the database: which machine it runs, in what state, and the timer it has ("" without one).
struct Standing {
    std::string kind, id, machine, state, timer, armed_in;
};

void check_standing(Standing const& thing, Findings& findings) {
    auto const* machine = machine::find_outline(thing.machine);
    auto const* state = machine ? machine::find_named(machine->states, thing.state) : nullptr;
    auto const name = fmt::format("{} {}", thing.kind, thing.id);
    if (!state) {
        findings.add(
            fmt::format("{} is in state \"{}\", which the machine {} does not know. Use the npod that wrote it, or "
                        "migrate the state.",
                        name, thing.state, thing.machine));
    } else if (thing.timer != state->deadline) {
        findings.add(fmt::format("{} is in state {} and {} armed where {} belongs. Report this: no event may do that.",
                                 name, thing.state, thing.timer.empty() ? "has nothing" : "has " + thing.timer,
                                 state->deadline.empty() ? "nothing" : std::string(state->deadline)));
    } else if (!thing.timer.empty() && thing.armed_in != thing.state) {
        findings.add(fmt::format("{} is in state {} with a timer armed in {}. Report this: no event may do that.", name,
                                 thing.state, thing.armed_in));
    }
}

void check_things(Query&& query, Health& health) {
    Findings findings(health);
    while (query.step()) {
        Standing thing;
        query.into(thing.kind, thing.id, thing.machine, thing.state, thing.timer, thing.armed_in);
        check_standing(thing, findings);
    }
}

/// Every state known, every deadline armed: lines, numbers, contracts, claims, deliveries.
void check_states(Database& database, Health& health) {
    check_things(
        database.query("SELECT 'line', l.port || '/' || l.no, p.role, l.state, t.name, t.armed_in "
                       "FROM line l JOIN port p ON p.id = l.port "
                       "LEFT JOIN timer t ON t.kind = 'line' AND t.id = l.port || '/' || l.no ORDER BY l.port, l.no"),
        health);
    check_things(database.query("SELECT 'number', '+' || n.number, 'number', n.state, t.name, t.armed_in FROM number n "
                                "LEFT JOIN timer t ON t.kind = 'number' AND t.id = '+' || n.number ORDER BY n.number"),
                 health);
    check_things(database.query("SELECT 'contract', c.id, 'contract', c.state, t.name, t.armed_in FROM contract c "
                                "LEFT JOIN timer t ON t.kind = 'contract' AND t.id = c.id ORDER BY c.id"),
                 health);
    check_things(database.query("SELECT 'claim', c.id, 'claim', c.state, t.name, t.armed_in FROM claim c "
                                "LEFT JOIN timer t ON t.kind = 'claim' AND t.id = c.id ORDER BY c.id"),
                 health);
    check_things(
        database.query("SELECT 'delivery', CAST(d.id AS TEXT), 'delivery', d.state, t.name, t.armed_in FROM delivery d "
                       "LEFT JOIN timer t ON t.kind = 'delivery' AND t.id = CAST(d.id AS TEXT) ORDER BY d.id"),
        health);
}

/// How many ports are in which state, against the ports themselves.
void check_counts(Database& database, Health& health) {
    Findings findings(health);
    auto query = database.query("SELECT role, state, sum(counted), sum(there) FROM ("
                                "SELECT settled, role, state, ports AS counted, 0 AS there FROM port_count UNION ALL "
                                "SELECT settled, role, state, 0, count(*) FROM port GROUP BY settled, role, state) "
                                "GROUP BY settled, role, state HAVING sum(counted) <> sum(there)");
    while (query.step()) {
        auto const role = query.get<std::string>(), state = query.get<std::string>();
        auto const counted = query.get<std::int64_t>(), there = query.get<std::int64_t>();
        findings.add(fmt::format("The table port_count says that {} {} are {}, and there are {}. Report this: no event may do that.", counted, role, state, there));
    }
}

void check_stray_timers(Database& database, Health& health) {
    Findings findings(health);
    auto query = database.query(
        "SELECT t.kind || ' ' || t.id, t.name FROM timer t WHERE NOT CASE t.kind "
        "WHEN 'line' THEN EXISTS (SELECT 1 FROM line WHERE port = substr(t.id, 1, instr(t.id, '/') - 1) "
        "AND no = CAST(substr(t.id, instr(t.id, '/') + 1) AS INTEGER)) "
        "WHEN 'number' THEN EXISTS (SELECT 1 FROM number WHERE number = CAST(substr(t.id, 2) AS INTEGER)) "
        "WHEN 'contract' THEN EXISTS (SELECT 1 FROM contract WHERE id = t.id) "
        "WHEN 'claim' THEN EXISTS (SELECT 1 FROM claim WHERE id = t.id) "
        "WHEN 'delivery' THEN EXISTS (SELECT 1 FROM delivery WHERE id = CAST(t.id AS INTEGER)) "
        "ELSE EXISTS (SELECT 1 FROM parked WHERE seq = CAST(t.id AS INTEGER)) END ORDER BY t.due_ms, t.kind, t.id");
    while (query.step()) {
        auto const subject = query.get<std::string>();
        findings.add(
            fmt::format("The timer {} is armed for {}, which does not exist. Report this: no event may do that.",
                        query.get<std::string>(), subject));
    }
}

} // namespace

Health check(Database& database, std::int64_t chain_rows, Progress const& progress) {
    Health health;
    try {
        Chain(database, health).walk(chain_rows, progress);
        if (chain_rows > 0 && is_large(database)) return health;
        if (progress) progress("checking the pages", 0, 0);
        check_pages(database, chain_rows == 0, health);
        if (progress) progress("checking states and deadlines", 0, 0);
        check_states(database, health);
        check_stray_timers(database, health);
        if (chain_rows == 0) check_counts(database, health);
        if (chain_rows == 0) check_subjects(database, health, progress);
    } catch (StorageFault const& fault) { // damage that cannot even be read is a finding, too
        health.findings.push_back(fault.what());
    }
    return health;
}

} // namespace npod::storage::sqlite
