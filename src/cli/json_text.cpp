#include "cli/json_text.hpp"

#include <boost/json/serialize.hpp>

namespace npod::cli {

namespace {

void write_pretty(std::string& out, json::value const& value, std::size_t depth) {
    std::string const inner((depth + 1) * 2, ' ');
    std::string const outer(depth * 2, ' ');
    char const* separator = "\n";
    if (auto const* object = value.if_object(); object && !object->empty()) {
        out += '{';
        for (auto const& member : *object) {
            out += separator + inner + json::serialize(json::value(member.key())) + ": ";
            write_pretty(out, member.value(), depth + 1);
            separator = ",\n";
        }
        out += "\n" + outer + "}";
    } else if (auto const* array = value.if_array(); array && !array->empty()) {
        out += '[';
        for (auto const& item : *array) {
            out += separator + inner;
            write_pretty(out, item, depth + 1);
            separator = ",\n";
        }
        out += "\n" + outer + "]";
    } else {
        out += json::serialize(value);
    }
}

} // namespace

json::value const* find_in(json::object const& in, std::string_view path) {
    auto const slash = path.find('/');
    auto const* found = in.if_contains(path.substr(0, slash));
    if (!found || slash == std::string_view::npos) return found;
    return find_in(*found, path.substr(slash + 1));
}

json::value const* find_in(json::value const& in, std::string_view path) {
    auto const* object = in.if_object();
    return object ? find_in(*object, path) : nullptr;
}

std::string text_of(json::value const& value) {
    switch (value.kind()) {
    case json::kind::null: return {};
    case json::kind::string: return std::string(value.get_string());
    case json::kind::bool_: return value.get_bool() ? "yes" : "no";
    case json::kind::object: return text_in(value.get_object(), "text");
    case json::kind::array: {
        std::string out;
        for (auto const& item : value.get_array()) out += (out.empty() ? "" : ", ") + text_of(item);
        return out;
    }
    default: return json::serialize(value);
    }
}

std::string text_in(json::object const& in, std::string_view path) {
    auto const* found = find_in(in, path);
    return found ? text_of(*found) : std::string{};
}

std::string text_in(json::value const& in, std::string_view path) {
    auto const* object = in.if_object();
    return object ? text_in(*object, path) : std::string{};
}

std::optional<std::int64_t> integer_in(json::object const& in, std::string_view path) {
    auto const* found = find_in(in, path);
    if (!found) return std::nullopt;
    if (auto const* number = found->if_int64()) return *number;
    if (auto const* number = found->if_uint64()) return static_cast<std::int64_t>(*number);
    return std::nullopt;
}

bool flag_in(json::object const& in, std::string_view path) {
    auto const* found = find_in(in, path);
    return found && found->is_bool() && found->get_bool();
}

json::array const& list_in(json::object const& in, std::string_view path) {
    static json::array const none;
    auto const* found = find_in(in, path);
    return found && found->is_array() ? found->get_array() : none;
}

json::object const& object_in(json::object const& in, std::string_view path) {
    static json::object const none;
    auto const* found = find_in(in, path);
    return found && found->is_object() ? found->get_object() : none;
}

std::string pretty(json::value const& value) {
    std::string out;
    write_pretty(out, value, 0);
    return out;
}

} // namespace npod::cli
