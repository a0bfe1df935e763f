#pragma once
/// How a log is told again where nobody has the daemon's configuration at hand.

#include "engine/interchange.hpp"

namespace npod::api {

/// COIN on Brussels time with the shipped tables of codes. Where a counterpart has tables of its own the log is told differently,
/// and whoever tells it notices.
engine::Interchange plain_interchange();

} // namespace npod::api
