#pragma once
/// A case: everything that one port's history stands on, in one file that another machine can judge without this one.
///
/// The file is JSON Lines, UTF-8, each record an object with one member that names it, in this order:
///
///     {"head":{…}}       form, program, operator, port, as of when, end of the log, machines, settings, dialects
///     {"law":{…}}        a rulebook with its calendar, whole; the first was in force at the first row; once or more
///     {"row":{…}}        a row of the log: what came in (raw bytes), what it brought, its hash and that of the row before it
///     {"outcome":{…}}    what became of the port: states, deadlines, money, messages sent
///     {"seal":{…}}       SHA-256 over every byte before this line; may carry the operator's signature (RS256) over the digest
///
/// What the seal proves: the bytes are those that were sealed, for whoever knows the digest from elsewhere or believes the
/// signature. It does not prove that the log was true, nor who made an unsigned file: anybody can seal. That the rows are
/// those of the operator's log is shown by their hashes, as far as the end of its chain was made known.

#include "base/hash.hpp"
#include "base/outcome.hpp"
#include "engine/dialects.hpp"
#include "porting/settings.hpp"
#include "storage/ledger.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace npod::casefile {

/// The form that this program writes and reads; a change that an older reader would misread takes the next number.
inline constexpr std::int64_t form = 1;
/// A port with ten thousand numbers and years of history is under 20 MB.
inline constexpr std::size_t file_bytes_max = 256 * 1024 * 1024;

struct Row {
    storage::LogRow row;
    Hash previous{}; ///< hash of the row before it in the log; zero at the first row of the log, and in a redacted case
    std::map<std::string, std::int64_t> counters; ///< of ids, as they stood before it: the same ids are given out again
};

struct Case {
    std::string program; ///< version that wrote it
    OperatorCode own;
    PortId port;
    Moment as_of{};
    std::int64_t head_seq = 0; ///< end of the log when it was written
    Hash head_hash{};          ///< of the log's row head_seq
    bool redacted = false;
    std::map<std::string, std::string> machines; ///< name → fingerprint
    porting::Settings settings;
    engine::Dialects dialects;
    std::vector<storage::KeptLaw> laws; ///< in the order in which they were learned
    std::vector<Row> rows;              ///< in order of seq; not all of the log
    std::string outcome;                ///< JSON, see outcome.hpp
};

/// Signs a digest for the operator; gives the signature's bytes.
using Sign = std::function<std::string(std::string_view digest)>;
/// The whole file, sealed. The same case gives the same bytes.
std::string to_bytes(Case const& content, Sign const& sign = {});

/// A file as it was read.
struct Opened {
    Case content;
    std::string seal;      ///< SHA-256 in hexadecimal, as the file says
    bool seal_holds = false;
    std::string digest;    ///< the raw bytes of what the seal should be
    std::string signature; ///< bytes; empty without one
};

/// Reads a case file: the only entrance of bytes from elsewhere. Pure, thread-safe, never throws for what the bytes hold.
/// Refused (malformed) with a sentence: no case file at all, a newer form, cut off (no seal), or a line that cannot be read;
/// too_large beyond file_bytes_max.
Outcome<Opened> parse(std::string_view bytes);

} // namespace npod::casefile
