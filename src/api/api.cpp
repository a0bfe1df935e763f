#include "api/api.hpp"

#include "api/back_room.hpp"
#include "api/case_export.hpp"
#include "api/commands.hpp"
#include "api/feed.hpp"
#include "api/law_diff.hpp"
#include "api/metrics.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "api/reports.hpp"
#include "api/simulate.hpp"
#include "api/time_machine.hpp"
#include "base/json.hpp"
#include "storage/laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace npod::api {

// ---------------------------------------------------------------------------------------------------------- the routes

namespace {

enum class Special : std::uint8_t {
    healthz, readyz, metrics, events, check_order, simulate, law_diff, advance_clock, check_operator, caller, page,
    case_file, erase_port, erase_contract
};

struct Route {
    std::string_view method, pattern;
    Role role;
    std::variant<Read, Command, Special> does;
    std::string_view queries = {}; ///< names of the query parameters, divided by spaces
};

constexpr auto created = true;

// clang-format off
Route const routes_table[] = {
    // method  pattern                              role           does                                                query parameters
    {"PUT",   "/v1/contracts/{id}",                Role::system,  Command{"contract.put", Shows::contract}},
    {"GET",   "/v1/contracts/{id}",                Role::reader,  read_contract,                                      "as_of"},
    {"GET",   "/v1/contracts/{id}/notice",         Role::reader,  read_contract_notice,                               "lang as_of"},
    {"GET",   "/v1/contracts",                     Role::reader,  read_contracts,                                     "limit cursor as_of"},
    {"POST",  "/v1/contracts/{id}/terminate",      Role::system,  Command{"contract.terminate", Shows::contract}},
    {"POST",  "/v1/contracts/{id}/withdraw-termination", Role::system, Command{"contract.withdraw_termination", Shows::contract}},
    {"POST",  "/v1/contracts/{id}/move",           Role::system,  Command{"contract.move", Shows::contract}},
    {"POST",  "/v1/contracts/{id}/erase",          Role::admin,   Special::erase_contract},
    {"PUT",   "/v1/blocks",                        Role::system,  Command{"block.put", Shows::block}},
    {"GET",   "/v1/blocks",                        Role::reader,  read_blocks,                                        "limit cursor as_of"},
    {"GET",   "/v1/routing",                       Role::reader,  read_routing,                                       "limit cursor as_of"},
    {"POST",  "/v1/port-ins",                      Role::desk,    Command{"port.order", Shows::port, created}},
    {"POST",  "/v1/port-ins/check",                Role::desk,    Special::check_order},
    {"GET",   "/v1/ports",                         Role::reader,  read_ports,
              "q state role open counterpart contract number order dossier limit cursor as_of"},
    {"GET",   "/v1/ports/{id}",                    Role::reader,  read_port,                                          "lang as_of"},
    {"POST",  "/v1/ports/{id}/submit",             Role::desk,    Command{"port.submit"}},
    {"POST",  "/v1/ports/{id}/answer",             Role::desk,    Command{"port.answer"}},
    {"POST",  "/v1/ports/{id}/cancel",             Role::desk,    Command{"port.cancel"}},
    {"POST",  "/v1/ports/{id}/reschedule",         Role::desk,    Command{"port.reschedule"}},
    {"POST",  "/v1/ports/{id}/activation",         Role::desk,    Command{"port.activation"}},
    {"POST",  "/v1/ports/{id}/hold",               Role::desk,    Command{"port.hold"}},
    {"POST",  "/v1/ports/{id}/resume",             Role::desk,    Command{"port.resume"}},
    {"POST",  "/v1/ports/{id}/note",               Role::desk,    Command{"port.note"}},
    {"POST",  "/v1/ports/{id}/settle",             Role::desk,    Command{"port.settle"}},
    {"POST",  "/v1/ports/{id}/erase",              Role::admin,   Special::erase_port},
    {"POST",  "/v1/ports/{id}/simulate",           Role::desk,    Special::simulate},
    {"GET",   "/v1/ports/{id}/timeline",           Role::reader,  read_timeline,                                      "limit cursor lang as_of"},
    {"GET",   "/v1/ports/{id}/why",                Role::reader,  read_why,                                           "lang as_of"},
    {"GET",   "/v1/ports/{id}/compensation",       Role::reader,  read_compensation,                                  "lang as_of"},
    {"GET",   "/v1/ports/{id}/residue",            Role::reader,  read_residue,                                       "lang as_of"},
    {"GET",   "/v1/ports/{id}/notice",             Role::reader,  read_port_notice,                                   "lang as_of"},
    {"GET",   "/v1/ports/{id}/eligible",           Role::reader,  read_eligible,                                      "lang as_of"},
    {"GET",   "/v1/ports/{id}/case",               Role::desk,    Special::case_file,                                 "redact as_of"},
    {"GET",   "/v1/numbers/{e164}",                Role::reader,  read_number,                                        "as_of"},
    {"POST",  "/v1/numbers/{e164}/change",         Role::system,  Command{"number.change", Shows::number}},
    {"POST",  "/v1/numbers/{e164}/withdraw-change", Role::system, Command{"number.withdraw_change", Shows::number}},
    {"GET",   "/v1/numbers",                       Role::reader,  read_numbers,                                       "contract limit as_of"},
    {"POST",  "/v1/claims",                        Role::desk,    Command{"claim.file", Shows::claim, created}},
    {"GET",   "/v1/claims",                        Role::reader,  read_claims,                                        "q open limit cursor as_of"},
    {"GET",   "/v1/claims/payments",               Role::reader,  read_payments,                                      "as_of"},
    {"GET",   "/v1/claims/{id}",                   Role::reader,  read_claim,                                         "lang as_of"},
    {"GET",   "/v1/claims/{id}/statement",         Role::reader,  read_statement,                                     "as_of"},
    {"POST",  "/v1/claims/{id}/approve",           Role::desk,    Command{"claim.approve", Shows::claim}},
    {"POST",  "/v1/claims/{id}/reject",            Role::desk,    Command{"claim.reject", Shows::claim}},
    {"POST",  "/v1/claims/{id}/pay",               Role::desk,    Command{"claim.pay", Shows::claim}},
    {"GET",   "/v1/timers",                        Role::reader,  read_timers,                                        "q limit lang as_of"},
    {"GET",   "/v1/radar",                         Role::reader,  read_radar,                                         "within limit lang as_of"},
    {"GET",   "/v1/reports",                       Role::reader,  read_reports,                                       "lang as_of"},
    {"GET",   "/v1/reports/{name}",                Role::reader,  read_report,                                        "period lang as_of"},
    {"GET",   "/v1/events",                        Role::reader,  Special::events,                                    "after limit as_of"},
    {"GET",   "/v1/rules",                         Role::reader,  read_rules,                                         "as_of"},
    {"GET",   "/v1/rules/{id}",                    Role::reader,  read_rule,                                          "at as_of"},
    {"POST",  "/v1/rules/diff",                    Role::reader,  Special::law_diff},
    {"POST",  "/v1/rules/adopt",                   Role::admin,   Command{"law.adopt", Shows::adoption}},
    {"GET",   "/v1/calendar/add",                  Role::reader,  read_calendar_addition,                             "at term as_of"},
    {"GET",   "/v1/machines",                      Role::reader,  read_machines,                                      "as_of"},
    {"GET",   "/v1/machines/{name}",               Role::reader,  read_machine,                                       "lang as_of"},
    {"GET",   "/v1/operators",                     Role::reader,  read_operators,                                     "as_of"},
    {"GET",   "/v1/operators/{code}",              Role::reader,  read_operator,                                      "as_of"},
    {"GET",   "/v1/operators/{code}/health",       Role::reader,  read_operator_health,                               "as_of"},
    {"POST",  "/v1/operators/{code}/check",        Role::desk,    Special::check_operator},
    {"GET",   "/v1/find/{key}",                    Role::reader,  read_find,                                          "as_of"},
    {"POST",  "/v1/clock/advance",                 Role::admin,   Special::advance_clock},
    {"GET",   "/v1/status",                        Role::reader,  read_status,                                        "as_of"},
    {"GET",   "/v1/caller",                        Role::reader,  Special::caller},
    {"GET",   "/",                                 Role::nobody,  Special::page},
    {"GET",   "/assets/{name}",                    Role::nobody,  Special::page},
    {"GET",   "/healthz",                          Role::nobody,  Special::healthz},
    {"GET",   "/readyz",                           Role::nobody,  Special::readyz},
    {"GET",   "/metrics",                          Role::reader,  Special::metrics},
};
// clang-format on

bool wants_stream(http::Request const& request) {
    return http::header(request.headers, "Accept").find("text/event-stream") != std::string_view::npos;
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> found;
    while (!text.empty()) {
        found.push_back(text.substr(0, text.find(' ')));
        text.remove_prefix(std::min(text.size(), found.back().size() + 1));
    }
    return found;
}

/// Whether the path is of the pattern; then `ids` holds what stands in its {…}.
bool fits(std::string_view pattern, std::vector<std::string> const& segments, std::vector<std::string>& ids) {
    ids.clear();
    if (segments.empty()) return pattern == "/";
    for (auto const& segment : segments) {
        if (pattern.empty()) return false;
        pattern.remove_prefix(1); // the slash in front
        auto const expected = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(expected.size());
        if (expected.starts_with('{'))
            ids.push_back(segment);
        else if (expected != segment)
            return false;
    }
    return pattern.empty();
}

} // namespace

std::vector<RouteInfo> Api::routes() {
    std::vector<RouteInfo> list;
    for (auto const& route : routes_table)
        list.push_back({route.method, route.pattern, route.role, words(route.queries)});
    return list;
}

// ----------------------------------------------------------------------------------------------------------- the work

struct Api::Impl {
    explicit Impl(Context given)
        : context(std::move(given)), readers(std::make_shared<Readers>(context.open_reader)),
          laws(context.engine ? context.engine->laws() : storage::laws_in(*readers->lend(), context.rulebook)),
          time_machine(context.rulebook, context.settings, context.interchange) {}

    Context context;
    std::shared_ptr<Readers> readers;
    rules::Laws laws; ///< as the engine has them, or as the file keeps them
    TimeMachine time_machine;
    RequestCounters requests;
    BackRoom past{limits::past_questions_max}; ///< where the log is told again, or all that runs is counted again

    Moment now() const { return context.engine ? context.engine->now() : context.now(); }
    engine::Status engine_status() const {
        if (context.engine) return context.engine->status();
        return {0, 0, false, {}, false, "this is a database file, not a daemon", {}};
    }
    bool clock_is_manual() const { return context.engine && context.engine->clock_is_manual(); }

    void dispatch(http::Request const& request, http::Respond respond);
    void perform(Route const& route, std::vector<std::string> const& ids, http::Request const& request,
                 http::Respond respond);
    http::Response read(Read const& read, std::vector<std::string> const& ids, http::Request const& request);
    void answer(Read const& read, std::vector<std::string> const& ids, http::Request const& request,
                http::Respond respond);
    void special(Special what, std::vector<std::string> const& ids, http::Request const& request, Caller const& caller,
                 http::Respond respond);
    void in_its_turn(std::function<http::Response()> work, http::Respond respond);
    void check_operator(std::string const& code, http::Request const& request, http::Respond respond);
    http::Response ready(http::Request const& request);
    http::Response events(http::Request const& request);
    http::Response metrics();
    http::Response page(http::Request const& request);
};

void Api::Impl::dispatch(http::Request const& request, http::Respond respond) {
    auto const segments = request.segments();
    std::vector<std::string> ids, allowed;
    for (auto const& route : routes_table) {
        if (!fits(route.pattern, segments, ids)) continue;
        if (route.method == request.method) return perform(route, ids, request, std::move(respond));
        allowed.emplace_back(route.method);
    }
    if (!allowed.empty())
        return respond(method_not_allowed(request.method, request.path(), fmt::format("{}", fmt::join(allowed, ", "))));
    respond(problem(Refusal{RefusalCode::not_found,
                            fmt::format("There is nothing at {}.", first_characters(request.path(), 200)),
                            {},
                            "See schemas/openapi.yaml for every path.",
                            {}}));
}

void Api::Impl::perform(Route const& route, std::vector<std::string> const& ids, http::Request const& request,
                        http::Respond respond) {
    Caller caller;
    if (route.role != Role::nobody) {
        auto const known = caller_of(request, context.access);
        if (!known) return respond(problem(known.refusals()));
        caller = *known;
        if (caller.role < route.role)
            return respond(problem(Refusal{RefusalCode::forbidden,
                                           fmt::format("{} has the role {}; this takes {}.", caller.name,
                                                       name_of(caller.role), name_of(route.role)),
                                           {},
                                           "Ask somebody with that role.",
                                           {}}));
    }
    if (auto const problems = unknown_parameters(request, words(route.queries)); !problems.empty())
        return respond(problem(problems));

    if (auto const* what = std::get_if<Read>(&route.does)) return answer(*what, ids, request, std::move(respond));
    if (auto const* command = std::get_if<Command>(&route.does))
        return submit_command(context, *command, request, caller, ids.empty() ? "" : ids.front(), std::move(respond));
    special(std::get<Special>(route.does), ids, request, caller, std::move(respond));
}

/// Now, or when its turn comes where the log must be told again: who asks for the past holds nobody up but his like.
void Api::Impl::answer(Read const& what, std::vector<std::string> const& ids, http::Request const& request,
                       http::Respond respond) {
    if (!request.query("as_of")) return respond(read(what, ids, request));
    in_its_turn([this, what, ids, request] { return read(what, ids, request); }, std::move(respond));
}

/// What tells the log again: one after the other, aside; a database file has nobody else to hold up.
void Api::Impl::in_its_turn(std::function<http::Response()> work, http::Respond respond) {
    if (!context.engine) return respond(work());
    bool const taken = past.take([work = std::move(work), respond] {
        try {
            respond(work());
        } catch (Fault const& trouble) {
            respond(fault(trouble));
        }
    });
    if (!taken)
        respond(problem(Refusal{RefusalCode::overloaded,
                                "Too many long questions, about the past, another law or what would be, wait already.",
                                "",
                                "Ask again in a few seconds, or ask a copy of the database with npctl --db.",
                                {}}));
}

/// Answers from the present, or from what was known at `as_of`.
http::Response Api::Impl::read(Read const& read, std::vector<std::string> const& ids, http::Request const& request) {
    auto const present = now();
    auto const at = moment_of(request, "as_of", present);
    if (!at) return problem(at.refusals());
    if (*at > present)
        return problem(Refusal{RefusalCode::malformed,
                               fmt::format("as_of is {}, which is in the future.", to_rfc3339(*at)),
                               "as_of",
                               fmt::format("Ask for {} or before.", to_rfc3339(present)),
                               {}});
    auto const status = engine_status();
    bool const of_the_past = request.query("as_of").has_value(); // the log told again: it only grows, so each page may be of its own commit
    auto const reader = readers->lend(of_the_past ? Readers::Sees::each_the_newest : Readers::Sees::one_commit);
    auto const answer_from = [&](storage::Reader const& from, rules::Laws const& by, Moment when) {
        return read({request, ids, from, {from.book(), by, when}, context, status, *reader});
    };
    if (!of_the_past) return answer_from(*reader, laws, present);
    if (context.engine && TimeMachine::is_too_far(*at, *reader))
        return problem(Refusal{RefusalCode::not_admissible,
                               fmt::format("The log until then is longer than the {} rows that the daemon tells again.", limits::rows_told_again_max),
                               "as_of",
                               "Ask a copy of the file: npctl --db COPY … --as-of MOMENT.",
                               {}});
    http::Response response;
    auto const difference = time_machine.visit(
        *at, *reader, [&](storage::Reader const& then, rules::Laws const& by) { response = answer_from(then, by, *at); });
    if (difference.empty()) return response;
    return problem(Refusal{RefusalCode::not_admissible,
                           fmt::format("What was known then cannot be told with the configuration of now: {}.", difference),
                           "as_of",
                           "Leave out as_of, or ask a daemon that has the configuration of then.",
                           {}});
}

void Api::Impl::special(Special what, std::vector<std::string> const& ids, http::Request const& request,
                        Caller const& caller, http::Respond respond) {
    switch (what) {
    case Special::healthz: return respond({200, {{"Content-Type", "text/plain"}}, "ok\n", {}});
    case Special::readyz: return respond(ready(request));
    case Special::metrics: return respond(metrics());
    case Special::events:
        if (wants_stream(request)) return respond(events(request));
        return answer(read_events, {}, request, std::move(respond));
    case Special::caller: return respond(ok({{"name", caller.name}, {"role", name_of(caller.role)}}));
    case Special::page: return respond(page(request));
    case Special::advance_clock: return advance_clock(context, request, caller, std::move(respond));
    case Special::erase_port: return erase_customer(context, request, caller, engine::Event::Erase::port, ids.at(0), std::move(respond));
    case Special::erase_contract: return erase_customer(context, request, caller, engine::Event::Erase::contract, ids.at(0), std::move(respond));
    case Special::check_operator: return check_operator(ids.at(0), request, std::move(respond));
    case Special::law_diff: {
        auto const key = idempotency_key_of(request); // nothing is stored, yet every POST has one
        if (!key) return respond(problem(key.refusals()));
        return in_its_turn([this, ids, request] { return read(what_would_change, ids, request); }, std::move(respond));
    }
    case Special::case_file:
        return in_its_turn(
            [this, id = PortId{ids.at(0)}, request] { return export_case(context, *readers->lend(), id, now(), request); },
            std::move(respond));
    case Special::check_order:
    case Special::simulate: {
        auto const key = idempotency_key_of(request); // nothing is stored, yet every POST has one
        if (!key) return respond(problem(key.refusals()));
        if (what == Special::check_order) return respond(read(check_order, ids, request));
        return in_its_turn([this, ids, request] { return read(simulate, ids, request); }, std::move(respond)); // it waits for the writer
    }
    }
}

/// Answered when the counterpart has answered, or has not for too long.
void Api::Impl::check_operator(std::string const& code, http::Request const& request, http::Respond respond) {
    auto const key = idempotency_key_of(request); // nothing is stored, yet every POST has one
    if (!key) return respond(problem(key.refusals()));
    if (auto unknown = unknown_operator(OperatorCode{code}, context)) return respond(problem(*unknown));
    if (!context.check)
        return respond(problem(Refusal{RefusalCode::not_admissible,
                                       "A database file has no way to anybody.",
                                       {},
                                       "Ask the daemon, with --url.",
                                       {}}));
    context.check(OperatorCode{code}, [code, respond = std::move(respond)](std::vector<CheckStep> const& steps) {
        respond(ok(view_of_check(code, steps)));
    });
}

http::Response Api::Impl::ready(http::Request const& request) {
    auto response = read(read_status, {}, request);
    if (context.engine && !context.engine->status().accepting) response.status = 503;
    return response;
}

/// The feed as a stream.
http::Response Api::Impl::events(http::Request const& request) {
    auto const last_seen = http::header(request.headers, "Last-Event-ID");
    auto const from = last_seen.empty() ? request.query("after").value_or("0") : std::string(last_seen);
    auto const place = parse_feed_place(from);
    if (!place)
        return problem(Refusal{RefusalCode::malformed,
                               fmt::format("\"{}\" is no place in the feed.", first_characters(from, 60)),
                               "Last-Event-ID",
                               "Send the id of the last event that you have seen, \"17.2\".",
                               {}});
    auto const own = readers->lend()->own_operator();
    return {200,
            {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
            {},
            open_feed(readers, *place, own)};
}

http::Response Api::Impl::metrics() {
    auto const reader = readers->lend();
    return {200,
            {{"Content-Type", "text/plain; version=0.0.4"}},
            metrics_page(requests, context, *reader, now()),
            {}};
}

http::Response Api::Impl::page(http::Request const& request) {
    if (context.page) return context.page(request);
    return problem(Refusal{RefusalCode::not_found, "There is no web page here.", {}, "A running npod serves it at /.", {}});
}

// ------------------------------------------------------------------------------------------------------------ outside

Api::Api(Context context) : impl_(std::make_shared<Impl>(std::move(context))) {}
Api::~Api() { impl_->past.stop(); } // what it does holds a share of impl_, and must not be the last

void Api::handle(http::Request const& request, http::Respond respond) {
    // An answer may come after a commit, when the Api itself is going away: it holds what it needs.
    http::Respond const send = [impl = impl_, respond = std::move(respond)](http::Response response) {
        if (impl->clock_is_manual()) response.headers.emplace_back("X-Npod-Clock", "manual");
        impl->requests.count(response.status);
        respond(std::move(response));
    };
    try {
        impl_->dispatch(request, send);
    } catch (Fault const& trouble) {
        send(fault(trouble));
    }
}

} // namespace npod::api
