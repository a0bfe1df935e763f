// The language of lists: what is read, what is printed, what is refused and where.

#include "filter/filter.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace npod;
using namespace npod::filter;

namespace {

std::vector<Field> const fields{{"state", Kind::word, "", {"awaiting_answer", "scheduled", "completed"}},
                                {"customer", Kind::text},
                                {"number", Kind::e164},
                                {"count", Kind::count},
                                {"money", Kind::money},
                                {"due", Kind::moment},
                                {"open", Kind::flag}};

std::string again(std::string_view text) {
    auto const read = parse(text, fields);
    return read ? print(*read) : read.refusal().text;
}

struct No {
    std::string text, next;
};
No refused(std::string_view text) {
    auto const read = parse(text, fields);
    REQUIRE_FALSE(read);
    CHECK(read.refusal().pointer == "q");
    CHECK(read.refusal().code == RefusalCode::malformed);
    return {read.refusal().text, read.refusal().next};
}

} // namespace

TEST_CASE("a filter is read and printed in its common form") {
    CHECK(again("state=awaiting_answer and due<2wd") == "state=awaiting_answer and due<2wd");
    CHECK(again("  state == scheduled|completed  ") == "state=scheduled|completed");
    CHECK(again("open") == "open=yes");
    CHECK(again("NOT open OR money >= 25") == "not open=yes or money>=25.00");
    CHECK(again("(open)") == "open=yes");
    CHECK(again("customer~'Maison Horta'") == "customer~\"Maison Horta\"");
    CHECK(again(R"(customer="a \"b\" \\ c")") == R"(customer="a \"b\" \\ c")");
    CHECK(again("number=02 ") == "number=+322"); // a zone as Belgians write it
    CHECK(again("number='02/550.11.00'") == "number=+3225501100");
    CHECK(again("due>=2026-04-03T16:59:00+02:00") == "due>=2026-04-03T14:59:00Z");
    CHECK(again("due=today or due<-3d or due>30min") == "due=today or due<-3d or due>30min");
}

TEST_CASE("and binds before or, not before and; parentheses change it") {
    auto const either = parse("open or count=1 and count=2", fields);
    REQUIRE(either);
    CHECK(either->what == Expression::What::any_of);
    CHECK(either->parts.at(1).what == Expression::What::all_of);
    auto const both = parse("(open or count=1) and count=2", fields);
    REQUIRE(both);
    CHECK(both->what == Expression::What::all_of);
    CHECK(print(*both) == "(open=yes or count=1) and count=2");
    auto const none = parse("not open and count=2", fields);
    REQUIRE(none);
    CHECK(none->what == Expression::What::all_of);
    CHECK(print(*parse("not (open and count=2)", fields)) == "not (open=yes and count=2)");
}

TEST_CASE("a mistake is told with its place, and what was meant") {
    CHECK(refused("stat=scheduled").text == "At character 1 of the filter: there is no field \"stat\".");
    CHECK(refused("stat=scheduled").next == "Did you mean \"state\"?");
    CHECK(refused("open and state=schedule").text == "At character 16 of the filter: \"schedule\" is not a state.");
    CHECK(refused("open and state=schedule").next == "Did you mean \"scheduled\"?");
    // Characters are counted, not bytes: é has two.
    CHECK(refused("customer=é open").text.starts_with("At character 12 of"));
    CHECK(refused("due<2wk").next.find("2wd, 4wh, 3d") != std::string::npos);
    CHECK(refused("due<2026-02-30").text.find("no moment") != std::string::npos);
    CHECK(refused("due>-2wd").text.find("only counted forward") != std::string::npos);
    CHECK(refused("open=maybe").next == "Write open=yes, or \"not open\".");
    CHECK(refused("money=1,5").text.find("no amount") != std::string::npos);
    CHECK(refused("state<scheduled").text == "At character 6 of the filter: state cannot be compared like that.");
    CHECK(refused("count~1").next == "Use = != < <= > or >=.");
    CHECK(refused("count<1|2").text.find("several values") != std::string::npos);
    CHECK(refused("(open").text == "At character 1 of the filter: this parenthesis is never closed.");
    CHECK(refused("open)").text.find("here stands \")\"") != std::string::npos);
    CHECK(refused("customer=\"open").text.find("never closed") != std::string::npos);
    CHECK(refused("state").text.find("behind \"state\" stands the end, where a comparison") != std::string::npos);
    CHECK(refused("").text.find("where a field was expected") != std::string::npos);
    CHECK(refused("and").next.starts_with("Use one of: state, customer"));
}

TEST_CASE("what is too much is refused, whatever it is") {
    CHECK(refused(std::string(text_bytes_max + 1, '(')).text.find("longer than 2000 bytes") != std::string::npos);
    CHECK(refused(std::string(1'000, '(') + "open").text.find("levels deep") != std::string::npos);
    std::string nots, many = "open", values = "state=scheduled";
    for (int i = 0; i < 300; ++i) nots += "not ";
    CHECK(refused(nots + "open").text.find("levels deep") != std::string::npos);
    for (std::size_t i = 0; i < comparisons_max; ++i) many += " or open";
    CHECK(refused(many).text.find("more than 50 conditions") != std::string::npos);
    for (std::size_t i = 0; i < alternatives_max; ++i) values += "|scheduled";
    CHECK(refused(values).text.find("too many alternatives") != std::string::npos);
    CHECK(refused("count=99999999999999999999").text.find("no whole number") != std::string::npos);
    CHECK(refused("money=9999999999999").text.find("no amount") != std::string::npos);
    CHECK(refused("due<99999999d").text.find("no moment") != std::string::npos);
    CHECK(refused("number=+1234567890123456789").text.find("not a number") != std::string::npos);
}

namespace {

/// A tree at random, of comparisons that parse() can have made.
class Maker {
public:
    explicit Maker(unsigned seed) : random_(seed) {}

    Expression expression(int depth) {
        auto const what = depth == 0 ? 0U : random_() % 4;
        if (what == 0) return {Expression::What::comparison, comparison(), {}};
        Expression whole{what == 1 ? Expression::What::none_of : what == 2 ? Expression::What::all_of : Expression::What::any_of, {}, {}};
        for (unsigned long i = 0, n = what == 1 ? 1 : 2 + random_() % 3; i < n; ++i) whole.parts.push_back(expression(depth - 1));
        return whole;
    }

private:
    std::string any_text() {
        static constexpr std::string_view letters = "ab \"'\\|()=<>~!é-.:and";
        std::string text;
        for (unsigned long i = 0, n = random_() % 6; i < n; ++i) text += letters[random_() % letters.size()];
        return text;
    }
    Comparison comparison() {
        switch (random_() % 6) {
        case 0: return {"state", random_() % 2 ? Compare::equal : Compare::not_equal, {Value{std::string("scheduled")}, Value{std::string("completed")}}};
        case 1: return {"customer", random_() % 2 ? Compare::like : Compare::equal, {Value{any_text()}}};
        case 2: return {"count", Compare::at_most, {Value{static_cast<std::int64_t>(random_() % 100'000)}}};
        case 3: return {"money", Compare::greater, {Value{Money{static_cast<std::int64_t>(random_() % 1'000'000)}}}};
        case 4: return {"open", Compare::equal, {Value{random_() % 2 == 0}}};
        default: return {"due", Compare::less, {Value{When{Distance{static_cast<std::int64_t>(random_() % 2'000), Distance::Unit::working_hours}}}}};
        }
    }
    std::mt19937 random_;
};

} // namespace

TEST_CASE("what was printed is read back as the same tree") {
    for (unsigned seed = 1; seed <= 2'000; ++seed) {
        CAPTURE(seed);
        auto const made = Maker(seed).expression(3);
        auto const text = print(made);
        CAPTURE(text);
        auto const read = parse(text, fields);
        if (!read && text.size() > text_bytes_max) continue;
        if (!read && read.refusal().text.find("more than 50 conditions") != std::string::npos) continue;
        REQUIRE(read);
        CHECK(*read == made);
    }
}

TEST_CASE("bytes of any kind are read or refused, never worse") {
    std::mt19937 random(7);
    static constexpr std::string_view pieces[] = {"state", "due", "(", ")", "not ", " and ", " or ", "=", "<", "~", "|", "\"", "'", "\\", "\xff", "\0x", "2wd", "open", " "};
    std::size_t read = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto n = random() % 9; n > 0; --n) text += pieces[random() % std::size(pieces)];
        auto const outcome = parse(text, fields);
        if (!outcome) {
            CHECK(outcome.refusal().text.starts_with("At character "));
            continue;
        }
        ++read;
        CHECK(parse(print(*outcome), fields));
    }
    CHECK(read > 100); // the pieces do make filters now and then
}
