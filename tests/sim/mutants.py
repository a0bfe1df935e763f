"""Faults planted into a copy of the product, one at a time, to see whether the simulation notices. A fault is a text that stands
exactly once in a file and what is put in its place; tests/sim.cmake has a test that each still fits."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str


MUTANTS = (
    Mutant("forget what was answered", "src/engine/writer.cpp",
           "if (done && event.idempotency_key)", "if (!done && event.idempotency_key)"),
    Mutant("take equal bytes for two messages", "src/api/interchange_message.cpp",
           "event.idempotency_key = content_hash(bytes);", "event.idempotency_key.reset();"),
    Mutant("forget which messages of the hub were heard", "src/daemon/stream_client.cpp",
           "event.idempotency_key = hub.text + \":\" + received.id;", "event.idempotency_key.reset();"),
    Mutant("mark sent what was not", "src/porting/decide.cpp",
           "report.what == taken ? delivery::taken", "report.what != turned_away ? delivery::taken"),
    Mutant("give up what stays true", "src/porting/accounts.cpp",
           "delivery::Facts{.stays_true = !asked_anew}", "delivery::Facts{.stays_true = false && asked_anew}"),
    Mutant("cancel no timer", "src/porting/step.hpp",
           "if (decision.cancel != M::Timer::none) step.cancel(subject);", "if (decision.cancel == M::Timer::none) step.cancel(subject);"),
    Mutant("fire a millisecond early", "src/storage/sqlite/ledger.cpp",
           "query.with(until, limit);\n    std::vector<porting::Timer> timers;", "query.with(until + Duration{1}, limit);\n    std::vector<porting::Timer> timers;"),
    Mutant("keep what was not committed", "src/storage/sqlite/ledger.cpp",
           'impl_->database->query("ROLLBACK").run();', 'impl_->database->query("COMMIT").run();'),
    Mutant("leave a gap in the log", "src/storage/sqlite/ledger.cpp",
           "row.seq = impl_->head.seq + 1;", "row.seq = impl_->head.seq + (impl_->head.seq == 40 ? 2 : 1);"),
    Mutant("drop a line on split", "src/porting/step.cpp",
           "    line.numbers = part;\n    sibling({part.last.next(), whole.last});", "    line.numbers = part;"),
    Mutant("lose the deadline of a split line", "src/porting/step.cpp", "if (armed) {", "if (!armed) {"),
    Mutant("the donor lets go when it says yes", "state_machines/port_out.hpp",
           "{validating,          acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, tell_customer}}",
           "{validating,          acceptance_decided,      always,  awaiting_execution,  {send_acceptance, hold_numbers, release_numbers}}"),
    Mutant("the donor lets go what lapsed", "state_machines/port_out.hpp",
           "{awaiting_execution,  approval_expired,        always,  lapsed,              {free_numbers, tell_customer}}",
           "{awaiting_execution,  approval_expired,        always,  lapsed,              {release_numbers, tell_customer}}"),
    Mutant("a transfer after a closing calls nobody", "state_machines/port_out.hpp",
           "{closed,              performed_received,      always,  stay,                {call_a_person}}",
           "{closed,              performed_received,      always,  stay}"),
    Mutant("a late donor calls nobody", "state_machines/port_in.hpp",
           "{awaiting_answer,        answer_deadline_passed,    always,                       answer_overdue,         {call_a_person}}",
           "{awaiting_answer,        answer_deadline_passed,    always,                       awaiting_answer}"),
    Mutant("go live before the moment", "state_machines/port_in.hpp",
           "{scheduled,              hold_requested,            always,                       on_hold,                {tell_customer}},",
           "{scheduled,              hold_requested,            always,                       on_hold,                {tell_customer}},\n"
           "  {scheduled,              activation_done,           always,                       completed,              {serve_numbers, send_performed, tell_customer}},"),
    Mutant("tell nobody that numbers are served", "state_machines/port_in.hpp",
           "{activating,             activation_done,           always,                       completed,              {serve_numbers, send_performed, tell_customer}}",
           "{activating,             activation_done,           always,                       completed,              {serve_numbers, tell_customer}}"),
    Mutant("forget the last member of a broadcast", "src/api/interchange_message.cpp",
           "if (concerned && one.has_mailbox)", "if (concerned && one.has_mailbox && !(to_all && &one == &settings.members.back()))"),
    Mutant("ports between others change no route", "src/porting/wire.cpp",
           "for (auto const& range : without_ours(step, in, performed.dossier, performed.numbers)) step.route(range, performed.recipient);",
           "(void)without_ours(step, in, performed.dossier, performed.numbers);"),
    Mutant("believe anybody about any dossier", "src/porting/wire.cpp",
           "if (in.sender() == party) return true;", "if (in.sender() == party || in.sender() != party) return true;"),
    Mutant("let a donor say that it performed", "src/engine/writer.cpp",
           "? sender != parties->recipient", "? !parties->includes(sender)"),
    Mutant("forget messages that came before their request", "src/porting/wire.cpp",
           "for (auto const& waiting : step.book.parked(request.dossier)) step.unpark(waiting.seq, true);",
           "for (auto const& waiting : step.book.parked(request.dossier)) step.unpark(waiting.seq, false);"),
    Mutant("a day's delay too much in one part", "src/porting/compensation.cpp",
           "segment.days = by_then - told;", "segment.days = by_then - told + (by_then > 3 ? 1 : 0);"),
    Mutant("skip a holiday", "src/rules/holidays.cpp",
           "HolidayRule{\"New Year's Day\", 1, 1},  HolidayRule{\"Easter Monday\", 0, 1},",
           "HolidayRule{\"New Year's Day\", 1, 1},  HolidayRule{\"Easter Monday\", 0, 400},"),
    Mutant("recognise one transfer twice", "src/porting/commands_in.cpp",
           "if (gone || step.book.serving(n) != port.recipient) return false;",
           "if ((gone && false) || step.book.serving(n) != port.recipient) return false;"),
    Mutant("a decision looks at the size of the log", "src/porting/wire.cpp",
           "port.complex = count(request.numbers) > 1;", "port.complex = in.received.seq % 7 == 3 || count(request.numbers) > 1;"),
)


def fit(root):
    """What no longer fits the sources: sentences, one for each."""
    wrong = []
    for mutant in MUTANTS:
        times = (root / mutant.file).read_text().count(mutant.old)
        if times != 1:
            wrong.append(f"{mutant.name}: its text stands {times} times in {mutant.file}; mend tests/sim/mutants.py")
    return wrong


if __name__ == "__main__":
    import sys
    from pathlib import Path
    problems = fit(Path(__file__).resolve().parent.parent.parent)
    print("\n".join(problems) or f"{len(MUTANTS)} mutants fit")
    sys.exit(1 if problems else 0)
