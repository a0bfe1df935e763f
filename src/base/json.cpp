#include "base/json.hpp"

#include "base/nearest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod {

namespace json = boost::json;

namespace {

/// Builds the value while the parser reads, and stops it at what RFC 8259 allows but we do not. (Boost's own tree
/// cannot tell afterwards that a name was there twice or that a number had an exponent.)
class Gate {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    std::optional<Refusal> refusal;
    json::value_stack stack;

    /// Where the parser is, as an RFC 6901 pointer.
    std::string pointer() const {
        std::string here;
        for (std::size_t depth = 0; depth < levels_.size(); ++depth) {
            auto const& level = levels_[depth];
            auto const keys_end = depth + 1 < levels_.size() ? levels_[depth + 1].first_key : keys_.size();
            if (level.is_array && level.items > 0) here = pointer_to(here, level.items - 1);
            if (!level.is_array && keys_end > level.first_key) here = pointer_to(here, keys_[keys_end - 1]);
        }
        return here;
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return enter(false); }
    bool on_array_begin(json::error_code&) { return enter(true); }
    bool on_array_end(std::size_t items, json::error_code&) {
        stack.push_array(items);
        levels_.pop_back();
        return true;
    }
    bool on_object_end(std::size_t members, json::error_code& error) {
        if (auto const twice = name_given_twice(); !twice.empty())
            return refuse(error, fmt::format("The member \"{}\" is given twice in one object.", twice),
                          "Send every member once.");
        stack.push_object(members);
        keys_.resize(levels_.back().first_key);
        levels_.pop_back();
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
        key_.append(part.data(), part.size());
        stack.push_chars(part);
        return true;
    }
    bool on_key(json::string_view rest, std::size_t, json::error_code& error) {
        key_.append(rest.data(), rest.size());
        if (key_.find('\0') != std::string::npos) return refuse_nul(error);
        keys_.push_back(std::move(key_));
        key_.clear();
        stack.push_key(rest);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, json::error_code& error) {
        if (part.find('\0') != json::string_view::npos) return refuse_nul(error);
        stack.push_chars(part);
        return true;
    }
    bool on_string(json::string_view rest, std::size_t, json::error_code& error) {
        begin_value();
        if (rest.find('\0') != json::string_view::npos) return refuse_nul(error);
        stack.push_string(rest);
        return true;
    }
    bool on_number_part(json::string_view, json::error_code&) { return true; }
    bool on_int64(std::int64_t number, json::string_view text, json::error_code& error) {
        constexpr std::int64_t most = std::int64_t{1} << 53;
        begin_value();
        if (number == 0 && !text.empty() && text.front() == '-')
            return refuse(error, "Minus zero is not a number we take.", "Write 0.");
        if (number > most || number < -most) return refuse_size(error);
        stack.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t, json::string_view, json::error_code& error) {
        begin_value();
        return refuse_size(error);
    }
    bool on_double(double, json::string_view, json::error_code& error) {
        begin_value();
        return refuse(error, "The number has decimals or an exponent, or is larger than 2^53.",
                      "Write a whole number in plain digits.");
    }
    bool on_bool(bool truth, json::error_code&) {
        begin_value();
        stack.push_bool(truth);
        return true;
    }
    bool on_null(json::error_code&) {
        begin_value();
        stack.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, json::error_code&) { return true; }
    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    struct Level {
        bool is_array;
        std::size_t items;     ///< of an array: how many began
        std::size_t first_key; ///< of an object: where its names begin in keys_
    };

    void begin_value() {
        if (!levels_.empty() && levels_.back().is_array) ++levels_.back().items;
    }
    bool enter(bool is_array) {
        begin_value();
        levels_.push_back({is_array, 0, keys_.size()});
        return true;
    }
    bool refuse(json::error_code& error, std::string text, std::string next) {
        refusal = Refusal{RefusalCode::malformed, std::move(text), pointer(), std::move(next), {}};
        error = json::make_error_code(json::error::syntax);
        return false;
    }
    bool refuse_size(json::error_code& error) {
        return refuse(error, "The number is beyond ±2^53, where not every program can keep it.",
                      "Send large numbers, such as telephone numbers, as text.");
    }
    bool refuse_nul(json::error_code& error) {
        return refuse(error, "A text holds the character NUL.", "Remove \\u0000 from the text.");
    }
    /// Sorting keeps an object of very many members from costing quadratic time.
    std::string name_given_twice() const {
        std::vector<std::string_view> names(keys_.begin() + static_cast<std::ptrdiff_t>(levels_.back().first_key),
                                            keys_.end());
        std::sort(names.begin(), names.end());
        auto const twice = std::adjacent_find(names.begin(), names.end());
        return twice == names.end() ? std::string{} : std::string(*twice);
    }

    std::vector<Level> levels_;
    std::vector<std::string> keys_;
    std::string key_;
};

std::string_view kind_name(json::value const& value) {
    switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "a number";
    case json::kind::string: return "a text";
    case json::kind::array: return "an array";
    case json::kind::object: return "an object";
    }
    return "something else";
}

bool means_absent(json::value const& value) {
    return value.is_null() || (value.is_string() && value.get_string().empty());
}

} // namespace

Outcome<json::value> parse_json(std::string_view bytes) {
    if (bytes.size() > limits::body_bytes_max)
        return Refusal{
            RefusalCode::too_large,
            fmt::format("The body has {} bytes; at most {} are taken.", bytes.size(), limits::body_bytes_max),
            {},
            "Split it into smaller ones.",
            {}};
    json::parse_options options;
    options.max_depth = limits::json_depth_max;
    json::basic_parser<Gate> parser(options);
    json::error_code error;
    auto const read = parser.write_some(false, bytes.data(), bytes.size(), error);
    auto& gate = parser.handler();
    if (gate.refusal) return *gate.refusal;
    if (!error && read < bytes.size()) error = json::make_error_code(json::error::extra_data);
    if (error) {
        auto const deep = error == json::error::too_deep;
        auto text =
            deep ? fmt::format("The JSON is nested deeper than {} levels, at byte {}.", limits::json_depth_max, read)
                 : fmt::format("The body is not JSON: {} at byte {}.", error.message(), read);
        return Refusal{RefusalCode::malformed,
                       std::move(text),
                       gate.pointer(),
                       deep ? "Send fewer levels." : "Send one JSON text in UTF-8 (RFC 8259).",
                       {}};
    }
    return gate.stack.release();
}

std::string pointer_to(std::string_view pointer, std::string_view name) {
    std::string extended(pointer);
    extended += '/';
    for (char const c : name) {
        if (c == '~')
            extended += "~0";
        else if (c == '/')
            extended += "~1";
        else
            extended += c;
    }
    return extended;
}

std::string pointer_to(std::string_view pointer, std::size_t index) { return fmt::format("{}/{}", pointer, index); }

namespace {
bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }
} // namespace

std::size_t count_characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_character));
}

std::string_view first_characters(std::string_view utf8, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t at = 0; at < utf8.size(); ++at)
        if (begins_character(utf8[at]) && seen++ == characters) return utf8.substr(0, at);
    return utf8;
}

// ------------------------------------------------------------------------------------------------------- JsonReader

JsonReader::JsonReader(json::object const& object, std::vector<Refusal>& problems, std::string pointer)
    : object_(&object), problems_(&problems), pointer_(std::move(pointer)) {}

void JsonReader::refuse(std::string_view name, std::string text, std::string next, RefusalCode code) {
    problems_->push_back({code, std::move(text), pointer(name), std::move(next), {}});
}

void JsonReader::wrong_type(std::string_view name, json::value const& found, std::string_view wanted) {
    refuse(name, fmt::format("\"{}\" must be {}, not {}.", name, wanted, kind_name(found)),
           fmt::format("Send {}.", wanted));
}

json::value const* JsonReader::raw(std::string_view name) { return find(name, Need::optional); }

bool JsonReader::has(std::string_view name) const {
    auto const* value = object_->if_contains(name);
    return value && !means_absent(*value);
}

json::value const* JsonReader::find(std::string_view name, Need need) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) known_.push_back(name);
    auto const* value = object_->if_contains(name);
    if (value && !means_absent(*value)) return value;
    if (need == Need::required) refuse(name, fmt::format("\"{}\" is missing.", name), fmt::format("Add \"{}\".", name));
    return nullptr;
}

std::string JsonReader::text(std::string_view name, Need need, std::size_t max) {
    auto const* value = find(name, need);
    if (!value) return {};
    auto const* text = value->if_string();
    if (!text) {
        wrong_type(name, *value, "a text");
        return {};
    }
    if (text->size() > max) {
        refuse(name, fmt::format("\"{}\" has {} bytes; at most {} are taken.", name, text->size(), max), "Shorten it.");
        return {};
    }
    return std::string(*text);
}

std::string JsonReader::choice(std::string_view name, std::initializer_list<std::string_view> choices, Need need) {
    auto const problems_before = problems_->size();
    auto const given = text(name, need);
    if (given.empty() && (problems_->size() > problems_before || need == Need::optional)) return {};
    if (std::find(choices.begin(), choices.end(), given) != choices.end()) return given;
    std::vector<std::string_view> const words(choices);
    auto const close = nearest(given, words);
    refuse(name, fmt::format("\"{}\" is \"{}\", which is not one of: {}.", name, given, fmt::join(words, ", ")),
           close.empty() ? "Send one of these." : fmt::format("Did you mean \"{}\"?", close));
    return {};
}

std::optional<std::int64_t> JsonReader::integer(std::string_view name, Need need, std::int64_t least,
                                                std::int64_t most) {
    auto const* value = find(name, need);
    if (!value) return std::nullopt;
    auto const* number = value->if_int64();
    if (!number) {
        wrong_type(name, *value, "a whole number");
        return std::nullopt;
    }
    if (*number < least || *number > most) {
        refuse(name, fmt::format("\"{}\" is {}; it must be from {} to {}.", name, *number, least, most),
               "Send a number in that range.");
        return std::nullopt;
    }
    return *number;
}

std::optional<bool> JsonReader::boolean(std::string_view name, Need need) {
    auto const* value = find(name, need);
    if (!value) return std::nullopt;
    if (value->is_bool()) return value->get_bool();
    wrong_type(name, *value, "true or false");
    return std::nullopt;
}

std::optional<Moment> JsonReader::moment(std::string_view name, Need need) {
    auto const given = text(name, need);
    if (given.empty()) return std::nullopt;
    auto const moment = parse_rfc3339(given);
    if (moment) return *moment;
    auto refusal = moment.refusal();
    refusal.pointer = pointer(name);
    problems_->push_back(std::move(refusal));
    return std::nullopt;
}

std::optional<JsonReader> JsonReader::object(std::string_view name, Need need) {
    auto const* value = find(name, need);
    if (!value) return std::nullopt;
    if (auto const* inner = value->if_object()) return JsonReader(*inner, *problems_, pointer(name));
    wrong_type(name, *value, "an object");
    return std::nullopt;
}

json::array const* JsonReader::array(std::string_view name, Need need, std::size_t max) {
    auto const* value = find(name, need);
    if (!value) return nullptr;
    auto const* items = value->if_array();
    if (!items) {
        wrong_type(name, *value, "an array");
        return nullptr;
    }
    if (items->size() > max) {
        refuse(name, fmt::format("\"{}\" has {} items; at most {} are taken.", name, items->size(), max),
               "Split it into several calls.", RefusalCode::too_large);
        return nullptr;
    }
    if (items->empty() && need == Need::required) {
        refuse(name, fmt::format("\"{}\" is empty.", name), "Give at least one item.");
        return nullptr;
    }
    return items;
}

std::vector<JsonReader> JsonReader::objects(std::string_view name, Need need, std::size_t max) {
    std::vector<JsonReader> readers;
    auto const* items = array(name, need, max);
    if (!items) return readers;
    readers.reserve(items->size());
    auto const here = pointer(name);
    for (std::size_t i = 0; i < items->size(); ++i) {
        if (auto const* inner = (*items)[i].if_object())
            readers.emplace_back(*inner, *problems_, pointer_to(here, i));
        else
            problems_->push_back(
                {RefusalCode::malformed,
                 fmt::format("Item {} of \"{}\" must be an object, not {}.", i, name, kind_name((*items)[i])),
                 pointer_to(here, i),
                 "Send an object.",
                 {}});
    }
    return readers;
}

std::vector<std::string> JsonReader::texts(std::string_view name, Need need, std::size_t max) {
    std::vector<std::string> texts;
    auto const* items = array(name, need, max);
    if (!items) return texts;
    auto const here = pointer(name);
    for (std::size_t i = 0; i < items->size(); ++i) {
        auto const* text = (*items)[i].if_string();
        if (text && !text->empty() && text->size() <= limits::text_bytes_max)
            texts.emplace_back(*text);
        else
            problems_->push_back(
                {RefusalCode::malformed,
                 fmt::format("Item {} of \"{}\" must be a text of 1 to {} bytes.", i, name, limits::text_bytes_max),
                 pointer_to(here, i),
                 "Send a text.",
                 {}});
    }
    return texts;
}

void JsonReader::unknown_keys() {
    for (auto const& member : *object_) {
        std::string_view const name = member.key();
        if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
        auto const close = nearest(name, known_);
        refuse(name, fmt::format("\"{}\" is not known here.", name),
               close.empty() ? "Remove it." : fmt::format("Did you mean \"{}\"?", close));
    }
}

} // namespace npod
