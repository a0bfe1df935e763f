// What one open mailbox costs: a look into the database when mail came for it, and none when it came for others.

#include "hub.hpp"

#include "api/mailbox_stream.hpp"
#include "support/waiting.hpp"

#include <fmt/format.h>

using namespace npod;
using namespace npod::test;

namespace {

constexpr std::size_t room = 64 * 1024; // as the server asks

/// Readers of which each look is counted: the only one that could be lent again is held back.
class CountedReaders {
public:
    explicit CountedReaders(std::string path)
        : readers_(std::make_shared<api::Readers>([this, path = std::move(path)] {
              ++opened_;
              return std::make_unique<storage::Reader>(path);
          })) {}
    std::shared_ptr<api::Readers> const& readers() const { return readers_; }
    /// Looks that one pull takes. The reader it gives back is taken away again.
    int looks(http::StreamSource& stream, std::string& bytes) {
        auto const before = opened_;
        bytes = stream.pull(room);
        auto const looks = opened_ - before;
        for (int i = 0; i < looks; ++i) held_.push_back(readers_->lend());
        return looks;
    }

private:
    int opened_ = 0;
    std::shared_ptr<api::Readers> readers_;
    std::vector<api::Readers::Loan> held_;
};

} // namespace

TEST_CASE("a stream looks into the database when mail came for it, and not when it came for others") {
    Hub hub;
    auto const news = std::make_shared<api::MailboxNews>();
    hub.engine->on_mail([news](auto const& receivers) { news->came_for(receivers); });
    CountedReaders counted(hub.folder.file("npod.db"));
    api::ConsumerLimits limits(1, 4);
    auto const stream = api::open_mailbox(counted.readers(), charly, {}, limits.open_stream(charly), news->of(charly));
    std::string bytes;
    REQUIRE(counted.looks(*stream, bytes) == 1); // what lay there before it was opened
    CHECK(bytes == ":\n\n");

    CHECK(counted.looks(*stream, bytes) == 0);
    hub.send("portingrequest", request_from(charly, bravo, "CHARLY-00000001")); // for BRAVO
    hub.put("/v1/contracts/K-1", R"({"customer":{"kind":"legal","name":"Zon"},"network":"fixed"})");
    CHECK_FALSE(test::eventually([&] { return counted.looks(*stream, bytes) > 0; }, std::chrono::milliseconds{200}));
    CHECK(bytes.empty());

    // Who posted is answered a moment before the streams are told.
    auto const looks_once = [&] { return test::eventually([&] { return counted.looks(*stream, bytes) == 1; }); };
    hub.send("portingrequest", request_from(bravo, charly));
    CHECK(looks_once());
    CHECK(bytes.find("BRAVO-00000001") != std::string::npos);
    CHECK(counted.looks(*stream, bytes) == 0);

    hub.send("portingperformed", performed_from(bravo)); // for everybody
    CHECK(looks_once());
    CHECK(bytes.find("BRAVO-00000002") != std::string::npos);

    hub.send("portingrequest", request_from(charly, OperatorCode{"DELTA"}, "CHARLY-00000002")); // complained about
    CHECK(looks_once());
    CHECK(bytes.find("errorfound") != std::string::npos);
}

TEST_CASE("a stream goes on looking while a page was full") {
    Hub hub;
    auto const news = std::make_shared<api::MailboxNews>();
    for (int i = 0; i < 5; ++i) hub.send("portingrequest", request_from(bravo, charly, fmt::format("BRAVO-{:08}", i)));
    auto readers = std::make_shared<api::Readers>(
        [path = hub.folder.file("npod.db")] { return std::make_unique<storage::Reader>(path); });
    api::ConsumerLimits limits(1, 4);
    auto const stream = api::open_mailbox(readers, charly, {}, limits.open_stream(charly), news->of(charly));
    std::string all;
    for (auto bytes = stream->pull(2048); !bytes.empty(); bytes = stream->pull(2048)) all += bytes; // two messages at once
    for (int i = 0; i < 5; ++i) CHECK(all.find(fmt::format("BRAVO-{:08}", i)) != std::string::npos);
}
