#pragma once
/// The server's side of the interchange: takes messages of the members, keeps a mailbox for each, streams and has them
/// confirmed (COIN Number Portability v3; PROTOCOL-COIN). One npod can so be the hub of a market, or the other end of a
/// peer.

#include "api/readers.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"
#include "engine/engine.hpp"
#include "engine/peer_health.hpp"
#include "http/http.hpp"
#include "protocol/auth.hpp"
#include "protocol/coin_v3/profile.hpp"

#include <memory>
#include <string>
#include <vector>

namespace npod::api {

class InterchangeServer {
public:
    /// One operator that may call.
    struct Member {
        OperatorCode code;
        protocol::Consumer keys;            ///< without secrets: cannot prove who it is
        protocol::coin_v3::Profile profile; ///< its dialect
        bool has_mailbox = true;            ///< false for one that has an address of its own and fetches nothing here
        std::string certificate = {};       ///< SAN that its client certificate must show; empty: none is asked for
    };
    struct Settings {
        OperatorCode own;
        std::vector<Member> members; ///< all but the own operator
        bool serve = false;          ///< false: every call is answered 404
        /// Reads a message for us as replay will read it again (engine::Interchange::decode). Without it: by the
        /// sender's profile.
        decltype(engine::Interchange::decode) decode = {};
        engine::PeerHealth* health = nullptr; ///< hears of repetitions and refusals; may be null; outlives the server
        std::int64_t requests_per_second = limits::requests_per_second_per_consumer; ///< of one consumer
    };

    /// `transport_clock` tells the time for the callers' proofs: always the real one, whatever the law's clock does.
    /// Engine and clock outlive the server. Throws ConfigFault for keys that cannot be read.
    ///
    /// When no member has keys nobody can prove who he is: a development set-up. Then only callers of this machine are
    /// answered, the sender of a message is taken from its envelope, and a mailbox is named by `operator=CODE`.
    InterchangeServer(Settings settings, engine::Engine& engine, Readers::Open open_reader,
                      Clock const& transport_clock);
    ~InterchangeServer();
    InterchangeServer(InterchangeServer const&) = delete;
    InterchangeServer& operator=(InterchangeServer const&) = delete;

    /// Answers /number-portability/v3/…; a message is answered after its commit. Thread-safe.
    void handle(http::Request const& request, http::Respond respond);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace npod::api
