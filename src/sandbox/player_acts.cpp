/// What each act of a scene does: saying something, expecting something, being a bad hub.

#include "sandbox/player.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::sandbox {

namespace message = porting::message;

namespace {

/// "500ms", "2s", "50s"; nothing for anything else.
std::optional<Duration> duration_in(std::string_view text) {
    bool const milliseconds = text.ends_with("ms");
    if (!text.ends_with("s")) return std::nullopt;
    text.remove_suffix(milliseconds ? 2 : 1);
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return Duration{milliseconds ? value : 1'000 * value};
}

unsigned number_in(std::string_view text) {
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// The type on the wire of what a scene calls by its short name.
std::string type_called(std::string_view word) {
    if (word == "answer") return "portingrequestanswer";
    if (word == "request") return "portingrequest";
    if (word == "performed" || word == "perform") return "portingperformed";
    if (word == "delay") return "pradelayed";
    return std::string(word);
}

std::string base36(std::int64_t value) {
    std::string text;
    for (; value > 0; value /= 36) text.insert(text.begin(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % 36]);
    return text;
}

/// As much of an answer's body as fits a card.
std::string start_of(std::string const& text) { return text.size() <= 200 ? text : text.substr(0, 200) + "…"; }

} // namespace

Player::Progress Player::act(Moment now) {
    auto const& act = running_->scene->acts[running_->at];
    if (!running_->since) running_->since = now;
    if (act.verb <= Verb::repeat) return say(act, now);
    return act.verb < Verb::break_stream ? expect(act, now) : trick(act);
}

Player::Progress Player::fail(std::string why) {
    auto const& scene = *running_->scene;
    auto const file = scene.source.substr(0, scene.source.find(':'));
    auto const& act = scene.acts[running_->at];
    running_->why = fmt::format("at \"{}\" ({}:{}): {}", act.text, file, act.line, why);
    return Progress::failed;
}

/// Waits until the deadline, and then comes to that end.
Player::Progress Player::until(Moment deadline, Moment now, Progress then) {
    if (now >= deadline) return then;
    wake_ = std::min(wake_, deadline);
    return Progress::waits;
}

// -------------------------------------------------------------------------------------------------------------- saying

std::optional<porting::NumberRange> Player::next_number() {
    if (range_ == programme_.numbers.size()) return std::nullopt;
    auto const& range = programme_.numbers[range_];
    auto const number = range.first.next(offset_);
    if (++offset_ == range.count()) ++range_, offset_ = 0;
    return porting::NumberRange{number, number};
}

/// Never the same twice, in this run and in others against the same tested side: the second of the start is in it.
DossierId Player::fresh_dossier() {
    auto const second = to_ms(start_) / 1'000;
    return DossierId{fmt::format("{}-{}-{:05}", wording_.own.text, base36(second), ++dossiers_)};
}

Player::Progress Player::send(Said said, Act const& act) {
    auto const by = act.after("by");
    Call call{++calls_, said.type, said.bytes, std::string(by), by.empty() ? 0 : chance_()};
    running_->call = call;
    running_->last[""] = said;
    running_->last[said.type] = std::move(said);
    deeds_.emplace_back(std::move(call));
    return Progress::done;
}

std::vector<porting::NumberRange> Player::answered_part(Act const& act) const {
    auto const about = act.after("about");
    if (about.empty()) return running_->numbers;
    auto const first = running_->numbers.front().first;
    if (about == "first") return {{first, first}};
    return porting::without(running_->numbers, {{first, first}});
}

message::Body Player::own_body(Act const& act, Moment now) const {
    auto const& dossier = running_->dossier;
    switch (act.verb) {
    case Verb::perform: return message::Performed{dossier, wording_.own, wording_.tested, law(now), running_->numbers};
    case Verb::cancel: return message::Cancel{dossier, {}};
    case Verb::complain: return message::ErrorFound{dossier, {{"", "SANDBOX", "as the scene wants it"}}};
    case Verb::deactivate: return message::Deactivation{dossier, wording_.own, {}, running_->numbers};
    case Verb::range:
        return message::RangeChange{dossier, wording_.own, !act.has("off"), law(now), running_->numbers, "1"};
    case Verb::delay: return message::AnswerDelayed{dossier, wording_.own, law(now) + std::chrono::days{1}, "1"};
    case Verb::post: return message::Other{act.words.empty() ? std::string{"portingwish"} : act.words.front(), dossier};
    default: break;
    }
    message::Answer answer{dossier, {}};
    for (auto const& numbers : answered_part(act)) {
        message::AnsweredRange range{numbers, {}, {}, {}, {}};
        if (act.has("no"))
            range.grounds = {porting::Ground::technical};
        else
            range.first_possible = law(now);
        answer.ranges.push_back(std::move(range));
    }
    return answer;
}

Player::Progress Player::say_request(Act const& act, Moment now) {
    if (!act.has("same") && !act.has("other")) running_->dossier = fresh_dossier();
    running_->dossiers.insert(running_->dossier);
    if (!act.has("same") && !act.has("again")) {
        running_->numbers.clear();
        running_->why = "no numbers are left that the tested side may let go; name more with --numbers";
        for (auto left = act.has("of") ? number_in(act.after("of")) : 1; left > 0; --left) {
            auto const number = next_number();
            if (!number) return Progress::not_observed;
            running_->numbers.push_back(*number);
        }
    }
    if (act.verb == Verb::cancel) return Progress::done; // it only opens the dossier
    auto wording = wording_;
    if (act.after("by") == "other-sender") wording.own = OperatorCode{"OTHER"};
    auto const receiver = act.after("for") == "another" ? OperatorCode{"OTHER"} : wording_.tested;
    message::PortRequest const request{
        running_->dossier, wording_.own, wording_.tested, running_->numbers, {}, true, {}};
    int const days = 2 + static_cast<int>(chance_() % 8);
    return send(oddly(wording.say(request, receiver, law(now)), act.after("with"), days, wording_, law(now)), act);
}

Player::Progress Player::say(Act const& act, Moment now) {
    if (act.verb == Verb::request) return say_request(act, now);
    if (act.verb == Verb::repeat) {
        auto const which = act.words.empty() ? std::string{} : type_called(act.words.front());
        if (!running_->last.contains(which)) return fail("there is nothing yet to repeat");
        auto const said = running_->last.at(which);
        return send(said, act);
    }
    if (act.verb == Verb::cancel && act.has("first"))
        if (auto const opened = say_request(act, now); opened != Progress::done) return opened;
    auto const current = running_->dossier;
    if (act.verb == Verb::stray || !running_->dossier) running_->dossier = fresh_dossier();
    bool const wants_numbers = act.verb == Verb::stray || act.verb == Verb::range;
    if (wants_numbers && running_->numbers.empty())
        if (auto const number = next_number()) running_->numbers = {*number};
    running_->dossiers.insert(running_->dossier);
    bool const to_all = act.verb == Verb::perform || act.verb == Verb::deactivate || act.verb == Verb::range;
    auto const receiver = to_all ? OperatorCode{std::string(message::everybody)} : wording_.tested;
    int const days = 2 + static_cast<int>(chance_() % 8);
    auto said =
        oddly(wording_.say(own_body(act, now), receiver, law(now)), act.after("with"), days, wording_, law(now));
    if (act.verb == Verb::stray && current) running_->dossier = current;
    return send(std::move(said), act);
}

Player::Progress Player::trick(Act const& act) {
    Trick trick{act.verb, 0, 1};
    if (!act.words.empty()) trick.status = number_in(act.words.front());
    if (act.words.size() > 1) trick.times = static_cast<int>(number_in(act.words[1]));
    deeds_.emplace_back(trick);
    return Progress::done;
}

// ----------------------------------------------------------------------------------------------------------- expecting

Player::Progress Player::expect(Act const& act, Moment now) {
    switch (act.verb) {
    case Verb::taken:
    case Verb::refused: return expect_answered(act, now);
    case Verb::await: return await(act, now);
    case Verb::hear: return hear(act, now);
    case Verb::quiet:
    case Verb::settle: return quiet(act, now);
    case Verb::same_bytes:
        if (running_->again) return Progress::done;
        fail("what was refused did not come again with the same bytes");
        return until(*running_->since + programme_.patience, now, Progress::failed);
    case Verb::wait:
        if (auto const time = duration_in(act.words.empty() ? std::string_view{} : act.words.front()))
            return until(*running_->since + *time, now, Progress::done);
        return fail("a time is written 500ms or 2s");
    default: return fail("nothing can be expected so");
    }
}

Player::Progress Player::expect_answered(Act const& act, Moment now) {
    auto const found = answers_.find(running_->call.no);
    auto const patience = duration_in(act.after("within")).value_or(programme_.patience);
    if (must_call_again()) {
        fail(fmt::format("it was not acknowledged within {} s", patience.count() / 1'000));
        return now < *running_->since + patience ? call_again(now) : Progress::failed;
    }
    if (found == answers_.end()) {
        fail(fmt::format("it was not acknowledged within {} s", patience.count() / 1'000));
        return until(*running_->since + patience, now, Progress::failed);
    }
    auto const& answer = found->second;
    bool const good = answer.status >= 200 && answer.status < 300;
    running_->reactions.push_back(good                 ? "taken"
                                  : answer.status == 0 ? "no answer"
                                                       : fmt::format("answered {}", answer.status));
    bool const fits =
        act.verb == Verb::taken ? good : !act.words.empty() && answer.status == number_in(act.words.front());
    if (fits) return Progress::done;
    return fail(answer.status == 0 ? start_of(answer.said)
                                   : fmt::format("it was answered {}: {}", answer.status, start_of(answer.said)));
}

/// Makes the call again that nobody was there to answer, after a breath.
Player::Progress Player::call_again(Moment now) {
    constexpr Duration breath{100};
    auto& again = running_->call_again;
    if (!again) again = now + breath;
    if (now < *again) return until(*again, now, Progress::waits);
    again.reset();
    answers_.erase(running_->call.no);
    running_->call.no = ++calls_;
    deeds_.emplace_back(running_->call);
    return Progress::waits;
}

/// The scene waited for complaints once; one of a side that was dead then comes when it lives again.
bool Player::is_late_complaint(Heard const& heard) const {
    return programme_.may_die && running_->settled && heard.type == "errorfound";
}

Player::Progress Player::await(Act const& act, Moment now) {
    if (act.has("performed")) {
        running_->why = "the tested side did not say that the port was performed";
        auto const progress = hear(act, now);
        return progress == Progress::failed ? Progress::not_observed : progress;
    }
    auto const least = static_cast<std::int64_t>(act.has("of") ? number_in(act.after("of")) : 1);
    for (auto request = requests_.begin(); request != requests_.end(); ++request) {
        auto const reading = read_message(request->type, request->bytes, wording_.profile);
        if (porting::count(reading.numbers) < least) continue;
        running_->dossier = reading.dossier;
        running_->dossiers.insert(reading.dossier);
        running_->numbers = porting::joined(reading.numbers);
        running_->reactions.push_back("asked");
        requests_.erase(request);
        return Progress::done;
    }
    running_->why = least > 1 ? fmt::format("the tested side asked for no port of {} numbers", least)
                              : "the tested side asked for no port";
    if (nobody_asks_) return Progress::not_observed;
    auto const progress = until(*running_->since + programme_.patience, now, Progress::not_observed);
    if (progress == Progress::not_observed && least == 1) nobody_asks_ = true; // the others need not wait as long
    return progress;
}

Player::Progress Player::hear(Act const& act, Moment now) {
    auto const wanted = type_called(act.words.empty() ? std::string_view{} : act.words.front());
    while (!running_->heard.empty()) {
        auto const heard = std::move(running_->heard.front());
        running_->heard.pop_front();
        auto const reading = read_message(heard.type, heard.bytes, wording_.profile);
        running_->reactions.push_back(reading.summary);
        if (!reading.readable) return fail(reading.summary);
        if (heard.type == wanted) {
            if (!act.has("yes") && !act.has("no")) return Progress::done;
            if (reading.yes == act.has("yes")) return Progress::done;
            running_->why = "the tested side's own reasons: " + reading.summary;
            return Progress::not_observed;
        }
        if (heard.type == "errorfound" && !is_late_complaint(heard)) return fail(reading.summary);
    }
    fail(fmt::format("nothing of the kind came within {} s", programme_.patience.count() / 1'000));
    return until(*running_->since + programme_.patience, now, Progress::failed);
}

Player::Progress Player::quiet(Act const& act, Moment now) {
    auto const unwanted = type_called(act.words.empty() ? std::string_view{} : act.words.front());
    for (; !running_->heard.empty(); running_->heard.pop_front()) {
        auto const& heard = running_->heard.front();
        auto const summary = read_message(heard.type, heard.bytes, wording_.profile).summary;
        running_->reactions.push_back(summary);
        bool const matters = act.verb == Verb::quiet && !is_late_complaint(heard);
        if (matters && (unwanted.empty() || heard.type == unwanted)) return fail(summary + " came");
    }
    if (act.verb == Verb::settle) running_->settled = true;
    return until(*running_->since + programme_.quiet, now, Progress::done);
}

} // namespace npod::sandbox
