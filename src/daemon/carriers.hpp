#pragma once
/// How a message of ours gets to a counterpart: by a call to the hub or to the counterpart, or, where we are the hub
/// ourselves, into our own mailboxes.

#include "daemon/config.hpp"
#include "engine/engine.hpp"
#include "engine/outbox.hpp"
#include "http/http.hpp"
#include "protocol/auth.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::daemon {

/// One address that speaks COIN, with our proofs for its calls. Used by one thread.
class CoinClient {
public:
    /// `clock` tells real time, whatever the law's clock says: proofs live for seconds. Must outlive the client.
    /// Throws ConfigFault for an unusable address or key.
    CoinClient(std::string const& url, InterchangeConfig const& config, Clock const& clock);

    /// One signed call to "/number-portability/v3" + `target`. Throws NetworkFault.
    http::Response call(std::string const& method, std::string const& target, std::string body,
                        std::string const& trace = {});
    void stop() { client_.stop(); }

    static http::Headers signed_headers(std::optional<protocol::Signer> const& signer, std::string_view method,
                                        std::string_view target, std::string_view body, Moment now);

private:
    std::optional<protocol::Signer> signer_; ///< nothing: no keys configured, calls go without proofs
    Clock const& clock_;
    http::Client client_;
};

/// With what we sign; nothing without keys.
std::optional<protocol::Signer> signer_of(InterchangeConfig const& config);
http::Endpoint endpoint_of(std::string const& url, InterchangeConfig const& config);
inline constexpr std::string_view coin_base = "/number-portability/v3";

/// What an answer to POST …/dossiers/{type} means. Only COIN's own words count: 2xx with a transactionId is a yes, 4xx
/// (but 401, 408 and 429) with a list of errors is a no. Anything else is worth another attempt with the same bytes:
/// a page of a proxy with 200 must not lose a message, one with 404 must not turn it away for good.
porting::input::DeliveryReport report_of(std::int64_t delivery, http::Response const& response);
/// The same of PUT …/dossiers/confirmations/{id}, for which there is no receipt: 2xx with a JSON object, OK or nothing.
porting::input::DeliveryReport report_of_confirmation(http::Response const& response);

/// To the hub, or to one counterpart.
class HttpCarrier final : public engine::Carrier {
public:
    HttpCarrier(std::string const& url, InterchangeConfig const& config, Clock const& clock)
        : client_(url, config, clock) {}
    porting::input::DeliveryReport carry(porting::Delivery const& delivery) override;
    void stop() override { client_.stop(); }

private:
    CoinClient client_;
};

/// Without a hub: to every member concerned, by call where it has an address, else into its mailbox here. Done when all
/// took it; a repetition is harmless to those that had it.
class MarketCarrier final : public engine::Carrier {
public:
    MarketCarrier(engine::Engine& engine, Config const& config, Clock const& clock);
    porting::input::DeliveryReport carry(porting::Delivery const& delivery) override;
    void stop() override;

private:
    struct Direct {
        OperatorCode code;
        std::unique_ptr<HttpCarrier> carrier;
    };
    porting::input::DeliveryReport put_in_mailboxes(porting::Delivery const& delivery,
                                                    std::vector<OperatorCode> receivers);

    engine::Engine& engine_;
    OperatorCode own_;
    std::vector<Direct> direct_;
    std::vector<OperatorCode> mailboxes_;
};

} // namespace npod::daemon
