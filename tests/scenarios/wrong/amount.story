# Must fail: a fact is told wrongly.
clock 2026-03-02T09:00+01:00
BRAVO contract C-1
  customer.kind natural
  customer.name Luc Dubois
  network fixed
  numbers +3225501100
expect BRAVO contract C-1 active
  numbers +3225501101
