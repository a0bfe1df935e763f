/// Whole daemons in processes of their own: how they start, answer, refuse and end.

#include "daemon/exit_code.hpp"
#include "daemon/program.hpp"
#include "daemon/version.hpp"
#include "http/http.hpp"
#include "storage/ledger.hpp"
#include "support/waiting.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

/// `npod ARGUMENTS` in a process of its own; what it says goes to a file. Ended hard with the object if it still runs.
class Process {
public:
    /// `before` runs in the new process, before npod.
    Process(std::vector<std::string> const& arguments, std::string said, void (*before)() = nullptr)
        : said_(std::move(said)) {
        id_ = ::fork();
        if (id_ != 0) return;
        if (before != nullptr) before();
        int const out = ::open(said_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        int const code = run(arguments);
        std::fflush(nullptr);
        ::_exit(code);
    }
    ~Process() {
        if (id_ <= 0 || ended_) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    Process(Process const&) = delete;
    Process& operator=(Process const&) = delete;

    void signal(int number) const { ::kill(id_, number); }
    /// From now on no file of the process may become longer; RLIM_INFINITY lifts it.
    void bound_files(rlim_t bytes) const {
        rlimit const bound{bytes, RLIM_INFINITY};
        REQUIRE(::prlimit(id_, RLIMIT_FSIZE, &bound, nullptr) == 0);
    }
    /// The exit code; -1 when a signal ended it, -2 when it did not end within the patience of a test.
    int wait() {
        for (int tries = 0; tries < 1'500; ++tries) {
            int status = 0;
            if (::waitpid(id_, &status, WNOHANG) == id_) {
                ended_ = true;
                return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            }
            test::let_pass(std::chrono::milliseconds{10});
        }
        return -2;
    }
    bool runs() {
        int status = 0;
        if (!ended_ && ::waitpid(id_, &status, WNOHANG) == id_) ended_ = true;
        return !ended_;
    }
    std::string said() const {
        std::ifstream file(said_);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

private:
    pid_t id_ = -1;
    bool ended_ = false;
    std::string said_;
};

/// `npod serve` for ALFA on a free port, with everything in a folder of its own.
struct Served {
    explicit Served(Folder const& folder, std::vector<std::string> more = {}, void (*before)() = nullptr)
        : port_file(folder.path("port")), process(arguments(folder, std::move(more)), folder.path("log"), before) {}

    std::vector<std::string> arguments(Folder const& folder, std::vector<std::string> more) const {
        std::filesystem::remove(port_file);
        std::vector<std::string> all{"serve",    "--operator",  "ALFA",        "--db",   folder.path("alfa.db"),
                                     "--listen", "127.0.0.1:0", "--port-file", port_file};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    /// The URL, once the daemon says that it is ready.
    std::string url() {
        CHECK(test::eventually([&] { return !process.runs() || std::filesystem::exists(port_file); }));
        int port = 0;
        std::ifstream(port_file) >> port;
        INFO(process.said());
        REQUIRE(port > 0);
        return fmt::format("http://127.0.0.1:{}", port);
    }
    http::Response get(std::string const& target) { return http::Client({url(), {}}).send("GET", target, {}, {}); }

    std::string port_file;
    Process process;
};

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

int exit_of(std::vector<std::string> const& arguments, Folder const& folder, std::string& said) {
    Process process(arguments, folder.path("said"));
    int const code = process.wait();
    said = process.said();
    return code;
}

} // namespace

TEST_CASE("npod serve answers, says where, and ends with 0 on SIGTERM") {
    Folder const folder;
    Served served(folder);
    CHECK(served.get("/healthz").status == 200);
    CHECK(served.get("/readyz").status == 200);
    CHECK(has(served.process.said(), "msg=NP_LISTENING"));
    CHECK(has(served.process.said(), "msg=NP_DEVELOPMENT_MODE")); // no tokens: open to this machine, and it says so
    CHECK_FALSE(has(served.process.said(), "msg=NP_OPEN_INTERCHANGE")); // it serves none
    served.process.signal(SIGHUP);                                // changes nothing
    served.process.signal(SIGTERM);
    CHECK(served.process.wait() == exit_code::ok);
    CHECK(has(served.process.said(), "msg=NP_STOPPED"));
}

TEST_CASE("a daemon whose quota is used up answers 503 and says why, serves reads, and goes on by itself when there is room") {
    Folder const folder;
    Served served(folder);
    http::Client client({served.url(), {}});
    auto put_contract = [&, no = 0]() mutable {
        auto const body = fmt::format(
            R"({{"customer":{{"kind":"natural","name":"A. Peeters"}},"product":"Mobile","network":"mobile","numbers":["+3247000{:04}"]}})", ++no);
        return client.send("PUT", fmt::format("/v1/contracts/C-{}", no), {{"Content-Type", "application/json"}}, body);
    };
    CHECK(put_contract().status < 300);
    // The next commits make the WAL longer; some may still find room.
    served.process.bound_files(std::filesystem::file_size(folder.path("alfa.db-wal")) + 16 * 1024);
    auto answer = put_contract();
    for (int asked = 0; asked < 100 && answer.status < 300; ++asked) answer = put_contract();
    CHECK(answer.status == 503);
    CHECK(http::header(answer.headers, "Retry-After") != "");
    auto const ready = served.get("/readyz");
    CHECK(ready.status == 503);
    CHECK(has(ready.body, "Nothing can be written"));
    CHECK(has(served.get("/metrics").body, "npod_accepting 0"));
    CHECK(served.get("/v1/contracts/C-1").status == 200);

    served.process.bound_files(RLIM_INFINITY);
    CHECK(test::eventually([&] { return served.get("/readyz").status == 200; })); // it looks once a second
    CHECK(put_contract().status < 300);
    CHECK(has(served.process.said(), "msg=NP_DISK_FULL"));
    CHECK(has(served.process.said(), "msg=NP_ROOM_AGAIN"));
    served.process.signal(SIGTERM);
    CHECK(served.process.wait() == exit_code::ok);
}

TEST_CASE("a Unix socket is served besides") {
    Folder const folder;
    Served served(folder, {"--socket", folder.path("api.sock")});
    served.url();
    CHECK(http::Client({"unix:" + folder.path("api.sock"), {}}).send("GET", "/healthz", {}, {}).status == 200);
    served.process.signal(SIGINT);
    CHECK(served.process.wait() == exit_code::ok);
}

TEST_CASE("one database has one daemon") {
    Folder const folder;
    Served first(folder);
    first.url();
    std::string said;
    int const code = exit_of({"serve", "--operator", "ALFA", "--db", folder.path("alfa.db"), "--listen", "127.0.0.1:0"},
                             folder, said);
    CHECK(code == exit_code::storage);
    CHECK(has(said, "alfa.db")); // says which file, for somebody who started it twice
    CHECK(first.get("/healthz").status == 200);
}

TEST_CASE("a database of another operator is refused") {
    Folder const folder;
    {
        Served served(folder);
        served.url();
        served.process.signal(SIGTERM);
        CHECK(served.process.wait() == exit_code::ok);
    }
    std::string said;
    CHECK(exit_of({"serve", "--operator", "BRAVO", "--db", folder.path("alfa.db"), "--listen", "127.0.0.1:0"}, folder,
                  said) == exit_code::configuration);
    CHECK(has(said, "ALFA"));
}

TEST_CASE("a manual clock stands still, says so, and stays where it was over a restart") {
    Folder const folder;
    auto const now_of = [](Served& served) {
        auto const body = served.get("/v1/status").body;
        auto const start = body.find("\"now\":\"");
        return start == std::string::npos ? body : body.substr(start + 7, 20);
    };
    {
        Served served(folder, {"--clock", "manual@2026-03-02T09:00:00+01:00"});
        CHECK(now_of(served) == "2026-03-02T08:00:00Z");
        CHECK(http::header(served.get("/healthz").headers, "X-Npod-Clock") == "manual");
        auto const moved =
            http::Client({served.url(), {}})
                .send("POST", "/v1/clock/advance", {{"Idempotency-Key", "k1"}, {"Content-Type", "application/json"}},
                      R"({"by":"PT3H"})");
        INFO(moved.body);
        CHECK(moved.status == 200);
        served.process.signal(SIGTERM);
        CHECK(served.process.wait() == exit_code::ok);
    }
    Served served(folder, {"--clock", "manual@2026-03-02T09:00:00+01:00"});
    CHECK(now_of(served) == "2026-03-02T11:00:00Z"); // 08:00Z and three hours
}

TEST_CASE("what cannot be used is refused with 78 and a sentence") {
    Folder const folder;
    std::string said;
    CHECK(exit_of({"serve"}, folder, said) == exit_code::configuration);
    CHECK(has(said, "our own code is not set"));
    CHECK(exit_of({"serve", "--config", folder.path("none.toml")}, folder, said) == exit_code::configuration);
    CHECK(has(said, "none.toml"));
    CHECK(exit_of({"serve", "--config", folder.path(".")}, folder, said) == exit_code::configuration);
    CHECK(has(said, "is a folder"));
    folder.write("no.db", "this is a letter and no database, however long it may be made to look like one");
    CHECK(exit_of({"serve", "--operator", "ALFA", "--db", folder.path("no.db"), "--listen", "127.0.0.1:0"}, folder,
                  said) == exit_code::configuration);
    CHECK(has(said, "no.db"));
    auto const file = folder.write("npod.toml", "operator = \"ALFA\"\n[rulebook]\nname = \"xx\"\n");
    CHECK(exit_of({"serve", "--config", file, "--db", folder.path("a.db"), "--listen", "127.0.0.1:0"}, folder, said) ==
          exit_code::configuration);
}

TEST_CASE("a database of a newer npod is refused by an older one, with 78 and what to do, and is left alone") {
    Folder const folder;
    auto const path = folder.path("newer.db");
    {
        storage::Ledger ledger({path, OperatorCode{"ALFA"}, true});
        ledger.checkpoint(true); // all of it into the file, whose header says the schema
    }
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60).write("\0\0\0\x63", 4); // schema 99
    file.close();
    auto const size = std::filesystem::file_size(path);
    std::string said;
    CHECK(exit_of({"serve", "--operator", "ALFA", "--db", path, "--listen", "127.0.0.1:0"}, folder, said) == exit_code::configuration);
    CHECK(has(said, "schema 99"));
    CHECK(has(said, "newer"));
    CHECK(std::filesystem::file_size(path) == size);
    CHECK_FALSE(std::filesystem::exists(path + ".before-v99"));
}

namespace {

/// A contract of about a kilobyte; the status of the answer.
unsigned put_contract(http::Client& client, int i) {
    auto const body = fmt::format(R"({{"customer":{{"kind":"legal","name":"{}"}},)"
                                  R"("network":"fixed","numbers":["+322550{:04}"]}})",
                                  std::string(900, 'x'), i);
    return client.send("PUT", fmt::format("/v1/contracts/K-{}", i), {{"Content-Type", "application/json"}}, body).status;
}

} // namespace

TEST_CASE("a daemon that waits for room can be stopped, and serves again when there is room") {
    Folder const folder;
    {
        Served served(folder, {}, [] {
            rlimit const limit{.rlim_cur = 1'000'000,
                               .rlim_max = 1'000'000}; // no file of this process grows beyond a megabyte
            ::setrlimit(RLIMIT_FSIZE, &limit);
            std::signal(SIGXFSZ, SIG_IGN); // writing more is an error then, as on a full disk
        });
        http::Client client({served.url(), {}});
        unsigned status = 200;
        for (int i = 0; i < 3'000 && status < 300; ++i) // three megabytes in all
            status = put_contract(client, i);
        CHECK(status == 503);
        served.process.signal(SIGTERM);
        CHECK(served.process.wait() == exit_code::ok);
        CHECK(has(served.process.said(), "msg=NP_DISK_FULL"));
    }
    Served again(folder);
    CHECK(again.get("/v1/contracts/K-0").status == 200);
}

TEST_CASE("a start without any room on the disk says that room is what it lacks, and leaves the file as it is") {
    Folder const folder;
    {
        Served served(folder);
        http::Client client({served.url(), {}});
        CHECK(put_contract(client, 1) == 201);
        served.process.signal(SIGTERM);
        REQUIRE(served.process.wait() == exit_code::ok);
    }
    {
        Served full(folder, {}, [] {
            rlimit const limit{.rlim_cur = 4'096, .rlim_max = 4'096}; // enough to say why, too little for anything else
            ::setrlimit(RLIMIT_FSIZE, &limit);
            std::signal(SIGXFSZ, SIG_IGN);
        });
        CHECK(full.process.wait() == exit_code::storage);
        CHECK_MESSAGE(has(full.process.said(), "Make room on the disk"), full.process.said());
    }
    Served again(folder);
    CHECK(again.get("/v1/contracts/K-1").status == 200);
}

TEST_CASE("an address that is taken is no reason to mend the configuration") {
    Folder const folder;
    // a bare socket and no server of ours: a process with threads must not fork a daemon (ThreadSanitizer says so)
    int const taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(taken, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(taken, 1) == 0);
    REQUIRE(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    auto const port = fmt::format("{}", ntohs(address.sin_port));
    std::string said;
    CHECK(exit_of({"serve", "--operator", "ALFA", "--db", folder.path("a.db"), "--listen", "127.0.0.1:" + port}, folder,
                  said) == exit_code::unavailable);
    CHECK(has(said, port));
    ::close(taken);
}

TEST_CASE("usage, version and help") {
    Folder const folder;
    std::string said;
    CHECK(exit_of({}, folder, said) == exit_code::usage);
    CHECK(exit_of({"serve", "--frobnicate"}, folder, said) == exit_code::usage);
    CHECK(exit_of({"--version"}, folder, said) == exit_code::ok);
    CHECK(has(said, "npod 0."));
    std::ostringstream build;
    build << std::ifstream(NPOD_SOURCE_DIR "/CMakeLists.txt").rdbuf();
    CHECK(has(build.str(), fmt::format("project(npod VERSION {} ", version)));
    CHECK(exit_of({"serve", "--help"}, folder, said) == exit_code::ok);
    CHECK(has(said, "--clock"));
}

TEST_CASE("npod check is content with a fresh installation and names what it finds in a bad one") {
    Folder const folder;
    std::string said;
    auto const arguments = [&](std::string const& db) {
        return std::vector<std::string>{"check", "--operator", "ALFA", "--db", folder.path(db)};
    };
    int const code = exit_of(arguments("new.db"), folder, said);
    INFO(said);
    CHECK(code == exit_code::ok);
    CHECK(has(said, "--operator"));                              // where the value came from
    CHECK_FALSE(std::filesystem::exists(folder.path("new.db"))); // a check makes nothing
    folder.write("no.db", "this is a letter and no database, however long it may be made to look like one");
    CHECK(exit_of(arguments("no.db"), folder, said) == exit_code::findings);
    CHECK(has(said, "FINDING"));
    CHECK(exit_of({"check"}, folder, said) == exit_code::findings);
}
