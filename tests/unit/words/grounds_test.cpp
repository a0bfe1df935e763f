/// Why a ground may be given or not, in three languages: whatever the examination of a number says is in the catalogue.

#include "porting/admissible.hpp"
#include "support/world.hpp"
#include "words/catalogue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace npod;
using namespace npod::testing;

namespace {

/// BRAVO answers by hand, so that every ground is judged and none is used.
struct Desk {
    Market market{"2026-02-10 10:00"}; // a Tuesday
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    std::set<std::string> said; ///< every reason that was met

    Desk() { bravo.answers_by_hand(); }

    PortId asks(Order const& order) {
        alfa.orders(order);
        market.carry();
        return bravo.port_out(order.numbers.substr(0, order.numbers.find_first_of(".,")));
    }
    void looks_at(PortId const& port) {
        auto const ranges = eligible_grounds(bravo.port(port), bravo.book(), bravo.laws(), bravo.settings(), market.now());
        REQUIRE_FALSE(ranges.empty());
        for (auto const& range : ranges)
            for (auto const& judged : range.grounds) said.insert(judged.why);
    }
    bool says(std::string_view start) const {
        return std::ranges::any_of(said, [&](std::string const& why) { return why.starts_with(start); });
    }
    void all_are_known() const {
        for (auto const& why : said) {
            CAPTURE(why);
            CHECK(words::is_known(why));
            CHECK(words::translated(why, Language::nl) != why);
            CHECK(words::translated(why, Language::fr) != why);
        }
    }
};

} // namespace

TEST_CASE_FIXTURE(Desk, "reasons about numbers in service, with our customer, another one's, and a part of a range") {
    bravo.has_contract({.id = "C-1", .numbers = "+3225501100..+3225501104"});
    bravo.has_contract({.id = "C-2", .customer = "Slagerij Claes", .numbers = "+3225501105..+3225501119"});
    looks_at(asks({.numbers = "+3225501100..+3225501109"}));
    CHECK(says("contract C-2 differs in "));
    CHECK(says("no fate is stated for "));
    CHECK(says("it is of zone 2 (Brussels)"));
    CHECK(says("the request is in another name"));
    all_are_known();
}

TEST_CASE_FIXTURE(Desk, "reasons about a number whose contract ended, in its month and after it") {
    bravo.has_contract({});
    bravo.does("contract.terminate", "C-1", "{}");
    auto const out = asks({.zone = "2"});
    looks_at(out);
    CHECK(says("it is portable until Wed 11 Mar 2026 00:00"));
    market.wait_until("2026-03-11 00:00");
    looks_at(out);
    CHECK(says("it rests until Tue 11 Aug 2026 00:00"));
    CHECK(says("it is ageing: that is the ground"));
    all_are_known();
}

TEST_CASE_FIXTURE(Desk, "reasons about mobile numbers of natural persons") {
    bravo.does("contract.put", "C-1", R"({"customer":{"kind":"natural","name":"An Peeters"},"network":"mobile",
        "product":"Prepaid 15","numbers":["+32470112233"]})");
    bravo.does("contract.put", "C-2", R"({"customer":{"kind":"natural","name":"An Peeters"},"network":"mobile",
        "product":"Mobile Flat","numbers":["+32470112234"]})");
    looks_at(asks({.numbers = "+32470112233..+32470112234", .network = "mobile", .legal_person = false, .customer = "An Peeters"}));
    CHECK(says("only when no call was ever made"));
    CHECK(says("contract C-2 is no prepaid one"));
    CHECK(says("the request carries the last name only"));
    CHECK(says("only geographic numbers"));
    all_are_known();
}

TEST_CASE("reasons that only a late answer or a careless recipient brings about") {
    for (auto const* const why :
         {"it is not on our record", "it is of a block of BRAVO", "we do not serve it; its block is of BRAVO",
          "we know neither the number nor a block that it is of", "it is not assigned at all", "it is ported_out",
          "it is returned", "it is free", "it is of zone 2 (Brussels), the installation is in zone 9 (be.move)",
          "no contract of ours is in force for it that the request could be compared with", "PO-000002 asks for it already",
          "contract C-1 keeps no customer number to compare with", "the customer number is that of contract C-1",
          "contract C-1 has another customer number"}) {
        CAPTURE(why);
        CHECK(words::is_known(why));
    }
}

TEST_CASE("a reason in Dutch and French, as a clerk reads it") {
    auto const in = [](Language language, std::string_view english) {
        auto text = words::translated(english, language);
        for (auto at = text.find("\u00a0"); at != std::string::npos; at = text.find("\u00a0")) text.replace(at, 2, " ");
        return text;
    };
    CHECK(in(Language::nl, "it is portable until Wed 11 Mar 2026 00:00: the month after its contract still runs (be.grace)") ==
          "het kan worden overgedragen tot wo 11 mrt 2026 00:00: de maand na het contract loopt nog (be.grace)");
    CHECK(in(Language::fr, "contract C-2 differs in name, house number") == "le contrat C-2 diffère pour : nom, numéro de maison");
    CHECK(in(Language::nl, "no fate is stated for +3225501110..+3225501119 and 3 more") ==
          "niet gezegd is wat er gebeurt met +3225501110..+3225501119 en nog 3 andere");
}
