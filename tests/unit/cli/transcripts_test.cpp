/// What a person sees, compared with the texts in tests/transcripts. With NPOD_WRITE_TRANSCRIPTS=1 in the environment
/// the texts are written anew: look at every difference before it is committed.

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

/// Answers from the members of a script that are named like targets.
class Script final : public Transport {
public:
    explicit Script(json::object const& script) : script_(script) {}
    http::Response send(std::string const&, std::string const& target, http::Headers const&,
                        std::string const&) override {
        if (auto const* answer = script_.if_contains(target)) return {200, {}, json::serialize(*answer), {}};
        return {404, {}, R"({"detail":"not in the script","problems":[]})", {}};
    }
    void follow(std::string const&, http::Headers const&,
                std::function<void(http::StreamEvent const&)> const&) override {}

private:
    json::object const& script_;
};

std::string shown(json::object const& script, Screen const& screen, int& exit) {
    std::vector<std::string> words;
    for (auto const& word : script.at("command").as_array()) words.emplace_back(word.as_string());
    std::istringstream in;
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, screen};
    auto const ended = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Script>(script); });
    exit = static_cast<int>(ended);
    return out.str() + err.str();
}

} // namespace

TEST_CASE("every transcript is what is shown, on lines of at most 80 columns") {
    bool const writing = std::getenv("NPOD_WRITE_TRANSCRIPTS") != nullptr;
    std::size_t count = 0;
    for (auto const& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().filename().string());
        auto const script = json::parse(file_text(entry.path()));
        auto text_file = entry.path();
        text_file.replace_extension(".txt");
        int exit = -1;
        auto const text = shown(script.as_object(), {80, false}, exit);
        CHECK(exit == script.as_object().at("exit").as_int64());
        if (writing) std::ofstream(text_file, std::ios::binary) << text;
        CHECK(text == file_text(text_file));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            CAPTURE(line);
            CHECK(line.size() <= 80); // the scripts hold ASCII only
        }
        ++count;
    }
    CHECK(count >= 9);
}

TEST_CASE("a colour screen shows the same words") {
    auto const script = json::parse(file_text(folder / "late.json"));
    int exit = -1;
    auto const plain = shown(script.as_object(), {80, false}, exit);
    auto const colour = shown(script.as_object(), {80, true}, exit);
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
