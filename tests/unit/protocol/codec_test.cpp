/// Messages to bytes and back.
#include "base/json.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

using namespace npod;
using namespace npod::porting;
using namespace npod::porting::message;
using namespace npod::protocol::coin_v3;

namespace {

Moment at(std::string_view text) { return *parse_rfc3339(text); }
Moment const now = at("2026-04-03T10:00:00Z");
OperatorCode const alfa{"ALFA"}, bravo{"BRAVO"};
DossierId const dossier{"ALFA-0000001"};

NumberRange range(std::string_view first, std::string_view last) { return {*parse_e164(first), *parse_e164(last)}; }
NumberRange const pbx = range("+3225501100", "+3225501199");
NumberRange const mobile = range("+32470123456", "+32470123456");

Message message_of(Body body) { return {alfa, bravo, now, std::move(body), {}}; }

/// A message of the given type and content, written by hand as a counterpart would.
std::string wire(std::string_view type, std::string_view content) {
    return fmt::format(
        R"({{"message":{{"header":{{"sender":{{"networkoperator":"BRAVO"}},"receiver":{{"networkoperator":"ALFA"}},)"
        R"("timestamp":"20260403120000"}},"body":{{"{}":{}}}}}}})",
        type, content);
}

std::string series(std::string_view start, std::string_view end, std::string_view more = "") {
    return fmt::format(R"({{"seq":{{"numberseries":{{"start":"{}","end":"{}"}}{}}}}})", start, end, more);
}

bool has_flag(Message const& message, std::string_view words) {
    return std::any_of(message.flags.begin(), message.flags.end(),
                       [&](std::string const& flag) { return flag.find(words) != std::string::npos; });
}

Answer answer_of(std::string_view blocking, std::string_view repeats) {
    auto const decoded =
        decode("portingrequestanswer",
               wire("portingrequestanswer",
                    fmt::format(R"({{"dossierid":"ALFA-0000001","blocking":"{}","repeats":[{}]}})", blocking, repeats)),
               Profile{});
    REQUIRE(decoded);
    return std::get<Answer>(decoded->body);
}

} // namespace

TEST_CASE("every message comes back as it went") {
    Moment const date = at("2026-04-07T16:00:00Z");
    std::vector<Body> const bodies = {
        PortRequest{dossier,
                    alfa,
                    bravo,
                    {pbx, mobile},
                    {"Janssens", "Bakkerij \"Zon\" \\ Z\xc3\xbcrich", "12", "b", "1000", "K-9"},
                    true,
                    "hello"},
        PortRequest{dossier, alfa, bravo, {mobile}, {}, false, ""},
        AnswerDelayed{dossier, bravo, date, "1"},
        AnswerDelayed{dossier, bravo, std::nullopt, ""},
        Answer{dossier, {{pbx, {}, {}, date, ""}}},
        Answer{
            dossier,
            {{pbx, {Ground::ageing, Ground::not_titular}, {}, std::nullopt, "see letter"}, {mobile, {}, {}, date, ""}}},
        Answer{dossier, {{mobile, {Ground::technical}, {}, date, ""}}},
        Performed{dossier, alfa, bravo, date, {pbx}},
        Performed{dossier, alfa, bravo, std::nullopt, {mobile}},
        message::Cancel{dossier, "customer changed his mind"},
        message::Cancel{dossier, ""},
        Deactivation{dossier, alfa, bravo, {mobile}},
        Deactivation{dossier, alfa, {}, {mobile}},
        ErrorFound{dossier, {{"025501100", "101", "not the donor's number"}, {"", "ILLEGAL_NOW", "too late"}}},
        RangeChange{dossier, alfa, true, date, {range("+3225500000", "+3225509999")}, "201900042"},
        RangeChange{dossier, alfa, false, date, {range("+3225500000", "+3225509999")}, "0"},
    };
    for (auto const& body : bodies) {
        auto const message = message_of(body);
        auto const bytes = encode(message, Profile{}, now);
        CAPTURE(bytes);
        CHECK(bytes.find('\n') == std::string::npos);
        auto const decoded = decode(type_of(body), bytes, Profile{});
        REQUIRE(decoded);
        CHECK(decoded->flags.empty());
        CHECK(*decoded == message);
        CHECK(encode(*decoded, Profile{}, now) == bytes); // deterministic
    }
}

TEST_CASE("every ground has a code of its own and comes back") {
    Profile const profile;
    for (auto const& entry : all_grounds()) {
        CAPTURE(std::string(entry.code));
        CHECK(profile.ground_of(profile.wire_of(entry.ground)) == entry.ground);
    }
}

TEST_CASE("a request is written as COIN describes it") {
    auto const message = message_of(PortRequest{dossier, alfa, bravo, {mobile}, {}, true, ""});
    // 10:00Z on 3 April is 12:00 in Amsterdam.
    CHECK(
        encode(message, Profile{}, now) ==
        R"({"message":{"header":{"sender":{"networkoperator":"ALFA"},"receiver":{"networkoperator":"BRAVO"},"timestamp":"20260403120000"},)"
        R"("body":{"portingrequest":{"dossierid":"ALFA-0000001","recipientnetworkoperator":"ALFA","donornetworkoperator":"BRAVO",)"
        R"("contract":"EARLY_TERMINATION","repeats":[{"seq":{"numberseries":{"start":"0470123456","end":"0470123456"}}}]}}}})");
}

TEST_CASE("a header without a time of its own gets now") {
    auto message = message_of(message::Cancel{dossier, ""});
    message.timestamp.reset();
    CHECK(read_envelope(encode(message, Profile{}, now))->timestamp == "20260403120000");
}

TEST_CASE("what the wire cannot hold is cut, never refused by the other side") {
    std::string const long_text(200, 'x'), umlauts = [] {
        std::string text;
        for (int i = 0; i < 120; ++i) text += "\xc3\xbc";
        return text;
    }();
    auto const message = message_of(PortRequest{dossier,
                                                alfa,
                                                bravo,
                                                {mobile},
                                                {long_text, long_text, "1234567", "abcdef", "b-1000 aa", long_text},
                                                true,
                                                umlauts});
    auto const bytes = encode(message, Profile{}, now);
    REQUIRE(check_form("portingrequest", bytes));
    auto const request = std::get<PortRequest>(decode("portingrequest", bytes, Profile{})->body);
    CHECK(count_characters(request.note) == 100);
    CHECK(request.customer.lastname.size() == 70);
    CHECK(request.customer.housenr == "12345");
    CHECK(request.customer.postcode == "B1000A"); // capitals and digits only, six of them
}

// ------------------------------------------------------------------------------------------------------- answers

TEST_CASE("an answer per range: accepted, postponed, refused") {
    auto const answer = answer_of(
        "Y", series("025501100", "025501109", R"(,"firstpossibledate":"20260407180000")") + "," +
                 series("025501110", "025501119", R"(,"blockingcode":"12","firstpossibledate":"20260407180000")") +
                 "," + series("025501120", "025501129", R"(,"blockingcode":"12","note":"ageing until June")"));
    REQUIRE(answer.ranges.size() == 3);
    CHECK(answer.ranges[0].grounds.empty());
    CHECK(answer.ranges[0].first_possible == at("2026-04-07T16:00:00Z"));
    CHECK(answer.ranges[1].grounds == std::vector{Ground::ageing});
    CHECK(answer.ranges[1].first_possible.has_value());
    CHECK(answer.ranges[2].grounds == std::vector{Ground::ageing});
    CHECK_FALSE(answer.ranges[2].first_possible.has_value());
    CHECK(answer.ranges[2].note == "ageing until June");
}

TEST_CASE("several grounds of one range are several seqs on the wire and one range here") {
    auto const answer = answer_of("Y", series("025501100", "025501109", R"(,"blockingcode":"12","note":"one")") + "," +
                                           series("025501110", "025501119", R"(,"blockingcode":"30")") + "," +
                                           series("025501100", "025501109", R"(,"blockingcode":"32","note":"two")") +
                                           "," + series("025501100", "025501109", R"(,"blockingcode":"12")"));
    REQUIRE(answer.ranges.size() == 2);
    CHECK(answer.ranges[0].grounds == std::vector{Ground::ageing, Ground::not_titular}); // each once
    CHECK(answer.ranges[0].note == "one; two");
    CHECK(answer.ranges[1].grounds == std::vector{Ground::name_address_mismatch});

    auto const bytes = encode(message_of(answer), Profile{}, now);
    auto const count = [&](std::string_view what) {
        std::size_t n = 0;
        for (auto i = bytes.find(what); i != std::string::npos; i = bytes.find(what, i + 1)) ++n;
        return n;
    };
    CHECK(count("\"seq\"") == 3); // two grounds and one
    CHECK(count("\"blocking\":\"Y\"") == 1);
}

TEST_CASE("a code that the table does not know is kept, counts as technical and is flagged") {
    auto const decoded =
        decode("portingrequestanswer",
               wire("portingrequestanswer", R"({"dossierid":"ALFA-0000001","blocking":"Y","repeats":[)" +
                                                series("025501100", "025501109", R"(,"blockingcode":"77")") + "]}"),
               Profile{});
    REQUIRE(decoded);
    auto const& answered = std::get<Answer>(decoded->body).ranges.at(0);
    CHECK(answered.unknown_codes == std::vector<std::string>{"77"});
    CHECK(answered.grounds == std::vector{Ground::technical});
    CHECK(has_flag(*decoded, "unknown_code: blockingcode 77"));
}

TEST_CASE("a code with a leading zero is the same code") {
    Profile profile;
    profile.blocking_codes = {{Ground::legal, "7"}};
    CHECK(profile.ground_of("07") == Ground::legal);
    CHECK(profile.ground_of("70") == std::nullopt);
    CHECK(profile.wire_of(Ground::ageing) == "99"); // neither it nor TECHNICAL is in the table
}

TEST_CASE("blocked without any code is never read as accepted") {
    auto const answer = answer_of("Y", series("025501100", "025501109", R"(,"firstpossibledate":"20260407180000")"));
    CHECK(answer.ranges.at(0).grounds == std::vector{Ground::technical});
    CHECK_FALSE(
        answer.ranges.at(0).first_possible.has_value()); // refused, not postponed: nobody named a reason or said so
}

TEST_CASE("of two first possible dates for the same numbers the later counts") {
    auto const answer =
        answer_of("N", series("025501100", "025501109", R"(,"firstpossibledate":"20260407180000")") + "," +
                           series("025501100", "025501109", R"(,"firstpossibledate":"20260408180000")"));
    CHECK(answer.ranges.at(0).first_possible == at("2026-04-08T16:00:00Z"));
}

// ---------------------------------------------------------------------------------------------- liberal in reading

TEST_CASE("empty strings and nulls are absent, letter case of enumerations does not matter") {
    auto const decoded =
        decode("portingrequest",
               wire("portingrequest",
                    R"({"dossierid":"BRAVO-00001","recipientnetworkoperator":"BRAVO","donornetworkoperator":"",
        "recipientserviceprovider":null,"note":"","customerinfo":{"lastname":""},"contract":"continuation","repeats":[)" +
                        series("0470123456", "0470123456", R"(,"repeats":[])") + "]}"),
               Profile{});
    REQUIRE(decoded);
    auto const& request = std::get<PortRequest>(decoded->body);
    CHECK(request.donor == alfa); // not named inside: the one it was addressed to
    CHECK_FALSE(request.early_termination);
    CHECK(request.note.empty());
    CHECK(request.customer == CustomerInfo{});
    CHECK(decoded->flags.empty());
    CHECK(answer_of("n", series("025501100", "025501100")).ranges.at(0).grounds.empty());
}

TEST_CASE("unknown members and types are kept out of the way and flagged") {
    auto const decoded =
        decode("cancel", wire("cancel", R"({"dossierid":"ALFA-0000001","why":"x","a/b":{"deep":1}})"), Profile{});
    REQUIRE(decoded);
    CHECK(decoded->flags == std::vector<std::string>{"unknown_field: /message/body/cancel/why",
                                                     "unknown_field: /message/body/cancel/a~1b"});
    auto const unknown = decode("holiday", wire("holiday", R"({"dossierid":"ALFA-0000001","beach":true})"), Profile{});
    REQUIRE(unknown);
    CHECK(unknown->body == Body{Other{"holiday", dossier}});
    CHECK(has_flag(*unknown, "unknown_type: holiday"));
}

TEST_CASE("pretty-printed bodies are the same message") {
    auto const plain = wire("cancel", R"({"dossierid":"ALFA-0000001"})");
    std::string pretty;
    for (char const c : plain) (pretty += c) += c == '{' || c == ',' || c == ':' ? "\r\n\t " : "";
    CHECK(*decode("cancel", pretty, Profile{}) == *decode("cancel", plain, Profile{}));
}

TEST_CASE("flags have an end") {
    std::string content = R"({"dossierid":"ALFA-0000001")";
    for (int i = 0; i < 5'000; ++i) content += fmt::format(R"(,"x{}":1)", i);
    auto const decoded = decode("cancel", wire("cancel", content + "}"), Profile{});
    REQUIRE(decoded);
    CHECK(decoded->flags.size() <= 20);
}

// ------------------------------------------------------------------------------------------- strict in understanding

TEST_CASE("all problems of form come at once, each with its pointer") {
    auto const decoded =
        decode("portingrequest",
               wire("portingrequest", R"({"dossierid":"abc","recipientnetworkoperator":"toolong","contract":"MAYBE",
        "customerinfo":{"postcode":"1000 AA"},"repeats":[{"seq":{"numberseries":{"start":"+32"}}},{},5]})"),
               Profile{});
    REQUIRE_FALSE(decoded);
    std::vector<std::string> pointers;
    for (auto const& refusal : decoded.refusals()) {
        CHECK(refusal.code == RefusalCode::malformed);
        pointers.push_back(refusal.pointer);
    }
    std::string const base = "/message/body/portingrequest";
    CHECK(pointers == std::vector<std::string>{
                          base + "/dossierid", base + "/recipientnetworkoperator", base + "/customerinfo/postcode",
                          base + "/contract", base + "/repeats/0/seq/numberseries/start",
                          base + "/repeats/0/seq/numberseries/end", base + "/repeats/1/seq", base + "/repeats/2"});
}

TEST_CASE("the form is right but nobody can mean it: not admissible, all at once") {
    auto const bytes =
        wire("portingrequestanswer",
             R"({"dossierid":"ALFA-0000001","blocking":"N","repeats":[)" + series("025501109", "025501100") + "," +
                 series("02550110", "0470123456") + "," + series("1", "12345678901234567890") + "," +
                 series("025501100", "025501100", R"(,"firstpossibledate":"20260231000000")") + "]}");
    auto const decoded = decode("portingrequestanswer", bytes, Profile{});
    REQUIRE_FALSE(decoded);
    std::vector<std::string> pointers;
    for (auto const& refusal : decoded.refusals()) {
        CHECK(refusal.code == RefusalCode::not_admissible);
        pointers.push_back(
            refusal.pointer.substr(std::string_view("/message/body/portingrequestanswer/repeats/").size()));
    }
    CHECK(pointers == std::vector<std::string>{"0/seq/numberseries",       // ends before it starts
                                               "1/seq/numberseries",       // unequal length
                                               "2/seq/numberseries/start", // too short, too long
                                               "2/seq/numberseries/end", "3/seq/firstpossibledate"});
    // The hub can still pass it on: its form is right.
    CHECK(check_form("portingrequestanswer", bytes));
}

TEST_CASE("a request for more numbers than an order may hold is not admissible") {
    auto const request = [](std::string_view end) {
        return decode(
            "portingrequest",
            wire("portingrequest", R"({"dossierid":"BRAVO-00001","recipientnetworkoperator":"BRAVO","repeats":[)" +
                                       series("025500000", end) + "]}"),
            Profile{});
    };
    CHECK(request("025509999")); // 10 000 numbers
    REQUIRE_FALSE(request("025510000"));
    CHECK(request("025510000").refusal().code == RefusalCode::not_admissible);
}

TEST_CASE("more series than a message may hold are too large") {
    auto const with = [](std::size_t n) {
        std::string repeats;
        for (std::size_t i = 0; i < n; ++i) repeats += (i ? "," : "") + series("0470123456", "0470123456");
        return check_form(
            "portingperformed",
            wire(
                "portingperformed",
                R"({"dossierid":"ALFA-0000001","recipientnetworkoperator":"ALFA","donornetworkoperator":"BRAVO","repeats":[)" +
                    repeats + "]}"));
    };
    CHECK(with(limits::series_per_message_max));
    REQUIRE_FALSE(with(limits::series_per_message_max + 1));
    CHECK(with(limits::series_per_message_max + 1).refusal().code == RefusalCode::too_large);
}

// ------------------------------------------------------------------------------------------------------- envelope

TEST_CASE("the envelope is read whatever the content is") {
    auto const envelope = read_envelope(wire("portingrequest", R"({"dossierid":"ALFA-0000001","repeats":"nonsense"})"));
    REQUIRE(envelope);
    CHECK(*envelope == Envelope{bravo, alfa, "portingrequest", "20260403120000", dossier});
    CHECK(read_envelope(wire("cancel", R"({"dossierid":"a/../b"})"))->dossier ==
          DossierId{}); // not of the form: not used
}

TEST_CASE("an envelope that cannot be used is refused") {
    std::string const head =
        R"("header":{"sender":{"networkoperator":"BRAVO"},"receiver":{"networkoperator":"ALFA"},"timestamp":"20260403120000"})";
    for (
        std::string const& bytes : {
            std::string("[]"),
            std::string("{}"),
            std::string("{\"message\":[]}"),
            "{\"message\":{" + head + "}}",
            "{\"message\":{" + head + ",\"body\":{}}}",
            "{\"message\":{" + head + ",\"body\":{\"cancel\":{},\"deactivation\":{}}}}",
            "{\"message\":{" + head + ",\"body\":{\"cancel\":5}}}",
            "{\"message\":{" + head + ",\"body\":{\"../etc\":{}}}}",
            std::string(R"({"message":{"header":{},"body":{"cancel":{}}}})"),
            std::string(
                R"({"message":{"header":{"sender":{"networkoperator":"bravo"},"receiver":{"networkoperator":"ALFA"},"timestamp":"20260403120000"},"body":{"cancel":{}}}})"),
            std::string(
                R"({"message":{"header":{"sender":{"networkoperator":"BRAVO"},"receiver":{"networkoperator":"ALFA"},"timestamp":"2026"},"body":{"cancel":{}}}})"),
        }) {
        CAPTURE(bytes);
        auto const envelope = read_envelope(bytes);
        REQUIRE_FALSE(envelope);
        for (auto const& refusal : envelope.refusals()) CHECK(refusal.code == RefusalCode::malformed);
    }
}

TEST_CASE("a message sent to the path of another type is refused") {
    CHECK_FALSE(decode("deactivation", wire("cancel", R"({"dossierid":"ALFA-0000001"})"), Profile{}));
}

// ---------------------------------------------------------------------------------------------------------- times

TEST_CASE("a header time that is no time is flagged, not refused") {
    auto bytes = wire("cancel", R"({"dossierid":"ALFA-0000001"})");
    bytes.replace(bytes.find("20260403120000"), 14, "00000000000000");
    auto const decoded = decode("cancel", bytes, Profile{});
    REQUIRE(decoded);
    CHECK_FALSE(decoded->timestamp.has_value());
    CHECK(has_flag(*decoded, "implausible_time: header timestamp 00000000000000"));
}

TEST_CASE("times far from any real one are flagged and stay as they are") {
    auto const day = std::chrono::hours{24};
    auto const horizon = std::chrono::duration_cast<Duration>(365 * day);
    auto const flags_for = [&](Moment due) {
        auto message = message_of(AnswerDelayed{dossier, bravo, due, ""});
        flag_implausible(message, now, horizon);
        CHECK(std::get<AnswerDelayed>(message.body).answer_due == due);
        return message.flags.size();
    };
    CHECK(flags_for(now) == 0);
    CHECK(flags_for(now + horizon) == 0);
    CHECK(flags_for(now + horizon + Duration{1}) == 1);
    CHECK(flags_for(at("2000-01-01T00:00:00Z")) == 0);
    CHECK(flags_for(at("1999-12-31T23:59:59Z")) == 1);

    auto answer = message_of(Answer{dossier, {{mobile, {}, {}, now + 2 * horizon, ""}, {pbx, {}, {}, now, ""}}});
    answer.timestamp = at("1990-01-01T00:00:00Z");
    flag_implausible(answer, now, horizon);
    CHECK(answer.flags.size() == 2);
    CHECK(has_flag(answer, "+32470123456"));
}

TEST_CASE("the zone of the profile counts") {
    Profile summer;
    summer.time = LocalTime("UTC");
    auto const bytes =
        wire("pradelayed",
             R"({"dossierid":"ALFA-0000001","donornetworkoperator":"BRAVO","answerduedatetime":"20260407180000"})");
    CHECK(std::get<AnswerDelayed>(decode("pradelayed", bytes, summer)->body).answer_due == at("2026-04-07T18:00:00Z"));
    CHECK(std::get<AnswerDelayed>(decode("pradelayed", bytes, Profile{})->body).answer_due ==
          at("2026-04-07T16:00:00Z"));
}

TEST_CASE("event names of the stream") {
    CHECK(type_of_event("portingrequest-v3") == "portingrequest");
    CHECK(type_of_event("portingrequest") == "portingrequest");
}

// ------------------------------------------------------------------------------------------------------------- quirks

namespace {

/// An answer as the form wants it; each quirk is a way of writing the same.
constexpr std::string_view plain_answer =
    R"({"message":{"header":{"sender":{"networkoperator":"BRAVO"},"receiver":{"networkoperator":"ALFA"},"timestamp":"20260403120000"},)"
    R"("body":{"portingrequestanswer":{"dossierid":"ALFA-0000001","blocking":"Y","repeats":[{"seq":{"numberseries":)"
    R"({"start":"025501100","end":"025501199"},"blockingcode":"90","firstpossibledate":"20260407180000"}}]}}}})";

std::string answer_with(std::string_view plain, std::string_view odd) {
    std::string text(plain_answer);
    for (auto at = text.find(plain); at != std::string::npos; at = text.find(plain, at + odd.size())) text.replace(at, plain.size(), odd);
    REQUIRE(text != plain_answer);
    return text;
}

Profile with(Quirks quirks) {
    Profile profile;
    profile.time = LocalTime("Europe/Brussels");
    profile.quirks = std::move(quirks);
    return profile;
}

/// Refused without the quirk and with all others; with it the very message of the plain form, and a flag that says so.
void is_taken_only_with(Quirk quirk, std::string const& odd) {
    CAPTURE(odd);
    constexpr auto type = "portingrequestanswer";
    auto plain = *decode(type, plain_answer, with({}));
    Quirks others;
    for (auto const& row : all_quirks())
        if (row.quirk != quirk) others.insert(row.quirk);
    auto const strictly = decode(type, odd, with(others));
    REQUIRE_FALSE(strictly);
    for (auto const& problem : strictly.refusals())
        CHECK((problem.code == RefusalCode::malformed || problem.code == RefusalCode::not_admissible));
    auto const agreed = decode(type, odd, with({quirk}));
    REQUIRE(agreed);
    CHECK(agreed->flags == std::vector{"quirk: " + std::string(about(quirk).name)});
    plain.flags = agreed->flags;
    CHECK(*agreed == plain);
    CHECK(decode(type, plain_answer, with({quirk}))->flags.empty()); // who has the quirk may do without
}

} // namespace

TEST_CASE("quirk single-items: a list of one that lost its brackets") {
    auto const item = plain_answer.substr(plain_answer.find("[{"), plain_answer.find("}]") + 2 - plain_answer.find("[{"));
    is_taken_only_with(Quirk::single_items, answer_with(item, item.substr(1, item.size() - 2)));
    // the same habit with two: "seq" is the list, of which each is an item
    auto const inner = item.substr(std::string_view("[{\"seq\":").size(), item.size() - std::string_view("[{\"seq\":").size() - 2);
    is_taken_only_with(Quirk::single_items, answer_with(item, fmt::format(R"({{"seq":[{},{}]}})", inner, inner)));
}

TEST_CASE("quirk readable-times: as people write them, with or without an offset") {
    // 18:00 in Brussels, where summer time is two hours ahead of UTC
    for (auto const* const odd : {"2026-04-07T18:00:00", "2026-04-07 18:00", "2026-04-07T18:00:00.123", "2026-04-07T16:00:00Z",
                                  "2026-04-07T17:00:00+01:00"})
        is_taken_only_with(Quirk::readable_times, answer_with("20260407180000", odd));
    is_taken_only_with(Quirk::readable_times, answer_with("20260403120000", "2026-04-03T12:00:00")); // the header's, too
    for (auto const* const odd : {"2026-04-07", "07-04-2026 18:00", "2026-04-07T18:00:00 CET", "tomorrow at six"})
        CHECK_FALSE(decode("portingrequestanswer", answer_with("20260407180000", odd), with({Quirk::readable_times})));
    // whether there is such a day is asked as of every other
    auto const no_day = decode("portingrequestanswer", answer_with("20260407180000", "2026-02-31T18:00:00"), with({Quirk::readable_times}));
    REQUIRE_FALSE(no_day);
    CHECK(no_day.refusal().code == RefusalCode::not_admissible);
}

TEST_CASE("quirk international-numbers: with the country code of the peer, and no other") {
    is_taken_only_with(Quirk::international_numbers, answer_with("\"0255", "\"+32255"));
    CHECK_FALSE(decode("portingrequestanswer", answer_with("\"0255", "\"+31255"), with({Quirk::international_numbers})));
}

TEST_CASE("quirk small-letters: operators and dossiers") {
    is_taken_only_with(Quirk::small_letters, answer_with("BRAVO", "Bravo"));
    is_taken_only_with(Quirk::small_letters, answer_with("ALFA-0000001", "alfa-0000001"));
}

TEST_CASE("quirk bare-numbers: codes and times without quotes") {
    is_taken_only_with(Quirk::bare_numbers, answer_with("\"90\"", "90"));
    is_taken_only_with(Quirk::bare_numbers, answer_with("\"20260407180000\"", "20260407180000"));
}

TEST_CASE("an envelope is read by the quirks of whom it says it is from, and by nobody else's") {
    auto const odd = answer_with("BRAVO", "bravo");
    auto const dialects = [](std::string_view code) {
        return [quirky = with({Quirk::small_letters}), plain = with({}), code](OperatorCode const& sender) -> Profile const& {
            return sender.text == code ? quirky : plain;
        };
    };
    auto const envelope = read_envelope(odd, dialects("BRAVO"));
    REQUIRE(envelope);
    CHECK(envelope->sender == bravo);
    CHECK(envelope->dossier == dossier);
    CHECK_FALSE(read_envelope(odd, dialects("CITO")));
    CHECK_FALSE(read_envelope("{", dialects("BRAVO")));
    CHECK_FALSE(read_envelope(R"({"message":7})", dialects("BRAVO")));
}
