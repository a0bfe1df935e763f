#pragma once
/// Three kinds of trouble, three words.
///
///   refusal  somebody asked for something we will not do: a value (outcome.hpp), told to whoever asked
///   fault    disk or peer failed us: an exception derived from Fault, caught only by the outermost loop
///   bug      we broke our own promise: NPOD_PROMISE aborts, in release builds too
///
/// What a peer or a user sent is never a reason for NPOD_PROMISE.

#include <stdexcept>
#include <string>

namespace npod {

/// Disk or peer failed us. The text says what failed, where, and what to do next.
class Fault : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The database could not do its work: full, read-only, damaged, or locked by a second writer.
class StorageFault : public Fault {
public:
    using Fault::Fault;
};

/// A peer could not be reached or broke off. Worth another attempt.
class NetworkFault : public Fault {
public:
    using Fault::Fault;
};

/// The configuration (file, flag or environment) cannot be used. The programs exit with 78.
class ConfigFault : public Fault {
public:
    using Fault::Fault;
};

/// Prints the broken promise and aborts; used by NPOD_PROMISE only.
[[noreturn]] void break_promise(char const* promise, char const* file, int line);

} // namespace npod

/// States something that only a bug of ours could make false. Stays on in release builds.
#define NPOD_PROMISE(condition)                                                                                        \
    (static_cast<bool>(condition) ? static_cast<void>(0) : ::npod::break_promise(#condition, __FILE__, __LINE__))
