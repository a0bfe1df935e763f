#include "market.hpp"

#include "protocol/auth.hpp"
#include "script.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

namespace npod::story {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 3> codes{"HUB", "ALFA",
                                                "BRAVO"}; // the hub first: the others are told its address

void write_file(std::filesystem::path const& path, std::string const& text) {
    std::ofstream file(path);
    file << text;
    file.close();
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    if (!file) throw StoryError("cannot write " + path.string());
}

std::string random_secret() {
    std::ifstream source("/dev/urandom", std::ios::binary);
    std::array<unsigned char, 32> bytes{};
    source.read(reinterpret_cast<char*>(bytes.data()), bytes.size());
    std::string hex;
    for (auto const byte : bytes) hex += fmt::format("{:02x}", byte);
    return hex;
}

Moment moment_in(json::value const& value) {
    auto const moment = parse_rfc3339(value.as_string());
    if (!moment) throw StoryError("a daemon says a time that is none: " + json::serialize(value));
    return *moment;
}

json::object const& status_in(Reply const& reply, Daemon const& daemon) {
    if (!reply.good() || !reply.body.is_object())
        throw StoryError(fmt::format("{} does not tell its status: {} {}", daemon.code(), reply.status, reply.text));
    return reply.body.as_object();
}

/// Nothing to write, to send, or to be confirmed.
bool is_quiet(json::object const& status) {
    return status.at("queued").to_number<std::int64_t>() == 0 && !status.at("busy").as_bool() &&
           status.at("outbox").to_number<std::int64_t>() == 0 && status.at("mailboxes").to_number<std::int64_t>() == 0;
}

} // namespace

Market::Market(Options options) : options_(std::move(options)) {}

Market::~Market() {
    killer_.request_stop();
    if (killer_.joinable()) killer_.join();
}

bool Market::knows(std::string const& code) { return std::ranges::find(codes, code) != codes.end(); }

Daemon& Market::at(std::string const& code) {
    auto const found = daemons_.find(code);
    if (found == daemons_.end())
        throw StoryError(
            fmt::format("There is no operator {} in this market, or no clock was set before it acts.", code));
    return *found->second;
}

std::vector<Daemon*> Market::everybody() {
    std::vector<Daemon*> all;
    for (auto const& [code, daemon] : daemons_) all.push_back(daemon.get());
    return all;
}

// ------------------------------------------------------------------------------------------------------- the beginning

void Market::open(Moment start) {
    now_ = start;
    for (auto const code : codes) {
        std::filesystem::path const folder = options_.folder + "/" + std::string(code);
        std::filesystem::create_directories(folder);
        if (code == "HUB") continue; // nobody checks who the hub says it is: operators call it, it calls nobody
        auto const keys = protocol::generate_rsa_key_pair();
        write_file(folder / "private.pem", keys.private_pem);
        write_file(folder / "public.pem", keys.public_pem);
        write_file(folder / "secret", random_secret());
    }
    for (auto const code : codes) {
        write_configuration(std::string(code), start);
        this->start(std::string(code));
        if (code == "HUB") hub_url_ = at("HUB").url();
    }
    if (options_.crash == Crash::random) killer_ = std::jthread([this] { kill_at_random(); });
}

void Market::write_configuration(std::string const& code, Moment start) {
    std::string text =
        fmt::format("operator = \"{}\"\ndb = \"npod.db\"\nclock = \"manual@{}\"\n", code, to_rfc3339(start));
    auto const member = [&](std::string_view other, bool with_keys) {
        text += fmt::format("\n[[member]]\ncode = \"{}\"\n", other);
        if (with_keys)
            text +=
                fmt::format("secret_files = [\"../{0}/secret\"]\npublic_key_files = [\"../{0}/public.pem\"]\n", other);
    };
    if (code == "HUB") {
        text += "\n[interchange]\nserve = true\nzone = \"Europe/Brussels\"\n";
        for (auto const other : codes)
            if (other != code) member(other, true);
    } else {
        // A simple port is answered by the machine; a complex one waits for a person, who can be silent.
        text += "\n[donor]\nautomatic = \"simple\"\n";
        text += fmt::format("\n[interchange]\nhub = \"{}\"\nhub_code = \"HUB\"\nsecret_file = "
                            "\"secret\"\nprivate_key_file = \"private.pem\"\nzone = \"Europe/Brussels\"\n",
                            hub_url_);
        for (auto const other : codes)
            if (other != code && other != "HUB") member(other, false);
    }
    write_file(options_.folder + "/" + code + "/npod.toml", text);
}

void Market::start(std::string const& code) {
    Daemon::Setup setup{code, options_.program, options_.folder + "/" + code, "", options_.crash != Crash::never};
    if (options_.crash == Crash::every_commit) setup.crash_plan = setup.folder + "/crash-plan";
    auto daemon = std::make_unique<Daemon>(std::move(setup));
    daemon->start();
    daemon->on_return([this](Daemon& returned) { set_clock(returned, now_); });
    daemons_.emplace(code, std::move(daemon));
}

void Market::close() {
    killer_.request_stop();
    if (killer_.joinable()) killer_.join();
    for (std::string const code : {"ALFA", "BRAVO", "HUB"})
        if (daemons_.contains(code)) at(code).stop();
}

std::string Market::deaths(int& least) const {
    std::string text;
    least = std::numeric_limits<int>::max();
    for (auto const& [code, daemon] : daemons_) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", code, daemon->deaths());
        least = std::min(least, daemon->deaths());
    }
    return text;
}

void Market::kill_at_random() {
    std::mt19937 chance(options_.seed);
    auto const stop = killer_.get_stop_token();
    auto const victims = everybody();
    for (int i = 0; i < options_.kills && !stop.stop_requested(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10 + chance() % 250));
        victims[chance() % victims.size()]->kill();
    }
}

// ---------------------------------------------------------------------------------------------------------------- time

void Market::set_clock(Daemon& daemon, Moment to) {
    auto const status = status_in(daemon.get("/v1/status"), daemon);
    if (moment_in(status.at("clock").at("now")) >= to) return;
    auto const reply = daemon.post("/v1/clock/advance", "clock:" + to_rfc3339(to), {{"to", to_rfc3339(to)}});
    if (reply.good()) return;
    // It may have moved, died before it could say so, and been asked again.
    auto const again = status_in(daemon.get("/v1/status"), daemon);
    if (moment_in(again.at("clock").at("now")) < to)
        throw StoryError(
            fmt::format("{} does not move its clock to {}: {}", daemon.code(), to_rfc3339(to), reply.text));
}

void Market::advance(Moment to) {
    if (to < now_)
        throw StoryError(fmt::format("Time does not go back: it is {}, and the story asks for {}.", to_rfc3339(now_),
                                     to_rfc3339(to)));
    settle();
    for (int standing = 0;;) {
        Moment next = to;
        for (auto* const daemon : everybody()) {
            auto const status = status_in(daemon->get("/v1/status"), *daemon);
            auto const* due = status.if_contains("next_due");
            if (due != nullptr && due->is_string()) next = std::min(next, std::max(now_, moment_in(*due)));
        }
        standing = next > now_ ? 0 : standing + 1;
        if (standing > 100)
            throw StoryError("Time stands still at " + to_rfc3339(now_) + ": a timer that is due does not fire.");
        now_ = next;
        for (auto* const daemon : everybody()) set_clock(*daemon, next);
        settle();
        if (on_stop_) on_stop_();
        if (next >= to) return;
    }
}

void Market::settle() {
    std::string before;
    for (auto const end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
        std::string heads;
        bool quiet = true;
        for (auto* const daemon : everybody()) {
            auto const status = status_in(daemon->get("/v1/status"), *daemon);
            quiet = quiet && is_quiet(status);
            heads += json::serialize(status.at("head_seq")) + " ";
        }
        if (quiet && heads == before) return;
        before = quiet ? heads : "";
        std::this_thread::sleep_for(3ms);
    }
    std::string statuses;
    for (auto* const daemon : everybody())
        statuses += fmt::format("\n{}: {}", daemon->code(), daemon->get("/v1/status").text);
    throw StoryError("The market does not come to rest within 60 seconds:" + statuses);
}

} // namespace npod::story
