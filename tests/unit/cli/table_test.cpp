/// Tables, sheets and text: what fits, what gives way, what is never shown.

#include "cli/table.hpp"
#include "cli/text.hpp"

#include <doctest/doctest.h>

using namespace npod::cli;

TEST_CASE("a table is as wide as its widest cells, and numbers stand under each other") {
    Table table({{"LINE", Align::right, Give::rigid}, {"STATE"}, {"AMOUNT", Align::right}});
    table.add({"1", "scheduled", "9.00 EUR"});
    table.add({"12", "refused", "115.00 EUR"});
    // LINE is 4 wide, STATE 9 ("scheduled"), AMOUNT 10 ("115.00 EUR"), two spaces between.
    CHECK(table.render({80, false}) == "LINE  STATE          AMOUNT\n"
                                       "   1  scheduled    9.00 EUR\n"
                                       "  12  refused    115.00 EUR\n");
}

TEST_CASE("the widest column that may wrap gives way, ids do not") {
    Table table({{"PORT", Align::left, Give::rigid}, {"STATE"}, {"WHAT"}});
    table.add({"PI-000001", "late", "the donor is silent past its deadline"});
    // 31 columns: 9 + 2 + 5 ("STATE") + 2 leaves 13 for WHAT, which is as narrow as a column gets.
    auto const narrow = "PORT       STATE  WHAT\n"
                        "PI-000001  late   the donor is\n"
                        "                  silent past\n"
                        "                  its deadline\n";
    CHECK(table.render({31, false}) == narrow);
    CHECK(table.render({20, false}) == narrow);
    CHECK(table.render({0, false}) == "PORT       STATE  WHAT\n"
                                      "PI-000001  late   the donor is silent past its deadline\n");
}

TEST_CASE("a column without anything in it is left out") {
    Table table({{"PORT"}, {"NOTE"}, {"COUNT", Align::right}});
    table.add({"PI-1", "", "3"});
    CHECK(table.render({80, false}) == "PORT  COUNT\nPI-1      3\n");
}

TEST_CASE("colours go to a terminal only, and do not count as width") {
    Table table({{"STATE"}, {"N", Align::right}});
    table.add({Cell("late", Tone::alarm), "1"});
    CHECK(table.render({80, false}) == "STATE  N\nlate   1\n");
    CHECK(table.render({80, true}) == "\x1b[1mSTATE\x1b[0m  \x1b[1mN\x1b[0m\n\x1b[1;31mlate\x1b[0m   1\n");
}

TEST_CASE("a sheet aligns its facts, wraps them and leaves out empty ones") {
    Sheet sheet;
    sheet.add("By", "Tue 7 Apr 2026 18:00");
    sheet.add("Must move", "the donor (BRAVO)");
    sheet.add("Note", "");
    sheet.add("", "and a word more");
    // Names take 9 ("Must move") and two spaces; 34 columns less 2 and 11 leave 21.
    CHECK(sheet.render({34, false}) == "  By         Tue 7 Apr 2026 18:00\n"
                                       "  Must move  the donor (BRAVO)\n"
                                       "             and a word more\n");
}

TEST_CASE("display width counts what a terminal shows") {
    CHECK(display_width("Liège") == 5);     // è is two bytes, one column
    CHECK(display_width("e\xcc\x81") == 1); // e and a combining accent
    CHECK(display_width("東京") == 4);      // two columns each
    CHECK(display_width("\xff\xfe") == 2);  // no UTF-8: one per byte
}

TEST_CASE("long words break behind punctuation, else anywhere") {
    CHECK(wrapped("be.answer.within.fixed.complex", 14) ==
          std::vector<std::string>{"be.answer.", "within.fixed.", "complex"});
    CHECK(wrapped("+3225501100..+3225501109", 14) == std::vector<std::string>{"+3225501100..", "+3225501109"});
    CHECK(wrapped("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
    CHECK(wrapped("", 10) == std::vector<std::string>{""});
    CHECK(wrapped("a\nb", 10) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("nothing that was sent to us steers the terminal") {
    CHECK(wrapped("\x1b[2Jhello", 0) == std::vector<std::string>{"?[2Jhello"});
    CHECK(wrapped("a\tb\x07", 0) == std::vector<std::string>{"a b?"});
}

TEST_CASE("numbers are understood as people write them") {
    CHECK(as_e164("02 550 11 00") == "+3225501100");
    CHECK(as_e164("02/550.11.00") == "+3225501100");
    CHECK(as_e164("0032 2 550 11 00") == "+3225501100");
    CHECK(as_e164("+32 (2) 550-11-00") == "+3225501100");
    CHECK(as_e164("o-17") == "o-17");
    CHECK(as_e164("PI-000001") == "PI-000001");
    CHECK(as_e164("CONTRACT 12") == "CONTRACT 12"); // as it is, spaces and all
}

TEST_CASE("keys travel in a URL unharmed") {
    CHECK(url_encoded("+32 a/b?c&d=%") == "%2B32%20a%2Fb%3Fc%26d%3D%25");
    CHECK(url_encoded("PI-000001_x.y~z") == "PI-000001_x.y~z");
}
