/// Letters of the donor and of whoever holds a contract: what left, what stays, what can still be taken along.

#include "words/notice_writer.hpp"
#include "words/values.hpp"

#include <algorithm>
#include <map>

namespace npod::words {

using porting::Contract;
using porting::Line;
using porting::NumberRange;
using porting::Port;

namespace {

// clang-format off
constexpr OneOrMany gone{
    {"On {at} your number {numbers} was transferred to operator {recipient}.",
     "Op {at} werd uw nummer {numbers} overgedragen naar operator {recipient}.",
     "Le {at}, votre numéro {numbers} a été transféré à l'opérateur {recipient}."},
    {"On {at} your numbers {numbers} were transferred to operator {recipient}.",
     "Op {at} werden uw nummers {numbers} overgedragen naar operator {recipient}.",
     "Le {at}, vos numéros {numbers} ont été transférés à l'opérateur {recipient}."}};
constexpr OneOrMany ended_for{
    {"From that moment your contract {contract} has ended for this number, and only for this one.",
     "Sinds dat moment is uw contract {contract} voor dit nummer beëindigd, en alleen voor dit nummer.",
     "Depuis ce moment, votre contrat {contract} a pris fin pour ce numéro, et uniquement pour celui-ci."},
    {"From that moment your contract {contract} has ended for these numbers, and only for these.",
     "Sinds dat moment is uw contract {contract} voor deze nummers beëindigd, en alleen voor deze nummers.",
     "Depuis ce moment, votre contrat {contract} a pris fin pour ces numéros, et uniquement pour ceux-ci."}};
constexpr OneOrMany stays{
    {"Your number {numbers} stays with us. For this number the contract remains in force on the same terms.",
     "Uw nummer {numbers} blijft bij ons. Voor dit nummer blijft het contract van kracht, onder dezelfde voorwaarden.",
     "Votre numéro {numbers} reste chez nous. Pour ce numéro, le contrat demeure en vigueur, aux mêmes conditions."},
    {"Your numbers {numbers} stay with us. For these numbers the contract remains in force on the same terms.",
     "Uw nummers {numbers} blijven bij ons. Voor deze nummers blijft het contract van kracht, onder dezelfde voorwaarden.",
     "Vos numéros {numbers} restent chez nous. Pour ces numéros, le contrat demeure en vigueur, aux mêmes conditions."}};
constexpr Text licence_each{
    "Licences of {product} that remain, one for each number: {count}.",
    "Overblijvende licenties van {product}, één per nummer: {count}.",
    "Licences restantes de {product}, une par numéro : {count}."};
constexpr Text licence_multi{
    "Numbers that remain of {product}: {count}; end users that go with them: {users}.",
    "Overblijvende nummers van {product}: {count}; daarbij horende eindgebruikers: {users}.",
    "Numéros restants de {product} : {count} ; utilisateurs finaux correspondants : {users}."};
constexpr Text ended_wholly{
    "With that, all numbers of your contract {contract} have been transferred. The contract has therefore ended by itself on {at}; you need not cancel it.",
    "Daarmee zijn alle nummers van uw contract {contract} overgedragen. Het contract is daardoor vanzelf geëindigd op {at}; u hoeft het niet op te zeggen.",
    "Tous les numéros de votre contrat {contract} sont ainsi transférés. Le contrat a donc pris fin de lui-même le {at} ; vous ne devez pas le résilier."};
constexpr Text nothing_ends{
    "No contract with us ends by this: yours had ended before.",
    "Hierdoor eindigt er geen contract bij ons: het uwe was al beëindigd.",
    "Aucun contrat chez nous ne prend fin de ce fait : le vôtre avait déjà pris fin."};
constexpr OneOrMany asked{
    {"Operator {recipient} asked us on {requested} to transfer your number {numbers}.",
     "Operator {recipient} heeft ons op {requested} gevraagd om uw nummer {numbers} over te dragen.",
     "L'opérateur {recipient} nous a demandé le {requested} de transférer votre numéro {numbers}."},
    {"Operator {recipient} asked us on {requested} to transfer your numbers {numbers}.",
     "Operator {recipient} heeft ons op {requested} gevraagd om uw nummers {numbers} over te dragen.",
     "L'opérateur {recipient} nous a demandé le {requested} de transférer vos numéros {numbers}."}};
constexpr Text agreed{
    "We agreed. Operator {recipient} decides when, from {at} on.",
    "Wij zijn akkoord. Operator {recipient} bepaalt wanneer, vanaf {at}.",
    "Nous sommes d'accord. L'opérateur {recipient} décide du moment, à partir du {at}."};
constexpr Text until_then{
    "Until the transfer nothing changes: your service and your contract with us go on. You need not cancel anything.",
    "Tot de overdracht verandert er niets: uw dienst en uw contract bij ons lopen door. U hoeft niets op te zeggen.",
    "Jusqu'au transfert, rien ne change : votre service et votre contrat chez nous continuent. Vous ne devez rien résilier."};
constexpr OneOrMany refused{
    {"We could not let your number {numbers} go to operator {recipient}. We told that operator why; ask it what you can do.",
     "Wij konden uw nummer {numbers} niet laten gaan naar operator {recipient}. Wij hebben die operator gezegd waarom; vraag daar wat u kunt doen.",
     "Nous n'avons pas pu laisser partir votre numéro {numbers} vers l'opérateur {recipient}. Nous lui avons dit pourquoi ; demandez-lui ce que vous pouvez faire."},
    {"We could not let your numbers {numbers} go to operator {recipient}. We told that operator why; ask it what you can do.",
     "Wij konden uw nummers {numbers} niet laten gaan naar operator {recipient}. Wij hebben die operator gezegd waarom; vraag daar wat u kunt doen.",
     "Nous n'avons pas pu laisser partir vos numéros {numbers} vers l'opérateur {recipient}. Nous lui avons dit pourquoi ; demandez-lui ce que vous pouvez faire."}};
constexpr OneOrMany withdrawn{
    {"The transfer of your number {numbers} to operator {recipient} does not take place. The number stays with us and nothing changes.",
     "De overdracht van uw nummer {numbers} naar operator {recipient} gaat niet door. Het nummer blijft bij ons en er verandert niets.",
     "Le transfert de votre numéro {numbers} à l'opérateur {recipient} n'a pas lieu. Le numéro reste chez nous et rien ne change."},
    {"The transfer of your numbers {numbers} to operator {recipient} does not take place. The numbers stay with us and nothing changes.",
     "De overdracht van uw nummers {numbers} naar operator {recipient} gaat niet door. De nummers blijven bij ons en er verandert niets.",
     "Le transfert de vos numéros {numbers} à l'opérateur {recipient} n'a pas lieu. Les numéros restent chez nous et rien ne change."}};

constexpr Text terminated{
    "Your contract {contract} ended on {at}.",
    "Uw contract {contract} is geëindigd op {at}.",
    "Votre contrat {contract} a pris fin le {at}."};
constexpr Text will_end{
    "You terminated your contract {contract}. It ends on {at}; until then nothing changes.",
    "U hebt uw contract {contract} opgezegd. Het eindigt op {at}; tot dan verandert er niets.",
    "Vous avez résilié votre contrat {contract}. Il prend fin le {at} ; d'ici là, rien ne change."};
constexpr OneOrMany still_portable{
    {"You can still have your number {numbers} transferred to another operator, until {until} included. Ask that operator for it in time; you need no contract with us for that.",
     "U kunt uw nummer {numbers} nog laten overdragen naar een andere operator, tot en met {until}. Vraag het op tijd aan die operator; u hebt daarvoor geen contract bij ons nodig.",
     "Vous pouvez encore faire transférer votre numéro {numbers} chez un autre opérateur, jusqu'au {until} inclus. Demandez-le à temps à cet opérateur ; il ne faut pas de contrat chez nous pour cela."},
    {"You can still have your numbers {numbers} transferred to another operator, until {until} included. Ask that operator for it in time; you need no contract with us for that.",
     "U kunt uw nummers {numbers} nog laten overdragen naar een andere operator, tot en met {until}. Vraag het op tijd aan die operator; u hebt daarvoor geen contract bij ons nodig.",
     "Vous pouvez encore faire transférer vos numéros {numbers} chez un autre opérateur, jusqu'au {until} inclus. Demandez-le à temps à cet opérateur ; il ne faut pas de contrat chez nous pour cela."}};
constexpr OneOrMany renounced{
    {"When the contract ended you gave up the right to take your number {numbers} along.",
     "Bij het einde van het contract hebt u afgezien van het recht om uw nummer {numbers} mee te nemen.",
     "À la fin du contrat, vous avez renoncé au droit d'emporter votre numéro {numbers}."},
    {"When the contract ended you gave up the right to take your numbers {numbers} along.",
     "Bij het einde van het contract hebt u afgezien van het recht om uw nummers {numbers} mee te nemen.",
     "À la fin du contrat, vous avez renoncé au droit d'emporter vos numéros {numbers}."}};
constexpr OneOrMany month_is_over{
    {"Your number {numbers} can no longer be transferred: the month after the end of the contract is over.",
     "Uw nummer {numbers} kan niet meer worden overgedragen: de maand na het einde van het contract is voorbij.",
     "Votre numéro {numbers} ne peut plus être transféré : le mois qui suit la fin du contrat est écoulé."},
    {"Your numbers {numbers} can no longer be transferred: the month after the end of the contract is over.",
     "Uw nummers {numbers} kunnen niet meer worden overgedragen: de maand na het einde van het contract is voorbij.",
     "Vos numéros {numbers} ne peuvent plus être transférés : le mois qui suit la fin du contrat est écoulé."}};
constexpr OneOrMany then_rests_own{
    {"If nobody asks for it by then, it rests until {until} included and may then be given to somebody else.",
     "Als niemand erom vraagt, rust het tot en met {until} en mag het daarna aan iemand anders worden gegeven.",
     "Si personne ne le demande, il est mis au repos jusqu'au {until} inclus et peut ensuite être attribué à quelqu'un d'autre."},
    {"If nobody asks for them by then, they rest until {until} included and may then be given to somebody else.",
     "Als niemand erom vraagt, rusten ze tot en met {until} en mogen ze daarna aan iemand anders worden gegeven.",
     "Si personne ne les demande, ils sont mis au repos jusqu'au {until} inclus et peuvent ensuite être attribués à quelqu'un d'autre."}};
constexpr OneOrMany rests_own{
    {"It rests until {until} included and may then be given to somebody else.",
     "Het rust tot en met {until} en mag daarna aan iemand anders worden gegeven.",
     "Il est mis au repos jusqu'au {until} inclus et peut ensuite être attribué à quelqu'un d'autre."},
    {"They rest until {until} included and may then be given to somebody else.",
     "Ze rusten tot en met {until} en mogen daarna aan iemand anders worden gegeven.",
     "Ils sont mis au repos jusqu'au {until} inclus et peuvent ensuite être attribués à quelqu'un d'autre."}};
constexpr OneOrMany then_rests_foreign{
    {"If nobody asks for it by then, it rests until {until} included and then goes back to operator {holder}, to whose block it belongs.",
     "Als niemand erom vraagt, rust het tot en met {until} en gaat het daarna terug naar operator {holder}, bij wiens nummerblok het hoort.",
     "Si personne ne le demande, il est mis au repos jusqu'au {until} inclus et retourne ensuite à l'opérateur {holder}, au bloc duquel il appartient."},
    {"If nobody asks for them by then, they rest until {until} included and then go back to operator {holder}, to whose block they belong.",
     "Als niemand erom vraagt, rusten ze tot en met {until} en gaan ze daarna terug naar operator {holder}, bij wiens nummerblok ze horen.",
     "Si personne ne les demande, ils sont mis au repos jusqu'au {until} inclus et retournent ensuite à l'opérateur {holder}, au bloc duquel ils appartiennent."}};
constexpr OneOrMany rests_foreign{
    {"It rests until {until} included and then goes back to operator {holder}, to whose block it belongs.",
     "Het rust tot en met {until} en gaat daarna terug naar operator {holder}, bij wiens nummerblok het hoort.",
     "Il est mis au repos jusqu'au {until} inclus et retourne ensuite à l'opérateur {holder}, au bloc duquel il appartient."},
    {"They rest until {until} included and then go back to operator {holder}, to whose block they belong.",
     "Ze rusten tot en met {until} en gaan daarna terug naar operator {holder}, bij wiens nummerblok ze horen.",
     "Ils sont mis au repos jusqu'au {until} inclus et retournent ensuite à l'opérateur {holder}, au bloc duquel ils appartiennent."}};
constexpr OneOrMany in_force{
    {"Your contract {contract} is in force for your number {numbers}.",
     "Uw contract {contract} geldt voor uw nummer {numbers}.",
     "Votre contrat {contract} est en vigueur pour votre numéro {numbers}."},
    {"Your contract {contract} is in force for your numbers {numbers}.",
     "Uw contract {contract} geldt voor uw nummers {numbers}.",
     "Votre contrat {contract} est en vigueur pour vos numéros {numbers}."}};

constexpr Text subject_partial{"A part of your numbers has been transferred", "Een deel van uw nummers is overgedragen", "Une partie de vos numéros a été transférée"};
constexpr Text subject_whole{"Your numbers have been transferred and your contract has ended", "Uw nummers zijn overgedragen en uw contract is geëindigd", "Vos numéros ont été transférés et votre contrat a pris fin"};
constexpr Text subject_moved{"Your transfer is complete", "Uw overdracht is voltooid", "Votre transfert est terminé"};
constexpr Text subject_asked{"A transfer of your numbers has been asked for", "Er is een overdracht van uw nummers gevraagd", "Un transfert de vos numéros a été demandé"};
constexpr Text subject_refused{"Your transfer was refused", "Uw overdracht is geweigerd", "Votre transfert a été refusé"};
constexpr Text subject_ended{"Your transfer does not take place", "Uw overdracht gaat niet door", "Votre transfert n'a pas lieu"};
constexpr Text subject_portable{"Your contract has ended: you can still take your numbers along", "Uw contract is geëindigd: u kunt uw nummers nog meenemen", "Votre contrat a pris fin : vous pouvez encore emporter vos numéros"};
constexpr Text subject_over{"Your contract has ended", "Uw contract is geëindigd", "Votre contrat a pris fin"};
constexpr Text subject_ending{"Your contract is going to end", "Uw contract loopt af", "Votre contrat va prendre fin"};
constexpr Text subject_in_force{"Your contract", "Uw contract", "Votre contrat"};
// clang-format on

bool is_gone(Line const& line) { return line.state == "executed" && line.effective_at.has_value(); }

/// What left, by the moment at which it did.
std::map<Moment, std::vector<NumberRange>> departures(std::vector<Line> const& lines) {
    std::map<Moment, std::vector<NumberRange>> by_moment;
    for (auto const& line : lines)
        if (is_gone(line)) by_moment[*line.effective_at].push_back(line.numbers);
    return by_moment;
}

/// What the contract became through the port: nothing when it had ended before.
void say_contract_after(NoticeWriter& writer, Port const& port, std::vector<NumberRange> const& left, Moment last) {
    auto const contract = port.contract ? writer.telling().book.contract(port.contract) : std::nullopt;
    if (!contract || (contract->ended_at && *contract->ended_at < last)) {
        writer.about("ported", subject_moved);
        return writer.say(nothing_ends);
    }
    if (contract->state == "ended") {
        writer.about("whole_end", subject_whole);
        writer.say(ended_wholly, {{"contract", contract->id.text}, {"at", writer.at(contract->ended_at.value_or(last))}});
        return writer.by("be.end.full", last);
    }
    writer.about("partial_end", subject_partial);
    writer.say(porting::count(left) == 1 ? ended_for.one : ended_for.many, {{"contract", contract->id.text}});
    writer.by("be.end.partial", last);
    say_what_stays(writer, *contract);
}

void say_open(NoticeWriter& writer, Port const& port, std::vector<Line> const& lines) {
    writer.say(asked, numbers_of(lines), {{"recipient", port.recipient.text}, {"requested", writer.at(port.requested_at)}});
    auto const possible = std::ranges::find_if(lines, [](Line const& line) { return line.first_possible && line.state == "awaiting_execution"; });
    if (possible != lines.end())
        writer.say(agreed, {{"recipient", port.recipient.text}, {"at", writer.at(*possible->first_possible)}});
    writer.say(until_then);
    writer.by("be.end.partial", port.requested_at);
    writer.by("be.lead", port.requested_at);
}

void say_no(NoticeWriter& writer, Port const& port, std::vector<Line> const& lines) {
    writer.say(refused, numbers_of(lines), {{"recipient", port.recipient.text}});
    writer.by("be.lead", port.requested_at);
    writer.by("be.refuse.all_grounds", port.requested_at);
}

/// Numbers of an ended contract that share a fate.
struct Fate {
    std::string state;
    std::optional<Moment> portable_until;
    Moment ageing_until;
    std::string holder; ///< of the block, when it is not ours
    auto operator<=>(Fate const&) const = default;
};

std::map<Fate, std::vector<NumberRange>> fates_of(Contract const& contract, Telling const& telling) {
    std::map<Fate, std::vector<NumberRange>> fates;
    for (auto const& range : contract.original_numbers)
        for (auto number = range.first; number <= range.last; number = number.next()) {
            auto const record = telling.book.number(number);
            if (!record || record->last_contract != contract.id) continue;
            if (record->state != "portable" && record->state != "ageing") continue;
            auto const ended = record->contract_ended_at.value_or(telling.now);
            auto const holder = telling.book.block_holder(number).value_or(telling.own);
            fates[{record->state, record->state == "portable" ? record->portable_until : std::nullopt,
                   record->ageing_until.value_or(telling.law.due("be.ageing.min", ended)),
                   holder == telling.own ? "" : holder.text}]
                .push_back({number, number});
        }
    return fates;
}

void say_fate(NoticeWriter& writer, Contract const& contract, Fate const& fate, std::vector<NumberRange> const& numbers) {
    auto const ended = contract.ended_at.value_or(writer.telling().now);
    bool const portable = fate.portable_until.has_value();
    if (portable)
        writer.say(still_portable, numbers, {{"until", writer.last_day(*fate.portable_until)}});
    else
        writer.say(contract.renounced ? renounced : month_is_over, numbers);
    writer.by(contract.renounced && !portable ? "be.grace.renounceable" : "be.grace", ended);
    auto const until = writer.last_day(fate.ageing_until);
    if (fate.holder.empty())
        writer.say(portable ? then_rests_own : rests_own, numbers, {{"until", until}});
    else
        writer.say(portable ? then_rests_foreign : rests_foreign, numbers, {{"until", until}, {"holder", fate.holder}});
    writer.by("be.ageing.min", ended);
    writer.by(fate.holder.empty() ? "be.grace.after.own" : "be.grace.after.foreign", ended);
}

void write_ended(NoticeWriter& writer, Contract const& contract) {
    auto const fates = fates_of(contract, writer.telling());
    bool const portable = std::ranges::any_of(fates, [](auto const& fate) { return fate.first.portable_until.has_value(); });
    writer.about(portable ? "portable" : "ended", portable ? subject_portable : subject_over);
    writer.say(terminated, {{"contract", contract.id.text}, {"at", writer.at(contract.ended_at.value_or(contract.since))}});
    for (auto const& [fate, numbers] : fates) say_fate(writer, contract, fate, numbers);
}

void write_ending(NoticeWriter& writer, Contract const& contract, Moment end) {
    writer.about("ending", subject_ending);
    writer.say(will_end, {{"contract", contract.id.text}, {"at", writer.at(end)}});
    if (contract.renounced) return;
    auto const window = writer.telling().law.deadline("be.grace", end);
    writer.say(still_portable, contract.numbers, {{"until", writer.last_day(window.due)}});
    writer.by("be.grace", end);
}

} // namespace

void say_what_stays(NoticeWriter& writer, Contract const& contract) {
    if (contract.numbers.empty()) return;
    writer.say(stays, contract.numbers);
    auto const& law = writer.telling().law;
    auto const now = writer.telling().now;
    auto const count = porting::count(contract.numbers);
    if (contract.product.ends_with("Multi") && law.find("be.licence.multi.extra_numbers", now)) {
        auto const extra = law.count("be.licence.multi.extra_numbers", now);
        writer.say(licence_multi, {{"product", contract.product},
                                   {"count", std::to_string(count)},
                                   {"users", std::to_string(std::max<std::int64_t>(0, count - extra))}});
        writer.by("be.licence.multi.extra_numbers", now);
    } else if (contract.product.ends_with("2 GO") || contract.product.ends_with("Classic")) {
        writer.say(licence_each, {{"product", contract.product}, {"count", std::to_string(count)}});
        writer.by(contract.product.ends_with("2 GO") ? "be.licence.2go.numbers_per_licence" : "be.licence.classic.numbers_per_licence", now);
    }
}

void write_port_out(NoticeWriter& writer, Port const& port) {
    std::vector<Line> open, no, withdrawn_lines;
    auto const lines = writer.telling().book.lines(port.id);
    for (auto const& line : lines) {
        if (is_gone(line)) continue;
        bool const settled = porting::line_settled(port.role, line.state);
        (line.state == "refused" ? no : settled ? withdrawn_lines : open).push_back(line);
    }
    writer.about(!no.empty() ? "refused" : !open.empty() ? "asked" : "ended",
                 !no.empty() ? subject_refused : !open.empty() ? subject_asked : subject_ended);
    auto const left = departures(lines);
    std::vector<NumberRange> all;
    for (auto const& [at, numbers] : left) {
        writer.say(gone, numbers, {{"at", writer.at(at)}, {"recipient", port.recipient.text}});
        all.insert(all.end(), numbers.begin(), numbers.end());
    }
    if (!left.empty()) say_contract_after(writer, port, all, left.rbegin()->first);
    if (!open.empty()) say_open(writer, port, open);
    if (!no.empty()) say_no(writer, port, no);
    if (!withdrawn_lines.empty()) writer.say(withdrawn, numbers_of(withdrawn_lines), {{"recipient", port.recipient.text}});
}

Notice notice_of(Contract const& contract, Telling const& telling) {
    NoticeWriter writer(telling, contract.customer);
    if (contract.state == "ended") {
        write_ended(writer, contract);
    } else if (contract.state == "ending" && contract.terminates_at) {
        write_ending(writer, contract, *contract.terminates_at);
    } else if (contract.state == "partly_ended") {
        writer.about("partial_end", subject_partial);
        say_what_stays(writer, contract);
        writer.by("be.end.partial", telling.now);
    } else {
        writer.about("in_force", subject_in_force);
        writer.say(in_force, contract.numbers, {{"contract", contract.id.text}});
    }
    return writer.finish();
}

} // namespace npod::words
