#include "protocol/coin_v3/profile.hpp"

namespace npod::protocol::coin_v3 {

namespace {

std::string_view without_leading_zeros(std::string_view digits) {
    auto const first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? std::string_view{"0"} : digits.substr(first);
}

} // namespace

std::vector<BlockingCode> shipped_blocking_codes() {
    using enum porting::Ground;
    return {
        {not_assigned, "10"},     {never_used, "11"},
        {ageing, "12"},           {inactive, "13"},
        {out_of_zone, "20"},      {incomplete_range, "21"},
        {port_in_progress, "22"}, {name_address_mismatch, "30"},
        {wrong_account, "31"},    {not_titular, "32"},
        {mandate_missing, "40"},  {mandate_invalid, "41"},
        {technical, "90"},        {legal, "91"},
    };
}

std::map<std::string, std::string> shipped_delay_codes() {
    return {
        {"1", "A person must check the customer's data."},
        {"2", "Technical trouble at the donor."},
        {"3", "The donor waits for its own supplier."},
        {"99", "Another reason."},
    };
}

std::string Profile::wire_of(porting::Ground ground) const {
    for (auto const& entry : blocking_codes)
        if (entry.ground == ground) return entry.wire;
    return ground == porting::Ground::technical ? "99" : wire_of(porting::Ground::technical);
}

std::optional<porting::Ground> Profile::ground_of(std::string_view wire) const {
    for (auto const& entry : blocking_codes)
        if (without_leading_zeros(entry.wire) == without_leading_zeros(wire)) return entry.ground;
    return std::nullopt;
}

std::string Profile::error_code(std::string_view word) const {
    auto const found = error_codes.find(std::string(word));
    return found != error_codes.end() ? found->second : std::string(word.substr(0, 20));
}

} // namespace npod::protocol::coin_v3
