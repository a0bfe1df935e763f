#pragma once
/// A market of real processes: a hub and two operators who order from each other, each an npod serve with keys, tokens, a
/// database of its own and the system's time.

#include "support/siege/callers.hpp"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace npod::siege {

/// Orders that were acknowledged, and to whom. Thread-safe.
class Orders {
public:
    void add(std::string const& recipient, std::string const& order);
    std::set<std::string> of(std::string const& recipient) const;
    std::size_t count() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::set<std::string>> all_;
};

/// Orders numbers at one operator, one after the other, each from a customer that the donor has made known before. Asks
/// again with the same key until it is told yes.
class OrderEntry {
public:
    /// `block`: what the donor's ten thousand numbers begin with, "322551".
    OrderEntry(House const& recipient, House const& donor, std::string block, Orders& orders, Notes& notes);
    void order_next();
    void give_up() { given_up_ = true; }

private:
    bool done(House const& house, std::string const& method, std::string const& target, std::string const& key,
              std::string const& body, unsigned status);
    bool insist(House const& house, std::string const& method, std::string const& target, std::string const& key,
                std::string const& body, unsigned status);

    House const& recipient_;
    House const& donor_;
    std::string block_;
    Orders& orders_;
    Notes& notes_;
    int count_ = 0;
    std::atomic<bool> given_up_{false};
};

class ThreeHouses {
public:
    ThreeHouses(std::string const& npod, Folder const& folder, Keys const& keys);

    Folder const& folder;
    House hub, alfa, bravo;
    std::array<House*, 3> all() { return {&hub, &alfa, &bravo}; }

    /// Returns when everything that was said is heard and everything that was asked is answered; throws after two minutes.
    void wait_for_calm();
    /// After calm and the ends of the daemons: every acknowledged order, and every message that it brought, is once in each log,
    /// both sides agree on every number, every file is sound and its log told again decides the same. Ports looked at.
    std::size_t must_agree(Orders const& orders) const;
};

/// `npod check`, as a library: the file is sound, and its log told again gives the same.
void must_be_sound(Folder const& folder, House const& house);

} // namespace npod::siege
