#include "daemon/carriers.hpp"

#include "base/json.hpp"
#include "base/trace.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::daemon {

using porting::input::DeliveryReport;

namespace {

/// The member of a reply as text, or empty: a reply is input like any other and may be anything.
std::string text_in(boost::json::value const& value, std::string_view name) {
    auto const* object = value.if_object();
    auto const* member = object == nullptr ? nullptr : object->if_contains(name);
    if (member == nullptr) return {};
    if (member->is_int64()) return std::to_string(member->get_int64()); // COIN's error codes are numbers
    auto const* text = member->if_string();
    return text == nullptr ? std::string{} : std::string(text->data(), text->size());
}

/// "1000 dossierid is malformed; 1010 …" of a reply with errors; the start of the body when it has none.
std::string errors_in(std::string const& body) {
    constexpr std::size_t told_max = 500; // enough for a person to understand, no room for a novel
    std::string said;
    auto const value = parse_json(body);
    if (value && value->is_object())
        if (auto const* errors = value->get_object().if_contains("errors"); errors != nullptr && errors->is_array())
            for (auto const& error : errors->get_array())
                said +=
                    fmt::format("{}{} {}", said.empty() ? "" : "; ", text_in(error, "code"), text_in(error, "message"));
    return (said.empty() ? body : said).substr(0, told_max);
}

bool is_good(unsigned status) { return status >= 200 && status < 300; }

/// COIN's refusals have a list of errors. A proxy before the hub, or a hub that is being restarted, says 404 or 403 in
/// words of its own: that says nothing about our message.
bool refuses_as_coin(http::Response const& response) {
    auto const status = response.status;
    if (status < 400 || status >= 500 || status == 401 || status == 408 || status == 429) return false;
    auto const value = parse_json(response.body);
    auto const* object = value ? value->if_object() : nullptr;
    auto const* errors = object ? object->if_contains("errors") : nullptr;
    return errors != nullptr && errors->is_array();
}

/// A confirmation is answered with a JSON object, or with OK, or with nothing. Whatever else says yes never saw it.
bool says_ok(std::string_view body) {
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return true;
    auto const value = parse_json(body);
    if (value) return value->is_object() || value->is_string();
    auto const begin = body.find_first_not_of(" \t\r\n");
    auto const word = body.substr(begin, body.find_last_not_of(" \t\r\n") + 1 - begin);
    return word.size() == 2 && (word[0] | 0x20) == 'o' && (word[1] | 0x20) == 'k';
}

/// What is no yes: a no of the hub, or trouble that may pass.
DeliveryReport no_of(std::int64_t delivery, http::Response const& response) {
    using enum DeliveryReport::What;
    if (refuses_as_coin(response))
        return {delivery, turned_away, {}, fmt::format("{} {}", response.status, errors_in(response.body))};
    auto const strange = is_good(response.status) ? " is no answer of COIN's interface; something else answers there:" : "";
    return {delivery, attempt_failed, {}, fmt::format("{}{} {}", response.status, strange, errors_in(response.body))};
}

} // namespace

std::optional<protocol::Signer> signer_of(InterchangeConfig const& config) {
    if (config.secret.empty()) return std::nullopt;
    return protocol::Signer({config.username, config.secret.reveal(), config.private_key_pem.reveal()});
}

http::Endpoint endpoint_of(std::string const& url, InterchangeConfig const& config) {
    return {url, {config.certificate_file, config.certificate_key_file, config.ca_file}};
}

CoinClient::CoinClient(std::string const& url, InterchangeConfig const& config, Clock const& clock)
    : signer_(signer_of(config)), clock_(clock), client_(endpoint_of(url, config)) {}

http::Headers CoinClient::signed_headers(std::optional<protocol::Signer> const& signer, std::string_view method,
                                         std::string_view target, std::string_view body, Moment now) {
    http::Headers headers;
    if (signer) headers = signer->sign(method, target, body, now);
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return headers;
}

http::Response CoinClient::call(std::string const& method, std::string const& target, std::string body, std::string const& trace) {
    auto const full = std::string(coin_base) + target;
    auto headers = signed_headers(signer_, method, full, body, clock_.now());
    if (!trace.empty()) headers.emplace_back("traceparent", trace);
    return client_.send(method, full, std::move(headers), std::move(body));
}

DeliveryReport report_of(std::int64_t delivery, http::Response const& response) {
    if (is_good(response.status)) {
        auto const value = parse_json(response.body);
        auto receipt = value ? text_in(*value, "transactionId") : std::string{};
        if (!receipt.empty()) return {delivery, DeliveryReport::What::taken, std::move(receipt), {}};
    }
    return no_of(delivery, response);
}

DeliveryReport report_of_confirmation(http::Response const& response) {
    if (is_good(response.status) && says_ok(response.body)) return {0, DeliveryReport::What::taken, {}, {}};
    return no_of(0, response);
}

namespace {
/// One step on: the receiver's span is a child of this very delivery, also when it is sent again.
std::string trace_of(porting::Delivery const& delivery) { return next_span(delivery.trace, fmt::format("delivery {}", delivery.id)); }
} // namespace

DeliveryReport HttpCarrier::carry(porting::Delivery const& delivery) {
    return report_of(delivery.id, client_.call("POST", "/dossiers/" + delivery.type, delivery.bytes, trace_of(delivery)));
}

MarketCarrier::MarketCarrier(engine::Engine& engine, Config const& config, Clock const& clock)
    : engine_(engine), own_(config.operator_code) {
    for (auto const& member : config.members) {
        if (!member.url.empty())
            direct_.push_back({member.code, std::make_unique<HttpCarrier>(member.url, way_to(config, member), clock)});
        else if (config.interchange.serve)
            mailboxes_.push_back(member.code);
    }
}

void MarketCarrier::stop() {
    for (auto& one : direct_) one.carrier->stop();
}

DeliveryReport MarketCarrier::put_in_mailboxes(porting::Delivery const& delivery, std::vector<OperatorCode> receivers) {
    using enum DeliveryReport::What;
    engine::Event event;
    event.kind = "message." + delivery.type;
    event.source = "wire:" + own_.text;
    event.body = delivery.bytes;
    event.trace = trace_of(delivery);
    event.idempotency_key = fmt::format("delivery:{}", delivery.id);
    event.distribute = engine::Distribute{std::move(receivers), own_, delivery.type, delivery.dossier, delivery.receiver, {}};
    event.render = [own = own_](porting::Answer const&, porting::Book const&, std::int64_t seq) {
        return engine::Rendered{200, fmt::format("{}-{}", own.text, seq), {}};
    };
    auto const result = engine_.ask(std::move(event));
    if (result.indeterminate) return {delivery.id, attempt_failed, {}, "the database failed"};
    if (!result.answer.refusals.empty()) return {delivery.id, attempt_failed, {}, result.answer.refusals.front().text};
    return {delivery.id, taken, result.rendered.body, {}};
}

DeliveryReport MarketCarrier::carry(porting::Delivery const& delivery) {
    using enum DeliveryReport::What;
    bool const to_all = delivery.receiver.text == porting::message::everybody;
    DeliveryReport whole{delivery.id, taken, {}, {}};
    auto const add = [&](OperatorCode const& to, DeliveryReport const& part) {
        if (part.what == taken && whole.receipt.empty()) whole.receipt = part.receipt;
        if (part.what == taken || whole.what == attempt_failed) return; // what is worth another attempt outweighs a no
        whole.what = part.what;
        whole.trouble = fmt::format("{}: {}", to.text, part.trouble);
    };
    bool reached = false;
    for (auto& one : direct_)
        if (to_all || one.code == delivery.receiver) {
            reached = true;
            try {
                add(one.code, one.carrier->carry(delivery));
            } catch (NetworkFault const& fault) { // the others shall have it all the same
                add(one.code, {delivery.id, attempt_failed, {}, fault.what()});
            }
        }
    std::vector<OperatorCode> receivers;
    for (auto const& code : mailboxes_)
        if (to_all || code == delivery.receiver) receivers.push_back(code);
    if (!receivers.empty()) {
        reached = true;
        add(own_, put_in_mailboxes(delivery, std::move(receivers)));
    }
    if (!reached && !to_all)
        return {
            delivery.id,
            turned_away,
            {},
            fmt::format("no way leads to {}; set interchange.hub, or its url in [[member]]", delivery.receiver.text)};
    return whole;
}

} // namespace npod::daemon
