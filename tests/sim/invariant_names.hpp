#pragma once
/// What the invariants are called, wherever they are thrown.

namespace npod::sim::invariant {

inline constexpr char const* gap = "I11 no gap in the log";
inline constexpr char const* timer = "I6 a deadline fires once, never early";
inline constexpr char const* working = "a legal deadline ends on a working day";
inline constexpr char const* both = "both sides agree on a dossier";
inline constexpr char const* way = "I3 nothing leaves a settled state";
inline constexpr char const* parties = "I13 nobody moves the ports of others";
inline constexpr char const* activation = "I7 activation follows acceptance and its moment";
inline constexpr char const* sum = "I10 lines add up to their port";
inline constexpr char const* release = "I8 a donor lets go only what was taken";
inline constexpr char const* window = "number waits its window";
inline constexpr char const* home = "I1 every number has one home";
inline constexpr char const* agree = "I1 routing tables agree";
inline constexpr char const* stored = "I4 acknowledged is stored once";
inline constexpr char const* heard = "I5 delivered is heard once";
inline constexpr char const* waits = "L1 every wait has its deadline";
inline constexpr char const* given_up = "L2 what is given up has a person";
inline constexpr char const* delays = "I9 delays add up";
inline constexpr char const* contracts = "a contract ends with its last number";
inline constexpr char const* replayed = "I9 I11 replay tells the same";
inline constexpr char const* same_answer = "I12 the same question gets the same answer";
inline constexpr char const* one_word = "I3 a number is accepted or refused, not both";
inline constexpr char const* settles = "L1 every line settles or lies on a desk";
inline constexpr char const* drains = "L3 the backlog drains";
inline constexpr char const* one_id = "an id means one message";
inline constexpr char const* sound = "a start finds its database sound";
inline constexpr char const* restored = "a backup that is put back is what was copied";
inline constexpr char const* stops = "P8 nothing stops it but its disk";

} // namespace npod::sim::invariant
