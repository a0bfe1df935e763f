/// What a person may do to a port. The daemon decides; a refusal names what the port allows instead.

#include "cli/changes.hpp"
#include "cli/port_list.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

Exit print_port(Session& session, json::value const& reply, std::string const& id) {
    static json::object const none;
    auto const& port = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, id.empty() ? text_in(port, "id") : id,
                     [&] { return port_page(port, paper_of(session)); });
}

/// POST /v1/ports/{id}/{act} with a body.
Exit act(Session& session, Arguments const& arguments, std::string_view name, json::object const& body,
         std::string const& question = {}) {
    if (arguments.has("--query") == arguments.has("ID"))
        throw Stop(Exit::usage, fmt::format("port {}: which port?\n  next:  name one (its ID, order, dossier or a number), or "
                                            "many with -q 'waiting_for=desk'; not both.",
                                            name));
    if (arguments.has("--query")) return act_on_all(session, arguments, name, body);
    auto const id = find_port(session, arguments.text("ID"));
    if (!question.empty()) ask_first(session, fmt::format(fmt::runtime(question), id));
    return print_port(session, session.change("POST", port_target(id, name), body, id), id);
}

Exit cancel(Session& session, Arguments const& arguments) {
    return act(session, arguments, "cancel", body_of(arguments), "Withdraw {}? A cancel cannot be taken back.");
}
Exit hold(Session& session, Arguments const& arguments) { return act(session, arguments, "hold", body_of(arguments)); }
Exit resume(Session& session, Arguments const& arguments) {
    return act(session, arguments, "resume", body_of(arguments));
}
Exit note(Session& session, Arguments const& arguments) { return act(session, arguments, "note", body_of(arguments)); }
Exit submit(Session& session, Arguments const& arguments) {
    return act(session, arguments, "submit", body_of(arguments));
}

Exit erase(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    ask_first(session, fmt::format("Erase the customer's personal data of {} and of its contract? Nobody can bring them back.", id));
    return print_port(session, session.change("POST", port_target(id, "erase"), body_of(arguments), id), id);
}

Exit settle(Session& session, Arguments const& arguments) {
    auto body = body_of(arguments);
    if (arguments.has("--recognise-transfer")) body["recognise_transfer"] = true;
    if (auto const at = arguments.moment("--at")) body["at"] = *at;
    return act(session, arguments, "settle", body, "Close {} by hand? The machines will not touch it again.");
}

Exit reschedule(Session& session, Arguments const& arguments) {
    auto body = body_of(arguments);
    body["at"] = arguments.moment("--at").value_or("");
    if (arguments.has("--agreed-by-customer")) body["agreed_by_customer"] = true;
    return act(session, arguments, "reschedule", body);
}

Exit activation(Session& session, Arguments const& arguments) {
    bool const done = arguments.has("--done"), failed = arguments.has("--failed");
    if (done == failed)
        throw Stop(Exit::usage, "The network's word is missing.\n  next:  give either --done or --failed CAUSE.");
    if (failed && arguments.has("--at")) throw Stop(Exit::usage, "--at belongs to --done.\n  next:  leave it out.");
    auto body = body_of(arguments);
    json::object word;
    if (failed) word["cause"] = arguments.text("--failed");
    if (auto const at = arguments.moment("--at")) word["at"] = *at;
    body[done ? "done" : "failed"] = std::move(word);
    return act(session, arguments, "activation", body);
}

/// One decision from flags, or the whole body from a file.
json::object decision_of(Arguments const& arguments) {
    json::object decision;
    auto numbers = body_of(arguments);
    if (auto* list = numbers.if_contains("numbers")) decision["numbers"] = *list;
    auto const at = arguments.moment("--at");
    auto const until = arguments.moment("--postpone-until");
    if (arguments.has("--accept")) {
        json::object accept;
        if (at) accept["at"] = *at;
        decision["accept"] = std::move(accept);
    }
    auto const grounds = arguments.texts("--ground");
    if (arguments.has("--refuse"))
        decision["refuse"] = json::object{{"grounds", json::array(grounds.begin(), grounds.end())}};
    if (until)
        decision["postpone"] = json::object{{"until", *until}, {"ground", grounds.empty() ? "" : grounds.front()}};
    if (arguments.has("--note")) decision["note"] = arguments.text("--note");
    return decision;
}

/// What may be answered, before one answers.
Exit show_eligible(Session& session, Arguments const& arguments) {
    auto const id = find_port(session, arguments.text("ID"));
    auto const eligible = get_object(session, port_target(id, "eligible"));
    return print_one(session, eligible, id, [&] { return eligible_page(eligible, paper_of(session)); });
}

/// What becomes of numbers and services that the port does not ask for.
json::array fates_of(Arguments const& arguments) {
    json::array fates;
    for (auto const& [flag, fate] : {std::pair{"--keep", "keep"}, std::pair{"--cancel", "cancel"}})
        for (auto const& text : arguments.texts(flag)) {
            auto const numbers = number_or_range(text);
            json::object item = numbers.is_object() ? numbers.get_object() : json::object{{"number", numbers}};
            item["fate"] = fate;
            fates.push_back(std::move(item));
        }
    for (auto const& text : arguments.texts("--service")) {
        auto const equals = text.rfind('=');
        if (equals == std::string::npos)
            throw Stop(Exit::usage, fmt::format("--service {} names no fate.\n  next:  write --service \"NAME=keep\" or "
                                                "\"NAME=cancel\".", text));
        fates.push_back(json::object{{"service", text.substr(0, equals)}, {"fate", text.substr(equals + 1)}});
    }
    return fates;
}

Exit answer(Session& session, Arguments const& arguments) {
    if (arguments.has("--eligible")) return show_eligible(session, arguments);
    if (!arguments.has("--reason"))
        throw Stop(Exit::usage, "port answer: --reason is required.\n  next:  say why, or ask with --eligible which "
                                "grounds may be used.");
    int const words = int(arguments.has("--accept")) + int(arguments.has("--refuse")) +
                      int(arguments.has("--postpone-until")) + int(arguments.has("--delay-until")) +
                      int(arguments.has("--file"));
    bool const only_fates = words == 0 && !fates_of(arguments).empty();
    if (words != 1 && !only_fates)
        throw Stop(Exit::usage, "An answer says one thing.\n  next:  give one of --accept, --refuse, --postpone-until, "
                                "--delay-until or --file; "
                                "several answers for several numbers go into a file.");
    if ((arguments.has("--refuse") || arguments.has("--postpone-until")) && !arguments.has("--ground"))
        throw Stop(Exit::usage, "A refusal needs its grounds.\n  next:  give --ground CODE, all of them at once.");
    json::object body;
    if (arguments.has("--file"))
        body = read_json(session, arguments.text("--file"));
    else if (auto const until = arguments.moment("--delay-until"))
        body["delay"] = json::object{{"until", *until}};
    else if (!only_fates)
        body["decisions"] = json::array{decision_of(arguments)};
    if (auto fates = fates_of(arguments); !fates.empty()) body["fates"] = std::move(fates);
    if (arguments.has("--reason")) body["reason"] = arguments.text("--reason");
    return act(session, arguments, "answer", body);
}

Exit order(Session& session, Arguments const& arguments) {
    auto body = read_json(session, arguments.text("FILE"));
    if (arguments.has("--draft")) body["draft"] = true;
    return print_port(session, session.change("POST", "/v1/port-ins", body), {});
}

/// A check is a question: its answer, even a bad one, is data; the exit code says which.
Exit check(Session& session, Arguments const& arguments) {
    auto const reply = session.change("POST", "/v1/port-ins/check", read_json(session, arguments.text("FILE")));
    static json::object const none;
    auto const& verdict = reply.is_object() ? reply.get_object() : none;
    print_one(session, reply, flag_in(verdict, "ok") ? "ok" : "refused",
              [&] { return check_page(verdict, paper_of(session)); });
    return flag_in(verdict, "ok") ? Exit::ok : Exit::findings;
}

Operand const one_or_many{"[ID]", "port id, or the order, dossier or number of one port; or -q for many"};
Flag const many{"--query", "FILTER", "instead of ID: every open port that meets it; --yes or --dry-run; npctl help changes", false, false, "-q"};
Operand const port_operand{"ID", "port id, or the order, dossier or number of one port"};
Operand const order_operand{"FILE", "the order as JSON (npod's schemas/openapi.yaml, POST /v1/port-ins); - is stdin"};

} // namespace

std::vector<Verb> port_write_verbs() {
    return {
        {"port",
         "order",
         "Orders a port-in: numbers come to us.",
         {order_operand},
         {{"--draft", "", "keep it here, send nothing yet"}},
         Does::make,
         order},
        {"port",
         "check",
         "Says of an order what would be refused, everything at once; stores and sends nothing. Ends with 9 if "
         "anything.",
         {order_operand},
         {},
         Does::tell,
         check},
        {"port", "submit", "Sends a draft.", {one_or_many}, {many, reason_required}, Does::write, submit},
        {"port",
         "answer",
         "Answers a port-out as the donor.",
         {port_operand},
         {{"--accept", "", "the numbers may leave"},
          {"--at", "MOMENT", "with --accept: the first possible moment"},
          {"--refuse", "", "they may not; with every --ground"},
          {"--postpone-until", "MOMENT", "not yet; with its --ground"},
          {"--ground", "CODE", "NAME_ADDRESS_MISMATCH, AGEING, …", false, true},
          {"--delay-until", "MOMENT", "announce that the answer takes longer"},
          {"--file", "FILE", "the whole answer as JSON, for several decisions at once; - is stdin"},
          {"--note", "TEXT", "goes to the other operator"},
          {"--keep", "RANGE", "these numbers, not asked for, stay with us", false, true},
          {"--cancel", "RANGE", "these numbers, not asked for, end with the transfer", false, true},
          {"--service", "NAME=FATE", "keep or cancel a service some of whose numbers leave", false, true},
          {"--eligible", "", "only show which grounds may be used now, for each number, and why"},
          numbers_flag,
          {"--reason", "TEXT", "why; it is kept in the log (required to answer)"}},
         Does::write,
         answer},
        {"port", "cancel", "Withdraws a port.", {one_or_many}, {many, reason_required, numbers_flag}, Does::write, cancel},
        {"port",
         "reschedule",
         "Moves the agreed moment.",
         {one_or_many},
         {many, {"--at", "MOMENT", "the new one", true},
          {"--agreed-by-customer", "", "the customer agreed: the wait is not counted as delay"},
          reason_required,
          numbers_flag},
         Does::write,
         reschedule},
        {"port",
         "activation",
         "Passes on the network's word: the numbers work here, or not.",
         {port_operand},
         {{"--done", "", "they work"},
          {"--at", "MOMENT", "with --done: since when; now when not told"},
          {"--failed", "CAUSE", "they do not, and why"},
          reason_required,
          numbers_flag},
         Does::write,
         activation},
        {"port",
         "hold",
         "Stops before activation until resumed.",
         {one_or_many},
         {many, reason_required, numbers_flag},
         Does::write,
         hold},
        {"port",
         "resume",
         "Goes on with a port on hold.",
         {one_or_many},
         {many, reason_required, numbers_flag},
         Does::write,
         resume},
        {"port",
         "note",
         "Writes a remark into the log: the reason is the remark.",
         {one_or_many},
         {many, reason_required},
         Does::write,
         note},
        {"port",
         "settle",
         "Closes lines by hand.",
         {one_or_many},
         {many, {"--recognise-transfer", "", "port-out: the transfer did happen, in dispute or after our no"},
          {"--at", "MOMENT", "with --recognise-transfer: when it was effective; now when not told"},
          reason_required,
          numbers_flag},
         Does::write,
         settle},
        {"port",
         "erase",
         "Erases the customer's personal data of a port that is over, and of its contract; the record of what was done stays whole.",
         {port_operand},
         {reason_required},
         Does::write,
         erase},
    };
}

} // namespace npod::cli
