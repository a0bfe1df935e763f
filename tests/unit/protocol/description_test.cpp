/// The public description of COIN Number Portability v3 as a list of facts, read from it by a person and written down
/// here: nothing of this file comes from our own tables, so that a slip there is seen here. From each fact follow the
/// texts at its bounds and beyond, which the reader of messages must take or refuse.

#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <map>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::protocol;
namespace json = boost::json;

namespace {

// ----------------------------------------------------------------------------------------------------------- the facts

constexpr std::string_view digits = "0123456789", capitals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                           dashed = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", anything = "";

/// What a text may be: so many characters of an alphabet; or just these words, and not those.
struct Kind {
    std::string_view name;
    std::string_view alphabet;
    std::size_t least = 0, most = 0;
    std::vector<std::string> good = {}, bad = {};
};

Kind const kinds[] = {
    {"dossier", dashed, 5, 26}, // also the id of a profile
    {"operator", capitals, 3, 6},
    {"anycode", anything, 3, 6}, // of a deactivation: here the description has a length and no pattern
    {"time", digits, 14, 14},
    {"number", digits, 1, 20},
    {"postcode", capitals, 1, 6},
    {"scope", dashed, 1, 40},
    {"tariff", ",0123456789", 7, 8},
    {"blockcode", digits, 1, 2},
    {"text4", anything, 1, 4},
    {"text5", anything, 1, 5},
    {"text20", anything, 1, 20},
    {"text24", anything, 1, 24},
    {"text40", anything, 1, 40},
    {"text65", anything, 1, 65},
    {"text70", anything, 1, 70},
    {"text100", anything, 1, 100},
    {"text255", anything, 1, 255},
    {"text400", anything, 1, 400},
    {"text1000", anything, 1, 1000},
    {"open", anything, 1, 1024}, // without a bound in the description; ours is that of every text
    {"contract", "", 0, 0, {"EARLY_TERMINATION", "CONTINUATION"}, {"EARLY", "TERMINATION", "X", "EARLY_TERMINATION|CONTINUATION"}},
    {"yesno", "", 0, 0, {"Y", "N"}, {"YN", "X", "1", "Y "}},
    {"ys", "", 0, 0, {"Y", "YY", "YYYYYYYY"}, {"N", "YN", "0", " Y"}}, // any number of Y
    {"upto1", "", 0, 0, {"0", "1"}, {"2", "00", "A", "01"}},
    {"upto3", "", 0, 0, {"0", "1", "2", "3"}, {"4", "9", "03", "-"}},
    {"upto5", "", 0, 0, {"0", "1", "2", "3", "4", "5"}, {"6", "9", "05", "A"}},
    {"upto9999", "", 0, 0, {"0", "9", "10", "99", "999", "1000", "9999"}, {"10000", "00", "01", "0999", "-1", "1.0", " 1"}},
    {"upto65535", "", 0, 0, {"0", "9", "9999", "59999", "64999", "65499", "65529", "65535"},
     {"65536", "65540", "66000", "70000", "100000", "00", "01", "-1"}},
    {"ttl", "", 0, 0,
     {"0", "00", "999999999", "0000000000", "1999999999", "2099999999", "2139999999", "2146999999", "2147399999",
      "2147479999", "2147482999", "2147483599", "2147483639", "2147483647"},
     {"2147483648", "2147483650", "2147484000", "2148000000", "2200000000", "3000000000", "9999999999", "00000000000", "1s"}},
};

/// Members of each message: a name, * when it must be there, and its kind, or { members } or [ members of each seq ].
constexpr std::string_view facts = R"(
header {
  sender* { networkoperator* operator serviceprovider operator }
  receiver* { networkoperator* operator serviceprovider operator }
  timestamp* time
}
portingrequest {
  dossierid* dossier recipientserviceprovider operator recipientnetworkoperator* operator
  donornetworkoperator operator donorserviceprovider operator
  customerinfo { lastname text70 companyname text70 housenr text5 housenrext text4 postcode postcode customerid text20 }
  contract contract note text100
  repeats* [ numberseries* { start* number end* number } repeats [ profileid* dossier ] ]
}
portingrequestanswer {
  dossierid* dossier blocking* yesno
  repeats* [ numberseries* { start* number end* number } blockingcode blockcode firstpossibledate time note text100
             donornetworkoperator operator donorserviceprovider operator ]
}
pradelayed {
  dossierid* dossier donornetworkoperator* operator donorserviceprovider operator answerduedatetime time
  reasoncode upto9999
}
cancel { dossierid* dossier note text100 }
portingperformed {
  dossierid* dossier recipientnetworkoperator* operator donornetworkoperator* operator actualdatetime time
  batchporting ys
  repeats* [ numberseries* { start* number end* number } backporting ys pop text24 repeats [ profileid* dossier ] ]
}
deactivation {
  dossierid* dossier currentnetworkoperator* anycode originalnetworkoperator anycode
  repeats* [ numberseries* { start* number end* number } ]
}
errorfound {
  dossierid* dossier
  repeats* [ phonenumber number errorcode* text20 description* text1000 ]
}
activationsn {
  dossierid* dossier platformprovider* operator planneddatetime* time note text100
  repeats* [ numberseries* { start* number end* number } pop* text24
             tariffinfo* { peak* tariff offpeak* tariff currency* upto1 type* upto5 vat* upto3 } ]
}
deactivationsn {
  dossierid* dossier platformprovider* operator planneddatetime* time
  repeats* [ numberseries* { start* number end* number } pop* text24 ]
}
tariffchangesn {
  dossierid* dossier platformprovider* operator planneddatetime* time
  repeats* [ numberseries* { start* number end* number }
             tariffinfonew* { peak* tariff offpeak* tariff currency* upto1 type* upto5 vat* upto3 } ]
}
rangeactivation {
  dossierid* dossier currentnetworkoperator* operator optanr* number planneddatetime* time
  repeats* [ numberseries* { start* number end* number } pop open ]
}
rangedeactivation {
  dossierid* dossier currentnetworkoperator* operator optanr* number planneddatetime* time
  repeats* [ numberseries* { start* number end* number } pop open ]
}
enumactivationnumber {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ numberseries* { start* number end* number } repeats* [ profileid* dossier ] ]
}
enumdeactivationnumber {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ numberseries* { start* number end* number } repeats* [ profileid* dossier ] ]
}
enumactivationrange {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ numberseries* { start* number end* number } repeats* [ profileid* dossier ] ]
}
enumdeactivationrange {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ numberseries* { start* number end* number } repeats* [ profileid* dossier ] ]
}
enumactivationoperator {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ profileid* dossier defaultservice ys ]
}
enumdeactivationoperator {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3
  repeats* [ profileid* dossier defaultservice ys ]
}
enumprofileactivation {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3 scope* scope profileid* dossier
  ttl* ttl dnsclass* text40 rectype* text40 order upto65535 preference upto65535 flags text40 enumservice text65
  regexp text400 usertag text400 domain text255 spcode text40 processtype text40 gateway text40 service text400
  domaintag text400 replacement text400
}
enumprofiledeactivation {
  dossierid* dossier currentnetworkoperator* operator typeofnumber* upto3 profileid* dossier
}
)";

// ------------------------------------------------------------------------------------------------- reading the facts

struct Member {
    std::string name;
    bool required = false;
    Kind const* kind = nullptr;  ///< of a text
    bool list = false;           ///< of {"seq": …}
    std::vector<Member> members; ///< of an object, or of each seq
};

Kind const* kind_called(std::string const& name) {
    for (auto const& kind : kinds)
        if (kind.name == name) return &kind;
    FAIL("no kind " << name);
    return nullptr;
}

std::vector<Member> read_members(std::istringstream& words, std::string const& end) {
    std::vector<Member> members;
    for (std::string word; words >> word && word != end;) {
        Member member;
        member.required = word.back() == '*';
        member.name = member.required ? word.substr(0, word.size() - 1) : word;
        words >> word;
        member.list = word == "[";
        if (word == "{" || word == "[")
            member.members = read_members(words, word == "{" ? "}" : "]");
        else
            member.kind = kind_called(word);
        members.push_back(std::move(member));
    }
    return members;
}

std::map<std::string, Member> const& described() {
    static auto const all = [] {
        std::istringstream words{std::string(facts)};
        std::map<std::string, Member> named;
        for (auto& member : read_members(words, "")) named[member.name] = std::move(member);
        return named;
    }();
    return all;
}

// ----------------------------------------------------------------------------------------------------- texts and messages

std::string repeated(std::string_view character, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += character;
    return text;
}

std::string_view some_character(Kind const& kind) { return kind.alphabet.empty() ? "x" : kind.alphabet.substr(kind.alphabet.size() - 1); }

std::vector<std::string> good_texts(Kind const& kind) {
    if (!kind.good.empty()) return kind.good;
    auto const one = some_character(kind);
    std::vector<std::string> texts{repeated(one, kind.least), repeated(one, kind.most)};
    for (char const c : kind.alphabet) texts.push_back(repeated(std::string_view(&c, 1), kind.least)); // each of it
    if (kind.alphabet.empty())
        for (auto const* wide : {"\u00e9", "\u20ac", "\U0001F4DE", "/", "\""}) // characters count, not bytes
            texts.push_back(repeated(wide, kind.most));
    return texts;
}

std::vector<std::string> bad_texts(Kind const& kind) {
    if (!kind.bad.empty()) return kind.bad;
    auto const one = some_character(kind);
    std::vector<std::string> texts{repeated(one, kind.most + 1)};
    if (kind.least > 1) texts.push_back(repeated(one, kind.least - 1));
    if (kind.alphabet.empty()) return texts;
    for (std::string_view const other : {"a", "z", "A", "-", ",", " ", ".", "+", "_", "/", "\u00e9", "\u0661"}) // an Arabic one
        if (kind.alphabet.find(other) == std::string_view::npos)
            texts.push_back(repeated(one, kind.least > 0 ? kind.least - 1 : 0) + std::string(other));
    return texts;
}

json::object object_of(std::vector<Member> const& members, bool optional_too);

json::value value_of(Member const& member, bool optional_too) {
    if (member.kind) return json::string(good_texts(*member.kind).front());
    auto content = object_of(member.members, optional_too);
    if (!member.list) return content;
    return json::array{json::object{{"seq", std::move(content)}}};
}

json::object object_of(std::vector<Member> const& members, bool optional_too) {
    json::object object;
    for (auto const& member : members)
        if (member.required || optional_too) object[member.name] = value_of(member, optional_too);
    return object;
}

/// The message of that type, with everything or with what must be there.
json::value message_of(std::string const& type, bool optional_too) {
    auto const& all = described();
    return json::object{{"message", json::object{{"header", object_of(all.at("header").members, optional_too)},
                                                 {"body", json::object{{type, object_of(all.at(type).members, optional_too)}}}}}};
}

bool taken(std::string const& type, json::value const& message) {
    return static_cast<bool>(coin_v3::check_form(type, json::serialize(message)));
}

/// Calls `visit` for every member below, with the pointer to the object that holds it.
void each_member(std::vector<Member> const& members, std::string const& pointer,
                 std::function<void(Member const&, std::string const& holder)> const& visit) {
    for (auto const& member : members) {
        visit(member, pointer);
        if (!member.members.empty())
            each_member(member.members, pointer + "/" + member.name + (member.list ? "/0/seq" : ""), visit);
    }
}

void each_member_of(std::string const& type, std::function<void(Member const&, std::string const& holder)> const& visit) {
    each_member(described().at("header").members, "/message/header", visit);
    each_member(described().at(type).members, "/message/body/" + type, visit);
}

std::set<std::string> types() {
    std::set<std::string> names;
    for (auto const& [name, member] : described())
        if (name != "header") names.insert(name);
    return names;
}

} // namespace

TEST_CASE("the twenty types of the description, and no others, are ours") {
    std::set<std::string> ours;
    for (auto const& form : coin_v3::all_types()) ours.emplace(form.type);
    CHECK(ours == types());
    CHECK(ours.size() == 20);
}

TEST_CASE("every text is taken at its bounds, and refused beyond them, in every place") {
    int tried = 0;
    for (auto const& type : types()) {
        auto const whole = message_of(type, true);
        CAPTURE(type);
        REQUIRE(taken(type, whole));
        REQUIRE(taken(type, message_of(type, false)));
        each_member_of(type, [&](Member const& member, std::string const& holder) {
            if (!member.kind) return;
            CAPTURE(holder);
            CAPTURE(member.name);
            auto message = whole;
            auto& value = message.at_pointer(holder).as_object()[member.name];
            for (auto const& text : good_texts(*member.kind)) {
                CAPTURE(text);
                value = text;
                CHECK(taken(type, message));
                ++tried;
            }
            for (auto const& text : bad_texts(*member.kind)) {
                CAPTURE(text);
                value = text;
                CHECK_FALSE(taken(type, message));
                ++tried;
            }
            for (json::value const& other : {json::value(12345), json::value(true), json::value(json::object()), json::value(json::array())}) {
                CAPTURE(json::serialize(other));
                value = other;
                CHECK_FALSE(taken(type, message));
                ++tried;
            }
        });
    }
    MESSAGE(tried << " texts tried");
    CHECK(tried > 5'000);
}

TEST_CASE("what must be there must, what may be left out may, and what is empty counts as absent") {
    for (auto const& type : types()) {
        auto const whole = message_of(type, true);
        CAPTURE(type);
        each_member_of(type, [&](Member const& member, std::string const& holder) {
            CAPTURE(holder);
            CAPTURE(member.name);
            auto message = whole;
            message.at_pointer(holder).as_object().erase(member.name);
            CHECK(taken(type, message) == !member.required);
            auto& value = message.at_pointer(holder).as_object()[member.name];
            if (member.kind) {
                value = "";
                CHECK(taken(type, message) == !member.required);
            }
            value = nullptr;
            CHECK(taken(type, message) == !member.required);
            if (!member.list) return;
            value = json::array(); // at least one where the list must be there
            CHECK(taken(type, message) == !member.required);
            value = json::array{json::object()};
            CHECK_FALSE(taken(type, message)); // each item is a seq
        });
    }
}

TEST_CASE("a list holds a thousand, whoever is the list's holder, and members that nobody knows are no fault") {
    for (auto const& type : types())
        each_member_of(type, [&](Member const& member, std::string const& holder) {
            auto message = message_of(type, true);
            CAPTURE(type);
            CAPTURE(holder);
            message.at_pointer(holder).as_object()["x_unknown"] = json::array{1, "two", json::object{{"three", 3}}};
            CHECK(taken(type, message));
            if (!member.list) return;
            auto& list = message.at_pointer(holder).as_object().at(member.name).as_array();
            auto const item = list.front();
            while (list.size() < 1'000) list.push_back(item);
            CHECK(taken(type, message));
            list.push_back(item);
            CHECK_FALSE(taken(type, message)); // ours: the description has no bound, and a body has one
        });
}
