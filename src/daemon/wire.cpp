#include "daemon/wire.hpp"

namespace npod::daemon {

namespace coin = protocol::coin_v3;

namespace {

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

Wire::Wire(Config const& config) {
    dialects_.own = config.operator_code;
    if (!config.interchange.hub.empty()) dialects_.hub = config.interchange.hub_code;
    dialects_.usual = profile_from(config.interchange.zone, config.interchange.codes);
    for (auto const& member : config.members) {
        auto profile = profile_from(member.zone, merged(config.interchange.codes, member.codes));
        profile.quirks = member.quirks;
        dialects_.profiles.emplace(member.code, std::move(profile));
        if (!member.url.empty()) dialects_.direct.push_back(member.code);
    }
}

Outcome<coin::Envelope> Wire::envelope_of(std::string_view bytes) const {
    return coin::read_envelope(bytes, [this](OperatorCode const& code) -> coin::Profile const& { return profile_of(code); });
}

bool Wire::is_for_us(coin::Envelope const& envelope) const {
    bool const addressed = envelope.receiver == dialects_.own || envelope.receiver.text == porting::message::everybody;
    return addressed && envelope.sender != dialects_.own;
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
