#pragma once
/// What the product keeps: ports with their lines, numbers, contracts, claims, deliveries and timers. Plain values.
///
/// States are kept by their stored name (the machines in state_machines/ own the names); an empty optional means "not
/// known" or "does not apply", never zero.

#include "base/ids.hpp"
#include "base/language.hpp"
#include "base/moment.hpp"
#include "base/money.hpp"
#include "porting/grounds.hpp"
#include "porting/number.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npod::porting {

// ------------------------------------------------------------------------------------------------------- people, places

struct Address {
    std::string street, house_number, box, postcode, city;
    bool operator==(Address const&) const = default;
};

/// The titular: who holds the numbers by contract.
struct Customer {
    bool legal_person = false;
    std::string name;        ///< full name of the person, or of the company
    std::string customer_id; ///< with the operator that stores it; may be empty
    Address address;
    std::optional<Language> language = {}; ///< in which he is written to, when told; no operator sends it to another
    bool operator==(Customer const&) const = default;
};

/// Where the service is delivered.
struct Location {
    Address address;
    std::string zone; ///< national zone prefix without leading 0 ("2" Brussels); empty: not geographic or not told
    bool operator==(Location const&) const = default;
};

/// be.mandate: what proves that the titular asked.
struct Mandate {
    std::string id, version;
    std::string titular; ///< in whose name
    std::string signer;
    std::string channel; ///< paper, online, sms
    Moment signed_at{};
    std::vector<NumberRange> numbers; ///< those it covers; empty: all of the order
    std::string evidence_sha256;      ///< hex
    bool operator==(Mandate const&) const = default;
};

enum class Fate : std::uint8_t { port, keep, cancel };
std::string_view name_of(Fate fate);
std::optional<Fate> fate_of(std::string_view name);

/// Something related to the numbers of an order, with what shall become of it: other numbers, or (port_out) a service of the contract.
struct RelatedNumber {
    NumberRange numbers;
    Fate fate = Fate::keep;
    std::string service = {}; ///< set: it is about this service of ours, and `numbers` says nothing
    bool operator==(RelatedNumber const&) const = default;
};

/// A service that goes with a contract: a PBX trunk, a fax line. Without numbers of its own it goes with the contract as a whole.
struct RelatedService {
    std::string name;
    std::vector<NumberRange> numbers = {};
    bool operator==(RelatedService const&) const = default;
};

/// When the customer wants it.
struct Wish {
    bool on_date = false;     ///< false: as soon as possible
    std::optional<Moment> at; ///< set when on_date
    bool operator==(Wish const&) const = default;
};

// --------------------------------------------------------------------------------------------------------------- ports

enum class Role : std::uint8_t { port_in, port_out };
std::string_view name_of(Role role); ///< "port_in", "port_out": also the name of its machine
std::optional<Role> role_of(std::string_view name);

/// One order with one donor and one recipient: one dossier on the wire.
struct Port {
    PortId id;
    Role role = Role::port_in;
    DossierId dossier;
    OrderId order;            ///< port_in only
    OperatorCode recipient, donor;
    Network network = Network::fixed;
    bool complex = false;     ///< installation class: several numbers, a DDI range, a PBX
    ContractId contract;      ///< port_in: the customer's new contract with us; port_out: the contract that will end, if one
    Customer customer;        ///< as ordered, or as far as the wire carried it
    std::string donor_account; ///< the customer's number with the donor
    Location location;
    Wish wish;
    std::optional<Mandate> mandate;
    std::vector<RelatedNumber> related; ///< as ordered; port_out: as our own people stated and as it went, besides the note's
    std::string note;
    Moment requested_at{};    ///< when the legal clock started
    std::string rulebook;     ///< version of the law it runs under: pinned at the request, moved by an adoption only
    std::string state;        ///< roll-up of its lines (roll_up())
    bool settled = false;     ///< every line is settled
    int lines = 0;            ///< how many line numbers were given out
    std::int64_t version = 0; ///< grows with every change: the ETag
    bool operator==(Port const&) const = default;
};

/// Whose doing a wait is.
enum class Causer : std::uint8_t { recipient, donor, subscriber, hub, calendar };
std::string_view name_of(Causer causer);
std::optional<Causer> causer_of(std::string_view name);

/// From `since` on, until the next turn, a line of a port-in waits for somebody.
struct Turn {
    Moment since{};       ///< may lie ahead: the porting window opens then
    std::string state;
    Causer causer = Causer::recipient;
    std::optional<Moment> in_time_until; ///< end of that party's own legal time; nothing: it has none
    bool operator==(Turn const&) const = default;
};

/// A plan that the subscriber replaced by a later one when it was over already: what accrued under it stays owed.
struct EarlierPlan {
    Moment planned_at{}, until{}; ///< until: when he agreed to the later one
    bool operator==(EarlierPlan const&) const = default;
};

/// Consecutive numbers of a port with one fate; the machine runs here.
struct Line {
    PortId port;
    int no = 0;               ///< 1, 2, … within the port; never re-used
    NumberRange numbers;
    std::string state;
    Moment since{};           ///< when this state was entered
    std::optional<Moment> planned_at;     ///< port_in: what be.comp.planned.* makes of request and wish
    std::optional<Moment> answered_at;    ///< when the donor's last answer was learned / given
    std::optional<Moment> announced_at;   ///< the donor's announced date of a late answer
    std::optional<Moment> first_possible; ///< the donor's earliest moment
    std::optional<Moment> postponed_until;
    std::optional<Moment> agreed_at;      ///< when activation shall happen
    std::optional<Moment> approved_at;    ///< start of the acceptance's validity (be.approval.valid)
    std::optional<Moment> effective_at;   ///< when the transfer was effective
    std::vector<Ground> grounds;
    std::string note;
    std::vector<Turn> turns;              ///< port_in: who was waited for, and from when on, in order (delay.hpp)
    std::vector<EarlierPlan> earlier_plans; ///< port_in, in order
    bool operator==(Line const&) const = default;
};

// ------------------------------------------------------------------------------------------- numbers, contracts, claims

/// A number as we know it: ours by contract, by block, or once ported.
struct NumberRecord {
    Number number;
    std::string state;
    Moment since{};
    OperatorCode serving;      ///< who serves it now, as far as we know
    ContractId contract;       ///< ours, while one holds it
    ContractId last_contract;  ///< the last that held it
    std::optional<Moment> contract_ended_at;
    std::optional<Moment> portable_until; ///< exclusive end of the month
    std::optional<Moment> ageing_until;   ///< exclusive
    bool operator==(NumberRecord const&) const = default;
};

struct Contract {
    ContractId id;
    Customer customer;
    std::string product;
    Network network = Network::fixed;
    int end_users = 0;
    Location location;
    std::vector<NumberRange> numbers;          ///< in force now
    std::vector<NumberRange> original_numbers; ///< ever held
    std::vector<RelatedService> related;       ///< services that go with it, in force now
    std::string state;
    Moment since{};
    std::optional<Moment> terminates_at; ///< announced termination
    std::optional<Moment> ended_at;
    bool renounced = false; ///< portability in the month was given up at termination
    std::int64_t version = 0;
    bool operator==(Contract const&) const = default;
};

struct Claim {
    ClaimId id;
    PortId port;
    std::string state;
    Moment since{};
    std::optional<Moment> filed_at; ///< when it reached us
    std::string filed_by;           ///< name given
    std::string channel;
    bool by_titular = false;
    std::optional<Money> amount;    ///< final once the port settled
    std::optional<Moment> port_done_at; ///< the last line's effective time; review counts from it
    std::string decision_reason;
    std::optional<Moment> paid_at;
    std::string paid_by;            ///< "invoice" or "call_credit"
    std::int64_t version = 0;
    bool operator==(Claim const&) const = default;
};

// ---------------------------------------------------------------------------------------------- timers and deliveries

enum class SubjectKind : std::uint8_t { line, number, contract, claim, delivery, parked };
std::string_view name_of(SubjectKind kind);
std::optional<SubjectKind> subject_kind_of(std::string_view name);

/// What a timer or a move is about. `id` is "PI-000001/2", "+3225501100", a contract, claim or delivery id.
struct Subject {
    SubjectKind kind = SubjectKind::line;
    std::string id;
    auto operator<=>(Subject const&) const = default;
    bool operator==(Subject const&) const = default;
};
Subject subject_of(Line const& line);
Subject subject_of(NumberRecord const& number);
Subject subject_of(Contract const& contract);
Subject subject_of(Claim const& claim);

/// A deadline that is armed: at most one per subject, because a state has at most one.
struct Timer {
    Subject subject;
    std::string name;     ///< the machine's timer name, "answer_deadline"
    Moment due{};
    std::string rule;     ///< rule id that set it ("be.answer.within.fixed.complex"), or "agreed"
    Moment from{};        ///< what the rule was counted from
    std::string armed_in; ///< the state that armed it
    std::string rulebook = {}; ///< version of the law that set it; empty when it was agreed
    bool operator==(Timer const&) const = default;
};

/// A message of ours on its way.
struct Delivery {
    std::int64_t id = 0;
    OperatorCode peer;    ///< whom we hand it to: the hub, or the operator itself without one
    OperatorCode receiver; ///< whom it is for; ALLO: everybody
    std::string type;     ///< "portingrequest"
    DossierId dossier;
    PortId port;          ///< empty for a deactivation
    std::string state;
    std::string bytes;    ///< exactly what is sent, and sent again
    Moment queued_at{};
    std::string receipt;  ///< transactionId
    std::string trouble;  ///< why the last attempt failed or it was turned away
    std::string trace = {}; ///< W3C traceparent of the event that it follows from; filled where it is read to be sent
    bool operator==(Delivery const&) const = default;
};

/// The timer of a message that waits for the day it names itself.
inline constexpr std::string_view planned_day = "planned_day";

/// A message that came before its time: before the request it belongs to, or (timer planned_day) before the day it names.
struct ParkedMessage {
    std::int64_t seq = 0; ///< log row that holds its bytes
    DossierId dossier;
    OperatorCode sender;
    std::string type;
    Moment received_at{};
    bool operator==(ParkedMessage const&) const = default;
};

/// Who serves a number today although its block says otherwise, or whose the block is.
struct RoutingEntry {
    NumberRange numbers;
    OperatorCode operator_code;
    Moment since{};
    bool operator==(RoutingEntry const&) const = default;
};

// ---------------------------------------------------------------------------------------------- what one event brought

/// One machine, one event: what became of it.
struct Move {
    Subject subject;
    std::string machine, event, from, to;
    std::string verdict;              ///< moved, refused, ignored
    std::vector<std::string> actions; ///< names of the row's actions
    std::string note;                 ///< for people: grounds, dates, amounts
    bool operator==(Move const&) const = default;
};

/// "PI-000001/2" → port and line.
std::optional<std::pair<PortId, int>> parse_line_id(std::string_view id);

/// The state of a port as a whole: a pure roll-up of its lines. All equal: that state. All settled but unequal:
/// "partly_completed" when one completed (or "partly_executed"), else "closed". Some settled: "partly_" + the most
/// urgent open state ("partly_scheduled"). All open: the most urgent state.
std::string roll_up(Role role, std::vector<Line> const& lines);
/// Whether that state of the role's machine is settled. The name must be one of the machine's.
bool line_settled(Role role, std::string_view state);
/// Whether every line is in a settled state of its machine.
bool all_settled(Role role, std::vector<Line> const& lines);

} // namespace npod::porting
