// What may come next on a line that is being typed. The shells themselves are tried by tests/completion_test.py.

#include "cli/completion.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace npod::cli;

namespace {

using Words = std::vector<std::string>;

/// Ids as a daemon would tell them; `asked` keeps whom it was.
struct Daemon {
    std::vector<std::pair<std::string, std::string>> asked; ///< kind, address
    Words operator()(std::string_view kind, Options const& options) {
        asked.emplace_back(kind, options.db.empty() ? options.url : options.db);
        if (kind == "port") return {"PI-000001", "PI-000002", "PO-000003"};
        if (kind == "claim") return {"CL-000001"};
        if (kind == "contract") return {"A-HORTA"};
        if (kind == "operator") return {"BRAVO", "CHARLY"};
        if (kind == "order") return {"horta-1"};
        if (kind == "rule") return {"be.window.cut_off"};
        return {};
    }
};

Words after(Words const& before, std::string_view current = {}) {
    Daemon daemon;
    return words_that_fit(before, current, [&](auto kind, auto const& options) { return daemon(kind, options); });
}

bool offers(Words const& words, std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); }

} // namespace

TEST_CASE("a line is completed word by word, whatever flags stand in between") {
    CHECK(after({}, "ra") == Words{"radar"});
    CHECK(after({}, "por") == Words{"port"});
    CHECK(offers(after({}), "help"));
    CHECK(after({"port"}, "s") == Words{"show", "submit", "settle", "simulate"}); // in the order of the help
    CHECK(after({"--db", "x.db"}, "po") == Words{"port"});
    CHECK(after({"-o", "json", "port"}, "sh") == Words{"show"});
    CHECK(after({"port", "show"}) == Words{"PI-000001", "PI-000002", "PO-000003"});
    CHECK(after({"port", "show"}, "PO") == Words{"PO-000003"});
    CHECK(after({"port", "show", "PI-000001"}).empty());        // it takes one
    CHECK(after({"rule", "adopt", "PI-000001"}, "PI") == Words{"PI-000001", "PI-000002"}); // it takes many
    CHECK(after({"contract", "put"}) == Words{"A-HORTA"});
    CHECK(after({"contract", "put", "A-HORTA"}).empty());       // a file: the shell knows those
    CHECK(after({"status"}) == Words{"PI-000001", "PI-000002", "PO-000003", "CL-000001", "A-HORTA"});
    CHECK(after({"operator", "health"}) == Words{"BRAVO", "CHARLY"});
    CHECK(after({"machine", "draw"}, "port_") == Words{"port_in", "port_out"});
    CHECK(after({"rule", "show"}) == Words{"be.window.cut_off"});
    CHECK(offers(after({"report", "show"}), "requests"));
    CHECK(after({"help"}, "fil") == Words{"filter"});
    CHECK(after({"prot"}).empty()); // a noun that is none
    CHECK(after({"port", "shwo"}).empty());
}

TEST_CASE("a flag offers what it takes") {
    CHECK(after({"-o"}) == Words{"table", "wide", "json", "jsonl", "csv", "name"});
    CHECK(offers(after({"machine", "draw", "-o"}), "svg"));
    CHECK(after({"port", "list", "--with"}) == Words{"BRAVO", "CHARLY"});
    CHECK(after({"port", "list", "--order"}) == Words{"horta-1"});
    CHECK(after({"port", "list", "--role"}) == Words{"in", "out"});
    CHECK(after({"claim", "pay", "CL-000001", "--by"}) == Words{"invoice", "call_credit"});
    CHECK(after({"port", "wait", "PI-000001", "--for"}, "state=comp") == Words{"state=completed"});
    CHECK(after({"machine", "draw", "port_out", "--state"}, "answer_o") == Words{"answer_overdue"});
    CHECK(after({"port", "list", "--state"}, "answer_o") == Words{"answer_overdue"});
    CHECK(after({"port", "answer", "PO-000003", "--ground"}, "AGE") == Words{"AGEING"});
    CHECK(offers(after({"port", "list", "-q"}, "wait"), "waiting_for="));
    CHECK(after({"radar", "--fail-on"}) == Words{"any", "none", "late", "trouble"});
    CHECK(after({"port", "cancel", "PI-000001"}, "--re") == Words{"--reason"});
    CHECK(after({"port", "cancel", "--reason"}).empty()); // a person's own words
    CHECK(offers(after({}, "--"), "--url"));
    for (auto const& word : after({"port", "cancel"}, "--")) CHECK(word.starts_with("--"));
}

TEST_CASE("ids come from whom the line names") {
    auto const asked = [](Words const& before) {
        Daemon daemon;
        words_that_fit(before, "", [&](auto kind, auto const& options) { return daemon(kind, options); });
        return daemon.asked.empty() ? std::string() : daemon.asked.front().second;
    };
    CHECK(asked({"--db", "npod.db", "port", "show"}) == "npod.db");
    CHECK(asked({"port", "show", "--url", "http://127.0.0.1:1"}) == "http://127.0.0.1:1");
    CHECK(asked({"--url=unix:/x", "port", "show"}) == "unix:/x");
    CHECK(asked({"port"}).empty()); // verbs need nobody
}
