#pragma once
/// Whom npctl talks to: a daemon, or a database file.

#include "base/moment.hpp"
#include "http/http.hpp"

#include <functional>
#include <memory>
#include <string>

namespace npod::storage {
class Reader;
}

namespace npod::cli {

/// Sends the requests of the Business API somewhere. One thread.
class Transport {
public:
    virtual ~Transport() = default;
    /// Sends and waits for the whole answer. Throws NetworkFault when nobody answers, ConfigFault for an unusable
    /// address or file, StorageFault when the file cannot be read.
    virtual http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                                std::string const& body) = 0;
    /// Reads an event stream until it breaks or `on_event` throws. Throws NetworkFault.
    virtual void follow(std::string const& target, http::Headers const& headers,
                        std::function<void(http::StreamEvent const&)> const& on_event) = 0;
};

/// A daemon at "http://…", "https://…" or "unix:/path". Does not connect yet; throws ConfigFault for a bad address.
std::unique_ptr<Transport> to_daemon(std::string const& url);

/// A database file, read in this process by the same code that answers in the daemon. Read-only: it cannot disturb a
/// daemon that has the file open. The present of a file is its last entry. Throws ConfigFault when it is not there or
/// not ours.
std::unique_ptr<Transport> to_file(std::string const& path);

/// The latest moment that a database file knows of: its last entry, or where its manual clock stood.
Moment present_of_file(storage::Reader const& reader);

} // namespace npod::cli
