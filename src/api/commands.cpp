#include "api/commands.hpp"

#include "api/filters.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "api/views.hpp"
#include "base/json.hpp"
#include "base/trace.hpp"
#include "protocol/business/decode.hpp"
#include "storage/erasure.hpp"

#include <fmt/format.h>

#include <charconv>

namespace npod::api {

namespace input = porting::input;

// ------------------------------------------------------------------------------------------------------------ answers

namespace {

engine::Rendered render_port(PortId const& id, Look const& look) {
    auto const port = look.book.port(id);
    NPOD_PROMISE(port.has_value()); // the domain has just said that it made or changed it
    return {200, to_bytes(view_of(*port, look)), "/v1/ports/" + id.text};
}

engine::Rendered render_contract(ContractId const& id, Look const& look) {
    auto const contract = look.book.contract(id);
    NPOD_PROMISE(contract.has_value());
    return {200, to_bytes(view_of(*contract, std::nullopt, look)), "/v1/contracts/" + id.text};
}

engine::Rendered render_claim(ClaimId const& id, Look const& look) {
    auto const claim = look.book.claim(id);
    NPOD_PROMISE(claim.has_value());
    return {200, to_bytes(view_of(*claim, look)), "/v1/claims/" + id.text};
}

engine::Rendered render_number(std::string const& e164, Look const& look) {
    auto const number = porting::parse_e164(e164);
    NPOD_PROMISE(bool(number)); // the domain knows it
    auto const plan = porting::belgian_plan(*number);
    return {200, to_bytes(view_of_number(*number, plan ? *plan : porting::PlanEntry{}, {}, {}, look)), "/v1/numbers/" + e164};
}

engine::Rendered render_block(input::PutBlock const& block) {
    auto view = view_of(block.numbers);
    view["holder"] = block.holder.text;
    return {200, to_bytes(view), {}};
}

engine::Rendered render_adoption(porting::Answer const& answer, Look const& look) {
    json::object view{{"rulebook", {{"name", look.rulebook.name()}, {"version", look.rulebook.version()}}}};
    view["told"] = view_of(answer.told);
    return {200, to_bytes(view), {}};
}

/// How the engine puts the answer into bytes, on its own thread, inside the transaction.
engine::Render renderer(Context const& context, Command const& command, std::string const& key,
                        input::Any const& input) {
    std::optional<input::PutBlock> block;
    if (auto const* put = std::get_if<input::PutBlock>(&input)) block = *put;
    return [engine = context.engine, command, key,
            block](porting::Answer const& answer, porting::Book const& book, std::int64_t) -> engine::Rendered {
        if (!answer.refusals.empty()) return {status_of(answer.refusals), problem_body(answer.refusals), {}};
        auto const& subject = answer.subject.empty() ? key : answer.subject;
        Look const look{book, engine->laws(), engine->now()};
        engine::Rendered rendered;
        switch (command.shows) {
        case Shows::port: rendered = render_port(PortId{subject}, look); break;
        case Shows::contract: rendered = render_contract(ContractId{subject}, look); break;
        case Shows::claim: rendered = render_claim(ClaimId{subject}, look); break;
        case Shows::number: rendered = render_number(subject, look); break;
        case Shows::adoption: rendered = render_adoption(answer, look); break;
        case Shows::block: rendered = render_block(*block); break;
        }
        bool const created = answer.created || command.always_created;
        if (created)
            rendered.status = 201;
        else
            rendered.location.clear();
        return rendered;
    };
}

http::Response response_of(engine::Result const& result, bool dry_run) {
    if (result.indeterminate)
        return problem(Refusal{RefusalCode::overloaded,
                               "The disk failed; whether this was stored is not known.",
                               {},
                               "Ask again with the same Idempotency-Key.",
                               {}});
    auto const& rendered = result.rendered;
    http::Response response;
    if (rendered.body.empty() && !result.answer.refusals.empty())
        response = problem(result.answer.refusals);
    else if (rendered.status >= 400)
        response = problem(rendered.status, rendered.body);
    else {
        response = {rendered.status, {{"Content-Type", "application/json"}}, rendered.body, {}};
        if (auto etag = etag_of(rendered.body); !etag.empty()) response.headers.emplace_back("ETag", std::move(etag));
        if (!rendered.location.empty()) response.headers.emplace_back("Location", rendered.location);
    }
    bool const remembered =
        result.replayed && result.answer.refusals.empty(); // not: the key was used for something else
    if (remembered) response.headers.emplace_back("Idempotent-Replayed", "true");
    if (dry_run) response.headers.emplace_back("Dry-Run", "true");
    return response;
}

Refusal read_only() {
    return {RefusalCode::read_only,
            "This is a database file, not a daemon: nothing can be changed here.",
            {},
            "Ask the daemon that serves this file: npctl --url.",
            {}};
}

/// When it happened, as far as somebody told.
std::optional<Moment> told_moment(input::Any const& input) {
    if (auto const* report = std::get_if<input::ActivationReport>(&input)) return report->at;
    if (auto const* claim = std::get_if<input::FileClaim>(&input)) return claim->received_at;
    if (auto const* settle = std::get_if<input::SettlePort>(&input)) return settle->at;
    return std::nullopt;
}

/// Everything in the headers that steers a command; all problems at once.
Outcome<engine::Event> event_of_headers(http::Request const& request) {
    engine::Event event;
    std::vector<Refusal> problems;
    auto const add = [&](std::vector<Refusal> const& more) {
        problems.insert(problems.end(), more.begin(), more.end());
    };
    if (request.method == "POST") {
        auto key = idempotency_key_of(request);
        if (key) event.idempotency_key = *key;
        add(key.refusals());
        auto const dry_run = dry_run_of(request);
        if (dry_run) event.dry_run = *dry_run;
        add(dry_run.refusals());
    }
    auto const version = if_match_of(request);
    if (version) event.if_version = *version;
    add(version.refusals());
    if (!problems.empty()) return problems;
    return event;
}

} // namespace

void submit_command(Context const& context, Command const& command, http::Request const& request, Caller const& caller,
                    std::string const& key, http::Respond respond) {
    if (!context.engine) return respond(problem(read_only()));
    auto event = event_of_headers(request);
    if (!event) return respond(problem(event.refusals()));
    auto decoded = protocol::business::decode_command(command.kind, key, request.body);
    if (!decoded) return respond(problem(decoded.refusals()));

    event->kind = command.kind;
    event->source = caller.source();
    event->key = key;
    event->reason = protocol::business::reason_in(request.body);
    event->body = request.body;
    event->trace = parse_traceparent(http::header(request.headers, "traceparent")).value_or("");
    event->happened_at = told_moment(*decoded);
    event->render = renderer(context, command, key, *decoded);
    event->input = std::move(*decoded);
    bool const dry_run = event->dry_run;
    context.engine->submit(std::move(*event), [respond = std::move(respond), dry_run](engine::Result const& result) {
        respond(response_of(result, dry_run));
    });
}

void erase_customer(Context const& context, http::Request const& request, Caller const& caller, engine::Event::Erase what,
                    std::string const& key, http::Respond respond) {
    if (!context.engine) return respond(problem(read_only()));
    auto event = event_of_headers(request);
    if (!event) return respond(problem(event.refusals()));
    auto const body = parse_json(request.body.empty() ? "{}" : request.body);
    if (!body) return respond(problem(body.refusals()));
    std::vector<Refusal> problems;
    if (auto const* const object = body->if_object()) {
        JsonReader reader(*object, problems);
        event->reason = reader.text("reason");
        reader.unknown_keys();
    } else {
        problems.push_back({RefusalCode::malformed, "The body is not a JSON object.", {}, R"(Send {"reason":"…"}.)", {}});
    }
    if (!problems.empty()) return respond(problem(problems));
    event->kind = storage::erasure_kind;
    event->source = caller.source();
    event->key = key;
    event->erase = what;
    Command const command{storage::erasure_kind, what == engine::Event::Erase::port ? Shows::port : Shows::contract};
    event->render = renderer(context, command, key, input::Any{});
    bool const dry_run = event->dry_run;
    context.engine->submit(std::move(*event), [respond = std::move(respond), dry_run](engine::Result const& result) {
        respond(response_of(result, dry_run));
    });
}

// ---------------------------------------------------------------------------------------------------------- the clock

namespace {

/// "PT3H", "PT1H30M", "PT45S": plain time.
std::optional<Duration> iso_duration(std::string_view text) {
    if (!text.starts_with("PT")) return std::nullopt;
    text.remove_prefix(2);
    Duration total{};
    std::string_view units = "HMS"; // each at most once, in this order
    while (!text.empty()) {
        std::int64_t amount = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
        if (error != std::errc{} || amount < 0 || amount > 1'000'000 || end == text.data() + text.size())
            return std::nullopt;
        auto const unit = units.find(*end);
        if (unit == std::string_view::npos) return std::nullopt;
        if (*end == 'H')
            total += std::chrono::hours{amount};
        else if (*end == 'M')
            total += std::chrono::minutes{amount};
        else
            total += std::chrono::seconds{amount};
        units.remove_prefix(unit + 1);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    }
    if (total == Duration{}) return std::nullopt;
    return total;
}

/// Reads {"to"} or {"by"}.
Outcome<Moment> target_of(std::string_view body, Moment now, rules::Rulebook const& rulebook) {
    auto const value = parse_json(body.empty() ? "{}" : body);
    if (!value) return value.refusals();
    auto const* object = value->if_object();
    if (!object)
        return Refusal{RefusalCode::malformed, "The body is not a JSON object.", {}, R"(Send {"by":"2wd"}.)", {}};
    std::vector<Refusal> problems;
    JsonReader reader(*object, problems);
    auto const to = reader.moment("to", Need::optional);
    auto const by = reader.text("by", Need::optional);
    reader.unknown_keys();
    if (problems.empty() && to.has_value() == !by.empty())
        reader.refuse("", "Either \"to\" or \"by\" says how far.",
                      R"(Send {"to":"2026-03-04T18:00:00+01:00"} or {"by":"2wd"}.)");
    if (!problems.empty()) return problems;
    if (to) return *to;
    auto moment = after_term(by, now, rulebook);
    if (moment) return moment;
    auto refusal = moment.refusal();
    refusal.pointer = "/by";
    return refusal;
}

json::object clock_view(Moment now, std::optional<Moment> next_due) {
    json::object view{{"now", to_rfc3339(now)}, {"manual", true}};
    put(view, "next_due", next_due);
    return view;
}

/// What would fire on the way, as things are: what it sets off in turn is known only when it has fired.
http::Response rehearsed_advance(Context const& context, Moment to) {
    auto due = filter::parse(fmt::format("due<={}", filter::quoted(to_rfc3339(to))), timer_fields());
    if (due) due = placed(std::move(*due), context.engine->rulebook().calendar(), context.engine->now());
    if (!due) return problem(due.refusals());
    auto const reader = context.open_reader();
    auto const first = reader->timers(*due, 1);
    auto view = clock_view(context.engine->now(), context.engine->status().next_due);
    json::object would{{"to", to_rfc3339(to)}, {"fire", reader->count_timers(*due)}};
    if (!first.empty()) would["first"] = to_rfc3339(first.front().due);
    view["would"] = std::move(would);
    auto response = ok(view);
    response.headers.emplace_back("Dry-Run", "true");
    return response;
}

http::Response clock_response(engine::Result const& result) {
    if (!result.answer.refusals.empty()) return problem(result.answer.refusals);
    http::Response response{200, {{"Content-Type", "application/json"}}, result.rendered.body, {}};
    if (result.replayed) response.headers.emplace_back("Idempotent-Replayed", "true");
    return response;
}

/// Key and dry run; a clock has no version.
Outcome<engine::Event> event_of_advance(http::Request const& request, Caller const& caller) {
    auto event = event_of_headers(request);
    if (!event) return event;
    if (event->if_version)
        return Refusal{RefusalCode::malformed, "A clock has no version that could be asked for.", "If-Match", "Leave the header out.", {}};
    event->kind = "clock.advance";
    event->source = caller.source();
    event->body = request.body;
    return event;
}

} // namespace

Outcome<Moment> after_term(std::string_view text, Moment now, rules::Rulebook const& rulebook) {
    if (auto const duration = iso_duration(text)) return now + *duration;
    auto const term = rules::parse_term(text);
    if (!term) return term.refusals();
    return rules::add(rulebook.calendar(), now, *term).result;
}

void advance_clock(Context const& context, http::Request const& request, Caller const& caller, http::Respond respond) {
    if (!context.engine) return respond(problem(read_only()));
    auto event = event_of_advance(request, caller);
    if (!event) return respond(problem(event.refusals()));
    auto& engine = *context.engine;
    if (!engine.clock_is_manual())
        return respond(problem(Refusal{RefusalCode::forbidden,
                                       "This daemon runs on the system's clock; nobody moves that.",
                                       {},
                                       "Start a sandbox with: npod serve --clock manual@2026-03-02T09:00:00+01:00.",
                                       {}}));
    auto const target = target_of(request.body, engine.now(), engine.rulebook());
    if (!target) return respond(problem(target.refusals()));
    auto const to = *target;
    if (event->dry_run && to >= engine.now()) return respond(rehearsed_advance(context, to));
    event->render = [to, &engine](porting::Answer const&, porting::Book const&, std::int64_t) -> engine::Rendered {
        return {200, to_bytes(clock_view(to, engine.status().next_due)), {}};
    };
    engine.advance_clock(to, std::move(*event),
                         [respond = std::move(respond)](engine::Result const& result) { respond(clock_response(result)); });
}

} // namespace npod::api
