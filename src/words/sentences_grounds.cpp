/// Why a ground of refusal may be given for a number, or may not (porting/admissible.cpp).

#include "words/catalogue.hpp"

#include <array>

namespace npod::words {

namespace {

// clang-format off
constexpr std::array texts{
    // ------------------------------------------------------------------------------------ the number and where it belongs
    Text{"it is on our own record", "het staat in onze eigen gegevens", "il figure dans nos propres données"},
    Text{"it is not on our record", "het staat niet in onze gegevens", "il ne figure pas dans nos données"},
    Text{"it is of a block of {holder}", "het hoort bij een nummerblok van {holder}", "il appartient à un bloc de {holder}"},
    Text{"we know neither the number nor a block that it is of",
         "wij kennen het nummer niet, en ook geen nummerblok waar het bij hoort",
         "nous ne connaissons ni le numéro ni un bloc auquel il appartiendrait"},
    Text{"we do not serve it; its block is of {holder}",
         "wij leveren er geen dienst op; het nummerblok is van {holder}",
         "nous n'y fournissons aucun service ; son bloc est à {holder}"},
    Text{"it is not assigned at all", "het is helemaal niet toegekend", "il n'est pas attribué du tout"},
    Text{"it is {state:said}", "de toestand is: {state}", "son état est : {state}"},
    Text{"it is ageing: that is the ground", "het rust: dat is zelf de weigeringsgrond", "il est au repos : c'est là le motif"},
    Text{"it rests until {until:when}, and its month is over",
         "het rust tot {until} en de maand na het contract is voorbij",
         "il est au repos jusqu'au {until} et le mois qui suit le contrat est écoulé"},
    Text{"it is portable until {until:when}: the month after its contract still runs (be.grace)",
         "het kan worden overgedragen tot {until}: de maand na het contract loopt nog (be.grace)",
         "il peut être transféré jusqu'au {until} : le mois qui suit le contrat court encore (be.grace)"},
    Text{"only geographic numbers have a zone", "alleen geografische nummers hebben een zone", "seuls les numéros géographiques ont une zone"},
    Text{"it is of zone {zone} ({name}); the request names no place (be.move)",
         "het hoort bij zone {zone} ({name}); de aanvraag noemt geen plaats (be.move)",
         "il appartient à la zone {zone} ({name}) ; la demande n'indique aucun lieu (be.move)"},
    Text{"it is of zone {zone} ({name}), where the installation is",
         "het hoort bij zone {zone} ({name}), waar de installatie staat",
         "il appartient à la zone {zone} ({name}), où se trouve l'installation"},
    Text{"it is of zone {zone} ({name}), the installation is in zone {other} (be.move)",
         "het hoort bij zone {zone} ({name}), de installatie staat in zone {other} (be.move)",
         "il appartient à la zone {zone} ({name}), l'installation se trouve dans la zone {other} (be.move)"},
    Text{"every number of its range has a fate",
         "voor elk nummer van de reeks is gezegd wat ermee gebeurt",
         "le sort de chaque numéro de sa série est indiqué"},
    Text{"no fate is stated for {numbers}",
         "niet gezegd is wat er gebeurt met {numbers}",
         "il n'est pas indiqué ce que deviennent {numbers}"},
    Text{"no fate is stated for {numbers} and {count} more",
         "niet gezegd is wat er gebeurt met {numbers} en nog {count} andere",
         "il n'est pas indiqué ce que deviennent {numbers} et {count} autres"},
    Text{"{port} asks for it already", "{port} vraagt het al", "{port} le demande déjà"},
    Text{"nobody else asks for it", "niemand anders vraagt het", "personne d'autre ne le demande"},

    // ------------------------------------------------------------------------------------------ the contract and its titular
    Text{"no contract of ours is in force for it that the request could be compared with",
         "er loopt bij ons geen contract voor dit nummer waarmee de aanvraag vergeleken kan worden",
         "aucun contrat chez nous n'est en vigueur pour ce numéro, auquel la demande pourrait être comparée"},
    Text{"only prepaid mobile numbers can be that, and it is fixed",
         "dat kan alleen bij voorafbetaalde mobiele nummers, en dit is een vast nummer",
         "seuls des numéros mobiles prépayés peuvent l'être, et celui-ci est fixe"},
    Text{"contract {contract} is no prepaid one: {product}",
         "contract {contract} is niet voorafbetaald: {product}",
         "le contrat {contract} n'est pas prépayé : {product}"},
    Text{"only when no call was ever made on a prepaid card",
         "alleen als er met een voorafbetaalde kaart nog nooit gebeld is",
         "uniquement si aucun appel n'a jamais été effectué avec une carte prépayée"},
    Text{"name, postcode and house number agree with contract {contract}, as far as told",
         "naam, postcode en huisnummer komen overeen met contract {contract}, voor zover opgegeven",
         "le nom, le code postal et le numéro de maison correspondent au contrat {contract}, pour autant qu'ils soient indiqués"},
    Text{"contract {contract} differs in {parts:list}", "contract {contract} wijkt af voor: {parts}", "le contrat {contract} diffère pour : {parts}"},
    Text{"name", "naam", "nom"},
    Text{"postcode", "postcode", "code postal"},
    Text{"house number", "huisnummer", "numéro de maison"},
    Text{"the request names no customer number that could be wrong",
         "de aanvraag noemt geen klantnummer dat fout kan zijn",
         "la demande n'indique aucun numéro de client qui puisse être erroné"},
    Text{"contract {contract} keeps no customer number to compare with",
         "contract {contract} heeft geen klantnummer om mee te vergelijken",
         "le contrat {contract} n'a pas de numéro de client auquel comparer"},
    Text{"the customer number is that of contract {contract}",
         "het klantnummer is dat van contract {contract}",
         "le numéro de client est celui du contrat {contract}"},
    Text{"contract {contract} has another customer number",
         "contract {contract} heeft een ander klantnummer",
         "le contrat {contract} a un autre numéro de client"},
    Text{"the request is in the name of the titular of contract {contract}",
         "de aanvraag staat op naam van de titularis van contract {contract}",
         "la demande est au nom du titulaire du contrat {contract}"},
    Text{"the request carries the last name only; another person may bear it",
         "de aanvraag vermeldt alleen de familienaam; iemand anders kan ook zo heten",
         "la demande ne porte que le nom de famille ; une autre personne peut le porter"},
    Text{"the request is in another name than contract {contract}",
         "de aanvraag staat op een andere naam dan contract {contract}",
         "la demande est à un autre nom que le contrat {contract}"},
    Text{"the wire carries no mandate: ask the recipient for it first (be.mandate)",
         "het berichtenverkeer bevat geen volmacht: vraag ze eerst aan de ontvangende operator (be.mandate)",
         "les messages ne contiennent pas de mandat : demandez-le d'abord à l'opérateur receveur (be.mandate)"},
    Text{"with a text that says what it is", "met een tekst die zegt wat het is", "avec un texte qui dit ce dont il s'agit"},
};
// clang-format on

} // namespace

std::span<Text const> ground_texts() { return texts; }

} // namespace npod::words
