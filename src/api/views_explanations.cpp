#include "api/views.hpp"
#include "porting/admissible.hpp"
#include "porting/residue.hpp"

namespace npod::api {

namespace {

/// What set the deadline: the row of the moment it is counted from, else the one that brought the line where it waits.
storage::LogRow const* trigger_of(porting::Line const& line, porting::Timer const& timer,
                                  std::vector<storage::LogRow> const& record) {
    storage::LogRow const* entered = nullptr;
    storage::LogRow const* counted = nullptr;
    for (auto const& row : record) {
        if (!row.refusals.empty() || row.moves.empty()) continue;
        if (row.learned_at == line.since) entered = &row;
        if (row.learned_at == timer.from && counted == nullptr)
            counted = &row; // the first: what followed at once followed from it
    }
    return counted != nullptr ? counted : entered;
}

json::object view_of_trigger(storage::LogRow const& row) {
    return {{"seq", row.seq},
            {"kind", row.kind},
            {"source", row.source},
            {"happened_at", to_rfc3339(row.happened_at)},
            {"learned_at", to_rfc3339(row.learned_at)}};
}

/// One deadline with its law and its arithmetic.
json::object why_deadline(porting::Line const& line, porting::Timer const& timer,
                          std::vector<storage::LogRow> const& record, rules::Laws const& laws) {
    auto const explained = porting::explain(timer, laws);
    auto const& calendar = laws.pinned(timer.rulebook).calendar();
    json::object view{{"line", line.no},
                      {"timer", timer.name},
                      {"state", line.state},
                      {"owner", explained.owner},
                      {"waits_for", explained.waits_for},
                      {"due", to_rfc3339(timer.due)},
                      {"due_local", calendar.local_rfc3339(timer.due)},
                      {"on_expiry", explained.on_expiry},
                      {"sentence", explained.sentence}};
    if (explained.law) view["rule"] = view_of(explained.law->rule);
    if (auto const* trigger = trigger_of(line, timer, record)) view["trigger"] = view_of_trigger(*trigger);
    view["from"] = to_rfc3339(timer.from);
    view["from_local"] = calendar.local_rfc3339(timer.from);
    json::array skipped, steps;
    if (explained.law) {
        view["counted_from"] = iso_day(explained.law->derivation.counted_from);
        skipped = view_of(explained.law->derivation.skipped);
        steps = view_of(explained.law->derivation.steps);
    }
    view["skipped"] = std::move(skipped);
    view["steps"] = std::move(steps);
    return view;
}

json::object view_of_segment(porting::DelaySegment const& segment) {
    return {{"from", to_rfc3339(segment.from)},
            {"until", to_rfc3339(segment.until)},
            {"length_ms", (segment.until - segment.from).count()},
            {"causer", porting::name_of(segment.causer)},
            {"state", segment.state},
            {"in_time", segment.in_time},
            {"recourse", segment.recourse},
            {"reason", segment.reason},
            {"days", segment.days},
            {"amount", view_of(segment.amount)}};
}

json::object view_of_line(porting::LineCompensation const& line) {
    json::object view{{"line", line.line},
                      {"first", porting::to_string(line.numbers.first)},
                      {"last", porting::to_string(line.numbers.last)},
                      {"planned_at", to_rfc3339(line.planned_at)},
                      {"starts_at", to_rfc3339(line.starts_at)}};
    put(view, "until", line.until);
    view["final"] = line.final;
    view["days"] = line.days;
    view["count"] = line.count;
    view["rate"] = view_of(line.rate);
    view["amount"] = view_of(line.amount);
    view["sentence"] = line.sentence;
    json::array earlier, segments;
    for (auto const& plan : line.earlier)
        earlier.push_back({{"planned_at", to_rfc3339(plan.planned_at)},
                           {"starts_at", to_rfc3339(plan.starts_at)},
                           {"until", to_rfc3339(plan.until)},
                           {"days", plan.days}});
    if (!earlier.empty()) view["earlier_plans"] = std::move(earlier);
    for (auto const& segment : line.segments) segments.push_back(view_of_segment(segment));
    view["segments"] = std::move(segments);
    return view;
}

json::array view_of_caused(std::vector<porting::Caused> const& caused) {
    json::array items;
    for (auto const& one : caused)
        items.push_back({{"causer", porting::name_of(one.causer)},
                         {"number_days", one.days},
                         {"amount", view_of(one.amount)},
                         {"recourse", one.recourse}});
    return items;
}

} // namespace

json::object why_view(porting::Port const& port, std::vector<storage::LogRow> const& record, Look const& look) {
    json::array deadlines;
    for (auto const& line : look.book.lines(port.id))
        if (auto const timer = look.book.timer(porting::subject_of(line)))
            deadlines.push_back(why_deadline(line, *timer, record, look.laws));
    json::object view{{"port", port.id.text}, {"now", to_rfc3339(look.now)}, {"deadlines", std::move(deadlines)}};
    if (port.role == porting::Role::port_in) view["compensation"] = compensation_view(port, look);
    return view;
}

json::object compensation_view(porting::Port const& port, Look const& look) {
    auto const owed = porting::compensation(port, look.book.lines(port.id), look.law_of(port), look.now);
    json::array lines, rules;
    for (auto const& line : owed.lines) lines.push_back(view_of_line(line));
    for (auto const& rule : owed.rules) rules.push_back(view_of(rule));
    json::object view{{"port", port.id.text},         {"as_of", to_rfc3339(look.now)},
                      {"payer", owed.payer},          {"lines", std::move(lines)},
                      {"total", view_of(owed.total)}, {"caused", view_of_caused(owed.caused)}};
    put(view, "claim_until", owed.claim_until);
    put(view, "review_until", owed.review_until);
    view["rules"] = std::move(rules);
    if (auto const claim = look.book.claim_of(port.id)) {
        view["claim_id"] = claim->id.text;
        view["claim_state"] = claim->state;
    }
    return view;
}

json::object licence_view(porting::Licence const& licence) {
    json::object view{{"numbers", licence.numbers}, {"end_users", licence.end_users}};
    if (licence.foreseen) view["foreseen"] = *licence.foreseen;
    if (licence.licences > 0) view["licences"] = licence.licences;
    view["in_order"] = licence.in_order;
    view["rule"] = licence.rule;
    view["sentence"] = licence.sentence;
    return view;
}

namespace {

/// One contract as the port leaves it.
json::object residue_part(porting::Residue const& residue) {
    json::object view;
    put(view, "contract", residue.contract.text);
    json::array numbers, services, names;
    for (auto const& item : residue.numbers) {
        auto number = view_of(item.numbers);
        number["fate"] = item.fate;
        number["why"] = item.why;
        numbers.push_back(std::move(number));
    }
    for (auto const& service : residue.services) {
        names.emplace_back(service.name);
        services.push_back(json::object{{"name", service.name}, {"fate", service.fate}, {"why", service.why}});
    }
    view["numbers"] = std::move(numbers);
    view["related_services"] = std::move(names);
    view["services"] = std::move(services);
    view["settled"] = residue.settled;
    view["complete"] = residue.complete();
    view["ends_wholly"] = residue.ends_wholly;
    if (residue.licence_before) view["licence_before"] = licence_view(*residue.licence_before);
    if (residue.licence_after) view["licence_after"] = licence_view(*residue.licence_after);
    view["sentence"] = residue.sentence;
    return view;
}

} // namespace

json::object residue_view(porting::Port const& port, Look const& look) {
    auto const lines = look.book.lines(port.id);
    // Only a port-out leaves something behind at contracts of ours; a port-in brings numbers to one.
    std::vector<porting::Contract> contracts;
    if (port.role == porting::Role::port_out) contracts = porting::contracts_of(port, lines, look.book);
    std::vector<json::object> views;
    for (auto const& contract : contracts)
        views.push_back(residue_part(porting::residue(port, lines, contract, look.book, look.law_of(port))));
    if (auto const rest = porting::residue_without_contract(port, lines, contracts)) views.push_back(residue_part(*rest));
    json::object view{{"port", port.id.text}};
    for (auto const& [name, value] : views.front()) view[name] = value; // a port has a line, and a line has numbers
    json::array others;
    for (std::size_t i = 1; i < views.size(); ++i) others.push_back(views[i]);
    if (!others.empty()) view["others"] = std::move(others);
    return view;
}

json::object eligible_view(porting::Port const& port, porting::Settings const& settings, Look const& look) {
    json::array items;
    for (auto const& range : porting::eligible_grounds(port, look.book, look.laws, settings, look.now)) {
        auto item = view_of(range.numbers);
        item["line"] = range.line;
        json::array grounds;
        for (auto const& judged : range.grounds) {
            auto ground = view_of(judged.ground);
            ground["admissible"] = judged.admissible();
            ground["given"] = judged.standing == porting::Admissibility::Standing::given;
            ground["needs_text"] = judged.needs_text;
            ground["why"] = judged.why;
            grounds.push_back(std::move(ground));
        }
        item["grounds"] = std::move(grounds);
        items.push_back(std::move(item));
    }
    return {{"port", port.id.text}, {"as_of", to_rfc3339(look.now)}, {"items", std::move(items)}};
}

} // namespace npod::api
