#include "casefile/redact.hpp"

#include "base/hash.hpp"
#include "casefile/outcome.hpp"
#include "casefile/telling.hpp"
#include "engine/inputs.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace npod::casefile {

namespace json = boost::json;

namespace {

/// What a member of a body holds, and thereby how it is replaced.
enum class Personal : std::uint8_t { name, house, postcode, account, text, digest };

struct Member {
    std::string_view name;
    Personal is;
};

/// Members of the Business API and of the wire, wherever they stand. `name` is also that of a service, which is one of ours.
constexpr Member members[] = {
    {"name", Personal::name},          {"titular", Personal::name},      {"signer", Personal::name},      {"claimant", Personal::name},
    {"lastname", Personal::name},      {"companyname", Personal::name},  {"street", Personal::name},      {"city", Personal::name},
    {"house_number", Personal::house}, {"housenr", Personal::house},     {"box", Personal::house},        {"housenrext", Personal::house},
    {"postcode", Personal::postcode},  {"customer_id", Personal::account}, {"customerid", Personal::account}, {"donor_account", Personal::account},
    {"note", Personal::text},          {"reason", Personal::text},       {"cause", Personal::text},       {"description", Personal::text},
    {"trouble", Personal::text},       {"messagetext", Personal::text},  {"evidence_sha256", Personal::digest},
};

std::optional<Personal> personal(std::string_view name) {
    auto const* const found = std::ranges::find(members, name, &Member::name);
    return found == std::end(members) ? std::nullopt : std::optional(found->is);
}

/// As the domain compares texts: letter case and blanks do not count.
std::string folded(std::string_view text) {
    std::string out;
    for (char const c : text)
        if (c != ' ') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return out;
}

/// Gives the same token for the same value, numbered in the order in which they are met.
class Tokens {
public:
    std::string of(Personal is, std::string const& value) {
        if (value.empty()) return value;
        switch (is) {
        case Personal::name: return words(value);
        case Personal::house: return numbered(houses_, folded(value.substr(0, 5)), "{}"); // the wire has five characters for it
        case Personal::postcode: return numbered(postcodes_, folded(value), "{:04}");
        case Personal::account: return numbered(accounts_, folded(value.substr(0, 20)), "K{}"); // and twenty for this
        case Personal::text: return text(value);
        case Personal::digest: return hex(sha256(numbered(digests_, value, "removed {}")));
        }
        return {};
    }
    /// "api:desk:anna" → "api:desk:U1"; what is no person of ours stays.
    std::string user(std::string const& source) {
        auto const colon = source.starts_with("api:") ? source.find(':', 4) : std::string::npos;
        return colon == std::string::npos ? source : source.substr(0, colon + 1) + numbered(users_, source.substr(colon + 1), "U{}");
    }

private:
    using Known = std::map<std::string, std::size_t>;
    static std::string numbered(Known& known, std::string const& value, char const* form) {
        auto const number = known.try_emplace(value, known.size() + 1).first->second;
        return fmt::format(fmt::runtime(form), number);
    }
    /// Word by word: a last name alone stays the end of the whole name.
    std::string words(std::string const& value) {
        std::string out, word;
        auto const end = [&] {
            if (!word.empty()) out += (out.empty() ? "" : " ") + numbered(words_, folded(word), "N{}");
            word.clear();
        };
        for (char const c : value) {
            if (c == ' ') end();
            else word += c;
        }
        end();
        return out;
    }
    /// The fates of related numbers travel in notes and are no prose.
    std::string text(std::string const& value) {
        auto const fates = value.find("FATES ");
        if (fates == 0) return value;
        auto token = numbered(texts_, value.substr(0, fates), "(text {})");
        return fates == std::string::npos ? token : token + " " + value.substr(fates);
    }

    Known words_, houses_, postcodes_, accounts_, texts_, digests_, users_;
};

void redact(json::value& value, Tokens& tokens, bool in_services);

void redact(json::object& object, Tokens& tokens, bool in_services) {
    for (auto& member : object) {
        std::string_view const name = member.key();
        auto const is = in_services && name == "name" ? std::nullopt : personal(name);
        if (is && member.value().is_string()) member.value() = tokens.of(*is, std::string(member.value().get_string()));
        else redact(member.value(), tokens, name == "related");
    }
}

void redact(json::value& value, Tokens& tokens, bool in_services) {
    if (auto* const object = value.if_object()) redact(*object, tokens, in_services);
    else if (auto* const array = value.if_array())
        for (auto& item : *array) redact(item, tokens, in_services);
}

std::string redacted_body(storage::LogRow const& row, Tokens& tokens) {
    if (row.body.empty() || std::string_view(row.kind).starts_with(engine::house_prefix)) return row.body;
    boost::system::error_code error;
    auto value = json::parse(row.body, error);
    if (error) return "(removed)"; // nobody could read it, then as now
    redact(value, tokens, false);
    return json::serialize(value);
}

/// What was decided, without the words in which it was said.
bool same_decision(storage::LogRow const& was, storage::LogRow const& is) {
    auto const move = [](porting::Move const& a, porting::Move const& b) {
        return a.subject == b.subject && a.machine == b.machine && a.event == b.event && a.from == b.from && a.to == b.to && a.verdict == b.verdict && a.actions == b.actions;
    };
    auto const refusal = [](Refusal const& a, Refusal const& b) { return a.code == b.code && a.pointer == b.pointer && a.ground == b.ground; };
    return std::ranges::equal(was.moves, is.moves, move) && std::ranges::equal(was.refusals, is.refusals, refusal) && was.about == is.about;
}

Refusal cannot(std::int64_t seq) {
    return {RefusalCode::not_admissible,
            seq == 0 ? std::string("Without personal data the outcome would be another.")
                     : fmt::format("Row {} would be decided otherwise without personal data.", seq),
            {}, "Export it whole, and let it be seen only by those who may.", {}};
}

} // namespace

Outcome<Case> redacted(Case const& content) {
    Case out = content;
    out.redacted = true;
    out.head_hash = {};
    Tokens tokens;
    for (auto& one : out.rows) {
        one.previous = {};
        one.row.body = redacted_body(one.row, tokens);
        one.row.source = tokens.user(one.row.source);
        if (!one.row.reason.empty()) one.row.reason = tokens.of(Personal::text, one.row.reason);
    }
    Telling telling(out);
    for (auto& one : out.rows) {
        auto again = telling.tell(one);
        if (!again || !same_decision(one.row, *again)) return cannot(one.row.seq);
        one.row = std::move(*again);
    }
    out.outcome = telling.outcome();
    if (without_content(out.outcome) != without_content(content.outcome)) return cannot(0);
    return out;
}

} // namespace npod::casefile
