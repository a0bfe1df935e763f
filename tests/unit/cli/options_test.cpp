/// Words to verbs, and what is said when they are mistyped.

#include "cli/options.hpp"
#include "cli/text.hpp"

#include <doctest/doctest.h>

using namespace npod::cli;

namespace {

/// The text and exit code of a command line that cannot be understood.
std::string refusal_of(std::vector<std::string> const& words) {
    try {
        parse(words, {});
    } catch (Stop const& stop) {
        CHECK(stop.exit() == Exit::usage);
        return stop.what();
    }
    return "it was understood";
}

bool says(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("noun, verb, operand and flags in any order that people use") {
    auto const invocation = parse({"port", "cancel", "PI-000001", "--reason", "customer left", "--numbers",
                                   "+3225501100", "--numbers", "+3225501102", "--dry-run", "-o", "json"},
                                  {});
    REQUIRE(invocation.verb);
    CHECK(invocation.verb->name == "cancel");
    CHECK(invocation.arguments.text("ID") == "PI-000001");
    CHECK(invocation.arguments.text("--reason") == "customer left");
    CHECK(invocation.arguments.texts("--numbers") == std::vector<std::string>{"+3225501100", "+3225501102"});
    CHECK(invocation.options.dry_run);
    CHECK(invocation.options.output == Output::json);

    auto const before = parse({"--url", "http://h:1", "-o", "csv", "port", "list"}, {});
    CHECK(before.options.url == "http://h:1");
    CHECK(before.options.output == Output::csv);
    CHECK(parse({"port", "list", "--limit=7"}, {}).options.limit == 7);
    CHECK(parse({"port", "order", "-"}, {}).arguments.text("FILE") == "-");
    CHECK(parse({"status"}, {}).verb->noun == "status");
    CHECK(parse({"status", "o-1"}, {}).arguments.text("KEY") == "o-1");
}

TEST_CASE("flags come before the environment, and the environment before what is built in") {
    Environment const environment{{"NPCTL_URL", "http://env:1"}, {"NPCTL_TOKEN", "t-env"}};
    CHECK(parse({"port", "list"}, {}).options.url == "http://127.0.0.1:8700");
    CHECK(parse({"port", "list"}, environment).options.url == "http://env:1");
    CHECK(parse({"port", "list"}, environment).options.token == "t-env");
    CHECK(parse({"port", "list", "--url", "unix:/run/x"}, environment).options.url == "unix:/run/x");
    CHECK(parse({"port", "list"}, {{"LANG", "nl_BE.UTF-8"}}).options.language == npod::Language::en); // only if it was meant
    CHECK(parse({"port", "list"}, {{"NPCTL_LANG", "nl_BE"}}).options.language == npod::Language::nl);
    CHECK(parse({"port", "list", "--lang", "fr"}, {{"NPCTL_LANG", "nl"}}).options.language == npod::Language::fr);
    CHECK(says(refusal_of({"port", "list", "--lang", "de"}), "choose one of en, nl, fr"));
}

TEST_CASE("a mistyped noun, verb, flag or form is answered with the nearest") {
    CHECK(says(refusal_of({"prot", "list"}), "Did you mean \"port\"?"));
    CHECK(says(refusal_of({"port", "lst"}), "Did you mean \"list\"?"));
    CHECK(says(refusal_of({"port", "list", "--lmit", "3"}), "Did you mean \"--limit\"?"));
    CHECK(says(refusal_of({"port", "cancel", "PI-1", "--reson", "x"}), "Did you mean \"--reason\"?"));
    CHECK(says(refusal_of({"port", "list", "-o", "jsn"}), "Did you mean \"json\"?"));
    CHECK(says(refusal_of({"xylophone"}), "choose one of status, port,"));
    CHECK(says(refusal_of({"port"}), "choose one of list, show,"));
}

TEST_CASE("what is missing, too much or out of range is named") {
    CHECK(says(refusal_of({}), "npctl --help"));
    CHECK(says(refusal_of({"port", "show"}), "ID"));
    CHECK(says(refusal_of({"port", "cancel", "PI-1"}), "--reason"));
    CHECK(says(refusal_of({"port", "show", "PI-1", "PI-2"}), "PI-2"));
    CHECK(says(refusal_of({"port", "list", "--limit", "0"}), "from 1"));
    CHECK(says(refusal_of({"port", "list", "--limit", "many"}), "whole number"));
    CHECK(says(refusal_of({"port", "list", "--as-of", "2026-04-03T16:59"}), "offset"));
    CHECK(says(refusal_of({"port", "list", "--db", "a.db", "--url", "http://h:1"}), "exclude"));
}

TEST_CASE("every status of the daemon has its exit code") {
    // The table of CONTRACT: 0 ok, 1 failure, 2 usage, 3 not found, 4 not allowed, 6 conflict, 7 unreachable.
    struct Case {
        unsigned status;
        int exit;
    };
    for (auto const& [status, exit] :
         {Case{200, 0}, Case{201, 0}, Case{400, 2}, Case{401, 4}, Case{403, 4}, Case{404, 3}, Case{405, 1},
          Case{409, 6}, Case{412, 6}, Case{413, 1}, Case{422, 1}, Case{500, 7}, Case{503, 7}}) {
        CAPTURE(status);
        CHECK(static_cast<int>(exit_of_status(status)) == exit);
    }
}

TEST_CASE("every verb is told of in help, on lines of at most 80 columns") {
    for (auto const& verb : all_verbs()) {
        CAPTURE(verb.noun);
        CAPTURE(verb.name);
        auto const help = help_on(verb.noun, verb.name);
        CHECK(says(help, std::string(verb.noun)));
        CHECK(says(help, std::string(verb.name)));
        for (auto const& flag : flags_of(verb)) CHECK(says(help, std::string(flag.name)));
        for (std::size_t at = 0; at < help.size();) {
            auto const end = help.find('\n', at);
            CHECK(display_width(help.substr(at, end - at)) <= 80);
            at = end + 1;
        }
    }
    CHECK(says(parse({"--help"}, {}).help, "Exit"));
    CHECK(says(parse({"port", "--help"}, {}).help, "port cancel [ID] --reason TEXT"));
    CHECK(says(parse({"help", "port", "why"}, {}).help, "npctl port why ID"));
    CHECK(says(parse({"port", "why", "--help"}, {}).help, "npctl port why ID"));
}

TEST_CASE("verbs and flags are named once") {
    auto const& verbs = all_verbs();
    for (std::size_t i = 0; i < verbs.size(); ++i) {
        for (std::size_t j = i + 1; j < verbs.size(); ++j)
            CHECK_FALSE((verbs[i].noun == verbs[j].noun && verbs[i].name == verbs[j].name));
        auto flags = flags_of(verbs[i]);
        flags.insert(flags.end(), global_flags().begin(), global_flags().end());
        for (std::size_t a = 0; a < flags.size(); ++a)
            for (std::size_t b = a + 1; b < flags.size(); ++b) CHECK(flags[a].name != flags[b].name);
        CHECK((verbs[i].run != nullptr));
    }
}
