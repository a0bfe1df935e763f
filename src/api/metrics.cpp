#include "api/metrics.hpp"

#include <fmt/format.h>

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
    if (auto const due = reader.next_due()) {
        auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(*due - now).count();
        page.gauge("npod_timer_next_due_seconds", "Until the next deadline; below zero: it is late.", seconds);
    }
}

} // namespace

std::string metrics_page(RequestCounters const& requests, engine::Engine const* engine, storage::Reader const& reader,
                         std::string_view version, Moment now) {
    Page page;
    page.metric("npod_build_info", "gauge", "Always 1; says what runs.");
    page.value(1, fmt::format("{{version=\"{}\",operator=\"{}\"}}", version, reader.own_operator().text));
    page.metric("npod_http_requests_total", "counter", "Requests answered by the Business API, by class of status.");
    for (unsigned digit = 2; digit <= 5; ++digit)
        page.value(requests.answered(digit), fmt::format("{{status=\"{}xx\"}}", digit));
    if (engine) add_engine(page, *engine);
    add_ledger(page, reader, now);
    return std::move(page.text);
}

} // namespace npod::api
