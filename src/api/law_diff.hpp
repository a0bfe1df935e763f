#pragma once
/// POST /v1/rules/diff: what another law would do to what runs, before anybody puts it in force. Nothing is stored.

#include "api/reads.hpp"

namespace npod::api {

/// The body names the other law: {"rulebook":"nl"} or {"rules":[…]} as GET /v1/rules lists them, and {"set":{"ID":"VALUE"}} on top;
/// what is not named is as in force. Answered: both laws, deadlines that would move, amounts that would change. It looks at every
/// running port: for the back room.
http::Response what_would_change(Reading const& reading);

} // namespace npod::api
