# The whole story on one market, in order of time: from March 2026 to August 2027.

include partial.story
include cancel.story
include refused.story
include late.story
include terminated.story
include open.story
