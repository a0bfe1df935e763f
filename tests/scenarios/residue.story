# Eight of a range of ten are asked for. The donor may not say yes before the other two have a fate: one stays, one is cancelled, and ends
# in the moment in which the transfer is effective, not before.

part 7. What a port leaves behind
clock 2026-09-01T10:00+02:00            # a Tuesday
include market.story

define zinneke
  customer.kind                 legal
  customer.name                 Hotel Zinneke BV
  customer.address.house_number 3
  customer.address.postcode     1000
  location.zone                 2

BRAVO contract C-ZINNEKE
  like zinneke
  network fixed
  numbers +3225509100..+3225509109

tell A hotel takes eight of its ten numbers to ALFA. Nobody has said what becomes of the two others.
ALFA orders zinneke-1
  like zinneke
  donor BRAVO
  network fixed
  numbers +3225509100..+3225509107
  contract_id A-ZINNEKE
  mandate.id        M-2026-0900
  mandate.titular   Hotel Zinneke BV
  mandate.signer    Jef Zinneke
  mandate.channel   online
  mandate.signed_at 2026-08-31T19:00+02:00
expect BRAVO residue zinneke-1
  complete false
expect BRAVO port zinneke-1 validating

BRAVO answers zinneke-1
  accept  +3225509100..+3225509107 at 2026-09-03T09:00+02:00
  refused 422
  problem INCOMPLETE_RANGE /fates
  says    +3225509108..+3225509109
BRAVO answers zinneke-1
  accept  +3225509100..+3225509107 at 2026-09-03T09:00+02:00
  keep    +3225509108
  cancel  +3225509109
  because the night porter keeps his line, the fax is gone for good
expect BRAVO residue zinneke-1
  complete    true
  ends_wholly false
expect BRAVO number +3225509109 in_service
show BRAVO residue zinneke-1

clock 2026-09-03T09:10+02:00
expect BRAVO number +3225509109 in_service
ALFA network zinneke-1 done numbers +3225509100..+3225509107
  because test calls worked
# The month after Thursday 3 September ends on 3 October, until 24:00.
expect BRAVO contract C-ZINNEKE partly_ended
  numbers +3225509108
expect BRAVO number +3225509109 portable
  portable_until 2026-10-04T00:00+02:00
expect BRAVO number +3225509108 in_service
expect BRAVO residue zinneke-1
  sentence Contract C-ZINNEKE ended in part: 8 left and 1 ended, 1 stayed in force (be.end.partial).
show BRAVO residue zinneke-1
