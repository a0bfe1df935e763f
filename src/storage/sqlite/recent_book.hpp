#pragma once
/// The writer's book: what was just written is about to be asked for again, by the next event about it. Nobody else writes, so what
/// is kept here is what is stored.

#include "porting/model.hpp"
#include "storage/sqlite/book.hpp"

#include <unordered_map>

namespace npod::storage::sqlite {

/// What was asked for last, by key. When there is more, what was not asked for since as many others were is let go.
template <class Value>
class Recent {
public:
    /// What is kept of it; a new Value at first.
    Value& of(std::string const& key) {
        if (auto const at = recent_.find(key); at != recent_.end()) return at->second;
        if (recent_.size() >= most) {
            before_ = std::move(recent_);
            recent_.clear();
        }
        auto& value = recent_[key];
        if (auto node = before_.extract(key)) value = std::move(node.mapped());
        return value;
    }
    void forget() {
        recent_.clear();
        before_.clear();
    }

private:
    /// As many ports as are under way at once at a busy operator; a few MB.
    static constexpr std::size_t most = 2'048;
    std::unordered_map<std::string, Value> recent_, before_;
};

class RecentBook final : public SqliteBook {
public:
    using SqliteBook::SqliteBook;

    std::optional<porting::Port> port(PortId const& id) const override;
    std::vector<porting::Line> lines(PortId const& id) const override;
    std::optional<porting::Claim> claim_of(PortId const& id) const override;
    std::optional<porting::Timer> timer(porting::Subject const& subject) const override;

    /// Null when there is none; valid until the next call.
    porting::Line const* line(PortId const& id, int no) const;

    /// These were written: as of now they are so.
    void note(porting::Effects const& effects);
    /// Something was undone; all is asked for anew.
    void forget();

private:
    /// Nothing as long as nobody asked; what is known may be that there is none.
    template <class Stored>
    using Known = std::optional<std::optional<Stored>>;
    struct Kept {
        std::optional<porting::Port> port;
        std::optional<std::vector<porting::Line>> lines;
        Known<porting::Claim> claim;
    };
    std::vector<porting::Line> const& kept_lines(PortId const& id) const;

    mutable Recent<Kept> ports_;
    mutable Recent<Known<porting::Timer>> timers_; ///< by key_of(subject)
};

} // namespace npod::storage::sqlite
