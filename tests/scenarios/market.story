# The market of all stories: who holds which block of numbers. Every operator's routing rests on this.
# ALFA wins numbers, BRAVO loses them, the hub carries their messages. BRAVO answers simple ports (one number) by machine and
# leaves complex ones (several numbers, a range, a PBX) to a person, who can be silent.

everybody block +3225501000..+3225509999 holder BRAVO   # Brussels, zone 02
everybody block +3226601000..+3226609999 holder ALFA    # Brussels, zone 02
