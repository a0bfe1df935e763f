/// What a person sees, compared with the texts in tests/transcripts. With NPOD_WRITE_TRANSCRIPTS=1 in the environment
/// the texts are written anew: look at every difference before it is committed.

#include "cli/command.hpp"
#include "cli/json_text.hpp"
#include "cli/run.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

namespace fs = std::filesystem;
fs::path const folder = fs::path(NPOD_SOURCE_DIR) / "tests" / "transcripts";

std::string file_text(fs::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Answers from the members of a script that are named like targets, "/v1/ports", or like what is done, "POST /v1/ports/PI-1/cancel". An
/// answer with a status of its own is {"status": …, "body": …}; a text is told as it stands; "FOLLOW /v1/events" is a stream.
class Script final : public Transport {
public:
    explicit Script(json::object const& script) : script_(script) {}
    http::Response send(std::string const& method, std::string const& target, http::Headers const&, std::string const&) override {
        auto const* answer = script_.if_contains(method + " " + target);
        if (!answer) answer = script_.if_contains(target);
        if (!answer) return {404, {}, R"({"detail":"not in the script","problems":[]})", {}};
        if (answer->is_string()) return {200, {}, std::string(answer->get_string()), {}};
        auto const* object = answer->if_object();
        bool const has_status = object && object->size() == 2 && object->contains("status") && object->contains("body");
        if (has_status) return {static_cast<unsigned>(object->at("status").as_int64()), {}, json::serialize(object->at("body")), {}};
        return {200, {}, json::serialize(*answer), {}};
    }
    void follow(std::string const& target, http::Headers const&, std::function<void(http::StreamEvent const&)> const& on_event) override {
        auto const* events = script_.if_contains("FOLLOW " + target);
        if (!events) return;
        for (auto const& event : events->as_array()) on_event({std::string(event.at("id").as_string()), "", json::serialize(event)});
    }

private:
    json::object const& script_;
};

/// One way to see a script: some more flags, on a screen of some width.
struct Form {
    std::string name; ///< empty: the command as it stands
    std::vector<std::string> flags;
    int width = 80;
};

std::vector<std::string> texts_of(json::value const& list) {
    std::vector<std::string> texts;
    for (auto const& text : list.as_array()) texts.emplace_back(text.as_string());
    return texts;
}

std::vector<Form> forms_of(json::object const& script) {
    std::vector<Form> forms{{}};
    if (auto const* more = script.if_contains("forms"))
        for (auto const& form : more->as_object())
            forms.push_back(form.value().is_int64() ? Form{form.key(), {}, static_cast<int>(form.value().as_int64())} : Form{form.key(), texts_of(form.value())});
    return forms;
}

struct Shown {
    int exit = -1;
    std::string out, err;
};

Shown shown(json::object const& script, Form const& form, bool colour) {
    auto words = texts_of(script.at("command"));
    words.insert(words.end(), form.flags.begin(), form.flags.end());
    auto const* typed = script.if_contains("stdin");
    std::istringstream in(typed ? json::serialize(*typed) : std::string());
    if (typed && typed->is_string()) in.str(std::string(typed->get_string()));
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {form.width, colour}};
    auto const ended = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Script>(script); });
    return {static_cast<int>(ended), out.str(), err.str()};
}

/// Letters, not bytes.
std::size_t columns(std::string const& line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](unsigned char byte) { return (byte & 0xc0) != 0x80; }));
}

std::vector<fs::path> scripts() {
    std::vector<fs::path> paths;
    for (auto const& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".json") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

} // namespace

TEST_CASE("every transcript is what is shown, what people read on lines that fit") {
    bool const writing = std::getenv("NPOD_WRITE_TRANSCRIPTS") != nullptr;
    std::size_t count = 0;
    for (auto const& path : scripts()) {
        auto const script = json::parse(file_text(path)).as_object();
        for (auto const& form : forms_of(script)) {
            CAPTURE(path.filename().string());
            CAPTURE(form.name);
            auto text_file = path;
            text_file.replace_extension(form.name.empty() ? ".txt" : "." + form.name + ".txt");
            auto const [exit, out, err] = shown(script, form, false);
            auto const text = out + err;
            CHECK(exit == script.at("exit").as_int64());
            if (writing) std::ofstream(text_file, std::ios::binary) << text;
            CHECK(text == file_text(text_file));
            ++count;
            auto words = texts_of(script.at("command"));
            words.insert(words.end(), form.flags.begin(), form.flags.end());
            bool const for_programs = std::find(words.begin(), words.end(), "-o") != words.end() || words.front() == "manual" || words.front() == "completion" ||
                                      words.back() == "--html" || words.back() == "-f" || (words.size() > 1 && words[1] == "draw");
            if (for_programs) continue; // wide, json and the like are as wide as it takes; what is followed is a line an event
            std::istringstream lines(out); // talk is fitted on a terminal only: who greps for a sentence finds it whole
            for (std::string line; std::getline(lines, line);) {
                CAPTURE(line);
                CHECK(columns(line) <= static_cast<std::size_t>(form.width));
            }
        }
    }
    CHECK(count >= 80);
}

TEST_CASE("every verb has a transcript, every form one of each kind of answer, every exit code one that ends with it") {
    std::set<Verb const*> seen;
    std::set<std::string> forms;
    std::set<std::int64_t> exits;
    for (auto const& path : scripts()) {
        CAPTURE(path.filename().string());
        auto const script = json::parse(file_text(path)).as_object();
        exits.insert(script.at("exit").as_int64());
        for (auto const& form : forms_of(script)) forms.insert(form.name);
        try {
            auto const invocation = parse(texts_of(script.at("command")), {});
            if (invocation.verb) seen.insert(invocation.verb);
        } catch (Stop const&) { // a transcript of a mistake
        }
    }
    for (auto const& verb : all_verbs()) {
        CAPTURE(verb.noun);
        CAPTURE(verb.name);
        CHECK(seen.contains(&verb));
    }
    for (auto const form : {"wide", "json", "jsonl", "csv", "name", "utc", "relative", "160", "fr"}) {
        CAPTURE(form);
        CHECK(forms.contains(form));
    }
    for (std::int64_t exit = 0; exit <= 9; ++exit) {
        CAPTURE(exit);
        CHECK(exits.contains(exit));
    }
}

TEST_CASE("a colour screen shows the same words") {
    auto const script = json::parse(file_text(folder / "late.json")).as_object();
    auto const plain = shown(script, {}, false).out;
    auto const colour = shown(script, {}, true).out;
    std::string stripped;
    for (std::size_t at = 0; at < colour.size(); ++at) {
        if (colour[at] == '\x1b')
            at = colour.find('m', at);
        else
            stripped += colour[at];
    }
    CHECK(stripped == plain);
    CHECK(colour.find("\x1b[1;31mOVERDUE") != std::string::npos); // what is overdue is red
}
