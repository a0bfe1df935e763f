# One order is left open, for whoever wants to go on by hand.

part 6. One more, left open
clock 2027-08-02T10:00+02:00            # a Monday
include market.story

define lune
  customer.kind                 legal
  customer.name                 Boulangerie Lune SRL
  customer.address.house_number 41
  customer.address.postcode     1180
  location.zone                 2

BRAVO contract C-LUNE
  like lune
  network fixed
  numbers +3225508000..+3225508001

tell A bakery wants both its numbers at ALFA as soon as possible. Two numbers are a complex port: a person at BRAVO must answer.
ALFA orders lune-1
  like lune
  donor BRAVO
  network fixed
  numbers +3225508000..+3225508001
  contract_id A-LUNE
  mandate.id        M-2027-0500
  mandate.titular   Boulangerie Lune SRL
  mandate.signer    Nora Lune
  mandate.channel   online
  mandate.signed_at 2027-08-01T19:00+02:00
# Answer: 2 working days after Monday 2 August: Wednesday 4 August 18:00. Planned: 3: Thursday 5 August 18:00. Compensation starts one
# working day later: Friday 6 August 18:00.
expect ALFA port lune-1 awaiting_answer
  +3225508000..+3225508001 awaiting_answer planned_at 2027-08-05T18:00+02:00 timer answer_deadline due 2027-08-04T18:00+02:00
expect ALFA timers
  2027-08-04T18:00+02:00 answer_deadline lune-1/1 be.answer.within.fixed.complex
  2027-08-06T18:00+02:00 delay_start lune-1/claim be.comp.start
expect BRAVO port lune-1 validating
expect wire
  ALFA portingrequest
show ALFA timers
