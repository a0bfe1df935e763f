#include "api/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace npod::api {

namespace {

class Page {
public:
    /// Begins one metric.
    void metric(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    /// One value; `labels` as {a="b"}, or empty.
    void value(std::int64_t number, std::string_view labels = {}) {
        fmt::format_to(std::back_inserter(text), "{}{} {}\n", name_, labels, number);
    }
    /// A metric of one value.
    void gauge(std::string_view name, std::string_view help, std::int64_t number) {
        metric(name, "gauge", help);
        value(number);
    }
    std::string text;

private:
    std::string_view name_;
};

void add_engine(Page& page, engine::Engine const& engine) {
    auto const status = engine.status();
    page.gauge("npod_events_queued", "Events that wait for the writer.", static_cast<std::int64_t>(status.queued));
    page.gauge("npod_accepting", "1 while events are taken; 0 when the disk is full or the daemon stops.",
               status.accepting ? 1 : 0);
    page.metric("npod_not_accepting", "gauge", "1 for the reason why no events are taken; all 0 while they are.");
    for (std::string_view const reason : {"not_writable", "stopping", "failed"})
        page.value(status.reason == reason ? 1 : 0, fmt::format("{{reason=\"{}\"}}", reason));
}

void add_ledger(Page& page, storage::Reader const& reader, Moment now) {
    page.gauge("npod_log_head_seq", "Number of the last row of the event log.", reader.head_seq());
    page.metric("npod_ports", "gauge", "Ports by state.");
    for (auto const& [state, count] : reader.ports_by_state())
        page.value(count, fmt::format("{{state=\"{}\"}}", state));
    page.gauge("npod_outbox_undelivered", "Messages of ours that no counterpart has taken yet.",
               reader.undelivered_count());
    page.gauge("npod_mailbox_unconfirmed", "Messages in mailboxes that their operator has not confirmed.",
               reader.unconfirmed_count());
    page.gauge("npod_wal_bytes", "Size of the write-ahead log beside the database; large while somebody reads one commit for long.",
               reader.wal_bytes());
    if (auto const due = reader.next_due()) {
        auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(*due - now).count();
        page.gauge("npod_timer_next_due_seconds", "Until the next deadline; below zero: it is late.", seconds);
    }
}

/// One line for each counterpart of the configuration, whoever else may have been heard of.
void add_peers(Page& page, Context const& context, storage::Reader const& reader) {
    auto const states = context.health->all();
    using Figure = std::int64_t (*)(engine::PeerState const&);
    auto const each = [&](std::string_view name, std::string_view type, std::string_view help, Figure figure) {
        page.metric(name, type, help);
        for (auto const& one : context.counterparts) {
            auto const found = states.find(one.code);
            page.value(figure(found == states.end() ? engine::PeerState{} : found->second),
                       fmt::format("{{peer=\"{}\"}}", one.code.text));
        }
    };
    each("npod_peer_failing", "gauge", "1 while every attempt to reach the counterpart fails.",
         [](auto const& state) -> std::int64_t { return state.failing_since ? 1 : 0; });
    each("npod_peer_stream_open", "gauge", "1 while the counterpart's stream of messages for us is open.",
         [](auto const& state) -> std::int64_t { return state.stream_since ? 1 : 0; });
    each("npod_peer_stream_wait_seconds", "gauge", "How long is waited before a broken stream is opened anew; 0 while it is open.",
         [](auto const& state) { return std::chrono::floor<std::chrono::seconds>(state.stream_wait).count(); });
    each("npod_peer_failures_total", "counter", "Attempts to reach the counterpart that failed.",
         [](auto const& state) { return state.failures; });
    each("npod_peer_duplicates_total", "counter", "Messages that the counterpart sent again.",
         [](auto const& state) { return state.duplicates; });
    each("npod_peer_refused_total", "counter", "Calls of the counterpart that were refused for form or right.",
         [](auto const& state) { return state.refused; });
    page.metric("npod_peer_queued", "gauge", "Messages of ours that wait for the counterpart.");
    for (auto const& one : context.counterparts)
        page.value(reader.outbox_of(one.code).count, fmt::format("{{peer=\"{}\"}}", one.code.text));
}

void add_webhooks(Page& page, Context const& context, storage::Reader const& reader) {
    auto const states = context.webhooks();
    if (states.empty()) return;
    using Figure = std::int64_t (*)(WebhookState const&, std::int64_t head);
    auto const each = [&](std::string_view name, std::string_view type, std::string_view help, Figure figure) {
        page.metric(name, type, help);
        for (auto const& one : states) page.value(figure(one, reader.head_seq()), fmt::format("{{hook=\"{}\"}}", one.name));
    };
    each("npod_webhook_failing", "gauge", "1 while a webhook does not take its calls, or wants no more (410).",
         [](auto const& state, std::int64_t) -> std::int64_t { return state.failing_since || state.ended ? 1 : 0; });
    each("npod_webhook_behind", "gauge", "Rows of the log that a webhook was not told of yet.",
         [](auto const& state, std::int64_t head) { return std::max<std::int64_t>(head - state.seq, 0); });
    each("npod_webhook_delivered_total", "counter", "Calls that a webhook took.", [](auto const& state, std::int64_t) { return state.delivered; });
    each("npod_webhook_failures_total", "counter", "Calls that a webhook did not take.", [](auto const& state, std::int64_t) { return state.failures; });
}

} // namespace

std::string metrics_page(RequestCounters const& requests, Context const& context, storage::Reader const& reader,
                         Moment now) {
    Page page;
    page.metric("npod_build_info", "gauge", "Always 1; says what runs.");
    page.value(1, fmt::format("{{version=\"{}\",operator=\"{}\"}}", context.version, reader.own_operator().text));
    page.metric("npod_http_requests_total", "counter", "Requests answered by the Business API, by class of status.");
    for (unsigned digit = 2; digit <= 5; ++digit)
        page.value(requests.answered(digit), fmt::format("{{status=\"{}xx\"}}", digit));
    if (context.engine) add_engine(page, *context.engine);
    add_ledger(page, reader, now);
    if (context.health) add_peers(page, context, reader);
    if (context.webhooks) add_webhooks(page, context, reader);
    return std::move(page.text);
}

} // namespace npod::api
