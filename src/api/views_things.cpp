#include "api/views.hpp"

#include "rules/working_days.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::api {

// ------------------------------------------------------------------------------------------------------ people, places

json::object view_of(porting::Address const& address) {
    json::object view;
    put(view, "street", address.street);
    put(view, "house_number", address.house_number);
    put(view, "box", address.box);
    put(view, "postcode", address.postcode);
    put(view, "city", address.city);
    return view;
}

json::object view_of(porting::Customer const& customer) {
    json::object view{{"kind", customer.legal_person ? "legal" : "natural"}, {"name", customer.name}};
    put(view, "customer_id", customer.customer_id);
    if (customer.address != porting::Address{}) view["address"] = view_of(customer.address);
    if (customer.language) view["language"] = name_of(*customer.language);
    return view;
}

json::object view_of(porting::Location const& location) {
    json::object view;
    if (location.address != porting::Address{}) view["address"] = view_of(location.address);
    put(view, "zone", location.zone);
    return view;
}

// --------------------------------------------------------------------------------------------------------------- ports

json::object view_of(porting::Ground ground) {
    auto const& entry = porting::about(ground);
    return {{"code", entry.code},
            {"meaning", entry.meaning},
            {"field", entry.field},
            {"fix", entry.fix},
            {"restarts_clock", entry.restarts_clock}};
}

namespace {

json::array grounds_view(std::vector<porting::Ground> const& grounds) {
    json::array items;
    for (auto const ground : grounds) items.push_back(view_of(ground));
    return items;
}

std::vector<porting::Timer> timers_of(std::vector<porting::Line> const& lines, porting::Book const& book) {
    std::vector<porting::Timer> timers;
    for (auto const& line : lines)
        if (auto timer = book.timer(porting::subject_of(line))) timers.push_back(std::move(*timer));
    return timers;
}

/// The line that a timer of a port is about.
int line_of(porting::Timer const& timer) {
    auto const parsed = porting::parse_line_id(timer.subject.id);
    return parsed ? parsed->second : 0;
}

/// How long until the deadline, by the clock and within the working window.
void put_time_left(json::object& view, porting::Timer const& timer, Look const& look) {
    view["left_ms"] = (timer.due - look.now).count();
    view["working_left_ms"] = rules::known_working_time(look.laws.pinned(timer.rulebook).calendar(), look.now, timer.due).count();
}

json::object deadline_view(porting::Timer const& timer, Look const& look) {
    auto const explained = porting::explain(timer, look.laws);
    json::object view{
        {"line", line_of(timer)}, {"timer", timer.name}, {"due", to_rfc3339(timer.due)}, {"rule", timer.rule}};
    if (explained.law) {
        view["standing"] = rules::name_of(explained.law->rule.standing);
        view["source"] = explained.law->rule.source;
    }
    view["owner"] = explained.owner;
    view["waits_for"] = explained.waits_for;
    view["on_expiry"] = explained.on_expiry;
    view["from"] = to_rfc3339(timer.from);
    put_time_left(view, timer, look);
    return view;
}

json::array legal_next_view(porting::Role role, std::vector<porting::Line> const& lines) {
    json::array items;
    for (auto const& line : lines)
        for (auto const& next : porting::legal_next(role, line.state))
            items.push_back({{"line", line.no}, {"event", next.event}, {"verb", next.verb}, {"meaning", next.meaning}});
    return items;
}

json::object wish_view(porting::Wish const& wish) {
    json::object view{{"mode", wish.on_date ? "date" : "asap"}};
    put(view, "at", wish.at);
    return view;
}

json::object short_compensation(porting::Port const& port, std::vector<porting::Line> const& lines, Look const& look) {
    auto const owed = porting::compensation(port, lines, look.law_of(port), look.now, rules::Words::left_out);
    auto const is_final =
        std::all_of(owed.lines.begin(), owed.lines.end(), [](auto const& line) { return line.final; });
    Money per_day;
    for (auto const& line : owed.lines)
        if (!line.final) per_day.cents += line.count * line.rate.cents;
    return {{"total", view_of(owed.total)}, {"final", is_final}, {"per_day", view_of(per_day)}};
}

/// Whose turn it is and how long, by the deadline that comes first.
void put_next_turn(json::object& view, std::vector<porting::Timer> const& timers, Look const& look) {
    auto const first = std::min_element(timers.begin(), timers.end(),
                                        [](auto const& one, auto const& other) { return one.due < other.due; });
    if (first == timers.end()) return;
    view["next_due"] = to_rfc3339(first->due);
    put_time_left(view, *first, look);
    auto const explained = porting::explain(*first, look.laws);
    view["owner"] = explained.owner;
    view["waits_for"] = explained.waits_for;
    view["on_expiry"] = explained.on_expiry;
}

} // namespace

json::object view_of(porting::Line const& line) {
    json::object view{{"no", line.no},
                      {"first", porting::to_string(line.numbers.first)},
                      {"last", porting::to_string(line.numbers.last)},
                      {"count", line.numbers.count()},
                      {"state", line.state},
                      {"since", to_rfc3339(line.since)}};
    view.reserve(20);
    put(view, "planned_at", line.planned_at);
    put(view, "answered_at", line.answered_at);
    put(view, "announced_at", line.announced_at);
    put(view, "first_possible_at", line.first_possible);
    put(view, "postponed_until", line.postponed_until);
    put(view, "agreed_at", line.agreed_at);
    put(view, "effective_at", line.effective_at);
    view["grounds"] = grounds_view(line.grounds);
    put(view, "note", line.note);
    return view;
}

json::object view_of(porting::Port const& port, Look const& look) {
    auto const lines = look.book.lines(port.id);
    auto const timers = timers_of(lines, look.book);
    json::object view{
        {"id", port.id.text}, {"role", porting::name_of(port.role)}, {"state", port.state}, {"settled", port.settled}};
    view.reserve(32);
    put(view, "dossier", port.dossier.text);
    put(view, "order_id", port.order.text);
    view["donor"] = port.donor.text;
    view["recipient"] = port.recipient.text;
    view["network"] = porting::name_of(port.network);
    view["class"] = port.complex ? "complex" : "simple";
    put(view, "contract_id", port.contract.text);
    view["customer"] = view_of(port.customer);
    put(view, "donor_account", port.donor_account);
    view["wish"] = wish_view(port.wish);
    view["requested_at"] = to_rfc3339(port.requested_at);
    view["rulebook"] = port.rulebook;
    put(view, "note", port.note);

    json::array line_views, deadlines;
    for (auto const& line : lines) {
        line_views.push_back(view_of(line));
        if (auto const holder = look.book.block_holder(line.numbers.first)) put(line_views.back().get_object(), "block_holder", holder->text);
    }
    for (auto const& timer : timers) deadlines.push_back(deadline_view(timer, look));
    view["lines"] = std::move(line_views);
    view["deadlines"] = std::move(deadlines);
    view["next_expected"] = porting::next_expected(port, lines, timers, look.laws);
    view["legal_next"] = legal_next_view(port.role, lines);
    if (port.role == porting::Role::port_in) view["compensation"] = short_compensation(port, lines, look);
    if (auto const claim = look.book.claim_of(port.id)) view["claim_id"] = claim->id.text;
    view["version"] = port.version;
    return view;
}

std::string numbers_text(std::vector<porting::Line> const& lines) {
    constexpr std::size_t named_max = 2;
    std::vector<porting::NumberRange> ranges;
    for (auto const& line : lines) ranges.push_back(line.numbers);
    ranges = porting::joined(std::move(ranges));
    std::string text;
    for (std::size_t i = 0; i < std::min(ranges.size(), named_max); ++i)
        text += (i == 0 ? "" : ", ") + porting::to_string(ranges[i]);
    if (ranges.size() > named_max) text += fmt::format(", {} more", ranges.size() - named_max);
    return fmt::format("{} ({})", text, porting::count(ranges));
}

json::object summary_of(porting::Port const& port, Look const& look) {
    auto const lines = look.book.lines(port.id);
    auto const timers = timers_of(lines, look.book);
    std::int64_t count = 0;
    for (auto const& line : lines) count += line.numbers.count();

    json::object view{
        {"id", port.id.text}, {"role", porting::name_of(port.role)}, {"state", port.state}, {"settled", port.settled}};
    put(view, "order_id", port.order.text);
    put(view, "dossier", port.dossier.text);
    view["donor"] = port.donor.text;
    view["recipient"] = port.recipient.text;
    put(view, "customer", port.customer.name);
    view["numbers"] = numbers_text(lines);
    view["count"] = count;
    put_next_turn(view, timers, look);
    view["next_expected"] = porting::next_expected(port, lines, timers, look.laws);
    if (port.role == porting::Role::port_in) view["compensation"] = short_compensation(port, lines, look);
    view["requested_at"] = to_rfc3339(port.requested_at);
    view["version"] = port.version;
    return view;
}

// ---------------------------------------------------------------------------------------------------------- contracts

namespace {

json::array services_view(std::vector<porting::RelatedService> const& services) {
    json::array items;
    for (auto const& service : services) {
        if (service.numbers.empty()) items.emplace_back(service.name);
        else items.push_back(json::object{{"name", service.name}, {"numbers", view_of(service.numbers)}});
    }
    return items;
}

} // namespace

json::object view_of(porting::Contract const& contract, std::optional<std::vector<std::string>> const& ports, Look const& look) {
    json::object view{{"id", contract.id.text},
                      {"state", contract.state},
                      {"since", to_rfc3339(contract.since)},
                      {"customer", view_of(contract.customer)},
                      {"product", contract.product},
                      {"network", porting::name_of(contract.network)},
                      {"end_users", contract.end_users},
                      {"location", view_of(contract.location)},
                      {"numbers", view_of(contract.numbers)},
                      {"original_numbers", view_of(contract.original_numbers)},
                      {"related", services_view(contract.related)}};
    if (auto const licence = porting::licence_of(contract, porting::count(contract.numbers), look.rulebook, look.now))
        view["licence"] = licence_view(*licence);
    put(view, "terminates_at", contract.terminates_at);
    put(view, "ended_at", contract.ended_at);
    view["renounced"] = contract.renounced;
    if (ports) view["ports"] = view_of(*ports);
    view["version"] = contract.version;
    return view;
}

// ----------------------------------------------------------------------------------------------------- numbers, timers

namespace {

json::object plan_view(porting::PlanEntry const& plan) {
    json::object view{{"kind", porting::name_of(plan.kind)}};
    put(view, "zone", plan.zone);
    put(view, "zone_name", plan.zone_name);
    view["portable"] = plan.portable;
    return view;
}

void put_live_port(json::object& view, porting::Number number, porting::Book const& book) {
    for (auto const role : {porting::Role::port_in, porting::Role::port_out})
        if (auto const live = book.live_port(number, role)) {
            view["live_port"] = json::object{{"port", live->port.text}, {"line", live->line}};
            return;
        }
}

} // namespace

namespace {

/// The law beside a date of a number: as its deadline was set while that is armed, else as it is now.
void put_rule(json::object& view, std::string_view name, std::string_view id, porting::NumberRecord const& record, std::string_view armed, Look const& look) {
    auto const timer = look.book.timer(porting::subject_of(record));
    bool const by_timer = timer && timer->name == armed && timer->rule != "agreed";
    auto const& law = by_timer ? look.laws.pinned(timer->rulebook) : look.rulebook;
    if (auto const rule = law.find(id, record.contract_ended_at.value_or(record.since))) view[name] = view_of(*rule);
}

} // namespace

json::object view_of_number(porting::Number number, porting::PlanEntry const& plan,
                            std::vector<porting::Port> const& ports, std::vector<storage::LogRow> const& history,
                            Look const& look) {
    auto const record = look.book.number(number);
    json::object view{{"number", porting::to_string(number)}, {"state", record ? record->state : "unknown"}};
    if (record) view["since"] = to_rfc3339(record->since);
    auto const serving = record && record->serving ? std::optional(record->serving) : look.book.serving(number);
    if (serving) put(view, "serving", serving->text);
    if (auto const holder = look.book.block_holder(number)) put(view, "block_holder", holder->text);
    if (record) {
        put(view, "contract_id", record->contract.text);
        put(view, "last_contract", record->last_contract.text);
        put(view, "contract_ended_at", record->contract_ended_at);
        put(view, "portable_until", record->portable_until);
        if (record->portable_until) put_rule(view, "portable_rule", "be.grace", *record, "grace_end", look);
        put(view, "ageing_until", record->ageing_until);
        if (record->ageing_until) put_rule(view, "ageing_rule", "be.ageing.min", *record, "ageing_end", look);
        if (auto const timer = look.book.timer(porting::subject_of(*record)); timer && timer->name == "change_date") {
            put(view, "changes_at", timer->due);
            put_rule(view, "changes_rule", "be.number_change.notice", *record, "change_date", look);
        }
    }
    view["plan"] = plan_view(plan);
    put_live_port(view, number, look.book);
    json::array port_ids, rows;
    for (auto const& port : ports) port_ids.emplace_back(port.id.text);
    for (auto const& row : history) rows.push_back(view_of(row));
    view["ports"] = std::move(port_ids);
    view["history"] = std::move(rows);
    return view;
}

json::object view_of_timer(porting::Timer const& timer, Look const& look) {
    auto const explained = porting::explain(timer, look.laws);
    auto const& calendar = look.laws.pinned(timer.rulebook).calendar();
    json::object view{{"due", to_rfc3339(timer.due)},
            {"due_local", calendar.local_rfc3339(timer.due)},
            {"left_ms", (timer.due - look.now).count()},
            {"working_left_ms", rules::known_working_time(calendar, look.now, timer.due).count()},
            {"rule", timer.rule},
            {"timer", timer.name},
            {"subject", {{"kind", porting::name_of(timer.subject.kind)}, {"id", timer.subject.id}}},
            {"owner", explained.owner},
            {"on_expiry", explained.on_expiry},
            {"state", timer.armed_in}};
    if (explained.law) {
        auto const& rule = explained.law->rule;
        view["value"] = rule.value;
        view["unit"] = rules::name_of(rule.unit);
        view["standing"] = rules::name_of(rule.standing);
        view["source"] = rule.source;
    }
    return view;
}

} // namespace npod::api
