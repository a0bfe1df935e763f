#include "daemon/market.hpp"

#include "daemon/config.hpp"
#include "daemon/serve.hpp"
#include "daemon/system_clock.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

namespace npod::daemon {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 3> codes{"HUB", "ALFA", "BRAVO"}; // the hub first: the others are told its address
constexpr std::string_view clock_path = "/v1/clock/advance";
/// Our own calls carry this header. Whoever else sends it moves one clock alone, in a market that he may do anything to as it is.
constexpr std::string_view from_the_market = "X-Npod-Market";

json::value json_of(std::string const& text) {
    boost::system::error_code error;
    auto value = json::parse(text, error);
    return error ? json::value() : value;
}

std::string text_at(json::value const& value, std::string_view pointer) {
    boost::system::error_code error;
    auto const* found = value.find_pointer(pointer, error);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

bool is_quiet(json::value const& status) {
    auto const none = [&](std::string_view member) { return status.at(member).to_number<std::int64_t>() == 0; };
    return none("queued") && !status.at("busy").as_bool() && none("outbox") && none("mailboxes");
}

std::string configuration(std::string_view code, Moment start, std::string const& hub) {
    auto text = fmt::format("operator = \"{}\"\ndb = \"{}.db\"\nlisten = \"127.0.0.1:0\"\nclock = \"manual@{}\"\n\n[interchange]\n"
                            "zone = \"Europe/Brussels\"\n",
                            code, code, to_rfc3339(start));
    text += code == "HUB" ? std::string("serve = true\n") : fmt::format("hub = \"{}\"\nhub_code = \"HUB\"\n", hub);
    // One number is answered by machine; several wait for a person, who can be silent.
    if (code != "HUB") text += "\n[donor]\nautomatic = \"simple\"\n";
    for (auto const other : codes)
        if (other != code && other != "HUB") text += fmt::format("\n[[member]]\ncode = \"{}\"\n", other);
    return text;
}

} // namespace

struct Market::Impl {
    /// Somebody wants time to go on, and waits.
    struct Asked {
        std::string code;
        http::Request request;
        http::Respond respond;
    };
    struct Operator {
        std::unique_ptr<std::ofstream> log_file;
        std::unique_ptr<Log> log;
        std::unique_ptr<Daemon> daemon;
        std::unique_ptr<http::Client> client;
    };

    SystemClock real;
    std::map<std::string, Operator, std::less<>> operators;
    std::map<std::string, std::pair<std::string, http::Response>> answered; ///< by key: the body, and what was said to it
    int calls = 0;
    std::mutex mutex; ///< guards what follows
    std::deque<Asked> asked;

    Operator& at(std::string_view code) { return operators.find(code)->second; }
    void open(std::string const& folder, std::string_view code, Moment start);
    http::Response call(std::string_view code, std::string const& method, std::string const& target, http::Headers headers, std::string const& body);
    http::Response answer(Market& market, Asked const& one, NextAct const& next_act, AtStop const& at_stop);
};

void Market::Impl::open(std::string const& folder, std::string_view code, Moment start) {
    auto& one = operators[std::string(code)];
    auto const hub = code == "HUB" ? std::string() : fmt::format("http://127.0.0.1:{}", at("HUB").daemon->port());
    auto const file = fmt::format("{}/{}.toml", folder, code);
    std::ofstream(file) << configuration(code, start, hub);
    one.log_file = std::make_unique<std::ofstream>(fmt::format("{}/{}.log", folder, code));
    one.log = std::make_unique<Log>(real, Level::info, [out = one.log_file.get()](std::string_view line) { *out << line << std::flush; });
    auto const config = read_config({file, {}, {}});
    one.daemon = std::make_unique<Daemon>(config, real, *one.log, [this, code](http::Request const& request, http::Respond& respond) {
        bool const moves_time = request.method == "POST" && request.path() == clock_path && http::header(request.headers, "Dry-Run").empty();
        if (!moves_time || !http::header(request.headers, from_the_market).empty()) return false;
        std::scoped_lock const lock(mutex);
        asked.push_back({std::string(code), request, std::move(respond)});
        return true;
    });
    one.client = std::make_unique<http::Client>(http::Endpoint{fmt::format("http://127.0.0.1:{}", one.daemon->port()), {}});
}

http::Response Market::Impl::call(std::string_view code, std::string const& method, std::string const& target, http::Headers headers,
                                  std::string const& body) {
    headers.emplace_back(from_the_market, "1");
    if (method != "GET") headers.emplace_back("Content-Type", "application/json");
    if (method == "POST" && http::header(headers, "Idempotency-Key").empty()) headers.emplace_back("Idempotency-Key", fmt::format("market-{}", ++calls));
    return at(code).client->send(method, target, std::move(headers), body, 30s);
}

/// A key asked again moves nothing; where the clock would go is for the daemon itself to say.
http::Response Market::Impl::answer(Market& market, Asked const& one, NextAct const& next_act, AtStop const& at_stop) {
    auto const key = one.code + " " + std::string(http::header(one.request.headers, "Idempotency-Key"));
    if (auto const before = answered.find(key); before != answered.end() && before->second.first == one.request.body) {
        auto response = before->second.second;
        response.headers.emplace_back("Idempotent-Replayed", "true");
        return response;
    }
    http::Headers headers;
    for (auto const name : {"Idempotency-Key", "If-Match"})
        if (auto const value = http::header(one.request.headers, name); !value.empty()) headers.emplace_back(name, value);
    auto rehearsal = headers;
    rehearsal.emplace_back("Dry-Run", "true");
    auto would = call(one.code, "POST", std::string(clock_path), rehearsal, one.request.body);
    auto const to = parse_rfc3339(text_at(json_of(would.body), "/would/to"));
    if (would.status != 200 || !to) return {would.status, {{"Content-Type", "application/problem+json"}}, would.body, {}};
    market.advance(*to, next_act, at_stop);
    auto const status = json_of(call(one.code, "GET", "/v1/status", {}, {}).body);
    json::object view{{"now", to_rfc3339(market.now_)}, {"manual", true}};
    if (auto const next = text_at(status, "/next_due"); !next.empty()) view["next_due"] = next;
    http::Response response{200, {{"Content-Type", "application/json"}, {"X-Npod-Clock", "manual"}}, json::serialize(view), {}};
    answered[key] = {one.request.body, response};
    return response;
}

Market::Market(std::string folder, Moment start) : now_(start), impl_(std::make_unique<Impl>()) {
    std::filesystem::create_directories(folder);
    for (auto const code : codes) impl_->open(folder, code, start);
}

Market::~Market() {
    for (auto const code : {"ALFA", "BRAVO", "HUB"})
        if (auto const one = impl_->operators.find(code); one != impl_->operators.end() && one->second.daemon) one->second.daemon->stop();
}

std::string Market::url(std::string_view code) const { return fmt::format("http://127.0.0.1:{}", impl_->at(code).daemon->port()); }

Market::Reply Market::get(std::string_view code, std::string const& target) {
    auto const response = impl_->call(code, "GET", target, {}, {});
    return {response.status, json_of(response.body)};
}

Market::Reply Market::tell(std::string_view code, std::string const& method, std::string const& target, std::string const& body) {
    auto const response = impl_->call(code, method, target, {}, body);
    return {response.status, json_of(response.body)};
}

void Market::settle() {
    std::string before;
    for (auto const end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
        std::string heads;
        bool quiet = true;
        for (auto const code : codes) {
            auto const status = get(code, "/v1/status").body;
            quiet = quiet && status.is_object() && is_quiet(status);
            if (status.is_object()) heads += json::serialize(status.at("head_seq")) + " ";
        }
        if (quiet && heads == before) return;
        before = quiet ? heads : "";
        std::this_thread::sleep_for(5ms);
    }
    throw Fault("The market does not come to rest within a minute.");
}

void Market::set_clocks(Moment to) {
    now_ = to;
    for (auto const code : codes) {
        auto const reply = impl_->call(code, "POST", std::string(clock_path), {}, json::serialize(json::object{{"to", to_rfc3339(to)}}));
        if (reply.status != 200) throw Fault(fmt::format("{} does not move its clock to {}: {}", code, to_rfc3339(to), reply.body));
    }
    settle();
}

void Market::advance(Moment to, NextAct const& next_act, AtStop const& at_stop) {
    settle();
    for (;;) {
        auto next = to;
        for (auto const code : codes)
            if (auto const due = parse_rfc3339(text_at(get(code, "/v1/status").body, "/next_due"))) next = std::min(next, std::max(now_, *due));
        if (auto const act = next_act(to)) next = std::min(next, std::max(now_, *act));
        set_clocks(next);
        at_stop();
        settle();
        if (next >= to) return;
    }
}

bool Market::move_as_asked(NextAct const& next_act, AtStop const& at_stop) {
    for (bool moved = false;; moved = true) {
        Impl::Asked one;
        {
            std::scoped_lock const lock(impl_->mutex);
            if (impl_->asked.empty()) return moved;
            one = std::move(impl_->asked.front());
            impl_->asked.pop_front();
        }
        one.respond(impl_->answer(*this, one, next_act, at_stop));
    }
}

} // namespace npod::daemon
