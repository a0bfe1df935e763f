/// Numbers, contracts and claims.

#include "cli/changes.hpp"
#include "cli/notices.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

// ------------------------------------------------------------------------------------------------------------- numbers

Exit print_number(Session& session, json::value const& reply, std::string const& e164) {
    static json::object const none;
    auto const& number = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, e164, [&] { return number_page(number, paper_of(session)); });
}

Exit change_number(Session& session, Arguments const& arguments) {
    auto const e164 = as_e164(arguments.text("E164"));
    auto body = body_of(arguments);
    bool const withdraw = arguments.has("--withdraw");
    if (withdraw && (arguments.has("--at") || arguments.has("--to")))
        throw Stop(Exit::usage, "--withdraw takes the notice back; --at and --to give one.\n  next:  leave them out.");
    if (auto const at = arguments.moment("--at")) body["at"] = *at;
    if (arguments.has("--to")) body["new_number"] = as_e164(arguments.text("--to"));
    auto const target = "/v1/numbers/" + url_encoded(e164) + (withdraw ? "/withdraw-change" : "/change");
    return print_number(session, session.change("POST", target, body), e164);
}

Exit show_number(Session& session, Arguments const& arguments) {
    auto const e164 = as_e164(arguments.text("E164"));
    auto const number = get_object(session, "/v1/numbers/" + url_encoded(e164));
    return print_one(session, number, e164, [&] { return number_page(number, paper_of(session)); });
}

/// Whose a number is, in a line: what a switch or a billing run asks.
Exit lookup_number(Session& session, Arguments const& arguments) {
    auto const e164 = as_e164(arguments.text("E164"));
    auto const number = get_object(session, "/v1/numbers/" + url_encoded(e164));
    auto const holder = text_in(number, "block_holder");
    auto serving = text_in(number, "serving");
    if (serving.empty()) serving = holder;
    json::object const found{{"number", e164}, {"serving", serving}, {"block_holder", holder},
                             {"ported", !serving.empty() && !holder.empty() && serving != holder}};
    return print_one(session, found, serving, [&] {
        if (serving.empty()) return e164 + ": nobody is known to serve it\n";
        auto const block = holder.empty() ? "its block is not known here" : "of a block of " + holder;
        return fmt::format("{}: {}, {}\n", e164, painted(serving, Tone::strong, session.screen()), block);
    });
}

ListView routing_view() {
    ListView view{"range", "ranges", {}, "first", "Every number is served by the holder of its block."};
    view.columns = {
        plain_column("FIRST", "first", Align::left, Give::rigid),
        plain_column("LAST", "last", Align::left, Give::rigid),
        plain_column("OPERATOR", "operator", Align::left, Give::rigid),
        moment_column("SINCE", "since"),
    };
    return view;
}

/// For people a page of the list; for programs all of it, written as it comes.
Exit export_numbers(Session& session, Arguments const& arguments) {
    std::string const target = arguments.has("--blocks") ? "/v1/blocks" : "/v1/routing";
    if (session.wants_table()) return print_list(session, session.list(target), routing_view());
    auto const output = session.options().output == Output::json ? Output::jsonl : session.options().output;
    constexpr int page_max = 500;
    std::string cursor;
    bool first = true;
    auto progress = progress_on(session);
    std::int64_t written = 0;
    do {
        auto const reply = get_object(
            session, fmt::format("{}?limit={}{}", target, page_max, cursor.empty() ? "" : "&cursor=" + url_encoded(cursor)));
        auto text = render_list(list_in(reply, "items"), routing_view(), output, session.times_if_offline(), session.screen());
        if (output == Output::csv && !std::exchange(first, false)) text.erase(0, text.find('\n') + 1); // one head
        session.print(text);
        written += static_cast<std::int64_t>(list_in(reply, "items").size());
        if (progress) progress("ranges", written, 0); // how many there are nobody counts beforehand
        cursor = text_in(reply, "next");
    } while (!cursor.empty());
    progress = {}; // its line goes away before the end
    session.flush();
    return Exit::ok;
}

// ----------------------------------------------------------------------------------------------------------- contracts

Exit print_contract(Session& session, json::value const& reply, std::string const& id) {
    static json::object const none;
    auto const& contract = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, id, [&] { return contract_page(contract, paper_of(session)); });
}

std::string contract_target(Arguments const& arguments) { return "/v1/contracts/" + url_encoded(arguments.text("ID")); }

Exit show_contract(Session& session, Arguments const& arguments) {
    return print_contract(session, session.get(contract_target(arguments)), arguments.text("ID"));
}

Exit list_contracts(Session& session, Arguments const&) {
    ListView view{"contract", "contracts", {}, "id", {}};
    view.columns = {
        plain_column("CONTRACT", "id"),
        plain_column("STATE", "state", Align::left, Give::rigid),
        plain_column("CUSTOMER", "customer/name"),
        plain_column("NETWORK", "network", Align::left, Give::rigid),
        plain_column("PRODUCT", "product", Align::left, Give::wraps, Shown::wide),
        moment_column("SINCE", "since", Shown::wide),
    };
    return print_list(session, session.list("/v1/contracts"), view);
}

Exit contract_notice(Session& session, Arguments const& arguments) {
    return print_notice(session, arguments, contract_target(arguments) + "/notice", arguments.text("ID"));
}

Exit put_contract(Session& session, Arguments const& arguments) {
    auto const body = read_json(session, arguments.text("FILE"));
    return print_contract(session, session.change("PUT", contract_target(arguments), body), arguments.text("ID"));
}

Exit erase_contract(Session& session, Arguments const& arguments) {
    auto const id = arguments.text("ID");
    ask_first(session, fmt::format("Erase the customer's personal data of contract {} and of its ports? Nobody can bring them back.", id));
    return print_contract(session, session.change("POST", contract_target(arguments) + "/erase", body_of(arguments)), id);
}

Exit withdraw_termination(Session& session, Arguments const& arguments) {
    return print_contract(session, session.change("POST", contract_target(arguments) + "/withdraw-termination", body_of(arguments)),
                          arguments.text("ID"));
}

Exit move_contract(Session& session, Arguments const& arguments) {
    auto const id = arguments.text("ID");
    if (arguments.has("--give-up")) ask_first(session, fmt::format("Move contract {} and end the numbers that cannot come along?", id));
    auto body = body_of(arguments);
    json::object location{{"zone", arguments.text("--zone")}}, address;
    for (auto const& [flag, member] : {std::pair{"--street", "street"}, std::pair{"--house-number", "house_number"}, std::pair{"--box", "box"},
                                       std::pair{"--postcode", "postcode"}, std::pair{"--city", "city"}})
        if (arguments.has(flag)) address[member] = arguments.text(flag);
    if (!address.empty()) location["address"] = std::move(address);
    body["location"] = std::move(location);
    if (arguments.has("--give-up")) body["give_up"] = true;
    return print_contract(session, session.change("POST", contract_target(arguments) + "/move", body), id);
}

Exit terminate_contract(Session& session, Arguments const& arguments) {
    auto const id = arguments.text("ID");
    ask_first(session, fmt::format("Terminate contract {}? Its numbers lose their service.", id));
    auto body = body_of(arguments);
    if (auto const at = arguments.moment("--at")) body["at"] = *at;
    if (arguments.has("--renounce-portability")) body["renounce_portability"] = true;
    return print_contract(session, session.change("POST", contract_target(arguments) + "/terminate", body), id);
}

// -------------------------------------------------------------------------------------------------------------- claims

Exit print_claim(Session& session, json::value const& reply) {
    static json::object const none;
    auto const& claim = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, text_in(claim, "id"), [&] { return claim_page(claim, paper_of(session)); });
}

std::string claim_target(Arguments const& arguments) { return "/v1/claims/" + url_encoded(arguments.text("ID")); }

Exit show_claim(Session& session, Arguments const& arguments) {
    return print_claim(session, session.get(claim_target(arguments)));
}

Exit list_claims(Session& session, Arguments const& arguments) {
    ListView view{"claim", "claims", {}, "id", {}};
    view.columns = {
        plain_column("CLAIM", "id", Align::left, Give::rigid),
        plain_column("PORT", "port", Align::left, Give::rigid),
        {"STATE",
         [](json::object const& claim, Times const&) {
             auto const state = text_in(claim, "state");
             return Cell(words_of(state), tone_of_state(state));
         }},
        plain_column("AMOUNT", "amount", Align::right, Give::rigid),
        moment_column("FILED", "filed_at"),
        plain_column("BY", "filed_by"),
        moment_column("SINCE", "since", Shown::wide),
        plain_column("DECISION", "decision_reason", Align::left, Give::wraps, Shown::wide),
        moment_column("PAID", "paid_at", Shown::wide),
    };
    bool const all = session.options().all;
    if (!all) view.when_empty = "--all shows settled ones, too.";
    return print_list(session, session.list(with_query(all ? "/v1/claims" : "/v1/claims?open=true", arguments)), view);
}

Exit claim_statement(Session& session, Arguments const& arguments) {
    auto const target = claim_target(arguments) + "/statement";
    if (session.wants_table()) {
        session.print(session.get_text(target, "text/plain"));
        return Exit::ok;
    }
    return print_one(session, session.get(target), arguments.text("ID"), [] { return std::string(); });
}

/// For the billing system: with -o csv the file as the daemon writes it, to the cent.
Exit claim_payments(Session& session, Arguments const&) {
    if (session.options().output == Output::csv) {
        session.print(session.get_text("/v1/claims/payments", "text/csv"));
        return Exit::ok;
    }
    ListView view{"payment", "payments", {}, "claim", {}};
    view.columns = {
        plain_column("CLAIM", "claim", Align::left, Give::rigid),
        plain_column("PORT", "port", Align::left, Give::rigid),
        plain_column("CONTRACT", "contract_id"),
        plain_column("CUSTOMER", "customer"),
        plain_column("AMOUNT", "amount", Align::right, Give::rigid),
        plain_column("BY", "method"),
        moment_column("APPROVED", "approved_at", Shown::wide),
        plain_column("CUSTOMER ID", "customer_id", Align::left, Give::rigid, Shown::wide),
        plain_column("ORDER", "order_id", Align::left, Give::rigid, Shown::wide),
    };
    view.when_empty = "An approved claim stands here until npctl claim pay says that it was paid.";
    auto const value = session.get("/v1/claims/payments");
    static json::object const none;
    auto const& reply = value.is_object() ? value.get_object() : none;
    Session::Items items{list_in(reply, "items"), integer_in(reply, "total").value_or(0)};
    return print_list(session, items, view);
}

Exit file_claim(Session& session, Arguments const& arguments) {
    auto const port = find_port(session, arguments.text("PORT"));
    json::object body{{"port", port}, {"claimant", arguments.text("--claimant")}};
    if (arguments.has("--channel")) body["channel"] = arguments.text("--channel");
    if (auto const at = arguments.moment("--received-at")) body["received_at"] = *at;
    return print_claim(session, session.change("POST", "/v1/claims", body));
}

Exit decide_claim(Session& session, Arguments const& arguments, std::string_view verdict) {
    auto body = body_of(arguments);
    if (arguments.has("--by")) body["by"] = arguments.text("--by");
    return print_claim(session, session.change("POST", fmt::format("{}/{}", claim_target(arguments), verdict), body));
}

Exit approve_claim(Session& session, Arguments const& arguments) { return decide_claim(session, arguments, "approve"); }
Exit pay_claim(Session& session, Arguments const& arguments) { return decide_claim(session, arguments, "pay"); }
Exit reject_claim(Session& session, Arguments const& arguments) {
    ask_first(session, fmt::format("Reject claim {}?", arguments.text("ID")));
    return decide_claim(session, arguments, "reject");
}

} // namespace

std::vector<Verb> number_verbs() {
    return {{"number",
             "show",
             "Says whose a number is, who serves it, and what happened to it.",
             {{"E164", "+3225501100; 02 550 11 00 is understood, too"}},
             {},
             Does::read,
             show_number},
            {"number",
             "change",
             "Gives notice that a number will be replaced; two months, by law.",
             {{"E164", "+3225501100; 02 550 11 00 is understood, too"}},
             {{"--at", "MOMENT", "when; as soon as the notice allows when not told"},
              {"--to", "E164", "the new number: the contract has it from now on, beside the old one"},
              {"--withdraw", "", "take the notice back"},
              reason_required},
             Does::write,
             change_number},
            {"number",
             "lookup",
             "Says in one line who serves a number, and whose block it is of.",
             {{"E164", "+3225501100; 02 550 11 00 is understood, too"}},
             {},
             Does::read,
             lookup_number},
            {"number",
             "export",
             "Lists the numbers that another than their block holder serves; -o csv writes all of them.",
             {},
             {{"--blocks", "", "whose block each range is, instead"}},
             Does::list,
             export_numbers}};
}

std::vector<Verb> contract_verbs() {
    Operand const id{"ID", "the contract's id in the BSS"};
    return {
        {"contract", "list", "Lists contracts, by id.", {}, {}, Does::list, list_contracts},
        {"contract",
         "show",
         "Shows a contract with the numbers it holds and ever held.",
         {id},
         {},
         Does::read,
         show_contract},
        {"contract",
         "notice",
         "Writes the letter to the customer: what he can still take along. --lang: its language.",
         {id},
         {{"--plain", "", "without the footer for the desk"}},
         Does::read,
         contract_notice},
        {"contract",
         "put",
         "Tells of a contract as the BSS knows it.",
         {id, {"FILE", "the contract as JSON; - is stdin"}},
         {},
         Does::write,
         put_contract},
        {"contract",
         "terminate",
         "Ends a contract; its numbers can still be ported for a month.",
         {id},
         {{"--at", "MOMENT", "when; now when not told"},
          {"--renounce-portability", "", "the customer gives up that month"},
          reason_required},
         Does::write,
         terminate_contract},
        {"contract",
         "withdraw-termination",
         "Takes an announced termination back.",
         {id},
         {reason_required},
         Does::write,
         withdraw_termination},
        {"contract",
         "erase",
         "Erases the customer's personal data of an ended contract and of its ports; the record of what was done stays whole.",
         {id},
         {reason_required},
         Does::write,
         erase_contract},
        {"contract",
         "move",
         "Moves the installation; numbers stay only inside their zone.",
         {id},
         {{"--zone", "PREFIX", "where to: 2 for Brussels, 9 for Ghent", true},
          {"--street", "TEXT", "of the new address"},
          {"--house-number", "TEXT", "of the new address"},
          {"--box", "TEXT", "of the new address"},
          {"--postcode", "TEXT", "of the new address"},
          {"--city", "TEXT", "of the new address"},
          {"--give-up", "", "numbers of another zone end; for a month they can still be ported"},
          reason_required},
         Does::write,
         move_contract},
    };
}

std::vector<Verb> claim_verbs() {
    Operand const id{"ID", "the claim's id, CL-000001"};
    return {
        {"claim", "show", "Shows a claim and the sum it is about.", {id}, {}, Does::read, show_claim},
        {"claim",
         "list",
         "Lists claims; settled ones are hidden.",
         {},
         {query_flag, {"--all", "", "settled claims, too"}},
         Does::list,
         list_claims},
        {"claim",
         "statement",
         "Says all that a claim stands on: parties, arithmetic, who caused what, law, decision.",
         {id},
         {},
         Does::read,
         claim_statement},
        {"claim",
         "payments",
         "Lists what is approved and not yet paid; -o csv is the file for the billing system.",
         {},
         {},
         Does::read,
         claim_payments},
        {"claim",
         "file",
         "Files a customer's claim for compensation.",
         {{"PORT", "port id, order, dossier or number"}},
         {{"--claimant", "NAME", "who claims", true},
          {"--channel", "TEXT", "letter, phone, web, …"},
          {"--received-at", "MOMENT", "when it reached us; now when not told"}},
         Does::make,
         file_claim},
        {"claim", "approve", "Approves a claim.", {id}, {reason_required}, Does::write, approve_claim},
        {"claim", "reject", "Rejects a claim.", {id}, {reason_required}, Does::write, reject_claim},
        {"claim",
         "pay",
         "Says that a claim was paid.",
         {id},
         {{"--by", "invoice|call_credit", "how", true}, reason_required},
         Does::write,
         pay_claim},
    };
}

} // namespace npod::cli
