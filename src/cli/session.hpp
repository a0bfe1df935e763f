#pragma once
/// One run of npctl: whom it asks, where it writes, and how.

#include "cli/json_text.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "cli/times.hpp"
#include "cli/transport.hpp"

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace npod::cli {

/// The terminal, or what takes its place.
struct Terminal {
    std::istream* in = nullptr;
    std::ostream* out = nullptr; ///< data
    std::ostream* err = nullptr; ///< talk
    bool in_is_terminal = false, out_is_terminal = false;
    Screen screen;
};

/// Makes the transport when the first request is sent: commands that need no daemon never do.
using Connect = std::function<std::unique_ptr<Transport>(Options const&)>;

class Session {
public:
    Session(Options options, Terminal terminal, Connect connect);

    Options const& options() const { return options_; }
    /// Another run on the same terminal.
    Session beside(Options options) const { return {std::move(options), terminal_, connect_}; }
    Screen const& screen() const { return terminal_.screen; }
    /// Shows instants; asks the daemon for its clock first when times are relative.
    Times const& times();
    Times const& times_if_offline() const { return offline_times_; }
    /// The moment it is for whoever answers: the daemon's clock, which may be a manual one.
    Moment now();
    bool wants_table() const { return options_.output == Output::table || options_.output == Output::wide; }

    // --------------------------------------------------------------------------------------------- asking and telling
    /// GET. Throws Stop with the daemon's problems.
    json::value get(std::string const& target);
    /// GET of another form of the same thing, "text/plain" or "text/csv", as it came.
    std::string get_text(std::string const& target, std::string const& form);
    /// GET, or nothing when there is no such thing.
    std::optional<json::value> get_if_there(std::string const& target);
    /// A change. `subject` is the port that the next legal command is looked up for when it is refused; may be empty.
    json::value change(std::string const& method, std::string const& target, json::object const& body,
                       std::string const& subject = {});
    json::value change_bytes(std::string const& method, std::string const& target, std::string const& body,
                             std::string const& subject = {});
    /// A change under a key of its own, and whether it had been done under that key before.
    struct Changed {
        json::value reply;
        bool repeated = false;
    };
    Changed change_under(std::string const& key, std::string const& method, std::string const& target,
                         std::string const& body, std::string const& subject = {});
    /// A POST with a key and a version of its own, answered as it is: for one change of many. Obeys --dry-run.
    http::Response post(std::string const& target, json::object const& body, std::string const& key, std::int64_t version);
    /// Items of a list, page after page, up to the limit; `total` is what the daemon says.
    struct Items {
        json::array items;
        std::int64_t total = 0;
    };
    Items list(std::string const& target);
    Transport& transport();
    http::Headers headers() const; ///< token and language

    // ----------------------------------------------------------------------------------------------------- writing
    void print(std::string const& text); ///< to stdout, as it is
    void say(std::string const& text);   ///< a line to stderr
    void flush();
    /// "yes" typed by a person; true off a terminal and with --yes.
    bool confirmed(std::string const& question);
    /// What long work says of itself: over and over on one line of a terminal, else nothing. An empty text ends the line.
    void progress(std::string const& text);
    bool on_terminal() const { return terminal_.out_is_terminal; }
    bool may_ask() const { return terminal_.in_is_terminal; } ///< a person sits there
    std::string read_file(std::string const& path); ///< "-" is stdin; throws Stop

private:
    http::Response send(std::string const& method, std::string const& target, http::Headers extra,
                        std::string const& body);
    [[noreturn]] void fail(http::Response const& response, std::string const& doing, std::string const& subject);
    std::string legal_next(std::string const& port);
    std::string id_meant(std::string const& doing);
    std::string with_as_of(std::string target) const;

    Options options_;
    Terminal terminal_;
    Connect connect_;
    std::unique_ptr<Transport> transport_;
    std::optional<Times> times_;
    Times offline_times_;
    bool said_read_only_ = false;
};

/// A random key (128 bits, hexadecimal) under which a repeated change is known to be the same one.
std::string new_idempotency_key();

/// The text of a problem document for people: what was wrong, where, what to do next; `hint` comes last.
std::string problem_text(json::value const& problem, unsigned status, std::string const& hint);

} // namespace npod::cli
