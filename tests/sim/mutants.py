"""Faults planted into a copy of the product, one at a time, to see whether its judges notice. A fault is a text that stands
exactly once in a file and what is put in its place; a judge is a program of the tests (JUDGES in planting.py). What came of each
stands in mutants.md, which `scripts/torture mutants` writes; tests/sim.cmake has a test that each still fits."""

from dataclasses import dataclass

MARKET = ("npod_sim",)
MACHINES = ("npod_explore", "npod_sim")  # what concerns the tables alone is tried first


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    judged_by: tuple[str, ...] = ()

    @property
    def judges(self):
        """In this order; the first that notices is enough."""
        return self.judged_by or (MACHINES if self.file.startswith("state_machines/port_") else MARKET)

ACKNOWLEDGED_AFTER = """            changed = write_all(timers, batch, finished);
            commit(changed);
        } catch (storage::NotWritable const& fault) {
            hold_back(batch, fault.what());
            return false;
        } catch (std::exception const&) { // the disk failed, or memory ran out
            for (auto const& waiting : batch)
                if (waiting.done) waiting.done(indeterminate());
            throw;
        }
        if (changed) tell_postmen(); // first: whoever is answered finds in its mailbox what was sent
        for (auto const& one : finished)
            if (*one.done) (*one.done)(one.result);
"""
ACKNOWLEDGED_BEFORE = """            changed = write_all(timers, batch, finished);
            for (auto const& one : finished)
                if (*one.done) (*one.done)(one.result);
            commit(changed);
        } catch (storage::NotWritable const& fault) {
            hold_back({}, fault.what());
            return false;
        }
        if (changed) tell_postmen();
"""

MUTANTS = (
    Mutant("forget what was answered", "src/engine/writer.cpp",
           "    if (event.idempotency_key)\n        ledger_.remember(event.source, *event.idempotency_key, {content, seq,",
           "    if (event.idempotency_key && seq < 0)\n        ledger_.remember(event.source, *event.idempotency_key, {content, seq,"),
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
           'database.query("ROLLBACK").run();', 'database.query("COMMIT").run();'),
    Mutant("leave a gap in the log", "src/storage/sqlite/ledger.cpp",
           "row.seq = ++impl_->seq;", "row.seq = impl_->seq += impl_->seq == 40 ? 2 : 1;"),
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
           "{closed,              performed_received,      always,  stay}", ("test_porting",)),
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
           "for (auto const& range : without_ours(step, in, performed.dossier, performed.numbers)) step.route_as_told(range, performed.recipient, effective);",
           "(void)without_ours(step, in, performed.dossier, performed.numbers), (void)effective;"),
    Mutant("route by what was heard last", "src/storage/sqlite/book.cpp",
           "    if (!routes_by_moment()) return {};\n", "    if (numbers.first <= numbers.last || !routes_by_moment()) return {};\n", ("test_porting",)),
    Mutant("forget when a number came home", "src/storage/sqlite/effects.cpp",
           "write_home(database, range, entry.since);", "(void)range, (void)&write_home;", ("test_porting",)),
    Mutant("believe anybody about any dossier", "src/porting/wire.cpp",
           "if (in.sender() == party) return true;", "if (in.sender() == party || in.sender() != party) return true;", ("test_porting",)),
    Mutant("let a donor say that it performed", "src/engine/writer.cpp",
           "? sender != parties->recipient", "? !parties->includes(sender)"),
    Mutant("forget messages that came before their request", "src/porting/wire.cpp",
           "for (auto const& waiting : step.book.parked(request.dossier)) step.unpark(waiting.seq, true);",
           "for (auto const& waiting : step.book.parked(request.dossier)) step.unpark(waiting.seq, false);"),
    Mutant("a day's delay too much in one part", "src/porting/compensation.cpp",
           "segment.days = by_then - told;", "segment.days = by_then - told + (by_then > 3 ? 1 : 0);"),
    Mutant("skip a holiday", "src/rules/holidays.cpp",
           "HolidayRule{\"New Year's Day\", 1, 1},  HolidayRule{\"Easter Monday\", 0, 1},",
           "HolidayRule{\"New Year's Day\", 1, 1},  HolidayRule{\"Easter Monday\", 0, 400},", ("test_rules",)),
    Mutant("recognise one transfer twice", "src/porting/commands_in.cpp",
           "if (gone || step.book.serving(n) != port.recipient) return false;",
           "if ((gone && false) || step.book.serving(n) != port.recipient) return false;", ("test_porting",)),
    Mutant("a decision looks at the size of the log", "src/porting/wire.cpp",
           "port.complex = count(request.numbers) > 1;", "port.complex = in.received.seq % 7 == 3 || count(request.numbers) > 1;", ("test_porting",)),
    # ------------------------------------------------------------------------------------ the domain, seen in whole markets
    Mutant("split a transaction", "src/engine/writer.cpp",
           "    ledger_.apply(std::move(effects), std::move(encoded), seq);",
           "    ledger_.commit();\n    ledger_.begin();\n    ledger_.apply(std::move(effects), std::move(encoded), seq);"),
    Mutant("answer otherwise the second time", "src/engine/writer.cpp",
           "result.rendered = {remembered->status, remembered->reply, remembered->location};",
           "result.rendered = {remembered->status, remembered->reply + \" \", remembered->location};"),
    Mutant("a donor accepts what it does not serve", "src/porting/donor_check.cpp",
           "auto grounds = examination.given(n);",
           "auto grounds = step.number(n) == nullptr || step.number(n)->contract.text.empty() ? std::vector<Ground>{} : examination.given(n);"),
    Mutant("a stranger gets a number within its month", "src/porting/commands_book.cpp",
           "if (last && same_text(last->customer.name, customer.name)) return;", "if (last && !customer.name.empty()) return;"),
    Mutant("a number does not age", "src/porting/commands_book.cpp",
           'if (record->state == "free" || record->contract == contract) return;',
           'if (record->state == "free" || record->state == "ageing" || record->contract == contract) return;', ("test_porting",)),
    Mutant("ageing ends with the month", "src/porting/belongings.cpp",
           'Timer t = by_rule(step, "be.ageing.min", ended);', 'Timer t = by_rule(step, "be.grace", ended);'),
    Mutant("the month ends a day early", "src/porting/belongings.cpp",
           'Timer t = by_rule(step, "be.grace", ended);', 'Timer t = by_rule(step, "be.grace", ended - Duration{86\'400\'000});'),
    Mutant("a contract ends with the news, not with its last number", "src/porting/belongings.cpp",
           "at = std::max(at, record->contract_ended_at.value_or(at));", "at = std::max(at, step.now);"),
    Mutant("a contract ends with the number heard of last", "src/porting/belongings.cpp",
           "at = std::max(at, record->contract_ended_at.value_or(at));", "at = std::max(at, Moment{});", ("npod_sim", "test_porting")),
    Mutant("a contract ends before its last number", "src/porting/belongings.cpp",
           "facts.numbers_remain = !contract.numbers.empty();", "facts.numbers_remain = count(contract.numbers) > 1;"),
    # ------------------------------------------------------------------------------------------------ money and the calendar
    Mutant("swap payer and causer", "src/porting/compensation.cpp",
           "    sum.caused = caused_in(sum.lines);", "    sum.caused = caused_in(sum.lines);\n    if (!sum.caused.empty()) sum.payer = name_of(sum.caused.front().causer);",
           ("test_porting",)),
    Mutant("blame who was pushed, not who pushed", "src/porting/delay.cpp",
           "segment.causer = in_time && pusher ? *pusher : turn.causer;", "segment.causer = turn.causer;", ("test_porting",)),
    Mutant("what comes at the cut-off is in time", "src/rules/calendar.cpp",
           "moment < calendar.at(day, rules.cut_off)", "moment <= calendar.at(day, rules.cut_off)", ("test_rules",)),
    # ----------------------------------------------------------------- threads, files and proofs, which the market plays itself
    Mutant("acknowledge before the commit", "src/engine/engine.cpp", ACKNOWLEDGED_AFTER, ACKNOWLEDGED_BEFORE, ("test_engine",)),
    Mutant("arm no timer after a restart", "src/engine/engine.cpp",
           "        published.head_seq = parts.ledger->head_seq();\n        published.next_due = parts.ledger->next_due();\n",
           "        published.head_seq = parts.ledger->head_seq();\n", ("test_engine",)),
    Mutant("confirm what was not stored", "src/daemon/stream_client.cpp",
           "bool const again = worth_another_attempt(result);", "bool const again = false;", ("test_daemon",)),
    Mutant("after a restore ask only from the first that was heard", "src/daemon/stream_client.cpp",
           'return heard.size() < heard_again ? "-1" : heard.back();', 'return heard.empty() ? "-1" : heard.back();', ("test_daemon",)),
    Mutant("send nothing again", "src/engine/outbox.cpp", "if (!send(delivery)) return false;", "send(delivery);", ("test_engine", "test_daemon")),
    Mutant("take other bytes under a used key", "src/engine/writer.cpp",
           "if (remembered->content != content) {", "if (remembered->content != content && remembered->seq < 0) {", ("test_engine",)),
    Mutant("undo nothing of an event that failed", "src/storage/sqlite/ledger.cpp",
           '    impl_->database().query("ROLLBACK TO event").run();\n', "", ("test_storage", "test_engine")),
    Mutant("decide by the last commit what the batch has changed", "src/storage/sqlite/desk.cpp",
           "return behind_ && !touched.has(topic, key) ? last_commit() : settled();", "return behind_ && !touched.has(topic, key.substr(key.size())) ? last_commit() : settled();", ("test_storage",)),
    Mutant("believe a digest of other bytes", "src/protocol/auth.cpp",
           "!same_secret(digest->substr(equals + 1), base64(as_text(sha256(body)))))", "digest->size() < body.size() / body.size())", ("test_protocol",)),
    Mutant("take a signed call of last week", "src/protocol/auth.cpp",
           "if (*date < now - skew || *date > now + skew)", "if (*date > now + skew)", ("test_protocol",)),
    Mutant("do not look at the chain", "src/storage/sqlite/check.cpp",
           'if (chained_hash(at_.hash, row, erasable_) != row.hash) return broken(row.seq, "was changed after it was written");', "", ("test_storage",)),
    Mutant("keep an unsound backup", "src/storage/sqlite/backup.cpp",
           "    if (!health.findings.empty())\n        throw", "    if (!health.findings.empty() && into.empty())\n        throw", ("test_storage",)),
    Mutant("open a database of a newer npod", "src/storage/sqlite/opening.cpp",
           "if (version <= schema_version()) return version;", "if (version <= schema_version() + 1) return version;", ("test_storage",)),
    Mutant("write whole numbers into the log", "src/base/log.cpp",
           "constexpr std::size_t shown_first = 5, shown_last = 2;", "constexpr std::size_t shown_first = 6, shown_last = 3;", ("test_base",)),
)


def misfits(root):
    """What no longer fits the sources or the table of results: sentences, one for each."""
    wrong = []
    for mutant in MUTANTS:
        times = (root / mutant.file).read_text().count(mutant.old)
        if times != 1:
            wrong.append(f"{mutant.name}: its text stands {times} times in {mutant.file}; mend tests/sim/mutants.py")
    known = {mutant.name for mutant in MUTANTS}
    for line in (root / "tests/sim/mutants.md").read_text().splitlines()[8:]:
        cells = line.strip("| ").split(" | ")
        if cells[0] not in known:
            wrong.append(f"{cells[0]}: stands in mutants.md and not in mutants.py; take it out")
        elif cells[2] in ("SURVIVED", "UNCLEAR"):
            wrong.append(f"{cells[0]}: {cells[2].lower()}; mend its judge")
    return wrong


if __name__ == "__main__":
    import sys
    from pathlib import Path
    problems = misfits(Path(__file__).resolve().parent.parent.parent)
    print("\n".join(problems) or f"{len(MUTANTS)} mutants fit")
    sys.exit(1 if problems else 0)
