// Which paths there are, who may call them, and that the description says the same.

#include "world.hpp"

#include <algorithm>

#include "base/hash.hpp"

#include <fstream>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::test;

namespace {

/// One operation as text: "GET /v1/ports role limit …".
using Operations = std::set<std::string>;

Operations operations_of_program() {
    Operations operations;
    for (auto const& route : api::Api::routes()) {
        std::ostringstream text;
        text << route.method << ' ' << route.pattern << ' ' << api::name_of(route.role);
        std::set<std::string_view> const queries(route.queries.begin(), route.queries.end());
        for (auto const query : queries) text << ' ' << query;
        operations.insert(text.str());
    }
    return operations;
}

/// What openapi.yaml says, read by its indentation: paths by 2, methods by 4, x-role by 6, parameters by name.
Operations operations_of_description() {
    std::ifstream file(NPOD_SOURCE_DIR "/schemas/openapi.yaml");
    REQUIRE(file);
    Operations operations;
    std::string path, method, role, line;
    std::set<std::string> queries;
    auto const finish = [&] {
        if (method.empty() || path.starts_with("/number-portability/")) return;
        for (auto& letter : method) letter = static_cast<char>(std::toupper(letter));
        auto text = method + ' ' + path + ' ' + role;
        for (auto const& query : queries) text += ' ' + query;
        operations.insert(text);
    };
    constexpr std::string_view parameter = "        - $ref: '#/components/parameters/";
    while (std::getline(file, line) && line != "components:") {
        bool const is_path = line.starts_with("  /");
        bool const is_method = line == "    get:" || line == "    put:" || line == "    post:";
        if (is_path || is_method) {
            finish();
            method = is_method ? line.substr(4, line.size() - 5) : "";
            if (is_path) path = line.substr(2, line.size() - 3);
            role.clear(), queries.clear();
        }
        if (line.starts_with("      x-role: ")) role = line.substr(14);
        if (line.starts_with(parameter) && std::islower(line[parameter.size()])) // headers begin with a capital
            queries.insert(line.substr(parameter.size(), line.size() - parameter.size() - 1));
    }
    finish();
    return operations;
}

/// A path of the pattern: {id} becomes X-1.
std::string example_of(std::string_view pattern) {
    std::string path(pattern);
    for (auto open = path.find('{'); open != std::string::npos; open = path.find('{'))
        path.replace(open, path.find('}') - open + 1, "X-1");
    return path;
}

http::Request request_to(std::string_view method, std::string target, std::string_view token = {}) {
    http::Request request{std::string(method), std::move(target), {}, {}, "192.0.2.7:50000", {}};
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + std::string(token));
    return request;
}

api::AccessPolicy four_tokens() {
    api::AccessPolicy policy;
    for (auto const role : {"reader", "desk", "system", "admin"})
        policy.tokens.push_back(
            {content_hash("token-of-" + std::string(role)), *api::role_of(role), "some-" + std::string(role)});
    return policy;
}

} // namespace

TEST_CASE("openapi.yaml describes every route with its role and its parameters") {
    CHECK(operations_of_program() == operations_of_description());
}

TEST_CASE("every route lets in whom it should and nobody below") {
    World world(four_tokens());
    for (auto const& route : api::Api::routes()) {
        CAPTURE(route.method);
        CAPTURE(route.pattern);
        auto const path = example_of(route.pattern);
        for (auto const role : {api::Role::reader, api::Role::desk, api::Role::system, api::Role::admin}) {
            auto const token = "token-of-" + std::string(api::name_of(role));
            auto const status = ask(*world.api, request_to(route.method, path, token)).status();
            CHECK(status != 401);
            CHECK((status == 403) == (role < route.role));
        }
        auto const unknown = ask(*world.api, request_to(route.method, path)).status();
        CHECK((unknown == 401) == (route.role != api::Role::nobody));
    }
}

TEST_CASE("who is not known gets no further") {
    World world(four_tokens());
    CHECK(ask(*world.api, request_to("GET", "/v1/ports", "token-of-nobody")).status() == 401);
    CHECK(ask(*world.api, request_to("GET", "/v1/ports")).header("WWW-Authenticate") == "Bearer");
    // This machine itself is no proof once there are tokens; the Unix socket is, by its file permission.
    auto request = request_to("GET", "/v1/ports");
    request.peer = "127.0.0.1:50000";
    CHECK(ask(*world.api, request).status() == 401);
    request.peer = "unix";
    CHECK(ask(*world.api, request).status() == 200);
    request.headers.emplace_back("Authorization", "Bearer token-of-nobody");
    CHECK(ask(*world.api, request).status() == 401);
}

TEST_CASE("without tokens this machine may do everything and no other anything") {
    World world;
    struct Case {
        std::string_view peer;
        unsigned status;
    };
    for (auto const& one :
         {Case{"127.0.0.1:4", 200}, Case{"127.1.2.3:4", 200}, Case{"[::1]:4", 200}, Case{"unix", 200},
          Case{"192.0.2.7:4", 401}, Case{"[2001:db8::1]:4", 401}, Case{"::1:2:3", 401}, Case{"", 401}}) {
        CAPTURE(one.peer);
        auto const caller = api::caller_of({"GET", "/v1/ports", {}, {}, std::string(one.peer), {}}, {});
        CHECK((caller ? 200U : 401U) == one.status);
    }
    CHECK(api::caller_of({"GET", "/", {}, {}, "127.0.0.1:4", {}}, {})->source() == "api:admin:local");
}

TEST_CASE("a verified certificate is as good as a token") {
    api::AccessPolicy policy;
    policy.certificates.push_back({"urn:np:be:desk:anna", api::Role::desk, "anna"});
    http::Request request{"GET", "/v1/ports", {}, {}, "192.0.2.7:4", "urn:np:be:desk:anna"};
    CHECK(api::caller_of(request, policy)->source() == "api:desk:anna");
    request.peer_identity = "urn:np:be:desk:bert";
    CHECK_FALSE(api::caller_of(request, policy));
}

TEST_CASE("a wrong path is 404, a wrong method is 405 and says which are right") {
    World world;
    CHECK(world.get("/v1/prots").status() == 404);
    CHECK(world.get("/v1/ports/PI-000001/whynot").status() == 404);
    auto const reply = ask(*world.api, {"DELETE", "/v1/contracts/C-1", {}, {}, {}, {}});
    CHECK(reply.status() == 405);
    CHECK(reply.header("Allow") == "PUT, GET");
    CHECK(reply.header("Content-Type") == "application/problem+json");
}

TEST_CASE("an unknown parameter is refused with the nearest known one") {
    World world;
    auto const reply = world.get("/v1/ports?sate=scheduled");
    CHECK(reply.status() == 400);
    CHECK(reply.text("/problems/0/pointer") == "sate");
    CHECK(reply.text("/problems/0/next") == "Did you mean \"state\"?");
    CHECK(world.get("/v1/ports?limit=0").status() == 400);
    CHECK(world.get("/v1/ports?limit=501").status() == 400);
    CHECK(world.get("/v1/ports?limit=500").status() == 200);
    auto const twice = world.get("/v1/ports?limit=5&state=draft&limit=7"); // which one is meant?
    CHECK(twice.status() == 400);
    CHECK(twice.text("/problems/0/pointer") == "limit");
    CHECK(world.get("/v1/ports?state=sheduled").text("/problems/0/next") == "Did you mean \"scheduled\"?");
    CHECK(world.get("/v1/ports?role=donor").status() == 400);
    CHECK(world.get("/v1/ports?number=025501100").status() == 400);
}

TEST_CASE("a database file is read without a daemon and never changed") {
    World world;
    world.put("/v1/blocks", R"({"first":"+3225500000","last":"+3225509999","holder":"ALFA"})");
    api::Api file(world.context(nullptr));
    CHECK(ask(file, {"GET", "/v1/status", {}, {}, {}, {}}).text("/operator") == "ALFA");
    auto const reply = ask(file, {"POST", "/v1/port-ins", {{"Idempotency-Key", "k"}}, "{}", {}, {}});
    CHECK(reply.status() == 403);
    CHECK(reply.text("/type") == "urn:npod:problem:read_only");
    CHECK(ask(file, {"POST", "/v1/clock/advance", {{"Idempotency-Key", "k"}}, R"({"by":"1wd"})", {}, {}}).status() ==
          403);
}

TEST_CASE("every read of what is kept takes as_of") {
    for (auto const& route : api::Api::routes()) {
        bool const read = route.method == "GET" && route.pattern.starts_with("/v1/") && route.pattern != "/v1/caller";
        if (!read) continue;
        CAPTURE(route.pattern);
        CHECK(std::ranges::find(route.queries, "as_of") != route.queries.end());
    }
}
