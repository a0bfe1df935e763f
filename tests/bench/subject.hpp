#pragma once
/// The operator that is measured, as its callers and counterparts see it: it is called, and it sends messages. Two kinds:
/// a real `npod serve` over loopback (served.hpp), and the same rooms without sockets in this process (inside.hpp), which
/// is what can be counted and traced.

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace npod::bench {

/// The measurement cannot be made, or what was measured did not do its work. The text says what to look at.
class BenchError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One call of a program or a counterpart.
struct Call {
    std::string_view method = "POST";
    std::string target;
    std::string key; ///< Idempotency-Key; empty: none
    std::string body;
};

class Subject {
public:
    /// The body is there only until the function returns.
    using Answered = std::function<void(unsigned status, std::string_view body)>;
    /// A message that it sends to a counterpart: "portingrequest" and the envelope. It is always taken.
    using Sent = std::function<void(std::string_view type, std::string_view body)>;

    virtual ~Subject() = default;
    virtual void call(Call call, Answered answered) = 0;
    virtual void on_message(Sent sent) = 0;
    /// Waits for whatever comes next and tells it; everything is told on the thread that calls this. Throws BenchError when
    /// nothing comes for half a minute.
    virtual void turn() = 0;
};

} // namespace npod::bench
