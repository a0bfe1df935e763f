#pragma once
/// One function per kind of input. Internal to porting; decide.cpp calls them.

#include "porting/input.hpp"
#include "porting/lives.hpp"

namespace npod::porting {

void handle(Step& step, input::PutContract const& put);
void handle(Step& step, input::TerminateContract const& terminate);
void handle(Step& step, input::WithdrawTermination const& withdraw);
void handle(Step& step, input::MoveContract const& move);
void handle(Step& step, input::ChangeNumber const& change);
void handle(Step& step, input::WithdrawNumberChange const& withdraw);
void handle(Step& step, input::PutBlock const& put);
void handle(Step& step, input::OrderPortIn const& order);
void handle(Step& step, input::AnswerPort const& answer);
void handle(Step& step, input::ActOnPort const& act);
void handle(Step& step, input::Reschedule const& reschedule);
void handle(Step& step, input::ActivationReport const& report);
void handle(Step& step, input::SettlePort const& settle);
void handle(Step& step, input::FileClaim const& file);
void handle(Step& step, input::DecideClaim const& decide);
void handle(Step& step, input::AdoptLaw const& command);
void handle(Step& step, input::Received const& received);
void handle(Step& step, input::ReceivedBroken const& broken);
void handle(Step& step, input::TimerDue const& due);
void handle(Step& step, input::DeliveryReport const& report);

/// Answers lines that are validating, as far as no person is needed: decided grounds refuse, sufficient data accepts. Lines are split
/// where numbers differ.
void answer_by_machine(Step& step, Port& port, std::vector<Line*> const& lines);

/// Refuses what a contract may not take: a number that is not free, or of another's block; its own, and what its own customer may have
/// back within the month, may stay. `pointer`: where the number stands.
void check_number(Step& step, ContractId const& contract, Customer const& customer, Number number, std::string const& pointer);
/// The contract takes those of the numbers that it does not have, and serves them.
void take_numbers(Step& step, Contract& contract, std::vector<NumberRange> const& numbers);

/// A refusal that names what is missing.
Refusal no_such(std::string_view what, std::string_view id);
/// A refusal of a machine: the event does not fit the present state; names what does.
Refusal not_now(Role role, Line const& line, std::string_view event, std::string_view because = {});

} // namespace npod::porting
