# Must fail: nobody sent this message.
clock 2026-03-02T09:00+01:00
expect wire
  ALFA portingrequest
