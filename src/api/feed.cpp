#include "api/feed.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::api {

FeedPage read_feed(storage::Reader const& reader, FeedPlace place, std::size_t limit, OperatorCode const& own) {
    FeedPage page{{}, place, false};
    // A row of which only a part was seen is read again.
    auto const after_row = place.whole_row ? place.seq : place.seq - 1;
    auto const rows = reader.log(after_row, static_cast<int>(limit) + 1);
    auto const traces = rows.empty() ? std::map<std::int64_t, std::string>{} : reader.traces(rows.front().seq, rows.back().seq);
    for (auto const& row : rows) {
        auto events = feed_events(row, own);
        if (auto const trace = traces.find(row.seq); trace != traces.end())
            for (auto& event : events) event.view["traceparent"] = trace->second; // an extension that CloudEvents name
        for (std::size_t i = 0; i < events.size(); ++i) {
            auto const index = static_cast<std::int64_t>(i) + 1;
            if (!is_after(place, row.seq, index)) continue;
            if (page.events.size() >= limit) {
                page.more = true;
                return page;
            }
            page.events.push_back(std::move(events[i]));
            page.after = {row.seq, index, false};
        }
        page.after = {row.seq, 0, true};
    }
    return page;
}

namespace {

class Feed final : public http::StreamSource {
public:
    Feed(std::shared_ptr<Readers> readers, FeedPlace place, OperatorCode own)
        : readers_(std::move(readers)), place_(place), own_(std::move(own)) {}

    std::string pull(std::size_t room) override {
        // An event is about half a kilobyte; what is read is sent, so that little more than `room` is ever held.
        constexpr std::size_t event_bytes = 512;
        auto const reader = readers_->lend();
        auto const page = read_feed(*reader, place_, std::clamp<std::size_t>(room / event_bytes, 1, 200), own_);
        std::string bytes;
        if (!greeted_) bytes = "retry: 3000\n\n"; // so the reader sees the stream open at once
        greeted_ = true;
        for (auto const& event : page.events)
            bytes += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id, event.type, to_bytes(event.view));
        place_ = page.after;
        return bytes;
    }

private:
    std::shared_ptr<Readers> readers_;
    FeedPlace place_;
    OperatorCode own_;
    bool greeted_ = false;
};

} // namespace

std::shared_ptr<http::StreamSource> open_feed(std::shared_ptr<Readers> readers, FeedPlace place, OperatorCode own) {
    return std::make_shared<Feed>(std::move(readers), place, std::move(own));
}

} // namespace npod::api
