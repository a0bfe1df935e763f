#pragma once
/// The Business API: requests of HTTP to commands of the engine and to reads of the database. The daemon serves it;
/// npctl asks the same code about a database file without a daemon.

#include "api/access.hpp"
#include "engine/dialects.hpp"
#include "engine/engine.hpp"
#include "engine/interchange.hpp"
#include "engine/peer_health.hpp"
#include "http/http.hpp"
#include "porting/settings.hpp"
#include "protocol/coin_v3/profile.hpp"
#include "rules/rulebook.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// What the configuration agrees with one counterpart, or with the hub. Nothing of it is secret.
struct Counterpart {
    OperatorCode code;
    bool is_hub = false;
    std::string way;         ///< how messages get there: "http://127.0.0.1:8701", "by HUB", "mailbox here"
    std::string username;    ///< by which it signs its calls; the hub: by which we sign ours
    std::size_t secrets = 0, keys = 0; ///< how many of it are valid here
    std::string certificate; ///< identity that its client certificate must show; empty: none is asked for
    std::string our_username = {}; ///< a member: by which we sign our calls to it; empty: we make none
    protocol::coin_v3::Profile profile;
};

/// One step of trying out the way to a counterpart.
struct CheckStep {
    std::string name; ///< "connect"
    bool passed = false;
    std::string said; ///< what was seen, or what to do about it
};
using Checked = std::function<void(std::vector<CheckStep>)>;

/// How a system of ours is that wants to be called at every event.
struct WebhookState {
    std::string name, url;
    std::int64_t seq = 0;                        ///< up to this row of the log it was told
    std::int64_t delivered = 0, failures = 0;    ///< calls since the daemon started
    std::optional<Moment> failing_since;         ///< real time; nothing: the last call was taken
    std::string trouble;                         ///< why it was not
    bool ended = false;                          ///< it answered 410, and is called no more
};

/// What the API works with. Everything pointed to outlives it.
struct Context {
    engine::Engine* engine = nullptr; ///< none: a database file is read, and nothing can be changed
    std::function<std::unique_ptr<storage::Reader>()> open_reader;
    std::shared_ptr<rules::Rulebook const> rulebook; ///< as configured; without an engine, the law of a file that names none
    porting::Settings settings;
    std::function<Moment()> now;     ///< without an engine; with one, its clock is asked
    engine::Interchange interchange; ///< how the log is told again for `as_of`
    std::optional<engine::Dialects> dialects; ///< the same as a value, for case files; nothing: none can be made
    AccessPolicy access;
    std::function<http::Response(http::Request const&)> page; ///< answers "/" and "/assets/…"; none: there is no page
    std::vector<Counterpart> counterparts;        ///< a database file has none
    engine::PeerHealth const* health = nullptr;   ///< none for a database file
    /// Tries out the way to a counterpart, without a trace there, and tells once; none for a database file.
    std::function<void(OperatorCode const&, Checked)> check;
    std::function<std::vector<WebhookState>()> webhooks; ///< none where there are none
    std::string version = "0.1.0"; ///< of the program
};

/// A route as everybody may see it: for the description, its test, and 405.
struct RouteInfo {
    std::string_view method;
    std::string_view pattern;              ///< "/v1/ports/{id}"
    Role role;                             ///< who may, at least
    std::vector<std::string_view> queries; ///< query parameters it takes
};

class Api {
public:
    explicit Api(Context context);
    ~Api();
    Api(Api const&) = delete;
    Api& operator=(Api const&) = delete;

    /// Answers one request, now or after the commit. Thread-safe. A fault of the disk is answered 500.
    void handle(http::Request const& request, http::Respond respond);

    /// Every route, in the order of CONTRACT.
    static std::vector<RouteInfo> routes();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace npod::api
