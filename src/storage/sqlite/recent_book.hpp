#pragma once
/// The writer's book: what was just written is about to be asked for again, by the next event about it. Nobody else writes, so what
/// is kept here is what is stored.

#include "porting/model.hpp"
#include "storage/sqlite/book.hpp"
#include "storage/sqlite/desk.hpp"

#include <functional>
#include <map>
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
    /// The desk must outlive it.
    explicit RecentBook(Desk& desk) : desk_(&desk) {}

    std::optional<porting::Port> port(PortId const& id) const override;
    std::optional<porting::Port> port_by_dossier(DossierId const& dossier, porting::Role role) const override;
    std::vector<porting::Line> lines(PortId const& id) const override;
    std::optional<porting::NumberRecord> number(porting::Number number) const override;
    std::optional<porting::Contract> contract(ContractId const& id) const override;
    std::optional<porting::Claim> claim_of(PortId const& id) const override;
    std::optional<porting::Delivery> delivery(std::int64_t id) const override;
    std::optional<porting::Timer> timer(porting::Subject const& subject) const override;
    std::optional<OperatorCode> block_holder(porting::Number number) const override;
    std::int64_t counter(std::string_view name) const override;

    /// Null when there is none; valid until the next call.
    porting::Line const* line(PortId const& id, int no) const;

    /// These are written, or handed over: as of now they are so.
    void note(porting::Effects const& effects, std::vector<porting::Delivery> const& queued);
    /// Something was undone; all is asked for anew.
    void forget();

private:
    /// Nothing as long as nobody asked; what is known may be that there is none.
    template <class Stored>
    using Known = std::optional<std::optional<Stored>>;
    struct Kept {
        Known<porting::Port> port;
        std::optional<std::vector<porting::Line>> lines;
        Known<porting::Claim> claim;
    };
    Database& knowing(Topic topic, std::string_view key) const override { return desk_->knowing(topic, key); }
    Database& knowing(Topic topic, porting::NumberRange numbers) const override { return desk_->knowing(topic, numbers); }
    std::vector<porting::Line> const& kept_lines(PortId const& id) const;

    Desk* desk_;
    mutable Recent<Kept> ports_;
    mutable Recent<Known<PortId>> dossiers_;        ///< by dossier and role
    mutable Recent<Known<porting::Timer>> timers_;  ///< by key_of(subject)
    mutable Recent<Known<porting::Contract>> contracts_;
    mutable Recent<Known<porting::NumberRecord>> numbers_;
    mutable Recent<Known<OperatorCode>> holders_;   ///< of the block that a number is of
    mutable Recent<Known<porting::Delivery>> deliveries_;
    mutable std::map<std::string, std::int64_t, std::less<>> counters_;
};

} // namespace npod::storage::sqlite
