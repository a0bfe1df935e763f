# One port is cancelled in time; another cancel comes too late and is refused, with the last safe moment named.

part 2. A change of mind, in time and too late
clock 2026-03-24T11:00+01:00            # a Tuesday
include market.story

define luxor
  customer.kind                 legal
  customer.name                 Garage Luxor SRL
  customer.address.house_number 8
  customer.address.postcode     1080
  location.zone                 2
  mandate.id        M-2026-0201
  mandate.titular   Garage Luxor SRL
  mandate.signer    Yassin Amrani
  mandate.channel   sms
  mandate.signed_at 2026-03-23T18:00+01:00
  donor             BRAVO
  network           fixed
  contract_id       A-LUXOR

BRAVO contract C-LUXOR
  customer.kind                 legal
  customer.name                 Garage Luxor SRL
  customer.address.house_number 8
  customer.address.postcode     1080
  product Voice Pro Multi
  network fixed
  end_users 2
  numbers +3225504100..+3225504103

tell Garage Luxor orders the port of two of its four numbers for 2 April, and thinks better of it the next day.
ALFA orders lux-1
  like luxor
  numbers +3225504100..+3225504101
  related +3225504102..+3225504103 keep
  wish.mode date
  wish.at 2026-04-02T09:00+02:00
clock 2026-03-24T14:00+01:00
BRAVO answers lux-1
  accept +3225504100..+3225504101 at 2026-04-02T09:00+02:00
expect ALFA port lux-1 scheduled
  +3225504100..+3225504101 scheduled agreed_at 2026-04-02T09:00+02:00 timer activation_time due 2026-04-02T09:00+02:00
expect BRAVO number +3225504100 porting_out
clock 2026-03-25T09:30+01:00
ALFA cancels lux-1
  because the customer withdrew by telephone
expect ALFA port lux-1 cancelled
  settled true
expect ALFA claim lux-1 not_due
# The numbers are back to what they were, and the contract never noticed.
expect BRAVO port lux-1 cancelled
expect BRAVO number +3225504100 in_service
  contract_id C-LUXOR
expect BRAVO contract C-LUXOR active
  numbers +3225504100..+3225504103
expect ALFA timers
expect BRAVO timers
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
  ALFA cancel

clock 2026-03-25T10:00+01:00
tell A day later it is sure at last, for the 26th. On the morning of the 26th it calls again, five minutes too late.
ALFA orders lux-2
  like luxor
  numbers +3225504100..+3225504101
  related +3225504102..+3225504103 keep
  wish.mode date
  wish.at 2026-03-26T09:00+01:00
clock 2026-03-25T15:00+01:00
BRAVO answers lux-2
  accept +3225504100..+3225504101 at 2026-03-26T09:00+01:00
clock 2026-03-26T09:05+01:00
ALFA cancels lux-2
  because the customer called again
  refused 409
  problem illegal_now
  says 2026-03-26T09:00:00+01:00
# Nothing was withdrawn; the port goes on.
expect ALFA port lux-2 activating
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
clock 2026-03-26T09:30+01:00
ALFA network lux-2 done
  because both numbers ring
expect ALFA port lux-2 completed
expect BRAVO port lux-2 executed
  +3225504100..+3225504101 executed effective_at 2026-03-26T09:30+01:00
expect BRAVO contract C-LUXOR partly_ended
  numbers +3225504102..+3225504103
expect ALFA moves lux-2
  1 submitted draft requested
  1 request_taken requested awaiting_answer
  1 acceptance_received awaiting_answer scheduled
  1 activation_time_reached scheduled activating
  1 activation_done activating completed
expect wire
  ALFA portingperformed
