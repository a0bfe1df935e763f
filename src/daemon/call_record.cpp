#include "daemon/call_record.hpp"

#include "api/api.hpp"
#include "base/json.hpp"
#include "daemon/log_messages.hpp"
#include "protocol/coin_v3/form.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <set>

namespace npod::daemon {

namespace {

/// What kind of problem an answer tells of: the last word of a problem's type, or the first code of the interchange's
/// errors. Its sentences stay out of the log: they may quote customers and their numbers.
std::string kind_of_problem(std::string_view body) {
    auto const value = parse_json(body);
    auto const* const problem = value ? value->if_object() : nullptr;
    if (problem == nullptr) return {};
    if (auto const* const type = problem->if_contains("type"); type && type->is_string()) {
        std::string_view const text = type->get_string();
        return std::string(text.substr(text.rfind(':') + 1));
    }
    auto const* const errors = problem->if_contains("errors");
    auto const* const list = errors ? errors->if_array() : nullptr;
    auto const* const first = list && !list->empty() ? list->front().if_object() : nullptr;
    auto const* const code = first ? first->if_contains("code") : nullptr;
    return code && code->is_int64() ? std::to_string(code->get_int64()) : std::string{};
}

/// Whether nothing else recorded the refusal: what the domain refuses is an event with a line of its own.
bool left_no_trace(unsigned status) {
    return status == 400 || status == 401 || status == 403 || status == 405 || status == 413 || status == 503;
}

using Words = std::set<std::string, std::less<>>;

Words words_of_routes() {
    Words words{"number-portability", "v3", "dossiers", "events", "confirmations"};
    for (auto const& type : protocol::coin_v3::all_types()) words.emplace(type.type);
    for (auto const& route : api::Api::routes())
        for (auto rest = route.pattern; !rest.empty();) {
            rest.remove_prefix(1); // the slash in front
            auto const word = rest.substr(0, rest.find('/'));
            if (!word.starts_with('{')) words.emplace(word);
            rest.remove_prefix(word.size());
        }
    return words;
}

/// "PI-000001", "C-17": letters and few digits. A telephone number has more.
bool is_id(std::string_view text) {
    constexpr std::size_t most_letters = 6, most_digits = 7;
    auto const dash = text.find('-');
    if (dash == std::string_view::npos || dash == 0 || dash > most_letters) return false;
    auto const digits = text.substr(dash + 1);
    return !digits.empty() && digits.size() <= most_digits && std::ranges::all_of(text.substr(0, dash), [](char c) { return c >= 'A' && c <= 'Z'; }) &&
           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

std::string shown(std::string_view segment) {
    static Words const words = words_of_routes();
    if (segment.empty() || words.contains(segment) || is_id(segment)) return std::string(segment);
    auto const digits = segment.substr(segment.starts_with('+') ? 1 : 0);
    bool const number = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    return number ? masked(segment) : "•••";
}

} // namespace

std::string shown_path(std::string_view path) {
    std::string text;
    while (!path.empty()) {
        auto const end = path.find('/');
        text += shown(path.substr(0, end));
        if (end == std::string_view::npos) break;
        text += '/';
        path.remove_prefix(end + 1);
    }
    return text;
}

http::Respond recorded(http::Request const& request, http::Respond respond, Log& log) {
    if (request.method == "GET" || request.method == "HEAD") return respond;
    return [method = request.method, path = std::string(first_characters(request.path(), 200)), peer = request.peer, respond = std::move(respond), &log](http::Response response) {
        if (left_no_trace(response.status))
            log.write(log_messages::call_refused,
                      {{"status", response.status}, {"method", method}, {"path", shown_path(path)}, {"peer", peer}, {"problem", kind_of_problem(response.body)}});
        respond(std::move(response));
    };
}

} // namespace npod::daemon
