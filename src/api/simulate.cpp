#include "api/simulate.hpp"

#include "api/problem.hpp"
#include "base/json.hpp"
#include "base/nearest.hpp"
#include "protocol/business/decode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::api {

namespace {

namespace input = porting::input;
namespace message = porting::message;
using porting::Port;

/// What the body of a simulation says, each part as a command of the API would have it.
struct Question {
    std::string event;
    Moment at{};
    json::object body; ///< as sent
    json::value member(std::string_view name) const {
        auto const* value = body.if_contains(name);
        return value ? *value : json::value();
    }
    /// An object of the named members, as far as they were sent: (name here, name there).
    json::object with(std::initializer_list<std::pair<std::string_view, std::string_view>> names) const {
        json::object object;
        for (auto const& [ours, theirs] : names)
            if (auto const* value = body.if_contains(ours)) object[theirs] = *value;
        return object;
    }
};

using Made = Outcome<std::optional<input::Any>>; ///< nothing: only time goes by

/// How an event is brought about. The names are the machines' own.
struct Simulated {
    std::string_view event;
    porting::Role role;
    Made (*make)(Question const&, Port const&, Reading const&);
};

Made command(std::string_view kind, std::string const& key, json::object const& body) {
    auto decoded = protocol::business::decode_command(kind, key, to_bytes(body));
    if (!decoded) return decoded.refusals();
    return std::optional(std::move(*decoded));
}

Made silence(Question const&, Port const&, Reading const&) { return std::optional<input::Any>{}; }

template <auto const& kind>
Made act(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"numbers", "numbers"}});
    body["reason"] = "simulated";
    return command(kind, port.id.text, body);
}
constexpr std::string_view submit_kind = "port.submit", hold_kind = "port.hold", resume_kind = "port.resume",
                           cancel_kind = "port.cancel", settle_kind = "port.settle";

Made reschedule(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"numbers", "numbers"}, {"to", "at"}, {"agreed_by_customer", "agreed_by_customer"}});
    body["reason"] = "simulated";
    return command("port.reschedule", port.id.text, body);
}

Made activation_done(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"numbers", "numbers"}});
    body["reason"] = "simulated";
    body["done"] = question.with({{"effective_at", "at"}});
    return command("port.activation", port.id.text, body);
}

Made activation_failed(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"numbers", "numbers"}});
    auto failed = question.with({{"cause", "cause"}});
    failed.emplace("cause", "simulated");
    body["reason"] = "simulated";
    body["failed"] = std::move(failed);
    return command("port.activation", port.id.text, body);
}

Made recognise(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"numbers", "numbers"}});
    body["recognise_transfer"] = true;
    body["reason"] = "simulated";
    return command("port.settle", port.id.text, body);
}

Made file_claim(Question const& question, Port const& port, Reading const&) {
    auto body = question.with({{"claimant", "claimant"}, {"received_at", "received_at"}});
    body.emplace("claimant", port.customer.name);
    body["port"] = port.id.text;
    return command("claim.file", "", body);
}

/// The donor's decision as POST …/answer would have it.
Made decision(Question const& question, Port const& port) {
    auto one = question.with({{"numbers", "numbers"}, {"note", "note"}});
    auto const ground = [&]() -> json::value {
        auto const grounds = question.member("grounds");
        return grounds.is_array() && !grounds.get_array().empty() ? grounds.get_array().front()
                                                                  : json::value("TECHNICAL");
    };
    std::string_view const event = question.event;
    if (event.starts_with("acceptance"))
        one["accept"] = question.with({{"first_possible_at", "at"}});
    else if (event.starts_with("refusal"))
        one["refuse"] = question.with({{"grounds", "grounds"}});
    else {
        auto postpone = question.with({{"until", "until"}});
        postpone["ground"] = ground();
        one["postpone"] = std::move(postpone);
    }
    return command("port.answer", port.id.text, {{"decisions", json::array{std::move(one)}}, {"reason", "simulated"}});
}

Made our_answer(Question const& question, Port const& port, Reading const&) { return decision(question, port); }

Made our_delay(Question const& question, Port const& port, Reading const&) {
    return command("port.answer", port.id.text,
                   {{"delay", question.with({{"until", "until"}})}, {"reason", "simulated"}});
}

input::Any heard(OperatorCode const& sender, OperatorCode const& receiver, message::Body body) {
    return input::Received{{sender, receiver, {}, std::move(body), {}}, 0};
}

/// The donor's answer on its way to us; no numbers: all lines that are open.
Made their_answer(Question const& question, Port const& port, Reading const& reading) {
    auto decided = decision(question, port);
    if (!decided) return decided.refusals();
    auto const& answer = std::get<input::AnswerPort>(**decided);
    message::Answer body{port.dossier, {}};
    for (auto const& one : answer.decisions) {
        auto numbers = one.numbers;
        if (numbers.empty())
            for (auto const& line : reading.look.book.lines(port.id))
                if (!porting::line_settled(port.role, line.state)) numbers.push_back(line.numbers);
        bool const accepts = one.kind == input::Decision::Kind::accept;
        for (auto const& range : numbers)
            body.ranges.push_back(
                {range, one.grounds, {}, accepts && !one.at ? std::optional(question.at) : one.at, one.note});
    }
    return std::optional(heard(port.donor, port.recipient, std::move(body)));
}

Made their_delay(Question const& question, Port const& port, Reading const& reading) {
    auto decided = our_delay(question, port, reading);
    if (!decided) return decided.refusals();
    auto const until = std::get<input::AnswerPort>(**decided).delay_until;
    return std::optional(
        heard(port.donor, port.recipient, message::AnswerDelayed{port.dossier, port.donor, until, ""}));
}

Made performed(Question const& question, Port const& port, Reading const& reading) {
    std::vector<porting::NumberRange> numbers;
    for (auto const& line : reading.look.book.lines(port.id))
        if (!porting::line_settled(port.role, line.state)) numbers.push_back(line.numbers);
    return std::optional(heard(port.recipient, port.donor,
                               message::Performed{port.dossier, port.recipient, port.donor, question.at, numbers}));
}

Made their_cancel(Question const&, Port const& port, Reading const&) {
    return std::optional(heard(port.recipient, port.donor, message::Cancel{port.dossier, "simulated"}));
}

/// What becomes of the message of ours that waits: the last of its type.
Made delivered(Question const& question, Port const& port, Reading const& reading) {
    std::string_view const type = std::string_view(question.event).starts_with("cancel") ? "cancel" : "portingrequest";
    std::optional<std::int64_t> waiting;
    for (auto const& delivery : reading.reader.deliveries_of(port.id))
        if (delivery.type == type && (delivery.state == "queued" || delivery.state == "retrying"))
            waiting = delivery.id;
    if (!waiting)
        return Refusal{RefusalCode::illegal_now,
                       fmt::format("No {} of {} is on its way.", type, port.id.text),
                       "/event",
                       "Simulate another event.",
                       {}};
    using enum input::DeliveryReport::What;
    bool const arrives = question.event.ends_with("_taken");
    return std::optional<input::Any>(
        input::DeliveryReport{*waiting, arrives ? taken : turned_away, arrives ? "simulated" : "", "simulated"});
}

constexpr Simulated simulations[] = {
    {"silence", porting::Role::port_in, silence},
    {"submitted", porting::Role::port_in, act<submit_kind>},
    {"request_taken", porting::Role::port_in, delivered},
    {"request_undeliverable", porting::Role::port_in, delivered},
    {"acceptance_received", porting::Role::port_in, their_answer},
    {"refusal_received", porting::Role::port_in, their_answer},
    {"postponement_received", porting::Role::port_in, their_answer},
    {"delay_announced", porting::Role::port_in, their_delay},
    {"hold_requested", porting::Role::port_in, act<hold_kind>},
    {"resume_requested", porting::Role::port_in, act<resume_kind>},
    {"reschedule_requested", porting::Role::port_in, reschedule},
    {"activation_done", porting::Role::port_in, activation_done},
    {"activation_failed", porting::Role::port_in, activation_failed},
    {"cancel_requested", porting::Role::port_in, act<cancel_kind>},
    {"cancel_taken", porting::Role::port_in, delivered},
    {"settled_by_person", porting::Role::port_in, act<settle_kind>},
    {"filed", porting::Role::port_in, file_claim},
    {"silence", porting::Role::port_out, silence},
    {"acceptance_decided", porting::Role::port_out, our_answer},
    {"refusal_decided", porting::Role::port_out, our_answer},
    {"postponement_decided", porting::Role::port_out, our_answer},
    {"delay_decided", porting::Role::port_out, our_delay},
    {"performed_received", porting::Role::port_out, performed},
    {"cancel_received", porting::Role::port_out, their_cancel},
    {"performance_recognised", porting::Role::port_out, recognise},
    {"settled_by_person", porting::Role::port_out, act<settle_kind>},
};

Refusal unknown_event(std::string_view event, porting::Role role) {
    auto const names = simulated_events(role);
    auto const close = nearest(event, names);
    return {RefusalCode::malformed,
            fmt::format("\"{}\" is no event that can be simulated for a {}.", first_characters(event, 60),
                        porting::name_of(role)),
            "/event",
            close.empty() ? fmt::format("Use one of: {}.", fmt::join(names, ", "))
                          : fmt::format("Did you mean \"{}\"? Possible: {}.", close, fmt::join(names, ", ")),
            {}};
}

Outcome<Question> question_of(std::string_view bytes, Moment now, rules::Rulebook const& rulebook) {
    auto const value = parse_json(bytes.empty() ? "{}" : bytes);
    if (!value) return value.refusals();
    auto const* object = value->if_object();
    if (object == nullptr)
        return Refusal{
            RefusalCode::malformed, "The body is not a JSON object.", {}, R"(Send {"event":"silence","at":"…"}.)", {}};
    std::vector<Refusal> problems;
    JsonReader reader(*object, problems);
    Question question{reader.text("event"), now, *object};
    question.at = reader.moment("at", Need::optional).value_or(now);
    for (auto const name : {"numbers", "first_possible_at", "until", "grounds", "note", "to", "agreed_by_customer",
                            "cause", "claimant", "received_at", "effective_at"})
        reader.raw(name); // read by whatever brings the event about
    reader.unknown_keys();
    if (problems.empty() && question.at < now)
        problems.push_back({RefusalCode::not_admissible,
                            fmt::format("at is {}, which is in the past.", to_rfc3339(question.at)),
                            "/at",
                            fmt::format("Ask for {} or later; what was is shown with as_of.", to_rfc3339(now)),
                            {}});
    if (problems.empty() && question.at > rulebook.due("npod.horizon", now))
        problems.push_back({RefusalCode::not_admissible,
                            "at is further away than npod.horizon allows.",
                            "/at",
                            "Ask for an earlier moment.",
                            {}});
    if (!problems.empty()) return problems;
    return question;
}

/// What would become of contracts and their numbers, from the rows that would be written.
json::array effects_on(std::string_view machine, std::vector<storage::LogRow> const& rows) {
    json::array items;
    for (auto const& row : rows)
        for (auto const& move : row.moves)
            if (move.machine == machine && move.verdict == "moved" && move.from != move.to)
                items.push_back({{"id", move.subject.id},
                                 {"from", move.from},
                                 {"to", move.to},
                                 {"note", move.note},
                                 {"at", to_rfc3339(row.learned_at)}});
    return items;
}

json::object state_and_money(Port const& port, Look const& look) {
    json::object view{{"state", port.state}, {"settled", port.settled}};
    if (port.role == porting::Role::port_in)
        view["total"] = view_of(porting::compensation(port, look.book.lines(port.id), look.law_of(port), look.now).total);
    return view;
}

json::object view_then(Question const& question, Port const& before, Reading const& reading,
                       storage::Reader const& then, std::int64_t before_seq, engine::Result const& result) {
    Look const look{then.book(), reading.look.laws, question.at};
    auto const port = then.book().port(before.id).value_or(before);
    std::vector<storage::LogRow> rows;
    for (auto page = then.log(before_seq, 256); !page.empty(); page = then.log(rows.back().seq, 256))
        rows.insert(rows.end(), page.begin(), page.end());
    json::array steps;
    for (auto const& row : rows) steps.push_back(view_of(row));
    auto port_then = view_of(port, look);
    port_then.erase("version"); // of a port that never was
    json::object view{{"port", port.id.text},
                      {"event", question.event},
                      {"at", to_rfc3339(question.at)},
                      {"now", to_rfc3339(reading.look.now)},
                      {"refused", view_of(result.answer.refusals)},
                      {"before", state_and_money(before, reading.look)},
                      {"after", state_and_money(port, look)},
                      {"steps", std::move(steps)},
                      {"contracts", effects_on("contract", rows)},
                      {"numbers", effects_on("number", rows)},
                      {"then", std::move(port_then)}};
    if (port.role == porting::Role::port_in) view["compensation"] = compensation_view(port, look);
    return view;
}

} // namespace

std::vector<std::string_view> simulated_events(porting::Role role) {
    std::vector<std::string_view> names;
    for (auto const& one : simulations)
        if (one.role == role) names.push_back(one.event);
    return names;
}

http::Response simulate(Reading const& reading) {
    auto* const engine = reading.context.engine;
    if (engine == nullptr)
        return problem(Refusal{RefusalCode::read_only,
                               "This is a database file, not a daemon: nothing can be tried out here.",
                               {},
                               "Ask the daemon that serves this file: npctl --url.",
                               {}});
    auto const question = question_of(reading.request.body, reading.look.now, reading.look.rulebook);
    if (!question) return problem(question.refusals());
    auto const port = reading.look.book.port(PortId{reading.ids.at(0)});
    if (!port) return problem(no_such_port(reading.ids.at(0)));
    auto const* one = std::find_if(std::begin(simulations), std::end(simulations), [&](Simulated const& row) {
        return row.role == port->role && row.event == question->event;
    });
    if (one == std::end(simulations)) return problem(unknown_event(question->event, port->role));
    auto made = one->make(*question, *port, reading);
    if (!made) return problem(made.refusals());
    engine::Rehearsal rehearsal{port->id, {}, question->at};
    rehearsal.event.kind = "simulated." + question->event;
    rehearsal.event.source = "simulation";
    rehearsal.event.key = port->id.text;
    rehearsal.event.input = std::move(*made);
    json::object view;
    bool const played = engine->rehearse(
        rehearsal, [&](storage::Reader const& then, std::int64_t before_seq, engine::Result const& result) {
            view = view_then(*question, *port, reading, then, before_seq, result);
        });
    if (!played)
        return problem(Refusal{RefusalCode::overloaded,
                               "The daemon cannot try anything out now.",
                               {},
                               "Look at npctl daemon status.",
                               {}});
    return ok(view);
}

} // namespace npod::api
