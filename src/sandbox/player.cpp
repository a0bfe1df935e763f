/// The flow of scenes: what was observed is sorted to whom it concerns, and one scene after the other is played. What
/// each act does stands in player_acts.cpp.

#include "sandbox/player.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::sandbox {

Player::Player(Programme programme, Wording wording, Moment start)
    : programme_(std::move(programme)), wording_(std::move(wording)), start_(start), wake_(start),
      chance_(programme_.seed) {
    card_.results = programme_.left_out;
}

// -------------------------------------------------------------------------------------------------- what was observed

void Player::observe(Observation const& observation) {
    if (std::holds_alternative<Connected>(observation)) connected_ = true;
    if (auto const* answered = std::get_if<Answered>(&observation)) answers_[answered->call] = *answered;
    if (auto const* heard = std::get_if<Heard>(&observation)) observe_message(*heard);
}

void Player::observe_message(Heard const& heard) {
    auto const reading = read_message(heard.type, heard.bytes, wording_.profile);
    if (programme_.law_now && reading.timestamp) programme_.law_now = std::max(*programme_.law_now, *reading.timestamp);
    if (running_ && heard.again) running_->again = true;
    if (running_ && running_->dossiers.contains(reading.dossier)) {
        bool const repeated = !running_->said.insert(heard.bytes).second;
        if (!repeated || heard.again || !programme_.may_die) running_->heard.push_back(heard);
        return;
    }
    if (heard.type != "portingrequest" || !asked_.insert(reading.dossier).second)
        return; // the tail of an earlier scene
    requests_.push_back(heard);
    nobody_asks_ = false;
}

// ------------------------------------------------------------------------------------------------- one after the other

/// Picks the next scene: as the donor when somebody asks, otherwise rather one for which nobody must ask.
bool Player::start_next() {
    int const wanted = programme_.plays > 0 ? programme_.plays : static_cast<int>(programme_.scenes.size());
    if (played_ >= wanted || programme_.scenes.empty()) return false;
    if (round_.empty()) {
        round_ = programme_.scenes;
        for (auto left = round_.size(); left > 1; --left) std::swap(round_[left - 1], round_[chance_() % left]);
    }
    bool const asked = !requests_.empty();
    auto pick = std::find_if(round_.rbegin(), round_.rend(),
                             [&](Scene const* scene) { return (scene->part == Part::donor) == asked; });
    if (pick == round_.rend()) pick = round_.rbegin();
    running_.emplace();
    running_->scene = *pick;
    round_.erase(std::next(pick).base());
    return true;
}

void Player::end(Verdict verdict) {
    std::string reaction;
    for (auto const& one : running_->reactions) reaction += (reaction.empty() ? "" : ", ") + one;
    card_.results.push_back(
        {running_->scene, verdict, verdict == Verdict::passed ? "" : running_->why, std::move(reaction)});
    running_.reset();
    answers_.clear();
    ++played_;
}

/// The tested side died over our last call: perhaps it stored it and could not say so any more.
bool Player::must_call_again() const {
    if (!programme_.may_die || !running_) return false;
    auto const answer = answers_.find(running_->call.no);
    return answer != answers_.end() && (answer->second.status == 0 || answer->second.status == 503);
}

/// Everything that is left was not observed.
void Player::give_up(std::string const& why) {
    finished_ = true;
    if (running_) {
        running_->why = why;
        end(Verdict::not_observed);
    }
    if (programme_.plays > 0) return;
    if (played_ == 0) round_ = programme_.scenes;
    for (auto const* scene : round_) card_.results.push_back({scene, Verdict::not_observed, why, {}});
}

std::vector<Deed> Player::play(Moment now, std::vector<Observation> const& observed) {
    constexpr int connecting_patience = 3; // to come back to a hub may take some attempts
    for (auto const& one : observed) observe(one);
    deeds_.clear();
    wake_ = now + std::chrono::hours{1};
    auto const limit = start_ + programme_.at_most;
    auto const reachable_until = start_ + connecting_patience * programme_.patience;
    if (!connected_ && now >= reachable_until) give_up("the tested side and we did not get to speak with each other");
    if (programme_.at_most > Duration{0} && now >= limit && !must_call_again()) give_up("the time was up");
    if (!connected_) wake_ = reachable_until;
    while (connected_ && !finished_) {
        if (!running_ && !start_next()) {
            finished_ = true;
            break;
        }
        auto const progress = act(now);
        if (progress == Progress::waits) break;
        running_->since.reset();
        bool const over = progress != Progress::done || ++running_->at == running_->scene->acts.size();
        if (!over) continue;
        end(progress == Progress::failed ? Verdict::failed
            : progress == Progress::done ? Verdict::passed
                                         : Verdict::not_observed);
    }
    if (programme_.at_most > Duration{0}) wake_ = std::min(wake_, limit);
    return std::move(deeds_);
}

} // namespace npod::sandbox
