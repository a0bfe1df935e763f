#include "cli/changes.hpp"

#include "base/json.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

Flag const reason_required{"--reason", "TEXT", "why; it is kept in the log", true};
Flag const numbers_flag{"--numbers", "RANGE", "only these: +32… or +32…..+32…; all open lines when not told", false,
                        true};

json::value number_or_range(std::string const& text) {
    auto const dots = text.find("..");
    if (dots == std::string::npos) return json::value(as_e164(text));
    return json::object{{"first", as_e164(text.substr(0, dots))}, {"last", as_e164(text.substr(dots + 2))}};
}

json::object body_of(Arguments const& arguments) {
    json::object body;
    if (arguments.has("--reason")) body["reason"] = arguments.text("--reason");
    json::array numbers;
    for (auto const& text : arguments.texts("--numbers")) numbers.push_back(number_or_range(text));
    if (!numbers.empty()) body["numbers"] = std::move(numbers);
    return body;
}

json::object read_json(Session& session, std::string const& path) {
    auto const value = parse_json(session.read_file(path));
    auto const from = path == "-" ? std::string("Standard input") : path;
    if (!value)
        throw Stop(Exit::usage,
                   fmt::format("{}: {}{}\n  next:  {}", from, value.refusal().text,
                               value.refusal().pointer.empty() ? "" : " (at " + value.refusal().pointer + ")",
                               value.refusal().next.empty() ? "mend the JSON and try again." : value.refusal().next));
    if (!value->is_object())
        throw Stop(Exit::usage, from + " holds no JSON object.\n  next:  write {…} with the members of the request.");
    return value->get_object();
}

void ask_first(Session& session, std::string const& question) {
    if (!session.confirmed(question)) throw Stop(Exit::failure, "Nothing was done.\n  next:  say yes, or give --yes.");
}

} // namespace npod::cli
