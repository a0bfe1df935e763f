#pragma once
/// A whole operator in a box for tests of the API: database in a temporary folder, engine, manual clock, no network.

#include "api/api.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "porting/messages.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "support/folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

#include <filesystem>
#include <future>
#include <string>

namespace npod::test {

namespace coin = protocol::coin_v3;

inline Moment at(std::string_view text) { return *parse_rfc3339(text); }

using Folder = npod::testing::TemporaryFolder;

inline coin::Profile belgian_profile() {
    coin::Profile profile;
    profile.time = coin::LocalTime("Europe/Brussels");
    return profile;
}

inline engine::Interchange belgian_interchange() {
    return {
        [](porting::message::Message const& message, Moment now) {
            return engine::Encoded{OperatorCode{"HUB"}, std::string(porting::message::type_of(message.body)),
                                   coin::encode(message, belgian_profile(), now)};
        },
        [](OperatorCode const& sender, std::string_view type, std::string_view bytes, Moment) -> porting::input::Any {
            auto message = coin::decode(type, bytes, belgian_profile());
            if (message) return porting::input::Received{std::move(*message), 0};
            return porting::input::ReceivedBroken{sender, std::string(type), {}, message.refusals()};
        }};
}

/// An answer with its body read.
struct Reply {
    http::Response response;
    boost::json::value body;
    unsigned status() const { return response.status; }
    std::string header(std::string_view name) const { return std::string(http::header(response.headers, name)); }
    boost::json::value const& at(std::string_view pointer) const { return body.at_pointer(pointer); }
    std::string text(std::string_view pointer) const { return std::string(at(pointer).as_string()); }
};

/// Sends one request and waits for its answer.
template <class Handles>
Reply ask(Handles& handles, http::Request request) {
    if (request.peer.empty()) request.peer = "127.0.0.1:50000";
    std::promise<http::Response> promise;
    handles.handle(request, [&](http::Response response) { promise.set_value(std::move(response)); });
    Reply reply{promise.get_future().get(), nullptr};
    auto const type = reply.header("Content-Type");
    if (type == "application/json" || type == "application/problem+json")
        reply.body = boost::json::parse(reply.response.body);
    return reply;
}

/// Operator ALFA on a Monday morning; it knows BRAVO and CHARLY.
struct World {
    explicit World(api::AccessPolicy access = {}, porting::AutomaticAnswer automatic = porting::AutomaticAnswer::all) {
        auto const path = folder.file("npod.db");
        settings.own = OperatorCode{"ALFA"};
        settings.automatic = automatic;
        settings.dossier_prefix = "ALFA";
        settings.operators = {OperatorCode{"BRAVO"}, OperatorCode{"CHARLY"}};
        engine::Engine::Parts parts;
        parts.ledger = std::make_unique<storage::Ledger>(storage::OpenOptions{path, settings.own, true});
        parts.rulebook = rulebook;
        parts.settings = settings;
        parts.interchange = belgian_interchange();
        parts.clock = &clock;
        parts.manual = &clock;
        parts.log = &log;
        engine.emplace(std::move(parts));
        api.emplace(context(&*engine, std::move(access)));
    }

    api::Context context(engine::Engine* with, api::AccessPolicy access = {}) {
        api::Context context;
        context.engine = with;
        context.open_reader = [path = folder.file("npod.db")] { return std::make_unique<storage::Reader>(path); };
        context.rulebook = rulebook;
        context.settings = settings;
        context.now = [this] { return clock.now(); };
        context.interchange = belgian_interchange();
        context.access = std::move(access);
        return context;
    }

    Reply get(std::string target) { return ask(*api, {"GET", std::move(target), {}, {}, {}, {}}); }
    Reply put(std::string target, std::string body, http::Headers headers = {}) {
        return ask(*api, {"PUT", std::move(target), std::move(headers), std::move(body), {}, {}});
    }
    /// With a key of its own.
    Reply post(std::string target, std::string body, http::Headers headers = {}) {
        if (http::header(headers, "Idempotency-Key").empty())
            headers.emplace_back("Idempotency-Key", "test-" + std::to_string(++keys));
        return ask(*api, {"POST", std::move(target), std::move(headers), std::move(body), {}, {}});
    }

    Folder folder;
    ManualClock clock{at("2026-03-02T09:00:00+01:00")};
    Log log{clock, Level::info, [](std::string_view) {}};
    std::shared_ptr<rules::Rulebook const> rulebook =
        std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
    porting::Settings settings;
    std::optional<engine::Engine> engine;
    std::optional<api::Api> api;
    int keys = 0;
};

} // namespace npod::test
