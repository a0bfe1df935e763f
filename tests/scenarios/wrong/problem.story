# Must fail: the order has one more problem than the story names: the number is of zone 03.
clock 2026-03-02T09:00+01:00
ALFA orders o-1
  customer.kind natural
  customer.name Luc Dubois
  donor BRAVO
  network fixed
  location.zone 2
  contract_id A-1
  numbers +3232345678
  refused 422
  problem MANDATE_MISSING /mandate
