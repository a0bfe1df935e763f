#include "porting/delay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::porting {

namespace {

using enum Causer;

// THE RULE, assumed as a whole: the law says that the recipient pays even when the donor caused the delay, and asks to keep
// who caused which part (be.comp.payer); how to tell them apart it does not say.
//
//   1. A moment of delay is caused by whoever the line waits for in it: the table.
//   2. A party overruns from the end of its own legal time; where the law gives it none, from the end of the plan.
//   3. A step done within its own legal time that yet falls after the plan was pushed there by whoever overran last before
//      it; that party causes it. When nobody overran, whoever was waited for does, and nobody has recourse.
//   4. A closed porting window is the calendar's, whoever led there or named a date inside it; it pushes later steps only if
//      nobody overran before.
//   5. Where the subscriber himself wanted a later moment, nothing that was late before it pushes what comes behind it.
// clang-format off
constexpr Blame blames[] = {
    // waits in               for          its own legal time  because
    {"draft",                 recipient,   OwnTime::none,      "Our order had not left"},
    {"requested",             hub,         OwnTime::none,      "The interchange had not taken our request"},
    {"awaiting_answer",       donor,       OwnTime::term,      "The donor's answer was awaited"},
    {"answer_announced_late", donor,       OwnTime::term,      "The donor had announced a late answer"}, // which prolongs nothing
    {"answer_overdue",        donor,       OwnTime::used_up,   "The donor was silent past its deadline"},
    {"answer_overdue",        hub,         OwnTime::used_up,   "The interchange had not taken our request, so that the donor was silent"},
    {"postponed",             donor,       OwnTime::none,      "The donor had postponed"},
    {"scheduled",             donor,       OwnTime::none,      "The donor's first possible date lay ahead"},
    {"scheduled",             subscriber,  OwnTime::none,      "The subscriber wanted a later moment"},
    {"scheduled",             recipient,   OwnTime::none,      "We had moved the agreed moment"},
    {"scheduled",             calendar,    OwnTime::none,      "The porting window was closed"},
    {"on_hold",               recipient,   OwnTime::none,      "We held the port"},
    {"activating",            recipient,   OwnTime::term,      "Our network was switching the numbers on"},
    {"activation_overdue",    recipient,   OwnTime::used_up,   "Our network was past the legal time"},
    {"reactivating",          recipient,   OwnTime::none,      "Activation had failed"},
    {"cancelling",            recipient,   OwnTime::none,      "We were withdrawing"},
    {"",                      recipient,   OwnTime::none,      "Nothing is recorded of this time"},
};
// clang-format on

std::string_view words_for(Causer causer) {
    switch (causer) {
    case recipient: return "our own";
    case donor: return "the donor's";
    case subscriber: return "the subscriber's";
    case hub: return "the interchange's";
    case calendar: return "the calendar's";
    }
    return "";
}

/// The sentence of a segment: what was waited for, and who pushed it there.
std::string reason_of(Turn const& turn, bool in_time, std::optional<Causer> pusher) {
    auto const& row = blame(turn.state, turn.causer);
    bool const pushed = pusher && *pusher != turn.causer;
    if (turn.causer == calendar && pushed) return fmt::format("{}; {} overrun had led there.", row.reason, words_for(*pusher));
    if (in_time && pushed)
        return fmt::format("{}, within the legal time; {} overrun had pushed this step past the plan.", row.reason, words_for(*pusher));
    return std::string(row.reason) + (in_time ? ", within the legal time." : ".");
}

/// Collects neighbours that say the same into one segment, and nothing outside the delay.
class Cutter {
public:
    Cutter(Moment planned, Moment until) : planned_(planned), until_(until) {}

    void cut(Moment from, Moment to, Turn const& turn, bool in_time, std::optional<Causer> pusher) {
        from = std::max(from, planned_);
        to = std::min(to, until_);
        if (from >= to) return;
        DelaySegment segment;
        segment.from = from;
        segment.until = to;
        segment.state = turn.state;
        segment.in_time = in_time;
        segment.causer = in_time && pusher ? *pusher : turn.causer;
        bool const overrun = !in_time || pusher;
        segment.recourse = overrun && (segment.causer == donor || segment.causer == hub);
        segment.reason = reason_of(turn, in_time, pusher);
        if (!segments.empty() && segments.back().causer == segment.causer && segments.back().reason == segment.reason)
            segments.back().until = to;
        else
            segments.push_back(std::move(segment));
    }

    std::vector<DelaySegment> segments;

private:
    Moment planned_, until_;
};

} // namespace

Blame const& blame(std::string_view state, Causer causer) {
    for (auto const& row : blames)
        if (row.state == state && row.causer == causer) return row;
    for (auto const& row : blames) // a turn of an older file may name a party that the state does not know any more
        if (row.state == state) return row;
    return std::end(blames)[-1];
}

Causer waits_for(std::string_view state, std::optional<Causer> before) {
    for (auto const& row : blames)
        if (row.state == state && before && row.causer == *before) return row.causer;
    return blame(state, Causer::recipient).causer;
}

std::vector<Turn> turns_of_schedule(Port const& port, Line const& line, Moment now, rules::Calendar const& window) {
    std::vector<Turn> turns;
    Moment const agreed = line.agreed_at.value_or(now);
    Moment cursor = now;
    auto const waits_until = [&](std::optional<Moment> bound, Causer causer) {
        if (!bound || std::min(*bound, agreed) <= window.next_window_opening(cursor)) return; // the window is closed anyhow
        turns.push_back({cursor, "scheduled", causer, {}});
        cursor = std::min(*bound, agreed);
    };
    waits_until(line.first_possible, donor);
    if (port.wish.on_date) waits_until(port.wish.at, subscriber);
    bool const subscriber_agreed = line.planned_at && *line.planned_at == agreed; // his word moves the plan along
    waits_until(agreed, subscriber_agreed ? subscriber : recipient);
    if (cursor < agreed) turns.push_back({cursor, "scheduled", calendar, {}});
    return turns;
}

void take_turns(Line& line, Moment now, std::vector<Turn> const& turns) {
    std::erase_if(line.turns, [&](Turn const& planned) { return planned.since >= now; });
    for (auto const& turn : turns) {
        bool const known = !line.turns.empty() && line.turns.back().state == turn.state && line.turns.back().causer == turn.causer;
        if (!known) line.turns.push_back(turn);
    }
}

std::vector<DelaySegment> delay_segments(Line const& line, Moment planned, Moment until) {
    Cutter cutter(planned, until);
    if (until <= planned) return {};
    std::optional<Causer> pusher;
    Moment const known_from = line.turns.empty() ? until : line.turns.front().since;
    Turn const unrecorded{planned, "", recipient, {}};
    cutter.cut(planned, known_from, unrecorded, false, {});
    for (std::size_t i = 0; i < line.turns.size(); ++i) {
        auto const& turn = line.turns[i];
        if (turn.causer == subscriber) pusher.reset();
        Moment const end = std::max(turn.since, std::min(i + 1 < line.turns.size() ? line.turns[i + 1].since : until, until));
        Moment const late_from = std::clamp(turn.in_time_until.value_or(planned), turn.since, end);
        cutter.cut(turn.since, late_from, turn, true, pusher);
        cutter.cut(late_from, end, turn, false, pusher);
        bool const overran = late_from < end;
        if (overran && (turn.causer != calendar || !pusher)) pusher = turn.causer;
    }
    return std::move(cutter.segments);
}

} // namespace npod::porting
