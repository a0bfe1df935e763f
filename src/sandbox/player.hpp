#pragma once
/// Plays scenes against a tested side that it never sees: it is told what was observed and the time, and says what is
/// to be done. No I/O, no clock, no threads; the same seed and the same observations give the same deeds, byte for
/// byte.

#include "sandbox/card.hpp"
#include "sandbox/wording.hpp"

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <variant>

namespace npod::sandbox {

// ------------------------------------------------------------------------------------------------- what is to be done

/// Hand this message to the tested side.
struct Call {
    std::int64_t no = 0; ///< by which its answer is known
    std::string type, bytes;
    std::string by;         ///< "", "truncated", "reset", "drip", "wrong-secret", "stale-date", "other-sender"
    std::uint64_t salt = 0; ///< where to cut, how many bytes at once
    bool operator==(Call const&) const = default;
};
/// Be a bad hub: one of the verbs from break_stream on.
struct Trick {
    Verb verb = Verb::break_stream;
    unsigned status = 0;
    int times = 0;
    bool operator==(Trick const&) const = default;
};
using Deed = std::variant<Call, Trick>;

// -------------------------------------------------------------------------------------------------- what was observed

/// A call was answered; where the tested side fetches its messages: it confirmed it (200).
struct Answered {
    std::int64_t call = 0;
    unsigned status = 0; ///< 0: no answer at all
    std::string said;    ///< the body, or why there was none
};
/// The tested side said something, and was told that it was taken.
struct Heard {
    std::string type, bytes;
    bool again = false; ///< we had refused these very bytes before
};
/// The way to the tested side is open.
struct Connected {};
using Observation = std::variant<Answered, Heard, Connected>;

// --------------------------------------------------------------------------------------------------------- the player

struct Programme {
    std::vector<Scene const*> scenes;          ///< to be played; outlive the player
    std::vector<Result> left_out;              ///< to be told on the card: scenes that this set-up cannot play
    std::vector<porting::NumberRange> numbers; ///< that the tested side may let go
    int plays = 0;                             ///< how many scenes in all; 0: each once
    std::uint64_t seed = 1;
    Duration patience{10'000}; ///< until something that must come has not come
    Duration quiet{1'000};     ///< for which nothing may come
    /// The tested side is killed on purpose meanwhile: what it says once more, byte for byte, is what it must do, and
    /// counts once; a call that it could not answer is made again; and a complaint that a scene lets it make may come
    /// later than the scene waits for it.
    bool may_die = false;
    Duration at_most{0}; ///< the whole; 0: as long as it takes
    /// The law's time of the tested side: set when its clock stands still. It follows the headers of what is heard.
    std::optional<Moment> law_now;
};

class Player {
public:
    Player(Programme programme, Wording wording, Moment start);

    /// Takes in what was observed, goes on as far as it can, and returns what is to be done now, in order.
    std::vector<Deed> play(Moment now, std::vector<Observation> const& observed);
    /// When it wants to be asked again at the latest.
    Moment wake() const { return wake_; }
    bool finished() const { return finished_; }
    Card const& card() const { return card_; }

private:
    enum class Progress : std::uint8_t { done, waits, failed, not_observed };
    /// The scene that is being played.
    struct Running {
        Scene const* scene = nullptr;
        std::size_t at = 0;
        std::optional<Moment> since; ///< when the present act began to wait
        DossierId dossier;
        std::set<DossierId> dossiers; ///< all that the scene has opened or taken up
        std::vector<porting::NumberRange> numbers;
        std::map<std::string, Said> last; ///< by type, and "" for the very last
        Call call;                       ///< the last one
        std::optional<Moment> call_again; ///< when: nobody was there to answer it
        bool settled = false;            ///< what went before may be complained of
        std::set<std::string> said; ///< by the tested side about these dossiers
        std::deque<Heard> heard;    ///< about its dossiers, not yet looked at
        bool again = false;         ///< something that was refused since the scene began has come again
        std::string why;
        std::vector<std::string> reactions;
    };

    void observe(Observation const& observation);
    void observe_message(Heard const& heard);
    bool start_next();
    void end(Verdict verdict);
    void give_up(std::string const& why);

    Progress act(Moment now);
    Progress say(Act const& act, Moment now);
    Progress say_request(Act const& act, Moment now);
    Progress expect(Act const& act, Moment now);
    Progress expect_answered(Act const& act, Moment now);
    bool must_call_again() const;
    Progress call_again(Moment now);
    bool is_late_complaint(Heard const& heard) const;
    Progress await(Act const& act, Moment now);
    Progress hear(Act const& act, Moment now);
    Progress quiet(Act const& act, Moment now);
    Progress until(Moment deadline, Moment now, Progress then);
    Progress fail(std::string why);
    Progress send(Said said, Act const& act);
    Progress trick(Act const& act);

    Moment law(Moment now) const { return programme_.law_now ? *programme_.law_now : now; }
    std::optional<porting::NumberRange> next_number();
    DossierId fresh_dossier();
    porting::message::Body own_body(Act const& act, Moment now) const;
    std::vector<porting::NumberRange> answered_part(Act const& act) const;

    Programme programme_;
    Wording wording_;
    Moment start_, wake_;
    std::mt19937_64 chance_;
    std::vector<Scene const*> round_; ///< shuffled; played from the back
    std::optional<Running> running_;
    std::deque<Heard> requests_; ///< of the tested side, that no scene has taken up
    std::set<DossierId> asked_;  ///< all that it ever opened
    std::map<std::int64_t, Answered> answers_;
    std::vector<Deed> deeds_;
    Card card_;
    std::int64_t calls_ = 0, dossiers_ = 0;
    std::size_t range_ = 0;
    std::int64_t offset_ = 0;
    int played_ = 0;
    bool connected_ = false, nobody_asks_ = false, finished_ = false;
};

} // namespace npod::sandbox
