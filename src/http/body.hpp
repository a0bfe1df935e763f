#pragma once
/// Takes a message body out of the bytes behind its head: by length, chunked, or up to the end of the connection.
/// Our own and not the library's because its chunk reader tolerates extensions and trailers, and asserts, in debug
/// builds, on a last chunk that arrives byte by byte (Beast 1.81, basic_parser.ipp parse_chunk_header).

#include "http/gate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace npod::http {

/// Reads one body. After done() or refused() it takes nothing more.
class BodyReader {
public:
    /// Requests: chunk extensions and trailers are refused. Answers: they are skipped.
    enum class Manner : std::uint8_t { strict, tolerant };

    static BodyReader of_length(std::size_t length);
    static BodyReader chunked(Manner manner, std::size_t limit);
    static BodyReader until_close(std::size_t limit);

    /// Appends what the front of `bytes` says to `body`; returns how many bytes were taken.
    std::size_t take(std::string_view bytes, std::string& body);
    /// The connection ended: that is how an until_close body becomes done.
    void end_of_input();
    bool done() const { return step_ == Step::done; }
    std::optional<Refused> const& refused() const { return refused_; }

private:
    enum class Step : std::uint8_t {
        plain,
        to_close,
        size,
        extension,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer,
        trailer_line,
        last_lf,
        done
    };

    std::size_t take_data(std::string_view bytes, std::string& body);
    void take_mark(char c);
    void take_size(char c);
    void size_read();
    void refuse(unsigned status, char const* detail);
    void expect(char c, char wanted, Step next);

    Step step_ = Step::plain;
    Manner manner_ = Manner::strict;
    std::size_t left_ = 0;   ///< of the plain body or the present chunk
    std::size_t room_ = 0;   ///< what the limit still allows
    std::size_t digits_ = 0; ///< of the chunk size read so far
    std::size_t skipped_ = 0;
    std::optional<Refused> refused_;
};

} // namespace npod::http
