/// GET /v1/radar: what will be late next, by the working time left and the money at risk, and which counterparts are in trouble.

#include "api/filters.hpp"
#include "api/in_words.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "base/limits.hpp"
#include "porting/explain.hpp"
#include "rules/working_days.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace npod::api {

namespace {

/// Lines in these states are late already: their timers only remind a person.
constexpr std::string_view late_states = "answer_overdue|activation_overdue|disputed";
constexpr std::string_view usual_horizon = "1wd";
/// A counterpart that leaves its mail for so long is not fetching it.
constexpr Duration mail_is_old = std::chrono::hours{1};

bool is_late_state(std::string_view state) { return late_states.find(state) != std::string_view::npos; }

// ---------------------------------------------------------------------------------------------------------- deadlines

/// Deadlines of one port that fall together: one line of the radar.
struct Together {
    porting::Timer timer;
    std::vector<porting::Line> lines;
};

/// "PI-000001 2026-03-04T17:00:00Z awaiting_answer" of a line; others stand alone.
std::string key_of(porting::Timer const& timer, std::optional<std::pair<PortId, int>> const& line) {
    auto const& about = line ? line->first.text : timer.subject.id;
    return fmt::format("{} {} {} {}", porting::name_of(timer.subject.kind), about, to_ms(timer.due), timer.armed_in);
}

std::vector<Together> together(std::vector<porting::Timer> const& timers, porting::Book const& book) {
    std::map<std::string, std::size_t> places;
    std::vector<Together> all;
    for (auto const& timer : timers) {
        auto const line = timer.subject.kind == porting::SubjectKind::line ? porting::parse_line_id(timer.subject.id) : std::nullopt;
        auto const [place, is_new] = places.try_emplace(key_of(timer, line), all.size());
        if (is_new) all.push_back({timer, {}});
        if (!line) continue;
        for (auto& one : book.lines(line->first))
            if (one.no == line->second) all[place->second].lines.push_back(std::move(one));
    }
    return all;
}

/// What a day more costs, and what is owed already. Of a port-out: what the recipient may claim back from us. Returns since
/// when it costs; nothing when it does not yet.
std::optional<Moment> put_money(json::object& view, porting::Port const& port, std::vector<porting::Line> const& lines, Look const& look) {
    auto const& law = look.law_of(port);
    if (port.role == porting::Role::port_out) {
        auto const rate = law.money(port.complex ? "be.comp.rate.complex" : "be.comp.rate.simple", port.requested_at);
        std::int64_t count = 0;
        for (auto const& line : lines) count += line.numbers.count();
        view["per_day"] = view_of(rate * count);
        view["recourse"] = true;
        return std::nullopt;
    }
    auto const owed = porting::compensation(port, lines, law, look.now);
    Money per_day;
    std::optional<Moment> starts;
    for (auto const& line : owed.lines) {
        if (!line.final) per_day += line.rate * line.count;
        if (!line.final && (!starts || line.starts_at < *starts)) starts = line.starts_at;
    }
    view["per_day"] = view_of(per_day);
    view["owed"] = view_of(owed.total);
    put(view, "costs_from", starts);
    return starts && *starts <= look.now ? starts : std::nullopt;
}

/// The party's code where it is one of the two operators.
std::string party(std::string const& owner, porting::Port const& port) {
    return owner == "donor" ? port.donor.text : owner == "recipient" ? port.recipient.text : owner;
}

/// Returns since when it costs money.
std::optional<Moment> put_port(json::object& view, Together const& one, std::string const& owner, Look const& look) {
    auto const port = look.book.port(one.lines.front().port);
    if (!port) return std::nullopt;
    view["port"] = port->id.text;
    view["with"] = (port->role == porting::Role::port_in ? port->donor : port->recipient).text;
    view["must_move"] = party(owner, *port);
    view["numbers"] = numbers_text(one.lines);
    json::array numbers;
    for (auto const& line : one.lines) numbers.push_back(line.no);
    view["lines"] = std::move(numbers);
    return put_money(view, *port, one.lines, look);
}

/// When the time of the party that is waited for was over; a reminder enters the state afresh, its turn stays.
Moment overrun_since(porting::Line const& line, Moment now) {
    auto since = line.since;
    for (auto const& turn : line.turns)
        if (turn.since <= now && turn.in_time_until && *turn.in_time_until <= now) since = std::min(since, *turn.in_time_until);
    return since;
}

/// Since when it is late: a party overran its own time, or the customer is owed for each day.
std::optional<Moment> late_since(Together const& one, std::optional<Moment> costs_since, Moment now) {
    if (is_late_state(one.timer.armed_in) && !one.lines.empty()) return overrun_since(one.lines.front(), now);
    return one.timer.due < now ? std::optional(one.timer.due) : costs_since;
}

json::object deadline_item(Together const& one, Look const& look) {
    auto const explained = porting::explain(one.timer, look.laws);
    auto const& calendar = look.laws.pinned(one.timer.rulebook).calendar();
    json::object view{{"kind", "deadline"}, {"severity", "soon"}, {"subject", one.timer.subject.id}};
    view["owner"] = explained.owner;
    view["must_move"] = explained.owner;
    std::optional<Moment> costs_since;
    if (!one.lines.empty()) costs_since = put_port(view, one, explained.owner, look);
    auto const late = late_since(one, costs_since, look.now);
    if (late) view["severity"] = "late";
    put(view, "late_since", late);
    view["due"] = to_rfc3339(one.timer.due);
    view["left_ms"] = ((late ? *late : one.timer.due) - look.now).count();
    view["working_left_ms"] = late ? -calendar.working_time(*late, look.now).count() : rules::known_working_time(calendar, look.now, one.timer.due).count();
    view["state"] = one.timer.armed_in;
    view["rule"] = one.timer.rule;
    view["waits_for"] = explained.waits_for;
    view["on_expiry"] = explained.on_expiry;
    return view;
}

/// Deadlines within the horizon, and those of every port that costs money already, however far away its next deadline is.
std::vector<porting::Timer> near_timers(filter::Expression const& condition, Reading const& reading) {
    auto timers = reading.reader.timers(condition, limits::page_items_max);
    auto const costing = filter::parse("state=accruing", claim_fields());
    NPOD_PROMISE(costing);
    auto const& book = reading.look.book;
    for (auto const& claim : reading.reader.claims(true, *costing, "", limits::page_items_max))
        for (auto const& line : book.lines(claim.port)) {
            auto timer = book.timer(porting::subject_of(line));
            auto const is_known = [&](porting::Timer const& one) { return timer->subject == one.subject; };
            if (timer && std::none_of(timers.begin(), timers.end(), is_known)) timers.push_back(std::move(*timer));
        }
    return timers;
}

// -------------------------------------------------------------------------------------------------------- counterparts

json::object trouble_item(OperatorCode const& code, std::string_view trouble, std::optional<Moment> since, std::string sentence,
                          std::string next) {
    json::object view{{"kind", "counterpart"}, {"severity", "trouble"}, {"operator", code.text}, {"must_move", code.text}};
    view["trouble"] = trouble;
    put(view, "since", since);
    view["sentence"] = std::move(sentence);
    view["next"] = std::move(next);
    return view;
}

/// Lines that wait for it although its time is over.
std::int64_t silent_about(OperatorCode const& code, Reading const& reading) {
    storage::PortFilter filter;
    filter.role = porting::Role::port_in;
    filter.open_only = true;
    filter.counterpart = code;
    filter.state = "answer_overdue";
    return reading.reader.count_ports(filter);
}

/// What is wrong with one counterpart, by the store's facts and by what this process saw of the way to it.
void add_troubles(json::array& items, OperatorCode const& code, Reading const& reading) {
    auto const check = fmt::format("npctl operator check {}", code.text);
    auto const health = fmt::format("npctl operator health {}", code.text);
    engine::PeerState state;
    if (reading.context.health && !reading.request.query("as_of")) state = reading.context.health->of(code);
    auto const outbox = reading.reader.outbox_of(code);
    if (state.failing_since || (outbox.count > 0 && !outbox.trouble.empty()))
        items.push_back(trouble_item(code, "not_reached", state.failing_since ? state.failing_since : outbox.oldest,
                                     fmt::format("{} is not reached, messages that wait for it: {}; {}", code.text, outbox.count,
                                                 state.last_error.empty() ? outbox.trouble : state.last_error),
                                     check));
    if (state.has_stream && !state.stream_since && !state.failing_since)
        items.push_back(trouble_item(code, "stream_broken", state.last_error_at,
                                     fmt::format("The stream of messages from {} is not open: {}", code.text, state.last_error), check));
    if (auto const silent = silent_about(code, reading); silent > 0)
        items.push_back(trouble_item(code, "silent", reading.reader.figures_of(code).last_heard,
                                     fmt::format("{} is silent past its deadline; ports that wait: {}.", code.text, silent),
                                     fmt::format("npctl port list -q 'with={} and state=answer_overdue'", code.text)));
    auto const mailbox = reading.reader.mailbox_of(code);
    if (mailbox.oldest && reading.look.now - *mailbox.oldest > mail_is_old)
        items.push_back(trouble_item(code, "not_fetching", mailbox.oldest,
                                     fmt::format("{} does not fetch its mail; messages in its mailbox: {}.", code.text, mailbox.count),
                                     health));
}

// ------------------------------------------------------------------------------------------------------------ the list

/// Late first, the longest first; then by working time left; of equals the dearest first.
bool more_urgent(json::value const& one, json::value const& other) {
    auto const working = [](json::value const& item) { return item.at("working_left_ms").as_int64(); };
    auto const money = [](json::value const& item) {
        auto const* cents = item.as_object().if_contains("per_day");
        return cents ? cents->at("cents").as_int64() : 0;
    };
    if (working(one) != working(other)) return working(one) < working(other);
    return money(one) > money(other);
}

Outcome<filter::Expression> horizon(Reading const& reading, std::string const& within) {
    auto const text = fmt::format("kind=line|claim|delivery and not (waiting_for=calendar|customer or state=accruing) and (due<={} or state={})",
                                  filter::quoted(within), late_states);
    auto parsed = filter::parse(text, timer_fields());
    if (parsed) parsed = placed(std::move(*parsed), reading.look.rulebook.calendar(), reading.look.now);
    if (parsed) return parsed;
    return Refusal{RefusalCode::malformed, fmt::format("within is \"{}\", which is no distance from now.", within), "within",
                   "Send working hours, working days, or hours by the clock: 4wh, 2wd, 12h.", {}};
}

/// Sums of what the listed deadlines cost.
void put_sums(json::object& view, json::array const& deadlines) {
    Money per_day, owed;
    std::int64_t late = 0;
    for (auto const& item : deadlines) {
        auto const& one = item.as_object();
        if (one.at("severity").as_string() == "late") ++late;
        if (one.contains("recourse")) continue;
        if (auto const* money = one.if_contains("per_day")) per_day.cents += money->at("cents").as_int64();
        if (auto const* money = one.if_contains("owed")) owed.cents += money->at("cents").as_int64();
    }
    view["late"] = late;
    view["per_day"] = view_of(per_day);
    view["owed"] = view_of(owed);
}

} // namespace

http::Response read_radar(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_default);
    if (!limit) return problem(limit.refusals());
    auto const within = reading.request.query("within").value_or(std::string(usual_horizon));
    auto const condition = horizon(reading, within);
    if (!condition) return problem(condition.refusals());
    json::array deadlines, items;
    for (auto const& one : together(near_timers(*condition, reading), reading.look.book))
        deadlines.push_back(deadline_item(one, reading.look));
    std::stable_sort(deadlines.begin(), deadlines.end(), more_urgent);
    for (auto const& code : known_operators(reading.context))
        if (code != reading.context.settings.own) add_troubles(items, code, reading);
    auto const troubles = static_cast<std::int64_t>(items.size());
    json::object view{{"within", within}, {"as_of", to_rfc3339(reading.look.now)}};
    put_sums(view, deadlines);
    auto const total = static_cast<std::int64_t>(deadlines.size()) + troubles;
    for (auto& one : deadlines)
        if (static_cast<int>(items.size()) < *limit) items.push_back(std::move(one));
    view["troubles"] = troubles;
    view["items"] = std::move(items);
    view["total"] = total;
    return ok_in_words(reading, std::move(view));
}

} // namespace npod::api
