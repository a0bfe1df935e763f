/// The operator that cannot be trusted: what it says is well signed, and wrong.

#include "protocol/coin_v3/codec.hpp"
#include "sim/people.hpp"

#include <algorithm>

namespace npod::sim {

using namespace std::chrono_literals;
namespace coin = protocol::coin_v3;
namespace message = porting::message;

void People::lie(Node& liar) {
    market_.after(dice_.magnitude(1h, 48h), [this, &liar] { lie(liar); });
    if (market_.calm() || !liar.up()) return;
    switch (dice_.upto(3)) {
    case 0: return contradict(liar);
    case 1: return babble(liar);
    default: return say_of_others(liar);
    }
}

/// Everybody who would hear it: the hub, or without one whom it was for, or all.
void People::spread(Node& liar, porting::Delivery const& delivery, std::string const& bytes, bool own) {
    ++market_.figures().lies;
    for (auto& node : market_.nodes()) {
        bool const hears = market_.plan().with_hub ? node->is_hub() : node.get() != &liar && (own ? node->code() == delivery.receiver : true);
        if (hears) market_.slip_in(liar, *node, delivery.type, bytes);
    }
}

/// It repeats what it said, lately or long ago, or says of a dossier between others what only they may say.
void People::say_of_others(Node& liar) {
    auto const& some = *market_.nodes()[static_cast<std::size_t>(dice_.upto(market_.plan().operators - 1))];
    auto const last = static_cast<int>(some.book().counter("delivery"));
    if (last == 0) return;
    auto const delivery = some.book().delivery(last - dice_.upto(std::min(last - 1, dice_.one_in(2) ? 20 : last)));
    if (!delivery || (&some != &liar && delivery->state != "confirmed")) return; // nobody knows what was not yet said
    auto said = coin::decode(delivery->type, delivery->bytes, liar.wire().profile_of(some.code()));
    if (!said) return;
    if (auto* const performed = std::get_if<message::Performed>(&said->body)) {
        // without a hub the others have nobody who knows whose dossier it is
        if (!market_.plan().with_hub && &some != &liar) return;
        performed->recipient = liar.code();
    }
    bool const own = &some == &liar;
    said->sender = liar.code();
    spread(liar, *delivery, own ? delivery->bytes : coin::encode(*said, liar.wire().profile_of(some.code()), liar.now()), own);
}

/// It says yes where it said no, and no where it said yes.
void People::contradict(Node& liar) {
    auto const last = static_cast<int>(liar.book().counter("delivery"));
    if (last == 0) return;
    auto const delivery = liar.book().delivery(last - dice_.upto(last - 1));
    if (!delivery) return;
    auto said = coin::decode(delivery->type, delivery->bytes, liar.wire().profile_of(delivery->receiver));
    auto* const answer = said ? std::get_if<message::Answer>(&said->body) : nullptr;
    if (answer == nullptr) return;
    for (auto& range : answer->ranges) {
        bool const yes = range.grounds.empty();
        range.grounds = yes ? std::vector{porting::Ground::legal} : std::vector<porting::Ground>{};
        range.first_possible = yes ? std::nullopt : std::optional(liar.now() + dice_.between(1h, 240h));
        range.note = yes ? "after all not" : "";
    }
    spread(liar, *delivery, coin::encode(*said, liar.wire().profile_of(delivery->receiver), liar.now()), true);
}

/// Bytes of its own, cut off or spoilt. What it performed it says rightly: of that nobody but itself could know better.
void People::babble(Node& liar) {
    auto const last = static_cast<int>(liar.book().counter("delivery"));
    if (last == 0) return;
    auto const delivery = liar.book().delivery(last - dice_.upto(last - 1));
    if (!delivery || delivery->type == "portingperformed" || delivery->type == "deactivation") return;
    auto bytes = delivery->bytes;
    for (int spots = 1 + dice_.upto(3); spots > 0; --spots)
        bytes[static_cast<std::size_t>(dice_.upto(static_cast<int>(bytes.size()) - 1))] = static_cast<char>(dice_.upto(255));
    if (dice_.one_in(3)) bytes.resize(bytes.size() / 2);
    spread(liar, *delivery, bytes, true);
}

} // namespace npod::sim
