#include "api/problem.hpp"

#include "api/views.hpp"
#include "storage/out_of_resources.hpp"

#include <fmt/format.h>

namespace npod::api {

namespace {

struct CodeRow {
    RefusalCode code;
    std::string_view name;
    unsigned status;
    std::string_view title;
};
constexpr CodeRow codes[] = {
    {RefusalCode::malformed, "malformed", 400, "The request is not of the form asked for"},
    {RefusalCode::unauthorised, "unauthorised", 401, "Nobody we know is asking"},
    {RefusalCode::forbidden, "forbidden", 403, "The asker may not do this"},
    {RefusalCode::not_found, "not_found", 404, "There is no such thing"},
    {RefusalCode::conflict, "conflict", 409, "This contradicts what is already there"},
    {RefusalCode::illegal_now, "illegal_now", 409, "This cannot be done in the present state"},
    {RefusalCode::not_admissible, "not_admissible", 422, "The rules do not allow this"},
    {RefusalCode::too_large, "too_large", 413, "This is beyond a limit"},
    {RefusalCode::overloaded, "overloaded", 503, "Come back later"},
    {RefusalCode::read_only, "read_only", 403, "Nothing can be changed here"},
};

CodeRow const& row_of(RefusalCode code) {
    for (auto const& row : codes)
        if (row.code == code) return row;
    NPOD_PROMISE(false && "every refusal code has a row");
    return codes[0];
}

json::object details(std::string_view name, std::string_view title, unsigned status, std::string_view detail) {
    return {
        {"type", fmt::format("urn:npod:problem:{}", name)}, {"title", title}, {"status", status}, {"detail", detail}};
}

} // namespace

std::string_view name_of(RefusalCode code) { return row_of(code).name; }
unsigned status_of(RefusalCode code) { return row_of(code).status; }

unsigned status_of(std::vector<Refusal> const& refusals) {
    auto const& first = refusals.at(0);
    if (first.code == RefusalCode::conflict && first.pointer == if_match_pointer) return 412;
    return status_of(first.code);
}

std::string problem_body(std::vector<Refusal> const& refusals) {
    auto const& first = refusals.at(0);
    auto const& row = row_of(first.code);
    auto body = details(row.name, row.title, status_of(refusals), first.text);
    json::array problems;
    for (auto const& refusal : refusals) problems.push_back(view_of(refusal));
    body["problems"] = std::move(problems);
    return to_bytes(body);
}

http::Response problem(unsigned status, std::string body) {
    http::Response response{status, {{"Content-Type", "application/problem+json"}}, std::move(body), {}};
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

http::Response problem(std::vector<Refusal> const& refusals) {
    return problem(status_of(refusals), problem_body(refusals));
}
http::Response problem(Refusal refusal) { return problem(std::vector{std::move(refusal)}); }

http::Response method_not_allowed(std::string_view method, std::string_view path, std::string const& allowed) {
    auto response =
        problem(405, to_bytes(details("method_not_allowed", "This method is not known here", 405,
                                      fmt::format("{} is not done to {}. Use {}.", method, path, allowed))));
    response.headers.emplace_back("Allow", allowed);
    return response;
}

http::Response fault(Fault const& trouble) {
    std::string_view const text = trouble.what();
    if (dynamic_cast<storage::OutOfResources const*>(&trouble) != nullptr)
        return problem(Refusal{RefusalCode::overloaded, std::string(text), {}, "Ask again in a second.", {}});
    return problem(500, to_bytes(details("fault", "The daemon could not do its work", 500, text)));
}

} // namespace npod::api
