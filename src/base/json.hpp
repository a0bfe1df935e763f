#pragma once
/// The gate through which all JSON enters, and readers that collect every problem of a body at once.

#include "base/limits.hpp"
#include "base/moment.hpp"
#include "base/outcome.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod {

/// Reads one JSON text (RFC 8259) under the product's gate: valid UTF-8, no deeper than limits::json_depth_max, no
/// member name twice in one object, no decimals, exponents or minus zero, integers within ±2^53, no NUL in a text.
/// Anything else is refused (malformed; too_large beyond limits::body_bytes_max), naming pointer or byte. Thread-safe.
Outcome<boost::json::value> parse_json(std::string_view bytes);

/// `pointer` extended by one member name, escaped as RFC 6901 asks.
std::string pointer_to(std::string_view pointer, std::string_view name);
std::string pointer_to(std::string_view pointer, std::size_t index);

/// The number of Unicode characters of valid UTF-8.
std::size_t count_characters(std::string_view utf8);
/// The first `characters` characters of valid UTF-8.
std::string_view first_characters(std::string_view utf8, std::size_t characters);

enum class Need : std::uint8_t { required, optional };

/// Reads the members of one object. Each call names the member and says what it must be; what is wrong is appended to
/// `problems` with its pointer, and a harmless empty value returned, so that one pass finds everything.
/// An empty string and null mean absent. Keeps references to the object, the problems and the names given: all must
/// outlive it.
class JsonReader {
public:
    JsonReader(boost::json::object const& object, std::vector<Refusal>& problems, std::string pointer = {});

    /// A text of at most `max` bytes; empty when absent or wrong.
    std::string text(std::string_view name, Need need = Need::required, std::size_t max = limits::text_bytes_max);
    /// One of `choices`, letter case as written there; empty when absent or wrong.
    std::string choice(std::string_view name, std::initializer_list<std::string_view> choices,
                       Need need = Need::required);
    std::optional<std::int64_t> integer(std::string_view name, Need need = Need::required,
                                        std::int64_t least = INT64_MIN, std::int64_t most = INT64_MAX);
    std::optional<bool> boolean(std::string_view name, Need need = Need::required);
    /// RFC 3339 with an offset.
    std::optional<Moment> moment(std::string_view name, Need need = Need::required);
    /// A reader for the object in that member.
    std::optional<JsonReader> object(std::string_view name, Need need = Need::required);
    /// The array in that member, of at most `max` items; required also means not empty. Null when absent or wrong.
    boost::json::array const* array(std::string_view name, Need need = Need::required,
                                    std::size_t max = limits::array_items_max);
    /// A reader for each item of an array of objects; items of other types are problems.
    std::vector<JsonReader> objects(std::string_view name, Need need = Need::required,
                                    std::size_t max = limits::array_items_max);
    /// An array of texts.
    std::vector<std::string> texts(std::string_view name, Need need = Need::required,
                                   std::size_t max = limits::array_items_max);
    /// The member as it stands, for what no other reader takes (one of two types); null when absent.
    boost::json::value const* raw(std::string_view name);

    /// True when the member is there and not empty.
    bool has(std::string_view name) const;
    /// To be called last: a member nobody asked for is a problem that names the nearest known one.
    void unknown_keys();
    /// Adds a problem of the caller's own about a member (empty name: about the whole object).
    void refuse(std::string_view name, std::string text, std::string next = {},
                RefusalCode code = RefusalCode::malformed);
    std::string pointer(std::string_view name) const { return name.empty() ? pointer_ : pointer_to(pointer_, name); }
    std::string const& pointer() const { return pointer_; }
    std::vector<Refusal>& problems() const { return *problems_; }

private:
    boost::json::value const* find(std::string_view name, Need need);
    void wrong_type(std::string_view name, boost::json::value const& found, std::string_view wanted);

    boost::json::object const* object_;
    std::vector<Refusal>* problems_;
    std::string pointer_;
    std::vector<std::string_view> known_;
};

} // namespace npod
