/// What npctl writes around the words of the daemon: names of states, labels, short sentences.

#include "words/catalogue.hpp"

#include <array>

namespace npod::words {

namespace {

// clang-format off
constexpr std::array texts{
    // --------------------------------------------------------------------------------------------------- states, by name
    Text{"draft", "ontwerp", "projet"},
    Text{"requested", "aangevraagd", "demandé"},
    Text{"awaiting answer", "wacht op antwoord", "en attente de réponse"},
    Text{"answer announced late", "antwoord later aangekondigd", "réponse annoncée en retard"},
    Text{"answer overdue", "antwoord te laat", "réponse en retard"},
    Text{"answer delayed", "antwoord uitgesteld", "réponse retardée"},
    Text{"postponed", "uitgesteld", "reporté"},
    Text{"scheduled", "gepland", "planifié"},
    Text{"on hold", "stilgelegd", "suspendu"},
    Text{"activating", "wordt geactiveerd", "activation en cours"},
    Text{"activation overdue", "activering te laat", "activation en retard"},
    Text{"reactivating", "wordt hersteld", "rétablissement en cours"},
    Text{"cancelling", "wordt geannuleerd", "annulation en cours"},
    Text{"completed", "voltooid", "terminé"},
    Text{"refused", "geweigerd", "refusé"},
    Text{"cancelled", "geannuleerd", "annulé"},
    Text{"lapsed", "vervallen", "expiré"},
    Text{"closed", "afgesloten", "clôturé"},
    Text{"validating", "in behandeling", "en cours de vérification"},
    Text{"awaiting execution", "wacht op uitvoering", "en attente d'exécution"},
    Text{"disputed", "betwist", "contesté"},
    Text{"executed", "uitgevoerd", "exécuté"},
    Text{"partly {state:said}", "deels {state}", "en partie {state}"},
    Text{"nothing due", "niets verschuldigd", "rien n'est dû"},
    Text{"accruing", "loopt op", "en cours d'accumulation"},
    Text{"fixed", "vastgesteld", "fixé"},
    Text{"review only", "alleen herziening", "examen uniquement"},
    Text{"claimed", "gevraagd", "demandée"},
    Text{"in review", "in onderzoek", "à l'examen"},
    Text{"approved", "goedgekeurd", "approuvée"},
    Text{"paid", "betaald", "payée"},
    Text{"rejected", "afgewezen", "rejetée"},
    Text{"not due", "niet verschuldigd", "non due"},
    Text{"free", "vrij", "libre"},
    Text{"in service", "in dienst", "en service"},
    Text{"change announced", "wijziging aangekondigd", "changement annoncé"},
    Text{"porting out", "vertrekt", "en partance"},
    Text{"ported out", "vertrokken", "parti"},
    Text{"portable", "overdraagbaar", "transférable"},
    Text{"ageing", "rust", "au repos"},
    Text{"returned", "teruggegeven", "restitué"},
    Text{"active", "actief", "actif"},
    Text{"partly ended", "deels beëindigd", "résilié en partie"},
    Text{"ending", "loopt af", "en fin de contrat"},
    Text{"ended", "beëindigd", "résilié"},
    Text{"queued", "klaar om te verzenden", "en file d'envoi"},
    Text{"retrying", "wordt herhaald", "nouvel essai"},
    Text{"confirmed", "bevestigd", "confirmé"},
    Text{"bounced", "teruggestuurd", "renvoyé"},
    Text{"expired", "verlopen", "périmé"},
};
// clang-format on

} // namespace

std::span<Text const> page_texts() { return texts; }

} // namespace npod::words
