// What the bodies of the Business API mean, and what is said of those that mean nothing.

#include "protocol/business/decode.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace npod;
using protocol::business::decode_command;
namespace input = npod::porting::input;
using porting::Number;
using porting::NumberRange;

namespace {

constexpr auto good_order = R"({
  "order_id": "o-1", "donor": "BRAVO", "network": "fixed",
  "numbers": [{"first": "+3225501100", "last": "+3225501109"}, "+3225501200"],
  "related": [{"number": "+3225501201", "fate": "keep"}, {"first": "+3225501210", "last": "+3225501219", "fate": "cancel"}],
  "customer": {"kind": "legal", "name": "Acme NV", "customer_id": "C-7",
               "address": {"street": "Wetstraat", "house_number": "16", "box": "b", "postcode": "1000", "city": "Brussel"}},
  "donor_account": "B-55", "location": {"zone": "2"}, "contract_id": "new-1",
  "wish": {"mode": "date", "at": "2026-03-06T10:00:00+01:00"},
  "mandate": {"id": "M-1", "version": "3", "titular": "Acme NV", "signer": "An Peeters", "channel": "online",
              "signed_at": "2026-03-01T08:00:00Z", "numbers": ["+3225501200"],
              "evidence_sha256": "00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff"},
  "note": "call first", "draft": true})";

template <class T>
T taken(std::string_view kind, std::string_view key, std::string_view body) {
    auto const decoded = decode_command(kind, key, body);
    for (auto const& refusal : decoded.refusals()) INFO(refusal.pointer << ": " << refusal.text);
    REQUIRE(decoded);
    REQUIRE(std::holds_alternative<T>(*decoded));
    return std::get<T>(*decoded);
}

std::set<std::string> pointers_of_problems(std::string_view kind, std::string_view key, std::string_view body) {
    std::set<std::string> pointers;
    for (auto const& refusal : decode_command(kind, key, body).refusals()) {
        CHECK_FALSE(refusal.text.empty());
        CHECK_FALSE(refusal.next.empty());
        pointers.insert(refusal.pointer);
    }
    return pointers;
}

} // namespace

namespace {

/// `item` so many times, with commas; {} in it is the place of its number.
std::string list_of(std::size_t count, std::string_view before, std::int64_t first, std::string_view behind) {
    std::string list = "[";
    for (std::size_t i = 0; i < count; ++i)
        list += std::string(i == 0 ? "" : ",") + std::string(before) + std::to_string(first + static_cast<std::int64_t>(i)) + std::string(behind);
    return list + "]";
}

std::string with(std::string_view member, std::string const& value) {
    std::string text(good_order);
    auto const at = text.find("\"" + std::string(member) + "\":") + member.size() + 3;
    auto const end = member == "name" ? text.find(',', at) : text.find("],", at) + 1;
    return text.replace(at, end - at, value);
}

} // namespace

TEST_CASE("a list holds 1 000 items and a text 1 kB where nothing else is declared") {
    auto const related = [](std::size_t count) { return with("related", list_of(count, R"({"number": "+32255)", 10'000, R"(", "fate": "keep"})")); };
    CHECK(pointers_of_problems("port.order", "", related(1'000)).empty());
    CHECK(pointers_of_problems("port.order", "", related(1'001)) == std::set<std::string>{"/related"});
    auto const name = [](std::size_t bytes) { return with("name", "\"" + std::string(bytes, 'x') + "\""); };
    CHECK(pointers_of_problems("port.order", "", name(1'024)).empty());
    CHECK(pointers_of_problems("port.order", "", name(1'025)) == std::set<std::string>{"/customer/name"});
    auto const numbers = [](std::size_t count) { return with("numbers", list_of(count, "\"+32255", 10'000, "\"")); };
    CHECK(pointers_of_problems("port.order", "", numbers(1'000)).empty());
    CHECK(pointers_of_problems("port.order", "", numbers(1'001)) == std::set<std::string>{"/numbers"});
    // How many numbers the items come to is a bound of its own: 10 000 in an order, 20 000 in a contract.
    auto const up_to = [](std::int64_t last) {
        return R"([{"first": "+3225510000", "last": "+3225519999"}, {"first": "+3225520000", "last": "+)" + std::to_string(last) + "\"}]";
    };
    CHECK(pointers_of_problems("port.order", "", with("numbers", R"([{"first": "+3225510000", "last": "+3225519999"}])")).empty());
    CHECK(pointers_of_problems("port.order", "", with("numbers", up_to(3225520000))) == std::set<std::string>{"/numbers"});
    auto const contract = [&](std::int64_t last) {
        return R"({"customer": {"kind": "legal", "name": "Acme NV"}, "network": "fixed", "numbers": )" + up_to(last) + "}";
    };
    CHECK(pointers_of_problems("contract.put", "K-1", contract(3225529999)).empty());
    // ... and one range holds 10 000 anywhere; of 20 001 numbers no two ranges can be made that are both within it.
    CHECK(pointers_of_problems("contract.put", "K-1", contract(3225530000)) == std::set<std::string>{"/numbers", "/numbers/1"});
}

TEST_CASE("an order is read with every member") {
    auto const order = taken<input::OrderPortIn>("port.order", "", good_order);
    CHECK(order.order.text == "o-1");
    CHECK(order.donor.text == "BRAVO");
    CHECK(order.network == porting::Network::fixed);
    CHECK(order.numbers == std::vector<NumberRange>{{{3225501100}, {3225501109}}, {{3225501200}, {3225501200}}});
    REQUIRE(order.related.size() == 2);
    CHECK(order.related[0] == porting::RelatedNumber{{{3225501201}, {3225501201}}, porting::Fate::keep});
    CHECK(order.related[1] == porting::RelatedNumber{{{3225501210}, {3225501219}}, porting::Fate::cancel});
    CHECK(order.customer == porting::Customer{true, "Acme NV", "C-7", {"Wetstraat", "16", "b", "1000", "Brussel"}});
    CHECK(order.donor_account == "B-55");
    CHECK(order.location.zone == "2");
    CHECK(order.contract.text == "new-1");
    CHECK(order.wish.on_date);
    CHECK(to_rfc3339(*order.wish.at) == "2026-03-06T09:00:00Z"); // Brussels is an hour ahead in March
    REQUIRE(order.mandate);
    CHECK(order.mandate->signer == "An Peeters");
    CHECK(order.mandate->evidence_sha256 == "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    CHECK(order.note == "call first");
    CHECK(order.draft);
}

TEST_CASE("an order needs little") {
    auto const order =
        taken<input::OrderPortIn>("port.order", "", R"({"order_id":"o","donor":"BRAVO","network":"mobile",
        "numbers":["+32475123456"],"customer":{"kind":"natural","name":"An"},"contract_id":"c"})");
    CHECK(order.network == porting::Network::mobile);
    CHECK_FALSE(order.customer.legal_person);
    CHECK_FALSE(order.wish.on_date);
    CHECK_FALSE(order.mandate);
    CHECK_FALSE(order.draft);
}

TEST_CASE("all problems of an order come at once") {
    auto const pointers = pointers_of_problems("port.order", "", R"({
        "order_id": "has space", "donor": "bravo", "network": "fix", "nubmers": [], "wish": {"mode": "date"},
        "related": [{"number": "+3225501201", "first": "+3225501201", "fate": "kept"}],
        "customer": {"kind": "legal", "name": 7}, "mandate": {"id": "M", "evidence_sha256": "12"}})");
    CHECK(pointers == std::set<std::string>{"/order_id", "/donor", "/network", "/numbers", "/nubmers", "/related/0",
                                            "/related/0/fate", "/wish/at", "/customer/name", "/contract_id",
                                            "/mandate/titular", "/mandate/signer", "/mandate/channel",
                                            "/mandate/signed_at", "/mandate/evidence_sha256"});
}

TEST_CASE("an unknown member is refused with the nearest known name") {
    auto const decoded = decode_command("port.cancel", "PI-000001", R"({"raeson": "changed his mind", "reason": "r"})");
    REQUIRE_FALSE(decoded);
    CHECK(decoded.refusal().pointer == "/raeson");
    CHECK(decoded.refusal().next == "Did you mean \"reason\"?");
}

TEST_CASE("numbers") {
    struct Case {
        std::string_view numbers;
        std::string_view pointer; ///< where the one problem is; empty: taken
    };
    auto const cases = {
        Case{R"(["+3225501100"])", ""},
        Case{R"([{"first":"+3225501100","last":"+3225501100"}])", ""},
        Case{R"(["025501100"])", "/numbers/0"},                                        // national
        Case{R"(["+3225501100", "+32 2 550 11 01"])", "/numbers/1"},                   // spaces
        Case{R"([{"first":"+3225501109","last":"+3225501100"}])", "/numbers/0/last"},  // backwards
        Case{R"([{"first":"+3225501109","last":"+32475123456"}])", "/numbers/0/last"}, // other length
        Case{R"([{"first":"+3225501100"}])", "/numbers/0/last"},
        Case{R"([{"first":"+3225501100","last":"+3225501101","lst":""}])", "/numbers/0/lst"},
        Case{R"([3225501100])", "/numbers/0"},                                               // a JSON number
        Case{R"(["+3225501100","+3225501100"])", "/numbers"},                                // twice
        Case{R"([{"first":"+3225501100","last":"+3225501109"},"+3225501105"])", "/numbers"}, // overlap
        Case{R"("+3225501100")", "/numbers"},                                                // not a list
        Case{R"([])", "/numbers"},
    };
    for (auto const& one : cases) {
        CAPTURE(one.numbers);
        auto const body =
            R"({"customer":{"kind":"legal","name":"A"},"network":"fixed","numbers":)" + std::string(one.numbers) + "}";
        auto const expected =
            one.pointer.empty() ? std::set<std::string>{} : std::set<std::string>{std::string(one.pointer)};
        CHECK(pointers_of_problems("contract.put", "C-1", body) == expected);
    }
}

TEST_CASE("the limits of an order and of a contract are their own") {
    // 10 001 numbers are too many for an order, and for one range; two ranges of them are few enough for a contract.
    std::string const numbers = R"("numbers":[{"first":"+3225500000","last":"+3225510000"}])";
    auto const order = decode_command("port.order", "",
                                      R"({"order_id":"o","donor":"BRAVO","network":"fixed",
        "customer":{"kind":"legal","name":"A"},"contract_id":"c",)" +
                                          numbers + "}");
    REQUIRE_FALSE(order);
    CHECK(order.refusal().code == RefusalCode::too_large);
    CHECK(order.refusal().pointer == "/numbers");
    auto const contract = [](std::string const& ranges) {
        return decode_command("contract.put", "C-1", R"({"customer":{"kind":"legal","name":"A"},"network":"fixed",)" + ranges + "}");
    };
    auto const one_range = contract(numbers);
    REQUIRE_FALSE(one_range);
    CHECK(one_range.refusal().code == RefusalCode::too_large);
    CHECK(one_range.refusal().pointer == "/numbers/0");
    CHECK(contract(R"("numbers":[{"first":"+3225500000","last":"+3225509999"},{"first":"+3225510000","last":"+3225519999"}])"));
    auto const three = contract(R"("numbers":[{"first":"+3225500000","last":"+3225509999"},{"first":"+3225510000","last":"+3225519999"},"+3225520000"])");
    REQUIRE_FALSE(three);
    CHECK(three.refusal().pointer == "/numbers");
}

TEST_CASE("an answer decides ranges, or announces a delay") {
    auto const answer = taken<input::AnswerPort>("port.answer", "PO-000001", R"({"decisions":[
        {"numbers":["+3225501100"],"accept":{"at":"2026-03-06T09:00:00Z"}},
        {"numbers":["+3225501101"],"refuse":{"grounds":["NAME_ADDRESS_MISMATCH","WRONG_ACCOUNT","WRONG_ACCOUNT"]}},
        {"numbers":["+3225501102"],"postpone":{"until":"2026-03-20T09:00:00Z","ground":"TECHNICAL"},"note":"new exchange"}]})");
    REQUIRE(answer.decisions.size() == 3);
    CHECK(answer.decisions[0].kind == input::Decision::Kind::accept);
    CHECK(to_rfc3339(*answer.decisions[0].at) == "2026-03-06T09:00:00Z");
    CHECK(answer.decisions[1].grounds ==
          std::vector{porting::Ground::name_address_mismatch, porting::Ground::wrong_account}); // each once
    CHECK(answer.decisions[2].kind == input::Decision::Kind::postpone);
    CHECK(answer.decisions[2].grounds == std::vector{porting::Ground::technical});
    CHECK(answer.decisions[2].note == "new exchange");
    CHECK_FALSE(answer.delay_until);

    auto const delay = taken<input::AnswerPort>("port.answer", "PO-1", R"({"delay":{"until":"2026-03-20T09:00:00Z"}})");
    CHECK(to_rfc3339(*delay.delay_until) == "2026-03-20T09:00:00Z");

    auto const all = taken<input::AnswerPort>("port.answer", "PO-1", R"({"decisions":[{"accept":true}]})");
    CHECK(all.decisions[0].numbers.empty());
    CHECK_FALSE(all.decisions[0].at);
}

TEST_CASE("every command, taken and turned away") {
    struct Case {
        std::string_view kind, key, body;
        std::set<std::string> problems; ///< pointers; empty: taken
    };
    auto const cases = {
        Case{"contract.terminate", "C-1", "", {}},
        Case{"contract.terminate",
             "C-1",
             R"({"at":"2026-03-06T09:00:00Z","renounce_portability":true,"reason":"moves"})",
             {}},
        Case{"contract.terminate", "C-1", R"({"at":"2026-03-06T09:00:00"})", {"/at"}}, // no zone
        Case{"contract.terminate", "has space", "", {"id"}},
        Case{"contract.withdraw_termination", "C-1", R"({"reason":"stays"})", {}},
        Case{"contract.withdraw_termination", "C-1", "", {"/reason"}},
        Case{"contract.move", "C-1", R"({"location":{"zone":"2"},"give_up":true,"reason":"new office"})", {}},
        Case{"contract.move", "C-1", R"({"give_up":1})", {"/location", "/give_up", "/reason"}},
        Case{"number.change",
             "+3225501100",
             R"({"at":"2026-06-01T09:00:00Z","new_number":"+3225501900","reason":"exchange closes"})",
             {}},
        Case{"number.change", "025501100", R"({"new_number":"02","reason":"r"})", {"e164", "/new_number"}},
        Case{"number.withdraw_change", "+3225501100", R"({"reason":"it stays"})", {}},
        Case{"number.withdraw_change", "+3225501100", "{}", {"/reason"}},
        Case{"block.put", "", R"({"first":"+3225500000","last":"+3225509999","holder":"ALFA"})", {}},
        Case{"block.put", "", R"({"first":"+3225500000","holder":"ALFA!!!"})", {"/last", "/holder"}},
        Case{"port.submit", "PI-1", "", {}},
        Case{"port.submit", "PI-1", "[]", {""}},
        Case{"port.cancel", "PI-1", R"({"reason":"changed his mind","numbers":["+3225501100"]})", {}},
        Case{"port.cancel", "PI-1", "", {"/reason"}},
        Case{"port.hold", "PI-1", R"({"reason":""})", {"/reason"}}, // an empty text is none
        Case{"port.resume", "PI-1", R"({"reason":"r"})", {}},
        Case{"port.note",
             "PI-1",
             R"({"reason":"he called","numbers":[]})",
             {"/numbers"}}, // a note is about the whole port
        Case{"port.reschedule", "PI-1", R"({"at":"2026-03-06T09:00:00Z","reason":"r","agreed_by_customer":true})", {}},
        Case{"port.reschedule", "PI-1", R"({})", {"/at", "/reason"}},
        Case{"port.activation", "PI-1", R"({"done":{"at":"2026-03-06T09:00:00Z"},"reason":"r"})", {}},
        Case{"port.activation", "PI-1", R"({"done":true,"reason":"r"})", {}},
        Case{"port.activation", "PI-1", R"({"failed":{"cause":"no route"},"reason":"r"})", {}},
        Case{"port.activation", "PI-1", R"({"failed":{},"reason":"r"})", {"/failed/cause"}},
        Case{"port.activation", "PI-1", R"({"done":true,"failed":{"cause":"x"},"reason":"r"})", {""}},
        Case{"port.activation", "PI-1", R"({"done":false})", {"/done", "/reason"}},
        Case{"port.settle", "PO-1", R"({"reason":"agreed by phone","recognise_transfer":true})", {}},
        Case{"port.settle", "PO-1", R"({"recognise_transfer":"yes"})", {"/reason", "/recognise_transfer"}},
        Case{"port.settle", "PO-1", R"({"reason":"r","at":"2026-03-06T09:00:00Z"})", {"/at"}}, // of a recognised transfer only
        Case{"port.answer", "PO-1", "{}", {""}},
        Case{"port.answer", "PO-1", R"({"fates":[{"number":"+3225501108","fate":"keep"},{"service":"Fax","fate":"cancel"}]})", {}},
        Case{"port.answer", "PO-1", R"({"fates":[{"number":"+3225501108","service":"Fax","fate":"keep"}]})", {"/fates/0/service"}},
        Case{"port.answer", "PO-1", R"({"fates":[{"fate":"lose"}]})", {"/fates/0/first", "/fates/0/last", "/fates/0/fate"}},
        Case{"port.answer", "PO-1", R"({"decisions":[{"accept":{}}],"delay":{"until":"2026-03-06T09:00:00Z"}})", {""}},
        Case{"port.answer", "PO-1", R"({"decisions":[{}]})", {"/decisions/0"}},
        Case{"port.answer",
             "PO-1",
             R"({"decisions":[{"refuse":{"grounds":["AGING"]}}]})",
             {"/decisions/0/refuse/grounds/0"}},
        Case{"port.answer", "PO-1", R"({"decisions":[{"refuse":{}}]})", {"/decisions/0/refuse/grounds"}},
        Case{"port.answer",
             "PO-1",
             R"({"decisions":[{"postpone":{}}]})",
             {"/decisions/0/postpone/until", "/decisions/0/postpone/ground"}},
        Case{"port.answer",
             "PO-1",
             R"({"decisions":[{"accept":{}},{"numbers":["+3225501100"],"accept":{}}]})",
             {"/decisions/0"}},
        Case{"port.answer",
             "PO-1",
             R"({"decisions":[{"numbers":["+3225501100"],"accept":{}},{"numbers":["+3225501100"],"accept":{}}]})",
             {"/decisions/1"}},
        Case{"claim.file",
             "",
             R"({"port":"PI-1","claimant":"An Peeters","channel":"mail","received_at":"2026-03-06T09:00:00Z"})",
             {}},
        Case{"claim.file", "", R"({})", {"/port", "/claimant"}},
        Case{"claim.approve", "CL-1", R"({"reason":"late indeed"})", {}},
        Case{"claim.approve", "CL-1", R"({"by":"invoice"})", {"/reason", "/by"}},
        Case{"claim.reject", "CL-1", R"({"reason":"not the titular"})", {}},
        Case{"claim.pay", "CL-1", R"({"by":"invoice"})", {}},
        Case{"claim.pay", "CL-1", R"({"by":"cash"})", {"/by"}},
        Case{"claim.pay", "CL-1", R"({"by":)", {"/by"}}, // broken JSON: the gate says where
        Case{"law.adopt", "", R"({"reason":"for all"})", {}},
        Case{"law.adopt", "", R"({"ports":["PI-000001",7]})", {"/ports/1", "/reason"}},
    };
    std::set<std::string_view> seen{"contract.put", "port.order"}; // have tables of their own
    for (auto const& one : cases) {
        CAPTURE(one.kind);
        CAPTURE(one.body);
        CHECK(pointers_of_problems(one.kind, one.key, one.body) == one.problems);
        seen.insert(one.kind);
    }
    auto const& kinds = protocol::business::command_kinds();
    CHECK(seen == std::set<std::string_view>(kinds.begin(), kinds.end()));
    CHECK(decode_command("port.dance", "PI-1", "{}").refusal().code == RefusalCode::not_found);
}

TEST_CASE("a mistyped ground names the nearest") {
    auto const decoded =
        decode_command("port.answer", "PO-1", R"({"decisions":[{"refuse":{"grounds":["WRONG_ACOUNT"]}}]})");
    CHECK(decoded.refusal().next == "Did you mean \"WRONG_ACCOUNT\"?");
}

TEST_CASE("the reason is found without decoding") {
    CHECK(protocol::business::reason_in(R"({"reason":"changed his mind"})") == "changed his mind");
    CHECK(protocol::business::reason_in(R"({"numbers":[]})").empty());
    CHECK(protocol::business::reason_in("").empty());
}
