#pragma once
/// One operator's mailbox as a server-sent stream, and what may be asked of it.

#include "api/consumer_limits.hpp"
#include "api/mailbox_news.hpp"
#include "api/readers.hpp"
#include "http/http.hpp"

#include <memory>
#include <string>
#include <vector>

namespace npod::api {

/// offset=, confirmationStatus=, messageTypes= and Last-Event-ID.
struct MailboxQuestion {
    std::int64_t after = 0;         ///< messages after this one
    bool unconfirmed_only = true;   ///< what was confirmed is not sent again
    std::vector<std::string> types; ///< empty: all
};
/// Reads them. On every connection all unconfirmed messages come again, so that Last-Event-ID counts in a replay of all
/// only.
Outcome<MailboxQuestion> mailbox_question(http::Request const& request);

/// The messages of `receiver`, page by page from the database, and then live, until `place` is given to another stream.
/// Needs a wake after each commit; it looks into the database only after `mail` went up, and while there is more.
std::shared_ptr<http::StreamSource> open_mailbox(std::shared_ptr<Readers> readers, OperatorCode receiver,
                                                 MailboxQuestion question, std::shared_ptr<StreamPlace const> place,
                                                 MailboxNews::Count mail);

} // namespace npod::api
