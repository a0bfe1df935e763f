/// Letters of the recipient: where the transfer of the customer's numbers stands, and his right to compensation.

#include "porting/explain.hpp"
#include "words/notice_writer.hpp"
#include "words/values.hpp"

#include <algorithm>
#include <array>

namespace npod::words {

using porting::Line;
using porting::Port;

namespace {

// clang-format off
constexpr OneOrMany asked{
    {"On {requested} we asked operator {donor} to transfer your number {numbers} to us.",
     "Op {requested} hebben wij operator {donor} gevraagd om uw nummer {numbers} naar ons over te dragen.",
     "Le {requested}, nous avons demandé à l'opérateur {donor} de transférer votre numéro {numbers} chez nous."},
    {"On {requested} we asked operator {donor} to transfer your numbers {numbers} to us.",
     "Op {requested} hebben wij operator {donor} gevraagd om uw nummers {numbers} naar ons over te dragen.",
     "Le {requested}, nous avons demandé à l'opérateur {donor} de transférer vos numéros {numbers} chez nous."}};
constexpr OneOrMany not_sent{
    {"We are preparing the transfer of your number {numbers} from operator {donor}; nothing has been asked yet.",
     "Wij bereiden de overdracht van uw nummer {numbers} van operator {donor} voor; er is nog niets gevraagd.",
     "Nous préparons le transfert de votre numéro {numbers} depuis l'opérateur {donor} ; rien n'a encore été demandé."},
    {"We are preparing the transfer of your numbers {numbers} from operator {donor}; nothing has been asked yet.",
     "Wij bereiden de overdracht van uw nummers {numbers} van operator {donor} voor; er is nog niets gevraagd.",
     "Nous préparons le transfert de vos numéros {numbers} depuis l'opérateur {donor} ; rien n'a encore été demandé."}};
constexpr Text answer_due{
    "We expect its answer by {due} at the latest.",
    "Wij verwachten het antwoord uiterlijk {due}.",
    "Nous attendons sa réponse au plus tard le {due}."};
constexpr Text answer_late{
    "Operator {donor} has not answered in time; we are following this up.",
    "Operator {donor} heeft niet op tijd geantwoord; wij volgen dit op.",
    "L'opérateur {donor} n'a pas répondu à temps ; nous assurons le suivi."};
constexpr OneOrMany planned{
    {"Your number {numbers} will be transferred to us on {at}.",
     "Uw nummer {numbers} wordt naar ons overgedragen op {at}.",
     "Votre numéro {numbers} sera transféré chez nous le {at}."},
    {"Your numbers {numbers} will be transferred to us on {at}.",
     "Uw nummers {numbers} worden naar ons overgedragen op {at}.",
     "Vos numéros {numbers} seront transférés chez nous le {at}."}};
constexpr Text outage{
    "During the transfer you may be unreachable for a while, by law for {term} at most.",
    "Tijdens de overdracht kunt u even onbereikbaar zijn, volgens de wet hoogstens {term}.",
    "Pendant le transfert, vous pouvez être injoignable un moment, selon la loi {term} au maximum."};
constexpr Text do_not_cancel{
    "Do not cancel your contract with operator {donor} yourself: for the numbers that are transferred it ends by itself, once the transfer is complete.",
    "Zeg uw contract bij operator {donor} niet zelf op: voor de nummers die worden overgedragen eindigt het vanzelf, zodra de overdracht voltooid is.",
    "Ne résiliez pas vous-même votre contrat chez l'opérateur {donor} : pour les numéros transférés, il prend fin de lui-même, dès que le transfert est terminé."};
constexpr OneOrMany switching{
    {"The transfer of your number {numbers} is being carried out.",
     "De overdracht van uw nummer {numbers} wordt nu uitgevoerd.",
     "Le transfert de votre numéro {numbers} est en cours d'exécution."},
    {"The transfer of your numbers {numbers} is being carried out.",
     "De overdracht van uw nummers {numbers} wordt nu uitgevoerd.",
     "Le transfert de vos numéros {numbers} est en cours d'exécution."}};
constexpr OneOrMany not_live_yet{
    {"Your number {numbers} should already work with us, and does not yet. We are working on it.",
     "Uw nummer {numbers} had al bij ons moeten werken en doet dat nog niet. Wij werken eraan.",
     "Votre numéro {numbers} devrait déjà fonctionner chez nous et ce n'est pas encore le cas. Nous y travaillons."},
    {"Your numbers {numbers} should already work with us, and do not yet. We are working on it.",
     "Uw nummers {numbers} hadden al bij ons moeten werken en doen dat nog niet. Wij werken eraan.",
     "Vos numéros {numbers} devraient déjà fonctionner chez nous et ce n'est pas encore le cas. Nous y travaillons."}};
constexpr OneOrMany failed{
    {"The transfer of your number {numbers} did not succeed. Operator {donor} serves you on the same terms until we have agreed on a new moment.",
     "De overdracht van uw nummer {numbers} is niet gelukt. Operator {donor} levert de dienst onder dezelfde voorwaarden tot wij een nieuw moment hebben afgesproken.",
     "Le transfert de votre numéro {numbers} n'a pas réussi. L'opérateur {donor} assure le service aux mêmes conditions jusqu'à ce que nous ayons convenu d'un nouveau moment."},
    {"The transfer of your numbers {numbers} did not succeed. Operator {donor} serves you on the same terms until we have agreed on a new moment.",
     "De overdracht van uw nummers {numbers} is niet gelukt. Operator {donor} levert de dienst onder dezelfde voorwaarden tot wij een nieuw moment hebben afgesproken.",
     "Le transfert de vos numéros {numbers} n'a pas réussi. L'opérateur {donor} assure le service aux mêmes conditions jusqu'à ce que nous ayons convenu d'un nouveau moment."}};
constexpr OneOrMany on_hold{
    {"The transfer of your number {numbers} has been put on hold; we will tell you the new date.",
     "De overdracht van uw nummer {numbers} is stilgelegd; wij laten u de nieuwe datum weten.",
     "Le transfert de votre numéro {numbers} est suspendu ; nous vous communiquerons la nouvelle date."},
    {"The transfer of your numbers {numbers} has been put on hold; we will tell you the new date.",
     "De overdracht van uw nummers {numbers} is stilgelegd; wij laten u de nieuwe datum weten.",
     "Le transfert de vos numéros {numbers} est suspendu ; nous vous communiquerons la nouvelle date."}};
constexpr OneOrMany postponed{
    {"Operator {donor} cannot release your number {numbers} yet. It will answer again after {until}.",
     "Operator {donor} kan uw nummer {numbers} nog niet vrijgeven. Na {until} volgt een nieuw antwoord.",
     "L'opérateur {donor} ne peut pas encore libérer votre numéro {numbers}. Il répondra à nouveau après le {until}."},
    {"Operator {donor} cannot release your numbers {numbers} yet. It will answer again after {until}.",
     "Operator {donor} kan uw nummers {numbers} nog niet vrijgeven. Na {until} volgt een nieuw antwoord.",
     "L'opérateur {donor} ne peut pas encore libérer vos numéros {numbers}. Il répondra à nouveau après le {until}."}};
constexpr OneOrMany live{
    {"Your number {numbers} has been working with us since {at}.",
     "Uw nummer {numbers} werkt bij ons sinds {at}.",
     "Votre numéro {numbers} fonctionne chez nous depuis le {at}."},
    {"Your numbers {numbers} have been working with us since {at}.",
     "Uw nummers {numbers} werken bij ons sinds {at}.",
     "Vos numéros {numbers} fonctionnent chez nous depuis le {at}."}};
constexpr OneOrMany refused{
    {"Operator {donor} refused to transfer your number {numbers}:",
     "Operator {donor} heeft geweigerd uw nummer {numbers} over te dragen:",
     "L'opérateur {donor} a refusé de transférer votre numéro {numbers} :"},
    {"Operator {donor} refused to transfer your numbers {numbers}:",
     "Operator {donor} heeft geweigerd uw nummers {numbers} over te dragen:",
     "L'opérateur {donor} a refusé de transférer vos numéros {numbers} :"}};
constexpr Text nothing_changes{
    "For now nothing changes for you. Once this has been put right we can send a new request.",
    "Voorlopig verandert er voor u niets. Zodra dit in orde is, kunnen wij een nieuwe aanvraag versturen.",
    "Pour l'instant, rien ne change pour vous. Dès que ce point est réglé, nous pouvons envoyer une nouvelle demande."};
constexpr Text clock_restarts{
    "The legal time limits then start anew.",
    "De wettelijke termijnen beginnen dan opnieuw te lopen.",
    "Les délais légaux recommencent alors à courir."};
constexpr OneOrMany cancelled{
    {"The transfer of your number {numbers} was cancelled. The number and its contract stay with operator {donor}.",
     "De overdracht van uw nummer {numbers} is geannuleerd. Het nummer en het contract blijven bij operator {donor}.",
     "Le transfert de votre numéro {numbers} a été annulé. Le numéro et son contrat restent chez l'opérateur {donor}."},
    {"The transfer of your numbers {numbers} was cancelled. The numbers and their contract stay with operator {donor}.",
     "De overdracht van uw nummers {numbers} is geannuleerd. De nummers en het contract blijven bij operator {donor}.",
     "Le transfert de vos numéros {numbers} a été annulé. Les numéros et leur contrat restent chez l'opérateur {donor}."}};
constexpr OneOrMany not_done{
    {"The transfer of your number {numbers} was not carried out. If you still want it, let us know and we send a new request.",
     "De overdracht van uw nummer {numbers} is niet uitgevoerd. Wilt u ze nog, laat het ons dan weten; wij versturen een nieuwe aanvraag.",
     "Le transfert de votre numéro {numbers} n'a pas été exécuté. Si vous le souhaitez encore, prévenez-nous et nous enverrons une nouvelle demande."},
    {"The transfer of your numbers {numbers} was not carried out. If you still want it, let us know and we send a new request.",
     "De overdracht van uw nummers {numbers} is niet uitgevoerd. Wilt u ze nog, laat het ons dan weten; wij versturen een nieuwe aanvraag.",
     "Le transfert de vos numéros {numbers} n'a pas été exécuté. Si vous le souhaitez encore, prévenez-nous et nous enverrons une nouvelle demande."}};

constexpr Text late_done{
    "That is later than the law allows: the transfer was planned for {planned}.",
    "Dat is later dan de wet toelaat: de overdracht was gepland voor {planned}.",
    "C'est plus tard que la loi ne le permet : le transfert était prévu pour le {planned}."};
constexpr Text late_still{
    "The transfer is late: it was planned for {planned} and is not complete yet.",
    "De overdracht is te laat: ze was gepland voor {planned} en is nog niet voltooid.",
    "Le transfert est en retard : il était prévu pour le {planned} et n'est pas encore terminé."};
constexpr Text entitled{
    "For {numbers} you are entitled to a compensation of {rate} per number and per day of delay: {count} x {days} x {rate} = {sum}.",
    "Voor {numbers} hebt u recht op een vergoeding van {rate} per nummer en per dag vertraging: {count} x {days} x {rate} = {sum}.",
    "Pour {numbers}, vous avez droit à une indemnité de {rate} par numéro et par jour de retard : {count} x {days} x {rate} = {sum}."};
constexpr Text in_total{"In total: {sum}.", "In totaal: {sum}.", "Au total : {sum}."};
constexpr Text capped{"One claim comes to {sum} at most; that is what you are owed.", "Een aanvraag bedraagt hoogstens {sum}; zoveel is u verschuldigd.",
                      "Une demande s'élève au plus à {sum} ; c'est ce qui vous est dû."};
constexpr Text still_grows{
    "This is the amount of today; it grows until the transfer is complete.",
    "Dit is het bedrag van vandaag; het groeit tot de overdracht voltooid is.",
    "C'est le montant à ce jour ; il augmente jusqu'à ce que le transfert soit terminé."};
constexpr Text not_by_itself{
    "This compensation is not paid by itself: only the titular of the numbers can ask for it, with us, operator {own}. The request must reach us on {until} at the latest.",
    "Deze vergoeding wordt niet vanzelf betaald: alleen de titularis van de nummers kan ze vragen, bij ons, operator {own}. De vraag moet ons uiterlijk bereiken op {until}.",
    "Cette indemnité n'est pas payée automatiquement : seul le titulaire des numéros peut la demander, auprès de nous, opérateur {own}. La demande doit nous parvenir au plus tard le {until}."};
constexpr Text examined_after{
    "A request that reaches us later, until {until}, is examined by one of our staff.",
    "Een vraag die ons later bereikt, tot en met {until}, wordt door een medewerker onderzocht.",
    "Une demande qui nous parvient plus tard, jusqu'au {until} inclus, est examinée par un collaborateur."};
constexpr Text we_pay{
    "We pay it, even if your previous operator caused the delay.",
    "Wij betalen ze, ook als uw vorige operator de vertraging heeft veroorzaakt.",
    "C'est nous qui la payons, même si votre ancien opérateur a causé le retard."};
constexpr Text claim_received{
    "We received your request for compensation on {at} and will tell you our decision.",
    "Wij hebben uw vraag om vergoeding ontvangen op {at} en laten u onze beslissing weten.",
    "Nous avons reçu votre demande d'indemnité le {at} et vous communiquerons notre décision."};
constexpr Text claim_approved{
    "We approved your request for compensation; {sum} will be paid.",
    "Wij hebben uw vraag om vergoeding goedgekeurd; {sum} wordt betaald.",
    "Nous avons approuvé votre demande d'indemnité ; {sum} vous seront payés."};
constexpr Text claim_paid{"We paid you {sum} on {at}.", "Wij hebben u {sum} betaald op {at}.", "Nous vous avons payé {sum} le {at}."};
constexpr Text claim_rejected{
    "We rejected your request for compensation, for this reason: {reason}",
    "Wij hebben uw vraag om vergoeding afgewezen, om deze reden: {reason}",
    "Nous avons rejeté votre demande d'indemnité, pour cette raison : {reason}"};
constexpr Text claim_lapsed{
    "The time in which compensation could be asked for is over.",
    "De termijn om een vergoeding te vragen is voorbij.",
    "Le délai pour demander une indemnité est écoulé."};

constexpr Text subject_late{"Your transfer is late: your right to compensation", "Uw overdracht is te laat: uw recht op vergoeding", "Votre transfert est en retard : votre droit à une indemnité"};
constexpr Text subject_refused{"Your transfer was refused: what you can do", "Uw overdracht is geweigerd: wat u kunt doen", "Votre transfert a été refusé : ce que vous pouvez faire"};
constexpr Text subject_ported{"Your transfer is complete", "Uw overdracht is voltooid", "Votre transfert est terminé"};
constexpr Text subject_planned{"The date of your transfer", "De datum van uw overdracht", "La date de votre transfert"};
constexpr Text subject_ended{"Your transfer does not take place", "Uw overdracht gaat niet door", "Votre transfert n'a pas lieu"};
constexpr Text subject_under_way{"Your transfer is under way", "Uw overdracht is aan de gang", "Votre transfert est en cours"};
// clang-format on

/// Lines that are told in one sentence: same state, same moments, same grounds.
using Group = std::vector<Line>;

std::vector<Group> grouped(std::vector<Line> const& lines) {
    auto const alike = [](Line const& a, Line const& b) {
        return a.state == b.state && a.effective_at == b.effective_at && a.agreed_at == b.agreed_at &&
               a.postponed_until == b.postponed_until && a.grounds == b.grounds;
    };
    std::vector<Group> groups;
    for (auto const& line : lines) {
        auto const found = std::ranges::find_if(groups, [&](Group const& group) { return alike(group.front(), line); });
        if (found == groups.end())
            groups.push_back({line});
        else
            found->push_back(line);
    }
    return groups;
}

bool is_one_of(std::string_view state, std::initializer_list<std::string_view> states) {
    return std::ranges::find(states, state) != states.end();
}

void say_asked(NoticeWriter& writer, Port const& port, Group const& group) {
    auto const& first = group.front();
    writer.say(asked, numbers_of(group), {{"requested", writer.at(port.requested_at)}, {"donor", port.donor.text}});
    auto const timer = writer.telling().book.timer(porting::subject_of(first));
    if (first.state == "answer_overdue")
        writer.say(answer_late, {{"donor", port.donor.text}});
    else if (timer) {
        writer.say(answer_due, {{"due", writer.at(timer->due)}});
        writer.by(timer->rule, timer->from);
    }
}

void say_refused(NoticeWriter& writer, Port const& port, Group const& group) {
    writer.say(refused, numbers_of(group), {{"donor", port.donor.text}});
    auto const& grounds = group.front().grounds;
    say_grounds(writer, grounds);
    writer.say(nothing_changes);
    if (std::ranges::any_of(grounds, [](auto ground) { return porting::about(ground).restarts_clock; })) writer.say(clock_restarts);
    writer.by("be.refuse.all_grounds", port.requested_at);
}

void say_group(NoticeWriter& writer, Port const& port, Group const& group) {
    auto const& line = group.front();
    auto const& state = line.state;
    auto const numbers = numbers_of(group);
    Filling const donor{"donor", port.donor.text};
    if (state == "completed" && line.effective_at) return writer.say(live, numbers, {{"at", writer.at(*line.effective_at)}});
    if (state == "refused") return say_refused(writer, port, group);
    if (state == "draft") return writer.say(not_sent, numbers, {donor});
    if (is_one_of(state, {"cancelled", "cancelling"})) return writer.say(cancelled, numbers, {donor});
    if (is_one_of(state, {"lapsed", "closed", "completed"})) return writer.say(not_done, numbers);
    if (state == "on_hold") return writer.say(on_hold, numbers);
    if (state == "activating") return writer.say(switching, numbers);
    if (state == "activation_overdue") return writer.say(not_live_yet, numbers);
    if (state == "reactivating") return writer.say(failed, numbers, {donor}), writer.by("be.reactivate", port.requested_at);
    if (state == "postponed" && line.postponed_until)
        return writer.say(postponed, numbers, {donor, {"until", writer.at(*line.postponed_until)}});
    if (state == "scheduled" && line.agreed_at) {
        auto const term = writer.telling().law.term("be.outage.max", port.requested_at);
        writer.say(planned, numbers, {{"at", writer.at(*line.agreed_at)}});
        writer.say(outage, {{"term", writer.said(rules::to_string(term))}});
        return writer.by("be.outage.max", port.requested_at);
    }
    say_asked(writer, port, group);
}

/// The arithmetic of the delay, line by line, and the total of several lines.
void say_amounts(NoticeWriter& writer, porting::Compensation const& owed) {
    std::size_t told = 0;
    Money uncapped{};
    for (auto const& line : owed.lines) {
        auto const sum = line.rate * (line.days * line.count);
        if (sum.cents == 0) continue;
        uncapped += sum;
        writer.say(entitled, {{"numbers", writer.numbers({line.numbers})},
                              {"rate", writer.sum(line.rate)},
                              {"count", writer.said(std::to_string(line.count) + (line.count == 1 ? " number" : " numbers"))},
                              {"days", writer.said(std::to_string(line.days) + (line.days == 1 ? " day" : " days"))},
                              {"sum", writer.sum(sum)}});
        ++told;
    }
    if (owed.total < uncapped) writer.say(capped, {{"sum", writer.sum(owed.total)}});
    else if (told > 1) writer.say(in_total, {{"sum", writer.sum(owed.total)}});
}

/// What has become of the customer's claim; false while he still must ask.
bool say_claim(NoticeWriter& writer, Port const& port, Money total) {
    auto const claim = writer.telling().book.claim_of(port.id);
    if (!claim) return false;
    auto const sum = writer.sum(claim->amount.value_or(total));
    if (claim->state == "approved") return writer.say(claim_approved, {{"sum", sum}}), true;
    if (claim->state == "paid")
        return writer.say(claim_paid, {{"sum", sum}, {"at", writer.at(claim->paid_at.value_or(claim->since))}}), true;
    if (claim->state == "rejected") return writer.say(claim_rejected, {{"reason", claim->decision_reason}}), true;
    if (claim->state == "lapsed") return writer.say(claim_lapsed), true;
    if (!claim->filed_at || !claim->by_titular) return false;
    writer.say(claim_received, {{"at", writer.at(*claim->filed_at)}});
    return true;
}

void say_compensation(NoticeWriter& writer, Port const& port, porting::Compensation const& owed) {
    bool const final = std::ranges::all_of(owed.lines, &porting::LineCompensation::final);
    auto const late = std::ranges::find_if(owed.lines, [](auto const& line) { return line.amount.cents != 0; });
    writer.say(final ? late_done : late_still, {{"planned", writer.at(late->planned_at)}});
    say_amounts(writer, owed);
    if (!final) writer.say(still_grows);
    if (!say_claim(writer, port, owed.total)) {
        if (owed.claim_until)
            writer.say(not_by_itself, {{"own", writer.telling().own.text}, {"until", writer.last_day(*owed.claim_until)}});
        if (owed.review_until && owed.claim_until && *owed.review_until > *owed.claim_until)
            writer.say(examined_after, {{"until", writer.last_day(*owed.review_until)}});
        writer.say(we_pay);
    }
    for (auto const& rule : owed.rules)
        if (rule.id.find(".comp.cap") == std::string::npos) writer.by(rule.id, port.requested_at);
}


/// What matters most to the customer gives the letter its subject.
void choose_subject(NoticeWriter& writer, std::vector<Line> const& lines, bool compensation) {
    if (compensation) return writer.about("late", subject_late);
    auto const any = [&](std::initializer_list<std::string_view> states) {
        return std::ranges::any_of(lines, [&](Line const& line) { return is_one_of(line.state, states); });
    };
    if (any({"refused"})) return writer.about("refused", subject_refused);
    if (any({"scheduled"})) return writer.about("planned", subject_planned);
    if (!std::ranges::all_of(lines, [](Line const& line) { return porting::line_settled(porting::Role::port_in, line.state); }))
        return any({"cancelling"}) ? writer.about("cancelled", subject_ended) : writer.about("under_way", subject_under_way);
    if (any({"completed"})) return writer.about("ported", subject_ported);
    writer.about(any({"cancelled"}) ? "cancelled" : "ended", subject_ended);
}

} // namespace

void write_port_in(NoticeWriter& writer, Port const& port) {
    auto const& telling = writer.telling();
    auto const lines = telling.book.lines(port.id);
    auto const owed = porting::compensation(port, lines, telling.law, telling.now);
    choose_subject(writer, lines, owed.total.cents > 0);
    for (auto const& group : grouped(lines)) say_group(writer, port, group);
    if (owed.total.cents > 0) say_compensation(writer, port, owed);
    bool const leaves_a_contract = std::ranges::any_of(lines, [](Line const& line) {
        return is_one_of(line.state, {"requested", "awaiting_answer", "answer_announced_late", "answer_overdue", "postponed",
                                      "scheduled", "on_hold"});
    });
    if (!leaves_a_contract) return;
    writer.say(do_not_cancel, {{"donor", port.donor.text}});
    writer.by("be.end.full", port.requested_at);
    writer.by("be.end.partial", port.requested_at);
}

} // namespace npod::words
