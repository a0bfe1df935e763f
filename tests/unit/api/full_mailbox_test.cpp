// A mailbox that nobody empties: what lies in it costs room on the disk and none in memory, however much it is.
// NPOD_MAILBOX_ROWS=1000000 test_api -tc="a full mailbox*" measures with a million.

#include "hub.hpp"

#include "api/mailbox_stream.hpp"

#include <cstdlib>
#include <fstream>
#include <unistd.h>

using namespace npod;
using namespace npod::test;

namespace {

/// Bytes of this process that are in memory now.
std::int64_t resident_bytes() {
    std::int64_t whole = 0, resident = 0;
    std::ifstream("/proc/self/statm") >> whole >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool memory_is_held_back = true;
#else
constexpr bool memory_is_held_back = false;
#endif

/// CHARLY has not confirmed any of `count` messages of about 600 bytes.
void fill(std::string const& path, std::int64_t count) {
    storage::Ledger ledger({path, alfa, true});
    constexpr std::int64_t rows_a_commit = 10'000;
    for (std::int64_t done = 0; done < count;) {
        ledger.begin();
        for (std::int64_t i = 0; i < rows_a_commit && done < count; ++i, ++done) {
            storage::LogRow row;
            row.learned_at = row.happened_at = at("2026-03-02T08:00:00Z");
            row.kind = "message.cancel";
            row.source = "wire:BRAVO";
            row.key = "mailbox";
            row.body = R"({"message":")" + std::string(600, 'x') + "\"}";
            ledger.append(row);
            ledger.put_in_mailbox(row.seq, charly, bravo, "cancel");
        }
        ledger.commit();
        ledger.checkpoint();
    }
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++found;
    return found;
}

} // namespace

TEST_CASE("a full mailbox is streamed from its beginning to its end in bounded memory") {
    auto const* const asked = std::getenv("NPOD_MAILBOX_ROWS");
    std::int64_t const rows = asked ? std::atoll(asked) : 50'000;
    Folder const folder;
    auto const path = folder.file("full.db");
    fill(path, rows);
    auto readers = std::make_shared<api::Readers>([path] { return std::make_unique<storage::Reader>(path); });
    api::ConsumerLimits limits(1, 1);
    auto const stream = api::open_mailbox(readers, charly, {}, limits.open_stream(charly), api::MailboxNews().of(charly));
    constexpr std::size_t room = 64 * 1024; // as the server asks
    std::size_t events = 0, longest = 0;
    auto const take = [&] {
        auto const bytes = stream->pull(room);
        longest = std::max(longest, bytes.size());
        events += count(bytes, "\ndata: ");
        return !bytes.empty();
    };
    REQUIRE(take()); // the statement and its buffers are there now
    auto const before = resident_bytes();
    auto const started = std::chrono::steady_clock::now();
    while (take()) {}
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    CHECK(events == static_cast<std::size_t>(rows));
    CHECK(longest < 2 * room);
    // All of it is some 30 MB for 50 000; a tenth of that would be kept if anything were. Sanitizers hold on to freed memory
    // to catch its late use: what is resident under them says nothing of us.
    if (!memory_is_held_back) CHECK(resident_bytes() - before < 8 * 1024 * 1024);
    if (asked)
        MESSAGE(rows << " messages in " << seconds << " s, " << (resident_bytes() - before) / 1024 << " KiB more memory");
}
