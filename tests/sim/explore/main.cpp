/// npod_explore: one port, every order of everything. Needs the machines and the standard library only.

#include "sim/small_market.hpp"

#include <cstdio>

int main() {
    using namespace npod::sim;
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
