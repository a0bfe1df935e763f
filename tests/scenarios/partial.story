# A business customer of BRAVO with a ten-number DDI range and two single numbers orders the port of eleven of them to ALFA.
# BRAVO accepts eight, refuses one, postpones two. The lines live on separately; the contract ends in part, number by number, at each
# effective transfer, and wholly only when the twelfth number has left.

part 1. Twelve numbers leave one contract, one by one
clock 2026-03-02T09:00+01:00            # a Monday
include market.story

tell Brasserie Horta is a business customer of BRAVO: a DDI range of ten numbers for its telephone system, a number for its shop,
  and one for the alarm. It signed a mandate for eleven of them; the alarm stays at BRAVO for now.

define horta
  customer.kind                 legal
  customer.name                 Brasserie Horta BV
  customer.address.street       Rue Americaine
  customer.address.house_number 25
  customer.address.postcode     1060
  customer.address.city         Brussels
  location.zone                 2

define horta-mandate
  mandate.id        M-2026-0142
  mandate.version   3
  mandate.titular   Brasserie Horta BV
  mandate.signer    An Peeters
  mandate.channel   online
  mandate.signed_at 2026-02-27T15:20+01:00

BRAVO contract C-HORTA
  like horta
  customer.customer_id BR-77120
  product Voice Pro Classic
  network fixed
  numbers +3225501100..+3225501109 +3225502000 +3225503000
  related "PBX trunk"

ALFA orders horta-1
  like horta
  like horta-mandate
  donor BRAVO
  network fixed
  numbers +3225501100..+3225501109 +3225502000
  related +3225503000 keep
  contract_id A-HORTA
  wish.mode date
  wish.at 2026-03-11T09:00+01:00

# Answer: fixed, complex: 2 working days (total 3 less execution 1) after Monday 2 March: Wednesday 4 March, end of the window 18:00.
expect ALFA port horta-1 awaiting_answer
  role port_in
  class complex
  +3225501100..+3225501109 awaiting_answer planned_at 2026-03-11T09:00+01:00 timer answer_deadline due 2026-03-04T18:00+01:00 rule be.answer.within.fixed.complex standing assumed owner donor
  +3225502000              awaiting_answer planned_at 2026-03-11T09:00+01:00 timer answer_deadline due 2026-03-04T18:00+01:00 rule be.answer.within.fixed.complex standing assumed owner donor
expect BRAVO port horta-1 validating
  role port_out
  +3225501100..+3225501109 validating timer answer_deadline due 2026-03-04T18:00+01:00 rule be.answer.within.fixed.complex
  +3225502000              validating timer answer_deadline due 2026-03-04T18:00+01:00 rule be.answer.within.fixed.complex
# Never at request: the contract is whole.
expect BRAVO contract C-HORTA active
  numbers +3225501100..+3225501109 +3225502000 +3225503000
# Compensation would start one working day after the plan: planned Wednesday 11 March 09:00, so Thursday 12 March 18:00.
expect ALFA timers
  2026-03-04T18:00+01:00 answer_deadline horta-1/1 be.answer.within.fixed.complex
  2026-03-04T18:00+01:00 answer_deadline horta-1/2 be.answer.within.fixed.complex
  2026-03-12T18:00+01:00 delay_start horta-1/claim be.comp.start
expect wire
  ALFA portingrequest
show ALFA why horta-1
show BRAVO residue horta-1

clock 2026-03-03T10:00+01:00
tell A person at BRAVO decides each number on its own, in one answer.
BRAVO answers horta-1
  accept   +3225501100..+3225501107 at 2026-03-11T09:00+01:00
  refuse   +3225502000 for MANDATE_INVALID
  postpone +3225501108..+3225501109 until 2026-03-18T09:00+01:00 for TECHNICAL
  because  the fax lines hang on an old exchange until the 18th

# The postponed answer is due one working day after the date that BRAVO named: Wednesday 18 March, so Thursday 19 March 18:00.
expect ALFA port horta-1 partly_postponed
  +3225501100..+3225501107 scheduled agreed_at 2026-03-11T09:00+01:00 first_possible_at 2026-03-11T09:00+01:00 timer activation_time due 2026-03-11T09:00+01:00 rule agreed
  +3225501108..+3225501109 postponed postponed_until 2026-03-18T09:00+01:00 grounds TECHNICAL timer postponed_answer due 2026-03-19T18:00+01:00 rule be.execute.within
  +3225502000              refused grounds MANDATE_INVALID agreed_at none timer none
# An acceptance lapses 90 calendar days after it was given: 3 March + 90 days is 1 June, until 24:00.
expect BRAVO port horta-1 partly_postponed
  +3225501100..+3225501107 awaiting_execution timer approval_expiry due 2026-06-02T00:00+02:00 rule be.approval.valid
  +3225501108..+3225501109 postponed grounds TECHNICAL timer postponement_end due 2026-03-18T09:00+01:00 rule agreed
  +3225502000              refused grounds MANDATE_INVALID timer none
# Never at acceptance either.
expect BRAVO contract C-HORTA active
  numbers +3225501100..+3225501109 +3225502000 +3225503000
expect BRAVO number +3225501100 porting_out
expect BRAVO number +3225501108 in_service
expect BRAVO number +3225502000 in_service
expect wire
  BRAVO portingrequestanswer
show ALFA port horta-1

clock 2026-03-04T11:00+01:00
tell ALFA asks its customer. Horta agrees to the 19th for the two fax lines: the plan moves, so that wait is no delay.
ALFA reschedules horta-1 +3225501108..+3225501109 to 2026-03-19T09:00+01:00 agreed by the customer
  because An Peeters agreed by mail on 4 March
expect ALFA port horta-1 partly_postponed
  +3225501100..+3225501107 scheduled planned_at 2026-03-11T09:00+01:00
  +3225501108..+3225501109 postponed planned_at 2026-03-19T09:00+01:00 due 2026-03-19T18:00+01:00
  +3225502000              refused

clock 2026-03-11T09:00+01:00
# Execution: one working day after the agreed date, Thursday 12 March 18:00.
expect ALFA port horta-1 partly_activating
  +3225501100..+3225501107 activating agreed_at 2026-03-11T09:00+01:00 timer execution_deadline due 2026-03-12T18:00+01:00 rule be.execute.within
  +3225501108..+3225501109 postponed
  +3225502000              refused
expect BRAVO number +3225501100 porting_out
  contract_id C-HORTA
clock 2026-03-11T09:20+01:00
ALFA network horta-1 done numbers +3225501100..+3225501107
  because test calls worked in both directions

# Effective at 09:20 on both sides: BRAVO's contract ends in part in that moment, for these eight numbers only (be.end.partial).
expect ALFA port horta-1 partly_postponed
  +3225501100..+3225501107 completed effective_at 2026-03-11T09:20+01:00 timer none
  +3225501108..+3225501109 postponed
  +3225502000              refused
expect BRAVO port horta-1 partly_postponed
  +3225501100..+3225501107 executed effective_at 2026-03-11T09:20+01:00 timer none
  +3225501108..+3225501109 postponed
  +3225502000              refused
expect BRAVO contract C-HORTA partly_ended
  numbers +3225501108..+3225501109 +3225502000 +3225503000
  original_numbers +3225501100..+3225501109 +3225502000 +3225503000
  ended_at none
expect BRAVO number +3225501100 ported_out
  serving ALFA
  block_holder BRAVO
  contract_id none
  last_contract C-HORTA
expect ALFA number +3225501100 in_service
  serving ALFA
  block_holder BRAVO
  contract_id A-HORTA
expect ALFA contract A-HORTA active
  numbers +3225501100..+3225501107
# With the first plan fulfilled, the next one counts: the fax lines, planned Thursday 19 March, so Friday 20 March 18:00.
expect ALFA timers
  2026-03-19T18:00+01:00 postponed_answer horta-1/3 be.execute.within
  2026-03-20T18:00+01:00 delay_start horta-1/claim be.comp.start
expect wire
  ALFA portingperformed
show BRAVO contract C-HORTA

clock 2026-03-13T10:00+01:00            # a Friday
tell The refusal is mended: the shop stands at another address than the order said. ALFA asks again for that one number, by the
  customer number on BRAVO's invoice. One number is a simple port, which BRAVO answers by machine.
ALFA orders horta-2
  like horta
  without customer.address
  like horta-mandate
  donor BRAVO
  donor_account BR-77120
  network fixed
  numbers +3225502000
  contract_id A-HORTA
# As soon as possible: accepted from 10:00 on, and inside the window, so activation begins at once.
# Planned: fixed, simple, 2 working days after Friday 13 March: Tuesday 17 March 18:00. Execution by Monday 16 March 18:00.
expect ALFA port horta-2 activating
  class simple
  +3225502000 activating planned_at 2026-03-17T18:00+01:00 agreed_at 2026-03-13T10:00+01:00 timer execution_deadline due 2026-03-16T18:00+01:00 rule be.execute.within
expect BRAVO port horta-2 awaiting_execution
clock 2026-03-13T11:00+01:00
ALFA network horta-2 done
  because test calls worked in both directions
expect ALFA port horta-2 completed
  settled true
  +3225502000 completed effective_at 2026-03-13T11:00+01:00
expect ALFA claim horta-2 not_due
  amount "0.00 EUR"
expect BRAVO port horta-2 executed
expect BRAVO contract C-HORTA partly_ended
  numbers +3225501108..+3225501109 +3225503000
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
  ALFA portingperformed

clock 2026-03-18T09:00+01:00
tell The date to which BRAVO postponed has come: it checks the two fax lines again.
# BRAVO named the date itself and has one working day more, as ALFA expects: Wednesday 18 March, so Thursday 19 March 18:00.
expect BRAVO port horta-1 partly_validating
  +3225501100..+3225501107 executed
  +3225501108..+3225501109 validating timer answer_deadline due 2026-03-19T18:00+01:00 rule be.execute.within
  +3225502000              refused
clock 2026-03-18T14:00+01:00
BRAVO answers horta-1
  accept +3225501108..+3225501109 at 2026-03-19T09:00+01:00
expect ALFA port horta-1 partly_scheduled
  +3225501100..+3225501107 completed
  +3225501108..+3225501109 scheduled agreed_at 2026-03-19T09:00+01:00 postponed_until none
  +3225502000              refused
clock 2026-03-19T09:15+01:00
ALFA network horta-1 done
  because fax test page received
# Settled: two lines served by ALFA, one refused. Planned the 19th and done the 19th: no delay.
expect ALFA port horta-1 partly_completed
  settled true
  +3225501100..+3225501107 completed effective_at 2026-03-11T09:20+01:00
  +3225501108..+3225501109 completed effective_at 2026-03-19T09:15+01:00
  +3225502000              refused
expect ALFA compensation horta-1 "0.00 EUR"
expect ALFA claim horta-1 not_due
expect ALFA timers
expect BRAVO timers
# The twelfth number, kept, keeps the contract in force.
expect BRAVO contract C-HORTA partly_ended
  numbers +3225503000
  ended_at none
expect wire
  BRAVO portingrequestanswer
  ALFA portingperformed
show BRAVO contract C-HORTA

# Every move of the order's lines, in order. Line 1 was split when BRAVO decided its numbers differently: the fax lines became line 3.
expect ALFA moves horta-1
  1 submitted draft requested
  2 submitted draft requested
  1 request_taken requested awaiting_answer
  2 request_taken requested awaiting_answer
  1 acceptance_received awaiting_answer scheduled
  3 postponement_received awaiting_answer postponed
  2 refusal_received awaiting_answer refused
  3 reschedule_requested postponed postponed
  1 activation_time_reached scheduled activating
  1 activation_done activating completed
  3 acceptance_received postponed scheduled
  3 activation_time_reached scheduled activating
  3 activation_done activating completed
expect BRAVO moves horta-1
  1 acceptance_decided validating awaiting_execution
  2 refusal_decided validating refused
  3 postponement_decided validating postponed
  1 performed_received awaiting_execution executed
  3 postponement_ended postponed validating
  3 acceptance_decided validating awaiting_execution
  3 performed_received awaiting_execution executed

clock 2026-03-23T10:00+01:00
tell At last the alarm moves as well. It is the last number of the contract, which then ends by itself.
ALFA orders horta-3
  like horta
  like horta-mandate
  donor BRAVO
  network fixed
  numbers +3225503000
  contract_id A-HORTA
expect BRAVO contract C-HORTA partly_ended
  numbers +3225503000
clock 2026-03-23T10:30+01:00
ALFA network horta-3 done
  because the alarm line called its centre
expect ALFA port horta-3 completed
# The complete transfer is effective at 10:30: so is the end of the contract (be.end.full).
expect BRAVO contract C-HORTA ended
  numbers none
  ended_at 2026-03-23T10:30+01:00
expect ALFA contract A-HORTA active
  numbers +3225501100..+3225501109 +3225502000 +3225503000
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
  ALFA portingperformed
show BRAVO contract C-HORTA
