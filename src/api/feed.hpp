#pragma once
/// The feed of events as a server-sent stream: what was logged, in order, from any place on, and then live.

#include "api/readers.hpp"
#include "api/views.hpp"
#include "http/http.hpp"

#include <memory>

namespace npod::api {

/// The events after `place`, read from the database page by page. Needs a wake after each commit
/// (Server::wake_streams).
std::shared_ptr<http::StreamSource> open_feed(std::shared_ptr<Readers> readers, FeedPlace place, OperatorCode own);

/// One page: at most about `limit` events after `place`, and the place after the last of them.
struct FeedPage {
    std::vector<FeedEvent> events;
    FeedPlace after;
    bool more = false;
};
FeedPage read_feed(storage::Reader const& reader, FeedPlace place, std::size_t limit, OperatorCode const& own);

} // namespace npod::api
