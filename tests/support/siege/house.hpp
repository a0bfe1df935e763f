#pragma once
/// An npod serve as it stands on a network: a process with keys on all sides, tokens and real time; and the ways of its
/// counterparts to it. Nothing here but the keys is npod's own: callers are written against the description of the
/// wire.

#include "http/http.hpp"
#include "protocol/auth.hpp"
#include "support/story/process.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::siege {

/// The siege did not end as it must; the text says what is wrong.
class SiegeError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Files of one siege; kept when it fails.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    std::string file(std::string const& name) const { return path_ + "/" + name; }
    void write(std::string const& name, std::string const& text) const; ///< readable by its owner only
    std::string read(std::string const& name) const;

private:
    std::string path_;
};

/// The keys of operators, made once; files CODE.secret, CODE.key and CODE.pem in the folder.
class Keys {
public:
    Keys(Folder const& folder, std::vector<std::string> const& codes);
    /// Headers that prove the caller, for one call now.
    http::Headers signed_by(std::string const& code, std::string const& method, std::string const& path,
                            std::string const& body) const;

private:
    std::map<std::string, protocol::Signer> signers_;
};

constexpr auto token = "token-of-anna"; ///< of an admin, at every house

/// One daemon. The database and the port stay the same over any number of its lives.
class House {
public:
    /// `rest` of the configuration follows operator, database and token.
    House(std::string program, Folder const& folder, std::string code, std::string const& rest,
          story::Process::Environment environment = {});

    /// Writes its configuration anew; the next life is lived by it.
    void configure(std::string const& rest) const;
    void open();  ///< returns when it is ready
    void kill();  ///< SIGKILL
    void close(); ///< SIGTERM; throws unless it ends by itself with status 0
    void begin(); ///< as open(), but does not wait
    void must_have_ended(std::string const& how); ///< "exit status 74", within half a minute; throws
    void stumble(std::chrono::milliseconds after); ///< begins a life and ends it by SIGKILL, ready or not
    void freeze();                                 ///< SIGSTOP; returns when it stands still
    void thaw();                                   ///< SIGCONT

    std::string const& code() const { return code_; }
    std::uint16_t port() const { return port_; }
    std::string url() const;
    std::string db() const { return folder_.file(code_ + ".db"); }
    std::string config_file() const { return folder_.file(code_ + ".toml"); }
    int id() const { return process_->id(); }
    std::string said() const { return folder_.read(code_ + ".log"); }
    std::size_t resident_bytes() const;
    bool alive() { return process_->alive(); }
    /// A question of the admin; throws NetworkFault as http::Client does.
    http::Response ask(std::string const& method, std::string const& target, std::string const& body = {}) const;

private:
    std::string program_, code_;
    Folder const& folder_;
    story::Process::Environment environment_;
    std::uint16_t port_ = 0;
    std::unique_ptr<story::Process> process_;
};

/// Runs a program to its end (a minute at most); what it said on both channels.
std::string said_by(std::vector<std::string> const& command, story::Process::Environment const& environment,
                    Folder const& folder);

inline std::string const wire_path = "/number-portability/v3/dossiers/";

/// A porting request as bytes, for a number of the donor's.
std::string porting_request(std::string const& recipient, std::string const& donor, std::string const& dossier);

/// The dossier that a message of the wire is about; empty when it names none.
std::string dossier_of(std::string_view bytes);

/// How often each request of BRAVO's stands in the log of a house, by its dossier.
std::map<std::string, int> requests_in(House const& house);

/// A member in a hub's configuration, its keys in files of its name.
std::string member(std::string const& code);

/// Returns when it holds; throws SiegeError after a minute.
void wait_for(std::string_view what, std::function<bool()> const& holds);

inline bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

} // namespace npod::siege
