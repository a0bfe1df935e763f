/// What customers are told, letter by letter. Every letter stands here as a person would write it; dates and amounts are
/// worked out beside the story.

#include "support/world.hpp"
#include "words/catalogue.hpp"
#include "words/notices.hpp"

#include <doctest/doctest.h>

using namespace npod;
using namespace npod::testing;
using words::Notice;

namespace {

words::Telling telling(World const& world, Moment now, Language language) {
    return {world.book(), world.rulebook(), world.code(), now, language};
}

std::string letter_to(World& world, PortId const& port, Moment now, Language language, bool plain = true) {
    auto text = words::letter(words::notice_of(world.port(port), telling(world, now, language)), language, plain);
    // Unbreakable blanks look like others here.
    for (auto at = text.find("\u00a0"); at != std::string::npos; at = text.find("\u00a0")) text.replace(at, 2, " ");
    return text;
}

std::string letter_about(World& world, std::string_view contract, Moment now, Language language) {
    auto text = words::letter(words::notice_of(world.contract(contract), telling(world, now, language)), language, true);
    for (auto at = text.find("\u00a0"); at != std::string::npos; at = text.find("\u00a0")) text.replace(at, 2, " ");
    return text;
}

/// BRAVO decides by hand and lets ALFA have what it asked for on Thursday 2 April 2026 10:00.
struct Moved {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    void move(std::string const& contract, Order const& order) {
        bravo.answers_by_hand();
        bravo.does("contract.put", "C-1", contract);
        in = alfa.orders(order);
        market.carry();
        out = bravo.port_out("+3225501100");
        bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at("2026-04-02 10:00")) + R"("}}]})");
        market.carry();
    }
    void goes_live() {
        market.wait_until("2026-04-02 10:00");
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
    }
};

constexpr auto eleven_numbers = R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"product":"Voice Pro Multi",
  "network":"fixed","end_users":9,"numbers":[{"first":"+3225501100","last":"+3225501110"}]})";
constexpr auto one_number = R"({"customer":{"kind":"legal","name":"Bakkerij Peeters"},"network":"fixed",
  "numbers":["+3225501100"]})";

} // namespace

TEST_CASE_FIXTURE(Moved, "partial end: 8 of 11 numbers have left") {
    move(eleven_numbers, {.numbers = "+3225501100..+3225501107", .keep = "+3225501108..+3225501110"});
    goes_live();
    // Three numbers remain; Voice Pro Multi has two numbers more than end users: one end user.
    CHECK(letter_to(bravo, out, market.now(), Language::en) ==
          "A part of your numbers has been transferred\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "On Thursday 2 April 2026 at 10:00 your numbers +3225501100 to +3225501107 were transferred to operator ALFA.\n\n"
          "From that moment your contract C-1 has ended for these numbers, and only for these.\n\n"
          "Your numbers +3225501108 to +3225501110 stay with us. For these numbers the contract remains in force on the same "
          "terms.\n\n"
          "Numbers that remain of Voice Pro Multi: 3; end users that go with them: 1.\n\n"
          "Kind regards,\nBRAVO\n");
    CHECK(letter_to(bravo, out, market.now(), Language::nl) ==
          "Een deel van uw nummers is overgedragen\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "Op donderdag 2 april 2026 om 10:00 uur werden uw nummers +3225501100 tot en met +3225501107 overgedragen naar "
          "operator ALFA.\n\n"
          "Sinds dat moment is uw contract C-1 voor deze nummers beëindigd, en alleen voor deze nummers.\n\n"
          "Uw nummers +3225501108 tot en met +3225501110 blijven bij ons. Voor deze nummers blijft het contract van kracht, "
          "onder dezelfde voorwaarden.\n\n"
          "Overblijvende nummers van Voice Pro Multi: 3; daarbij horende eindgebruikers: 1.\n\n"
          "Met vriendelijke groeten,\nBRAVO\n");
    CHECK(letter_to(bravo, out, market.now(), Language::fr) ==
          "Une partie de vos numéros a été transférée\n\n"
          "Bonjour Bakkerij Peeters,\n\n"
          "Le jeudi 2 avril 2026 à 10 h 00, vos numéros +3225501100 à +3225501107 ont été transférés à l'opérateur ALFA.\n\n"
          "Depuis ce moment, votre contrat C-1 a pris fin pour ces numéros, et uniquement pour ceux-ci.\n\n"
          "Vos numéros +3225501108 à +3225501110 restent chez nous. Pour ces numéros, le contrat demeure en vigueur, aux "
          "mêmes conditions.\n\n"
          "Numéros restants de Voice Pro Multi : 3 ; utilisateurs finaux correspondants : 1.\n\n"
          "Bien à vous,\nBRAVO\n");
    // The desk reads on what the letter rests.
    auto const with_footer = letter_to(bravo, out, market.now(), Language::nl, false);
    CHECK(contains(with_footer, "\n--\nVoor de dienst: deze brief steunt op\n"
                                "be.end.partial: Einde van een deel van het contract (contract: voorwaarden van de operator, "
                                "uitgaande overdracht (iii))\n"
                                "be.licence.multi.extra_numbers: "));
    // The contract itself says what remains.
    CHECK(words::notice_of(bravo.contract("C-1"), telling(bravo, market.now(), Language::en)).kind == "partial_end");
}

TEST_CASE_FIXTURE(Moved, "whole end: the last number has left, and the contract with it") {
    move(one_number, {});
    goes_live();
    CHECK(letter_to(bravo, out, market.now(), Language::en) ==
          "Your numbers have been transferred and your contract has ended\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "On Thursday 2 April 2026 at 10:00 your number +3225501100 was transferred to operator ALFA.\n\n"
          "With that, all numbers of your contract C-1 have been transferred. The contract has therefore ended by itself on "
          "Thursday 2 April 2026 at 10:00; you need not cancel it.\n\n"
          "Kind regards,\nBRAVO\n");
    CHECK(letter_to(bravo, out, market.now(), Language::nl) ==
          "Uw nummers zijn overgedragen en uw contract is geëindigd\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "Op donderdag 2 april 2026 om 10:00 uur werd uw nummer +3225501100 overgedragen naar operator ALFA.\n\n"
          "Daarmee zijn alle nummers van uw contract C-1 overgedragen. Het contract is daardoor vanzelf geëindigd op donderdag "
          "2 april 2026 om 10:00 uur; u hoeft het niet op te zeggen.\n\n"
          "Met vriendelijke groeten,\nBRAVO\n");
    CHECK(letter_to(bravo, out, market.now(), Language::fr) ==
          "Vos numéros ont été transférés et votre contrat a pris fin\n\n"
          "Bonjour Bakkerij Peeters,\n\n"
          "Le jeudi 2 avril 2026 à 10 h 00, votre numéro +3225501100 a été transféré à l'opérateur ALFA.\n\n"
          "Tous les numéros de votre contrat C-1 sont ainsi transférés. Le contrat a donc pris fin de lui-même le jeudi 2 "
          "avril 2026 à 10 h 00 ; vous ne devez pas le résilier.\n\n"
          "Bien à vous,\nBRAVO\n");
    // In time: the recipient's customer hears that it works, and nothing of money.
    CHECK(letter_to(alfa, in, market.now(), Language::en) ==
          "Your transfer is complete\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "Your number +3225501100 has been working with us since Thursday 2 April 2026 at 10:00.\n\n"
          "Kind regards,\nALFA\n");
}

TEST_CASE("a terminated contract: the month in which numbers can be taken along, then ageing") {
    // Terminated on Saturday 31 January 2026: one month later, clamped, is 28 February until 24:00; six months of rest end
    // on 31 July until 24:00. The block is BRAVO's own.
    Market market("2026-01-31 12:00");
    World& bravo = market.at("BRAVO");
    bravo.knows_block("+3225501000..+3225501999", "BRAVO");
    bravo.has_contract({});
    bravo.does("contract.terminate", "C-1", "{}");
    CHECK(letter_about(bravo, "C-1", market.now(), Language::en) ==
          "Your contract has ended: you can still take your numbers along\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "Your contract C-1 ended on Saturday 31 January 2026 at 12:00.\n\n"
          "You can still have your number +3225501100 transferred to another operator, until Saturday 28 February 2026 "
          "included. Ask that operator for it in time; you need no contract with us for that.\n\n"
          "If nobody asks for it by then, it rests until Friday 31 July 2026 included and may then be given to somebody "
          "else.\n\n"
          "Kind regards,\nBRAVO\n");
    CHECK(letter_about(bravo, "C-1", market.now(), Language::nl) ==
          "Uw contract is geëindigd: u kunt uw nummers nog meenemen\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "Uw contract C-1 is geëindigd op zaterdag 31 januari 2026 om 12:00 uur.\n\n"
          "U kunt uw nummer +3225501100 nog laten overdragen naar een andere operator, tot en met zaterdag 28 februari 2026. "
          "Vraag het op tijd aan die operator; u hebt daarvoor geen contract bij ons nodig.\n\n"
          "Als niemand erom vraagt, rust het tot en met vrijdag 31 juli 2026 en mag het daarna aan iemand anders worden "
          "gegeven.\n\n"
          "Met vriendelijke groeten,\nBRAVO\n");
    CHECK(letter_about(bravo, "C-1", market.now(), Language::fr) ==
          "Votre contrat a pris fin : vous pouvez encore emporter vos numéros\n\n"
          "Bonjour Bakkerij Peeters,\n\n"
          "Votre contrat C-1 a pris fin le samedi 31 janvier 2026 à 12 h 00.\n\n"
          "Vous pouvez encore faire transférer votre numéro +3225501100 chez un autre opérateur, jusqu'au samedi 28 février "
          "2026 inclus. Demandez-le à temps à cet opérateur ; il ne faut pas de contrat chez nous pour cela.\n\n"
          "Si personne ne le demande, il est mis au repos jusqu'au vendredi 31 juillet 2026 inclus et peut ensuite être "
          "attribué à quelqu'un d'autre.\n\n"
          "Bien à vous,\nBRAVO\n");
    market.wait_until("2026-03-01 00:00"); // the month is over
    auto const after = letter_about(bravo, "C-1", market.now(), Language::en);
    CHECK(contains(after, "Your contract has ended\n"));
    CHECK(contains(after, "can no longer be transferred: the month after the end of the contract is over."));
    CHECK(contains(after, "It rests until Friday 31 July 2026 included"));
}

TEST_CASE("several numbers of an ended contract are told of in the plural") {
    // Terminated on Wednesday 1 April: one month later is 1 May until 24:00, six months 1 October until 24:00.
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.knows_block("+3225501000..+3225501999", "BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    bravo.does("contract.terminate", "C-1", "{}");
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::en),
                   "your numbers +3225501100 to +3225501101 transferred to another operator, until Friday 1 May 2026 included."));
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::en), "they rest until Thursday 1 October 2026 included"));
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::nl),
                   "rusten ze tot en met donderdag 1 oktober 2026 en mogen ze daarna aan iemand anders worden gegeven."));
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::fr),
                   "ils sont mis au repos jusqu'au jeudi 1er octobre 2026 inclus et peuvent ensuite être attribués"));
}

TEST_CASE("a letter's language: the customer's own, else that of his contract; a number leaves without saying") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.does("contract.put", "C-1", R"({"customer":{"kind":"legal","name":"Bakkerij Peeters","language":"nl"},
      "network":"fixed","numbers":["+3225501100"]})");
    auto const in = alfa.orders({});
    market.carry();
    auto const out = bravo.port(bravo.port_out("+3225501100"));
    CHECK_FALSE(words::language_of_customer(alfa.port(in), alfa.book()));
    CHECK_FALSE(out.customer.language); // the wire does not carry it
    CHECK(words::language_of_customer(out, bravo.book()) == Language::nl);
    auto told = out;
    told.customer.language = Language::fr;
    CHECK(words::language_of_customer(told, bravo.book()) == Language::fr);
}

TEST_CASE("who gave the month up is told so; a number of another's block goes home") {
    Market market("2026-01-31 12:00");
    World& bravo = market.at("BRAVO");
    World& charl = market.at("CHARL");
    for (auto const* const code : {"BRAVO", "CHARL"}) market.at(code).knows_block("+3225501000..+3225501999", "CHARL");
    charl.has_contract({});
    auto const in = bravo.orders({.donor = "CHARL", .contract = "B-1"});
    market.wait_until("2026-02-02 08:00");
    bravo.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
    market.carry();
    bravo.does("contract.terminate", "B-1", R"({"renounce_portability":true})");
    // Ended on Monday 2 February: six months of rest end on Sunday 2 August until 24:00.
    auto const told = letter_about(bravo, "B-1", market.now(), Language::fr);
    CHECK(contains(told, "À la fin du contrat, vous avez renoncé au droit d'emporter votre numéro +3225501100."));
    CHECK(contains(told, "jusqu'au dimanche 2 août 2026 inclus et retourne ensuite à l'opérateur CHARL"));
}

TEST_CASE("a contract that will end names its month, one in force its numbers") {
    Market market("2026-04-01 10:00");
    World& bravo = market.at("BRAVO");
    bravo.has_contract({.numbers = "+3225501100..+3225501101"});
    auto const in_force = words::notice_of(bravo.contract("C-1"), telling(bravo, market.now(), Language::nl));
    CHECK(in_force.kind == "in_force");
    CHECK(in_force.paragraphs == std::vector<std::string>{"Uw contract C-1 geldt voor uw nummers +3225501100 tot en met +3225501101."});
    bravo.does("contract.terminate", "C-1", R"({"at":"2026-04-30T22:00:00Z"})"); // 1 May 00:00 in Brussels
    // One month after 1 May, until 24:00: 1 June.
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::en), "until Monday 1 June 2026 included"));
    CHECK(contains(letter_about(bravo, "C-1", market.now(), Language::fr), "Il prend fin le vendredi 1er mai 2026 à 0 h 00"));
}

namespace {

/// One number asked for on Wednesday 1 April 10:00; the donor is silent until the 9th; it works on Friday the 10th, 10:00.
///   planned         2 working days:  Good Friday 3 April 18:00
///   right begins    1 working day after the plan: Tuesday 7 April 18:00
///   due             the days of the 8th, 9th and 10th: 1 number x 3 days x 3.00 EUR = 9.00 EUR
///   claim           six months after the request: 1 October, a Thursday; after the port: 10 October, a Saturday
struct Late {
    Market market{"2026-04-01 10:00"};
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    PortId in, out;

    Late() {
        bravo.answers_by_hand();
        bravo.has_contract({});
        in = alfa.orders({});
        market.carry();
        out = bravo.port_out("+3225501100");
    }
    void ends() {
        market.wait_until("2026-04-09 09:00");
        bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at("2026-04-10 10:00")) + R"("}}]})");
        market.carry();
        market.wait_until("2026-04-10 10:00");
        alfa.does("port.activation", in.text, R"({"done":true,"reason":"test call"})");
        market.carry();
    }
};

} // namespace

TEST_CASE_FIXTURE(Late, "a late port: the right to compensation, how much, until when, with whom, and that one must ask") {
    ends();
    CHECK(letter_to(alfa, in, market.now(), Language::en) ==
          "Your transfer is late: your right to compensation\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "Your number +3225501100 has been working with us since Friday 10 April 2026 at 10:00.\n\n"
          "That is later than the law allows: the transfer was planned for Friday 3 April 2026 at 18:00.\n\n"
          "For +3225501100 you are entitled to a compensation of 3.00 EUR per number and per day of delay: 1 number x 3 days x "
          "3.00 EUR = 9.00 EUR.\n\n"
          "This compensation is not paid by itself: only the titular of the numbers can ask for it, with us, operator ALFA. "
          "The request must reach us on Thursday 1 October 2026 at the latest.\n\n"
          "A request that reaches us later, until Saturday 10 October 2026, is examined by one of our staff.\n\n"
          "We pay it, even if your previous operator caused the delay.\n\n"
          "Kind regards,\nALFA\n");
    CHECK(letter_to(alfa, in, market.now(), Language::nl) ==
          "Uw overdracht is te laat: uw recht op vergoeding\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "Uw nummer +3225501100 werkt bij ons sinds vrijdag 10 april 2026 om 10:00 uur.\n\n"
          "Dat is later dan de wet toelaat: de overdracht was gepland voor vrijdag 3 april 2026 om 18:00 uur.\n\n"
          "Voor +3225501100 hebt u recht op een vergoeding van 3,00 EUR per nummer en per dag vertraging: 1 nummer x 3 dagen x "
          "3,00 EUR = 9,00 EUR.\n\n"
          "Deze vergoeding wordt niet vanzelf betaald: alleen de titularis van de nummers kan ze vragen, bij ons, operator "
          "ALFA. De vraag moet ons uiterlijk bereiken op donderdag 1 oktober 2026.\n\n"
          "Een vraag die ons later bereikt, tot en met zaterdag 10 oktober 2026, wordt door een medewerker onderzocht.\n\n"
          "Wij betalen ze, ook als uw vorige operator de vertraging heeft veroorzaakt.\n\n"
          "Met vriendelijke groeten,\nALFA\n");
    CHECK(letter_to(alfa, in, market.now(), Language::fr) ==
          "Votre transfert est en retard : votre droit à une indemnité\n\n"
          "Bonjour Bakkerij Peeters,\n\n"
          "Votre numéro +3225501100 fonctionne chez nous depuis le vendredi 10 avril 2026 à 10 h 00.\n\n"
          "C'est plus tard que la loi ne le permet : le transfert était prévu pour le vendredi 3 avril 2026 à 18 h 00.\n\n"
          "Pour +3225501100, vous avez droit à une indemnité de 3,00 EUR par numéro et par jour de retard : 1 numéro x 3 jours x "
          "3,00 EUR = 9,00 EUR.\n\n"
          "Cette indemnité n'est pas payée automatiquement : seul le titulaire des numéros peut la demander, auprès de nous, "
          "opérateur ALFA. La demande doit nous parvenir au plus tard le jeudi 1er octobre 2026.\n\n"
          "Une demande qui nous parvient plus tard, jusqu'au samedi 10 octobre 2026 inclus, est examinée par un "
          "collaborateur.\n\n"
          "C'est nous qui la payons, même si votre ancien opérateur a causé le retard.\n\n"
          "Bien à vous,\nALFA\n");
    // Whoever has asked is no longer told to ask.
    alfa.does("claim.file", "", R"({"port":")" + in.text + R"(","claimant":"bakkerij peeters","channel":"letter"})");
    auto const asked = letter_to(alfa, in, market.now(), Language::nl);
    CHECK(contains(asked, "Wij hebben uw vraag om vergoeding ontvangen op vrijdag 10 april 2026 om 10:00 uur"));
    CHECK(!contains(asked, "niet vanzelf"));
}

TEST_CASE_FIXTURE(Late, "while it is late the amount is that of today, and it grows") {
    market.wait_until("2026-04-08 09:00"); // the first day of delay has begun: 1 number x 1 day x 3.00 EUR
    auto const told = letter_to(alfa, in, market.now(), Language::nl);
    CHECK(contains(told, "Operator BRAVO heeft niet op tijd geantwoord; wij volgen dit op."));
    CHECK(contains(told, "De overdracht is te laat: ze was gepland voor vrijdag 3 april 2026 om 18:00 uur en is nog niet voltooid."));
    CHECK(contains(told, "1 nummer x 1 dag x 3,00 EUR = 3,00 EUR."));
    CHECK(contains(told, "Dit is het bedrag van vandaag; het groeit tot de overdracht voltooid is."));
    CHECK(contains(told, "Zeg uw contract bij operator BRAVO niet zelf op"));
}

TEST_CASE_FIXTURE(Late, "before the answer: asked, until when, and do not cancel; then the date") {
    // One working day after Wednesday 1 April 10:00: Thursday 2 April 18:00.
    CHECK(letter_to(alfa, in, market.now(), Language::en) ==
          "Your transfer is under way\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "On Wednesday 1 April 2026 at 10:00 we asked operator BRAVO to transfer your number +3225501100 to us.\n\n"
          "We expect its answer by Thursday 2 April 2026 at 18:00 at the latest.\n\n"
          "Do not cancel your contract with operator BRAVO yourself: for the numbers that are transferred it ends by itself, "
          "once the transfer is complete.\n\n"
          "Kind regards,\nALFA\n");
    CHECK(contains(letter_to(bravo, out, market.now(), Language::nl),
                   "Operator ALFA heeft ons op woensdag 1 april 2026 om 10:00 uur gevraagd om uw nummer +3225501100 over te dragen."));
    bravo.does("port.answer", out.text, R"({"decisions":[{"accept":{"at":")" + to_rfc3339(at("2026-04-03 10:00")) + R"("}}]})");
    market.carry();
    auto const planned = letter_to(alfa, in, market.now(), Language::fr);
    CHECK(contains(planned, "La date de votre transfert\n"));
    CHECK(contains(planned, "Votre numéro +3225501100 sera transféré chez nous le vendredi 3 avril 2026 à 10 h 00."));
    CHECK(contains(planned, "selon la loi 1 jour ouvrable au maximum."));
    CHECK(contains(letter_to(bravo, out, market.now(), Language::nl), "Wij zijn akkoord. Operator ALFA bepaalt wanneer, vanaf vrijdag 3 april 2026 om 10:00 uur."));
}

TEST_CASE("a refusal for two grounds: both at once, each with what the customer can do") {
    Market market("2026-04-01 10:00");
    World& alfa = market.at("ALFA");
    World& bravo = market.at("BRAVO");
    bravo.answers_by_hand();
    bravo.has_contract({.customer = "Slagerij Claes"}); // another name than the one who asks
    auto const in = alfa.orders({});
    market.carry();
    auto const out = bravo.port_out("+3225501100");
    bravo.does("port.answer", out.text, R"({"decisions":[{"refuse":{"grounds":["NAME_ADDRESS_MISMATCH","NOT_TITULAR"]}}]})");
    market.carry();
    CHECK(letter_to(alfa, in, market.now(), Language::en) ==
          "Your transfer was refused: what you can do\n\n"
          "Dear Bakkerij Peeters,\n\n"
          "Operator BRAVO refused to transfer your number +3225501100:\n\n"
          "- The name or the address is not the one that your old operator has. Send us the last invoice of your old operator, "
          "so that we can copy both exactly.\n\n"
          "- You are not the titular of this number at your old operator. Have the titular sign the mandate, or take over the "
          "contract first.\n\n"
          "For now nothing changes for you. Once this has been put right we can send a new request.\n\n"
          "The legal time limits then start anew.\n\n"
          "Kind regards,\nALFA\n");
    CHECK(letter_to(alfa, in, market.now(), Language::nl) ==
          "Uw overdracht is geweigerd: wat u kunt doen\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "Operator BRAVO heeft geweigerd uw nummer +3225501100 over te dragen:\n\n"
          "- De naam of het adres is niet wat uw oude operator heeft. Bezorg ons de laatste factuur van uw oude operator, zodat "
          "wij beide precies kunnen overnemen.\n\n"
          "- U bent bij uw oude operator niet de titularis van dit nummer. Laat de titularis de volmacht ondertekenen, of neem "
          "eerst het contract over.\n\n"
          "Voorlopig verandert er voor u niets. Zodra dit in orde is, kunnen wij een nieuwe aanvraag versturen.\n\n"
          "De wettelijke termijnen beginnen dan opnieuw te lopen.\n\n"
          "Met vriendelijke groeten,\nALFA\n");
    CHECK(letter_to(alfa, in, market.now(), Language::fr) ==
          "Votre transfert a été refusé : ce que vous pouvez faire\n\n"
          "Bonjour Bakkerij Peeters,\n\n"
          "L'opérateur BRAVO a refusé de transférer votre numéro +3225501100 :\n\n"
          "- Le nom ou l'adresse ne correspond pas à ce que votre ancien opérateur a enregistré. Envoyez-nous la dernière facture "
          "de votre ancien opérateur, afin que nous puissions reprendre les deux exactement.\n\n"
          "- Vous n'êtes pas le titulaire de ce numéro chez votre ancien opérateur. Faites signer le mandat par le titulaire, ou "
          "reprenez d'abord le contrat.\n\n"
          "Pour l'instant, rien ne change pour vous. Dès que ce point est réglé, nous pouvons envoyer une nouvelle demande.\n\n"
          "Les délais légaux recommencent alors à courir.\n\n"
          "Bien à vous,\nALFA\n");
    CHECK(contains(letter_to(bravo, out, market.now(), Language::en), "We told that operator why; ask it what you can do."));
}

TEST_CASE_FIXTURE(Late, "a cancelled port: both customers' letters say that nothing changes") {
    alfa.does("port.cancel", in.text, R"({"reason":"the customer stays"})");
    market.carry();
    CHECK(letter_to(alfa, in, market.now(), Language::nl) ==
          "Uw overdracht gaat niet door\n\n"
          "Beste Bakkerij Peeters,\n\n"
          "De overdracht van uw nummer +3225501100 is geannuleerd. Het nummer en het contract blijven bij operator BRAVO.\n\n"
          "Met vriendelijke groeten,\nALFA\n");
    CHECK(contains(letter_to(bravo, out, market.now(), Language::fr),
                   "Le transfert de votre numéro +3225501100 à l'opérateur ALFA n'a pas lieu. Le numéro reste chez nous et rien ne change."));
}
