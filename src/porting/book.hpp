#pragma once
/// What the domain may ask of the stored world, and what one event changes in it. The storage room implements the first
/// and carries out the second in one transaction.

#include "porting/messages.hpp"
#include "porting/model.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::porting {

/// Which line of which live (unsettled) port holds a number.
struct LivePort {
    PortId port;
    int line = 0;
};

/// The stored world as the domain sees it: answers by key only, deterministic, no clock. Not thread-safe.
/// Throws StorageFault when the database fails.
class Book {
public:
    virtual ~Book() = default;
    virtual std::optional<Port> port(PortId const& id) const = 0;
    virtual std::optional<Port> port_by_dossier(DossierId const& dossier, Role role) const = 0;
    virtual std::optional<Port> port_by_order(OrderId const& order) const = 0;
    virtual std::vector<PortId> running_ports() const = 0; ///< not settled, in order of creation
    virtual std::vector<Line> lines(PortId const& id) const = 0; ///< in order of line number
    virtual std::optional<LivePort> live_port(Number number, Role role) const = 0;
    virtual std::optional<NumberRecord> number(Number number) const = 0;
    virtual std::optional<Contract> contract(ContractId const& id) const = 0;
    virtual std::optional<Claim> claim(ClaimId const& id) const = 0;
    virtual std::optional<Claim> claim_of(PortId const& id) const = 0;
    virtual std::optional<Delivery> delivery(std::int64_t id) const = 0;
    /// The newest deactivation of ours under that dossier.
    virtual std::optional<std::int64_t> deactivation_sent(DossierId const& dossier) const = 0;
    virtual std::optional<Timer> timer(Subject const& subject) const = 0;
    virtual std::vector<ParkedMessage> parked(DossierId const& dossier) const = 0; ///< in order of arrival
    virtual std::optional<ParkedMessage> parked_one(std::int64_t seq) const = 0;
    /// Whose block the number is of; nothing when no block of ours or another's is known.
    virtual std::optional<OperatorCode> block_holder(Number number) const = 0;
    /// The parts of these numbers that are of a known block, each with its holder, in order.
    virtual std::vector<RoutingEntry> blocks_within(NumberRange numbers) const = 0;
    /// Who serves the number today by the routing table (ported, else block holder).
    virtual std::optional<OperatorCode> serving(Number number) const = 0;
    /// Those of the numbers, in order, of which the routing table knows news of a later second than `told`, be it that they came home.
    virtual std::vector<NumberRange> routed_after(NumberRange numbers, Moment told) const = 0;
    /// False while rows of the log are told again that an npod wrote which routed by what was heard last.
    virtual bool routes_by_moment() const = 0;
    /// The last value given out of a named counter ("port_in", "port_out", "claim", "delivery", "dossier"); 0 at first.
    virtual std::int64_t counter(std::string_view name) const = 0;
};

/// A message to send: encoded for the counterpart's wire when the step is written.
struct Send {
    std::int64_t delivery = 0; ///< its id, taken from the counter "delivery"
    OperatorCode receiver;     ///< or message::everybody
    message::Body body;
    PortId port;
};

/// What became of an input as a whole, for whoever asked.
struct Answer {
    std::vector<Refusal> refusals; ///< empty: done
    std::string subject;           ///< id of what was made or changed: port, contract, claim
    bool created = false;
    std::vector<std::string> told = {}; ///< what was done, sentence by sentence, where the subject does not show it
};

/// Everything one event decided; one transaction writes it, or none of it. Entities are whole rows: insert or replace.
struct Effects {
    std::vector<Port> ports;
    std::vector<Port> advanced; ///< stored ports of which only requested_at, rulebook, state, settled, lines and version changed
    std::vector<Line> lines;
    std::vector<NumberRecord> numbers;
    std::vector<Contract> contracts;
    std::vector<Claim> claims;
    std::vector<Delivery> deliveries; ///< changed ones; new ones come from `sends`
    std::vector<Timer> arm;           ///< replaces the subject's timer
    std::vector<Subject> cancel;      ///< no timer any more; a subject is never in both
    std::vector<Send> sends;
    std::vector<RoutingEntry> routing; ///< served by, since the moment of the transfer or return
    std::vector<RoutingEntry> blocks;  ///< block holder of a range, or nobody; replaces what it overlaps
    std::vector<ParkedMessage> park;
    std::vector<std::int64_t> unpark;  ///< seq of messages that wait no longer
    std::vector<std::int64_t> retry;   ///< those of them that can be dealt with now: the engine decides them next, in the same transaction
    std::map<std::string, std::int64_t, std::less<>> counters;
    std::vector<Move> moves;           ///< in the order in which they happened
    std::vector<std::string> notes;    ///< what else should be in the record, as sentences
    /// Ids (port, contract, claim, "+32…") under which this event shall be found, besides those of its moves.
    std::vector<std::string> about;
    Answer answer;
};

} // namespace npod::porting
