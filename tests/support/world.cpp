#include "support/world.hpp"

#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "engine/replay.hpp"
#include "protocol/business/decode.hpp"
#include "protocol/coin_v3/codec.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::testing {

namespace json = boost::json;
namespace coin = protocol::coin_v3;

namespace {

constexpr int many = 100'000;

rules::Calendar const& brussels() {
    static rules::Calendar const calendar{rules::CalendarRules{}};
    return calendar;
}

coin::Profile dialect() {
    coin::Profile profile;
    profile.time = coin::LocalTime("Europe/Brussels");
    return profile;
}

int digits(std::string_view text, std::size_t from, std::size_t count) {
    int value = -1;
    if (text.size() >= from + count) std::from_chars(text.data() + from, text.data() + from + count, value);
    return value;
}

json::array numbers_json(std::string_view text) {
    json::array array;
    for (auto const& range : ranges(text)) {
        if (range.count() == 1)
            array.push_back(json::string(to_string(range.first)));
        else
            array.push_back(json::object{{"first", to_string(range.first)}, {"last", to_string(range.last)}});
    }
    return array;
}

void add_fates(json::array& related, std::string_view numbers, char const* fate) {
    for (auto const& range : ranges(numbers))
        related.push_back(
            json::object{{"first", to_string(range.first)}, {"last", to_string(range.last)}, {"fate", fate}});
}

json::object address_json() {
    return {{"street", "Hoogstraat"}, {"house_number", "12"}, {"postcode", "1000"}, {"city", "Brussel"}};
}

} // namespace

/// The hub takes every message; who gets it is the market's business.
engine::Interchange by_hub() {
    engine::Interchange interchange;
    interchange.encode = [profile = dialect()](porting::message::Message const& message, Moment now) {
        return engine::Encoded{OperatorCode{"HUB"}, std::string(porting::message::type_of(message.body)),
                               coin::encode(message, profile, now)};
    };
    interchange.decode = [profile = dialect()](OperatorCode const& sender, std::string_view type,
                                               std::string_view bytes, Moment) -> porting::input::Any {
        auto decoded = coin::decode(type, bytes, profile);
        if (decoded) return porting::input::Received{std::move(*decoded), 0};
        auto const envelope = coin::read_envelope(bytes);
        return porting::input::ReceivedBroken{sender, std::string(type), envelope ? envelope->dossier : DossierId{},
                                              decoded.refusals()};
    };
    return interchange;
}

engine::Dialects dialects_by_hub(OperatorCode const& own) {
    engine::Dialects dialects;
    dialects.own = own;
    dialects.hub = OperatorCode{"HUB"};
    dialects.usual = dialect();
    return dialects;
}

std::string order_json(Order const& order, std::string const& id, Moment signed_at) {
    json::object body{
        {"order_id", id},
        {"donor", order.donor},
        {"network", order.network},
        {"numbers", numbers_json(order.numbers)},
        {"customer", json::object{{"kind", order.legal_person ? "legal" : "natural"},
                                  {"name", order.customer},
                                  {"address", address_json()}}},
        {"contract_id", order.contract},
        {"mandate", json::object{{"id", "M-" + id},
                                 {"titular", order.mandate_titular.empty() ? order.customer : order.mandate_titular},
                                 {"signer", "A. Peeters"},
                                 {"channel", "online"},
                                 {"signed_at", to_rfc3339(signed_at)}}}};
    if (!order.wish.empty()) body["wish"] = json::object{{"mode", "date"}, {"at", to_rfc3339(at(order.wish))}};
    if (!order.zone.empty()) body["location"] = json::object{{"zone", order.zone}};
    if (order.draft) body["draft"] = true;
    json::array related;
    add_fates(related, order.keep, "keep");
    add_fates(related, order.cancel, "cancel");
    if (!related.empty()) body["related"] = std::move(related);
    return json::serialize(body);
}

// ----------------------------------------------------------------------------------------------------------------
// words

Moment at(std::string_view local) {
    using namespace std::chrono;
    auto const day = year{digits(local, 0, 4)} / digits(local, 5, 2) / digits(local, 8, 2);
    int const hour = digits(local, 11, 2), minute = digits(local, 14, 2);
    REQUIRE_MESSAGE((day.ok() && hour >= 0 && minute >= 0), "not a local time: " << std::string(local));
    return brussels().at(day, hours{hour} + minutes{minute}) + seconds{local.size() > 16 ? digits(local, 17, 2) : 0};
}

std::string text(Moment moment) {
    auto whole = brussels().local_rfc3339(moment); // 2026-04-07T18:00:00+02:00
    whole[10] = ' ';
    return whole.substr(0, whole.compare(16, 3, ":00") == 0 ? 16 : 19);
}

std::string text(std::optional<Moment> moment) { return moment ? text(*moment) : "never"; }

porting::Number number(std::string_view e164) {
    auto const number = porting::parse_e164(e164);
    REQUIRE_MESSAGE(number, "not a number: " << std::string(e164));
    return *number;
}

std::vector<porting::NumberRange> ranges(std::string_view text) {
    std::vector<porting::NumberRange> all;
    while (!text.empty()) {
        auto const comma = std::min(text.find(", "), text.size());
        auto const one = text.substr(0, comma);
        auto const dots = one.find("..");
        auto const first = number(one.substr(0, dots));
        all.push_back({first, dots == std::string_view::npos ? first : number(one.substr(dots + 2))});
        text.remove_prefix(std::min(comma + 2, text.size()));
    }
    return all;
}

std::string said(std::vector<Refusal> const& refusals) {
    std::string all;
    for (auto const& refusal : refusals)
        all += fmt::format("{}{} {} {}", all.empty() ? "" : "\n", refusal.pointer, refusal.ground, refusal.text);
    return all;
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// -------------------------------------------------------------------------------------------------------- one operator

World::World(std::string code, std::set<OperatorCode> market, ManualClock& clock, rules::Rulebook const& law)
    : settings_{.own = OperatorCode{code},
                .operators = std::move(market),
                .automatic = porting::AutomaticAnswer::all,
                .dossier_prefix = code},
      first_law_(std::make_shared<rules::Rulebook const>(law)), interchange_(by_hub()), clock_(clock),
      ledger_(std::make_unique<storage::Ledger>(storage::OpenOptions{":memory:", OperatorCode{code}, true})),
      writer_(*ledger_, rules::Laws(first_law_), settings_, interchange_) {
    engine::announce_law(writer_, *ledger_, first_law_, clock_.now());
}

engine::Event command_event(std::string_view kind, std::string_view key, std::string_view body) {
    engine::Event event;
    event.kind = std::string(kind);
    event.source = "api:story";
    event.key = std::string(key);
    event.body = std::string(body);
    auto input = protocol::business::decode_command(kind, key, body);
    REQUIRE_MESSAGE(input, event.kind << " cannot be read: " << said(input.refusals()));
    event.input = std::move(*input);
    return event;
}

engine::Result World::writes(engine::Event const& event) {
    ledger_->begin();
    auto written = writer_.write(event, clock_.now());
    ledger_->commit();
    return std::move(written.result);
}

void World::law_becomes(rules::Rulebook const& law) {
    engine::announce_law(writer_, *ledger_, std::make_shared<rules::Rulebook const>(law), clock_.now());
}

engine::Result World::command(std::string_view kind, std::string_view key, std::string_view body) {
    if (auto const input = protocol::business::decode_command(kind, key, body); !input) {
        engine::Result result;
        result.answer.refusals = input.refusals();
        return result;
    }
    return writes(command_event(kind, key, body));
}

std::string World::does(std::string_view kind, std::string_view key, std::string_view body) {
    auto const result = command(kind, key, body);
    REQUIRE_MESSAGE(result.answer.refusals.empty(), kind << " was refused: " << testing::said(result.answer.refusals));
    return result.answer.subject;
}

std::vector<Refusal> World::may_not(std::string_view kind, std::string_view key, std::string_view body) {
    auto result = command(kind, key, body);
    REQUIRE_MESSAGE(!result.answer.refusals.empty(), kind << " should have been refused: " << std::string(body));
    return std::move(result.answer.refusals);
}

PortId World::orders(Order const& order) {
    auto const id = order.id.empty() ? fmt::format("ORD-{}", ++orders_) : order.id;
    return PortId{does("port.order", "", order_json(order, id, clock_.now()))};
}

std::vector<Refusal> World::may_not_order(Order const& order) {
    auto const id = order.id.empty() ? fmt::format("ORD-{}", ++orders_) : order.id;
    return may_not("port.order", "", order_json(order, id, clock_.now()));
}

void World::has_contract(Holding const& holding) {
    json::object const body{
        {"customer", json::object{{"kind", "legal"}, {"name", holding.customer}, {"address", address_json()}}},
        {"network", holding.network},
        {"numbers", numbers_json(holding.numbers)}};
    does("contract.put", holding.id, json::serialize(body));
}

void World::knows_block(std::string_view range, std::string_view holder) {
    auto const numbers = ranges(range).front();
    does("block.put", "",
         json::serialize(
             json::object{{"first", to_string(numbers.first)}, {"last", to_string(numbers.last)}, {"holder", holder}}));
}

void World::hears(std::string_view sender, porting::message::Body const& body) {
    porting::message::Message const message{OperatorCode{std::string(sender)}, code(), {}, body, {}};
    hears_bytes(sender, porting::message::type_of(body), coin::encode(message, dialect(), clock_.now()));
}

void World::hears_bytes(std::string_view sender, std::string_view type, std::string_view bytes) {
    engine::Event event;
    event.kind = "message." + std::string(type);
    event.source = "wire:" + std::string(sender);
    event.body = std::string(bytes);
    event.input = interchange_.decode(OperatorCode{std::string(sender)}, type, bytes, clock_.now());
    auto const result = writes(event);
    REQUIRE_MESSAGE(result.answer.refusals.empty(),
                    "a message is never refused: " << testing::said(result.answer.refusals));
}

std::vector<porting::Delivery> World::outgoing() const { return ledger_->undelivered(OperatorCode{"HUB"}, many); }

void World::learns(porting::input::DeliveryReport report) {
    writes(engine::delivery_event(report, OperatorCode{"HUB"}));
}

bool World::fires_due() {
    auto const due = ledger_->due(clock_.now(), many);
    for (auto const& timer : due) writes(engine::timer_event(timer));
    return !due.empty();
}

std::string World::lines(PortId const& id) const {
    auto all = book().lines(id);
    std::ranges::sort(all, {}, &porting::Line::numbers);
    std::string text;
    for (auto const& line : all)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(line.numbers), line.state);
    return text;
}

porting::Line World::line(PortId const& id, std::string_view e164) const {
    auto const wanted = testing::number(e164);
    for (auto const& line : book().lines(id))
        if (line.numbers.contains(wanted)) return line;
    FAIL("no line of " << id.text << " holds " << std::string(e164));
    return {};
}

porting::Port World::port(PortId const& id) const {
    auto const port = book().port(id);
    REQUIRE_MESSAGE(port, "no port " << id.text);
    return *port;
}

PortId World::port_out(std::string_view e164) const {
    for (auto const& port : reader().ports_of_number(testing::number(e164)))
        if (port.role == porting::Role::port_out) return port.id;
    FAIL("no port-out of " << std::string(e164));
    return {};
}

porting::NumberRecord World::number(std::string_view e164) const {
    auto const record = book().number(testing::number(e164));
    REQUIRE_MESSAGE(record, "nothing is known of " << std::string(e164));
    return *record;
}

porting::Contract World::contract(std::string_view id) const {
    auto const contract = book().contract(ContractId{std::string(id)});
    REQUIRE_MESSAGE(contract, "no contract " << std::string(id));
    return *contract;
}

porting::Claim World::claim(PortId const& id) const {
    auto const claim = book().claim_of(id);
    REQUIRE_MESSAGE(claim, "no claim of " << id.text);
    return *claim;
}

std::string World::served_by(std::string_view e164) const {
    return book().serving(testing::number(e164)).value_or(OperatorCode{}).text;
}

std::string World::deadline(porting::Subject const& subject) const {
    auto const timer = book().timer(subject);
    return timer ? timer->name + " " + text(timer->due) : "none";
}

std::string World::deadline(PortId const& id, std::string_view e164) const {
    return deadline(subject_of(line(id, e164)));
}

porting::Compensation World::owes(PortId const& id) const {
    return porting::compensation(port(id), book().lines(id), laws().pinned(port(id).rulebook), clock_.now());
}

std::vector<porting::message::Message> World::said(std::string_view type) const {
    std::vector<porting::message::Message> all;
    for (std::int64_t id = 1; auto const delivery = book().delivery(id); ++id) {
        if (delivery->type != type) continue;
        auto decoded = coin::decode(type, delivery->bytes, dialect());
        REQUIRE_MESSAGE(decoded, "we sent what nobody can read: " << delivery->bytes);
        all.push_back(std::move(*decoded));
    }
    return all;
}

std::int64_t World::times(std::string_view event) const {
    std::int64_t count = 0;
    for (auto const& row : reader().log(0, many))
        count += std::ranges::count_if(
            row.moves, [&](auto const& move) { return move.event == event && move.verdict == "moved"; });
    return count;
}

std::string World::last_complaint() const {
    auto const complaints = said("errorfound");
    if (complaints.empty()) return "";
    auto const& item = std::get<porting::message::ErrorFound>(complaints.back().body).items.front();
    return item.code + " " + item.description;
}

void World::audit() const {
    INFO("the book of ", code().text);
    auto const health = ledger_->check(0);
    for (auto const& finding : health.findings) CHECK_MESSAGE(false, finding);
    auto const ours = reader();
    auto const told = engine::replay(ours, first_law_, settings_, interchange_, {});
    CHECK(told.difference == "");
    CHECK(told.ledger->head_seq() == ledger_->head_seq());
    auto const again = told.ledger->reader_on_same_connection();
    CHECK(again.timers(many) == ours.timers(many));
    porting::Role const both[] = {porting::Role::port_in, porting::Role::port_out};
    for (auto const role : both) {
        storage::PortFilter filter;
        filter.role = role;
        filter.limit = many;
        CHECK(again.ports(filter) == ours.ports(filter));
        for (auto const& port : ours.ports(filter)) CHECK(again.book().lines(port.id) == ours.book().lines(port.id));
    }
    CHECK(again.contracts("", many) == ours.contracts("", many));
    CHECK(again.claims(false, "", many) == ours.claims(false, "", many));
    CHECK(again.routing({}, many) == ours.routing({}, many));
    if (told.difference.empty()) // and so does every column of every table
        for (auto const& difference : ours.differences_to(*told.ledger)) CHECK_MESSAGE(false, difference);
}

// ----------------------------------------------------------------------------------------------------------- the
// market

Market::Market(std::string_view start, std::vector<std::string> operators, rules::Rulebook const& law) : clock_(testing::at(start)) {
    std::set<OperatorCode> codes;
    for (auto const& code : operators) codes.emplace(code);
    for (auto const& code : operators) worlds_.emplace(code, std::make_unique<World>(code, codes, clock_, law));
}

Market::~Market() {
    for (auto const& [code, world] : worlds_) world->audit();
}

bool Market::carry_once() {
    bool carried = false;
    for (auto const& [code, sender] : worlds_)
        for (auto const& delivery : sender->outgoing()) {
            if (cut_off_.contains(delivery.receiver)) continue;
            for (auto const& [other, receiver] : worlds_) {
                bool const concerned =
                    delivery.receiver == receiver->code() || delivery.receiver.text == porting::message::everybody;
                if (concerned && other != code) receiver->hears_bytes(code, delivery.type, delivery.bytes);
            }
            sender->learns(
                {delivery.id, porting::input::DeliveryReport::What::taken, fmt::format("T-{}", delivery.id), ""});
            carried = true;
        }
    return carried;
}

void Market::carry() {
    int rounds = 0;
    while (carry_once()) REQUIRE_MESSAGE(++rounds < 100, "they never stop talking");
}

void Market::fire_everywhere() {
    int rounds = 0;
    for (bool fired = true; fired;) {
        carry();
        fired = false;
        for (auto const& [code, world] : worlds_) fired |= world->fires_due();
        REQUIRE_MESSAGE(++rounds < 100, "a timer fires again and again");
    }
}

void Market::wait_until(std::string_view local) {
    Moment const to = testing::at(local);
    REQUIRE_MESSAGE(to >= clock_.now(), "time does not go back to " << std::string(local));
    fire_everywhere();
    for (;;) {
        std::optional<Moment> next;
        for (auto const& [code, world] : worlds_)
            if (auto const due = world->next_due(); due && (!next || *due < *next)) next = due;
        if (!next || *next > to) break;
        clock_.advance_to(*next);
        fire_everywhere();
    }
    clock_.advance_to(to);
}

} // namespace npod::testing
