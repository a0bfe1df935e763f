#include "porting/wire_values.hpp"

#include <cctype>

namespace npod::porting {

namespace {

constexpr std::size_t note_max = 100;

std::string last_word(std::string_view name) {
    auto const space = name.find_last_of(' ');
    return std::string(space == std::string_view::npos ? name : name.substr(space + 1));
}

/// At most `bytes` of the text, never cutting a UTF-8 sequence in two.
std::string cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return std::string(text);
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return std::string(text.substr(0, bytes));
}

std::string postcode(std::string_view text) {
    std::string kept;
    for (unsigned char const c : text)
        if (c < 0x80 && std::isalnum(c)) kept += static_cast<char>(std::toupper(c));
    return cut(kept, 6);
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> all;
    while (!text.empty()) {
        auto const space = text.find(' ');
        if (space != 0) all.push_back(text.substr(0, space));
        if (space == std::string_view::npos) break;
        text.remove_prefix(space + 1);
    }
    return all;
}

std::optional<NumberRange> range_in(std::string_view word) {
    auto const dots = word.find("..");
    auto const first = parse_e164(word.substr(0, dots));
    auto const last = dots == std::string_view::npos ? first : parse_e164(word.substr(dots + 2));
    if (!first || !last || *last < *first) return {};
    return NumberRange{*first, *last};
}

} // namespace

message::CustomerInfo customer_info(Customer const& customer, std::string_view donor_account) {
    message::CustomerInfo info;
    (customer.legal_person ? info.companyname : info.lastname) =
        cut(customer.legal_person ? customer.name : last_word(customer.name), 70);
    info.housenr = cut(customer.address.house_number, 5);
    info.housenrext = cut(customer.address.box, 4);
    info.postcode = postcode(customer.address.postcode);
    info.customerid = cut(donor_account, 20);
    return info;
}

Customer customer_from(message::CustomerInfo const& info) {
    Customer customer;
    customer.legal_person = !info.companyname.empty();
    customer.name = customer.legal_person ? info.companyname : info.lastname;
    customer.customer_id = info.customerid;
    customer.address.house_number = info.housenr;
    customer.address.box = info.housenrext;
    customer.address.postcode = info.postcode;
    return customer;
}

std::string note_with_fates(std::string_view note, std::vector<RelatedNumber> const& related) {
    std::string fates;
    for (auto const& item : related) {
        if (item.fate == Fate::port) continue; // those are in the request itself
        fates += fates.empty() ? "FATES " : " ";
        fates += item.fate == Fate::keep ? "KEEP " : "CANCEL ";
        fates += to_string(item.numbers);
    }
    auto const both = note.empty() ? fates : fates.empty() ? std::string(note) : std::string(note) + " " + fates;
    return both.size() <= note_max ? both : cut(note, note_max);
}

std::vector<RelatedNumber> fates_in(std::string_view note) {
    auto const start = note.find("FATES ");
    if (start == std::string_view::npos) return {};
    std::vector<RelatedNumber> related;
    std::optional<Fate> fate;
    for (auto const word : words(note.substr(start + 6))) {
        if (word == "KEEP") fate = Fate::keep;
        else if (word == "CANCEL") fate = Fate::cancel;
        else if (auto const range = range_in(word); range && fate) related.push_back({*range, *fate});
    }
    return related;
}

message::PortRequest request_message(Port const& port, std::vector<NumberRange> numbers) {
    return {port.dossier, port.recipient, port.donor, std::move(numbers), customer_info(port.customer, port.donor_account),
            true, note_with_fates(port.note, port.related)};
}

std::vector<message::AnsweredRange> joined_answers(std::vector<message::AnsweredRange> ranges) {
    std::vector<message::AnsweredRange> all;
    for (auto& range : ranges) {
        if (!all.empty() && all.back().numbers.last.next() == range.numbers.first && all.back().grounds == range.grounds &&
            all.back().first_possible == range.first_possible && all.back().note == range.note)
            all.back().numbers.last = range.numbers.last;
        else
            all.push_back(std::move(range));
    }
    return all;
}

std::string folded(std::string_view text) {
    std::string kept;
    for (unsigned char const c : text) {
        if (c >= 0x80) kept += static_cast<char>(c); // letters beyond ASCII count as they are
        else if (std::isalnum(c)) kept += static_cast<char>(std::tolower(c));
    }
    return kept;
}

bool same_text(std::string_view a, std::string_view b) { return folded(a) == folded(b); }
bool contains_text(std::string_view whole, std::string_view part) { return folded(whole).find(folded(part)) != std::string::npos; }

} // namespace npod::porting
