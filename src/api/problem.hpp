#pragma once
/// Refusals as answers of HTTP: problem details (RFC 9457).

#include "base/fault.hpp"
#include "base/outcome.hpp"
#include "http/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace npod::api {

/// "malformed", "not_found", …: in "code" and at the end of the problem's type.
std::string_view name_of(RefusalCode code);
/// The status of an answer that refuses for that reason.
unsigned status_of(RefusalCode code);

/// The pointer of a refusal that is about a request header, by which If-Match (412) is told from other conflicts (409).
inline constexpr std::string_view if_match_pointer = "If-Match";

/// Status and body of an answer that refuses. The first refusal gives status, type and detail; all are listed.
unsigned status_of(std::vector<Refusal> const& refusals);
std::string problem_body(std::vector<Refusal> const& refusals);

/// The whole answer, with Retry-After or WWW-Authenticate where it belongs.
http::Response problem(std::vector<Refusal> const& refusals);
http::Response problem(Refusal refusal);
/// The same for bytes that were made before (a remembered refusal).
http::Response problem(unsigned status, std::string body);

/// 405, with the methods that are allowed.
http::Response method_not_allowed(std::string_view method, std::string_view path, std::string const& allowed);
/// 500: the disk failed while reading. 503 when it was the process that lacked a descriptor or memory.
http::Response fault(Fault const& trouble);

} // namespace npod::api
