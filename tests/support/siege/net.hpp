#pragma once
/// All that programs said, by where, to be searched for what nobody may say.

#include "support/siege/house.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace npod::siege {

class Net {
public:
    void add(std::string const& where, std::string const& text) { caught_ += fmt::format("\n[{}]\n{}", where, text); }
    void must_hold_none(std::vector<std::string> const& planted) const {
        for (auto const& one : planted) {
            auto const at = caught_.find(one);
            if (at == std::string::npos) continue;
            auto const from = caught_.rfind("\n[", at);
            auto const line = caught_.rfind('\n', at) + 1;
            throw SiegeError(fmt::format("\"{}\" was seen in {}: {}", one, caught_.substr(from + 1, caught_.find('\n', from + 1) - from - 1),
                                         caught_.substr(line, std::min<std::size_t>(400, caught_.find('\n', at) - line))));
        }
    }
    void must_hold(std::string const& text) const {
        if (caught_.find(text) == std::string::npos) throw SiegeError(fmt::format("the net did not catch \"{}\", which is said openly", text));
    }
    std::size_t size() const { return caught_.size(); }

private:
    std::string caught_;
};

} // namespace npod::siege
