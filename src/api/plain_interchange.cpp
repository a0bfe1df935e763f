#include "api/plain_interchange.hpp"

#include "protocol/coin_v3/codec.hpp"

namespace npod::api {

namespace coin = protocol::coin_v3;

namespace {

/// As the daemon's: later than this is a slip of somebody's pen.
constexpr Duration plausible_horizon = std::chrono::days{366};

coin::Profile brussels() {
    coin::Profile profile;
    profile.time = coin::LocalTime("Europe/Brussels");
    return profile;
}

} // namespace

engine::Interchange plain_interchange() {
    return {.encode = [profile = brussels()](porting::message::Message const& message, Moment now) {
                return engine::Encoded{message.receiver, std::string(porting::message::type_of(message.body)),
                                       coin::encode(message, profile, now)};
            },
            .decode = [profile = brussels()](OperatorCode const& sender, std::string_view type, std::string_view bytes,
                                             Moment now) -> porting::input::Any {
                auto decoded = coin::decode(type, bytes, profile);
                if (!decoded) {
                    auto const envelope = coin::read_envelope(bytes);
                    return porting::input::ReceivedBroken{sender, std::string(type),
                                                          envelope ? envelope->dossier : DossierId{}, decoded.refusals()};
                }
                coin::flag_implausible(*decoded, now, plausible_horizon);
                return porting::input::Received{.message = std::move(*decoded), .seq = 0};
            }};
}

} // namespace npod::api
