#pragma once
/// The same rooms as in the daemon, in this process and without sockets: what can be counted (callgrind) and traced
/// (statements.hpp). Calls go straight to the API, messages come straight from the outboxes.

#include "subject.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace npod::bench {

class Inside : public Subject {
public:
    /// `code` is the operator, `counterpart` the other one; the database is made in `folder`.
    Inside(std::string const& folder, std::string const& code, std::string const& counterpart);
    ~Inside() override;
    void call(Call call, Answered answered) override;
    void on_message(Sent sent) override;
    void turn() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace npod::bench
