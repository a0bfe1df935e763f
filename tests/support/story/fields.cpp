#include "fields.hpp"

#include "base/moment.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::story {

namespace json = boost::json;

namespace {

bool looks_like_moment(std::string_view word) {
    return word.size() >= 17 && word[4] == '-' && word[7] == '-' && word[10] == 'T' && word[13] == ':';
}

bool is_number_list(std::string_view name) { return name == "numbers" || name.ends_with(".numbers"); }

/// Members that are not texts.
json::value value_of(std::string const& name, Words const& line) {
    if (is_number_list(name)) return number_values(line, 1);
    auto const text = line.size() == 2 ? line.at(1) : line.from(1);
    if (text == "true" || text == "false") return text == "true";
    if (name == "end_users") return std::stoi(text);
    return json::string(full_moment(text));
}

/// The object that holds the last name of a path, made where it is missing; `path` keeps that last name.
json::object& holder_of(json::object& body, std::string& path) {
    auto* here = &body;
    for (auto dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
        auto& next = (*here)[path.substr(0, dot)];
        if (!next.is_object()) next = json::object{};
        here = &next.get_object();
        path.erase(0, dot + 1);
    }
    return *here;
}

void add_related(json::object& body, Statement const& statement, Words const& line) {
    if (!body.contains("related")) body["related"] = json::array{};
    auto& related = body["related"].as_array();
    if (line.size() == 2) return related.push_back(json::string(line.at(1)));
    if (line.size() != 3)
        statement.fail(line, "write: related NUMBERS port|keep|cancel, or of a contract: related SERVICE");
    auto const numbers = number_value(line.at(1));
    json::object item = numbers.is_object() ? numbers.get_object() : json::object{{"number", numbers}};
    item["fate"] = line.at(2);
    related.push_back(std::move(item));
}

void add_line(json::object& body, Statement const& statement, Words const& line, Definitions const& definitions) {
    auto name = line.at(0);
    if (name == "like") {
        auto const found = definitions.find(line.at(1));
        if (found == definitions.end()) statement.fail(line, fmt::format("nothing was defined as {}", line.at(1)));
        for (auto const& inherited : found->second) add_line(body, statement, inherited, definitions);
    } else if (name == "related") {
        add_related(body, statement, line);
    } else if (name == "without") {
        auto path = line.at(1);
        holder_of(body, path).erase(path);
    } else {
        auto value = value_of(name, line);
        auto& holder = holder_of(body, name);
        holder[name] = std::move(value);
    }
}

/// A range is two numbers, money has a text of its own.
std::string text_of(json::value const& value) {
    if (value.is_null()) return "none";
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_array()) {
        std::string all;
        for (auto const& item : value.get_array()) all += (all.empty() ? "" : " ") + text_of(item);
        return all.empty() ? "none" : all;
    }
    if (auto const* object = value.if_object()) {
        if (auto const* text = object->if_contains("text")) return text_of(*text);
        if (auto const* code = object->if_contains("code")) return text_of(*code); // a ground
        if (object->contains("first") && object->contains("last")) {
            auto const first = text_of(object->at("first")), last = text_of(object->at("last"));
            return first == last ? first : first + ".." + last;
        }
        if (object->empty()) return "none";
    }
    return json::serialize(value);
}

} // namespace

json::object body_of(Statement const& statement, Definitions const& definitions,
                     std::vector<std::string_view> const& other_words) {
    json::object body;
    for (auto const& line : statement.details)
        if (std::ranges::find(other_words, line.at(0)) == other_words.end())
            add_line(body, statement, line, definitions);
    return body;
}

json::value number_value(std::string const& word) {
    auto const dots = word.find("..");
    if (dots == std::string::npos) return json::string(word);
    return json::object{{"first", word.substr(0, dots)}, {"last", word.substr(dots + 2)}};
}

json::array number_values(Words const& words, std::size_t from) {
    json::array numbers;
    for (auto i = from; i < words.size(); ++i) numbers.push_back(number_value(words.at(i)));
    return numbers;
}

std::string full_moment(std::string const& word) {
    if (!looks_like_moment(word) || word[16] == ':') return word;
    return word.substr(0, 16) + ":00" + word.substr(16);
}

std::string fact(json::value const& thing, std::string_view path) {
    auto const* here = &thing;
    while (!path.empty()) {
        auto const name = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        if (auto const* object = here->if_object()) {
            here = object->if_contains(name);
        } else if (auto const* array = here->if_array()) {
            std::size_t index = 0;
            std::from_chars(name.data(), name.data() + name.size(), index);
            here = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            here = nullptr;
        }
        if (here == nullptr) return "none";
    }
    return text_of(*here);
}

bool same_fact(std::string const& one, std::string const& other) {
    if (one == other) return true;
    if (!looks_like_moment(one) || !looks_like_moment(other)) return false;
    auto const first = parse_rfc3339(full_moment(one)), second = parse_rfc3339(full_moment(other));
    return first && second && *first == *second;
}

} // namespace npod::story
