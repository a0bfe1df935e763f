#include "api/reads.hpp"

#include "api/feed.hpp"
#include "api/filters.hpp"
#include "api/in_words.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace npod::api {

std::string etag_of(std::string_view body) {
    constexpr std::string_view member = "\"version\":";
    auto const at = body.rfind(member);
    if (at == std::string_view::npos || body.empty() || body.back() != '}') return {};
    auto const digits = body.substr(at + member.size(), body.size() - at - member.size() - 1);
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return {};
    return fmt::format("\"v{}\"", digits);
}

http::Response ok(json::object const& view) {
    http::Response response{200, {{"Content-Type", "application/json"}}, to_bytes(view), {}};
    if (auto etag = etag_of(response.body); !etag.empty()) response.headers.emplace_back("ETag", std::move(etag));
    return response;
}

namespace {

Refusal no_such(std::string_view what, std::string_view id, std::string_view next) {
    return {RefusalCode::not_found,
            fmt::format("There is no {} \"{}\".", what, first_characters(id, 80)),
            {},
            std::string(next),
            {}};
}

} // namespace

bool accepts(http::Request const& request, std::string_view type) {
    return http::header(request.headers, "Accept").find(type) != std::string_view::npos;
}

http::Response plain(std::string_view type, std::string body) {
    return {200, {{"Content-Type", std::string(type)}}, std::move(body), {}};
}

std::vector<storage::LogRow> record_about(storage::Reader const& reader, std::string_view id) {
    std::vector<storage::LogRow> record;
    for (auto rows = reader.log_about(id, 0, limits::page_items_max); !rows.empty();
         rows = reader.log_about(id, record.back().seq, limits::page_items_max))
        record.insert(record.end(), rows.begin(), rows.end());
    return record;
}

json::object with_learned_later(json::object view, std::string_view id, Reading const& reading) {
    if (!reading.request.query("as_of")) return view;
    auto const then = reading.look.now;
    json::array later;
    for (auto const& row : record_about(reading.present, id))
        if (row.happened_at <= then && then < row.learned_at) later.push_back(view_of(row));
    std::optional<json::value> version; // stays the last member: the ETag stands on it
    if (auto const* at = view.if_contains("version")) version = *at;
    view.erase("version");
    view["learned_later"] = std::move(later);
    if (version) view["version"] = std::move(*version);
    return view;
}

Refusal no_such_contract(std::string_view id) {
    return no_such("contract", id, "Put it here first: PUT /v1/contracts/{id}.");
}

// ------------------------------------------------------------------------------------------------------- the whole

namespace {
json::array webhooks_view(std::vector<WebhookState> const& hooks, std::int64_t head) {
    json::array views;
    for (auto const& hook : hooks) {
        json::object view{{"name", hook.name}, {"url", hook.url.substr(0, hook.url.find('?'))}, {"seq", hook.seq}, {"behind", std::max<std::int64_t>(head - hook.seq, 0)},
                          {"delivered", hook.delivered}, {"failures", hook.failures}, {"ended", hook.ended}};
        put(view, "failing_since", hook.failing_since);
        put(view, "trouble", hook.trouble);
        views.push_back(std::move(view));
    }
    return views;
}
} // namespace

json::object status_view(Reading const& reading) {
    auto const& [request, ids, reader, look, context, engine, present] = reading;
    bool const manual = context.engine && context.engine->clock_is_manual();
    json::object view{{"operator", reader.own_operator().text},
                      {"version", context.version},
                      {"clock",
                       {{"now", to_rfc3339(look.now)},
                        {"local", look.rulebook.calendar().local_rfc3339(look.now)},
                        {"manual", manual}}},
                      {"rulebook", {{"name", look.rulebook.name()}, {"version", look.rulebook.version()},
                                    {"zone", look.rulebook.calendar().rules().zone}}}};
    view["head_seq"] = reader.head_seq();
    view["queued"] = engine.queued;
    view["busy"] = engine.busy;
    view["accepting"] = engine.accepting;
    put(view, "trouble", engine.trouble);
    put(view, "next_due", reader.next_due());
    view["outbox"] = reader.undelivered_count();
    view["mailboxes"] = reader.unconfirmed_count();
    if (context.webhooks)
        if (auto hooks = webhooks_view(context.webhooks(), reader.head_seq()); !hooks.empty()) view["webhooks"] = std::move(hooks);
    json::object ports;
    for (auto const& [state, count] : reader.ports_by_state()) ports[state] = count;
    view["ports"] = std::move(ports);
    return view;
}

http::Response read_status(Reading const& reading) { return ok(status_view(reading)); }

namespace {
/// "PI-000010" for "pi-10": ids are counted with noughts, which nobody types. Empty when the key is no such id.
std::string with_noughts(std::string_view key) {
    constexpr std::size_t prefix = 3, digits = 6;
    if (key.size() <= prefix || key.size() > prefix + digits || key[2] != '-') return {};
    std::string id;
    for (char const letter : key.substr(0, prefix)) id += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    if (id != "PI-" && id != "PO-" && id != "CL-") return {};
    auto const number = key.substr(prefix);
    if (!std::all_of(number.begin(), number.end(), [](unsigned char letter) { return std::isdigit(letter) != 0; })) return {};
    return id + std::string(digits - number.size(), '0') + std::string(number);
}
} // namespace

http::Response read_find(Reading const& reading) {
    auto const& key = reading.ids.at(0);
    json::array items;
    for (auto const& [kind, id] : reading.reader.find(key)) items.push_back({{"kind", kind}, {"id", id}});
    if (items.empty()) {
        auto const meant = with_noughts(key);
        bool const is_there = !meant.empty() && !reading.reader.find(meant).empty();
        return problem(no_such("port, order, dossier, number, contract or claim", key,
                               is_there ? fmt::format("Did you mean {}?", meant) : "List what there is: npctl port list --all."));
    }
    return ok({{"items", std::move(items)}});
}

// -------------------------------------------------------------------------------------------------------- contracts

namespace {
std::vector<std::string> ids_of(std::vector<porting::Port> const& ports) {
    std::vector<std::string> ids;
    for (auto const& port : ports) ids.push_back(port.id.text);
    return ids;
}
} // namespace

http::Response read_contract(Reading const& reading) {
    ContractId const id{reading.ids.at(0)};
    auto const contract = reading.look.book.contract(id);
    if (!contract) return problem(no_such_contract(id.text));
    return ok(with_learned_later(view_of(*contract, ids_of(reading.reader.ports_of_contract(id)), reading.look), id.text, reading));
}

http::Response read_contracts(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_default);
    if (!limit) return problem(limit.refusals());
    auto contracts = reading.reader.contracts(reading.request.query("cursor").value_or(""), *limit + 1);
    bool const more = contracts.size() > static_cast<std::size_t>(*limit);
    if (more) contracts.pop_back();
    json::array items;
    for (auto const& contract : contracts) items.push_back(view_of(contract, std::nullopt, reading.look));
    return ok(page(std::move(items), more ? contracts.back().id.text : "", std::nullopt));
}

// ---------------------------------------------------------------------------------------------------------- numbers

http::Response read_number(Reading const& reading) {
    auto const number = porting::parse_e164(reading.ids.at(0));
    if (!number) return problem(number.refusals());
    auto const plan = porting::belgian_plan(*number);
    if (!plan && !reading.look.book.number(*number))
        return problem(no_such("number of the plan", reading.ids.at(0), plan.refusal().text));
    auto const history = reading.reader.log_about(porting::to_string(*number), 0, limits::page_items_max);
    auto view = view_of_number(*number, plan ? *plan : porting::PlanEntry{}, reading.reader.ports_of_number(*number),
                               history, reading.look);
    return ok(with_learned_later(std::move(view), porting::to_string(*number), reading));
}

http::Response read_numbers(Reading const& reading) {
    auto const contract = reading.request.query("contract");
    if (!contract)
        return problem(Refusal{RefusalCode::malformed,
                               "The parameter \"contract\" is missing.",
                               "contract",
                               "Send the contract whose numbers are to be listed.",
                               {}});
    auto const limit = limit_of(reading.request, limits::page_items_max);
    if (!limit) return problem(limit.refusals());
    json::array items;
    for (auto const& record : reading.reader.numbers_of_contract(ContractId{*contract}, *limit)) {
        json::object item{{"number", porting::to_string(record.number)},
                          {"state", record.state},
                          {"since", to_rfc3339(record.since)},
                          {"serving", record.serving.text}};
        put(item, "portable_until", record.portable_until);
        put(item, "ageing_until", record.ageing_until);
        items.push_back(std::move(item));
    }
    return ok(page(std::move(items), "", std::nullopt));
}

// ------------------------------------------------------------------------------------------------------------ timers

http::Response read_timers(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_default);
    if (!limit) return problem(limit.refusals());
    auto const condition = condition_of(reading.request, timer_fields(), reading.look);
    if (!condition) return problem(condition.refusals());
    try {
        json::array items;
        for (auto const& timer : *condition ? reading.reader.timers(**condition, *limit) : reading.reader.timers(*limit))
            items.push_back(view_of_timer(timer, reading.look));
        return ok_in_words(reading, page(std::move(items), "", reading.reader.count_timers(*condition)));
    } catch (storage::TooMuchWork const&) {
        return problem(too_much_work());
    }
}

// ---------------------------------------------------------------------------------------------------------- the feed

http::Response read_events(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_default);
    if (!limit) return problem(limit.refusals());
    auto const after = reading.request.query("after").value_or("0");
    auto const place = parse_feed_place(after);
    if (!place)
        return problem(Refusal{RefusalCode::malformed,
                               fmt::format("after is \"{}\", which is no place in the feed.", first_characters(after, 60)),
                               "after",
                               "Send a log row (\"17\") or the id of an event (\"17.2\").",
                               {}});
    auto const found =
        read_feed(reading.reader, *place, static_cast<std::size_t>(*limit), reading.reader.own_operator());
    json::array items;
    for (auto const& event : found.events) items.push_back(event.view);
    return ok(page(std::move(items), found.more ? found.events.back().id : "", std::nullopt));
}

// --------------------------------------------------------------------------------------------------- law and machines

http::Response read_rules(Reading const& reading) {
    json::array items;
    for (auto const& rule : reading.look.rulebook.all()) items.push_back(view_of(rule));
    auto const total = static_cast<std::int64_t>(items.size());
    return ok(page(std::move(items), "", total));
}

http::Response read_rule(Reading const& reading) {
    auto const at = moment_of(reading.request, "at", reading.look.now);
    if (!at) return problem(at.refusals());
    auto const rule = reading.look.rulebook.find(reading.ids.at(0), *at);
    return rule ? ok(view_of(*rule)) : problem(rule.refusals());
}

http::Response read_calendar_addition(Reading const& reading) {
    auto const at = moment_of(reading.request, "at", reading.look.now);
    auto const term = rules::parse_term(reading.request.query("term").value_or(""));
    std::vector<Refusal> problems = at.refusals();
    for (auto refusal : term.refusals()) {
        refusal.pointer = "term";
        problems.push_back(std::move(refusal));
    }
    if (!problems.empty()) return problem(problems);
    try {
        auto const& calendar = reading.look.rulebook.calendar();
        constexpr Duration exclusive{1}; // a term that ends at 24:00 belongs to the day before
        auto const end = rules::add(calendar, *at, *term, rules::Anchor::message, rules::Words::left_out).result;
        calendar.is_working_day(calendar.day_of(end - exclusive)); // throws beyond the table: there nobody can say
        return ok(view_of_addition(*at, *term, reading.look.rulebook));
    } catch (ConfigFault const& beyond_the_table) {
        return problem(Refusal{RefusalCode::not_admissible, beyond_the_table.what(), "term", "Give an earlier moment or a shorter term.", {}});
    }
}

http::Response read_machines(Reading const&) {
    json::array items;
    for (auto const& outline : machine::all_outlines()) items.push_back(summary_of(outline));
    return ok(page(std::move(items), "", std::nullopt));
}

http::Response read_machine(Reading const& reading) {
    if (auto const* outline = machine::find_outline(reading.ids.at(0))) return ok_in_words(reading, view_of(*outline));
    std::vector<std::string_view> names;
    for (auto const& outline : machine::all_outlines()) names.push_back(outline.name);
    return problem(no_such("machine", reading.ids.at(0), fmt::format("Ask for one of: {}.", fmt::join(names, ", "))));
}

} // namespace npod::api
