#include "sandbox/card.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace npod::sandbox {

namespace {

/// All that was played of one fault.
struct Row {
    Scene const* scene = nullptr;
    std::array<int, 3> counts{};
    std::string why, reaction; ///< of the worst

    Verdict worst() const {
        for (auto const verdict : {Verdict::failed, Verdict::passed})
            if (counts[static_cast<std::size_t>(verdict)] > 0) return verdict;
        return Verdict::not_observed;
    }
    int played() const { return counts[0] + counts[1] + counts[2]; }
};

/// One row a fault, in the order of the catalogue; the worst result speaks for the row.
std::vector<Row> rows_of(Card const& card) {
    std::vector<Row> rows;
    for (auto const& result : card.results) {
        auto found = std::find_if(rows.begin(), rows.end(), [&](Row const& row) { return row.scene == result.scene; });
        if (found == rows.end()) found = rows.insert(rows.end(), Row{result.scene, {}, {}, {}});
        auto const before = found->played() == 0 ? Verdict::not_observed : found->worst();
        ++found->counts[static_cast<std::size_t>(result.verdict)];
        if (found->played() == 1 || (result.verdict == Verdict::failed && before != Verdict::failed) ||
            (result.verdict == Verdict::passed && before == Verdict::not_observed)) {
            found->why = result.why;
            found->reaction = result.reaction;
        }
    }
    std::sort(rows.begin(), rows.end(), [](Row const& a, Row const& b) {
        return std::pair(a.scene->part, a.scene->fault) < std::pair(b.scene->part, b.scene->fault);
    });
    return rows;
}

/// Breaks at blanks so that no line is longer than 80, the following ones indented.
std::string folded(std::string_view text, std::size_t indent) {
    std::string out(indent, ' ');
    std::size_t column = indent;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find(' ', at), text.size());
        auto const word = text.substr(at, end - at);
        if (column > indent && column + 1 + word.size() > 80) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        }
        if (column > indent) out += ' ', ++column;
        out += word;
        column += word.size();
        at = end + 1;
    }
    return out + "\n";
}

} // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::passed: return "passed";
    case Verdict::failed: return "failed";
    case Verdict::not_observed: return "not observed";
    }
    return "";
}

int Card::count(Verdict verdict) const {
    return static_cast<int>(
        std::count_if(results.begin(), results.end(), [&](Result const& result) { return result.verdict == verdict; }));
}

std::string Card::text() const {
    std::string out = fmt::format("{:<21} {:<10} {:>6}  {}\n", "FAULT", "WE WERE", "PLAYED", "VERDICT");
    for (auto const& row : rows_of(*this)) {
        out += fmt::format("{:<21} {:<10} {:>6}  {}\n", row.scene->fault, name_of(row.scene->part), row.played(),
                           name_of(row.worst()));
        if (row.worst() == Verdict::passed) continue;
        bool const failed = row.worst() == Verdict::failed;
        if (failed) out += folded("We: " + row.scene->does + ".", 4);
        if (failed) out += folded("Expected: " + row.scene->expects + ".", 4);
        if (!row.reaction.empty()) out += folded("Seen: " + row.reaction, 4);
        if (!row.why.empty()) out += folded((failed ? "Wrong: " : "Why: ") + row.why, 4);
    }
    out += fmt::format("{} passed, {} failed, {} not observed\n", count(Verdict::passed), count(Verdict::failed),
                       count(Verdict::not_observed));
    return out;
}

std::string Card::json() const {
    boost::json::array faults;
    for (auto const& row : rows_of(*this))
        faults.push_back({{"fault", row.scene->fault},
                          {"part", name_of(row.scene->part)},
                          {"does", row.scene->does},
                          {"expected", row.scene->expects},
                          {"played", row.played()},
                          {"passed", row.counts[0]},
                          {"failed", row.counts[1]},
                          {"not_observed", row.counts[2]},
                          {"verdict", name_of(row.worst())},
                          {"seen", row.reaction},
                          {"why", row.why}});
    boost::json::object const card{{"good", good()},
                                   {"passed", count(Verdict::passed)},
                                   {"failed", count(Verdict::failed)},
                                   {"not_observed", count(Verdict::not_observed)},
                                   {"faults", std::move(faults)}};
    return boost::json::serialize(card) + "\n";
}

} // namespace npod::sandbox
