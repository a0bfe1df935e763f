#include "protocol/coin_v3/codec.hpp"

#include "base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::protocol::coin_v3 {

namespace json = boost::json;
namespace message = porting::message;

namespace {

json::string cut(std::string_view text, std::size_t characters) {
    return json::string(first_characters(text, characters));
}

/// Adds a text member; an empty one is absent on this wire.
void add(json::object& object, std::string_view name, std::string_view text, std::size_t characters = 1024) {
    if (!text.empty()) object.emplace(name, cut(text, characters));
}

json::object seq(json::object content) { return {{"seq", std::move(content)}}; }

/// "1000 AA" has a form that the wire does not take: it becomes "1000AA".
std::string wire_postcode(std::string_view postcode) {
    std::string kept;
    for (char const c : postcode) {
        bool const small = c >= 'a' && c <= 'z';
        char const capital = small ? static_cast<char>(c - 'a' + 'A') : c;
        if (((capital >= '0' && capital <= '9') || (capital >= 'A' && capital <= 'Z')) && kept.size() < 6)
            kept += capital;
    }
    return kept;
}

class Writer {
public:
    Writer(message::Message const& message, Profile const& profile, Moment now)
        : message_(message), profile_(profile), now_(now) {}

    json::object operator()(message::PortRequest const& request) const {
        json::object content{{"dossierid", request.dossier.text}};
        add(content, "recipientnetworkoperator", request.recipient.text);
        add(content, "donornetworkoperator", request.donor.text);
        if (auto info = customer(request.customer); !info.empty()) content.emplace("customerinfo", std::move(info));
        content.emplace("contract", request.early_termination ? "EARLY_TERMINATION" : "CONTINUATION");
        add(content, "note", request.note, 100);
        content.emplace("repeats", repeats(request.numbers));
        return content;
    }

    json::object operator()(message::AnswerDelayed const& delayed) const {
        json::object content{{"dossierid", delayed.dossier.text}, {"donornetworkoperator", delayed.donor.text}};
        add_time(content, "answerduedatetime", delayed.answer_due);
        add(content, "reasoncode", delayed.reason_code, 4);
        return content;
    }

    json::object operator()(message::Answer const& answer) const {
        bool const blocked = std::any_of(answer.ranges.begin(), answer.ranges.end(),
                                         [](auto const& r) { return !r.grounds.empty() || !r.unknown_codes.empty(); });
        json::array items;
        for (auto const& range : answer.ranges) answer_range(range, items);
        return {{"dossierid", answer.dossier.text}, {"blocking", blocked ? "Y" : "N"}, {"repeats", std::move(items)}};
    }

    json::object operator()(message::Performed const& performed) const {
        json::object content{{"dossierid", performed.dossier.text},
                             {"recipientnetworkoperator", performed.recipient.text},
                             {"donornetworkoperator", performed.donor.text}};
        add_time(content, "actualdatetime", performed.at);
        content.emplace("repeats", repeats(performed.numbers));
        return content;
    }

    json::object operator()(message::Cancel const& cancel) const {
        json::object content{{"dossierid", cancel.dossier.text}};
        add(content, "note", cancel.note, 100);
        return content;
    }

    json::object operator()(message::Deactivation const& deactivation) const {
        json::object content{{"dossierid", deactivation.dossier.text},
                             {"currentnetworkoperator", deactivation.current.text}};
        add(content, "originalnetworkoperator", deactivation.original.text);
        content.emplace("repeats", repeats(deactivation.numbers));
        return content;
    }

    json::object operator()(message::ErrorFound const& found) const {
        json::array items;
        for (auto const& item : found.items) {
            json::object one;
            add(one, "phonenumber", item.phone_number, 20);
            add(one, "errorcode", item.code, 20);
            add(one, "description", item.description, 1000);
            items.emplace_back(seq(std::move(one)));
        }
        return {{"dossierid", found.dossier.text}, {"repeats", std::move(items)}};
    }

    json::object operator()(message::RangeChange const& change) const {
        return {{"dossierid", change.dossier.text},
                {"currentnetworkoperator", change.current.text},
                {"optanr", change.decision.empty() ? "0" : change.decision}, // required, even of who does not know it
                {"planneddatetime", profile_.time.write(change.planned.value_or(now_))},
                {"repeats", repeats(change.numbers)}};
    }

    json::object operator()(message::Other const& other) const { return {{"dossierid", other.dossier.text}}; }

    std::string whole() const {
        json::object header{{"sender", {{"networkoperator", message_.sender.text}}},
                            {"receiver", {{"networkoperator", message_.receiver.text}}},
                            {"timestamp", profile_.time.write(message_.timestamp.value_or(now_))}};
        json::object body;
        body.emplace(message::type_of(message_.body), std::visit(*this, message_.body));
        json::object inside;
        inside.emplace("header", std::move(header));
        inside.emplace("body", std::move(body));
        json::object envelope;
        envelope.emplace("message", std::move(inside));
        return json::serialize(envelope);
    }

private:
    json::object series(porting::NumberRange numbers) const {
        return {{"start", porting::national(numbers.first, profile_.country_code)},
                {"end", porting::national(numbers.last, profile_.country_code)}};
    }

    json::array repeats(std::vector<porting::NumberRange> const& numbers) const {
        json::array items;
        for (auto const range : numbers) {
            json::object one;
            one.emplace("numberseries", series(range));
            items.emplace_back(seq(std::move(one)));
        }
        return items;
    }

    void add_time(json::object& object, std::string_view name, std::optional<Moment> moment) const {
        if (moment) object.emplace(name, profile_.time.write(*moment));
    }

    static json::object customer(message::CustomerInfo const& info) {
        json::object content;
        add(content, "lastname", info.lastname, 70);
        add(content, "companyname", info.companyname, 70);
        add(content, "housenr", info.housenr, 5);
        add(content, "housenrext", info.housenrext, 4);
        add(content, "postcode", wire_postcode(info.postcode));
        add(content, "customerid", info.customerid, 20);
        return content;
    }

    /// The codes of a range as they go on the wire. TECHNICAL beside unknown codes is how those were read: it is not
    /// added.
    std::vector<std::string> codes(message::AnsweredRange const& range) const {
        auto codes = range.unknown_codes;
        for (auto const ground : range.grounds)
            if (ground != porting::Ground::technical || range.unknown_codes.empty())
                codes.push_back(profile_.wire_of(ground));
        return codes;
    }

    /// One seq per code: the wire has room for one each, and all grounds must be told at once.
    void answer_range(message::AnsweredRange const& range, json::array& items) const {
        auto codes_of_range = codes(range);
        if (codes_of_range.empty()) codes_of_range.emplace_back();
        bool first = true;
        for (auto const& code : codes_of_range) {
            json::object one;
            one.emplace("numberseries", series(range.numbers));
            add(one, "blockingcode", code);
            add_time(one, "firstpossibledate", range.first_possible);
            if (std::exchange(first, false)) add(one, "note", range.note, 100);
            add(one, "donornetworkoperator", message_.sender.text);
            items.emplace_back(seq(std::move(one)));
        }
    }

    message::Message const& message_;
    Profile const& profile_;
    Moment now_;
};

/// Names each time of a message that is far from any real one.
class Plausibility {
public:
    Plausibility(std::vector<std::string>& flags, Moment latest) : flags_(flags), latest_(latest) {}

    void look_at(std::string_view name, std::optional<Moment> moment) {
        constexpr Moment earliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
        if (!moment) return;
        if (*moment < earliest) say(name, *moment, "before 2000");
        if (*moment > latest_) say(name, *moment, "past the horizon");
    }
    template <class Body>
    void operator()(Body const&) {} // carries no time
    void operator()(message::AnswerDelayed const& delayed) { look_at("answer due", delayed.answer_due); }
    void operator()(message::Performed const& performed) { look_at("performed at", performed.at); }
    void operator()(message::RangeChange const& change) { look_at("planned", change.planned); }
    void operator()(message::Answer const& answer) {
        for (auto const& range : answer.ranges)
            look_at("first possible of " + porting::to_string(range.numbers), range.first_possible);
    }

private:
    void say(std::string_view name, Moment moment, std::string_view why) {
        flags_.push_back(fmt::format("implausible_time: {} {} is {}", name, to_rfc3339(moment), why));
    }
    std::vector<std::string>& flags_;
    Moment latest_;
};

} // namespace

std::string encode(message::Message const& message, Profile const& profile, Moment now) {
    return Writer(message, profile, now).whole();
}

void flag_implausible(message::Message& message, Moment now, Duration horizon) {
    Plausibility plausibility(message.flags, now + horizon);
    plausibility.look_at("header timestamp", message.timestamp);
    std::visit([&](auto const& body) { plausibility(body); }, message.body);
}

} // namespace npod::protocol::coin_v3
