#pragma once
/// Who looks on while the log is told again, and then knows on which rows a port's history depends: what was read of the
/// world when a row was decided was written by earlier rows, and those belong to the case, and so on back to the first.

#include "engine/writer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace npod::casefile {

/// What one row read or wrote. Keys are hashes of names such as "port:PI-000001": should two be alike, a row too many is kept.
struct Footprint {
    std::set<std::uint64_t> keys;
    std::vector<porting::NumberRange> numbers; ///< whatever is known of a number: who holds, serves, ports it, whose block it is
};
struct Trace {
    Footprint read, written;
    std::map<std::string, std::int64_t> counters; ///< as they stood when they were first asked for
    bool read_all_running = false;                ///< it asked which ports run: it concerns each of them
};

/// One log. Not thread-safe.
class Witness final : public engine::Onlooker {
public:
    Witness();
    ~Witness() override;
    porting::Book const& deciding(std::int64_t seq, porting::Book const& book) override;
    void decided(porting::Effects const& effects) override;

    /// By row; a row that asked nothing of the domain has none.
    std::map<std::int64_t, Trace> const& traces() const { return traces_; }

private:
    class Glass;
    std::map<std::int64_t, Trace> traces_;
    std::map<std::int64_t, std::string> parked_under_; ///< dossier of the message that row holds
    std::unique_ptr<Glass> glass_;
    Trace* now_ = nullptr;
};

/// Keys by which a port itself is known: who wrote one of these belongs to its history.
Footprint footprint_of(porting::Port const& port, std::vector<porting::Line> const& lines);

} // namespace npod::casefile
