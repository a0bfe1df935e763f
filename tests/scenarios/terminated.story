# A second contract at BRAVO is terminated by its customer. One of its numbers is ported within the month although no contract exists;
# another is asked for one day too late and refused with AGEING. After ageing a number of BRAVO's own block may be given out again, and
# one of ALFA's block goes back to ALFA, with a deactivation on the wire.

part 5. A contract ends, and its numbers have a month and then a rest
clock 2027-01-04T10:00+01:00            # a Monday
include market.story

define weber
  customer.kind   natural
  customer.name   Marie Weber
  customer.address.house_number 12
  customer.address.postcode     1030
  location.zone   2
  network         fixed

define weber-mandate
  mandate.id        M-2027-0007
  mandate.titular   Marie Weber
  mandate.signer    Marie Weber
  mandate.channel   online
  mandate.signed_at 2027-01-03T20:00+01:00

ALFA contract A-WEBER-OLD
  like weber
  numbers +3226602000
BRAVO contract C-WEBER
  like weber
  numbers +3225506000 +3225506001

tell Marie Weber is a customer of BRAVO and brings a third number there, from ALFA. So BRAVO serves a number of ALFA's block.
BRAVO orders weber-0
  like weber
  like weber-mandate
  donor ALFA
  numbers +3226602000
  contract_id C-WEBER
clock 2027-01-04T10:30+01:00
BRAVO network weber-0 done
  because it rings
expect BRAVO contract C-WEBER active
  numbers +3225506000..+3225506001 +3226602000
expect ALFA contract A-WEBER-OLD ended
  ended_at 2027-01-04T10:30+01:00
expect ALFA number +3226602000 ported_out
  serving BRAVO
expect wire
  BRAVO portingrequest
  ALFA portingrequestanswer
  BRAVO portingperformed

clock 2027-01-29T16:00+01:00            # a Friday
tell She ends her contract for the last day of January.
BRAVO terminates C-WEBER at 2027-01-31T12:00+01:00
  because the customer moves abroad
expect BRAVO contract C-WEBER ending
expect BRAVO timers
  2027-01-31T12:00+01:00 termination_date C-WEBER agreed

clock 2027-01-31T12:00+01:00
# One month after 31 January is clamped to the end of February: until 28 February 24:00.
expect BRAVO contract C-WEBER ended
  ended_at 2027-01-31T12:00+01:00
  numbers none
expect BRAVO number +3225506000 portable
  contract_id none
  last_contract C-WEBER
  portable_until 2027-03-01T00:00+01:00
expect BRAVO timers
  2027-03-01T00:00+01:00 grace_end +3225506000 be.grace
  2027-03-01T00:00+01:00 grace_end +3225506001 be.grace
  2027-03-01T00:00+01:00 grace_end +3226602000 be.grace
show BRAVO number +3225506000

clock 2027-02-25T10:00+01:00            # a Thursday
tell She stays after all and goes to ALFA. Her contract at BRAVO has ended, yet within the month her number may leave.
ALFA orders weber-1
  like weber
  like weber-mandate
  donor BRAVO
  numbers +3225506000
  contract_id A-WEBER
expect BRAVO number +3225506000 porting_out
clock 2027-02-25T10:20+01:00
ALFA network weber-1 done
  because it rings
expect ALFA port weber-1 completed
expect BRAVO number +3225506000 ported_out
  serving ALFA
# There was no contract to end: it ended on 31 January and nothing changes that.
expect BRAVO contract C-WEBER ended
  ended_at 2027-01-31T12:00+01:00
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
  ALFA portingperformed

clock 2027-03-01T00:00+01:00
# The month is over. Ageing: six months from the end of the contract, 31 January: until 31 July 24:00.
expect BRAVO timers
  2027-08-01T00:00+02:00 ageing_end +3225506001 be.ageing.min
  2027-08-01T00:00+02:00 ageing_end +3226602000 be.ageing.min
clock 2027-03-01T09:00+01:00            # a Monday, one day too late
tell She asks for her second number on 1 March, one day too late.
ALFA orders weber-2
  like weber
  like weber-mandate
  donor BRAVO
  numbers +3225506001
  contract_id A-WEBER
expect ALFA port weber-2 refused
  +3225506001 refused grounds AGEING
expect BRAVO port weber-2 refused
  +3225506001 refused grounds AGEING
expect BRAVO number +3225506001 ageing
  ageing_until 2027-08-01T00:00+02:00
expect wire
  ALFA portingrequest
  BRAVO portingrequestanswer
show ALFA port weber-2

clock 2027-08-01T00:00+02:00
tell Half a year later the rest is over: BRAVO may give out its own number again, and gives the other back to ALFA.
expect BRAVO number +3225506001 free
expect BRAVO number +3226602000 returned
  serving ALFA
  block_holder ALFA
expect ALFA number +3226602000 free
  serving ALFA
expect wire
  BRAVO deactivation
expect ALFA timers
expect BRAVO timers
show BRAVO number +3226602000
