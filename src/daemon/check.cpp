#include "daemon/check.hpp"

#include "daemon/carriers.hpp"
#include "daemon/config_keys.hpp"
#include "daemon/wire.hpp"
#include "protocol/auth.hpp"
#include "rules/rulebook.hpp"
#include "storage/ledger.hpp"

#include <fmt/format.h>

#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace npod::daemon {

namespace {

/// Years ahead for which the calendar must know its holidays: longer than any term of the rulebooks.
constexpr int calendar_years_ahead = 3;

/// A folder for the copy, gone with it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "npod-check-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw StorageFault("cannot make a folder under " + pattern + "; set TMPDIR");
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;
    std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// True when a daemon holds the writer's lock, PATH.lock.
bool in_use(std::string const& database) {
    int const handle = ::open((database + ".lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) return false;
    bool const taken = ::flock(handle, LOCK_SH | LOCK_NB) != 0;
    ::close(handle);
    return taken;
}

void check_rules(Config const& config, Clock const& real, CheckReport& report) {
    auto const rulebook = rules::configured_rulebook(config.rulebook, config.overrides);
    report.good.push_back(
        fmt::format("rulebook {} version {}, {} rules", rulebook.name(), rulebook.version(), rulebook.all().size()));
    auto const& calendar = rulebook.calendar();
    auto const year = calendar.day_of(real.now()).year();
    for (int ahead = 0; ahead <= calendar_years_ahead; ++ahead)
        if (calendar.holidays(year + std::chrono::years{ahead}).empty())
            report.findings.push_back(
                fmt::format("the calendar has no holidays for {}; update npod", static_cast<int>(year) + ahead));
    report.good.push_back(fmt::format("calendar known until {}", static_cast<int>(year) + calendar_years_ahead));
}

/// A time-zone database is published several times a year; an old one misses changes of law.
void check_zones(Clock const& real, CheckReport& report) {
    auto const version = rules::time_zone_database_version();
    auto const today = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(real.now())};
    if (rules::zone_database_is_old(version, today))
        report.findings.push_back(fmt::format(
            "the time-zone database of this system is {}, older than a year; update the package tzdata", version));
    else
        report.good.push_back(fmt::format("time-zone database {}", version));
}

void check_keys(Config const& config, CheckReport& report) {
    signer_of(config.interchange);
    auto consumers = consumers_of(config);
    auto const count = consumers.size();
    protocol::Verifier{std::move(consumers)};
    Wire{config};
    report.good.push_back(fmt::format("{} members, {} of them with keys", config.members.size(), count));
}

/// Opening for writing repairs and migrates, so a copy is opened: a check changes nothing.
void check_database(Config const& config, CheckReport& report) {
    if (!std::filesystem::exists(config.db)) {
        report.good.push_back(fmt::format("{} does not exist yet; `npod serve` makes it", config.db));
        return;
    }
    if (in_use(config.db)) {
        report.good.push_back(
            fmt::format("{} is in use by a running npod, which checked it at its start; not looked at", config.db));
        return;
    }
    TemporaryFolder const folder;
    auto const copy = folder.path() / "copy.db";
    std::filesystem::copy_file(config.db, copy);
    if (std::filesystem::exists(config.db + "-wal"))
        std::filesystem::copy_file(config.db + "-wal", copy.string() + "-wal");
    storage::Ledger const ledger({.path = copy.string(), .operator_code = config.operator_code, .create = false});
    auto const health = ledger.check(0);
    report.findings.insert(report.findings.end(), health.findings.begin(), health.findings.end());
    if (health.findings.empty())
        report.good.push_back(fmt::format("{}: {} log rows, chain unbroken", config.db, health.rows));
}

/// A misspelt variable would silently do nothing.
void check_environment(CheckReport& report) {
    for (auto const& [name, value] : npod_environment()) {
        bool known = name == "NPOD_CONFIG" || name == "NPOD_CRASH_PLAN" || name == "NPOD_URL" || name == "NPOD_TOKEN" ||
                     (name.starts_with("NPOD_MEMBER_") && name.ends_with("_SECRET"));
        for (auto const& key : all_keys()) known = known || name == environment_name(key.path);
        if (!known) report.findings.push_back(fmt::format("{} is set but means nothing; is it misspelt?", name));
    }
}

} // namespace

CheckReport check(Config const& config, Clock const& real) {
    CheckReport report;
    auto const look = [&](auto const& part) {
        try {
            part();
        } catch (std::exception const& trouble) {
            report.findings.push_back(trouble.what());
        }
    };
    look([&] { check_environment(report); });
    look([&] { check_rules(config, real, report); });
    look([&] { check_zones(real, report); });
    look([&] { check_keys(config, report); });
    look([&] { check_database(config, report); });
    return report;
}

} // namespace npod::daemon
