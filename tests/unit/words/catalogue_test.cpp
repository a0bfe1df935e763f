/// Nobody adds a state, a deadline, a ground, a rule or a holiday without its Dutch and French words: each check names
/// the English text that lacks them.

#include "porting/claims.hpp"
#include "porting/explain.hpp"
#include "porting/grounds.hpp"
#include "porting/residue.hpp"
#include "rules/rulebook.hpp"
#include "state_machines/outline.hpp"
#include "support/world.hpp"
#include "words/catalogue.hpp"
#include "words/values.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

using namespace npod;
using namespace npod::testing;
using words::translated;

namespace {

/// Whether the catalogue has the text and says it otherwise in Dutch and in French.
void check_speaks(std::string_view english) {
    CAPTURE(english); // this text lacks a row in src/words/sentences_*.cpp
    CHECK(words::is_known(english));
    CHECK(translated(english, Language::nl) != english);
    CHECK(translated(english, Language::fr) != english);
    // A page may be translated by whoever serves it and again by whoever shows it.
    for (auto const language : {Language::nl, Language::fr})
        CHECK(translated(translated(english, language), language) == translated(english, language));
}

/// For words that may be spelled alike ("contract", "BIPT"): known is enough.
void check_known(std::string_view english) {
    CAPTURE(english);
    CHECK(words::is_known(english));
}

rules::Day some_day(int year, unsigned month, unsigned day) {
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
}

} // namespace

TEST_CASE("every machine speaks three languages: states, deadlines, who must move, what a person may cause") {
    for (auto const& outline : machine::all_outlines()) {
        CAPTURE(outline.name);
        for (auto const& state : outline.states) {
            CAPTURE(state.name);
            check_speaks(state.name);
            check_speaks(state.meaning);
            check_speaks(machine::name_of(state.owner));
        }
        for (auto const& timer : outline.timers) check_speaks(timer.on_expiry);
    }
    for (auto const role : {porting::Role::port_in, porting::Role::port_out})
        for (auto const& event : machine::find_outline(porting::name_of(role))->events) check_speaks(event.meaning);
}

TEST_CASE("every ground says in three languages what it means and how to mend it") {
    for (auto const& ground : porting::all_grounds()) {
        CAPTURE(ground.code);
        check_speaks(ground.meaning);
        check_speaks(ground.fix);
    }
}

TEST_CASE("every rule of both shipped books has a title in three languages, and every source is known") {
    for (auto const* country : {"be", "nl"}) {
        auto const book = rules::Rulebook::shipped(country);
        for (auto const& rule : book.all()) {
            CAPTURE(rule.id);
            check_speaks(rule.title);
            check_known(rules::name_of(rule.standing));
            if (!rule.id.starts_with("nl.")) check_known(rule.source);
        }
    }
}

TEST_CASE("a Belgian rule that arms a deadline or fixes an amount is told in three languages, not only named") {
    auto const book = rules::Rulebook::shipped("be");
    std::set<std::string> shown;
    for (auto const* part : {"be.answer.within", "be.execute.within", "be.outage.max", "be.approval.valid", "be.grace",
                             "be.ageing.min", "be.comp.", "npod.draft", "npod.reminder", "npod.delayed_answer",
                             "npod.cancel", "npod.claim", "npod.deadline", "be.total", "be.end."})
        for (auto const& rule : book.all())
            if (rule.id.starts_with(part) && !rule.id.ends_with(".rolls") && !rule.id.starts_with("be.grace.") &&
                rule.id != "be.comp.paid_by")
                shown.insert(rule.text);
    CHECK(shown.size() > 15);
    for (auto const& text : shown) check_speaks(text);
}

TEST_CASE("every reason for which a day is skipped is known, of both countries and all years") {
    for (auto const* country : {"be", "nl"}) {
        auto const book = rules::Rulebook::shipped(country);
        auto const& calendar = book.calendar();
        std::set<std::string> reasons;
        for (int year = 1990; year <= 2100; ++year)
            for (auto const& holiday : calendar.holidays(std::chrono::year{year}))
                reasons.insert(*calendar.reason_off(holiday.day));
        CHECK(reasons.size() >= 10);
        for (auto const& reason : reasons) check_speaks(reason);
    }
    check_speaks("Saturday");
    check_speaks("Sunday");
    check_speaks("arrived after the cut-off of 17:00");
    // 1 May 2008 was Ascension Day as well.
    CHECK(translated("Labour Day and Ascension Day", Language::nl) == "de Dag van de Arbeid en Onze-Lieve-Heer-Hemelvaart");
    CHECK(translated("Labour Day and Ascension Day", Language::fr) == "la fête du Travail et l'Ascension");
}

TEST_CASE("every step of every term is known, whenever it begins") {
    auto const book = rules::Rulebook::shipped("be", {{"be.grace.rolls", "true"}});
    std::mt19937 chance(20260403); // a fixed seed: the same instants in every run
    auto const from = *parse_rfc3339("2026-01-01T00:00:00Z");
    for (int i = 0; i < 400; ++i) {
        auto const at = from + std::chrono::minutes{static_cast<std::int64_t>(chance() % (3U * 365U * 1440U))};
        for (auto const* rule : {"be.answer.within.fixed.complex", "be.answer.within.mobile.simple", "be.execute.within",
                                 "be.approval.valid", "be.grace", "be.comp.claim_within"}) {
            auto const derivation = book.deadline(rule, at).derivation;
            CHECK(!derivation.steps.empty());
            for (auto const& step : derivation.steps) check_speaks(step);
        }
    }
    for (auto const& step : rules::add(book.calendar(), from, {4, rules::Unit::hours}).steps) check_speaks(step);
}

TEST_CASE("the arithmetic of a term over Easter, in Dutch and French") {
    // Good Friday 3 April 2026 at 16:59 counts that day; one working day on, past Saturday, Sunday and Easter Monday,
    // is Tuesday 7 April.
    auto const book = rules::Rulebook::shipped("be");
    auto const steps = book.deadline("be.answer.within.fixed.simple", at("2026-04-03 16:59")).derivation.steps;
    REQUIRE(steps.size() == 4);
    CHECK(translated(steps[0], Language::nl) ==
          "Gebeurd op vr 3 apr 2026 16:59, een werkdag en vóór het afsluituur van 17:00: telt als die dag ontvangen.");
    CHECK(translated(steps[1], Language::nl) == "1 werkdag na vr 3 apr 2026 is di 7 apr 2026.");
    CHECK(translated(steps[2], Language::nl) ==
          "Niet geteld: za 4 apr 2026 (zaterdag), zo 5 apr 2026 (zondag), ma 6 apr 2026 (paasmaandag).");
    CHECK(translated(steps[1], Language::fr) == "1 jour ouvrable après le ven 3 avr 2026, c'est le mar 7 avr 2026.");
    CHECK(translated(steps[2], Language::fr) ==
          "Non comptés\u00a0: sam 4 avr 2026 (samedi), dim 5 avr 2026 (dimanche), lun 6 avr 2026 (le lundi de Pâques).");
}

TEST_CASE("whose turn it is, with law and standing, in Dutch and French") {
    Market market{"2026-04-01 10:00"};
    auto& alfa = market.at("ALFA");
    auto& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    auto const line = alfa.line(in, "+3225501100");
    auto const told = porting::explain(*alfa.book().timer(porting::subject_of(line)), alfa.laws());
    // Asked on Wednesday 1 April 10:00; one working day later is Thursday 2 April, by the end of the window.
    CHECK(translated(told.sentence, Language::nl) ==
          "De overdragende operator moet uiterlijk do 2 apr 2026 18:00 handelen: 1 werkdag na wo 1 apr 2026 10:00 (regel "
          "be.answer.within.fixed.simple; een aanname van dit product: be.total.fixed.simple min be.execute.within).");
    CHECK(translated(told.sentence, Language::fr) ==
          "L'opérateur donneur doit agir au plus tard le jeu 2 avr 2026 18:00\u00a0: 1 jour ouvrable après le mer 1 avr 2026 "
          "10:00 (règle be.answer.within.fixed.simple\u00a0; une hypothèse de ce produit\u00a0: be.total.fixed.simple moins "
          "be.execute.within).");
    check_speaks(porting::next_expected(alfa.port(in), {}, {*alfa.book().timer(porting::subject_of(line))}, alfa.laws()));
}

TEST_CASE("what is owed, in Dutch and French") {
    Market market{"2026-04-01 10:00"};
    auto& alfa = market.at("ALFA");
    auto& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    check_speaks(alfa.owes(in).lines[0].sentence);
    market.wait_until("2026-04-09 09:00");
    check_speaks(alfa.owes(in).lines[0].sentence);
    bravo.does("port.answer", bravo.port_out("+3225501100").text,
               R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at("2026-04-10 10:00")) + R"("}}]})");
    market.carry();
    market.wait_until("2026-04-10 10:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    // Planned Friday 3 April 18:00, the right begins Tuesday 7 April 18:00, live on Friday the 10th: the civil days of the
    // 8th, 9th and 10th; 1 number x 3 days x 3.00 EUR.
    auto const sentence = alfa.owes(in).lines[0].sentence;
    CHECK(translated(sentence, Language::nl) ==
          "+3225501100: gepland vr 3 apr 2026 18:00; 3 kalenderdagen begonnen na di 7 apr 2026 18:00 tot de voltooiing op vr 10 "
          "apr 2026 10:00; 1 nummer x 3 dagen x 3,00 EUR = 9,00 EUR.");
    CHECK(translated(sentence, Language::fr) ==
          "+3225501100\u00a0: prévu le ven 3 avr 2026 18:00\u00a0; 3 jours civils entamés après le mar 7 avr 2026 18:00 "
          "jusqu'au transfert effectif du ven 10 avr 2026 10:00\u00a0; 1 numéro x 3 jours x 3,00 EUR = 9,00 EUR.");
    auto const out = bravo.port_out("+3225501100");
    auto const left = porting::residue(bravo.port(out), bravo.book().lines(out), bravo.contract("C-1"), bravo.book(), bravo.rulebook());
    check_speaks(left.sentence);
    for (auto const& item : left.numbers) check_speaks(item.why);
}

TEST_CASE("who caused a delay, what a later date costs, and the answer to a claim, in three languages") {
    for (auto const& state : machine::find_outline("port_in")->states)
        for (auto const causer : {porting::Causer::recipient, porting::Causer::donor, porting::Causer::subscriber, porting::Causer::hub,
                                  porting::Causer::calendar}) {
            auto const& row = porting::blame(state.name, causer);
            check_speaks(std::string(row.reason) + ".");
            check_speaks(std::string(row.reason) + ", within the legal time.");
        }
    Market market{"2026-04-01 10:00"};
    auto& alfa = market.at("ALFA");
    auto& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({});
    auto const in = alfa.orders({});
    market.carry();
    market.wait_until("2026-04-09 09:00");
    bravo.does("port.answer", bravo.port_out("+3225501100").text,
               R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at("2026-04-10 10:00")) + R"("}}]})");
    market.carry();
    alfa.does("port.reschedule", in.text, R"({"at":"2026-04-20T10:00:00+02:00","agreed_by_customer":true,"reason":"x"})");
    check_speaks(alfa.owes(in).lines[0].sentence); // one plan behind it, another ahead
    market.wait_until("2026-04-23 10:00");
    alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    auto const owed = alfa.owes(in);
    check_speaks(owed.lines[0].sentence);
    for (auto const& segment : owed.lines[0].segments) check_speaks(segment.reason);
    porting::Statement statement{alfa.port(in), alfa.book().lines(in), alfa.claim(in), owed, {}, market.now()};
    statement.claim.decision_reason = "agreed by phone";
    for (auto const& state : machine::find_outline("claim")->states) {
        CAPTURE(state.name);
        statement.claim.state = state.name;
        check_speaks(porting::claim_answer(statement, alfa.rulebook().calendar()));
    }
}

TEST_CASE("days and amounts, as each language writes them") {
    auto const day = some_day(2026, 3, 1); // a Sunday
    CHECK(words::day(day, Language::en) == "Sun 1 Mar 2026");
    CHECK(words::day(day, Language::nl) == "zo 1 mrt 2026");
    CHECK(words::long_day(day, Language::nl) == "zondag 1 maart 2026");
    CHECK(words::long_day(day, Language::fr) == "dimanche 1er mars 2026");
    CHECK(words::long_day(some_day(2026, 8, 15), Language::fr) == "samedi 15 août 2026");
    CHECK(words::amount({900}, Language::en) == "9.00 EUR");
    CHECK(words::amount({123'456}, Language::nl) == "1234,56 EUR");
    CHECK(words::list({"a", "b", "c"}, Language::fr) == "a, b et c");
    CHECK(words::list({"a"}, Language::en) == "a");
    CHECK(words::rewritten_day("Fri 3 Apr 2026 18:00", Language::nl) == "vr 3 apr 2026 18:00");
    CHECK(words::rewritten_day("Fri 3 Aprl 2026", Language::nl) == "Fri 3 Aprl 2026");
    CHECK(words::length_of_day("Fri 3 Apr 2026 18:00, and on") == 20);
    CHECK(words::length_of_day("Friday") == 0);
}

TEST_CASE("what the catalogue does not have stays as it is, whatever it looks like") {
    for (auto const* english : {"", " ", "{", "{owner}", "The {owner} must act by {due}: {why}.", "Nothing of ours",
                                "The donor must act by then: because.", "\xff\xfe", ": by ", "_", "Fri 3 Apr 2026"}) {
        CAPTURE(english);
        CHECK(!words::is_known(english));
        CHECK(translated(english, Language::fr) == english);
    }
    CHECK(translated("Easter Monday", Language::en) == "Easter Monday");
}

TEST_CASE("a language is read with or without its country") {
    CHECK(language_of("nl") == Language::nl);
    CHECK(language_of("fr-BE") == Language::fr);
    CHECK(language_of("en_GB.UTF-8") == Language::en);
    CHECK(!language_of("de"));
    CHECK(!language_of(""));
    CHECK(!language_of("nld"));
}

TEST_CASE("what a cap takes is said in three languages, behind the arithmetic") {
    std::string const english = "+3225501100: planned Fri 3 Apr 2026 18:00; 3 civil days begun after Tue 7 Apr 2026 18:00 until effective Fri 10 Apr 2026 09:00; "
                                "1 number x 3 days x 3.00 EUR = 9.00 EUR. Of that 5.00 EUR is owed: one claim comes to 5.00 EUR at most (be.comp.cap).";
    auto const dutch = translated(english, Language::nl), french = translated(english, Language::fr);
    CHECK(dutch.find("3 kalenderdagen begonnen") != std::string::npos);
    CHECK(dutch.ends_with("Daarvan is 5,00 EUR verschuldigd: een aanvraag bedraagt hoogstens 5,00 EUR (be.comp.cap)."));
    CHECK(french.find("3 jours civils") != std::string::npos);
    CHECK(french.find("Dont 5,00 EUR sont dus") != std::string::npos);
}
