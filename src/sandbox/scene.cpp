#include "sandbox/scene.hpp"

#include "base/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace npod::sandbox {

namespace {

struct VerbRow {
    std::string_view text; ///< one or two words
    Verb verb;
    std::string_view meaning;
};

// clang-format off
constexpr std::array verbs{
    VerbRow{"request",            Verb::request,            "ask for one [of N numbers]; [same|again|other|for another]"},
    VerbRow{"perform",            Verb::perform,            "say that the numbers are served by us"},
    VerbRow{"cancel",             Verb::cancel,             "withdraw; [first]: before the request"},
    VerbRow{"answer",             Verb::answer,             "yes or no, as the donor; [about first|rest] of the numbers"},
    VerbRow{"delay",              Verb::delay,              "announce that the answer takes longer"},
    VerbRow{"stray answer",       Verb::stray,              "answer a dossier that nobody opened"},
    VerbRow{"complain",           Verb::complain,           "say errorfound about the dossier"},
    VerbRow{"deactivate",         Verb::deactivate,         "tell everybody that the numbers go to their holder"},
    VerbRow{"range",              Verb::range,              "on|off: tell everybody that a range is (de)activated"},
    VerbRow{"post",               Verb::post,               "send a message of that type, known or not"},
    VerbRow{"repeat",             Verb::repeat,             "the last message again, byte for byte; [request|perform]"},
    VerbRow{"await",              Verb::await,              "a request [of N numbers], or performed; else not observed"},
    VerbRow{"hear",               Verb::hear,               "answer [yes|no], errorfound, performed or cancel must come"},
    VerbRow{"quiet",              Verb::quiet,              "nothing (or nothing of that type) may come"},
    VerbRow{"settle",             Verb::settle,             "whatever comes now is right"},
    VerbRow{"taken",              Verb::taken,              "the last message was acknowledged; [within TIME]"},
    VerbRow{"refused",            Verb::refused,            "the last call was answered with that status"},
    VerbRow{"same bytes",         Verb::same_bytes,         "what was refused came again, byte for byte"},
    VerbRow{"wait",               Verb::wait,               "let real time pass: 500ms, 2s"},
    VerbRow{"break stream",       Verb::break_stream,       "the stream ends in the middle of the next message"},
    VerbRow{"mute stream",        Verb::mute_stream,        "streams that are open now say nothing any more"},
    VerbRow{"drip stream",        Verb::drip_stream,        "the next message comes byte by byte"},
    VerbRow{"resend",             Verb::resend,             "the last message again under its old id"},
    VerbRow{"strange id",         Verb::strange_id,         "the next message has an id that is no number"},
    VerbRow{"lower id",           Verb::lower_id,           "the next message has an id below all before it"},
    VerbRow{"old id",             Verb::old_id,             "the next message comes under the id of the last one"},
    VerbRow{"fail calls",         Verb::fail_calls,         "STATUS TIMES: answer that many calls with it"},
    VerbRow{"forget calls",       Verb::forget_calls,       "STATUS TIMES: take the message, and answer so all the same"},
    VerbRow{"garble calls",       Verb::garble_calls,       "STATUS TIMES: answer so, with a page as of a proxy"},
    VerbRow{"hold calls",         Verb::hold_calls,         "STATUS TIMES: break that many answers off in their middle"},
    VerbRow{"fail confirmations", Verb::fail_confirmations, "STATUS TIMES: answer that many confirmations with it"},
};
constexpr std::array<std::string_view, 3> mischief{"truncated", "reset", "drip"};
constexpr std::array<std::string_view, 3> false_proofs{"wrong-secret", "stale-date", "other-sender"};
constexpr std::array<std::string_view, 6> dialects{"empty-strings", "unknown-fields", "wrong-timestamp", "far-date", "impossible-date", "other-date"};
// clang-format on

template <class List>
bool contains(List const& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (auto at = line.find_first_not_of(" \t\r"); at != std::string_view::npos;) {
        auto const end = std::min(line.find_first_of(" \t\r", at), line.size());
        words.emplace_back(line.substr(at, end - at));
        at = line.find_first_not_of(" \t\r", end);
    }
    return words;
}

std::string_view rest_after(std::string_view line, std::string_view word) {
    auto const at = line.find(word) + word.size();
    auto const begin = line.find_first_not_of(" \t", at);
    auto const end = line.find_last_not_of(" \t\r");
    return begin == std::string_view::npos ? std::string_view{} : line.substr(begin, end + 1 - begin);
}

/// Reads line by line; what is wrong is collected, so that a writer of scenes mends everything at once.
class SceneReader {
public:
    explicit SceneReader(std::string const& file) : file_(file) {}

    void take(std::string_view line) {
        ++number_;
        line = line.substr(0, line.find('#'));
        auto const words = words_of(line);
        if (words.empty()) return;
        if (line.front() != ' ' && line.front() != '\t') return begin(words);
        if (scenes_.empty()) return wrong("an indented line belongs to a scene, and there is none above it");
        auto& scene = scenes_.back();
        if (words[0] == "does")
            scene.does = rest_after(line, "does");
        else if (words[0] == "expects")
            scene.expects = rest_after(line, "expects");
        else
            act(scene, words, line);
    }

    Outcome<std::vector<Scene>> finish() && {
        for (auto const& scene : scenes_)
            if (scene.acts.empty())
                problems_.push_back(
                    {RefusalCode::malformed, scene.source + ": nothing happens in this scene.", {}, {}, {}});
        if (scenes_.empty() && problems_.empty())
            problems_.push_back({RefusalCode::malformed, file_ + ": there is no scene in it.", {}, {}, {}});
        if (!problems_.empty()) return std::move(problems_);
        return std::move(scenes_);
    }

private:
    void wrong(std::string const& why) {
        problems_.push_back({RefusalCode::malformed, fmt::format("{}:{}: {}.", file_, number_, why), {}, {}, {}});
    }

    void begin(std::vector<std::string> const& words) {
        if (words.size() != 4 || words[0] != "scene" || words[2] != "as")
            return wrong("a scene begins with: scene NAME as recipient|donor|hub");
        Scene scene;
        scene.fault = words[1];
        scene.source = fmt::format("{}:{}", file_, number_);
        for (auto const part : {Part::recipient, Part::donor, Part::hub})
            if (words[3] == name_of(part)) {
                scene.part = part;
                scenes_.push_back(std::move(scene));
                return;
            }
        wrong("\"" + words[3] + "\" is none of recipient, donor and hub");
    }

    void act(Scene& scene, std::vector<std::string> words, std::string_view line) {
        for (auto const& row : verbs) {
            auto const named = words_of(row.text);
            if (words.size() < named.size() || !std::equal(named.begin(), named.end(), words.begin())) continue;
            words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(named.size()));
            Act one{row.verb, std::move(words), std::string(rest_after(line, "")), number_};
            if (auto const by = one.after("by"); !by.empty() && !contains(mischief, by) && !contains(false_proofs, by))
                wrong(fmt::format("\"by {}\" is not known; known are {} and {}", by, fmt::join(mischief, ", "),
                                  fmt::join(false_proofs, ", ")));
            if (auto const with = one.after("with"); !with.empty() && !contains(dialects, with))
                wrong(fmt::format("\"with {}\" is not known; known are {}", with, fmt::join(dialects, ", ")));
            scene.acts.push_back(std::move(one));
            return;
        }
        std::vector<std::string_view> known;
        for (auto const& row : verbs) known.push_back(row.text);
        auto const close = nearest(words[0], known);
        wrong(fmt::format("\"{}\" is no verb of a scene{}", words[0],
                          close.empty() ? "" : fmt::format("; did you mean \"{}\"?", close)));
    }

    std::string file_;
    int number_ = 0;
    std::vector<Scene> scenes_;
    std::vector<Refusal> problems_;
};

struct ShippedFile {
    std::string_view name, text;
};
constexpr ShippedFile shipped_files[] = {
#include "scenes.inc"
};

} // namespace

std::string_view name_of(Part part) {
    switch (part) {
    case Part::recipient: return "recipient";
    case Part::donor: return "donor";
    case Part::hub: return "hub";
    }
    return "";
}

std::string_view Act::after(std::string_view word) const {
    auto const found = std::find(words.begin(), words.end(), word);
    return found == words.end() || found + 1 == words.end() ? std::string_view{} : std::string_view(*(found + 1));
}

bool Act::has(std::string_view word) const { return std::find(words.begin(), words.end(), word) != words.end(); }

bool Scene::needs_keys() const {
    return std::any_of(acts.begin(), acts.end(),
                       [](Act const& act) { return contains(false_proofs, act.after("by")); });
}

bool Scene::needs_call() const {
    return std::any_of(acts.begin(), acts.end(), [](Act const& act) { return !act.after("by").empty(); });
}

bool Scene::needs_mailbox() const {
    return part == Part::hub ||
           std::any_of(acts.begin(), acts.end(), [](Act const& act) { return act.verb >= Verb::break_stream; });
}

Outcome<std::vector<Scene>> read_scenes(std::string_view text, std::string const& file) {
    SceneReader reader(file);
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        reader.take(line);
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return std::move(reader).finish();
}

std::vector<Scene> const& shipped_scenes() {
    static std::vector<Scene> const scenes = [] {
        std::vector<Scene> all;
        for (auto const& file : shipped_files) {
            auto read = read_scenes(file.text, std::string(file.name));
            NPOD_PROMISE(static_cast<bool>(read));
            all.insert(all.end(), read->begin(), read->end());
        }
        return all;
    }();
    return scenes;
}

std::string shipped_text() {
    std::string text;
    for (auto const& file : shipped_files) text += std::string(file.text) + "\n";
    return text;
}

std::string_view grammar() {
    static std::string const text = [] {
        std::string all = "A scenario file holds scenes, one act a line; '#' begins a comment:\n\n"
                          "  scene twice as recipient\n    does     asks twice\n    expects  answered once\n"
                          "    request\n    taken\n    repeat\n    taken\n    hear answer yes\n    quiet answer\n\n";
        for (auto const& row : verbs) all += fmt::format("  {:<19} {}\n", row.text, row.meaning);
        auto const middle = dialects.begin() + dialects.size() / 2; // a line holds half of them
        all += fmt::format("\nWhat is said may be said \"with\"\n{},\n{},\nand sent \"by\" {},\n{}.\n",
                           fmt::join(dialects.begin(), middle, ", "), fmt::join(middle, dialects.end(), ", "), fmt::join(mischief, ", "), fmt::join(false_proofs, ", "));
        return all;
    }();
    return text;
}

} // namespace npod::sandbox
