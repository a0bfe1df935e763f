#include "protocol/coin_v3/quirks.hpp"

#include "base/moment.hpp"
#include "protocol/coin_v3/local_time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::protocol::coin_v3 {

namespace json = boost::json;

namespace {

constexpr std::array quirk_rows{
    QuirkRow{Quirk::single_items, "single-items",
             "A list of one is sent as the item itself, as programs do that make JSON of XML: read as a list of one."},
    QuirkRow{Quirk::readable_times, "readable-times",
             "Times are sent as 2026-03-03T09:00:00, with or without an offset: read as such a moment, without one in the zone."},
    QuirkRow{Quirk::international_numbers, "international-numbers",
             "Numbers are sent with plus and country code, as +3225501100: read as national ones."},
    QuirkRow{Quirk::small_letters, "small-letters", "Operators and dossiers are sent in small letters: read as capitals."},
    QuirkRow{Quirk::bare_numbers, "bare-numbers", "Codes and times are sent as numbers without quotes: read as texts."},
};

bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool all_decimal(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_decimal); }

bool is_time(std::string_view name) { return name == "timestamp" || name.ends_with("datetime") || name == "firstpossibledate"; }
bool is_number(std::string_view name) { return name == "start" || name == "end"; }
bool is_code(std::string_view name) {
    return name.ends_with("networkoperator") || name == "serviceprovider" || name == "dossierid";
}

/// "2026-03-03T09:00:00", "2026-03-03 09:00" and the like as 14 digits; with an offset as that moment in the zone. Empty when
/// it is no such text.
std::string wire_time(std::string_view text, LocalTime const& time) {
    constexpr std::string_view shape = "0000-00-00T00:00";
    if (text.size() < shape.size()) return {};
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bool const fits = shape[i] == '0' ? is_decimal(text[i]) : shape[i] == 'T' ? text[i] == 'T' || text[i] == ' ' : text[i] == shape[i];
        if (!fits) return {};
    }
    auto rest = text.substr(shape.size());
    std::string whole = fmt::format("{}T{}", text.substr(0, 10), text.substr(11, 5));
    std::string digits;
    std::copy_if(whole.begin(), whole.end(), std::back_inserter(digits), is_decimal);
    if (rest.size() >= 3 && rest[0] == ':' && all_decimal(rest.substr(1, 2))) {
        digits += rest.substr(1, 2);
        rest.remove_prefix(3);
        if (!rest.empty() && rest[0] == '.') rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    } else {
        digits += "00";
    }
    if (rest.empty()) return digits;
    auto const moment = parse_rfc3339(fmt::format("{}:{}{}", whole, digits.substr(12), rest));
    return moment ? time.write(*moment) : std::string{};
}

/// "+3225501100" as "025501100"; empty when it is no number of that country. (With 00 it is of the form already.)
std::string national_number(std::string_view text, std::string_view country_code) {
    if (!text.starts_with("+") || !text.substr(1).starts_with(country_code)) return {};
    auto const rest = text.substr(1 + country_code.size());
    return all_decimal(rest) ? "0" + std::string(rest) : std::string{};
}

class Straightener {
public:
    Straightener(Quirks const& agreed, std::string_view country_code, LocalTime const& time, std::vector<std::string>& flags)
        : agreed_(agreed), country_code_(country_code), time_(time), flags_(flags) {}

    /// As deep as a message of this wire is, and no deeper: what lies below is nobody's form.
    void walk(json::value& value, std::string_view name, int depth = 0) {
        constexpr int depth_max = 12;
        if (depth > depth_max) return;
        if (name == "repeats") straighten_list(value);
        straighten_text(value, name);
        if (auto* object = value.if_object())
            for (auto& member : *object) walk(member.value(), member.key(), depth + 1);
        if (auto* array = value.if_array())
            for (auto& item : *array) walk(item, {}, depth + 1);
    }

private:
    bool agreed(Quirk quirk) const { return agreed_.contains(quirk); }
    void met(Quirk quirk) {
        auto flag = fmt::format("quirk: {}", about(quirk).name);
        if (std::find(flags_.begin(), flags_.end(), flag) == flags_.end()) flags_.push_back(std::move(flag));
    }
    void replace(json::value& value, Quirk quirk, std::string const& text) {
        value = json::string(text);
        met(quirk);
    }

    /// {"seq": {…}} → [{"seq": {…}}], and {"seq": [{…}, {…}]} → [{"seq": {…}}, {"seq": {…}}].
    void straighten_list(json::value& value) {
        auto const* object = value.if_object();
        if (!agreed(Quirk::single_items) || !object) return;
        json::array list(value.storage());
        auto const* seq = object->if_contains("seq");
        if (seq && seq->is_array() && object->size() == 1)
            for (auto const& item : seq->get_array()) list.push_back(json::object{{"seq", item}});
        else
            list.push_back(*object);
        value = std::move(list);
        met(Quirk::single_items);
    }

    void straighten_text(json::value& value, std::string_view name) {
        if (agreed(Quirk::bare_numbers) && (value.is_int64() || value.is_uint64()))
            replace(value, Quirk::bare_numbers, value.is_int64() ? std::to_string(value.get_int64()) : std::to_string(value.get_uint64()));
        auto const* string = value.if_string();
        if (!string) return;
        std::string const text(*string);
        if (agreed(Quirk::readable_times) && is_time(name))
            if (auto const digits = wire_time(text, time_); !digits.empty()) replace(value, Quirk::readable_times, digits);
        if (agreed(Quirk::international_numbers) && is_number(name))
            if (auto const national = national_number(text, country_code_); !national.empty())
                replace(value, Quirk::international_numbers, national);
        if (agreed(Quirk::small_letters) && is_code(name)) {
            auto capitals = text;
            for (char& c : capitals)
                if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
            if (capitals != text) replace(value, Quirk::small_letters, capitals);
        }
    }

    Quirks const& agreed_;
    std::string_view country_code_;
    LocalTime const& time_;
    std::vector<std::string>& flags_;
};

} // namespace

std::span<QuirkRow const> all_quirks() { return quirk_rows; }

QuirkRow const& about(Quirk quirk) {
    return *std::find_if(quirk_rows.begin(), quirk_rows.end(), [&](QuirkRow const& row) { return row.quirk == quirk; });
}

std::optional<Quirk> quirk_of(std::string_view name) {
    for (auto const& row : quirk_rows)
        if (row.name == name) return row.quirk;
    return std::nullopt;
}

void straighten(json::value& whole, Quirks const& agreed, std::string_view country_code, LocalTime const& time,
                std::vector<std::string>& flags) {
    if (!agreed.empty()) Straightener(agreed, country_code, time, flags).walk(whole, {});
}

} // namespace npod::protocol::coin_v3
