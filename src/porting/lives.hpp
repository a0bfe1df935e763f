#pragma once
/// The six machines at work: for each, its facts, its deadlines and what its actions do to the working set. Internal to porting.

#include "porting/step.hpp"
#include "state_machines/claim.hpp"
#include "state_machines/contract.hpp"
#include "state_machines/delivery.hpp"
#include "state_machines/number.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

#include <string>

namespace npod::porting {

/// One event for one line of a port-in; `note` goes into the record.
port_in::Decision drive(Step& step, Port& port, Line& line, port_in::Event event, std::string note = {});
/// What that event would decide, without doing it.
port_in::Decision preview(Step const& step, Port const& port, Line const& line, port_in::Event event);

port_out::Decision drive(Step& step, Port& port, Line& line, port_out::Event event, std::string note = {});

/// `at`: the moment of a transfer or return, for the routing table; without one, now.
number::Decision drive(Step& step, NumberRecord& record, number::Event event, std::string note = {}, std::optional<Moment> at = {});
contract::Decision drive(Step& step, Contract& contract, contract::Event event, std::string note = {});
claim::Decision drive(Step& step, Claim& claim, claim::Event event, std::string note = {});
delivery::Decision drive(Step& step, Delivery& delivery, delivery::Event event, std::string note = {});

/// The numbers of a line leave us for the port's recipient; contracts follow (be.end.full, be.end.partial).
void release_numbers(Step& step, Port const& port, Line const& line);
/// The contract lost numbers at that moment; it is over from the last of such moments on, whenever they were heard of.
void number_has_left(Step& step, Contract& contract, Moment at, std::string note);
/// Once a port-out is through and something of it was transferred: what was stated to be cancelled ends at its contract.
void end_cancelled(Step& step, Port& port);
/// Services lose the numbers that their contract has no more; one that has none left ends, and so do all when the contract has ended.
/// Returns the names of those that ended.
std::vector<std::string> trim_services(Step& step, Contract& contract);
/// Numbers end at their contract now, without a port: the month begins. The contract follows; `note` goes into its record.
void end_numbers_of(Step& step, Contract& contract, std::vector<NumberRange> const& numbers, Moment ended, std::string const& note);
/// The numbers of a line come to us under the port's contract.
void serve_numbers(Step& step, Port const& port, Line const& line);
/// After all lines moved: roll-up of every touched port, and its claim's plan or end.
void settle_accounts(Step& step);

/// The legal class of a port as the last part of rule ids: "fixed.complex".
std::string class_of(Port const& port);

} // namespace npod::porting
