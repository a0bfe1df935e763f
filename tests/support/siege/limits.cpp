/// What the system may take from a running daemon: open files, memory, the right to write its file. It refuses with a
/// sentence, keeps what it acknowledged, and goes on by itself when it gets back what it needs. And a file that a newer
/// program wrote is not touched.

#include "storage/ledger.hpp"
#include "storage/sqlite/database.hpp"
#include "support/siege/market.hpp"
#include "support/siege/sieges.hpp"
#include "unit/http/raw_socket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// Sets what the running daemon may have; returns what it could have before.
rlim_t bound(House const& house, __rlimit_resource resource, rlim_t most) {
    rlimit limit{}, before{};
    if (::prlimit(house.id(), resource, nullptr, &limit) == 0) {
        limit.rlim_cur = std::min(most, limit.rlim_max);
        if (::prlimit(house.id(), resource, &limit, &before) == 0) return before.rlim_cur;
    }
    throw SiegeError(fmt::format("prlimit: {}", std::strerror(errno)));
}

std::size_t open_files(House const& house) {
    std::size_t count = 0;
    for ([[maybe_unused]] auto const& one : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", house.id()))) ++count;
    return count;
}

/// What the process may write to: its heap, whose address space glibc takes in advance, is counted as it is used.
std::size_t data_bytes(House const& house) {
    std::ifstream status(fmt::format("/proc/{}/status", house.id()));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmData:")) return std::stoul(line.substr(7)) * 1024;
    throw SiegeError("the system does not tell how much memory the daemon has");
}

/// Contracts put until told yes or no, each once; which were acknowledged.
class Contracts {
public:
    explicit Contracts(House const& house) : house_(house) {}

    /// The status, 0 when there was no answer.
    unsigned put(std::size_t name_bytes = 10) {
        auto const id = fmt::format("C-{}", ++count_);
        auto const body = fmt::format(R"({{"customer":{{"kind":"legal","name":"{}"}},"network":"fixed","numbers":["+322551{:04}"]}})",
                                      std::string(name_bytes, 'Z'), count_.load());
        try {
            auto const response = house_.ask("PUT", "/v1/contracts/" + id, body);
            if (response.status / 100 == 2) {
                std::scoped_lock const lock(mutex_);
                acknowledged_.push_back(id);
            }
            last_said_ = response.body;
            return response.status;
        } catch (NetworkFault const&) {
            return 0;
        }
    }
    std::string last_said() const { return last_said_; }
    /// Every contract that was acknowledged is there.
    std::size_t must_all_be_there() const {
        storage::Reader const reader(house_.db());
        for (auto const& id : acknowledged_)
            if (!reader.book().contract(ContractId{id})) throw SiegeError(id + " was acknowledged and is not there");
        return acknowledged_.size();
    }

private:
    House const& house_;
    std::atomic<int> count_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> acknowledged_;
    std::string last_said_;
};

void must_serve(House& house, Contracts& contracts, std::string_view after) {
    for (auto const end = SteadyClock::now() + 20s; SteadyClock::now() < end; std::this_thread::sleep_for(50ms)) {
        if (!house.alive()) throw SiegeError(fmt::format("{}: the daemon has ended\n{}", after, house.said()));
        if (contracts.put() / 100 == 2) return;
    }
    throw SiegeError(fmt::format("{}: the daemon does not serve again: {}", after, contracts.last_said()));
}

/// No file descriptor is left: whoever is connected is served, whoever comes waits.
void no_more_files(House& house, Contracts& contracts) {
    http::Client known({house.url(), {}});
    http::Headers const headers{{"Authorization", std::string("Bearer ") + token}};
    if (known.send("GET", "/healthz", headers, {}).status != 200) throw SiegeError("it is not healthy to begin with");
    auto const usual = bound(house, RLIMIT_NOFILE, open_files(house) + 2);
    {
        std::vector<std::unique_ptr<http::RawSocket>> crowd;
        for (int i = 0; i < 40; ++i) crowd.push_back(std::make_unique<http::RawSocket>(house.port()));
        for (auto const& one : crowd) one->say("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
        for (auto const end = SteadyClock::now() + 10s; house.said().find("accepting pauses") == std::string::npos;
             std::this_thread::sleep_for(20ms))
            if (SteadyClock::now() > end) throw SiegeError("without descriptors the daemon does not say that accepting pauses");
        for (auto const* target : {"/healthz", "/v1/ports", "/v1/timers"}) {
            auto const status = known.send("GET", target, headers, {}).status;
            if (status != 200 && status != 503) throw SiegeError(fmt::format("without descriptors {} is answered {}", target, status));
        }
    }
    bound(house, RLIMIT_NOFILE, usual);
    must_serve(house, contracts, "after the descriptors were back");
}

/// Hardly any memory is left, and many come with much. What a call cannot have it is refused; a daemon that cannot go on
/// says so and ends, and nothing acknowledged is lost.
int no_more_memory(House& house, Contracts& contracts, std::map<unsigned, int>& answers) {
    int ends = 0;
    std::mutex mutex;
    for (std::size_t const spare : {4, 1, 0}) {
        auto const usual = bound(house, RLIMIT_DATA, data_bytes(house) + spare * 1024 * 1024);
        {
            std::vector<std::unique_ptr<Worker>> crowd;
            auto const end = SteadyClock::now() + 1s;
            for (int i = 0; i < 16; ++i)
                crowd.push_back(std::make_unique<Worker>([&] {
                    auto const status = contracts.put(700'000);
                    std::scoped_lock const lock(mutex);
                    ++answers[status];
                }, 5ms));
            while (SteadyClock::now() < end) std::this_thread::sleep_for(10ms);
        }
        if (house.alive()) {
            bound(house, RLIMIT_DATA, usual);
        } else {
            house.must_have_ended("exit status 74"); // the supervisor starts it again
            ++ends;
            house.open();
        }
        must_serve(house, contracts, "after the memory was back");
    }
    for (auto const& [status, times] : answers)
        if (status != 0 && status / 100 != 2 && status != 400 && status != 413 && status != 500 && status != 503)
            throw SiegeError(fmt::format("without memory {} calls were answered {}", times, status));
    return ends;
}

/// Makes a file immutable, which binds root as well; false where the file system or the user cannot.
bool set_immutable(std::string const& path, bool wanted) {
    int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    int flags = 0;
    bool done = file >= 0 && ::ioctl(file, FS_IOC_GETFLAGS, &flags) == 0;
    if (done) {
        flags = wanted ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
        done = ::ioctl(file, FS_IOC_SETFLAGS, &flags) == 0;
    }
    if (file >= 0) ::close(file);
    return done;
}

class Immutable {
public:
    explicit Immutable(std::string const& database) : files_{database, database + "-wal"} {
        for (auto const& file : files_) held_ = set_immutable(file, true) && held_;
    }
    ~Immutable() { release(); }
    bool held() const { return held_; }
    void release() const {
        for (auto const& file : files_) set_immutable(file, false);
    }

private:
    std::vector<std::string> files_;
    bool held_ = true;
};

std::string read_only(House& house, Contracts& contracts) {
    Immutable const lock(house.db());
    if (!lock.held()) return "not tried here: this user or file system cannot make a file immutable";
    auto const status = contracts.put();
    if (status != 503) throw SiegeError(fmt::format("read-only, a change is answered {}: {}", status, contracts.last_said()));
    for (auto const* target : {"/v1/ports", "/healthz", "/v1/contracts/C-1"})
        if (auto const read = house.ask("GET", target); read.status != 200)
            throw SiegeError(fmt::format("read-only, GET {} is answered {}", target, read.status));
    if (house.ask("GET", "/readyz").status != 503) throw SiegeError("read-only, it says that it is ready");
    lock.release();
    must_serve(house, contracts, "when the file could be written again");
    return "503 with a sentence, reads as ever, on again by itself";
}

/// Starts that must not succeed: the words and the status.
void must_refuse_to_start(House& house, std::string const& status, std::string_view words) {
    auto const before = house.said().size();
    house.begin();
    house.must_have_ended(status);
    auto const said = house.said().substr(before);
    if (said.find(words) == std::string::npos) throw SiegeError(fmt::format("no word of \"{}\":\n{}", words, said));
}

void of_another_time(House& house, Contracts& contracts) {
    house.close();
    std::string version;
    {
        storage::sqlite::Database file(house.db(), storage::sqlite::Database::Access::read_write);
        version = file.answer("PRAGMA user_version");
        file.script("PRAGMA user_version = 4711");
    }
    must_refuse_to_start(house, "exit status 78", "4711");
    {
        storage::sqlite::Database file(house.db(), storage::sqlite::Database::Access::read_write);
        if (file.answer("PRAGMA user_version") != "4711") throw SiegeError("the refused start changed the file");
        file.script("PRAGMA user_version = " + version);
    }
    {
        Immutable const lock(house.db());
        if (lock.held()) must_refuse_to_start(house, "exit status 74", "ALFA.db");
    }
    house.open();
    must_serve(house, contracts, "after the file was put right");
}

} // namespace

void limits(Choices const& choices) {
    Folder const folder;
    House house(choices.npod, folder, "ALFA", "");
    house.open();
    Contracts contracts(house);
    contracts.put();
    no_more_files(house, contracts);
    fmt::print("no descriptors: the known are served, the new wait, all goes on afterwards\n");
    std::map<unsigned, int> answers;
    int const ends = no_more_memory(house, contracts, answers);
    fmt::print("no memory:");
    for (auto const& [status, times] : answers) fmt::print(" {} x {}", times, status == 0 ? "no answer" : std::to_string(status));
    fmt::print("; the daemon ended {} times, saying why\n", ends);
    fmt::print("read-only file: {}\n", read_only(house, contracts));
    of_another_time(house, contracts);
    fmt::print("a newer file: refused with 78, untouched\n");
    house.close();
    auto const kept = contracts.must_all_be_there();
    must_be_sound(folder, house);
    fmt::print("{} changes acknowledged meanwhile, all there.\n", kept);
}

} // namespace npod::siege
