#include "api/case_export.hpp"

#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "casefile/export.hpp"

#include <fmt/format.h>

namespace npod::api {

http::Response export_case(Context const& context, storage::Reader const& reader, PortId const& port, Moment now,
                           http::Request const& request) {
    auto const as_of = moment_of(request, "as_of", now);
    if (!as_of) return problem(as_of.refusals());
    if (*as_of > now)
        return problem(Refusal{RefusalCode::malformed, fmt::format("as_of is {}, which is in the future.", to_rfc3339(*as_of)), "as_of",
                               fmt::format("Ask for {} or before.", to_rfc3339(now)), {}});
    auto const redact = flag_of(request, "redact");
    if (!redact) return problem(redact.refusals());
    if (!context.dialects)
        return problem(Refusal{RefusalCode::not_admissible, "This database does not tell how its messages were read: its daemon was older.", {},
                               "Start npod once on it, then export.", {}});
    auto const made = casefile::case_of({reader, context.rulebook, context.settings, *context.dialects, context.version}, port, *as_of, *redact);
    if (!made) return problem(made.refusals());
    return {200, {{"Content-Type", "application/jsonl"}, {"Content-Disposition", fmt::format("attachment; filename=\"{}.npcase\"", port.text)}},
            casefile::to_bytes(*made), {}};
}

} // namespace npod::api
