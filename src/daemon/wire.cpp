#include "daemon/wire.hpp"

#include <algorithm>

namespace npod::daemon {

namespace coin = protocol::coin_v3;
namespace message = porting::message;

namespace {

/// A date later than this is a slip of somebody's pen: nobody plans a port a year ahead.
constexpr Duration plausible_horizon = std::chrono::days{366};

/// Codes from configuration replace the shipped, assumed ones, table by table.
coin::Profile profile_from(std::string const& zone, WireCodes const& codes) {
    coin::Profile profile;
    profile.time = coin::LocalTime(zone);
    profile.codes_assumed = codes.blocking.empty();
    if (!codes.blocking.empty()) profile.blocking_codes.clear();
    for (auto const& [ground, wire] : codes.blocking)
        profile.blocking_codes.push_back(
            {porting::ground_of(ground).value(), wire}); // the configuration knows only grounds
    if (!codes.delay.empty()) profile.delay_codes = codes.delay;
    profile.error_codes = codes.error;
    return profile;
}

/// A member's own tables, where it has some, over those of the interchange.
WireCodes merged(WireCodes const& usual, WireCodes const& own) {
    return {own.blocking.empty() ? usual.blocking : own.blocking, own.delay.empty() ? usual.delay : own.delay,
            own.error.empty() ? usual.error : own.error};
}

} // namespace

Wire::Wire(Config const& config)
    : own_(config.operator_code), hub_(config.interchange.hub.empty() ? OperatorCode{} : config.interchange.hub_code),
      usual_(profile_from(config.interchange.zone, config.interchange.codes)) {
    for (auto const& member : config.members) {
        auto profile = profile_from(member.zone, merged(config.interchange.codes, member.codes));
        profile.quirks = member.quirks;
        profiles_.emplace(member.code, std::move(profile));
        if (!member.url.empty()) direct_.push_back(member.code);
    }
}

coin::Profile const& Wire::profile_of(OperatorCode const& code) const {
    auto const found = profiles_.find(code);
    return found == profiles_.end() ? usual_ : found->second;
}

OperatorCode Wire::peer_for(OperatorCode const& receiver) const {
    if (std::find(direct_.begin(), direct_.end(), receiver) != direct_.end()) return receiver;
    return hub_ ? hub_ : own_;
}

Outcome<coin::Envelope> Wire::envelope_of(std::string_view bytes) const {
    return coin::read_envelope(bytes, [this](OperatorCode const& code) -> coin::Profile const& { return profile_of(code); });
}

engine::Encoded Wire::encode(message::Message const& message, Moment now) const {
    return {peer_for(message.receiver), std::string(message::type_of(message.body)),
            coin::encode(message, profile_of(message.receiver), now)};
}

bool Wire::is_for_us(coin::Envelope const& envelope) const {
    bool const addressed = envelope.receiver == own_ || envelope.receiver.text == message::everybody;
    return addressed && envelope.sender != own_;
}

porting::input::Any Wire::decode(OperatorCode const& sender, std::string_view type, std::string_view bytes,
                                 Moment now) const {
    auto decoded = coin::decode(type, bytes, profile_of(sender));
    if (!decoded) {
        auto const envelope = envelope_of(bytes);
        return porting::input::ReceivedBroken{sender, std::string(type), envelope ? envelope->dossier : DossierId{},
                                              decoded.refusals()};
    }
    coin::flag_implausible(*decoded, now, plausible_horizon);
    return porting::input::Received{.message = std::move(*decoded), .seq = 0};
}

engine::Interchange Wire::interchange() const {
    return {.encode = [wire = *this](message::Message const& message, Moment now) { return wire.encode(message, now); },
            .decode = [wire = *this](OperatorCode const& sender, std::string_view type, std::string_view bytes,
                                     Moment now) { return wire.decode(sender, type, bytes, now); }};
}

std::vector<protocol::Consumer> consumers_of(Config const& config) {
    std::vector<protocol::Consumer> consumers;
    for (auto const& member : config.members) {
        if (member.secrets.empty()) continue;
        protocol::Consumer consumer{member.code, member.username, {}, member.public_keys_pem};
        for (auto const& secret : member.secrets) consumer.secrets.push_back(secret.reveal());
        consumers.push_back(std::move(consumer));
    }
    return consumers;
}

} // namespace npod::daemon
