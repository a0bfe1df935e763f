#include "porting/number.hpp"
#include "porting/numbering_plan.hpp"

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace npod;
using namespace npod::porting;

namespace {

NumberRange range(std::int64_t first, std::int64_t last) { return {{first}, {last}}; }
using Ranges = std::vector<NumberRange>;

} // namespace

TEST_CASE("an E.164 number is + and 7 to 15 digits, nothing else") {
    CHECK(parse_e164("+3225501100")->digits == 3225501100);
    CHECK(to_string(*parse_e164("+3225501100")) == "+3225501100");
    CHECK(parse_e164("+1234567"));         // 7 digits, the shortest
    CHECK(parse_e164("+123456789012345")); // 15, the longest
    for (auto const* text : {"", "+", "3225501100", "+32 2 550 11 00", "+32(2)5501100", "0032225501100", "+123456",
                             "+1234567890123456", "+0225501100", "+3225501100 ", "++3225501100", "+3225501l00"}) {
        CAPTURE(text);
        auto const read = parse_e164(text);
        REQUIRE_FALSE(read);
        CHECK(read.refusal().code == RefusalCode::malformed);
    }
}

TEST_CASE("a range goes from first to last, of one length") {
    CHECK(to_string(range(3225501100, 3225501109)) == "+3225501100..+3225501109");
    CHECK(to_string(range(3225501100, 3225501100)) == "+3225501100");
    CHECK(range(3225501100, 3225501109).count() == 10);
    CHECK(range_of({3225501100}, {3225501109}));
    CHECK(range_of({3225501100}, {3225501100}));
    CHECK_FALSE(range_of({3225501109}, {3225501100}));
    CHECK_FALSE(range_of({9999999}, {10000000}));
}

TEST_CASE("ranges join where they touch or overlap") {
    CHECK(joined({range(3225501105, 3225501109), range(3225501100, 3225501104)}) ==
          Ranges{range(3225501100, 3225501109)});
    CHECK(joined({range(3225501100, 3225501107), range(3225501103, 3225501105)}) ==
          Ranges{range(3225501100, 3225501107)});
    CHECK(joined({range(3225501100, 3225501101), range(3225501103, 3225501103)}).size() == 2); // 02 is missing
    CHECK(joined({range(9999998, 9999999), range(10000000, 10000001)}).size() == 2); // other length, other number
    CHECK(joined({range(3225501109, 3225501100)}).empty());
    CHECK(joined({}).empty());
}

TEST_CASE("ranges can be taken out of ranges") {
    CHECK(without({range(3225501100, 3225501109)}, {range(3225501103, 3225501104)}) ==
          Ranges{range(3225501100, 3225501102), range(3225501105, 3225501109)});
    CHECK(without({range(3225501100, 3225501109)}, {range(3225501100, 3225501109)}).empty());
    CHECK(without({range(3225501100, 3225501109)}, {range(3225501000, 3225501104), range(3225501109, 3225501200)}) ==
          Ranges{range(3225501105, 3225501108)});
    CHECK(without({range(3225501100, 3225501109)}, {}) == Ranges{range(3225501100, 3225501109)});
}

TEST_CASE("what is in both") {
    CHECK(in_both({range(3225501100, 3225501109)}, {range(3225501105, 3225501120), range(3225501101, 3225501101)}) ==
          Ranges{range(3225501101, 3225501101), range(3225501105, 3225501109)});
    CHECK(in_both({range(3225501100, 3225501109)}, {range(3225501110, 3225501119)}).empty());
    CHECK(count({range(3225501100, 3225501109), range(3225501200, 3225501200)}) == 11);
}

TEST_CASE("range arithmetic agrees with sets of numbers") {
    std::mt19937 random(20260403);
    auto const some = [&] {
        Ranges ranges;
        for (auto n = random() % 6; n > 0; --n) {
            auto const first = 3225501100 + static_cast<std::int64_t>(random() % 40);
            ranges.push_back(range(first, first + static_cast<std::int64_t>(random() % 9)));
        }
        return ranges;
    };
    auto const set_of = [](Ranges const& ranges) {
        std::set<std::int64_t> numbers;
        for (auto r : ranges)
            for (auto n = r.first.digits; n <= r.last.digits; ++n) numbers.insert(n);
        return numbers;
    };
    for (int i = 0; i < 2'000; ++i) {
        auto const a = some(), b = some();
        std::set<std::int64_t> left, shared;
        auto const in_a = set_of(a), in_b = set_of(b);
        for (auto n : in_a) (in_b.contains(n) ? shared : left).insert(n);
        REQUIRE(set_of(without(a, b)) == left);
        REQUIRE(set_of(in_both(a, b)) == shared);
        REQUIRE(set_of(joined(a)) == in_a);
        REQUIRE(count(joined(a)) == static_cast<std::int64_t>(in_a.size()));
        REQUIRE(joined(without(a, b)) == without(a, b)); // already sorted and joined
        REQUIRE(joined(in_both(a, b)) == in_both(a, b));
    }
}

TEST_CASE("the national form has a leading zero") {
    CHECK(national({3225501100}, "32") == "025501100");
    CHECK(national({32471234556}, "32") == "0471234556");
    CHECK(from_national("025501100", "32")->digits == 3225501100);
    CHECK(from_national("25501100", "32")->digits == 3225501100);
    CHECK(from_national("0303800007", "31")->digits == 31303800007);
    // A number of another country keeps its country code and comes back whole.
    CHECK(national({31303800007}, "32") == "0031303800007");
    CHECK(from_national("0031303800007", "32")->digits == 31303800007);
    // So does one that was typed with its 0: as 0025501100 it would be somebody else's in a country 255.
    CHECK(national({32025501100}, "32") == "0032025501100");
    CHECK(from_national("0032025501100", "32")->digits == 32025501100);
    for (auto const* text :
         {"", "0", "02 550", "+3225501100", "000", "0012", "123456789012345678901", "01234567890123456"}) {
        CAPTURE(text);
        CHECK_FALSE(from_national(text, "32"));
    }
}

TEST_CASE("the Belgian plan knows its zones, and its traps") {
    struct Example {
        char const* number;
        Kind kind;
        char const* zone;
        char const* name;
    };
    for (auto const& [text, kind, zone, name] : {
             Example{"+3225501100", Kind::geographic, "2", "Brussels"},
             Example{"+3232345678", Kind::geographic, "3", "Antwerp"},
             Example{"+3242345678", Kind::geographic, "4", "Liège"}, // 042
             Example{"+3243345678", Kind::geographic, "4", "Liège"}, // 043
             Example{"+32451234567", Kind::mobile, "", ""},          // 045 … 049 are mobile
             Example{"+32499999999", Kind::mobile, "", ""},
             Example{"+3292345678", Kind::geographic, "9", "Ghent"}, // 092
             Example{"+3290012345", Kind::premium, "", ""},          // 0900, not zone 09
             Example{"+3280212345", Kind::geographic, "80", "Stavelot"},
             Example{"+3280012345", Kind::freephone, "", ""}, // 0800, not zone 080
             Example{"+3210123456", Kind::geographic, "10", "Wavre"},
             Example{"+3281123456", Kind::geographic, "81", "Namur"},
             Example{"+3289123456", Kind::geographic, "89", "Genk"},
             Example{"+3270123456", Kind::shared_cost, "", ""},
             Example{"+3278123456", Kind::shared_cost, "", ""},
         }) {
        CAPTURE(text);
        auto const entry = belgian_plan(*parse_e164(text));
        REQUIRE(entry);
        CHECK(entry->kind == kind);
        CHECK(entry->zone == zone);
        CHECK(entry->zone_name == name);
        CHECK(entry->portable);
    }
    auto const machine = belgian_plan(*parse_e164("+327712345678"));
    REQUIRE(machine);
    CHECK(machine->kind == Kind::machine);
    CHECK_FALSE(machine->portable);
}

TEST_CASE("what is not in the plan is refused with the reason") {
    struct Example {
        char const* number;
        char const* why;
    };
    for (auto const& [text, why] : {
             Example{"+31303800007", "not +32"},
             Example{"+32255011000", "8 digits"}, // Brussels with a digit too many
             Example{"+322550110", "has 7"},      // … too few
             Example{"+3247123455", "9 digits"},  // mobile with a digit too few
             Example{"+324712345567", "has 10"},
             Example{"+3221123456", "begins with 0211"}, // 02 1 is not Brussels
             Example{"+3229123456", "begins with 0291"},
             Example{"+3241234567", "begins with 0412"}, // 041: neither Liège nor mobile
             Example{"+3280112345", "begins with 0801"}, // 0801: neither freephone nor zone 080
             Example{"+3291234567", "begins with 0912"},
             Example{"+3217123456", "begins with 0171"}, // 017, 018: gaps among the two-digit zones
             Example{"+3262123456", "begins with 0621"},
             Example{"+3266123456", "begins with 0661"},
             Example{"+3288123456", "begins with 0881"},
             Example{"+3275123456", "begins with 0751"},
         }) {
        CAPTURE(text);
        auto const entry = belgian_plan(*parse_e164(text));
        REQUIRE_FALSE(entry);
        CHECK(entry.refusal().code == RefusalCode::malformed);
        CHECK(entry.refusal().text.find(why) != std::string::npos);
    }
}

TEST_CASE("there are 40 zones: 4 of one digit, 36 of two") {
    std::set<std::string_view> one, two;
    for (auto const& row : belgian_plan_rows()) {
        if (row.kind != Kind::geographic) continue;
        (row.prefix.size() == 1 ? one : two).insert(row.prefix);
        CHECK(belgian_zone_name(row.prefix) == row.name);
    }
    CHECK(one.size() == 4);
    CHECK(two.size() == 36);
    CHECK(belgian_zone_name("7").empty());
    CHECK(belgian_zone_name("").empty());
}

TEST_CASE("every eight- or nine-digit prefix agrees with libphonenumber's pattern, written here digit by digit") {
    // fixed: 80[2-8] | 1[0-69] [23][2-8] 4[23] 5\d 6[013-57-9] 71 8[1-79] 9[2-4]; mobile 4[5-9]
    auto const in = [](char c, std::string_view set) { return set.find(c) != std::string_view::npos; };
    for (int prefix = 100; prefix <= 999; ++prefix) {
        auto const p = std::to_string(prefix);
        bool const fixed = (p.starts_with("80") && in(p[2], "2345678")) || (p[0] == '1' && in(p[1], "01234569")) ||
                           (in(p[0], "23") && in(p[1], "2345678")) || (p[0] == '4' && in(p[1], "23")) || p[0] == '5' ||
                           (p[0] == '6' && in(p[1], "01345789")) || p.starts_with("71") ||
                           (p[0] == '8' && in(p[1], "12345679")) || (p[0] == '9' && in(p[1], "234"));
        bool const mobile = p[0] == '4' && in(p[1], "56789");
        CAPTURE(p);
        auto const eight = belgian_plan(*parse_e164("+32" + p + "12345"));
        auto const nine = belgian_plan(*parse_e164("+32" + p + "123456"));
        CHECK((eight && eight->kind == Kind::geographic) == fixed);
        CHECK((nine && nine->kind == Kind::mobile) == mobile);
        CHECK_FALSE((nine && nine->kind == Kind::geographic));
    }
}

TEST_CASE("kinds live on fixed or mobile networks, machines on neither") {
    CHECK(network_of(Kind::geographic) == Network::fixed);
    CHECK(network_of(Kind::freephone) == Network::fixed);
    CHECK(network_of(Kind::mobile) == Network::mobile);
    CHECK_FALSE(network_of(Kind::machine));
    CHECK(name_of(Network::mobile) == "mobile");
    CHECK(name_of(Kind::shared_cost) == "shared_cost");
}
