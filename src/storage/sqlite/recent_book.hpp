#pragma once
/// The writer's book: a port that was just written is about to be asked for again, by the next event about it. Nobody else
/// writes, so what is kept here is what is stored.

#include "porting/model.hpp"
#include "storage/sqlite/book.hpp"

#include <unordered_map>

namespace npod::storage::sqlite {

class RecentBook final : public SqliteBook {
public:
    using SqliteBook::SqliteBook;

    std::optional<porting::Port> port(PortId const& id) const override;
    std::vector<porting::Line> lines(PortId const& id) const override;

    /// These were written: as of now they are so.
    void note(porting::Effects const& effects);
    /// Something was undone; all is asked for anew.
    void forget();

private:
    struct Kept {
        std::optional<porting::Port> port;
        std::optional<std::vector<porting::Line>> lines;
    };
    Kept& kept(PortId const& id) const;

    /// As many ports as are under way at once at a busy operator; a few MB. When there are more, those that were not asked for
    /// since as many others were are let go.
    static constexpr std::size_t ports_max = 2'048;
    mutable std::unordered_map<std::string, Kept> recent_, before_;
};

} // namespace npod::storage::sqlite
