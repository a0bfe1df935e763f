#pragma once
/// What can happen to us: the inputs of the domain. Each is a plain value, decoded before it gets here.

#include "porting/messages.hpp"
#include "porting/model.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace npod::porting::input {

/// PUT /v1/contracts/{id}
struct PutContract {
    ContractId id;
    Customer customer;
    std::string product;
    Network network = Network::fixed;
    int end_users = 0;
    Location location;
    std::vector<NumberRange> numbers;
    std::vector<RelatedService> related;
};
/// POST /v1/contracts/{id}/terminate
struct TerminateContract {
    ContractId id;
    std::optional<Moment> at; ///< nothing: now
    bool renounce_portability = false;
};
/// POST /v1/contracts/{id}/withdraw-termination: before its date has come.
struct WithdrawTermination {
    ContractId id;
};
/// POST /v1/contracts/{id}/move: the installation goes to another place.
struct MoveContract {
    ContractId id;
    Location location;
    bool give_up = false; ///< numbers that may not be used there end; otherwise the move is refused
};
/// POST /v1/numbers/{e164}/change: we give notice that a number will be replaced.
struct ChangeNumber {
    Number number;
    std::optional<Moment> at;         ///< nothing: as soon as the notice allows
    std::optional<Number> new_number; ///< the contract has it from now on, beside the old one
};
/// POST /v1/numbers/{e164}/withdraw-change
struct WithdrawNumberChange {
    Number number;
};
/// PUT /v1/blocks: whose block a range is.
struct PutBlock {
    NumberRange numbers;
    OperatorCode holder;
};
/// POST /v1/port-ins, and with `check_only` POST /v1/port-ins/check
struct OrderPortIn {
    OrderId order;
    OperatorCode donor;
    Network network = Network::fixed;
    std::vector<NumberRange> numbers;
    std::vector<RelatedNumber> related;
    Customer customer;
    std::string donor_account;
    Location location;
    ContractId contract;
    Wish wish;
    std::optional<Mandate> mandate;
    std::string note;
    bool draft = false; ///< keep it here, send nothing yet
};
/// One range of a donor's decision, by a person or a system of ours.
struct Decision {
    enum class Kind : std::uint8_t { accept, refuse, postpone };
    std::vector<NumberRange> numbers; ///< empty: every open line
    Kind kind = Kind::accept;
    std::optional<Moment> at;         ///< accept: first possible; postpone: until
    std::vector<Ground> grounds;
    std::string note;
};
/// POST /v1/ports/{id}/answer
struct AnswerPort {
    PortId port;
    std::vector<Decision> decisions;
    std::optional<Moment> delay_until; ///< announce a late answer instead of deciding
    std::vector<RelatedNumber> fates;  ///< what becomes of numbers and services that were not asked for
};
/// POST /v1/ports/{id}/cancel | /hold | /resume | /note | /submit
struct ActOnPort {
    enum class Act : std::uint8_t { submit, cancel, hold, resume, note };
    PortId port;
    Act act = Act::note;
    std::vector<NumberRange> numbers; ///< empty: every open line
    std::string text;
};
/// POST /v1/ports/{id}/reschedule
struct Reschedule {
    PortId port;
    std::vector<NumberRange> numbers;
    Moment at{};
    bool agreed_by_customer = false; ///< then the plan moves and the wait does not accrue
};
/// POST /v1/ports/{id}/activation: the network's word.
struct ActivationReport {
    PortId port;
    std::vector<NumberRange> numbers;
    bool done = true;
    std::optional<Moment> at; ///< when it happened; nothing: now
    std::string cause;        ///< of a failure
};
/// POST /v1/ports/{id}/settle: a person closes lines by hand.
struct SettlePort {
    PortId port;
    std::vector<NumberRange> numbers;
    bool recognise_transfer = false; ///< port-out: the transfer did happen, in dispute or after we had closed the matter
    std::optional<Moment> at;        ///< of a recognised transfer: when it was effective; nothing: now
};
/// POST /v1/claims
struct FileClaim {
    PortId port;
    std::string claimant;
    std::string channel;
    std::optional<Moment> received_at; ///< when it reached us; nothing: now
};
/// POST /v1/claims/{id}/approve | /reject | /pay
struct DecideClaim {
    enum class Verdict : std::uint8_t { approve, reject, pay };
    ClaimId claim;
    Verdict verdict = Verdict::approve;
    std::string by; ///< pay: invoice or call_credit; approve, reject: the reason
};
/// POST /v1/rules/adopt: running ports go over to the law in force, their deadlines are counted again.
struct AdoptLaw {
    std::vector<PortId> ports; ///< empty: all that run under another law
};
/// A message from the wire, addressed to us.
struct Received {
    message::Message message;
    std::int64_t seq = 0; ///< of the log row that holds the bytes (set by the engine before deciding)
};
/// A message whose form is wrong although its envelope was taken.
struct ReceivedBroken {
    OperatorCode sender;
    std::string type;
    DossierId dossier; ///< when one could be read
    std::vector<Refusal> problems;
};
/// A timer is due.
struct TimerDue {
    Subject subject;
    std::string name;
};
/// What became of an attempt to send.
struct DeliveryReport {
    enum class What : std::uint8_t { taken, turned_away, attempt_failed };
    std::int64_t delivery = 0;
    What what = What::taken;
    std::string receipt;
    std::string trouble;
};

using Any = std::variant<PutContract, TerminateContract, WithdrawTermination, MoveContract, ChangeNumber, WithdrawNumberChange, PutBlock, OrderPortIn, AnswerPort, ActOnPort, Reschedule,
                         ActivationReport, SettlePort, FileClaim, DecideClaim, AdoptLaw, Received, ReceivedBroken, TimerDue,
                         DeliveryReport>;

} // namespace npod::porting::input
