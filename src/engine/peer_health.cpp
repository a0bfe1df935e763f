#include "engine/peer_health.hpp"

#include "base/limits.hpp"

namespace npod::engine {

template <class Change>
void PeerHealth::change(OperatorCode const& peer, Change const& change) {
    std::scoped_lock const lock(mutex_);
    // Whoever writes a message may invent senders: beyond the bound only known ones are counted.
    if (peers_.size() >= limits::peers_watched_max && !peers_.contains(peer)) return;
    change(peers_[peer]);
}

void PeerHealth::reached(OperatorCode const& peer) {
    change(peer, [now = real_.now()](PeerState& state) {
        state.reached_at = now;
        state.failing_since.reset();
    });
}

void PeerHealth::failed(OperatorCode const& peer, std::string_view why) {
    change(peer, [now = real_.now(), why](PeerState& state) {
        ++state.failures;
        state.last_error = why;
        state.last_error_at = now;
        if (!state.failing_since) state.failing_since = now;
    });
}

void PeerHealth::stream_opened(OperatorCode const& peer) {
    reached(peer);
    change(peer, [now = real_.now()](PeerState& state) {
        state.has_stream = true;
        state.stream_since = now;
        state.stream_again_at.reset();
        state.stream_wait = Duration{0};
    });
}

void PeerHealth::stream_lost(OperatorCode const& peer, std::string_view why, Duration again_in) {
    failed(peer, why);
    change(peer, [now = real_.now(), again_in](PeerState& state) {
        state.has_stream = true;
        state.stream_since.reset();
        state.stream_again_at = now + again_in;
        state.stream_wait = again_in;
    });
}

void PeerHealth::repeated(OperatorCode const& peer) {
    change(peer, [](PeerState& state) { ++state.duplicates; });
}

void PeerHealth::refused(OperatorCode const& peer) {
    change(peer, [](PeerState& state) { ++state.refused; });
}

PeerState PeerHealth::of(OperatorCode const& peer) const {
    std::scoped_lock const lock(mutex_);
    auto const found = peers_.find(peer);
    return found == peers_.end() ? PeerState{} : found->second;
}

std::map<OperatorCode, PeerState> PeerHealth::all() const {
    std::scoped_lock const lock(mutex_);
    return peers_;
}

} // namespace npod::engine
