#include "cli/transport.hpp"

namespace npod::cli {

namespace {

/// Advancing a manual clock over a year of timers takes its time; everything else is answered in milliseconds.
constexpr std::chrono::minutes patience{10};
/// The server sends a heartbeat every ten seconds; three in a row missing is silence.
constexpr std::chrono::seconds silence{30};

class HttpTransport final : public Transport {
public:
    explicit HttpTransport(std::string const& url) : endpoint_{url, {}}, client_(endpoint_) {}

    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const& body) override {
        return client_.send(method, target, headers, body, patience);
    }

    void follow(std::string const& target, http::Headers const& headers,
                std::function<void(http::StreamEvent const&)> const& on_event) override {
        http::EventStream stream(endpoint_);
        stream.read(
            target, headers, silence, [] {}, on_event);
    }

private:
    http::Endpoint endpoint_;
    http::Client client_;
};

} // namespace

std::unique_ptr<Transport> to_daemon(std::string const& url) { return std::make_unique<HttpTransport>(url); }

} // namespace npod::cli
