# One port runs late because BRAVO is silent. ALFA notices at the deadline, escalates, completes late. Compensation accrues per number
# and day; one claim is filed in time and paid, another a day after the six months. The dates cross Easter 2026: Good Friday 3 April is a
# working day in Belgium, Easter Monday 6 April is not.

part 4. BRAVO is silent over Easter
clock 2026-03-30T10:00+02:00            # a Monday; summer time began yesterday
include market.story

define nova
  customer.kind   legal
  customer.name   Cabinet Nova SRL
  customer.address.house_number 100
  customer.address.postcode     1050
  location.zone   2

define pont
  customer.kind   legal
  customer.name   Librairie du Pont SA
  customer.address.house_number 3
  customer.address.postcode     1000
  location.zone   2

BRAVO contract C-NOVA
  like nova
  network fixed
  numbers +3225505000..+3225505003
BRAVO contract C-PONT
  like pont
  network fixed
  numbers +3225505100..+3225505102

tell Two businesses order their ports on the same Monday: Cabinet Nova for Thursday 2 April, Librairie du Pont as soon as possible.
ALFA orders nova-1
  like nova
  donor BRAVO
  network fixed
  numbers +3225505000..+3225505003
  contract_id A-NOVA
  mandate.id        M-2026-0401
  mandate.titular   Cabinet Nova SRL
  mandate.signer    Lena Wouters
  mandate.channel   paper
  mandate.signed_at 2026-03-27T11:00+01:00
  wish.mode date
  wish.at 2026-04-02T09:00+02:00
ALFA orders pont-1
  like pont
  donor BRAVO
  network fixed
  numbers +3225505100..+3225505102
  contract_id A-PONT
  mandate.id        M-2026-0402
  mandate.titular   Librairie du Pont SA
  mandate.signer    Paul Renard
  mandate.channel   online
  mandate.signed_at 2026-03-29T20:00+02:00
# Answers: 2 working days after Monday 30 March: Wednesday 1 April 18:00.
# Plans: nova the chosen date; pont the request and 3 working days (fixed, complex): Thursday 2 April 18:00.
# Compensation starts one working day after the plan, in both cases Friday 3 April 18:00: Good Friday is a working day.
expect ALFA timers
  2026-04-01T18:00+02:00 answer_deadline nova-1/1 be.answer.within.fixed.complex
  2026-04-01T18:00+02:00 answer_deadline pont-1/1 be.answer.within.fixed.complex
  2026-04-03T18:00+02:00 delay_start nova-1/claim be.comp.start
  2026-04-03T18:00+02:00 delay_start pont-1/claim be.comp.start
expect ALFA port pont-1 awaiting_answer
  +3225505100..+3225505102 awaiting_answer planned_at 2026-04-02T18:00+02:00
expect wire
  ALFA portingrequest
  ALFA portingrequest

clock 2026-04-01T18:00+02:00
tell The deadline passes without a word. Silence is not consent, and it does not go unnoticed.
# Reminders come every working day: the next on Thursday 2 April 18:00.
expect ALFA port nova-1 answer_overdue
  +3225505000..+3225505003 answer_overdue timer reminder due 2026-04-02T18:00+02:00 rule npod.reminder
expect ALFA port pont-1 answer_overdue
expect BRAVO port nova-1 answer_overdue
  +3225505000..+3225505003 answer_overdue owner desk
show ALFA why nova-1
clock 2026-04-02T09:30+02:00
ALFA notes nova-1
  because escalated to BRAVO's porting desk by telephone, ticket 4711

clock 2026-04-03T18:00+02:00
expect ALFA claim nova-1 accruing
expect ALFA claim pont-1 accruing
expect ALFA compensation nova-1 "0.00 EUR"
  +3225505000..+3225505003 starts_at 2026-04-03T18:00+02:00 days 0

clock 2026-04-07T11:00+02:00
# As of Tuesday 7 April: the civil days begun after Friday 3 April 18:00 are the 4th, 5th, 6th and 7th: 4 days.
# nova 4 numbers x 4 days x 5 EUR = 80 EUR; pont 3 x 4 x 5 = 60 EUR. Weekend and Easter Monday count: these are civil days.
expect ALFA compensation nova-1 "80.00 EUR"
  payer recipient
  +3225505000..+3225505003 planned_at 2026-04-02T09:00+02:00 starts_at 2026-04-03T18:00+02:00 final false days 4 count 4 rate "5.00 EUR" amount "80.00 EUR"
expect ALFA compensation pont-1 "60.00 EUR"
  +3225505100..+3225505102 planned_at 2026-04-02T18:00+02:00 starts_at 2026-04-03T18:00+02:00 final false days 4 count 3 rate "5.00 EUR" amount "60.00 EUR"
show ALFA compensation nova-1
tell On Tuesday after Easter BRAVO answers at last.
BRAVO answers nova-1
  accept +3225505000..+3225505003 at 2026-04-09T09:00+02:00
BRAVO answers pont-1
  accept +3225505100..+3225505102 at 2026-04-10T09:00+02:00
expect ALFA port nova-1 scheduled
  +3225505000..+3225505003 scheduled agreed_at 2026-04-09T09:00+02:00
expect wire
  BRAVO portingrequestanswer
  BRAVO portingrequestanswer

clock 2026-04-09T09:30+02:00
ALFA network nova-1 done
  because all four numbers ring
# Effective Thursday 9 April: the days begun after 3 April 18:00 are the 4th to the 9th: 6. 4 x 6 x 5 EUR = 120 EUR.
expect ALFA port nova-1 completed
  +3225505000..+3225505003 completed effective_at 2026-04-09T09:30+02:00
# A claim must arrive within six months of the request of 30 March: until 30 September 24:00. Six months after the port: 9 October 24:00.
expect ALFA compensation nova-1 "120.00 EUR"
  claim_until 2026-10-01T00:00+02:00
  review_until 2026-10-10T00:00+02:00
  +3225505000..+3225505003 until 2026-04-09T09:30+02:00 final true days 6 count 4 amount "120.00 EUR"
expect ALFA claim nova-1 fixed
  amount "120.00 EUR"
  filed_at none
clock 2026-04-10T10:00+02:00
ALFA network pont-1 done
  because all three numbers ring
# Effective Friday 10 April: the 4th to the 10th: 7 days. 3 x 7 x 5 EUR = 105 EUR.
expect ALFA compensation pont-1 "105.00 EUR"
  +3225505100..+3225505102 final true days 7 count 3 amount "105.00 EUR"
expect ALFA claim pont-1 fixed
  amount "105.00 EUR"
expect BRAVO contract C-NOVA ended
  ended_at 2026-04-09T09:30+02:00
expect BRAVO contract C-PONT ended
  ended_at 2026-04-10T10:00+02:00
# Nothing but the two rights to claim is open, until 30 September 24:00.
expect ALFA timers
  2026-10-01T00:00+02:00 claim_period nova-1/claim be.comp.claim_within
  2026-10-01T00:00+02:00 claim_period pont-1/claim be.comp.claim_within
expect BRAVO timers
expect ALFA moves nova-1
  1 submitted draft requested
  1 request_taken requested awaiting_answer
  1 answer_deadline_passed awaiting_answer answer_overdue
  1 reminder_due answer_overdue answer_overdue           # Thursday 2 April
  1 reminder_due answer_overdue answer_overdue           # Friday 3 April; the next would be Tuesday 7 April 18:00
  1 acceptance_received answer_overdue scheduled
  1 activation_time_reached scheduled activating
  1 activation_done activating completed
expect wire
  ALFA portingperformed
  ALFA portingperformed
show ALFA compensation nova-1

clock 2026-04-20T10:00+02:00            # a Monday
tell Nothing is paid by itself. Cabinet Nova asks for its money, in time and in its own name.
ALFA claims nova-1 by "Cabinet Nova SRL"
# Decided within 20 working days of 20 April; 1 May and Ascension (14 May) are holidays: 21-24 April 4, 27-30 April 8, 4-8 May 13,
# 11-13 May 16, 15 May 17, 18-20 May 20: Wednesday 20 May 18:00.
expect ALFA claim nova-1 claimed
  by_titular true
  filed_by "Cabinet Nova SRL"
  filed_at 2026-04-20T10:00+02:00
expect ALFA timers
  2026-05-20T18:00+02:00 decision nova-1/claim npod.claim.decide_within
  2026-10-01T00:00+02:00 claim_period pont-1/claim be.comp.claim_within
clock 2026-04-22T10:00+02:00
ALFA approves nova-1
  because BRAVO was silent until 7 April; the recipient pays all the same
expect ALFA claim nova-1 approved
  amount "120.00 EUR"
# Paid within 20 working days of the approval of 22 April: 23-24 April 2, 27-30 April 6, 4-8 May 11, 11-13 May 14, 15 May 15,
# 18-22 May 20: Friday 22 May 18:00.
expect ALFA timers
  2026-05-22T18:00+02:00 payment nova-1/claim npod.claim.decide_within
  2026-10-01T00:00+02:00 claim_period pont-1/claim be.comp.claim_within
clock 2026-04-27T10:00+02:00
ALFA pays nova-1 by invoice
expect ALFA claim nova-1 paid
  amount "120.00 EUR"
  paid_by invoice
  paid_at 2026-04-27T10:00+02:00
show ALFA claim nova-1

clock 2026-10-01T09:00+02:00            # a Thursday
tell Librairie du Pont remembers its money on 1 October: a day after six months since its request, but within six months of the port.
  Such a claim is never refused by a machine; it goes to a person.
expect ALFA claim pont-1 review_only
ALFA claims pont-1 by "Librairie du Pont SA"
# Decided within 20 working days of Thursday 1 October: 2 Oct 1, 5-9 Oct 6, 12-16 Oct 11, 19-23 Oct 16, 26-29 Oct 20: Thursday 29 October.
# In Brussels winter time has begun by then (25 October).
expect ALFA claim pont-1 in_review
  filed_at 2026-10-01T09:00+02:00
  by_titular true
expect ALFA timers
  2026-10-29T18:00+01:00 decision pont-1/claim npod.claim.decide_within
clock 2026-10-05T14:00+02:00
ALFA approves pont-1
  because BIPT counts six months from the port, which was on 10 April
ALFA pays pont-1 by invoice
expect ALFA claim pont-1 paid
  amount "105.00 EUR"
expect ALFA timers
expect wire
