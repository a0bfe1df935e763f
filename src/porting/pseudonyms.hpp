#pragma once
/// What stands in the place of erased personal data: marks that tell nothing, but are equal where the originals were. The log told
/// again with them comes to the same decisions ("the mandate is in another name than the order").

#include "porting/model.hpp"

#include <string>
#include <string_view>

namespace npod::porting {

/// Marks under one secret. Whoever throws the secret away makes them meaningless: not even a guess can be tried on them.
/// Empty stays empty; a mark stays itself. Pure; thread-safe.
class Pseudonyms {
public:
    explicit Pseudonyms(std::string secret) : secret_(std::move(secret)) {}

    /// "Anna Peeters" → "~1f0a22c9 ~77be3d01": word by word, because the wire carries the last one only.
    std::string name(std::string_view text) const;
    /// A street, a customer number → "~1f0a22c9".
    std::string whole(std::string_view text) const;
    /// A house number, a postcode: each letter and digit becomes a digit, so that every form still takes it.
    std::string digits(std::string_view text) const;
    /// What people wrote: "[erased 1f0a22c9]". The fates of numbers in a note (FATES KEEP +32…) are nobody's secret and stay.
    std::string free_text(std::string_view text) const;

    // Everything personal of a thing; what its machines run on stays.
    Customer of(Customer customer) const;
    Location of(Location location) const;
    Mandate of(Mandate mandate) const;

private:
    std::string mark(std::string_view text) const; ///< 8 hexadecimal digits
    Address of(Address address) const;
    std::string secret_;
};

} // namespace npod::porting
