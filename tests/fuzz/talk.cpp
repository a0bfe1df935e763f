/// A running book hears a counterpart, its own people, its carriers and the clock: one line of the input each.
///
///     {"message": …}              a message of the wire, said by BRAVO
///     port.answer PO-000001 {…}   a command of the Business API
///     wait 90                     minutes go by; deadlines on the way fire
///     taken 1 · turned-away 1     what became of a delivery
///
/// Nothing is committed, so that every input finds the same book.

#include "fuzz/targets.hpp"

#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "engine/writer.hpp"
#include "protocol/business/decode.hpp"
#include "protocol/coin_v3/codec.hpp"
#include "storage/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::fuzz {

namespace {

namespace coin = protocol::coin_v3;

coin::Profile const& dialect() {
    static coin::Profile const profile = [] {
        coin::Profile described;
        described.time = coin::LocalTime("Europe/Brussels");
        return described;
    }();
    return profile;
}

engine::Interchange by_hub() {
    engine::Interchange interchange;
    interchange.encode = [](porting::message::Message const& message, Moment now) {
        return engine::Encoded{OperatorCode{"HUB"}, std::string(porting::message::type_of(message.body)),
                               coin::encode(message, dialect(), now)};
    };
    interchange.decode = [](OperatorCode const& sender, std::string_view type, std::string_view bytes,
                            Moment now) -> porting::input::Any {
        auto decoded = coin::decode(type, bytes, dialect());
        if (decoded) {
            coin::flag_implausible(*decoded, now, std::chrono::days{366});
            return porting::input::Received{std::move(*decoded), 0};
        }
        auto const envelope = coin::read_envelope(bytes);
        return porting::input::ReceivedBroken{sender, std::string(type), envelope ? envelope->dossier : DossierId{},
                                              decoded.refusals()};
    };
    return interchange;
}

constexpr auto contract = R"({"customer":{"kind":"legal","name":"Zon","address":{"postcode":"1000","house_number":"1"}},)"
                          R"("network":"fixed","numbers":[{"first":"+3225501100","last":"+3225501109"}],"related":["fax"]})";
constexpr auto order =
    R"({"order_id":"o-1","donor":"BRAVO","network":"fixed","numbers":[{"first":"+3225502200","last":"+3225502203"}],)"
    R"("customer":{"kind":"legal","name":"Zon","address":{"postcode":"1000","house_number":"1"}},"contract_id":"C-2",)"
    R"("mandate":{"id":"M","titular":"Zon","signer":"A","channel":"online","signed_at":"2026-04-01T08:00:00Z"}})";

std::string from_bravo(std::string_view type, std::string_view content) {
    return fmt::format(R"({{"message":{{"header":{{"sender":{{"networkoperator":"BRAVO"}},"receiver":{{"networkoperator":"ALFA"}},)"
                       R"("timestamp":"20260401101500"}},"body":{{"{}":{}}}}}}})",
                       type, content);
}

std::string request(std::string_view dossier, std::string_view first, std::string_view last) {
    return from_bravo("portingrequest",
                      fmt::format(R"({{"dossierid":"{}","recipientserviceprovider":"BRAVO","recipientnetworkoperator":"BRAVO",)"
                                  R"("donornetworkoperator":"ALFA","customerinfo":{{"companyname":"Zon","housenr":"1","postcode":"1000"}},)"
                                  R"("repeats":[{{"seq":{{"numberseries":{{"start":"{}","end":"{}"}}}}}}]}})",
                                  dossier, first, last));
}

/// ALFA: a customer of ours, a port-in under way, a port-out that waits for a person.
class Desk {
public:
    Desk()
        : settings_{.own = OperatorCode{"ALFA"},
                    .operators = {OperatorCode{"BRAVO"}, OperatorCode{"CHARL"}},
                    .automatic = porting::AutomaticAnswer::none,
                    .dossier_prefix = "ALFA"},
          law_(std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"))), interchange_(by_hub()),
          ledger_({":memory:", settings_.own, true}), writer_(ledger_, rules::Laws(law_), settings_, interchange_) {
        engine::announce_law(writer_, ledger_, law_, now_);
        ledger_.begin();
        for (auto const& line : {std::string("contract.put C-1 ") + contract, std::string("port.order - ") + order,
                                 request("BRAVO-1", "025501100", "025501103")})
            hear(line);
        ledger_.commit();
        expect(ledger_.book().port(PortId{"PI-000001"}) && ledger_.book().port(PortId{"PO-000001"}), "the book is set up");
    }

    /// Hears all lines and forgets them.
    void rehearse(std::string_view lines) {
        auto const start = now_;
        ledger_.begin();
        for (int heard = 0; !lines.empty() && heard < 40; ++heard) {
            hear(lines.substr(0, lines.find('\n')));
            lines.remove_prefix(std::min(lines.size(), lines.find('\n') == std::string_view::npos ? lines.size() : lines.find('\n') + 1));
        }
        auto findings = ledger_.check(1).findings;
        // The end of the log is noted by the commit that never comes.
        std::erase_if(findings, [](auto const& finding) { return finding.starts_with("Log row"); });
        ledger_.rollback();
        now_ = start;
        if (!findings.empty()) throw Finding("the book is not sound: " + findings.front());
    }

private:
    void hear(std::string_view line) {
        if (line.starts_with('{')) return message(line);
        auto const space = line.find(' ');
        if (space == std::string_view::npos) return;
        auto const word = line.substr(0, space);
        auto const rest = line.substr(space + 1);
        if (word == "wait") return wait(number(rest));
        if (word == "taken") return report(number(rest), porting::input::DeliveryReport::What::taken);
        if (word == "turned-away") return report(number(rest), porting::input::DeliveryReport::What::turned_away);
        auto const second = rest.find(' ');
        command(word, rest.substr(0, second), second == std::string_view::npos ? std::string_view{} : rest.substr(second + 1));
    }

    static std::int64_t number(std::string_view text) {
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    void message(std::string_view bytes) {
        auto const envelope = coin::read_envelope(bytes);
        engine::Event event;
        auto const type = envelope ? envelope->type : "portingrequest";
        event.kind = "message." + type;
        event.source = "wire:BRAVO";
        event.body = std::string(bytes);
        event.input = interchange_.decode(OperatorCode{"BRAVO"}, type, bytes, now_);
        expect(writer_.write(event, now_).result.answer.refusals.empty(), "a message is never refused, only answered");
    }

    void command(std::string_view kind, std::string_view key, std::string_view body) {
        engine::Event event;
        event.kind = std::string(kind);
        event.source = "api:desk:anna";
        event.key = key == "-" ? "" : std::string(key);
        event.body = std::string(body);
        auto input = protocol::business::decode_command(kind, event.key, body);
        if (!input) return;
        event.input = std::move(*input);
        for (auto const& refusal : writer_.write(event, now_).result.answer.refusals)
            expect(!refusal.text.empty(), "a refusal says why");
    }

    void report(std::int64_t delivery, porting::input::DeliveryReport::What what) {
        if (!ledger_.book().delivery(delivery)) return; // only what was sent is reported
        porting::input::DeliveryReport one;
        one.delivery = delivery;
        one.what = what;
        one.receipt = "T-1";
        writer_.write(engine::delivery_event(one, OperatorCode{"HUB"}), now_);
    }

    void wait(std::int64_t minutes) {
        auto const until = now_ + std::chrono::minutes{std::clamp<std::int64_t>(minutes, 0, 60 * 24 * 400)};
        for (int fired = 0; fired < 200; ++fired) {
            auto const due = ledger_.due(until, 1);
            if (due.empty()) break;
            now_ = std::max(now_, due.front().due);
            writer_.write(engine::timer_event(due.front()), now_);
        }
        now_ = std::max(now_, until);
    }

    Moment now_ = *parse_rfc3339("2026-04-01T10:00:00+02:00");
    porting::Settings settings_;
    std::shared_ptr<rules::Rulebook const> law_;
    engine::Interchange interchange_;
    storage::Ledger ledger_;
    engine::Writer writer_;
};

} // namespace

void talk(std::string_view bytes) {
    static Desk desk;
    desk.rehearse(bytes);
}

std::vector<std::string> talk_seeds() {
    auto const answer = [](std::string_view dossier, std::string_view rest) {
        return from_bravo("portingrequestanswer",
                          fmt::format(R"({{"dossierid":"{}",{},"repeats":[{{"seq":{{"numberseries":{{"start":"025502200","end":"025502203"}},)"
                                      R"("firstpossibledate":"20260403090000"}}}}]}})",
                                      dossier, rest));
    };
    std::string const reason = R"("reason":"r")";
    return {
        answer("ALFA-0000001", R"("blocking":"N")"),
        "taken 1\n" + answer("ALFA-0000001", R"("blocking":"N")") + "\nwait 4000\nport.activation PI-000001 {" + reason +
            R"(,"numbers":["+3225502200"],"done":true})" + "\nport.activation PI-000001 {" + reason + R"(,"failed":{"cause":"x"}})" + "\nwait 20000",
        "wait 400000",
        "turned-away 1\nport.cancel PI-000001 {" + reason + "}",
        "port.answer PO-000001 {" + reason + R"(,"decisions":[{"numbers":[{"first":"+3225501100","last":"+3225501101"}],"accept":{}},)"
            R"({"numbers":["+3225501102"],"refuse":{"grounds":["MANDATE_INVALID"]}},)"
            R"({"numbers":["+3225501103"],"postpone":{"until":"2026-04-10T10:00:00Z","ground":"TECHNICAL"}}]})" "\nwait 3000\n" +
            from_bravo("portingperformed", R"({"dossierid":"BRAVO-1","recipientnetworkoperator":"BRAVO","donornetworkoperator":"ALFA",)"
                                           R"("actualdatetime":"20260403090000","repeats":[{"seq":{"numberseries":{"start":"025501100","end":"025501101"}}}]})"),
        from_bravo("cancel", R"({"dossierid":"BRAVO-1","note":"n"})") + "\n" + from_bravo("cancel", R"({"dossierid":"BRAVO-9"})"),
        from_bravo("pradelayed", R"({"dossierid":"ALFA-0000001","donornetworkoperator":"BRAVO","answerduedatetime":"20260404090000","reasoncode":"1"})") + "\nwait 9000",
        from_bravo("errorfound", R"({"dossierid":"ALFA-0000001","repeats":[{"seq":{"errorcode":"1","description":"d"}}]})"),
        from_bravo("deactivation", R"({"dossierid":"BRAVO-2","currentnetworkoperator":"BRAVO","originalnetworkoperator":"ALFA",)"
                                   R"("repeats":[{"seq":{"numberseries":{"start":"025501104","end":"025501105"}}}]})"),
        from_bravo("rangeactivation", R"({"dossierid":"BRAVO-3","currentnetworkoperator":"BRAVO","optanr":"1","plannedactivationdatetime":"20260404090000",)"
                                      R"("repeats":[{"seq":{"numberseries":{"start":"025560000","end":"025560099"}}}]})"),
        request("BRAVO-4", "025501102", "025501106") + "\nwait 5000",
        "contract.terminate C-1 {" + reason + R"(,"at":"2026-04-05T10:00:00Z"})" "\nwait 90000\nport.order - " + order,
        "claim.file - {" + reason + R"(,"port":"PI-000001","by_titular":true,"claimant":"Zon","channel":"letter"})",
        "port.hold PI-000001 {" + reason + "}\nport.resume PI-000001 {" + reason + "}\nport.reschedule PI-000001 {" + reason +
            R"(,"at":"2026-04-20T10:00:00Z"})" "\nport.settle PI-000001 {" + reason + R"(,"to":"cancelled"})",
    };
}

} // namespace npod::fuzz
