#include "storage/sqlite/touched.hpp"

#include <functional>

namespace npod::storage::sqlite {

/// Of a longer range the numbers are not noted, or asked about, one by one.
static constexpr std::int64_t one_by_one = 32;

std::size_t Touched::hash_of(Topic topic, std::string_view key) {
    constexpr std::size_t far_apart = 0x9e37'79b9'7f4a'7c15; // 2^64 over the golden ratio
    return std::hash<std::string_view>{}(key) + far_apart * (static_cast<std::size_t>(topic) + 1);
}

std::size_t Touched::hash_of(Topic topic, porting::Number number) {
    return hash_of(topic, {reinterpret_cast<char const*>(&number.digits), sizeof number.digits});
}

void Touched::note(Topic topic, porting::NumberRange numbers) {
    if (numbers.count() > one_by_one) many_numbers_ = true;
    else
        for (auto number = numbers.first; number <= numbers.last; number = number.next()) keys_.insert(hash_of(topic, number));
}

bool Touched::has(Topic topic, porting::NumberRange numbers) const {
    if (many_numbers_ || numbers.count() > one_by_one) return true;
    for (auto number = numbers.first; number <= numbers.last; number = number.next())
        if (keys_.contains(hash_of(topic, number))) return true;
    return false;
}

void Touched::forget() {
    keys_.clear();
    many_numbers_ = false;
}

} // namespace npod::storage::sqlite
