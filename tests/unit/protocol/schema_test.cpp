/// The schemas under schemas/messages are drawn from the tables by which messages are read, and compared here: they
/// cannot drift. After a change of the tables, write them anew: NPOD_WRITE_SCHEMAS=1 test_protocol
#include "base/json.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::protocol::coin_v3;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

fs::path const folder = fs::path(NPOD_SOURCE_DIR) / "schemas" / "messages";

std::string content_of(fs::path const& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// Files for people: two spaces a level, a line per member.
void pretty(json::value const& value, std::string& out, std::string const& indent = "\n") {
    auto const inner = indent + "  ";
    auto const item = [&](bool& first) { out += std::exchange(first, false) ? inner : "," + inner; };
    bool first = true;
    if (auto const* object = value.if_object()) {
        out += '{';
        for (auto const& member : *object) {
            item(first);
            out += json::serialize(member.key()) + ": ";
            pretty(member.value(), out, inner);
        }
        out += indent + "}";
    } else if (auto const* array = value.if_array(); array && !array->empty() && !array->front().is_string()) {
        out += '[';
        for (auto const& one : *array) {
            item(first);
            pretty(one, out, inner);
        }
        out += indent + "]";
    } else
        out += json::serialize(value);
}

// --------------------------------------------------------------------------------------------- from table to schema

/// A regular expression for decimal numbers from 0 to `maximum`, which is all that JSON Schema can say of digits in a
/// text.
std::string number_pattern(std::int64_t maximum, bool leading_zeros) {
    auto const most = std::to_string(maximum);
    auto const any = [](std::size_t n) {
        return n == 0 ? std::string() : n == 1 ? std::string("[0-9]") : fmt::format("[0-9]{{{}}}", n);
    };
    std::string shorter; // fewer digits than the maximum has
    if (most.size() > 1 && leading_zeros) shorter = fmt::format("[0-9]{{1,{}}}|", most.size() - 1);
    if (most.size() > 1 && !leading_zeros) shorter = fmt::format("0|[1-9][0-9]{{0,{}}}|", most.size() - 2);
    std::string pattern;
    for (std::size_t i = 0; i < most.size(); ++i) { // the same digits up to i, a smaller one at i, anything after
        char const least = i == 0 && !leading_zeros && most.size() > 1 ? '1' : '0';
        if (most[i] <= least) continue;
        pattern += most.substr(0, i) + fmt::format("[{}-{}]", least, static_cast<char>(most[i] - 1)) +
                   any(most.size() - i - 1) + "|";
    }
    return "^(" + shorter + pattern + most + ")$";
}

std::string_view characters(Alphabet alphabet) {
    switch (alphabet) {
    case Alphabet::any: return "";
    case Alphabet::digits: return "0-9";
    case Alphabet::digits_capitals: return "0-9A-Z";
    case Alphabet::digits_capitals_dash: return "-0-9A-Z";
    case Alphabet::digits_comma: return ",0-9";
    case Alphabet::letter_y: return "Y";
    }
    return "";
}

json::object schema_of(std::span<Field const> fields);

json::object schema_of(Form const& form) {
    json::object schema;
    switch (form.kind) {
    case Form::Kind::object: return schema_of(form.members());
    case Form::Kind::repeats: {
        json::object seq{{"type", "object"}};
        seq.emplace("properties", json::object{{"seq", schema_of(form.members())}});
        seq.emplace("required", json::array{"seq"});
        schema.emplace("type", "array");
        schema.emplace("maxItems", limits::series_per_message_max);
        schema.emplace("items", std::move(seq));
        return schema;
    }
    case Form::Kind::choice: {
        json::array words;
        std::istringstream all{std::string(form.words)};
        for (std::string word; std::getline(all, word, '|');) words.emplace_back(word);
        schema.emplace("type", "string");
        schema.emplace("enum", std::move(words));
        return schema;
    }
    case Form::Kind::text:
        schema.emplace("type", "string");
        if (form.alphabet == Alphabet::any) {
            schema.emplace("minLength", form.least);
            schema.emplace("maxLength", form.most);
        } else if (form.maximum != std::numeric_limits<std::int64_t>::max())
            schema.emplace("pattern", number_pattern(form.maximum, form.leading_zeros));
        else
            schema.emplace("pattern", fmt::format("^[{}]{{{},{}}}$", characters(form.alphabet), form.least, form.most));
        return schema;
    }
    return schema;
}

json::object schema_of(std::span<Field const> fields) {
    json::object properties;
    json::array required;
    for (auto const& field : fields) {
        auto schema = schema_of(field.form);
        if (field.form.kind == Form::Kind::repeats && field.need == Need::required) schema.emplace("minItems", 1);
        properties.emplace(field.name, std::move(schema));
        if (field.need == Need::required) required.emplace_back(field.name);
    }
    json::object schema{{"type", "object"}};
    schema.emplace("properties", std::move(properties));
    if (!required.empty()) schema.emplace("required", std::move(required));
    return schema;
}

/// {"type": "object"} with these members, all required.
json::object object_with(std::initializer_list<std::pair<std::string_view, json::object>> members) {
    json::object properties;
    json::array required;
    for (auto const& [name, schema] : members) {
        properties.emplace(name, schema);
        required.emplace_back(name);
    }
    json::object object{{"type", "object"}};
    object.emplace("properties", std::move(properties));
    object.emplace("required", std::move(required));
    return object;
}

std::string schema_file(TypeForm const& type) {
    json::object schema;
    schema.emplace("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.emplace("title", fmt::format("COIN Number Portability v3: {}", type.type));
    auto const body = object_with({{type.type, schema_of(type.fields)}});
    auto const message = object_with({{"header", schema_of(header_fields())}, {"body", body}});
    for (auto const& member : object_with({{"message", message}})) schema.emplace(member.key(), member.value());
    std::string text;
    pretty(schema, text);
    return text + "\n";
}

/// "portingrequest" of "portingrequest.dossier-missing.json".
std::string type_in(fs::path const& file) {
    auto const name = file.filename().string();
    return name.substr(0, name.find('.'));
}

std::vector<fs::path> examples(std::string_view kind) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::directory_iterator(folder / "examples" / kind)) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

TEST_CASE("the schemas are those of the tables") {
    bool const write = std::getenv("NPOD_WRITE_SCHEMAS") != nullptr;
    for (auto const& type : all_types()) {
        auto const file = folder / fmt::format("{}.schema.json", type.type);
        CAPTURE(file.string());
        if (write) std::ofstream(file, std::ios::binary) << schema_file(type);
        CHECK(content_of(file) == schema_file(type));
    }
    CHECK(all_types().size() == 20);
}

TEST_CASE("regular expressions of numbers") {
    CHECK(number_pattern(3, true) == "^([0-2]|3)$");
    CHECK(number_pattern(9'999, false) ==
          "^(0|[1-9][0-9]{0,2}|[1-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8]|9999)$");
}

TEST_CASE("every good example is read, and there is one of every type") {
    std::set<std::string> seen;
    for (auto const& file : examples("good")) {
        CAPTURE(file.filename().string());
        auto const type = type_in(file);
        auto const message = decode(type, content_of(file), Profile{});
        REQUIRE(message);
        CHECK(message->flags.empty());
        CHECK(porting::message::type_of(message->body) == type);
        CHECK(porting::message::dossier_of(message->body) == DossierId{"ALFA-0000001"});
        seen.insert(type);
    }
    for (auto const& type : all_types()) CHECK(seen.contains(std::string(type.type)));
}

TEST_CASE("every bad example is refused for its form, and there is one of every type") {
    std::set<std::string> seen;
    for (auto const& file : examples("bad")) {
        CAPTURE(file.filename().string());
        auto const envelope = check_form(type_in(file), content_of(file));
        REQUIRE_FALSE(envelope);
        CHECK(envelope.refusals().size() == 1); // each shows one fault
        CHECK(envelope.refusal().code == RefusalCode::malformed);
        seen.insert(type_in(file));
    }
    CHECK(seen.size() == all_types().size());
}

TEST_CASE("every impossible example has a good form and is not admissible") {
    for (auto const& file : examples("impossible")) {
        CAPTURE(file.filename().string());
        CHECK(check_form(type_in(file), content_of(file)));
        auto const message = decode(type_in(file), content_of(file), Profile{});
        REQUIRE_FALSE(message);
        for (auto const& refusal : message.refusals()) CHECK(refusal.code == RefusalCode::not_admissible);
    }
}
