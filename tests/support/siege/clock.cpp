/// The wall clock of a running daemon is stepped, both ways, and days of daylight saving go by: deadlines of the idle daemon
/// fire at their instant, never early, once, and a file told again decides the same.

#include "base/moment.hpp"
#include "daemon/system_clock.hpp"
#include "storage/ledger.hpp"
#include "support/siege/market.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <atomic>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// The wall clock of whoever is started with environment().
class SteppedClock {
public:
    SteppedClock(std::string library, Folder const& folder) : library_(std::move(library)), path_(folder.file("clock")) {
        folder.write("clock", std::string(sizeof(std::int64_t), '\0'));
        int const file = ::open(path_.c_str(), O_RDWR | O_CLOEXEC);
        auto* const memory = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        ::close(file);
        if (memory == MAP_FAILED) throw SiegeError("the file of the stepped clock cannot be mapped");
        offset_ = static_cast<std::atomic<std::int64_t>*>(memory);
    }
    ~SteppedClock() { ::munmap(offset_, sizeof(std::int64_t)); }
    SteppedClock(SteppedClock const&) = delete;
    SteppedClock& operator=(SteppedClock const&) = delete;

    story::Process::Environment environment() const { return {{"LD_PRELOAD", library_}, {"NPOD_STEPPED_CLOCK", path_}}; }
    void step_to(Moment moment) { offset_->store((moment - real_.now()).count()); }
    Moment now() const { return real_.now() + Duration{offset_->load()}; }

private:
    daemon::SystemClock real_;
    std::string library_, path_;
    std::atomic<std::int64_t>* offset_ = nullptr;
};

Moment at(std::string_view text) { return *parse_rfc3339(text); }

std::vector<storage::LogRow> rows(House const& house, std::string_view kind) {
    std::vector<storage::LogRow> found;
    for (auto& row : storage::Reader(house.db()).log(0, 1'000'000))
        if (row.kind.starts_with(kind)) found.push_back(std::move(row));
    return found;
}

void order(House const& house, SteppedClock const& clock, std::string const& id, std::string const& number) {
    auto const body = fmt::format(
        R"({{"order_id":"{0}","donor":"BRAVO","network":"fixed","numbers":["{1}"],"customer":{{"kind":"legal","name":"Zon",)"
        R"("address":{{"street":"H","house_number":"1","postcode":"1000","city":"B"}}}},"contract_id":"N-{0}","mandate":)"
        R"({{"id":"M","titular":"Zon","signer":"A","channel":"online","signed_at":"{2}"}}}})",
        id, number, to_rfc3339(clock.now() - 1h));
    auto const answer = house.ask("POST", "/v1/port-ins", body);
    if (answer.status != 201) throw SiegeError(fmt::format("{}: {} {}", id, answer.status, answer.body));
}

/// The next deadline is `due`; it does not fire while a second is left, and fires when it is over.
void fires_at(House const& house, SteppedClock& clock, Moment due) {
    auto const next = storage::Reader(house.db()).next_due();
    if (!next || *next != due)
        throw SiegeError(fmt::format("the next deadline should be {}, and is {}", to_rfc3339(due), next ? to_rfc3339(*next) : "none"));
    auto const before = rows(house, "timer.").size();
    clock.step_to(due - 1'000ms);
    for (auto const end = SteadyClock::now() + 20s; rows(house, "timer.").size() == before; std::this_thread::sleep_for(5ms))
        if (SteadyClock::now() > end) throw SiegeError(fmt::format("what is due at {} does not fire", to_rfc3339(due)));
    for (auto const& row : rows(house, "timer."))
        if (row.learned_at < row.happened_at) throw SiegeError(fmt::format("{} fired early, at {}", row.kind, to_rfc3339(row.learned_at)));
    if (auto const late = rows(house, "timer.").at(before).learned_at - due; late > 5s)
        throw SiegeError(fmt::format("what is due at {} fired {} ms late", to_rfc3339(due), late.count()));
}

} // namespace

void clock(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"BRAVO"});
    SteppedClock clock(choices.stepped_clock, folder);
    clock.step_to(at("2027-03-26T10:00:00+01:00")); // Good Friday, a working day; summer time begins on Easter Sunday
    House house(choices.npod, folder, "ALFA",
                "[interchange]\nserve = true\nzone = \"Europe/Brussels\"\n[[member]]\ncode = \"BRAVO\"\n"
                "secret_files = [\"BRAVO.secret\"]\npublic_key_files = [\"BRAVO.pem\"]\n",
                clock.environment());
    house.open();
    // Answered within one working day: Easter Monday is none, and on Tuesday it is summer: 18:00+02:00 is 16:00Z.
    order(house, clock, "spring", "+3225501100");
    fires_at(house, clock, at("2027-03-30T18:00:00+02:00"));

    // Back by a day and a half: served as before, nothing fires a second time.
    auto const fired = rows(house, "timer.").size();
    clock.step_to(clock.now() - 36h);
    order(house, clock, "yesterday", "+3225501101");
    std::this_thread::sleep_for(300ms);
    if (rows(house, "timer.").size() != fired) throw SiegeError("a step back made a deadline fire");
    house.kill(); // a start under a clock that is behind the log warns and serves
    house.open();
    order(house, clock, "restarted", "+3225501102");

    // Forward by half a year: all that fell due fires at once, in due order.
    clock.step_to(at("2027-10-29T10:00:00+02:00")); // Friday; winter time begins on Sunday
    for (auto const end = SteadyClock::now() + 20s; storage::Reader(house.db()).next_due().value_or(Moment::max()) <= clock.now();
         std::this_thread::sleep_for(10ms))
        if (SteadyClock::now() > end) throw SiegeError("what fell due during the step does not fire");
    auto const all = rows(house, "timer.");
    for (std::size_t i = fired + 1; i < all.size(); ++i)
        if (all[i].learned_at < all[i - 1].learned_at || all[i].learned_at < all[i].happened_at)
            throw SiegeError(fmt::format("{} fired out of order", all[i].kind));
    // All Saints' is on Monday: one working day ends on Tuesday at 18:00 of winter time.
    order(house, clock, "autumn", "+3225501104");
    auto const due = at("2027-11-02T18:00:00+01:00");
    while (storage::Reader(house.db()).next_due().value_or(due) < due) {
        clock.step_to(*storage::Reader(house.db()).next_due());
        std::this_thread::sleep_for(50ms);
    }
    fires_at(house, clock, due);
    std::map<std::string, int> times;
    for (auto const& row : rows(house, "timer."))
        if (++times[fmt::format("{} {} {}", row.kind, row.key, to_ms(row.happened_at))] > 1)
            throw SiegeError(fmt::format("{} of {} fired twice", row.kind, row.key));
    house.close();
    must_be_sound(folder, house);
    fmt::print("clock: {} deadlines over steps of 36 h back and 7 months forward and two changes of summer time: none early, none "
               "twice, the last within seconds; log told again the same.\n",
               rows(house, "timer.").size());
}

} // namespace npod::siege
