/// Lists asked for by a filter: the same lists in the same order, with a condition in their SQL.

#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/one_commit.hpp"
#include "storage/sqlite/rows.hpp"

namespace npod::storage {

using namespace porting;
using namespace sqlite;

namespace {

std::vector<std::string> ids(Query&& query) {
    std::vector<std::string> found;
    while (query.step()) found.push_back(query.get<std::string>());
    return found;
}

/// The condition of the list, when it has one, and its parameters.
AssembledSql where(PortFilter const& filter) {
    auto sql = filter.condition ? condition_on_ports(*filter.condition) : AssembledSql("1");
    if (filter.open_only) sql.add(" AND p.settled = 0");
    if (filter.role) sql.add(" AND p.role = ").bind(std::string(name_of(*filter.role)));
    if (filter.counterpart)
        sql.add(" AND CASE p.role WHEN 'port_in' THEN p.donor ELSE p.recipient END = ").bind(filter.counterpart->text);
    if (filter.contract) sql.add(" AND p.contract <> '' AND p.contract = ").bind(filter.contract->text);
    if (filter.state)
        sql.add(" AND (p.state = ").bind(*filter.state)
            .add(" OR EXISTS (SELECT 1 FROM line l WHERE l.port = p.id AND l.state = ").bind(*filter.state).add("))");
    return sql;
}

std::optional<std::int64_t> figure_of(PortMeasures const& measures, int which) {
    constexpr auto caused_cents = static_cast<int>(Figure::caused_cents), caused_days = static_cast<int>(Figure::caused_days);
    if (which >= caused_days) return measures.caused_days.at(static_cast<std::size_t>(which - caused_days));
    if (which >= caused_cents) return measures.caused_cents.at(static_cast<std::size_t>(which - caused_cents));
    switch (static_cast<Figure>(which)) {
    case Figure::owed: return measures.owed_cents;
    case Figure::per_day: return measures.per_day_cents;
    case Figure::delay_days: return measures.delay_days;
    case Figure::causers:
    case Figure::caused_cents:
    case Figure::caused_days: break;
    }
    return measures.causers;
}

} // namespace

std::vector<std::string> filtered_ports(Database& database, PortFilter const& filter, bool settled, std::int64_t due,
                                        std::int64_t no, int limit) {
    // One contract has few ports, whatever else is asked of them.
    AssembledSql sql = filter.contract ? Sql("SELECT p.id FROM port p INDEXED BY port_contract WHERE p.settled = ")
                                       : Sql("SELECT p.id FROM port p WHERE p.settled = ");
    sql.bind(settled ? 1 : 0).add(" AND (p.next_due_ms, p.no) ").add(settled ? Sql("< (") : Sql("> ("));
    sql.bind(due).add(", ").bind(no).add(") AND ").add(where(filter));
    sql.add(settled ? Sql(" ORDER BY p.next_due_ms DESC, p.no DESC LIMIT ") : Sql(" ORDER BY p.next_due_ms, p.no LIMIT ")).bind(limit);
    return ids(database.query(sql));
}

std::int64_t count_filtered_ports(Database& database, PortFilter const& filter) {
    auto query = database.query(AssembledSql("SELECT count(*) FROM port p WHERE ").add(where(filter)));
    query.step();
    return query.get<std::int64_t>();
}

void Reader::measure_by(Measure measure) const {
    if (!measure) return impl_->database->teach_measure({});
    struct Last { ///< a condition may ask for several figures of one port
        std::string id;
        PortMeasures measures;
    };
    impl_->database->teach_measure([measure = std::move(measure), last = Last{}](std::string_view id, int which) mutable {
        if (last.id != id) {
            last.measures = measure(PortId{std::string(id)});
            last.id = id;
        }
        return figure_of(last.measures, which);
    });
}

PortTotals Reader::totals(PortFilter const& filter) const {
    AssembledSql sql("SELECT count(*), coalesce(sum((SELECT sum(l.last_number - l.first_number + 1) FROM line l "
                     "WHERE l.port = p.id)), 0) FROM port p WHERE ");
    auto query = impl_->database->query(sql.add(where(filter)));
    query.step();
    PortTotals totals;
    query.into(totals.ports, totals.numbers);
    return totals;
}

std::int64_t Reader::sum(PortFilter const& filter, Figure figure, int causer) const {
    AssembledSql sql("SELECT coalesce(sum(measure(p.id, ");
    sql.bind(static_cast<int>(figure) + causer).add(")), 0) FROM port p WHERE ").add(where(filter));
    auto query = impl_->database->query(sql);
    query.step();
    return query.get<std::int64_t>();
}

std::vector<OperatorCode> Reader::counterparts(PortFilter const& filter) const {
    AssembledSql sql("SELECT DISTINCT CASE p.role WHEN 'port_in' THEN p.donor ELSE p.recipient END FROM port p WHERE ");
    std::vector<OperatorCode> codes;
    for (auto& code : ids(impl_->database->query(sql.add(where(filter)).add(" ORDER BY 1")))) codes.push_back(OperatorCode{std::move(code)});
    return codes;
}

std::vector<Claim> Reader::claims(bool open_only, filter::Expression const& condition, std::string_view after, int limit) const {
    OneCommit const one(*impl_);
    AssembledSql sql("SELECT c.id FROM claim c WHERE c.no > coalesce((SELECT no FROM claim WHERE id = ");
    sql.bind(std::string(after)).add("), 0) AND ").add(condition_on_claims(condition));
    if (open_only) sql.add(" AND c.settled = 0");
    std::vector<Claim> claims;
    for (auto const& id : ids(impl_->database->query(sql.add(" ORDER BY c.no LIMIT ").bind(limit))))
        if (auto claim = impl_->book.claim(ClaimId{id})) claims.push_back(std::move(*claim));
    return claims;
}

std::int64_t Reader::count_claims(bool open_only, filter::Expression const& condition) const {
    AssembledSql sql("SELECT count(*) FROM claim c WHERE ");
    if (open_only) sql.add("c.settled = 0 AND ");
    auto query = impl_->database->query(sql.add(condition_on_claims(condition)));
    query.step();
    return query.get<std::int64_t>();
}

std::vector<Timer> Reader::timers(filter::Expression const& condition, int limit) const {
    AssembledSql sql("SELECT t.kind, t.id, t.name, t.due_ms, t.rule, t.from_ms, t.armed_in, t.rulebook FROM timer t WHERE ");
    auto query = impl_->database->query(
        sql.add(condition_on_timers(condition)).add(" ORDER BY t.due_ms, t.kind, t.id LIMIT ").bind(limit));
    std::vector<Timer> timers;
    while (query.step()) timers.push_back(timer_row(query));
    return timers;
}

std::int64_t Reader::count_timers(std::optional<filter::Expression> const& condition) const {
    AssembledSql sql("SELECT count(*) FROM timer t WHERE ");
    auto query = impl_->database->query(sql.add(condition ? condition_on_timers(*condition) : AssembledSql("1")));
    query.step();
    return query.get<std::int64_t>();
}

} // namespace npod::storage
