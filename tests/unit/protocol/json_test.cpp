/// The gate through which all JSON enters, and the reader that collects every problem.
#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

using namespace npod;
using namespace std::literals;

namespace {

std::string nested(int levels) { return std::string(levels, '[') + std::string(levels, ']'); }

bool said(std::vector<Refusal> const& problems, std::string_view pointer, std::string_view words) {
    return std::any_of(problems.begin(), problems.end(), [&](Refusal const& r) {
        return r.pointer == pointer && (r.text + r.next).find(words) != std::string::npos;
    });
}

} // namespace

TEST_CASE("the gate takes plain JSON") {
    struct Row {
        std::string text, same;
    };
    std::vector<Row> const rows = {
        {"{}", "{}"},
        {" \r\n\t{ \"a\" : [ 1 , null , true , \"x\" ] }\n ", R"({"a":[1,null,true,"x"]})"},
        {"\"caf\xc3\xa9 \\u20ac\"", "\"caf\xc3\xa9 \xe2\x82\xac\""},
        {"[9007199254740992,-9007199254740992,0]", "[9007199254740992,-9007199254740992,0]"}, // ±2^53
        {R"({"a":{"b":1},"b":{"b":1}})", R"({"a":{"b":1},"b":{"b":1}})"}, // same name in other objects
        {R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":2}])"},
        {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""}, // a pair of surrogates is one character
        {nested(16), nested(16)},
    };
    for (auto const& [text, same] : rows) {
        CAPTURE(text);
        auto const value = parse_json(text);
        REQUIRE(value);
        CHECK(boost::json::serialize(*value) == same);
    }
}

TEST_CASE("the gate refuses what two programs could read differently") {
    struct Row {
        std::string text, pointer;
    };
    std::vector<Row> const rows = {
        {"", ""},
        {" ", ""},
        {"{", ""},
        {"nul", ""},
        {"{}x", ""},
        {"{} {}", ""},
        {"[1,]", "/0"},
        {"{\"a\":1,}", "/a"},
        {"{'a':1}", ""},
        {"// c\n{}", ""},
        {"NaN", ""},
        {"\xef\xbb\xbf{}", ""},
        {"01", ""},
        {"+1", ""},
        {R"({"a":1,"a":1})", "/a"},      // twice
        {R"({"a":1,"\u0061":2})", "/a"}, // twice, spelt differently
        {R"({"x":[{"a":1,"b":2,"a":3}]})", "/x/0/a"},
        {"1.0", ""},
        {"1.5", ""},
        {"1e3", ""},
        {"1E3", ""},
        {"0.0", ""},
        {"-0", ""},
        {"-0.0", ""},
        {"9007199254740993", ""},
        {"-9007199254740993", ""},
        {"18446744073709551615", ""},
        {"123456789012345678901234567890", ""},
        {R"({"a":[0,1.5]})", "/a/1"},
        {nested(17), ""},
        {"\"\xc3\x28\"", ""},
        {"\"\xc0\xaf\"", ""},
        {"\"\xed\xa0\x80\"", ""},
        {"\"\xff\"", ""}, // not UTF-8; overlong; surrogate
        {"\"\\ud800\"", ""},
        {"\"\\udc00\"", ""},
        {"\"a\nb\"", ""},
        {"\"\\x\"", ""},
        {"\"a\\u0000b\"", ""},
        {"{\"\\u0000\":1}", ""},
    };
    for (auto const& [text, pointer] : rows) {
        CAPTURE(text);
        auto const value = parse_json(text);
        REQUIRE_FALSE(value);
        CHECK(value.refusal().code == RefusalCode::malformed);
        CHECK_FALSE(value.refusal().text.empty());
        CHECK_FALSE(value.refusal().next.empty());
        if (!pointer.empty()) CHECK(value.refusal().pointer.starts_with(pointer));
    }
}

TEST_CASE("a duplicate deep inside is found at its pointer, slashes and tildes escaped") {
    auto const value = parse_json(R"({"a/b":[{},{"~":{"k":1,"k":2}}]})");
    REQUIRE_FALSE(value);
    CHECK(value.refusal().pointer == "/a~1b/1/~0/k");
}

TEST_CASE("a body beyond the limit is too large, one byte less is read") {
    std::string const most = "\"" + std::string(limits::body_bytes_max - 2, 'a') + "\"";
    CHECK(parse_json(most));
    auto const more = parse_json(most + " ");
    REQUIRE_FALSE(more);
    CHECK(more.refusal().code == RefusalCode::too_large);
}

TEST_CASE("very many members cost no quadratic time and a hidden duplicate is found") {
    std::string text = "{";
    for (int i = 0; i < 60'000; ++i) text += "\"k" + std::to_string(i) + "\":1,";
    CHECK(parse_json(text + "\"last\":1}"));
    CHECK_FALSE(parse_json(text + "\"k0\":1}"));
}

TEST_CASE("the reader reads each type") {
    auto const value = *parse_json(R"({"t":"word","n":7,"b":false,"at":"2026-04-03T16:59:00+02:00",
                                       "o":{"x":"y"},"a":[{"x":"1"},{"x":"2"}],"w":["p","q"],"c":"keep"})");
    std::vector<Refusal> problems;
    JsonReader reader(value.as_object(), problems);
    CHECK(reader.text("t") == "word");
    CHECK(reader.integer("n", Need::required, 0, 7) == 7);
    CHECK(reader.boolean("b") == false);
    CHECK(to_rfc3339(*reader.moment("at")) == "2026-04-03T14:59:00Z");
    CHECK(reader.object("o")->text("x") == "y");
    auto objects = reader.objects("a");
    REQUIRE(objects.size() == 2);
    CHECK(objects[1].text("x") == "2");
    CHECK(objects[1].pointer("x") == "/a/1/x");
    CHECK(reader.texts("w") == std::vector<std::string>{"p", "q"});
    CHECK(reader.choice("c", {"port", "keep", "cancel"}) == "keep");
    reader.unknown_keys();
    CHECK(problems.empty());
}

TEST_CASE("the reader collects all problems at once, each with its pointer") {
    auto const value =
        *parse_json(R"({"empty":"","nothing":null,"t":5,"n":"7","small":-1,"b":"yes","at":"2026-04-03T16:59",
        "o":[],"a":{},"none":[],"items":[1,{}],"words":["ok",""],"c":"keeps","long":"12345","numbres":1})");
    std::vector<Refusal> problems;
    JsonReader reader(value.as_object(), problems, "/order");
    CHECK(reader.text("empty").empty());
    CHECK(reader.text("nothing").empty());
    CHECK(reader.text("absent").empty());
    CHECK(reader.text("optional", Need::optional).empty());
    CHECK(reader.text("t").empty());
    CHECK_FALSE(reader.integer("n"));
    CHECK_FALSE(reader.integer("small", Need::required, 0));
    CHECK_FALSE(reader.boolean("b"));
    CHECK_FALSE(reader.moment("at"));
    CHECK_FALSE(reader.object("o"));
    CHECK(reader.array("a") == nullptr);
    CHECK(reader.array("none") == nullptr);
    CHECK(reader.objects("items").size() == 1);
    CHECK(reader.texts("words").size() == 1);
    CHECK(reader.choice("c", {"port", "keep", "cancel"}).empty());
    CHECK(reader.text("long", Need::required, 4).empty());
    CHECK(reader.array("numbers", Need::optional) == nullptr);
    reader.unknown_keys();
    CHECK(said(problems, "/order/empty", "missing"));
    CHECK(said(problems, "/order/nothing", "missing"));
    CHECK(said(problems, "/order/absent", "missing"));
    CHECK_FALSE(said(problems, "/order/optional", ""));
    CHECK(said(problems, "/order/t", "must be a text, not a number"));
    CHECK(said(problems, "/order/n", "whole number"));
    CHECK(said(problems, "/order/small", "-1"));
    CHECK(said(problems, "/order/b", "true or false"));
    CHECK(said(problems, "/order/at", ""));
    CHECK(said(problems, "/order/o", "must be an object"));
    CHECK(said(problems, "/order/a", "must be an array"));
    CHECK(said(problems, "/order/none", "empty"));
    CHECK(said(problems, "/order/items/0", "object"));
    CHECK(said(problems, "/order/words/1", "text"));
    CHECK(said(problems, "/order/c", "Did you mean \"keep\"?"));
    CHECK(said(problems, "/order/long", "5 bytes"));
    CHECK(said(problems, "/order/numbres", "Did you mean \"numbers\"?"));
    CHECK(problems.size() == 16);
}

TEST_CASE("characters are counted, not bytes") {
    CHECK(count_characters("caf\xc3\xa9") == 4);
    CHECK(first_characters("caf\xc3\xa9s", 4) == "caf\xc3\xa9");
    CHECK(first_characters("abc", 5) == "abc");
    CHECK(first_characters("abc", 0).empty());
}
