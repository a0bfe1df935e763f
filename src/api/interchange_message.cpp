#include "api/interchange_message.hpp"

#include "api/json_parts.hpp"
#include "base/hash.hpp"
#include "engine/inputs.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace npod::api {

namespace coin = protocol::coin_v3;
namespace message = porting::message;

namespace {

bool is_form(Refusal const& refusal) {
    return refusal.code == RefusalCode::malformed || refusal.code == RefusalCode::too_large;
}

porting::input::Any decode(coin::Envelope const& envelope, InterchangeServer::Member const& sender,
                           std::string_view bytes) {
    auto message = coin::decode(envelope.type, bytes, sender.profile);
    if (message) return porting::input::Received{std::move(*message), 0};
    return porting::input::ReceivedBroken{envelope.sender, envelope.type, envelope.dossier, message.refusals()};
}

/// Whose mailboxes it goes to; nobody's when it is for us alone.
engine::Distribute distribution(InterchangeServer::Settings const& settings, coin::Envelope const& envelope,
                                InterchangeServer::Member const& sender, Moment now) {
    engine::Distribute distribute{{}, envelope.sender, envelope.type, envelope.dossier, envelope.receiver, {}};
    bool const to_all = envelope.receiver.text == message::everybody;
    for (auto const& one : settings.members) {
        bool const concerned = to_all ? one.code != envelope.sender : one.code == envelope.receiver;
        if (concerned && one.has_mailbox) distribute.receivers.push_back(one.code);
    }
    if (to_all || envelope.receiver == settings.own || !distribute.receivers.empty()) return distribute;

    message::ErrorFound const error{envelope.dossier,
                                    {{"", sender.profile.error_code("UNKNOWN_RECEIVER"),
                                      fmt::format("The {} for {} was not delivered: no such operator is a member here.",
                                                  envelope.type, envelope.receiver.text)}}};
    distribute.complaint = coin::encode({settings.own, envelope.sender, {}, error, {}}, sender.profile, now);
    return distribute;
}

} // namespace

InterchangeServer::Member const* member(InterchangeServer::Settings const& settings, OperatorCode const& code) {
    auto const& members = settings.members;
    auto const found =
        std::find_if(members.begin(), members.end(), [&](auto const& one) { return one.code == code; });
    return found == members.end() ? nullptr : &*found;
}

std::string receipt(OperatorCode const& own, std::int64_t seq) {
    return to_bytes(json::object{{"transactionId", fmt::format("{}-{}", own.text, seq)}});
}

Outcome<std::optional<porting::input::Any>> read_content(InterchangeServer::Settings const& settings,
                                                         coin::Envelope const& envelope,
                                                         InterchangeServer::Member const& sender, std::string_view bytes,
                                                         Moment now) {
    bool const for_us = envelope.receiver == settings.own || envelope.receiver.text == message::everybody;
    if (bool const passed_on = envelope.receiver != settings.own; passed_on) {
        auto const form = coin::check_form(envelope.type, bytes);
        if (!form) return form.refusals();
    }
    if (!for_us) return std::optional<porting::input::Any>{};
    auto input = settings.decode ? settings.decode(envelope.sender, envelope.type, bytes, now)
                                 : decode(envelope, sender, bytes);
    if (auto const* broken = std::get_if<porting::input::ReceivedBroken>(&input)) {
        // Right in form and yet impossible is taken, and answered by the domain with an errorfound.
        std::vector<Refusal> of_form;
        std::copy_if(broken->problems.begin(), broken->problems.end(), std::back_inserter(of_form), is_form);
        if (!of_form.empty()) return of_form;
    }
    return std::optional(std::move(input));
}

engine::Event event_of(InterchangeServer::Settings const& settings, coin::Envelope const& envelope,
                       InterchangeServer::Member const& sender, std::optional<porting::input::Any> input,
                       std::string const& bytes, Moment now) {
    engine::Event event;
    event.kind = "message." + envelope.type;
    event.source = "wire:" + envelope.sender.text;
    event.key = envelope.dossier.text;
    event.body = bytes;
    event.idempotency_key = content_hash(bytes); // COIN has no message id: equal bytes are the same message
    if (input) event.happened_at = engine::sent_at(*input, now);
    event.input = std::move(input);
    auto distribute = distribution(settings, envelope, sender, now);
    // A dossier that begins with us is nobody else's either: the interchange remembers whose it is.
    if (!distribute.receivers.empty() || !distribute.complaint.empty() || envelope.type == "portingrequest")
        event.distribute = std::move(distribute);
    event.render = [own = settings.own](porting::Answer const&, porting::Book const&, std::int64_t seq) {
        return engine::Rendered{200, receipt(own, seq), {}};
    };
    return event;
}

} // namespace npod::api
