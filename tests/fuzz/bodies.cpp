/// JSON as it comes in: the gate, messages of the wire, bodies of the Business API.

#include "fuzz/targets.hpp"

#include "base/json.hpp"
#include "protocol/business/decode.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"
#include "support/malformed.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace npod::fuzz {

namespace {

namespace coin = protocol::coin_v3;

/// One dialect as described in public, one with every quirk.
coin::Profile const& plain() {
    static coin::Profile const profile = [] {
        coin::Profile described;
        described.time = coin::LocalTime("Europe/Brussels");
        return described;
    }();
    return profile;
}
coin::Profile const& quirky() {
    static coin::Profile const profile = [] {
        auto odd = plain();
        for (auto const& row : coin::all_quirks()) odd.quirks.insert(row.quirk);
        return odd;
    }();
    return profile;
}

Moment noon() { return *parse_rfc3339("2026-04-03T10:00:00Z"); }

void read_as(std::string_view type, std::string_view bytes, coin::Profile const& profile) {
    auto message = coin::decode(type, bytes, profile);
    if (!message) {
        for (auto const& refusal : message.refusals()) expect(!refusal.text.empty(), "a refusal says why");
        return;
    }
    coin::flag_implausible(*message, noon(), std::chrono::days{366});
    if (std::holds_alternative<porting::message::Other>(message->body)) return; // kept as bytes, never written by us
    auto const written = coin::encode(*message, plain(), noon());
    auto const form = coin::check_form(type, written);
    expect(static_cast<bool>(form), "what was read and written has the public form");
    auto const again = coin::decode(type, written, plain());
    expect(static_cast<bool>(again), "what we write can be read");
    expect(coin::encode(*again, plain(), noon()) == written, "written, read and written again it is the same");
    expect(again->sender == message->sender && again->receiver == message->receiver, "the envelope comes back");
}

} // namespace

void json(std::string_view bytes) {
    auto const value = parse_json(bytes);
    if (!value) {
        expect(!value.refusal().text.empty(), "a refusal says why");
        return;
    }
    auto const again = parse_json(boost::json::serialize(*value));
    expect(again && *again == *value, "what the gate took, written and read again, is the same");
}

std::vector<std::string> json_seeds() {
    std::vector<std::string> seeds{R"({"a":[1,-2,true,null,"\u00e9\"x"],"b":{"c":9007199254740991}})"};
    for (auto const& one : malformed::json_cases()) seeds.push_back(one.text);
    return seeds;
}

void message(std::string_view bytes) {
    auto const dialect_of = [](OperatorCode const&) -> coin::Profile const& { return quirky(); };
    for (auto const* profile : {&plain(), &quirky()}) {
        auto const envelope = profile == &plain() ? coin::read_envelope(bytes) : coin::read_envelope(bytes, dialect_of);
        read_as(envelope ? envelope->type : "portingrequest", bytes, *profile);
        if (envelope && envelope->type != "cancel") read_as("cancel", bytes, *profile); // posted to another type's path
    }
}

std::vector<std::string> message_seeds() {
    auto seeds = files_of("schemas/messages/examples/good");
    for (auto const* folder : {"schemas/messages/examples/bad", "schemas/messages/examples/impossible"})
        for (auto& one : files_of(folder)) seeds.push_back(std::move(one));
    return seeds;
}

void business(std::string_view bytes) {
    for (auto const kind : protocol::business::command_kinds()) {
        auto const key = kind.starts_with("contract") ? "C-1" : kind.starts_with("claim.") ? "CL-000001" : "PI-000001";
        auto const command = protocol::business::decode_command(kind, key, bytes);
        if (command)
            protocol::business::reason_in(bytes);
        else
            for (auto const& refusal : command.refusals()) expect(!refusal.text.empty(), "a refusal says why");
    }
}

std::vector<std::string> business_seeds() {
    return {
        R"({"order_id":"o-1","donor":"BRAVO","network":"fixed","numbers":["+3225501100",{"first":"+3225501200","last":"+3225501209"}],)"
        R"("related":[{"number":"+3225501300","fate":"keep"}],"customer":{"kind":"legal","name":"Zon","address":{"street":"H","house_number":"1","postcode":"1000","city":"B"}},)"
        R"("donor_account":"99","location":{"zone":"2"},"contract_id":"C-1","wish":{"mode":"date","at":"2026-04-10T10:00:00+02:00"},)"
        R"("mandate":{"id":"M","titular":"Zon","signer":"A","channel":"online","signed_at":"2026-04-01T10:00:00Z","sha256":"00"}})",
        R"({"customer":{"kind":"natural","name":"An"},"product":"V","network":"mobile","end_users":7,"numbers":["+32470000001"],"related":["internet"]})",
        R"({"at":"2026-04-10T10:00:00Z","renounce_portability":true,"reason":"moved"})",
        R"({"reason":"r","decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501101"}],"accept":{"at":"2026-04-10T10:00:00Z"}},{"numbers":["+3225501102"],"refuse":{"grounds":["MANDATE_INVALID"]}},{"numbers":["+3225501103"],"postpone":{"until":"2026-04-10T10:00:00Z","ground":"TECHNICAL"}}]})",
        R"({"fates":[{"number":"+3225501108","fate":"keep"},{"service":"Fax","fate":"cancel"}],"reason":"r"})",
        R"({"delay":{"until":"2026-04-10T10:00:00Z","ground":"TECHNICAL"},"reason":"r"})",
        R"({"reason":"r","numbers":["+3225501100"],"done":{"at":"2026-04-10T10:00:00Z"}})", R"({"reason":"r","failed":{"cause":"x"}})",
        R"({"reason":"r","to":"cancelled"})",
        R"({"first":"+3225500000","last":"+3225509999","holder":"BRAVO","network":"fixed","reason":"r"})",
        R"({"port":"PI-000001","titular":"Zon","channel":"letter","received_at":"2026-04-10T10:00:00Z","amount":"12.00","reason":"r"})",
    };
}

} // namespace npod::fuzz
