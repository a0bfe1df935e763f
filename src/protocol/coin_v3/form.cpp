#include "protocol/coin_v3/form.hpp"

#include "base/limits_wire.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace npod::protocol::coin_v3 {

namespace json = boost::json;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

bool belongs(char c, Alphabet alphabet) {
    switch (alphabet) {
    case Alphabet::any: return true;
    case Alphabet::digits: return is_digit(c);
    case Alphabet::digits_capitals: return is_digit(c) || is_capital(c);
    case Alphabet::digits_capitals_dash: return is_digit(c) || is_capital(c) || c == '-';
    case Alphabet::digits_comma: return is_digit(c) || c == ',';
    case Alphabet::letter_y: return c == 'Y' || c == 'y'; // letter case of an enumeration is not a reason to refuse
    }
    return false;
}

std::string_view name_of(Alphabet alphabet) {
    switch (alphabet) {
    case Alphabet::any: return "characters";
    case Alphabet::digits: return "digits";
    case Alphabet::digits_capitals: return "of 0-9 and A-Z";
    case Alphabet::digits_capitals_dash: return "of 0-9, A-Z and -";
    case Alphabet::digits_comma: return "digits and commas";
    case Alphabet::letter_y: return "letters Y";
    }
    return "";
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::toupper(static_cast<unsigned char>(x)) == std::toupper(static_cast<unsigned char>(y));
    });
}

bool is_one_of(std::string_view word, std::string_view words) {
    for (std::size_t begin = 0; begin <= words.size();) {
        auto const end = std::min(words.find('|', begin), words.size());
        if (same_word(word, words.substr(begin, end - begin))) return true;
        begin = end + 1;
    }
    return false;
}

bool number_fits(std::string_view digits, Form const& form) {
    if (!form.leading_zeros && digits.size() > 1 && digits.front() == '0') return false;
    if (form.maximum == std::numeric_limits<std::int64_t>::max()) return true;
    std::int64_t number = 0; // at most ten digits where a maximum is given: no overflow
    for (char const c : digits) number = number * 10 + (c - '0');
    return number <= form.maximum;
}

bool fits(std::string_view text, Form const& form) {
    if (form.kind == Form::Kind::choice) return is_one_of(text, form.words);
    auto const length = form.alphabet == Alphabet::any ? count_characters(text) : text.size();
    return length >= form.least && length <= form.most &&
           std::all_of(text.begin(), text.end(), [&](char c) { return belongs(c, form.alphabet); }) &&
           (form.alphabet != Alphabet::digits || number_fits(text, form));
}

/// A place in the message. The pointer is written only when there is something to say about it.
struct Place {
    Place const* parent;
    std::string_view name;
    std::size_t index;

    std::string pointer() const {
        if (!parent) return std::string(name);
        return name.empty() ? pointer_to(parent->pointer(), index) : pointer_to(parent->pointer(), name);
    }
};

class Checker {
public:
    Checker(std::vector<Refusal>& problems, std::vector<std::string>& flags) : problems_(problems), flags_(flags) {}

    void object(std::span<Field const> fields, json::object const& object, Place const& place) {
        std::size_t known = 0;
        for (auto const& field : fields) {
            auto const* value = object.if_contains(field.name);
            if (value) ++known;
            member(field, value, Place{&place, field.name, 0});
        }
        if (known < object.size()) flag_unknown(fields, object, place);
    }

private:
    void member(Field const& field, json::value const* value, Place const& place) {
        bool const absent = !value || value->is_null() || (value->is_string() && value->get_string().empty());
        if (absent) {
            if (field.need == Need::required)
                say(place, fmt::format("\"{}\" is missing.", field.name), fmt::format("Add \"{}\".", field.name));
            return;
        }
        switch (field.form.kind) {
        case Form::Kind::text:
        case Form::Kind::choice: return text(field, *value, place);
        case Form::Kind::object:
            if (auto const* inner = value->if_object()) return object(field.form.members(), *inner, place);
            return say(place, fmt::format("\"{}\" is not an object.", field.name), "Send an object.");
        case Form::Kind::repeats: return repeats(field, *value, place);
        }
    }

    void text(Field const& field, json::value const& value, Place const& place) {
        auto const* text = value.if_string();
        if (text && fits(std::string_view(text->data(), text->size()), field.form)) return;
        auto const wanted = describe(field.form);
        if (!text)
            return say(place, fmt::format("\"{}\" is not a text.", field.name),
                       fmt::format("Send a text: {}.", wanted));
        // What was sent is repeated only as far as it helps: it may be long, or a name.
        say(place,
            fmt::format("\"{}\" is \"{}\", which is not {}.", field.name,
                        first_characters(std::string_view(text->data(), text->size()), 40), wanted),
            fmt::format("Send {}.", wanted));
    }

    void repeats(Field const& field, json::value const& value, Place const& place) {
        auto const* items = value.if_array();
        if (!items) return say(place, fmt::format("\"{}\" is not an array.", field.name), "Send an array.");
        if (items->empty() && field.need == Need::required)
            return say(place, fmt::format("\"{}\" is empty.", field.name), "Send at least one item.");
        if (items->size() > limits::series_per_message_max)
            return say(place,
                       fmt::format("\"{}\" has {} items; at most {} are taken.", field.name, items->size(),
                                   limits::series_per_message_max),
                       "Split the message.", RefusalCode::too_large);
        Form content = field.form;
        content.kind = Form::Kind::object;
        Field const seq_object[] = {{Need::required, "seq", content}};
        for (std::size_t i = 0; i < items->size(); ++i) {
            Place const here{&place, {}, i};
            if (auto const* item = (*items)[i].if_object())
                object(seq_object, *item, here);
            else
                say(here, fmt::format("Item {} of \"{}\" is not an object.", i, field.name), "Send {\"seq\": {…}}.");
        }
    }

    void flag_unknown(std::span<Field const> fields, json::object const& object, Place const& place) {
        for (auto const& member : object) {
            std::string_view const name = member.key();
            auto const known =
                std::any_of(fields.begin(), fields.end(), [&](Field const& f) { return f.name == name; });
            if (!known && flags_.size() < limits::unknown_fields_flagged_max)
                flags_.push_back("unknown_field: " +
                                 std::string(first_characters(pointer_to(place.pointer(), name), 200)));
        }
    }

    void say(Place const& place, std::string text, std::string next, RefusalCode code = RefusalCode::malformed) {
        if (problems_.size() < limits::problems_per_message_max)
            problems_.push_back({code, std::move(text), place.pointer(), std::move(next), {}});
    }

    std::vector<Refusal>& problems_;
    std::vector<std::string>& flags_;
};

} // namespace

void check(std::span<Field const> fields, json::object const& object, std::string const& pointer,
           std::vector<Refusal>& problems, std::vector<std::string>& flags) {
    Checker(problems, flags).object(fields, object, Place{nullptr, pointer, 0});
}

std::string describe(Form const& form) {
    if (form.kind == Form::Kind::choice) {
        std::string words(form.words);
        for (auto at = words.find('|'); at != std::string::npos; at = words.find('|', at)) words.replace(at, 1, " or ");
        return words;
    }
    auto const length =
        form.least == form.most ? fmt::format("{}", form.most) : fmt::format("{} to {}", form.least, form.most);
    auto said = fmt::format("{} {}", length, name_of(form.alphabet));
    if (form.maximum != std::numeric_limits<std::int64_t>::max()) said += fmt::format(", at most {}", form.maximum);
    if (!form.leading_zeros) said += ", without leading zeros";
    return said;
}

} // namespace npod::protocol::coin_v3
