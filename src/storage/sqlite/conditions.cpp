#include "storage/sqlite/conditions.hpp"

#include "porting/model.hpp"
#include "state_machines/outline.hpp"
#include "storage/values_json.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace npod::storage::sqlite {

namespace {

using filter::Compare;
using filter::Comparison;
using filter::Expression;

// ----------------------------------------------------------------------------------------------------------- the fields

/// What is compared, and what stands around the comparison: a field of a port may be a field of any of its lines.
struct Column {
    std::string_view field;
    Sql before, value, after;
};

#define NPOD_ANY_LINE "EXISTS (SELECT 1 FROM line l WHERE l.port = p.id AND "
#define NPOD_OWNED_STATES " IN (SELECT j.value FROM json_each("

Column const port_columns[] = {
    {"id", "", "p.id", ""},
    {"state", "EXISTS (SELECT 1 FROM (SELECT p.state AS s UNION ALL SELECT l.state FROM line l WHERE l.port = p.id) WHERE ", "s", ")"},
    {"whole", "", "p.state", ""},
    {"role", "EXISTS (SELECT 1 FROM (SELECT p.role AS s UNION ALL SELECT substr(p.role, 6)) WHERE ", "s", ")"},
    {"open", "", "(1 - p.settled)", ""},
    {"settled", "", "p.settled", ""},
    {"donor", "", "p.donor", ""},
    {"recipient", "", "p.recipient", ""},
    {"with", "", "CASE p.role WHEN 'port_in' THEN p.donor ELSE p.recipient END", ""},
    {"order", "", "p.order_id", ""},
    {"dossier", "", "p.dossier", ""},
    {"contract", "", "p.contract", ""},
    {"customer", "", "json_extract(p.customer, '$.name')", ""},
    {"account", "", "p.donor_account", ""},
    {"network", "", "p.network", ""},
    {"class", "", "CASE p.complex WHEN 1 THEN 'complex' ELSE 'simple' END", ""},
    {"count", "", "(SELECT sum(l.last_number - l.first_number + 1) FROM line l WHERE l.port = p.id)", ""},
    {"lines", "", "(SELECT count(*) FROM line l WHERE l.port = p.id)", ""},
    {"requested", "", "p.requested_at_ms", ""},
    {"due", "", "nullif(p.next_due_ms, 9223372036854775807)", ""},
    {"planned", NPOD_ANY_LINE, "l.planned_at_ms", ")"},
    {"answered", NPOD_ANY_LINE, "l.answered_at_ms", ")"},
    {"agreed", NPOD_ANY_LINE, "l.agreed_at_ms", ")"},
    {"effective", NPOD_ANY_LINE, "l.effective_at_ms", ")"},
    {"ground", "EXISTS (SELECT 1 FROM line l, json_each(l.grounds) g WHERE l.port = p.id AND ", "g.value", ")"},
    {"refused_for", "EXISTS (SELECT 1 FROM line l, json_each(l.grounds) g WHERE l.port = p.id AND l.state = 'refused' AND ", "g.value", ")"},
    {"rule", "EXISTS (SELECT 1 FROM timer t WHERE t.kind = 'line' AND t.id > p.id || '/' AND t.id < p.id || '0' AND ", "t.rule", ")"},
    {"claim", "EXISTS (SELECT 1 FROM claim c WHERE c.port = p.id AND ", "c.state", ")"},
    {"money", "", "measure(p.id, 0)", ""},
    {"per_day", "", "measure(p.id, 1)", ""},
    {"delay_days", "", "measure(p.id, 2)", ""},
    // These three are compared in a way of their own.
    {"number", NPOD_ANY_LINE, "", ")"},
    {"waiting_for", NPOD_ANY_LINE "l.settled = 0 AND ", "p.role || ':' || l.state", ")"},
    {"delayed_by", "", "measure(p.id, 3)", ""},
};

#define NPOD_PORT_OF_TIMER "CASE t.kind WHEN 'line' THEN substr(t.id, 1, instr(t.id, '/') - 1) ELSE '' END"

Column const timer_columns[] = {
    {"due", "", "t.due_ms", ""},
    {"from", "", "t.from_ms", ""},
    {"rule", "", "t.rule", ""},
    {"timer", "", "t.name", ""},
    {"kind", "", "t.kind", ""},
    {"subject", "", "t.id", ""},
    {"state", "", "t.armed_in", ""},
    {"port", "", NPOD_PORT_OF_TIMER, ""},
    {"waiting_for", "",
     "CASE WHEN t.kind <> 'line' THEN t.kind WHEN substr(t.id, 1, 2) = 'PI' THEN 'port_in' ELSE 'port_out' END || ':' || t.armed_in", ""},
};

Column const claim_columns[] = {
    {"id", "", "c.id", ""},
    {"port", "", "c.port", ""},
    {"state", "", "c.state", ""},
    {"open", "", "(1 - c.settled)", ""},
    {"settled", "", "c.settled", ""},
    {"amount", "", "c.amount_cents", ""},
    {"filed", "", "c.filed_at_ms", ""},
    {"paid", "", "c.paid_at_ms", ""},
    {"done", "", "c.port_done_at_ms", ""},
    {"claimant", "", "c.filed_by", ""},
    {"channel", "", "c.channel", ""},
    {"method", "", "c.paid_by", ""},
};

// ------------------------------------------------------------------------------------------------------ the comparisons

/// A value with an order, as the half-open stretch it is: a number is one step long, a day is a day.
struct Stretch {
    std::int64_t from = 0, until = 0;
};
std::optional<Stretch> stretch_of(filter::Value const& value) {
    if (auto const* number = std::get_if<std::int64_t>(&value)) return Stretch{*number, *number + 1};
    if (auto const* money = std::get_if<Money>(&value)) return Stretch{money->cents, money->cents + 1};
    if (auto const* flag = std::get_if<bool>(&value)) return Stretch{*flag ? 1 : 0, *flag ? 2 : 1};
    if (auto const* when = std::get_if<filter::When>(&value)) return Stretch{to_ms(when->from), to_ms(when->until)};
    return std::nullopt;
}

AssembledSql ordered(Sql column, Compare how, Stretch const& stretch) {
    AssembledSql sql(column);
    switch (how) {
    case Compare::less: return sql.add(" < ").bind(stretch.from);
    case Compare::at_most: return sql.add(" < ").bind(stretch.until);
    case Compare::greater: return sql.add(" >= ").bind(stretch.until);
    case Compare::at_least: return sql.add(" >= ").bind(stretch.from);
    case Compare::equal:
    case Compare::not_equal:
    case Compare::like: break;
    }
    return sql.add(" >= ").bind(stretch.from).add(" AND ").add(column).add(" < ").bind(stretch.until);
}

/// Numbers that are this one, or (`like`) begin with its digits: one stretch of numbers for each length a number can have.
AssembledSql of_number(Compare how, std::string const& e164) {
    constexpr int digits_min = 7, digits_max = 15;
    auto const digits = e164.substr(1);
    std::int64_t const value = std::stoll(digits); // at most 15 digits: the filter made sure
    int const length = static_cast<int>(digits.size());
    if (how != Compare::like) return AssembledSql("l.first_number <= ").bind(value).add(" AND l.last_number >= ").bind(value);
    AssembledSql sql("(0");
    std::int64_t step = 1;
    for (int size = length; size <= digits_max; ++size, step *= 10)
        if (size >= digits_min)
            sql.add(" OR (l.first_number < ").bind((value + 1) * step).add(" AND l.last_number >= ").bind(value * step).add(")");
    return sql.add(")");
}

/// ["port_in:awaiting_answer", …]: the states in which that party must move.
std::string states_of_owner(std::string_view owner) {
    std::vector<std::string> states;
    for (auto const& outline : machine::all_outlines())
        for (auto const& state : outline.states)
            if (machine::name_of(state.owner) == owner) states.push_back(std::string(outline.name) + ":" + std::string(state.name));
    return to_json(states);
}

AssembledSql one_value(Column const& column, Compare how, filter::Value const& value) {
    if (auto const stretch = stretch_of(value)) return ordered(column.value, how, *stretch);
    auto const& text = std::get<std::string>(value);
    if (column.field == "number") return of_number(how, text);
    if (column.field == "waiting_for")
        return AssembledSql(column.value).add(NPOD_OWNED_STATES).bind(states_of_owner(text)).add(") j)");
    if (column.field == "delayed_by") {
        auto const causer = porting::causer_of(text);
        return AssembledSql("(").add(column.value).add(" & ").bind(causer ? std::int64_t{1} << static_cast<int>(*causer) : 0).add(") <> 0");
    }
    if (how == Compare::like) return AssembledSql("instr(lower(").add(column.value).add("), lower(").bind(text).add(")) > 0");
    return AssembledSql(column.value).add(" = ").bind(text);
}

/// What has no value meets no condition; "not" and != are true of it.
AssembledSql comparison(Comparison const& asked, std::span<Column const> columns) {
    auto const column = std::find_if(columns.begin(), columns.end(), [&](Column const& one) { return one.field == asked.field; });
    NPOD_PROMISE(column != columns.end());
    AssembledSql any("(0");
    for (auto const& value : asked.values) any.add(" OR ").add(one_value(*column, asked.how, value));
    any.add(")");
    AssembledSql sql(asked.how == Compare::not_equal ? Sql("(NOT ((") : Sql("((("));
    return sql.add(column->before).add(any).add(column->after).add(") IS TRUE))");
}

AssembledSql condition(Expression const& expression, std::span<Column const> columns) {
    using What = Expression::What;
    switch (expression.what) {
    case What::comparison: return comparison(expression.comparison, columns);
    case What::none_of: return AssembledSql("(NOT ").add(condition(expression.parts.front(), columns)).add(")");
    case What::all_of:
    case What::any_of: break;
    }
    AssembledSql sql(expression.what == What::all_of ? Sql("(1") : Sql("(0"));
    for (auto const& part : expression.parts)
        sql.add(expression.what == What::all_of ? Sql(" AND ") : Sql(" OR ")).add(condition(part, columns));
    return sql.add(")");
}

} // namespace

AssembledSql condition_on_ports(Expression const& expression) { return condition(expression, port_columns); }
AssembledSql condition_on_timers(Expression const& expression) { return condition(expression, timer_columns); }
AssembledSql condition_on_claims(Expression const& expression) { return condition(expression, claim_columns); }

} // namespace npod::storage::sqlite
