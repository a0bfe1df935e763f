#include "protocol/coin_v3/codec.hpp"

#include "base/json.hpp"
#include "base/limits_wire.hpp"
#include "protocol/coin_v3/form.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::protocol::coin_v3 {

namespace json = boost::json;
namespace message = porting::message;
using porting::NumberRange;

namespace {

/// A message taken apart as far as its envelope. `content` points into `whole`.
struct Opened {
    Opened() = default;
    Opened(Opened&&) = default; // moving keeps `content` where it is; a copy would leave it in the original
    Opened& operator=(Opened&&) = default;

    json::value whole;
    Envelope envelope;
    json::object const* content = nullptr;
    std::vector<std::string> flags;

    std::string pointer() const { return pointer_to("/message/body", envelope.type); }
};

/// A text member, or empty. To be used after the form was checked.
std::string_view text_of(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    auto const* text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view{};
}

std::string string_of(json::object const& object, std::string_view name) { return std::string(text_of(object, name)); }

/// An object member, or null.
json::object const* object_of(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value ? value->if_object() : nullptr;
}

json::object const* required_object(json::object const& outer, std::string_view name, std::string_view pointer,
                                    std::vector<Refusal>& problems) {
    auto const* inner = object_of(outer, name);
    if (!inner)
        problems.push_back({RefusalCode::malformed,
                            fmt::format("\"{}\" is missing or not an object.", name),
                            pointer_to(pointer, name),
                            fmt::format("Add the object \"{}\".", name),
                            {}});
    return inner;
}

void flag_members_beyond(json::object const& object, std::string_view pointer,
                         std::initializer_list<std::string_view> known, std::vector<std::string>& flags) {
    for (auto const& member : object) {
        std::string_view const name = member.key();
        if (std::find(known.begin(), known.end(), name) == known.end() && flags.size() < limits::unknown_fields_flagged_max)
            flags.push_back("unknown_field: " + std::string(first_characters(pointer_to(pointer, name), 200)));
    }
}

bool is_dossier(std::string_view text) {
    return text.size() >= 5 && text.size() <= 26 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
           });
}

/// The name of a type becomes part of paths, file names and logs: it is kept plain even when nobody knows it.
bool is_type_name(std::string_view name) {
    return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    });
}

/// Finds the one member of the body.
void open_body(json::object const& body, Opened& opened, std::vector<Refusal>& problems) {
    auto const refuse = [&](std::string text, std::string next) {
        problems.push_back({RefusalCode::malformed, std::move(text), "/message/body", std::move(next), {}});
    };
    if (body.size() != 1)
        return refuse(fmt::format("The body has {} members; it must have one, named as the type.", body.size()),
                      "Send one message per call.");
    std::string_view const type = body.begin()->key();
    if (!is_type_name(type))
        return refuse("The member of the body is not named as a type.", "Name it as in the path, \"portingrequest\".");
    opened.envelope.type = type;
    opened.content = required_object(body, type, "/message/body", problems);
    if (!opened.content) return;
    if (auto const dossier = text_of(*opened.content, "dossierid"); is_dossier(dossier))
        opened.envelope.dossier = DossierId{std::string(dossier)};
}

/// `dialect`: with whose quirks; null: none.
Outcome<Opened> open(std::string_view bytes, Profile const* dialect) {
    auto parsed = parse_json(bytes);
    if (!parsed) return parsed.refusals();
    Opened opened;
    opened.whole = std::move(*parsed);
    if (dialect) straighten(opened.whole, dialect->quirks, dialect->country_code, dialect->time, opened.flags);
    auto const* root = opened.whole.if_object();
    if (!root)
        return Refusal{RefusalCode::malformed, "The body is not a JSON object.", "", "Send {\"message\": {…}}.", {}};

    std::vector<Refusal> problems;
    auto const* msg = required_object(*root, "message", "", problems);
    if (!msg) return problems;
    auto const* header = required_object(*msg, "header", "/message", problems);
    auto const* body = required_object(*msg, "body", "/message", problems);
    flag_members_beyond(*root, "", {"message"}, opened.flags);
    flag_members_beyond(*msg, "/message", {"header", "body"}, opened.flags);
    if (header) check(header_fields(), *header, "/message/header", problems, opened.flags);
    if (body) open_body(*body, opened, problems);
    if (!problems.empty()) return problems;

    opened.envelope.sender = OperatorCode{string_of(*object_of(*header, "sender"), "networkoperator")};
    opened.envelope.receiver = OperatorCode{string_of(*object_of(*header, "receiver"), "networkoperator")};
    opened.envelope.timestamp = text_of(*header, "timestamp");
    return opened;
}

Outcome<Opened> open_checked(std::string_view type, std::string_view bytes, Profile const* dialect) {
    auto opened = open(bytes, dialect);
    if (!opened) return opened;
    if (opened->envelope.type != type)
        return Refusal{
            RefusalCode::malformed,
            fmt::format("The body holds \"{}\" but was sent as \"{}\".", opened->envelope.type, type.substr(0, 40)),
            opened->pointer(),
            "Send it to the path of its own type.",
            {}};
    auto const* form = form_of(type);
    if (!form) return opened;
    std::vector<Refusal> problems;
    check(form->fields, *opened->content, opened->pointer(), problems, opened->flags);
    if (!problems.empty()) return problems;
    return opened;
}

/// Whom a message says it is from, in capitals, before anything else of it is believed; empty when it does not say.
OperatorCode claimed_sender(std::string_view bytes) {
    auto const parsed = parse_json(bytes);
    if (!parsed) return {};
    boost::system::error_code missing;
    auto const* sender = parsed->find_pointer("/message/header/sender/networkoperator", missing);
    if (!sender || !sender->is_string()) return {};
    std::string code(sender->get_string());
    for (char& c : code)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return OperatorCode{std::move(code)};
}

// ------------------------------------------------------------------------------------------------ what it means

/// Reads the content of a message whose form is right, and collects what cannot be meant.
class Meaning {
public:
    Meaning(Opened const& opened, Profile const& profile)
        : opened_(opened), content_(*opened.content), profile_(profile), pointer_(opened.pointer()),
          flags(opened.flags) {}

    message::Body body() {
        auto const& type = opened_.envelope.type;
        if (type == "portingrequest") return port_request();
        if (type == "pradelayed") return delayed();
        if (type == "portingrequestanswer") return answer();
        if (type == "portingperformed") return performed();
        if (type == "cancel") return message::Cancel{dossier(), text("note")};
        if (type == "deactivation") return deactivation();
        if (type == "errorfound") return error_found();
        if (type == "rangeactivation" || type == "rangedeactivation") return range_change();
        if (!form_of(type)) flag("unknown_type: " + type);
        return message::Other{type, dossier()};
    }

private:
    Opened const& opened_;
    json::object const& content_;
    Profile const& profile_;
    std::string pointer_;

public:
    std::vector<std::string> flags;
    std::vector<Refusal> problems;

private:
    std::string text(std::string_view name) const { return string_of(content_, name); }
    OperatorCode code(std::string_view name) const { return OperatorCode{text(name)}; }
    DossierId dossier() const { return opened_.envelope.dossier; }

    /// Says it once, and not without end.
    void flag(std::string text) {
        if (flags.size() < limits::flags_per_message_max && std::find(flags.begin(), flags.end(), text) == flags.end())
            flags.push_back(std::move(text));
    }

    void impossible(std::string pointer, std::string text, std::string next) {
        if (problems.size() >= limits::problems_per_message_max) return;
        problems.push_back({RefusalCode::not_admissible, std::move(text), std::move(pointer), std::move(next), {}});
    }

    std::optional<Moment> time(json::object const& object, std::string_view name, std::string_view pointer) {
        auto const digits = text_of(object, name);
        if (digits.empty()) return std::nullopt;
        auto const moment = profile_.time.read(digits);
        if (moment) return *moment;
        impossible(pointer_to(pointer, name), moment.refusal().text, moment.refusal().next);
        return std::nullopt;
    }
    std::optional<Moment> time(std::string_view name) { return time(content_, name, pointer_); }

    /// Calls `use(seq, pointer of seq)` for each repetition.
    template <class Use>
    void each_seq(Use use) {
        auto const& items = content_.at("repeats").get_array();
        for (std::size_t i = 0; i < items.size(); ++i)
            use(*object_of(items[i].get_object(), "seq"), fmt::format("{}/repeats/{}/seq", pointer_, i));
    }

    std::optional<porting::Number> number(json::object const& series, std::string_view name,
                                          std::string const& pointer) {
        auto const number = porting::from_national(text_of(series, name), profile_.country_code);
        if (number) return *number;
        impossible(pointer_to(pointer, name), number.refusal().text, number.refusal().next);
        return std::nullopt;
    }

    std::optional<NumberRange> range(json::object const& seq, std::string const& seq_pointer) {
        auto const& series = *object_of(seq, "numberseries");
        auto const pointer = pointer_to(seq_pointer, "numberseries");
        auto const first = number(series, "start", pointer), last = number(series, "end", pointer);
        if (!first || !last) return std::nullopt;
        if (std::to_string(first->digits).size() != std::to_string(last->digits).size() || *last < *first) {
            impossible(pointer,
                       fmt::format("{} to {} is not a series of numbers.", porting::to_string(*first),
                                   porting::to_string(*last)),
                       "Give a start and an end of equal length, the start first.");
            return std::nullopt;
        }
        return NumberRange{*first, *last};
    }

    std::vector<NumberRange> ranges() {
        std::vector<NumberRange> all;
        each_seq([&](json::object const& seq, std::string const& pointer) {
            if (auto const one = range(seq, pointer)) all.push_back(*one);
        });
        return all;
    }

    /// Each number of such a message costs a look into the book: a slip of one digit may not stop the writer for hours.
    void bound(std::vector<NumberRange> const& numbers, std::int64_t most) {
        if (porting::count(numbers) > most)
            impossible(pointer_to(pointer_, "repeats"), fmt::format("It is about more than {} numbers.", most),
                       "Split it into several messages.");
    }

    message::PortRequest port_request() {
        message::PortRequest request{
            dossier(),   code("recipientnetworkoperator"), code("donornetworkoperator"), ranges(), {}, true,
            text("note")};
        // The donor is optional inside: a request that was addressed to one operator means that one.
        if (!request.donor && opened_.envelope.receiver.text != message::everybody)
            request.donor = opened_.envelope.receiver;
        request.early_termination = text("contract").empty() || (text("contract").front() | 0x20) == 'e';
        if (auto const* info = object_of(content_, "customerinfo"))
            request.customer = {string_of(*info, "lastname"), string_of(*info, "companyname"),
                                string_of(*info, "housenr"),  string_of(*info, "housenrext"),
                                string_of(*info, "postcode"), string_of(*info, "customerid")};
        bound(request.numbers, limits::numbers_per_order_max);
        return request;
    }

    message::AnswerDelayed delayed() {
        auto reason = text("reasoncode");
        if (!reason.empty() && !profile_.delay_codes.contains(reason)) flag("unknown_code: reasoncode " + reason);
        return {dossier(), code("donornetworkoperator"), time("answerduedatetime"), std::move(reason)};
    }

    message::Answer answer() {
        message::Answer answer{dossier(), {}};
        each_seq([&](json::object const& seq, std::string const& pointer) {
            auto const numbers = range(seq, pointer);
            auto const first_possible = time(seq, "firstpossibledate", pointer);
            if (!numbers) return;
            auto& answered = range_of_answer(answer, *numbers);
            add_code(answered, text_of(seq, "blockingcode"));
            add_note(answered, text_of(seq, "note"));
            add_date(answered, first_possible);
        });
        compare_with_blocking(answer);
        return answer;
    }

    /// The entry of these numbers: a series that is repeated with another code is one range with several grounds.
    static message::AnsweredRange& range_of_answer(message::Answer& answer, NumberRange numbers) {
        auto const same = [&](message::AnsweredRange const& r) { return r.numbers == numbers; };
        // Most answers have a few series; a repeated one follows at once, so that looking from the back finds it first.
        auto const found = std::find_if(answer.ranges.rbegin(), answer.ranges.rend(), same);
        if (found != answer.ranges.rend()) return *found;
        answer.ranges.push_back({numbers, {}, {}, {}, {}});
        return answer.ranges.back();
    }

    void add_ground(message::AnsweredRange& answered, porting::Ground ground) {
        auto& grounds = answered.grounds;
        if (std::find(grounds.begin(), grounds.end(), ground) == grounds.end()) grounds.push_back(ground);
    }

    void add_code(message::AnsweredRange& answered, std::string_view wire) {
        if (wire.empty()) return;
        if (auto const ground = profile_.ground_of(wire)) return add_ground(answered, *ground);
        auto& unknown = answered.unknown_codes;
        if (std::find(unknown.begin(), unknown.end(), wire) == unknown.end()) unknown.emplace_back(wire);
        add_ground(answered, porting::Ground::technical);
        flag(fmt::format("unknown_code: blockingcode {}", wire));
    }

    void add_note(message::AnsweredRange& answered, std::string_view note) {
        if (note.empty() || answered.note == note) return;
        if (!answered.note.empty()) answered.note += "; ";
        answered.note += note;
    }

    /// Of two dates for the same numbers the later one is safe: nothing happens too early.
    void add_date(message::AnsweredRange& answered, std::optional<Moment> date) {
        if (!date) return;
        if (answered.first_possible && *answered.first_possible != *date)
            flag("contradiction: two first possible dates for " + porting::to_string(answered.numbers));
        answered.first_possible = answered.first_possible ? std::max(*answered.first_possible, *date) : *date;
    }

    /// `blocking` sums up the series. Where they contradict each other, the reading that ports nothing by mistake wins.
    void compare_with_blocking(message::Answer& answer) {
        bool const says_blocked = (text("blocking").front() | 0x20) == 'y';
        bool const is_blocked =
            std::any_of(answer.ranges.begin(), answer.ranges.end(), [](auto const& r) { return !r.grounds.empty(); });
        if (says_blocked == is_blocked) return;
        if (is_blocked) return flag("contradiction: blocking is N, but a series has a blocking code");
        flag("contradiction: blocking is Y, but no series has a blocking code; taken as refused");
        for (auto& range : answer.ranges) {
            add_ground(range, porting::Ground::technical);
            range.first_possible.reset();
        }
    }

    message::Performed performed() {
        message::Performed performed{dossier(), code("recipientnetworkoperator"), code("donornetworkoperator"),
                                     time("actualdatetime"), ranges()};
        bound(performed.numbers, limits::numbers_per_order_max);
        return performed;
    }

    message::Deactivation deactivation() {
        message::Deactivation deactivation{dossier(), code("currentnetworkoperator"), code("originalnetworkoperator"),
                                           ranges()};
        bound(deactivation.numbers, limits::numbers_per_contract_max); // all numbers of one contract may go back at once
        return deactivation;
    }

    message::ErrorFound error_found() {
        message::ErrorFound found{dossier(), {}};
        each_seq([&](json::object const& seq, std::string const&) {
            found.items.push_back(
                {string_of(seq, "phonenumber"), string_of(seq, "errorcode"), string_of(seq, "description")});
        });
        return found;
    }

    message::RangeChange range_change() {
        return {dossier(), code("currentnetworkoperator"), opened_.envelope.type == "rangeactivation",
                time("planneddatetime"), ranges(), text("optanr")};
    }
};

} // namespace

Outcome<Envelope> read_envelope(std::string_view bytes) {
    auto opened = open(bytes, nullptr);
    if (!opened) return opened.refusals();
    return std::move(opened->envelope);
}

Outcome<Envelope> read_envelope(std::string_view bytes, std::function<Profile const&(OperatorCode const&)> const& dialect_of) {
    auto strict = read_envelope(bytes);
    if (strict && strict->dossier) return strict;
    auto const sender = claimed_sender(bytes);
    auto const& dialect = dialect_of(sender);
    if (!sender || dialect.quirks.empty()) return strict;
    auto opened = open(bytes, &dialect);
    if (!opened) return strict;
    return std::move(opened->envelope);
}

Outcome<Envelope> check_form(std::string_view type, std::string_view bytes) {
    auto opened = open_checked(type, bytes, nullptr);
    if (!opened) return opened.refusals();
    return std::move(opened->envelope);
}

Outcome<message::Message> decode(std::string_view type, std::string_view bytes, Profile const& profile) {
    auto const opened = open_checked(type, bytes, &profile);
    if (!opened) return opened.refusals();
    Meaning meaning(*opened, profile);
    message::Message decoded{opened->envelope.sender, opened->envelope.receiver, std::nullopt, meaning.body(), {}};
    if (!meaning.problems.empty()) return meaning.problems;
    decoded.flags = std::move(meaning.flags);
    // The header's own time is often wrong in the field: never a reason to refuse.
    if (auto const timestamp = profile.time.read(opened->envelope.timestamp))
        decoded.timestamp = *timestamp;
    else
        decoded.flags.push_back("implausible_time: header timestamp " + opened->envelope.timestamp);
    return decoded;
}

std::string_view type_of_event(std::string_view event) {
    return event.ends_with("-v3") ? event.substr(0, event.size() - 3) : event;
}

} // namespace npod::protocol::coin_v3
