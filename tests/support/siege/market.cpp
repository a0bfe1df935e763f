#include "support/siege/market.hpp"

#include "base/fault.hpp"
#include "daemon/config.hpp"
#include "daemon/system_clock.hpp"
#include "daemon/wire.hpp"
#include "engine/replay.hpp"
#include "storage/backup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

std::string operator_of(std::string const& code, std::string const& other, std::string const& hub) {
    return fmt::format("[interchange]\nhub = \"{}\"\nsecret_file = \"{}.secret\"\nprivate_key_file = \"{}.key\"\n"
                       "zone = \"Europe/Brussels\"\nsilence_seconds = 5\n[[member]]\ncode = \"{}\"\n",
                       hub, code, code, other);
}

constexpr auto customer = R"({"kind":"legal","name":"Bakkerij Zon","address":{"street":"Hoogstraat","house_number":"12",)"
                          R"("postcode":"1000","city":"Brussel"}})";

std::string contract_of(std::string const& number) {
    return fmt::format(R"({{"customer":{},"network":"fixed","numbers":["+{}"]}})", customer, number);
}

std::string order_of(std::string const& order, std::string const& donor, std::string const& number) {
    static daemon::SystemClock const clock;
    return fmt::format(R"({{"order_id":"{0}","donor":"{1}","network":"fixed","numbers":["+{2}"],"customer":{3},)"
                       R"("contract_id":"N-{0}","mandate":{{"id":"M-{0}","titular":"Bakkerij Zon","signer":"A. Peeters",)"
                       R"("channel":"online","signed_at":"{4}"}}}})",
                       order, donor, number, customer, to_rfc3339(clock.now() - 1h));
}

/// How often each word was said in the rows of a log; `word_of` says which, or nothing.
template <class WordOf>
std::map<std::string, int> count(storage::Reader const& reader, WordOf word_of) {
    std::map<std::string, int> found;
    for (std::int64_t after = 0;;) {
        auto const rows = reader.log(after, 500, true);
        if (rows.empty()) return found;
        for (auto const& row : rows)
            if (auto const word = word_of(row); !word.empty()) ++found[word];
        after = rows.back().seq;
    }
}

/// Type and dossier of every message that a log holds from others.
std::map<std::string, int> messages_in(storage::Reader const& reader, std::string const& sender) {
    return count(reader, [&](storage::LogRow const& row) {
        return row.kind.starts_with("message.") && row.source == "wire:" + sender ? row.kind.substr(8) + " " + dossier_of(row.body)
                                                                                  : std::string();
    });
}

void must_be_once(std::map<std::string, int> const& counted, std::string const& word, std::string const& where) {
    auto const found = counted.find(word);
    auto const times = found == counted.end() ? 0 : found->second;
    if (times != 1) throw SiegeError(fmt::format("{} is {} times in the log of {}", word, times, where));
}

} // namespace

void Orders::add(std::string const& recipient, std::string const& order) {
    std::scoped_lock const lock(mutex_);
    all_[recipient].insert(order);
}

std::set<std::string> Orders::of(std::string const& recipient) const {
    std::scoped_lock const lock(mutex_);
    auto const found = all_.find(recipient);
    return found == all_.end() ? std::set<std::string>{} : found->second;
}

std::size_t Orders::count() const {
    std::scoped_lock const lock(mutex_);
    std::size_t sum = 0;
    for (auto const& [code, orders] : all_) sum += orders.size();
    return sum;
}

OrderEntry::OrderEntry(House const& recipient, House const& donor, std::string block, Orders& orders, Notes& notes)
    : recipient_(recipient), donor_(donor), block_(std::move(block)), orders_(orders), notes_(notes) {}

void OrderEntry::order_next() {
    auto const number = fmt::format("{}{:04}", block_, ++count_);
    auto const contract = "C-" + number, order = fmt::format("{}-{}", recipient_.code(), count_);
    if (!insist(donor_, "PUT", "/v1/contracts/" + contract, contract, contract_of(number), 200)) return;
    if (insist(recipient_, "POST", "/v1/port-ins", order, order_of(order, donor_.code(), number), 201))
        orders_.add(recipient_.code(), order);
}

bool OrderEntry::insist(House const& house, std::string const& method, std::string const& target, std::string const& key,
                        std::string const& body, unsigned status) {
    while (!done(house, method, target, key, body, status)) {
        if (given_up_) return false;
        std::this_thread::sleep_for(30ms);
    }
    return true;
}

bool OrderEntry::done(House const& house, std::string const& method, std::string const& target, std::string const& key,
                      std::string const& body, unsigned status) try {
    http::Headers headers{{"Authorization", std::string("Bearer ") + token}, {"Content-Type", "application/json"},
                          {"Idempotency-Key", key}};
    auto const response = http::Client({house.url(), {}}).send(method, target, std::move(headers), body, 20s);
    if (response.status == status || (status == 200 && response.status == 201)) return true;
    if (response.status != 503) {
        notes_.wrong(fmt::format("{} {} {}: {} {}", house.code(), method, target, response.status, response.body));
        given_up_ = true;
    }
    return false;
} catch (NetworkFault const&) {
    return false; // away, or was; the same key asks again
}

ThreeHouses::ThreeHouses(std::string const& npod, Folder const& the_folder, Keys const&)
    : folder(the_folder),
      hub(npod, folder, "HUB", "[interchange]\nserve = true\n" + member("ALFA") + member("BRAVO")),
      alfa(npod, folder, "ALFA", ""), bravo(npod, folder, "BRAVO", "") {
    hub.open();
    alfa.configure(operator_of("ALFA", "BRAVO", hub.url()));
    bravo.configure(operator_of("BRAVO", "ALFA", hub.url()));
    alfa.open();
    bravo.open();
}

void ThreeHouses::wait_for_calm() {
    auto const calm = [](House const& house) {
        storage::Reader const reader(house.db());
        if (reader.undelivered_count() + reader.unconfirmed_count() > 0) return false;
        return std::ranges::none_of(reader.ports_by_state(),
                                    [](auto const& one) { return one.first == "requested" || one.first == "awaiting_answer"; });
    };
    for (auto const end = SteadyClock::now() + 120s; SteadyClock::now() < end; std::this_thread::sleep_for(50ms))
        if (calm(hub) && calm(alfa) && calm(bravo)) return;
    std::string states;
    for (auto* house : all()) {
        storage::Reader const reader(house->db());
        states += fmt::format(" {}: {} undelivered, {} unconfirmed;", house->code(), reader.undelivered_count(), reader.unconfirmed_count());
        for (auto const& [state, ports] : reader.ports_by_state()) states += fmt::format(" {} {}", ports, state);
    }
    throw SiegeError("the market does not come to rest:" + states);
}

namespace {

/// Nobody passes on the network's word here. By day the porting window is open: the activation is ordered at once, and the first
/// possible date is the moment of the answer, of which the wire tells whole seconds.
void must_agree_on(std::string const& dossier, porting::Line const& in, porting::Line const& out) {
    auto const second = [](std::optional<Moment> date) { return date ? std::optional(std::chrono::floor<std::chrono::seconds>(*date)) : std::nullopt; };
    bool const running = in.state == "scheduled" || in.state == "activating";
    if (!running || out.state != "awaiting_execution" || in.numbers != out.numbers || second(in.first_possible) != second(out.first_possible))
        throw SiegeError(fmt::format("{}: the recipient says {}, the donor {}", dossier, in.state, out.state));
}

} // namespace

std::size_t ThreeHouses::must_agree(Orders const& orders) const {
    std::size_t looked_at = 0;
    storage::Reader const at_hub(hub.db());
    for (auto const& [one, other] : {std::pair{&alfa, &bravo}, std::pair{&bravo, &alfa}}) {
        storage::Reader const ours(one->db()), theirs(other->db());
        auto const ordered = count(ours, [](storage::LogRow const& row) {
            if (row.kind != "port.order" || !row.refusals.empty()) return std::string();
            auto const at = row.body.find("\"order_id\":\"") + 12;
            return row.body.substr(at, row.body.find('"', at) - at);
        });
        auto const asked = messages_in(theirs, one->code()), answered = messages_in(ours, other->code());
        auto const asked_at_hub = messages_in(at_hub, one->code()), answered_at_hub = messages_in(at_hub, other->code());
        for (auto const& order : orders.of(one->code())) {
            must_be_once(ordered, order, one->code());
            auto const port = ours.book().port_by_order(OrderId{order});
            if (!port) throw SiegeError(order + " was acknowledged and has no port");
            auto const dossier = port->dossier.text;
            must_be_once(asked_at_hub, "portingrequest " + dossier, "HUB");
            must_be_once(asked, "portingrequest " + dossier, other->code());
            must_be_once(answered_at_hub, "portingrequestanswer " + dossier, "HUB");
            must_be_once(answered, "portingrequestanswer " + dossier, one->code());
            auto const mirror = theirs.book().port_by_dossier(port->dossier, porting::Role::port_out);
            if (!mirror) throw SiegeError(dossier + " is unknown to its donor");
            auto const in = ours.book().lines(port->id), out = theirs.book().lines(mirror->id);
            if (in.size() != 1 || out.size() != 1) throw SiegeError(fmt::format("{}: {} lines here, {} there", dossier, in.size(), out.size()));
            must_agree_on(dossier, in[0], out[0]);
            ++looked_at;
        }
        if (ordered.size() != orders.of(one->code()).size()) // what was repeated until yes is told as yes
            throw SiegeError(fmt::format("{} has {} orders, {} were acknowledged", one->code(), ordered.size(), orders.of(one->code()).size()));
    }
    for (auto const* house : {&hub, &alfa, &bravo}) must_be_sound(folder, *house);
    return looked_at;
}

void must_be_sound(Folder const& folder, House const& house) {
    auto const health = storage::verify(house.db(), 0);
    if (!health.findings.empty()) throw SiegeError(house.code() + ": " + health.findings.front());
    auto const config = daemon::read_config({.file = house.config_file(), .flags = {}, .environment = {}});
    storage::Reader const reader(folder.file(house.code() + ".db"));
    auto const law = std::make_shared<rules::Rulebook const>(rules::configured_rulebook(config.rulebook, config.overrides));
    auto const again = engine::replay(reader, law, config.settings(), daemon::Wire(config).interchange(), {});
    if (!again.difference.empty()) throw SiegeError(house.code() + ": told again, the log decides otherwise: " + again.difference);
}

} // namespace npod::siege
