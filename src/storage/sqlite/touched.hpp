#pragma once
/// What the open transaction has written, or is about to: whoever asks about anything else may look at the last commit.

#include "porting/number.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>

namespace npod::storage::sqlite {

/// By what a row is asked for.
enum class Topic : std::uint8_t {
    port,     ///< with its lines and its claim
    every_port, ///< which of them are running
    dossier,  ///< which ports are of it
    order,    ///< which ports are of it
    sent,     ///< deliveries about a dossier
    blocks,   ///< all of them
    contract,
    claim,
    timer,    ///< of a subject
    delivery,
    waiting,  ///< messages that are parked, all of them
    counter,
    carried,  ///< the parties of a dossier between others
    mail,     ///< a message in whatever mailboxes
    answer,   ///< remembered under a source and a key
    record,   ///< of a number
    live,     ///< which live port a number is in
    routing,  ///< who serves a number
};

/// Keeps hashes: that two keys have the same one says that something was touched which was not, and costs a look.
class Touched {
public:
    void note(Topic topic, std::string_view key) { keys_.insert(hash_of(topic, key)); }
    void note(Topic topic, porting::NumberRange numbers);
    bool has(Topic topic, std::string_view key) const { return keys_.contains(hash_of(topic, key)); }
    bool has(Topic topic, porting::NumberRange numbers) const; ///< any of them
    void forget();

private:
    static std::size_t hash_of(Topic topic, std::string_view key);
    static std::size_t hash_of(Topic topic, porting::Number number);

    std::unordered_set<std::size_t> keys_;
    bool many_numbers_ = false; ///< so many that each counts as touched
};

} // namespace npod::storage::sqlite
