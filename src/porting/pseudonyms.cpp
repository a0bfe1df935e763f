#include "porting/pseudonyms.hpp"

#include "base/hash.hpp"
#include "porting/wire_values.hpp"

#include <algorithm>
#include <cctype>

namespace npod::porting {

namespace {

constexpr std::size_t mark_digits = 8;
/// A longer name would no longer fit the wire's 70 characters.
constexpr std::size_t words_max = 7;
constexpr std::string_view erased = "[erased ";
/// As much as a note of the wire may be long.
constexpr std::size_t note_bytes_max = 100;

bool is_mark(std::string_view word) {
    return word.size() == mark_digits + 1 && word.front() == '~' &&
           std::ranges::all_of(word.substr(1), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace

std::string Pseudonyms::mark(std::string_view text) const {
    return hex(hmac_sha256(secret_, folded(text))).substr(0, mark_digits);
}

std::string Pseudonyms::whole(std::string_view text) const {
    if (text.empty() || is_mark(text)) return std::string(text);
    return "~" + mark(text);
}

std::string Pseudonyms::name(std::string_view text) const {
    std::string marks;
    std::size_t words = 0;
    while (!text.empty() && words < words_max) {
        auto const word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word.empty()) continue;
        if (words++ > 0) marks += ' ';
        marks += whole(word);
    }
    return marks;
}

std::string Pseudonyms::digits(std::string_view text) const {
    std::string bare;
    for (unsigned char const c : text)
        if (c < 0x80 && std::isalnum(c)) bare += static_cast<char>(std::toupper(c));
    auto const hash = hmac_sha256(secret_, bare);
    std::string marks(text);
    std::size_t at = 0;
    for (auto& c : marks)
        if (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)))
            c = static_cast<char>('0' + hash[at++ % hash.size()] % 10);
    return marks;
}

std::string Pseudonyms::free_text(std::string_view text) const {
    if (text.empty() || text.starts_with(erased)) return std::string(text);
    auto const fates = std::min(text.find("FATES "), text.size());
    if (fates == 0) return std::string(text);
    auto out = std::string(erased) + mark(text.substr(0, fates)) + "]";
    if (fates == text.size()) return out;
    auto const tail = std::string(text.substr(fates));
    out += ' ';
    if (text.size() <= note_bytes_max && out.size() + tail.size() > note_bytes_max) out.resize(note_bytes_max - tail.size());
    return out + tail;
}

Address Pseudonyms::of(Address address) const {
    address.street = whole(address.street);
    address.house_number = digits(address.house_number);
    address.box = digits(address.box);
    address.postcode = digits(address.postcode);
    address.city = whole(address.city);
    return address;
}

Customer Pseudonyms::of(Customer customer) const {
    customer.name = name(customer.name);
    customer.customer_id = whole(customer.customer_id);
    customer.address = of(std::move(customer.address));
    return customer;
}

Location Pseudonyms::of(Location location) const {
    location.address = of(std::move(location.address));
    return location;
}

Mandate Pseudonyms::of(Mandate mandate) const {
    mandate.titular = name(mandate.titular);
    mandate.signer = name(mandate.signer);
    return mandate;
}

} // namespace npod::porting
