# Must fail: an armed timer is not named.
clock 2026-03-02T09:00+01:00
BRAVO contract C-1
  customer.kind natural
  customer.name Luc Dubois
  network fixed
  numbers +3225501100
BRAVO terminates C-1 at 2026-03-05T12:00+01:00
  because he moves
expect BRAVO timers
