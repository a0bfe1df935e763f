#pragma once
/// The domain's view of the stored world, over one connection: the writer's and every reader's alike.

#include "porting/book.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/touched.hpp"

namespace npod::storage::sqlite {

/// The same subject has the same key, and no other: two kinds may use the same id, a contract is called as its operator likes.
std::string key_of(porting::Subject const& subject);

/// Answers from the database by key. The database must outlive it.
class SqliteBook : public porting::Book {
public:
    explicit SqliteBook(Database& database) : database_(&database) {}

    std::optional<porting::Port> port(PortId const& id) const override;
    std::optional<porting::Port> port_by_dossier(DossierId const& dossier, porting::Role role) const override;
    std::optional<porting::Port> port_by_order(OrderId const& order) const override; ///< the newest of that order
    std::vector<PortId> running_ports() const override;
    std::vector<porting::Line> lines(PortId const& id) const override;
    std::optional<porting::LivePort> live_port(porting::Number number, porting::Role role) const override;
    std::optional<porting::NumberRecord> number(porting::Number number) const override;
    std::optional<porting::Contract> contract(ContractId const& id) const override;
    std::optional<porting::Claim> claim(ClaimId const& id) const override;
    std::optional<porting::Claim> claim_of(PortId const& id) const override;
    std::optional<porting::Delivery> delivery(std::int64_t id) const override;
    std::optional<std::int64_t> deactivation_sent(DossierId const& dossier) const override;
    std::optional<porting::Timer> timer(porting::Subject const& subject) const override;
    std::vector<porting::ParkedMessage> parked(DossierId const& dossier) const override;
    std::optional<porting::ParkedMessage> parked_one(std::int64_t seq) const override;
    std::optional<OperatorCode> block_holder(porting::Number number) const override;
    std::vector<porting::RoutingEntry> blocks_within(porting::NumberRange numbers) const override;
    std::optional<OperatorCode> serving(porting::Number number) const override;
    std::vector<porting::NumberRange> routed_after(porting::NumberRange numbers, Moment told) const override;
    bool routes_by_moment() const override;
    std::int64_t counter(std::string_view name) const override;

protected:
    SqliteBook() = default; ///< of a book that knows of more than one connection
    /// The connection that knows what is asked about.
    virtual Database& knowing(Topic, std::string_view) const { return *database_; }
    virtual Database& knowing(Topic, porting::NumberRange) const { return *database_; }

private:
    Database* database_ = nullptr;
};

} // namespace npod::storage::sqlite
