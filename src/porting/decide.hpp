#pragma once
/// The domain's one entrance: an input, the stored world and the time give everything that changes. Pure: no clock, no I/O beyond
/// reading the book; the same arguments give the same effects, which is what replay and what-if stand on.

#include "porting/book.hpp"
#include "porting/input.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"

namespace npod::porting {

/// Ports go by the law that they are pinned to, everything else by the law in force.
/// A refusal is in effects.answer.refusals; then nothing but moves (refused), notes and about is filled.
Effects decide(input::Any const& input, Book const& book, rules::Laws const& laws, Settings const& settings, Moment now);

/// All problems of an order at once, before anything is stored or sent (POST /v1/port-ins/check). Empty: it may leave.
std::vector<Refusal> problems_of(input::OrderPortIn const& order, Book const& book, rules::Rulebook const& rulebook,
                                 Settings const& settings, Moment now);

} // namespace npod::porting
