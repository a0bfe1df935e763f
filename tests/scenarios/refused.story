# What may not leave does not leave: a number outside the customer's zone, a number in someone else's name, a request without mandate.
# All problems are told at once, before anything is stored or sent.

part 3. Three mistakes in one order, told at once
clock 2026-03-27T10:00+01:00            # a Friday
include market.story

define dubois
  customer.kind   natural
  customer.name   Luc Dubois
  location.zone   2                     # he lives in Brussels
  donor           BRAVO
  network         fixed
  contract_id     A-DUBOIS
  # one of Antwerp (zone 03), one that Sofie Claes holds at ALFA itself, one that is his
  numbers         +3232345678 +3226601500 +3225507700

ALFA contract A-CLAES
  customer.kind   natural
  customer.name   Sofie Claes
  network         fixed
  numbers         +3226601500

tell Luc Dubois wants three numbers: one of Antwerp for his flat in Brussels, one that belongs to Sofie Claes, and his own. He signed
  nothing yet.
ALFA checks dubois-1
  like dubois
  verdict +3232345678 refused
  verdict +3226601500 refused
  verdict +3225507700 refused           # without a mandate nothing may leave
  problem OUT_OF_ZONE /numbers/0
  problem NOT_TITULAR /numbers/1
  problem MANDATE_MISSING /mandate
ALFA orders dubois-1
  like dubois
  refused 422
  problem OUT_OF_ZONE /numbers/0
  problem NOT_TITULAR /numbers/1
  problem MANDATE_MISSING /mandate

tell He signs, but in the name of his neighbour.
ALFA orders dubois-1
  like dubois
  numbers +3225507700
  mandate.id        M-2026-0310
  mandate.titular   Karel Maes
  mandate.signer    Luc Dubois
  mandate.channel   phone               # and a phone call is not enough
  mandate.signed_at 2026-03-27T09:00+01:00
  refused 422
  problem NOT_TITULAR /mandate/titular
  problem MANDATE_INVALID /mandate/channel

# Nothing was kept, nothing was sent.
expect ALFA GET /v1/ports?number=%2B3225507700
  items none
expect ALFA timers
expect wire
