#include "cli/session.hpp"

#include "cli/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

namespace npod::cli {

namespace {

constexpr std::int64_t page_max = 500; // limits::page_items_max, the server's bound

json::value parsed(std::string const& body, std::string const& from) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error)
        throw Stop(Exit::unreachable, fmt::format("What answered at {} is no npod: its answer is not JSON.\n"
                                                  "  next: check --url.",
                                                  from));
    return value;
}

std::string with_parameter(std::string target, std::string const& name, std::string const& value) {
    target += target.find('?') == std::string::npos ? '?' : '&';
    return target + name + "=" + url_encoded(value);
}

/// What to do next when the daemon itself did not say.
std::string hint_for(Exit exit, Options const& options) {
    switch (exit) {
    case Exit::not_found: return "npctl status KEY finds anything by any key; npctl port list --all shows every port.";
    case Exit::not_allowed:
        return !options.db.empty() ? "a database file can only be read; say it to the daemon with --url."
                                   : "give a token of a role that may do this with --token or NPCTL_TOKEN.";
    case Exit::unreachable: return "try again in a second; npctl daemon status says what is wrong.";
    case Exit::conflict: return "look at it again with npctl status KEY, then decide.";
    default: return {};
    }
}

} // namespace

std::string new_idempotency_key() {
    std::random_device random;
    std::string key;
    for (int i = 0; i < 4; ++i) key += fmt::format("{:08x}", random());
    return key;
}

std::string problem_text(json::value const& problem, unsigned status, std::string const& hint) {
    auto const detail = text_in(problem, "detail");
    auto const* document = problem.if_object();
    auto const& problems = document ? list_in(*document, "problems") : json::array{};
    std::string out;
    bool next_told = false;
    auto const add = [&](json::value const& one, std::string const& margin) {
        auto const ground = text_in(one, "ground");
        out += text_in(one, "detail") + (ground.empty() ? "" : " [" + ground + "]");
        if (auto const pointer = text_in(one, "pointer"); !pointer.empty()) out += "\n" + margin + "where: " + pointer;
        if (auto const next = text_in(one, "next"); !next.empty()) {
            out += "\n" + margin + "next:  " + next;
            next_told = true;
        }
    };
    if (problems.size() == 1) {
        add(problems.front(), "  ");
    } else if (problems.size() > 1) {
        out = fmt::format("{} are wrong:", counted(static_cast<long long>(problems.size()), "thing"));
        for (auto const& one : problems) {
            out += "\n  - ";
            add(one, "    ");
        }
    } else {
        out = !detail.empty() ? detail : fmt::format("the daemon answered {} without saying why.", status);
    }
    if (!hint.empty() && !next_told) out += "\n  next:  " + hint;
    return out;
}

Session::Session(Options options, Terminal terminal, Connect connect)
    : options_(std::move(options)), terminal_(terminal), connect_(std::move(connect)),
      offline_times_(options_.time == TimeStyle::relative ? TimeStyle::local : options_.time) {
    if (options_.output == Output::wide) terminal_.screen.width = 0;
    terminal_.screen.language = options_.language;
}

// ------------------------------------------------------------------------------------------------------------- times

Moment Session::now() {
    auto const status = get("/v1/status");
    if (auto const moment = parse_rfc3339(text_in(status, "clock/now"))) return *moment;
    throw Stop(Exit::unreachable, "What answered does not tell its clock in /v1/status.\n  next: check --url.");
}

Times const& Session::times() {
    if (!times_) {
        auto const style = options_.time;
        auto const& as_of = options_.as_of;
        std::optional<Moment> now_shown;
        if (style == TimeStyle::relative) now_shown = as_of.empty() ? now() : *parse_rfc3339(as_of);
        times_.emplace(style, now_shown);
    }
    return *times_;
}

// ------------------------------------------------------------------------------------------------------------ asking

Transport& Session::transport() {
    if (!transport_) transport_ = connect_(options_);
    if (!options_.db.empty() && !std::exchange(said_read_only_, true))
        say(fmt::format("Reading {} without a daemon: read-only, as of {}, by the laws that it keeps.", options_.db,
                        options_.as_of.empty() ? "its last entry" : options_.as_of));
    return *transport_;
}

http::Headers Session::headers() const {
    http::Headers headers;
    if (!options_.token.empty()) headers.emplace_back("Authorization", "Bearer " + options_.token);
    if (options_.language_given) headers.emplace_back("Accept-Language", std::string(name_of(options_.language)));
    return headers;
}

std::string Session::with_as_of(std::string target) const {
    return options_.as_of.empty() ? target : with_parameter(std::move(target), "as_of", options_.as_of);
}

http::Response Session::send(std::string const& method, std::string const& target, http::Headers extra,
                             std::string const& body) {
    auto all = headers();
    std::move(extra.begin(), extra.end(), std::back_inserter(all));
    try {
        return transport().send(method, target, all, body);
    } catch (NetworkFault const& fault) {
        throw Stop(
            Exit::unreachable,
            fmt::format(
                "Nobody answers at {}: {}.{}\n  next:  start a daemon (npod serve), name the right one with --url or "
                "NPCTL_URL, or read a database file with --db FILE.",
                options_.url, fault.what(), options_.url_given ? "" : " No socket at " + std::string(usual_socket) + " answers, either."));
    }
}

void Session::fail(http::Response const& response, std::string const& doing, std::string const& subject) {
    boost::system::error_code error;
    auto const problem = json::parse(response.body, error);
    auto const exit = exit_of_status(response.status);
    if (auto const meant = response.status == 404 ? id_meant(doing) : std::string{}; !meant.empty())
        throw Stop(exit, text_in(problem, "detail") + fmt::format("\n  next:  did you mean {}?", meant));
    auto hint = response.status == 409 && !subject.empty() ? legal_next(subject) : std::string{};
    auto text = problem_text(problem, response.status, hint.empty() ? hint_for(exit, options_) : std::string{});
    if (!hint.empty()) text += "\n" + hint;
    if (error) text = fmt::format("{}: the daemon answered {}.", doing, response.status);
    throw Stop(exit, text);
}

/// The id that is closest to the one in "GET /v1/ports/PI-10", of a port, a claim or a contract: with its noughts, or one letter
/// changed. Empty when the request was about something else or nothing is near.
std::string Session::id_meant(std::string const& doing) {
    constexpr std::size_t digits = 6;
    for (std::string_view const path : {"/v1/ports", "/v1/claims", "/v1/contracts"}) {
        auto const begin = doing.find(fmt::format("{}/", path));
        if (begin == std::string::npos) continue;
        auto id = doing.substr(begin + path.size() + 1);
        id = id.substr(0, id.find_first_of("/?"));
        bool const counted = id.size() > 3 && id[2] == '-' && path != "/v1/contracts";
        if (auto padded = id; counted && padded.size() < 3 + digits) {
            padded.insert(3, 3 + digits - padded.size(), '0');
            if (send("GET", fmt::format("{}/{}", path, url_encoded(padded)), {}, {}).status == 200) return padded;
        }
        auto const response = send("GET", fmt::format("{}?limit={}", path, page_max), {}, {});
        boost::system::error_code error;
        auto const list = json::parse(response.body, error);
        if (error || response.status != 200 || !list.is_object()) return {};
        std::vector<std::string> ids;
        for (auto const& one : list_in(list.get_object(), "items")) ids.push_back(text_in(one, "id"));
        std::vector<std::string_view> const known(ids.begin(), ids.end());
        return std::string(closest(id, known));
    }
    return {};
}

/// What the port allows in its present state, as commands.
std::string Session::legal_next(std::string const& port) {
    auto const response = send("GET", "/v1/ports/" + url_encoded(port), {}, {});
    boost::system::error_code error;
    auto const value = json::parse(response.body, error);
    if (error || response.status != 200 || !value.is_object()) return {};
    std::string out;
    std::vector<std::string> told;
    for (auto const& item : list_in(value.get_object(), "legal_next")) {
        auto const verb = text_in(item, "verb");
        if (verb.empty() || std::find(told.begin(), told.end(), verb) != told.end()) continue;
        told.push_back(verb);
        out += fmt::format("\n    npctl port {} {}  ({})", verb, port, text_in(item, "meaning"));
    }
    auto const state = text_in(value, "state");
    if (out.empty()) return fmt::format("  {} is {}: nothing more can be done to it.", port, state);
    return fmt::format("  {} is {}; it allows now:{}", port, state, out);
}

json::value Session::get(std::string const& target) {
    auto const response = send("GET", with_as_of(target), {}, {});
    if (response.status != 200) fail(response, "GET " + target, {});
    return parsed(response.body, options_.url);
}

std::string Session::get_text(std::string const& target, std::string const& form) {
    auto response = send("GET", with_as_of(target), {{"Accept", form}}, {});
    if (response.status != 200) fail(response, "GET " + target, {});
    return std::move(response.body);
}

std::optional<json::value> Session::get_if_there(std::string const& target) {
    auto const response = send("GET", with_as_of(target), {}, {});
    if (response.status == 404) return std::nullopt;
    if (response.status != 200) fail(response, "GET " + target, {});
    return parsed(response.body, options_.url);
}

json::value Session::change(std::string const& method, std::string const& target, json::object const& body,
                            std::string const& subject) {
    return change_bytes(method, target, json::serialize(body), subject);
}

json::value Session::change_bytes(std::string const& method, std::string const& target, std::string const& body,
                                  std::string const& subject) {
    auto changed = change_under(options_.key.empty() ? new_idempotency_key() : options_.key, method, target, body, subject);
    if (options_.dry_run) say("Dry run: this is what would be; nothing was stored or sent.");
    if (changed.repeated) say("Done before under this key; the answer is repeated.");
    return std::move(changed.reply);
}

Session::Changed Session::change_under(std::string const& key, std::string const& method, std::string const& target,
                                       std::string const& body, std::string const& subject) {
    if (!options_.as_of.empty()) throw Stop(Exit::usage, "The past cannot be changed.\n  next:  leave out --as-of.");
    http::Headers extra{{"Content-Type", "application/json"}, {"Idempotency-Key", key}};
    if (options_.if_version) extra.emplace_back("If-Match", fmt::format("\"v{}\"", *options_.if_version));
    if (options_.dry_run) extra.emplace_back("Dry-Run", "true");
    auto const response = send(method, target, std::move(extra), body);
    if (response.status >= 400) fail(response, method + " " + target, subject);
    return {response.body.empty() ? json::value(json::object{}) : parsed(response.body, options_.url),
            http::header(response.headers, "Idempotent-Replayed") == "true"};
}

http::Response Session::post(std::string const& target, json::object const& body, std::string const& key, std::int64_t version) {
    http::Headers extra{{"Content-Type", "application/json"}, {"Idempotency-Key", key}, {"If-Match", fmt::format("\"v{}\"", version)}};
    if (options_.dry_run) extra.emplace_back("Dry-Run", "true");
    return send("POST", target, std::move(extra), json::serialize(body));
}

Session::Items Session::list(std::string const& target) {
    Items all;
    std::string cursor;
    do {
        auto const left = options_.limit - static_cast<std::int64_t>(all.items.size());
        auto page = with_parameter(target, "limit", std::to_string(std::min(left, page_max)));
        if (!cursor.empty()) page = with_parameter(page, "cursor", cursor);
        auto const value = get(page);
        static json::object const nothing;
        auto const& reply = value.is_object() ? value.get_object() : nothing;
        for (auto const& item : list_in(reply, "items")) all.items.push_back(item);
        all.total = integer_in(reply, "total").value_or(static_cast<std::int64_t>(all.items.size()));
        auto next = text_in(reply, "next");
        if (list_in(reply, "items").empty() || next == cursor) next.clear();
        cursor = std::move(next);
    } while (!cursor.empty() && static_cast<std::int64_t>(all.items.size()) < options_.limit);
    if (static_cast<std::int64_t>(all.items.size()) > options_.limit)
        all.items.resize(static_cast<std::size_t>(options_.limit));
    all.total = std::max(all.total, static_cast<std::int64_t>(all.items.size()));
    return all;
}

// ----------------------------------------------------------------------------------------------------------- writing

void Session::print(std::string const& text) { *terminal_.out << text; }

void Session::flush() { terminal_.out->flush(); }

void Session::say(std::string const& text) {
    terminal_.out->flush();
    *terminal_.err << text << std::endl;
}

void Session::progress(std::string const& text) {
    if (terminal_.out_is_terminal) *terminal_.err << "\r\x1b[K" << text << std::flush;
}

bool Session::confirmed(std::string const& question) {
    if (options_.yes || options_.dry_run || !terminal_.in_is_terminal) return true;
    *terminal_.err << question << " [yes/no] " << std::flush;
    std::string answer;
    std::getline(*terminal_.in, answer);
    return answer == "yes" || answer == "y";
}

std::string Session::read_file(std::string const& path) {
    if (path == "-") return {std::istreambuf_iterator<char>(*terminal_.in), {}};
    std::ifstream file(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file)
        throw Stop(Exit::usage,
                   fmt::format("{} cannot be read.\n  next:  name a file that is there, or - for stdin.", path));
    return bytes;
}

} // namespace npod::cli
