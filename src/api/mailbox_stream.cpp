#include "api/mailbox_stream.hpp"
#include "base/json.hpp"

#include "protocol/coin_v3/codec.hpp"
#include "protocol/coin_v3/form.hpp"
#include "protocol/sse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace npod::api {

namespace coin = protocol::coin_v3;

namespace {

Refusal wrong_query(std::string_view name, std::string_view value, std::string next) {
    return {RefusalCode::malformed,
            fmt::format("{} is \"{}\", which is not of its form. {}", name, first_characters(value, 60), next),
            std::string(name),
            std::move(next),
            {}};
}

/// -1 is the start.
std::optional<std::int64_t> offset_in(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < -1) return std::nullopt;
    return std::max<std::int64_t>(value, 0);
}

/// Every value of a parameter that may be repeated, each perhaps a list with commas.
std::vector<std::string> values_of(http::Request const& request, std::string_view name) {
    std::vector<std::string> values;
    auto const mark = request.target.find('?');
    std::string_view rest =
        mark == std::string::npos ? std::string_view{} : std::string_view(request.target).substr(mark + 1);
    while (!rest.empty()) {
        auto const pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        http::Request one;
        one.target = "/?" + std::string(pair);
        auto const list = one.query(name);
        if (!list) continue;
        for (std::string_view left = *list; !left.empty();) {
            auto const item = left.substr(0, left.find(','));
            left.remove_prefix(std::min(left.size(), item.size() + 1));
            if (!item.empty()) values.emplace_back(coin::type_of_event(item));
        }
    }
    return values;
}

} // namespace

Outcome<MailboxQuestion> mailbox_question(http::Request const& request) {
    MailboxQuestion question;
    std::vector<Refusal> problems;
    auto const status = request.query("confirmationStatus").value_or("Unconfirmed");
    auto const same = [](std::string_view a, std::string_view b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](char x, char y) { return (x | 0x20) == (y | 0x20); });
    };
    question.unconfirmed_only = !same(status, "All");
    if (!same(status, "All") && !same(status, "Unconfirmed"))
        problems.push_back(wrong_query("confirmationStatus", status, "Send Unconfirmed or All."));

    auto const offset = request.query("offset").value_or("-1");
    if (auto const after = offset_in(offset))
        question.after = *after;
    else
        problems.push_back(wrong_query("offset", offset, "Send the id of a message, or -1 for the start."));
    if (auto const seen = offset_in(http::header(request.headers, "Last-Event-ID")); seen && !question.unconfirmed_only)
        question.after = std::max(question.after, *seen);

    question.types = values_of(request, "messageTypes");
    for (auto const& type : question.types)
        if (!coin::form_of(type))
            problems.push_back(wrong_query("messageTypes", type, "Send names of messages, \"portingrequest\"."));
    if (!problems.empty()) return problems;
    return question;
}

namespace {

class MailboxStream final : public http::StreamSource {
public:
    MailboxStream(std::shared_ptr<Readers> readers, OperatorCode receiver, MailboxQuestion question,
                  std::shared_ptr<StreamPlace const> place, MailboxNews::Count mail)
        : readers_(std::move(readers)), receiver_(std::move(receiver)), question_(std::move(question)),
          place_(std::move(place)), mail_(std::move(mail)) {}

    bool ended() const override { return place_->taken; }

    std::string pull(std::size_t room) override {
        if (place_->taken) return {};
        auto const came = mail_->load(); // before the look: what comes meanwhile is looked for by the next
        if (came == seen_) return {};
        // A message is about a kilobyte; what is read is sent, so that little more than `room` is ever held.
        constexpr std::size_t message_bytes = 1024;
        auto const limit = static_cast<int>(std::clamp<std::size_t>(room / message_bytes, 1, 100));
        auto const reader = readers_->lend();
        std::string bytes;
        if (!greeted_) bytes = protocol::sse_heartbeat; // so the reader sees the stream open at once
        greeted_ = true;
        auto const page =
            reader->mailbox_page(receiver_, question_.after, question_.unconfirmed_only, question_.types, limit);
        for (auto const& entry : page.entries) {
            if (!entry.trace.empty()) bytes += ": traceparent " + entry.trace + "\n"; // a comment, which readers pass over
            bytes += protocol::sse_event(std::to_string(entry.id), entry.type, entry.body);
        }
        question_.after = page.looked_to; // the next look begins behind it, however much lies there
        if (!page.more) seen_ = came;
        // Whoever is sent something is asked again; in between the others have their turn.
        if (page.more && bytes.empty()) bytes = protocol::sse_heartbeat;
        return bytes;
    }

private:
    std::shared_ptr<Readers> readers_;
    OperatorCode receiver_;
    MailboxQuestion question_;
    std::shared_ptr<StreamPlace const> place_;
    MailboxNews::Count mail_;
    std::optional<std::uint64_t> seen_; ///< all that came up to this count is sent; nothing: there is more to look at
    bool greeted_ = false;
};

} // namespace

std::shared_ptr<http::StreamSource> open_mailbox(std::shared_ptr<Readers> readers, OperatorCode receiver,
                                                 MailboxQuestion question, std::shared_ptr<StreamPlace const> place,
                                                 MailboxNews::Count mail) {
    return std::make_shared<MailboxStream>(std::move(readers), std::move(receiver), std::move(question),
                                           std::move(place), std::move(mail));
}

} // namespace npod::api
