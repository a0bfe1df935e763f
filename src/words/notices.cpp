/// Every letter: how it begins and ends, and what it rests on. What stands between is written per kind.

#include "words/notices.hpp"

#include "words/catalogue.hpp"
#include "words/notice_writer.hpp"
#include "words/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::words {

namespace {

// clang-format off
constexpr Text greeting{"Dear {name},", "Beste {name},", "Bonjour {name},"};
constexpr Text greeting_without_name{"Dear customer,", "Beste klant,", "Cher client,"};
constexpr Text closing{"Kind regards,\n{own}", "Met vriendelijke groeten,\n{own}", "Bien à vous,\n{own}"};
constexpr Text range{"{first} to {last}", "{first} tot en met {last}", "{first} à {last}"};
constexpr Text desk_title{"For the desk: this letter rests on", "Voor de dienst: deze brief steunt op", "Pour le service : cette lettre repose sur"};

/// A ground as its customer is told it: what is wrong, and what he can do.
struct GroundForCustomer {
    porting::Ground ground;
    Text reason, remedy;
};
constexpr std::array grounds_for_customers{
    GroundForCustomer{porting::Ground::not_assigned,
        {"This number was never given to any operator.", "Dit nummer is nooit aan een operator toegekend.", "Ce numéro n'a jamais été attribué à un opérateur."},
        {"Please check it: a digit is probably wrong.", "Kijk het na: waarschijnlijk is er een cijfer verkeerd.", "Vérifiez-le : un chiffre est probablement erroné."}},
    GroundForCustomer{porting::Ground::never_used,
        {"No call was ever made with this prepaid number.", "Met dit voorafbetaalde nummer is nog nooit gebeld.", "Aucun appel n'a jamais été effectué avec ce numéro prépayé."},
        {"Make one call with the old SIM card, then let us know.", "Bel één keer met de oude simkaart en laat het ons weten.", "Passez un appel avec l'ancienne carte SIM, puis prévenez-nous."}},
    GroundForCustomer{porting::Ground::ageing,
        {"Your old contract ended more than a month ago.", "Uw oude contract is meer dan een maand geleden beëindigd.", "Votre ancien contrat a pris fin il y a plus d'un mois."},
        {"The number can no longer be transferred; we can give you a new one.", "Het nummer kan niet meer worden overgedragen; wij kunnen u een nieuw geven.", "Le numéro ne peut plus être transféré ; nous pouvons vous en donner un nouveau."}},
    GroundForCustomer{porting::Ground::out_of_zone,
        {"The number belongs to another telephone zone than your address.", "Het nummer hoort bij een andere telefoonzone dan uw adres.", "Le numéro appartient à une autre zone téléphonique que votre adresse."},
        {"Please check the address that you gave us; outside its zone you need a new number.", "Kijk het adres na dat u ons gaf; buiten de zone hebt u een nieuw nummer nodig.", "Vérifiez l'adresse que vous nous avez donnée ; en dehors de sa zone, il vous faut un nouveau numéro."}},
    GroundForCustomer{porting::Ground::incomplete_range,
        {"The number belongs to a range, and it is not known what must happen to the other numbers of it.", "Het nummer hoort bij een reeks en het is niet bekend wat er met de andere nummers ervan moet gebeuren.", "Le numéro fait partie d'une série et l'on ne sait pas ce que doivent devenir les autres numéros de cette série."},
        {"Tell us for each of those numbers whether it moves, stays or ends.", "Zeg ons voor elk van die nummers of het verhuist, blijft of stopt.", "Dites-nous pour chacun de ces numéros s'il est transféré, s'il reste ou s'il est supprimé."}},
    GroundForCustomer{porting::Ground::name_address_mismatch,
        {"The name or the address is not the one that your old operator has.", "De naam of het adres is niet wat uw oude operator heeft.", "Le nom ou l'adresse ne correspond pas à ce que votre ancien opérateur a enregistré."},
        {"Send us the last invoice of your old operator, so that we can copy both exactly.", "Bezorg ons de laatste factuur van uw oude operator, zodat wij beide precies kunnen overnemen.", "Envoyez-nous la dernière facture de votre ancien opérateur, afin que nous puissions reprendre les deux exactement."}},
    GroundForCustomer{porting::Ground::wrong_account,
        {"The customer number or the SIM card number is not right.", "Het klantnummer of het simkaartnummer klopt niet.", "Le numéro de client ou le numéro de carte SIM n'est pas correct."},
        {"You find it on the last invoice of your old operator, or on the SIM card; please send it to us.", "U vindt het op de laatste factuur van uw oude operator, of op de simkaart; geef het ons door.", "Vous le trouverez sur la dernière facture de votre ancien opérateur, ou sur la carte SIM ; communiquez-le-nous."}},
    GroundForCustomer{porting::Ground::not_titular,
        {"You are not the titular of this number at your old operator.", "U bent bij uw oude operator niet de titularis van dit nummer.", "Vous n'êtes pas le titulaire de ce numéro chez votre ancien opérateur."},
        {"Have the titular sign the mandate, or take over the contract first.", "Laat de titularis de volmacht ondertekenen, of neem eerst het contract over.", "Faites signer le mandat par le titulaire, ou reprenez d'abord le contrat."}},
    GroundForCustomer{porting::Ground::mandate_missing,
        {"There is no mandate of the titular for this number.", "Er is geen volmacht van de titularis voor dit nummer.", "Il n'y a pas de mandat du titulaire pour ce numéro."},
        {"Sign the mandate, or confirm it on-line or by SMS; a phone call is not enough.", "Onderteken de volmacht, of bevestig ze online of per sms; een telefoongesprek volstaat niet.", "Signez le mandat, ou confirmez-le en ligne ou par SMS ; un appel téléphonique ne suffit pas."}},
    GroundForCustomer{porting::Ground::mandate_invalid,
        {"The mandate does not cover this number, its signer or its date.", "De volmacht dekt dit nummer, de ondertekenaar of de datum niet.", "Le mandat ne couvre pas ce numéro, son signataire ou sa date."},
        {"Have the titular sign a new mandate that names every number.", "Laat de titularis een nieuwe volmacht ondertekenen die elk nummer vermeldt.", "Faites signer par le titulaire un nouveau mandat qui cite chaque numéro."}},
    GroundForCustomer{porting::Ground::inactive,
        {"The number is no longer in service, and the month in which it could still be transferred is over.", "Het nummer is niet meer in dienst en de maand waarin het nog kon worden overgedragen, is voorbij.", "Le numéro n'est plus en service et le mois pendant lequel il pouvait encore être transféré est écoulé."},
        {"Please check the number; if it is right, we can give you a new one.", "Kijk het nummer na; als het klopt, kunnen wij u een nieuw geven.", "Vérifiez le numéro ; s'il est correct, nous pouvons vous en donner un nouveau."}},
    GroundForCustomer{porting::Ground::port_in_progress,
        {"Another transfer of this number is already under way.", "Er loopt al een andere overdracht van dit nummer.", "Un autre transfert de ce numéro est déjà en cours."},
        {"Let that one finish or have it cancelled, then let us know.", "Laat die eerst aflopen of annuleren en laat het ons weten.", "Laissez-le se terminer ou faites-le annuler, puis prévenez-nous."}},
    GroundForCustomer{porting::Ground::technical,
        {"Your old operator cannot release the number for a technical reason.", "Uw oude operator kan het nummer om een technische reden niet vrijgeven.", "Votre ancien opérateur ne peut pas libérer le numéro pour une raison technique."},
        {"We look for another moment with your old operator; you need not do anything.", "Wij zoeken met uw oude operator een ander moment; u hoeft niets te doen.", "Nous cherchons un autre moment avec votre ancien opérateur ; vous ne devez rien faire."}},
    GroundForCustomer{porting::Ground::legal,
        {"Your old operator gives a legal reason.", "Uw oude operator geeft een wettelijke reden op.", "Votre ancien opérateur invoque une raison légale."},
        {"We look into it. An unpaid invoice or a running contract is no reason to refuse.", "Wij onderzoeken dit. Een onbetaalde factuur of een lopend contract is geen reden om te weigeren.", "Nous examinons la situation. Une facture impayée ou un contrat en cours n'est pas un motif de refus."}},
};
// clang-format on

constexpr bool in_order_of_the_enumeration() {
    for (std::size_t i = 0; i < grounds_for_customers.size(); ++i)
        if (static_cast<std::size_t>(grounds_for_customers[i].ground) != i) return false;
    return true;
}
static_assert(in_order_of_the_enumeration(), "a ground is found by its number");
static_assert(grounds_for_customers.size() == static_cast<std::size_t>(porting::Ground::legal) + 1, "every ground has its letter");

} // namespace

// --------------------------------------------------------------------------------------------------------- the writer

NoticeWriter::NoticeWriter(Telling const& telling, porting::Customer const& customer) : telling_(telling) {
    auto const language = telling.language;
    notice_.greeting = customer.name.empty() ? words::say(greeting_without_name, language)
                                             : words::say(greeting, language, {{"name", customer.name}});
    notice_.closing = words::say(closing, language, {{"own", telling.own.text}});
}

void NoticeWriter::about(std::string_view kind, Text const& subject) {
    notice_.kind = kind;
    notice_.subject = words::say(subject, telling_.language);
}

void NoticeWriter::say(Text const& text, std::initializer_list<Filling> fillings) {
    notice_.paragraphs.push_back(words::say(text, telling_.language, fillings));
}

void NoticeWriter::say(OneOrMany const& texts, std::vector<porting::NumberRange> const& ranges,
                       std::initializer_list<Filling> fillings) {
    std::vector<Filling> all(fillings);
    all.emplace_back("numbers", numbers(ranges));
    auto const& text = porting::count(ranges) == 1 ? texts.one : texts.many;
    notice_.paragraphs.push_back(words::say(text, telling_.language, all.data(), all.size()));
}

void NoticeWriter::by(std::string_view id, Moment at) {
    auto rule = telling_.law.find(id, at);
    if (!rule) return; // another country's book need not have it
    bool const known = std::ranges::any_of(notice_.rules, [&](auto const& other) { return other.id == rule->id; });
    if (!known) notice_.rules.push_back(std::move(*rule));
}

std::string NoticeWriter::numbers(std::vector<porting::NumberRange> const& ranges) const {
    std::vector<std::string> items;
    for (auto const& part : porting::joined(ranges))
        items.push_back(part.first == part.last
                            ? porting::to_string(part.first)
                            : words::say(range, telling_.language,
                                         {{"first", porting::to_string(part.first)}, {"last", porting::to_string(part.last)}}));
    return list(items, telling_.language);
}

std::string NoticeWriter::at(Moment moment) const { return long_moment(moment, telling_.law.calendar(), telling_.language); }

std::string NoticeWriter::last_day(Moment until) const {
    return long_day(telling_.law.calendar().day_of(until - std::chrono::milliseconds{1}), telling_.language);
}

std::string NoticeWriter::said(std::string_view english) const { return translated(english, telling_.language); }
std::string NoticeWriter::sum(Money money) const { return amount(money, telling_.language); }

void say_grounds(NoticeWriter& writer, std::vector<porting::Ground> const& grounds) {
    constexpr Text item{"- {reason} {remedy}", "- {reason} {remedy}", "- {reason} {remedy}"};
    for (auto const ground : grounds) {
        auto const& entry = grounds_for_customers[static_cast<std::size_t>(ground)];
        auto const language = writer.telling().language;
        writer.say(item, {{"reason", say(entry.reason, language)}, {"remedy", say(entry.remedy, language)}});
    }
}

std::vector<porting::NumberRange> numbers_of(std::vector<porting::Line> const& lines) {
    std::vector<porting::NumberRange> ranges;
    for (auto const& line : lines) ranges.push_back(line.numbers);
    return porting::joined(std::move(ranges));
}

// --------------------------------------------------------------------------------------------------------- the letter

Notice notice_of(porting::Port const& port, Telling const& telling) {
    NoticeWriter writer(telling, port.customer);
    if (port.role == porting::Role::port_in)
        write_port_in(writer, port);
    else
        write_port_out(writer, port);
    return writer.finish();
}

std::optional<Language> language_of_customer(porting::Port const& port, porting::Book const& book) {
    if (port.customer.language || !port.contract) return port.customer.language;
    auto const contract = book.contract(port.contract);
    return contract ? contract->customer.language : std::nullopt;
}

std::string footer(Notice const& notice, Language language) {
    if (notice.rules.empty()) return {};
    auto out = words::say(desk_title, language) + "\n";
    for (auto const& rule : notice.rules)
        out += fmt::format("{}: {} ({}: {})\n", rule.id, translated(rule.title, language),
                           translated(rules::name_of(rule.standing), language), translated(rule.source, language));
    return out;
}

std::string letter(Notice const& notice, Language language, bool plain) {
    auto out = notice.subject + "\n\n" + notice.greeting + "\n\n";
    for (auto const& paragraph : notice.paragraphs) out += paragraph + "\n\n";
    out += notice.closing + "\n";
    auto const below = plain ? std::string() : footer(notice, language);
    return below.empty() ? out : out + "\n--\n" + below;
}

} // namespace npod::words
