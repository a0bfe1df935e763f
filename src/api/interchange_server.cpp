#include "api/interchange_server.hpp"

#include "api/access.hpp"
#include "api/consumer_limits.hpp"
#include "api/interchange_message.hpp"
#include "api/json_parts.hpp"
#include "api/mailbox_stream.hpp"
#include "base/json.hpp"
#include "base/trace.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"
#include "storage/out_of_resources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::api {

namespace coin = protocol::coin_v3;
namespace message = porting::message;

// ------------------------------------------------------------------------------------------------ answers of the wire

namespace {

/// The synchronous codes of COIN that we use.
enum class Code : std::int64_t {
    field = 1000,
    parameter = 1010,
    endpoint = 1020,
    media_type = 1030,
    configuration = 6010,
    distribution = 6011,
    forbidden = 8000,
    unauthorised = 8010,
    unexpected = 9999,
};

struct WireError {
    Code code;
    std::string text;
};

http::Response wire_ok(json::object const& body) {
    return {200, {{"Content-Type", "application/json"}}, to_bytes(body), {}};
}

/// Nothing was stored, so that the transaction has no number of its own.
http::Response wire_errors(unsigned status, OperatorCode const& own, std::vector<WireError> const& errors) {
    json::array items;
    for (auto const& error : errors)
        items.push_back({{"code", static_cast<std::int64_t>(error.code)}, {"message", error.text}});
    json::object const body{{"transactionId", own.text + "-0"}, {"errors", std::move(items)}};
    http::Response response{status, {{"Content-Type", "application/json"}}, to_bytes(body), {}};
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
}

/// Problems of form, each with the place where it is.
std::vector<WireError> errors_of(Code code, std::vector<Refusal> const& refusals) {
    std::vector<WireError> errors;
    for (auto const& refusal : refusals)
        errors.push_back({code, refusal.pointer.empty() ? refusal.text : refusal.pointer + ": " + refusal.text});
    return errors;
}

bool is_json(http::Request const& request) {
    auto const type = http::header(request.headers, "Content-Type");
    constexpr std::string_view wanted = "application/json";
    auto const same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    return type.empty() ||
           (type.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), type.begin(), same));
}

} // namespace

// ----------------------------------------------------------------------------------------------------------- the work

struct InterchangeServer::Impl {
    Impl(Settings given, engine::Engine& the_engine, Readers::Open open_reader, Clock const& clock)
        : settings(std::move(given)), engine(the_engine), readers(std::make_shared<Readers>(std::move(open_reader))),
          transport_clock(clock), consumers(settings.requests_per_second, limits::streams_per_consumer_max) {
        std::vector<protocol::Consumer> known;
        for (auto const& member : settings.members)
            if (!member.keys.secrets.empty()) known.push_back(member.keys);
        if (!known.empty()) verifier.emplace(std::move(known));
        engine.on_mail([news = news](std::vector<OperatorCode> const& receivers) { news->came_for(receivers); });
    }

    Settings settings;
    engine::Engine& engine;
    std::shared_ptr<Readers> readers;
    std::shared_ptr<MailboxNews> news = std::make_shared<MailboxNews>();
    Clock const& transport_clock;
    std::optional<protocol::Verifier> verifier; ///< nothing: a development set-up
    ConsumerLimits consumers;

    void dispatch(http::Request const& request, http::Respond respond);
    void take_message(http::Request const& request, std::string const& type, http::Respond respond);
    void stream(http::Request const& request, http::Respond const& respond);
    void confirm(http::Request const& request, std::string const& id, http::Respond respond);

    Outcome<OperatorCode> caller(http::Request const& request) const;
    std::optional<Refusal> why_not_its_certificate(OperatorCode const& proven, std::string const& shown) const;
    std::optional<http::Response> why_not_now(OperatorCode const& consumer);
    void note_refused(OperatorCode const& proven) const {
        if (settings.health && proven) settings.health->refused(proven);
    }
    OperatorCode reader_without_proof(http::Request const& request) const;
    Outcome<coin::Envelope> envelope_of(std::string_view bytes) const;
    std::optional<WireError> why_not_from(coin::Envelope const& envelope, OperatorCode const& proven) const;
    http::Response refuse(unsigned status, Code code, std::string text) const {
        return wire_errors(status, settings.own, {{code, std::move(text)}});
    }
};

// ------------------------------------------------------------------------------------------------------ who is calling

/// Who proved himself; empty in a development set-up, where the envelope is believed.
Outcome<OperatorCode> InterchangeServer::Impl::caller(http::Request const& request) const {
    if (verifier) {
        auto proven =
            verifier->verify(request.headers, request.method, request.path(), request.body, transport_clock.now());
        if (!proven) return proven;
        if (auto why = why_not_its_certificate(*proven, request.peer_identity)) return std::move(*why);
        return proven;
    }
    if (is_local(request.peer)) return OperatorCode{};
    return Refusal{RefusalCode::unauthorised,
                   "No member has keys here, so that only callers of this machine are answered.",
                   {},
                   "Configure secrets and public keys of the members.",
                   {}};
}

/// A third proof, where one is agreed: the certificate of the connection. One of another member proves the opposite.
std::optional<Refusal> InterchangeServer::Impl::why_not_its_certificate(OperatorCode const& proven,
                                                                        std::string const& shown) const {
    auto const& members = settings.members;
    auto const holder = std::find_if(members.begin(), members.end(), [&](Member const& one) {
        return !one.certificate.empty() && one.certificate == shown;
    });
    bool const of_another = holder != members.end() && holder->code != proven;
    auto const* const caller = member(settings, proven);
    bool const missing = caller && !caller->certificate.empty() && caller->certificate != shown;
    if (!of_another && !missing) return std::nullopt;
    return Refusal{RefusalCode::unauthorised,
                   "The client certificate of the connection is not the one that is agreed for this user name.",
                   {},
                   "Connect with the certificate that is registered here.",
                   {}};
}

/// Too many calls of one consumer are turned back before they cost anybody else something.
std::optional<http::Response> InterchangeServer::Impl::why_not_now(OperatorCode const& consumer) {
    if (consumers.admit(consumer, transport_clock.now())) return std::nullopt;
    note_refused(consumer);
    auto response = refuse(429, Code::unexpected,
                           fmt::format("More than {} calls a second; wait a second.", settings.requests_per_second));
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

/// Whose mailbox is meant where nobody can prove anything.
OperatorCode InterchangeServer::Impl::reader_without_proof(http::Request const& request) const {
    if (auto const named = request.query("operator")) return OperatorCode{*named};
    return settings.members.size() == 1 ? settings.members.front().code : OperatorCode{};
}

// ------------------------------------------------------------------------------------------------------------ messages

std::optional<WireError> InterchangeServer::Impl::why_not_from(coin::Envelope const& envelope,
                                                               OperatorCode const& proven) const {
    if (proven && envelope.sender != proven)
        return WireError{Code::forbidden, fmt::format("The sender of the message is {}, the caller is {}.",
                                                      envelope.sender.text, proven.text)};
    if (!member(settings, envelope.sender))
        return WireError{Code::forbidden, fmt::format("{} is not a member of this interchange.", envelope.sender.text)};
    return std::nullopt;
}

/// The envelope, strictly or with the quirks agreed with its sender.
Outcome<coin::Envelope> InterchangeServer::Impl::envelope_of(std::string_view bytes) const {
    static coin::Profile const strangers;
    return coin::read_envelope(bytes, [&](OperatorCode const& code) -> coin::Profile const& {
        auto const* const one = member(settings, code);
        return one ? one->profile : strangers;
    });
}

void InterchangeServer::Impl::take_message(http::Request const& request, std::string const& type,
                                           http::Respond respond) {
    auto const proven = caller(request);
    if (!proven) return respond(wire_errors(401, settings.own, errors_of(Code::unauthorised, proven.refusals())));
    if (!coin::form_of(type))
        return respond(refuse(400, Code::endpoint, fmt::format("There is no message type \"{}\".", first_characters(type, 40))));
    if (!is_json(request)) return respond(refuse(400, Code::media_type, "Send the message as application/json."));

    auto const envelope = envelope_of(request.body);
    if (!envelope) return respond(wire_errors(400, settings.own, errors_of(Code::field, envelope.refusals())));
    if (envelope->type != type)
        return respond(refuse(400, Code::field,
                              fmt::format("The body holds \"{}\" but was sent as \"{}\".", envelope->type, type)));
    if (auto const why = why_not_from(*envelope, *proven)) {
        note_refused(*proven);
        return respond(wire_errors(403, settings.own, {*why}));
    }
    if (auto busy = why_not_now(envelope->sender)) return respond(std::move(*busy));
    auto const& sender = *member(settings, envelope->sender);
    auto content = read_content(settings, *envelope, sender, request.body, engine.now());
    if (!content) {
        note_refused(envelope->sender);
        return respond(wire_errors(400, settings.own, errors_of(Code::field, content.refusals())));
    }

    auto const done = [respond = std::move(respond), own = settings.own, health = settings.health,
                       from = envelope->sender](engine::Result const& result) {
        if (health && result.replayed) health->repeated(from);
        auto body = result.rendered.body;
        // Whatever the domain makes of it, a message in the log was taken: a functional fault comes back later as an
        // errorfound.
        if (body.empty() && result.seq > 0) body = receipt(own, result.seq);
        if (!result.indeterminate && !body.empty())
            return respond({200, {{"Content-Type", "application/json"}}, std::move(body), {}});
        auto const why = result.answer.refusals.empty() ? std::string("The message could not be stored; send it again.")
                                                        : result.answer.refusals.front().text;
        respond(wire_errors(503, own, {{Code::unexpected, why}}));
    };
    auto event = event_of(settings, *envelope, sender, std::move(*content), request.body, engine.now());
    event.trace = parse_traceparent(http::header(request.headers, "traceparent")).value_or("");
    engine.submit(std::move(event), done);
}

// ----------------------------------------------------------------------------------------------------------- mailboxes

void InterchangeServer::Impl::stream(http::Request const& request, http::Respond const& respond) {
    auto const proven = caller(request);
    if (!proven) return respond(wire_errors(401, settings.own, errors_of(Code::unauthorised, proven.refusals())));
    auto const receiver = *proven ? *proven : reader_without_proof(request);
    if (!member(settings, receiver))
        return respond(refuse(403, Code::configuration, "\"" + receiver.text + "\" has no mailbox here."));
    if (auto busy = why_not_now(receiver)) return respond(std::move(*busy));
    auto question = mailbox_question(request);
    if (!question) return respond(wire_errors(400, settings.own, errors_of(Code::parameter, question.refusals())));
    respond({200,
             {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
             {},
             open_mailbox(readers, receiver, *question, consumers.open_stream(receiver), news->of(receiver))});
}

namespace {

/// The body says the same id as the path; one that says nothing is let pass.
bool same_id(std::string_view body, std::string const& id) {
    if (body.empty()) return true;
    auto const value = parse_json(body);
    auto const* object = value ? value->if_object() : nullptr;
    auto const* said = object ? object->if_contains("transactionId") : nullptr;
    return object && (!said || (said->is_string() && std::string_view(said->get_string()) == id));
}

std::optional<std::int64_t> message_id(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
    return value;
}

} // namespace

void InterchangeServer::Impl::confirm(http::Request const& request, std::string const& id, http::Respond respond) {
    auto const proven = caller(request);
    if (!proven) return respond(wire_errors(401, settings.own, errors_of(Code::unauthorised, proven.refusals())));
    if (!same_id(request.body, id))
        return respond(refuse(400, Code::field, R"(The body must be {"transactionId":"…"} with the id of the path.)"));
    auto const receiver = *proven ? *proven : reader_without_proof(request);
    auto const number = message_id(id);
    auto const unknown = fmt::format("There is no message {} in the mailbox of {}.", first_characters(id, 40), receiver.text);
    if (!number || !member(settings, receiver)) return respond(refuse(403, Code::distribution, unknown));
    if (auto busy = why_not_now(receiver)) return respond(std::move(*busy));

    engine::Event event;
    event.kind = "mailbox.confirmed";
    event.source = "wire:" + receiver.text;
    event.key = id;
    event.confirm = engine::ConfirmMailbox{*number, receiver};
    engine.submit(std::move(event), [respond = std::move(respond), own = settings.own,
                                     unknown](engine::Result const& result) {
        auto const& refusals = result.answer.refusals;
        if (refusals.empty() && !result.indeterminate) return respond(wire_ok({{"status", "OK"}}));
        if (!refusals.empty() && refusals.front().code == RefusalCode::not_found)
            return respond(wire_errors(403, own, {{Code::distribution, unknown}}));
        respond(wire_errors(503, own, {{Code::unexpected, "The confirmation could not be stored; send it again."}}));
    });
}

// ------------------------------------------------------------------------------------------------------------ outside

/// Path after /number-portability/v3: dossiers/{type}, dossiers/events, dossiers/confirmations/{id}.
void InterchangeServer::Impl::dispatch(http::Request const& request, http::Respond respond) {
    auto const path = request.segments();
    bool const ours = path.size() >= 4 && path[0] == "number-portability" && path[1] == "v3" && path[2] == "dossiers";
    if (!settings.serve || !ours) return respond(refuse(404, Code::endpoint, "There is nothing here."));
    auto const wrong_method = [&](std::string_view allowed) {
        auto response = refuse(405, Code::endpoint, fmt::format("Use {} here.", allowed));
        response.headers.emplace_back("Allow", allowed);
        respond(std::move(response));
    };
    if (path.size() == 4 && path[3] == "events")
        return request.method == "GET" ? stream(request, respond) : wrong_method("GET");
    if (path.size() == 5 && path[3] == "confirmations")
        return request.method == "PUT" ? confirm(request, path[4], std::move(respond)) : wrong_method("PUT");
    if (path.size() == 4 && path[3] != "confirmations")
        return request.method == "POST" ? take_message(request, path[3], std::move(respond)) : wrong_method("POST");
    respond(refuse(404, Code::endpoint, "There is nothing here."));
}

InterchangeServer::InterchangeServer(Settings settings, engine::Engine& engine, Readers::Open open_reader,
                                     Clock const& transport_clock)
    : impl_(std::make_shared<Impl>(std::move(settings), engine, std::move(open_reader), transport_clock)) {}
InterchangeServer::~InterchangeServer() = default;

void InterchangeServer::handle(http::Request const& request, http::Respond respond) {
    http::Respond const send = [impl = impl_, respond = std::move(respond)](http::Response response) {
        respond(std::move(response));
    };
    try {
        impl_->dispatch(request, send);
    } catch (storage::OutOfResources const& fault) {
        send(impl_->refuse(503, Code::unexpected, fault.what()));
    } catch (Fault const& fault) {
        send(impl_->refuse(500, Code::unexpected, fault.what()));
    }
}

} // namespace npod::api
