#include "api/parameters.hpp"

#include "api/problem.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/limits_wire.hpp"
#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::api {

namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

Refusal wrong(std::string_view name, std::string_view found, std::string next) {
    return {RefusalCode::malformed,
            fmt::format("{} is \"{}\", which is not of its form.", name, first_characters(found, 60)),
            std::string(name),
            std::move(next),
            {}};
}

/// The names before each "=", as sent; none of ours has a character that needs a percent sign.
std::vector<std::string_view> parameter_names(std::string_view target) {
    std::vector<std::string_view> names;
    auto const mark = target.find('?');
    auto rest = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (!pair.empty()) names.push_back(pair.substr(0, pair.find('=')));
    }
    return names;
}

} // namespace

std::vector<Refusal> unknown_parameters(http::Request const& request, std::vector<std::string_view> const& known) {
    std::vector<Refusal> problems;
    auto const names = parameter_names(request.target);
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const name = names[i];
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), name) !=
            names.begin() + static_cast<std::ptrdiff_t>(i)) {
            problems.push_back({RefusalCode::malformed,
                                fmt::format("The parameter \"{}\" is given twice.", first_characters(name, 60)),
                                std::string(name), "Send it once: nobody can know which one is meant.", {}});
            break; // one example is enough
        }
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        auto const close = nearest(name, known);
        auto const next = !close.empty()  ? fmt::format("Did you mean \"{}\"?", close)
                          : known.empty() ? std::string("Remove it: this call takes no parameters.")
                                          : fmt::format("Use one of: {}.", fmt::join(known, ", "));
        problems.push_back({RefusalCode::malformed,
                            fmt::format("The parameter \"{}\" is not known here.", first_characters(name, 60)),
                            std::string(name),
                            next,
                            {}});
    }
    return problems;
}

Outcome<int> limit_of(http::Request const& request, int usual) {
    auto const text = request.query("limit");
    if (!text) return usual;
    auto const value = whole_number(*text);
    if (value && *value >= 1 && *value <= limits::page_items_max) return static_cast<int>(*value);
    return wrong("limit", *text, fmt::format("Send a number from 1 to {}.", limits::page_items_max));
}

Outcome<std::int64_t> count_of(http::Request const& request, std::string_view name, std::int64_t usual) {
    auto const text = request.query(name);
    if (!text) return usual;
    if (auto const value = whole_number(*text)) return *value;
    return wrong(name, *text, "Send a whole number from 0.");
}

Outcome<Moment> moment_of(http::Request const& request, std::string_view name, Moment usual) {
    auto const text = request.query(name);
    if (!text) return usual;
    auto moment = parse_rfc3339(*text);
    if (moment) return moment;
    auto refusal = moment.refusal();
    refusal.pointer = name;
    return refusal;
}

Outcome<bool> flag_of(http::Request const& request, std::string_view name) {
    auto const text = request.query(name);
    if (!text || *text == "false") return false;
    if (*text == "true") return true;
    return wrong(name, *text, "Send true or false.");
}

Outcome<std::optional<std::int64_t>> if_match_of(http::Request const& request) {
    auto text = http::header(request.headers, "If-Match");
    if (text.empty() || text == "*") return std::optional<std::int64_t>{};
    auto const whole = text;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    if (!text.empty() && text.front() == 'v') text.remove_prefix(1);
    if (auto const version = whole_number(text)) return std::optional(*version);
    return wrong(if_match_pointer, whole, "Send the ETag as you received it: \"v17\".");
}

Outcome<std::string> idempotency_key_of(http::Request const& request) {
    auto const key = http::header(request.headers, "Idempotency-Key");
    auto const visible = [](char c) { return c > ' ' && c <= '~'; };
    if (!key.empty() && key.size() <= limits::idempotency_key_bytes_max && std::all_of(key.begin(), key.end(), visible))
        return std::string(key);
    return Refusal{
        RefusalCode::malformed,
        key.empty() ? "The header Idempotency-Key is missing." : "The header Idempotency-Key is not of its form.",
        "Idempotency-Key",
        fmt::format(
            "Send one key per thing that you want done, 1 to {} visible ASCII characters; the same one when you "
            "ask again.",
            limits::idempotency_key_bytes_max),
        {}};
}

Outcome<bool> dry_run_of(http::Request const& request) {
    auto const text = http::header(request.headers, "Dry-Run");
    if (text.empty() || text == "false") return false;
    if (text == "true") return true;
    return wrong("Dry-Run", text, "Send true or false.");
}

} // namespace npod::api
