#include "sim/people.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sim {

using namespace std::chrono_literals;
using porting::Line;
using porting::Port;
using porting::Role;
using std::chrono::days;

namespace {

constexpr std::int64_t first_block = 3'225'500'000; ///< Brussels; a thousand numbers for each operator
constexpr std::int64_t block_size = 1'000;
constexpr int installation_max = 3, large_installation_max = 10;

std::string quoted(porting::Number number) { return '"' + to_string(number) + '"'; }

std::string list(std::vector<porting::Number> const& numbers) {
    std::string text;
    for (auto const number : numbers) text += (text.empty() ? "" : ",") + quoted(number);
    return "[" + text + "]";
}

std::string customer(std::size_t installation) {
    return fmt::format(R"({{"kind":"legal","name":"Klant {}","address":{{"street":"Hoogstraat","house_number":"{}","postcode":"1000","city":"Brussel"}}}})",
                       installation, installation + 1);
}

std::string span_of(porting::NumberRange range) {
    return fmt::format(R"([{{"first":"{}","last":"{}"}}])", to_string(range.first), to_string(range.last));
}

bool is_one_of(std::string const& state, std::initializer_list<char const*> states) {
    return std::ranges::any_of(states, [&](char const* one) { return state == one; });
}

} // namespace

People::People(Market& market) : market_(market), dice_(market.dice()) {
    for (int i = 0; i < market.plan().operators; ++i)
        for (int k = 0; k < market.plan().numbers;) {
            auto& installation = installations_.emplace_back();
            int const size = 1 + dice_.upto(dice_.one_in(6) ? large_installation_max - 1 : installation_max - 1);
            for (int n = 0; n < size && k < market.plan().numbers; ++n, ++k) {
                numbers_.push_back({first_block + i * block_size + k});
                installation.push_back(numbers_.back());
            }
        }
}

void People::settle_in() {
    for (auto& node : market_.nodes()) {
        if (node->is_hub()) continue;
        for (int i = 0; i < market_.plan().operators; ++i)
            market_.ask(*node, "block.put", "",
                        fmt::format(R"({{"first":"+{}","last":"+{}","holder":"{}"}})", first_block + i * block_size,
                                    first_block + (i + 1) * block_size - 1, market_.nodes()[static_cast<std::size_t>(i)]->code().text));
    }
    for (std::size_t i = 0; i < installations_.size(); ++i) {
        auto const owner = static_cast<std::size_t>((installations_[i].front().digits - first_block) / block_size);
        market_.ask(*market_.nodes()[owner], "contract.put", fmt::format("C-{}", i),
                    fmt::format(R"({{"customer":{},"network":"fixed","numbers":{}}})", customer(i), list(installations_[i])));
    }
    market_.run_until(market_.now() + 1h);
}

void People::begin() {
    market_.after(1h, [this] { orders(); });
    for (auto& node : market_.nodes()) {
        if (node->is_hub()) continue;
        auto const manner = dice_.one_in(6) ? Manner::silent : dice_.one_in(4) ? Manner::slow : Manner::diligent;
        market_.after(1h, [this, n = node.get(), manner] { desk(*n, manner); });
    }
    auto& last = *market_.nodes()[static_cast<std::size_t>(market_.plan().operators - 1)];
    if (market_.plan().liar) market_.after(24h, [this, &last] { lie(last); });
}

std::string People::reason() { return fmt::format("because {}", ++count_); }
std::string People::later(int most) {
    return to_rfc3339(market_.now() + days{dice_.upto(most)} + dice_.between(1h, 10h));
}

// -------------------------------------------------------------------------------------------------------------- orders

void People::orders() {
    market_.after(dice_.between(0s, Duration(2 * 24h) / market_.plan().orders_a_day), [this] { orders(); });
    if (!market_.calm()) order();
}

void People::order() {
    auto const installation = static_cast<std::size_t>(dice_.upto(static_cast<int>(installations_.size()) - 1));
    auto const some = [this]() -> Node& { return *market_.nodes()[static_cast<std::size_t>(dice_.upto(market_.plan().operators - 1))]; };
    order(some(), installation);
    if (dice_.one_in(8)) order(some(), installation); // two want the same: one of them must lose
}

void People::order(Node& recipient, std::size_t installation) {
    if (!recipient.up()) return;
    auto numbers = installations_[installation];
    std::string related;
    if (dice_.one_in(2) && numbers.size() > 1) { // only one leaves; of the others the customer says what becomes of them
        auto const wanted = numbers[static_cast<std::size_t>(dice_.upto(static_cast<int>(numbers.size()) - 1))];
        for (auto const other : numbers)
            if (other != wanted)
                related += fmt::format(R"({}{{"first":{},"last":{},"fate":"{}"}})", related.empty() ? "" : ",", quoted(other),
                                       quoted(other), dice_.one_in(5) ? "cancel" : "keep");
        numbers = {wanted};
    }
    auto donor = recipient.book().serving(numbers.front()).value_or(recipient.code());
    if (dice_.one_in(12)) donor = market_.nodes()[static_cast<std::size_t>(dice_.upto(market_.plan().operators - 1))]->code();
    auto const who = dice_.one_in(30) ? installation + 1 : installation; // somebody else's number
    auto const id = ++count_;
    auto const now = to_rfc3339(market_.now() - 10min);
    auto const wish = dice_.one_in(3) ? fmt::format(R"("wish":{{"mode":"date","at":"{}"}},)", later(30)) : std::string{};
    market_.ask(recipient, "port.order", "",
                fmt::format(R"({{"order_id":"O-{}","donor":"{}","network":"fixed","numbers":{},"related":[{}],"customer":{},"contract_id":"N-{}",{}"draft":{},)"
                            R"("mandate":{{"id":"M-{}","titular":"Klant {}","signer":"A","channel":"online","signed_at":"{}"}}}})",
                            id, donor.text, list(numbers), related, customer(who), id, wish, dice_.one_in(15), id, who, now));
}

// --------------------------------------------------------------------------------------------------------------- desks

void People::desk(Node& node, Manner manner) {
    market_.after(market_.calm() ? Duration(4h) : dice_.magnitude(10min, 24h), [this, &node, manner] { desk(node, manner); });
    if (!node.up()) return;
    int const idle = manner == Manner::silent ? 20 : manner == Manner::slow ? 4 : 1;
    if (!market_.calm() && !dice_.one_in(idle)) return;
    duty(node);
    if (!market_.calm() && dice_.one_in(3)) whim(node);
}

/// What lies on the desk.
void People::duty(Node& node) {
    storage::PortFilter filter;
    filter.open_only = true;
    filter.limit = 500;
    for (auto const& port : node.reader().ports(filter))
        for (auto const& line : node.book().lines(port.id))
            if (market_.calm() || !dice_.one_in(3)) duty(node, port, line);
    if (!dice_.one_in(market_.calm() ? 1 : 6)) return;
    storage::PortFilter closed; // transfers that were told of after we had closed the matter
    closed.role = Role::port_out;
    closed.limit = 500;
    for (auto const& port : node.reader().ports(closed))
        for (auto const& line : node.book().lines(port.id))
            if (is_one_of(line.state, {"refused", "cancelled", "lapsed", "closed"}) && node.book().serving(line.numbers.first) == port.recipient)
                if (auto const record = node.book().number(line.numbers.first); record && record->serving == node.code() && record->contract)
                    market_.ask(node, "port.settle", port.id.text,
                                fmt::format(R"({{"numbers":{},"recognise_transfer":true,"reason":"{}"}})", span_of(line.numbers), reason()));
}

void People::duty(Node& node, Port const& port, Line const& line) {
    auto const numbers = R"("numbers":)" + span_of(line.numbers) + ",";
    if (is_one_of(line.state, {"activating", "activation_overdue"}))
        return act(node, port, "port.activation", numbers + (dice_.one_in(8) ? R"("failed":{"cause":"x"},)" : R"("done":true,)"));
    if (line.state == "reactivating")
        return act(node, port, "port.reschedule", numbers + fmt::format(R"("at":"{}","agreed_by_customer":{},)", later(5), dice_.one_in(2)));
    if (line.state == "draft") return act(node, port, dice_.one_in(5) ? "port.cancel" : "port.submit");
    if (line.state == "on_hold")
        return act(node, port, "port.reschedule", numbers + fmt::format(R"("at":"{}","agreed_by_customer":true,)", later(10)));
    if (line.state == "answer_overdue" && port.role == Role::port_in && dice_.one_in(6)) return act(node, port, "port.cancel");
    if (line.state == "disputed") return act(node, port, "port.settle", numbers + R"("recognise_transfer":true,)");
    if (is_one_of(line.state, {"validating", "answer_delayed", "answer_overdue"}) && port.role == Role::port_out) answer(node, port, line);
}

void People::answer(Node& node, Port const& port, Line const& line) {
    auto const one = dice_.one_in(3) ? porting::NumberRange{line.numbers.first, line.numbers.first} : line.numbers;
    std::string decision;
    switch (dice_.upto(9)) {
    case 0: decision = R"("refuse":{"grounds":["LEGAL"]},"note":"seized")"; break;
    case 1: decision = fmt::format(R"("postpone":{{"until":"{}","ground":"TECHNICAL"}},"note":"exchange")", later(8)); break;
    case 2:
        return act(node, port, "port.answer", fmt::format(R"("delay":{{"until":"{}"}},)", later(4)));
    default: decision = fmt::format(R"("accept":{{"at":"{}"}})", later(3));
    }
    act(node, port, "port.answer", fmt::format(R"("decisions":[{{"numbers":{},{}}}],)", span_of(one), decision));
}

void People::whim(Node& node) {
    storage::PortFilter filter;
    filter.open_only = !dice_.one_in(4);
    filter.limit = 20;
    auto const ports = node.reader().ports(filter);
    if (ports.empty()) return;
    auto const& port = dice_.one_of(ports);
    switch (dice_.upto(10)) {
    case 9: return take(node);
    case 10: return change(node);
    case 0: return act(node, port, "port.cancel");
    case 1: return act(node, port, "port.hold");
    case 2: return act(node, port, "port.resume");
    case 3: return act(node, port, "port.reschedule", fmt::format(R"("at":"{}","agreed_by_customer":{},)", later(25), dice_.one_in(2)));
    case 4: return act(node, port, "port.activation", R"("done":true,)");
    case 5:
        if (auto const claim = node.book().claim_of(port.id))
            market_.ask(node, claim->state == "approved" ? "claim.pay" : "claim.approve", claim->id.text,
                        claim->state == "approved" ? fmt::format(R"({{"by":"invoice","reason":"{}"}})", reason())
                                                   : fmt::format(R"({{"reason":"{}"}})", reason()));
        return;
    case 6:
        return market_.ask(node, "claim.file", "",
                           fmt::format(R"({{"port":"{}","claimant":"{}","channel":"post{}"}})", port.id.text, port.customer.name, ++count_));
    case 7:
        // closing by hand what was agreed breaks a word given, and two customers may end with one number: nobody honest does
        if (dice_.one_in(6) && port.state.find("awaiting_execution") == std::string::npos)
            market_.ask(node, "port.settle", port.id.text, fmt::format(R"({{"reason":"{}"}})", reason()), port.version);
        return;
    default:
        auto const contracts = node.reader().contracts("", 100);
        if (contracts.empty() || !dice_.one_in(3)) return;
        market_.ask(node, "contract.terminate", dice_.one_of(contracts).id.text,
                    fmt::format(R"({{"at":"{}","renounce_portability":{},"reason":"{}"}})", later(30), dice_.one_in(4), reason()));
    }
}

/// A customer wants a number, whosever it is now: mostly he cannot have it, and it may be waiting for its last holder, or ageing.
void People::take(Node& node) {
    std::vector<porting::Number> resting;
    for (auto const number : numbers_)
        if (auto const record = node.book().number(number); record && is_one_of(record->state, {"portable", "ageing", "free"})) resting.push_back(number);
    auto const installation = static_cast<std::size_t>(dice_.upto(static_cast<int>(installations_.size()) - 1));
    auto numbers = installations_[installation];
    if (!resting.empty() && dice_.one_in(2)) numbers = {dice_.one_of(resting)};
    else if (dice_.one_in(2)) numbers = {dice_.one_of(numbers)};
    auto const who = dice_.one_in(2) ? installation : static_cast<std::size_t>(dice_.upto(static_cast<int>(installations_.size()) - 1));
    market_.ask(node, "contract.put", fmt::format("T-{}", ++count_), fmt::format(R"({{"customer":{},"network":"fixed","numbers":{}}})", customer(who), list(numbers)));
}

/// A number is to change, or after all not; or a termination is taken back.
void People::change(Node& node) {
    auto const number = to_string(dice_.one_of(numbers_));
    if (dice_.one_in(3)) return market_.ask(node, "number.change", number, fmt::format(R"({{"reason":"{}"}})", reason()));
    if (dice_.one_in(2)) return market_.ask(node, "number.withdraw_change", number, fmt::format(R"({{"reason":"{}"}})", reason()));
    auto const contracts = node.reader().contracts("", 100);
    if (!contracts.empty()) market_.ask(node, "contract.withdraw_termination", dice_.one_of(contracts).id.text, fmt::format(R"({{"reason":"{}"}})", reason()));
}

void People::act(Node& node, Port const& port, std::string const& verb, std::string const& rest) {
    market_.ask(node, verb, port.id.text, "{" + rest + fmt::format(R"("reason":"{}"}})", reason()));
}

} // namespace npod::sim
