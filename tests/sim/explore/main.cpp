/// npod_explore: one port, every order of everything. Needs the machines and the standard library only.
///
///     npod_explore                                                 explores, and says what it found
///     npod_explore --promela keeps-its-word|does-as-it-likes       the same world as a model for SPIN (tests/sim/spin.py)

#include "sim/promela.hpp"
#include "sim/small_market.hpp"

#include <cstdio>
#include <string_view>

int main(int count, char** arguments) {
    using namespace npod::sim;
    if (count == 3 && std::string_view(arguments[1]) == "--promela") {
        bool const keeps = std::string_view(arguments[2]) == "keeps-its-word";
        std::fputs(promela(keeps ? Desk::keeps_its_word : Desk::does_as_it_likes).c_str(), stdout);
        return 0;
    }
    std::size_t findings = 0;
    for (auto const desk : {Desk::keeps_its_word, Desk::does_as_it_likes}) {
        auto const explored = explore(desk);
        std::printf("one port, a donor's desk that %s: states %lld, steps %lld, longest way %lld, pairs of line states %lld\n",
                    desk == Desk::keeps_its_word ? "keeps its word" : "does as it likes", static_cast<long long>(explored.states),
                    static_cast<long long>(explored.steps), static_cast<long long>(explored.depth), static_cast<long long>(explored.pairs));
        for (auto const& finding : explored.findings) std::printf("FOUND: %s\n", finding.c_str());
        findings += explored.findings.size();
    }
    std::puts(findings == 0 ? "no unsafe pair, no dead end, no circle without a person" : "not safe");
    return findings == 0 ? 0 : 1;
}
