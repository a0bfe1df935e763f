#include "http/request_head.hpp"

#include <boost/beast/http/basic_parser.hpp>

namespace npod::http {

namespace {

namespace beast = boost::beast;

/// Beast reads the head straight into our Request; the body is BodyReader's.
class RequestHead final : public beast::http::basic_parser<true> {
public:
    explicit RequestHead(Request& request) : request_(request) {}

private:
    using Text = beast::string_view;
    void on_request_impl(beast::http::verb, Text method, Text target, int, beast::error_code&) override {
        request_.method.assign(method.data(), method.size());
        request_.target.assign(target.data(), target.size());
    }
    void on_field_impl(beast::http::field, Text name, Text value, beast::error_code&) override {
        request_.headers.emplace_back(name, value);
    }
    void on_response_impl(int, Text, int, beast::error_code&) override {}
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    std::size_t on_body_impl(Text, beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, Text, beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, Text, beast::error_code&) override { return 0; }
    void on_finish_impl(beast::error_code&) override {}

    Request& request_;
};

} // namespace

std::optional<Refused> read_head(std::string_view head, Limits const& limits, Request& request) {
    RequestHead reader(request);
    reader.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    reader.body_limit(boost::none);
    beast::error_code error;
    reader.put(boost::asio::buffer(head.data(), head.size()), error);
    if (error || !reader.is_header_done()) return Refused{400, "The head is ill-formed: " + error.message() + "."};
    return std::nullopt;
}

} // namespace npod::http
