# Must fail: the story expects a refusal, and it is done.
clock 2026-03-02T09:00+01:00
BRAVO contract C-1
  customer.kind natural
  customer.name Luc Dubois
  network fixed
  numbers +3225501100
  refused 409
