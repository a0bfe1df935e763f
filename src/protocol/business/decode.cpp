#include "protocol/business/decode.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "protocol/business/parts.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::protocol::business {

namespace json = boost::json;
namespace input = porting::input;

namespace {

// --------------------------------------------------------------------------------------------- contracts and blocks

/// "PBX trunk" goes with the whole contract, {"name":"fax line","numbers":[…]} with those numbers.
std::vector<porting::RelatedService> services_in(JsonReader& body) {
    std::vector<porting::RelatedService> services;
    auto const* const items = body.array("related", Need::optional);
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        auto const& item = (*items)[i];
        auto const here = pointer_to(body.pointer("related"), i);
        porting::RelatedService service;
        if (auto const* const name = item.if_string()) {
            service.name = *name;
        } else if (auto const* const object = item.if_object()) {
            JsonReader reader(*object, body.problems(), here);
            service.name = reader.text("name");
            service.numbers = numbers_in(reader, "numbers", Need::optional, limits::numbers_per_contract_max);
            reader.unknown_keys();
        }
        bool const usable = !service.name.empty() && service.name.size() <= limits::text_bytes_max;
        if (!usable && !item.is_object())
            body.problems().push_back({RefusalCode::malformed, "This is not the name of a service.", here,
                                       R"(Send "PBX trunk" or {"name":"fax line","numbers":["+3225501100"]}.)", {}});
        services.push_back(std::move(service));
    }
    return services;
}

input::Any put_contract(JsonReader& body, std::string const& key) {
    input::PutContract put;
    put.id = ContractId{key};
    put.customer = customer_in(body, "customer");
    put.product = body.text("product", Need::optional);
    put.network = network_in(body, "network");
    put.end_users = static_cast<int>(body.integer("end_users", Need::optional, 0, 1'000'000).value_or(0));
    put.location = location_in(body, "location");
    put.numbers = numbers_in(body, "numbers", Need::required, limits::numbers_per_contract_max);
    put.related = services_in(body);
    return put;
}

input::Any terminate_contract(JsonReader& body, std::string const& key) {
    input::TerminateContract terminate;
    terminate.id = ContractId{key};
    terminate.at = body.moment("at", Need::optional);
    terminate.renounce_portability = body.boolean("renounce_portability", Need::optional).value_or(false);
    body.text("reason", Need::optional);
    return terminate;
}

input::Any withdraw_termination(JsonReader& body, std::string const& key) {
    body.text("reason");
    return input::WithdrawTermination{ContractId{key}};
}

input::Any move_contract(JsonReader& body, std::string const& key) {
    input::MoveContract move{ContractId{key}, location_in(body, "location"), false};
    if (!body.has("location")) body.refuse("location", "The move says no place.", "Send {\"zone\":\"2\"}, with the address.");
    move.give_up = body.boolean("give_up", Need::optional).value_or(false);
    body.text("reason");
    return move;
}

/// The number in the path.
porting::Number number_of_key(JsonReader& body, std::string const& key) {
    auto const number = porting::parse_e164(key);
    if (number) return *number;
    auto refusal = number.refusal();
    refusal.pointer = "e164";
    body.problems().push_back(std::move(refusal));
    return {};
}

input::Any change_number(JsonReader& body, std::string const& key) {
    input::ChangeNumber change{number_of_key(body, key), body.moment("at", Need::optional), {}};
    if (auto const text = body.text("new_number", Need::optional); !text.empty()) {
        auto const fresh = porting::parse_e164(text);
        if (fresh) change.new_number = *fresh;
        else body.refuse("new_number", fresh.refusal().text, fresh.refusal().next);
    }
    body.text("reason");
    return change;
}

input::Any withdraw_number_change(JsonReader& body, std::string const& key) {
    body.text("reason");
    return input::WithdrawNumberChange{number_of_key(body, key)};
}

input::Any put_block(JsonReader& body, std::string const&) {
    input::PutBlock block;
    if (auto const range = first_and_last_in(body)) block.numbers = *range;
    block.holder = operator_in(body, "holder");
    return block;
}

// ------------------------------------------------------------------------------------------------------------ orders

porting::Wish wish_in(JsonReader& body) {
    porting::Wish wish;
    auto reader = body.object("wish", Need::optional);
    if (!reader) return wish;
    auto const mode = reader->choice("mode", {"asap", "date"});
    wish.on_date = mode == "date";
    wish.at = reader->moment("at", wish.on_date ? Need::required : Need::optional);
    if (mode == "asap" && wish.at)
        reader->refuse("at", "A wish of \"asap\" has no moment.", "Remove \"at\", or send the mode \"date\".");
    reader->unknown_keys();
    return wish;
}

std::optional<porting::Mandate> mandate_in(JsonReader& body) {
    auto reader = body.object("mandate", Need::optional);
    if (!reader) return std::nullopt;
    porting::Mandate mandate;
    mandate.id = id_in(*reader, "id");
    mandate.version = reader->text("version", Need::optional, id_bytes_max);
    mandate.titular = reader->text("titular");
    mandate.signer = reader->text("signer");
    mandate.channel =
        reader->text("channel", Need::required, id_bytes_max); // which channels count is the rulebook's word
    if (auto const signed_at = reader->moment("signed_at")) mandate.signed_at = *signed_at;
    mandate.numbers = numbers_in(*reader, "numbers", Need::optional, limits::numbers_per_order_max);
    mandate.evidence_sha256 = sha256_in(*reader, "evidence_sha256");
    reader->unknown_keys();
    return mandate;
}

std::vector<porting::RelatedNumber> related_in(JsonReader& body) {
    std::vector<porting::RelatedNumber> related;
    for (auto& item : body.objects("related", Need::optional)) {
        porting::RelatedNumber one;
        auto const numbers = number_or_range_in(item);
        auto const fate = porting::fate_of(item.choice("fate", {"port", "keep", "cancel"}));
        item.unknown_keys();
        if (!numbers || !fate) continue; // the problem is noted
        related.push_back({*numbers, *fate});
    }
    return related;
}

input::Any order_port_in(JsonReader& body, std::string const&) {
    input::OrderPortIn order;
    order.order = OrderId{id_in(body, "order_id")};
    order.donor = operator_in(body, "donor");
    order.network = network_in(body, "network");
    order.numbers = numbers_in(body, "numbers", Need::required, limits::numbers_per_order_max);
    order.related = related_in(body);
    order.customer = customer_in(body, "customer");
    order.donor_account = body.text("donor_account", Need::optional, id_bytes_max);
    order.location = location_in(body, "location");
    order.contract = ContractId{id_in(body, "contract_id")};
    order.wish = wish_in(body);
    order.mandate = mandate_in(body);
    order.note = body.text("note", Need::optional);
    order.draft = body.boolean("draft", Need::optional).value_or(false);
    return order;
}

// ----------------------------------------------------------------------------------------------- answers of the donor

std::optional<porting::Ground> ground_named(std::string_view code, JsonReader& reader, std::string pointer) {
    if (auto const ground = porting::ground_of(code)) return ground;
    if (auto const why = porting::why_no_ground(code); !why.empty()) {
        reader.problems().push_back({RefusalCode::not_admissible, std::string(why), std::move(pointer),
                                     "Let the numbers go, and settle it with the customer.", {}});
        return std::nullopt;
    }
    std::vector<std::string_view> codes;
    for (auto const& entry : porting::all_grounds()) codes.push_back(entry.code);
    auto const close = nearest(code, codes);
    reader.problems().push_back({RefusalCode::malformed,
                                 fmt::format("\"{}\" is not a ground.", code),
                                 std::move(pointer),
                                 close.empty() ? fmt::format("Send one of: {}.", fmt::join(codes, ", "))
                                               : fmt::format("Did you mean \"{}\"?", close),
                                 {}});
    return std::nullopt;
}

void read_refusal(JsonReader refuse, input::Decision& decision) {
    decision.kind = input::Decision::Kind::refuse;
    auto const codes = refuse.texts("grounds");
    for (std::size_t i = 0; i < codes.size(); ++i) {
        auto const ground = ground_named(codes[i], refuse, pointer_to(refuse.pointer("grounds"), i));
        auto& grounds = decision.grounds;
        if (ground && std::find(grounds.begin(), grounds.end(), *ground) == grounds.end()) grounds.push_back(*ground);
    }
    refuse.unknown_keys();
}

void read_postponement(JsonReader postpone, input::Decision& decision) {
    decision.kind = input::Decision::Kind::postpone;
    decision.at = postpone.moment("until");
    auto const code = postpone.text("ground");
    if (!code.empty())
        if (auto const ground = ground_named(code, postpone, postpone.pointer("ground")))
            decision.grounds.push_back(*ground);
    postpone.unknown_keys();
}

input::Decision decision_in(JsonReader& reader) {
    input::Decision decision;
    decision.numbers = numbers_in(reader, "numbers", Need::optional, limits::numbers_per_order_max);
    auto accept = object_or_true_in(reader, "accept");
    auto refuse = reader.object("refuse", Need::optional);
    auto postpone = reader.object("postpone", Need::optional);
    decision.note = reader.text("note", Need::optional);
    if (int(reader.has("accept")) + int(reader.has("refuse")) + int(reader.has("postpone")) != 1)
        reader.refuse("", "A decision is one of \"accept\", \"refuse\" and \"postpone\".",
                      "Send exactly one of them; use one decision for each range that is decided differently.");
    if (accept) {
        decision.at = accept->moment("at", Need::optional);
        accept->unknown_keys();
    }
    if (refuse) read_refusal(*refuse, decision);
    if (postpone) read_postponement(*postpone, decision);
    reader.unknown_keys();
    return decision;
}

/// Two decisions about one number contradict each other, and "all the rest" is not a thing that can be said.
void refuse_contradictions(JsonReader& body, std::vector<input::Decision> const& decisions) {
    for (std::size_t i = 0; i < decisions.size(); ++i) {
        auto const here = pointer_to(body.pointer("decisions"), i);
        if (decisions.size() > 1 && decisions[i].numbers.empty())
            body.problems().push_back({RefusalCode::malformed,
                                       "Of several decisions each must name its numbers.",
                                       here,
                                       "Add \"numbers\" to it.",
                                       {}});
        for (std::size_t j = 0; j < i; ++j)
            for (auto const& both : porting::in_both(decisions[i].numbers, decisions[j].numbers))
                body.problems().push_back({RefusalCode::malformed,
                                           fmt::format("{} is decided twice.", porting::to_string(both)),
                                           here,
                                           "Decide every number once.",
                                           {}});
    }
}

/// What becomes of what was not asked for: numbers, or a service by its name.
std::vector<porting::RelatedNumber> fates_in_answer(JsonReader& body) {
    std::vector<porting::RelatedNumber> fates;
    for (auto& item : body.objects("fates", Need::optional)) {
        porting::RelatedNumber one;
        one.service = item.text("service", Need::optional);
        if (one.service.empty()) {
            if (auto const numbers = number_or_range_in(item)) one.numbers = *numbers;
        } else if (item.has("number") || item.has("first") || item.has("last")) {
            item.raw("number"), item.raw("first"), item.raw("last"); // known, though not together
            item.refuse("service", "A fate is of a service or of numbers, not of both.", "Send two fates.");
        }
        if (auto const fate = porting::fate_of(item.choice("fate", {"keep", "cancel", "port"}))) one.fate = *fate;
        item.unknown_keys();
        fates.push_back(std::move(one));
    }
    return fates;
}

input::Any answer_port(JsonReader& body, std::string const& key) {
    input::AnswerPort answer{PortId{key}, {}, {}, {}};
    auto const problems_before = body.problems().size();
    for (auto& reader : body.objects("decisions", Need::optional, limits::decisions_per_answer_max))
        answer.decisions.push_back(decision_in(reader));
    if (auto delay = body.object("delay", Need::optional)) {
        answer.delay_until = delay->moment("until");
        delay->unknown_keys();
    }
    answer.fates = fates_in_answer(body);
    body.text("reason", Need::optional);
    if (body.problems().size() > problems_before) return answer;
    refuse_contradictions(body, answer.decisions);
    bool const nothing = answer.decisions.empty() && !answer.delay_until && answer.fates.empty();
    bool const both = !answer.decisions.empty() && answer.delay_until;
    if (nothing || both)
        body.refuse("", "An answer has either \"decisions\" or a \"delay\".",
                    "Send one of them: decisions end the wait, a delay says until when it goes on.");
    return answer;
}

// ------------------------------------------------------------------------------------------------- acts on a port

template <input::ActOnPort::Act act, Need reason>
input::Any act_on_port(JsonReader& body, std::string const& key) {
    input::ActOnPort command{PortId{key}, act, {}, {}};
    bool constexpr about_lines = act != input::ActOnPort::Act::note && act != input::ActOnPort::Act::submit;
    if (about_lines) command.numbers = numbers_in(body, "numbers", Need::optional, limits::numbers_per_order_max);
    command.text = body.text("reason", reason);
    return command;
}

input::Any reschedule(JsonReader& body, std::string const& key) {
    input::Reschedule command;
    command.port = PortId{key};
    if (auto const at = body.moment("at")) command.at = *at;
    command.agreed_by_customer = body.boolean("agreed_by_customer", Need::optional).value_or(false);
    command.numbers = numbers_in(body, "numbers", Need::optional, limits::numbers_per_order_max);
    body.text("reason");
    return command;
}

input::Any activation(JsonReader& body, std::string const& key) {
    input::ActivationReport report;
    report.port = PortId{key};
    report.numbers = numbers_in(body, "numbers", Need::optional, limits::numbers_per_order_max);
    auto done = object_or_true_in(body, "done");
    auto failed = body.object("failed", Need::optional);
    if (body.has("done") == body.has("failed"))
        body.refuse("", "A report of the network has either \"done\" or \"failed\".",
                    "Send exactly one of them; use one call for each range that went differently.");
    if (done) {
        report.at = done->moment("at", Need::optional);
        done->unknown_keys();
    }
    if (failed) {
        report.done = false;
        report.cause = failed->text("cause");
        failed->unknown_keys();
    }
    body.text("reason");
    return report;
}

input::Any settle(JsonReader& body, std::string const& key) {
    input::SettlePort command;
    command.port = PortId{key};
    command.numbers = numbers_in(body, "numbers", Need::optional, limits::numbers_per_order_max);
    command.recognise_transfer = body.boolean("recognise_transfer", Need::optional).value_or(false);
    command.at = body.moment("at", Need::optional);
    if (command.at && !command.recognise_transfer)
        body.refuse("at", "Only a recognised transfer has a moment.", "Remove it, or say recognise_transfer.");
    body.text("reason");
    return command;
}

// ------------------------------------------------------------------------------------------------------------ claims

input::Any file_claim(JsonReader& body, std::string const&) {
    input::FileClaim claim;
    claim.port = PortId{id_in(body, "port")};
    claim.claimant = body.text("claimant");
    claim.channel = body.text("channel", Need::optional, id_bytes_max);
    claim.received_at = body.moment("received_at", Need::optional);
    return claim;
}

template <input::DecideClaim::Verdict verdict>
input::Any decide_claim(JsonReader& body, std::string const& key) {
    return input::DecideClaim{ClaimId{key}, verdict, body.text("reason")}; // the person's words stay with the claim
}

input::Any pay_claim(JsonReader& body, std::string const& key) {
    body.text("reason", Need::optional);
    return input::DecideClaim{ClaimId{key}, input::DecideClaim::Verdict::pay,
                              body.choice("by", {"invoice", "call_credit"})};
}

// ------------------------------------------------------------------------------------------------------------- law

input::Any adopt_law(JsonReader& body, std::string const&) {
    input::AdoptLaw command;
    for (auto const& id : body.texts("ports", Need::optional)) command.ports.push_back(PortId{id});
    body.text("reason");
    return command;
}

// ---------------------------------------------------------------------------------------------------------- the table

using Act = input::ActOnPort::Act;
using Verdict = input::DecideClaim::Verdict;

struct Command {
    std::string_view kind;
    bool keyed; ///< whether the path names what it is about
    input::Any (*decode)(JsonReader& body, std::string const& key);
};

// clang-format off
constexpr Command commands[] = {
    {"contract.put",       true,  put_contract},
    {"contract.terminate", true,  terminate_contract},
    {"contract.withdraw_termination", true, withdraw_termination},
    {"contract.move",      true,  move_contract},
    {"number.change",      true,  change_number},
    {"number.withdraw_change", true, withdraw_number_change},
    {"block.put",          false, put_block},
    {"port.order",         false, order_port_in},
    {"port.submit",        true,  act_on_port<Act::submit, Need::optional>},
    {"port.answer",        true,  answer_port},
    {"port.cancel",        true,  act_on_port<Act::cancel, Need::required>},
    {"port.hold",          true,  act_on_port<Act::hold,   Need::required>},
    {"port.resume",        true,  act_on_port<Act::resume, Need::required>},
    {"port.note",          true,  act_on_port<Act::note,   Need::required>},
    {"port.reschedule",    true,  reschedule},
    {"port.activation",    true,  activation},
    {"port.settle",        true,  settle},
    {"claim.file",         false, file_claim},
    {"claim.approve",      true,  decide_claim<Verdict::approve>},
    {"claim.reject",       true,  decide_claim<Verdict::reject>},
    {"claim.pay",          true,  pay_claim},
    {"law.adopt",          false, adopt_law},
};
// clang-format on

/// Ids are shown, logged and part of paths: they are kept short and visible.
void check_key(std::string_view key, std::vector<Refusal>& problems) {
    if (is_id(key)) return;
    problems.push_back({RefusalCode::malformed,
                        "The id in the path is not one.",
                        "id",
                        fmt::format("Send 1 to {} visible ASCII characters.", id_bytes_max),
                        {}});
}

} // namespace

std::vector<std::string_view> const& command_kinds() {
    static auto const kinds = [] {
        std::vector<std::string_view> names;
        for (auto const& command : commands) names.push_back(command.kind);
        return names;
    }();
    return kinds;
}

Outcome<input::Any> decode_command(std::string_view kind, std::string_view key, std::string_view body) {
    auto const* command =
        std::find_if(std::begin(commands), std::end(commands), [&](auto const& c) { return c.kind == kind; });
    if (command == std::end(commands))
        return Refusal{RefusalCode::not_found,
                       fmt::format("\"{}\" is not a command.", kind),
                       {},
                       "Use the program version that wrote it.",
                       {}};
    auto const value = parse_json(body.empty() ? "{}" : body);
    if (!value) return value.refusals();
    auto const* object = value->if_object();
    if (!object) return Refusal{RefusalCode::malformed, "The body is not a JSON object.", {}, "Send {…}.", {}};

    std::vector<Refusal> problems;
    if (command->keyed) check_key(key, problems);
    JsonReader reader(*object, problems);
    auto decoded = command->decode(reader, std::string(key));
    reader.unknown_keys();
    if (!problems.empty()) return problems;
    return decoded;
}

std::string reason_in(std::string_view body) {
    if (body.empty()) return {};
    auto const value = parse_json(body);
    auto const* object = value ? value->if_object() : nullptr;
    auto const* reason = object ? object->if_contains("reason") : nullptr;
    auto const* text = reason ? reason->if_string() : nullptr;
    return text ? std::string(*text) : std::string{};
}

} // namespace npod::protocol::business
