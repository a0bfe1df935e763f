/// Days off, and how the calendar tells the arithmetic of a term.

#include "words/catalogue.hpp"

#include <array>

namespace npod::words {

namespace {

// clang-format off
constexpr std::array texts{
    // ------------------------------------------------------------------------------------------------ why a day is off
    Text{"Saturday", "zaterdag", "samedi"},
    Text{"Sunday", "zondag", "dimanche"},
    Text{"New Year's Day", "nieuwjaarsdag", "le jour de l'An"},
    Text{"Easter Sunday", "Pasen", "Pâques"},
    Text{"Easter Monday", "paasmaandag", "le lundi de Pâques"},
    Text{"Labour Day", "de Dag van de Arbeid", "la fête du Travail"},
    Text{"Ascension Day", "Onze-Lieve-Heer-Hemelvaart", "l'Ascension"},
    Text{"Whit Sunday", "Pinksteren", "la Pentecôte"},
    Text{"Whit Monday", "pinkstermaandag", "le lundi de Pentecôte"},
    Text{"National Day", "de nationale feestdag", "la fête nationale"},
    Text{"Assumption Day", "Onze-Lieve-Vrouw-Hemelvaart", "l'Assomption"},
    Text{"All Saints' Day", "Allerheiligen", "la Toussaint"},
    Text{"Armistice Day", "Wapenstilstand", "l'Armistice"},
    Text{"Christmas Day", "Kerstmis", "Noël"},
    Text{"Second Christmas Day", "tweede kerstdag", "le lendemain de Noël"},
    Text{"Queen's Day", "Koninginnedag", "la fête de la Reine"},
    Text{"King's Day", "Koningsdag", "la fête du Roi"},
    Text{"{one:said} and {other:said}", "{one} en {other}", "{one} et {other}"},
    Text{"day off by configuration", "vrije dag volgens de configuratie", "jour de congé selon la configuration"},
    Text{"arrived after the cut-off of {time}", "aangekomen na het afsluituur van {time}", "arrivé après l'heure limite de {time}"},
    Text{"{day:when} ({reason:said})", "{day} ({reason})", "{day} ({reason})"},
    Text{"{count} days that do not count", "{count} dagen die niet meetellen", "{count} jours qui ne comptent pas"},

    // ----------------------------------------------------------------------------------------------------------- terms
    Text{"1 working day", "1 werkdag", "1 jour ouvrable"},
    Text{"{count} working days", "{count} werkdagen", "{count} jours ouvrables"},
    Text{"1 calendar day", "1 kalenderdag", "1 jour calendrier"},
    Text{"{count} calendar days", "{count} kalenderdagen", "{count} jours calendrier"},
    Text{"1 month", "1 maand", "1 mois"},
    Text{"{count} months", "{count} maanden", "{count} mois"},
    Text{"1 hour", "1 uur", "1 heure"},
    Text{"{count} hours", "{count} uur", "{count} heures"},

    // ----------------------------------------------------------------------------------------------- the steps of a term
    Text{"Happened on {at:when}, a working day before the cut-off of {time}: counts as received that day.",
         "Gebeurd op {at}, een werkdag en vóór het afsluituur van {time}: telt als die dag ontvangen.",
         "Survenu le {at}, un jour ouvrable avant l'heure limite de {time} : compte comme reçu ce jour-là."},
    Text{"Happened on {at:when}, not before the cut-off of {time}: counts as received on {day:when}, the next working day.",
         "Gebeurd op {at}, niet vóór het afsluituur van {time}: telt als ontvangen op {day}, de volgende werkdag.",
         "Survenu le {at}, pas avant l'heure limite de {time} : compte comme reçu le {day}, le jour ouvrable suivant."},
    Text{"Happened on {at:when}, no working day ({reason:said}): counts as received on {day:when}, the next working day.",
         "Gebeurd op {at}, geen werkdag ({reason}): telt als ontvangen op {day}, de volgende werkdag.",
         "Survenu le {at}, jour non ouvrable ({reason}) : compte comme reçu le {day}, le jour ouvrable suivant."},
    Text{"Counted from the day of {at:when}, as planned or agreed.",
         "Geteld vanaf de dag van {at}, zoals gepland of afgesproken.",
         "Compté à partir du jour du {at}, comme prévu ou convenu."},
    Text{"Counted from the day of {at:when}.", "Geteld vanaf de dag van {at}.", "Compté à partir du jour du {at}."},
    Text{"The term ends on that same working day.",
         "De termijn eindigt op diezelfde werkdag.",
         "Le délai prend fin ce même jour ouvrable."},
    Text{"{term:said} after {from:when} is {last:when}.", "{term} na {from} is {last}.", "{term} après le {from}, c'est le {last}."},
    Text{"{term:said} after {from:when} falls in a month without a day {day}: its last day, {last:when}.",
         "{term} na {from} valt in een maand zonder dag {day}: de laatste dag ervan, {last}.",
         "{term} après le {from} tombe dans un mois sans jour {day} : son dernier jour, le {last}."},
    Text{"{term:said} after {from:when}, by the clock, is {last:when}.",
         "{term} na {from}, op de klok, is {last}.",
         "{term} après le {from}, à l'horloge, c'est le {last}."},
    Text{"Not counted: {days:list}.", "Niet geteld: {days}.", "Non comptés : {days}."},
    Text{"It ends when the window of that day closes: {at:when}.",
         "De termijn eindigt bij het sluiten van het venster van die dag: {at}.",
         "Le délai prend fin à la fermeture de la plage de ce jour : {at}."},
    Text{"It ends at 24:00 of that day, written {at:when} and exclusive.",
         "De termijn eindigt om 24:00 uur van die dag, geschreven als {at}, dat niet meer meetelt.",
         "Le délai prend fin à 24 h ce jour-là, écrit {at}, exclu."},
    Text{"{day:when} is no working day ({reason:said}): the term runs to the next one, {next:when}.",
         "{day} is geen werkdag ({reason}): de termijn loopt tot de volgende, {next}.",
         "Le {day} n'est pas un jour ouvrable ({reason}) : le délai court jusqu'au suivant, le {next}."},
};
// clang-format on

} // namespace

std::span<Text const> calendar_texts() { return texts; }

} // namespace npod::words
