#include "http/body.hpp"

#include "base/limits_wire.hpp"

#include "http/text.hpp"

#include <algorithm>

namespace npod::http {

namespace {

/// Eight hexadecimal digits say 4 GB: every limit lies below.
constexpr std::size_t size_digits_max = 8;

} // namespace

BodyReader BodyReader::of_length(std::size_t length) {
    BodyReader reader;
    reader.left_ = length;
    if (length == 0) reader.step_ = Step::done;
    return reader;
}

BodyReader BodyReader::chunked(Manner manner, std::size_t limit) {
    BodyReader reader;
    reader.step_ = Step::size;
    reader.manner_ = manner;
    reader.room_ = limit;
    return reader;
}

BodyReader BodyReader::until_close(std::size_t limit) {
    BodyReader reader;
    reader.step_ = Step::to_close;
    reader.room_ = limit;
    return reader;
}

std::size_t BodyReader::take(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !done() && !refused_) {
        if (step_ == Step::plain || step_ == Step::data || step_ == Step::to_close) {
            taken += take_data(bytes.substr(taken), body);
        } else {
            take_mark(bytes[taken++]);
        }
    }
    return taken;
}

void BodyReader::end_of_input() {
    if (step_ == Step::to_close) step_ = Step::done;
}

std::size_t BodyReader::take_data(std::string_view bytes, std::string& body) {
    if (step_ == Step::to_close) {
        if (bytes.size() > room_) {
            refuse(413, "The body is larger than the limit.");
            return 0;
        }
        room_ -= bytes.size();
        body.append(bytes);
        return bytes.size();
    }
    auto const part = bytes.substr(0, std::min(left_, bytes.size()));
    body.append(part);
    left_ -= part.size();
    if (left_ == 0) step_ = step_ == Step::plain ? Step::done : Step::data_cr;
    return part.size();
}

void BodyReader::take_mark(char c) {
    switch (step_) {
    case Step::size: take_size(c); break;
    case Step::extension:
        if (++skipped_ > limits::skipped_bytes_max)
            refuse(400, "The chunk extensions are too long.");
        else if (c == '\r')
            step_ = Step::size_lf;
        break;
    case Step::size_lf:
        expect(c, '\n', Step::data);
        if (!refused_) size_read();
        break;
    case Step::data_cr: expect(c, '\r', Step::data_lf); break;
    case Step::data_lf: expect(c, '\n', Step::size); break;
    case Step::trailer:
        if (c == '\r')
            step_ = Step::last_lf;
        else if (manner_ == Manner::strict)
            refuse(400, "Trailers are not taken; end the body after the last chunk.");
        else
            step_ = Step::trailer_line;
        break;
    case Step::trailer_line:
        if (++skipped_ > limits::skipped_bytes_max)
            refuse(400, "The trailers are too long.");
        else if (c == '\n')
            step_ = Step::trailer;
        break;
    case Step::last_lf: expect(c, '\n', Step::done); break;
    case Step::plain:
    case Step::to_close:
    case Step::data:
    case Step::done: break; // take() sends no marks here
    }
}

void BodyReader::take_size(char c) {
    if (int const value = hex_value(c); value >= 0) {
        if (++digits_ > size_digits_max) return refuse(413, "A chunk size has more than eight digits.");
        left_ = left_ * 16 + static_cast<std::size_t>(value);
        return;
    }
    if (digits_ == 0) return refuse(400, "A chunk has no size.");
    if (c == '\r') {
        step_ = Step::size_lf;
    } else if (manner_ == Manner::tolerant && (c == ';' || c == ' ' || c == '\t')) {
        step_ = Step::extension;
    } else {
        refuse(400, "A chunk size is followed by something; chunk extensions are not taken.");
    }
}

void BodyReader::size_read() {
    digits_ = 0;
    if (left_ == 0) {
        step_ = Step::trailer;
    } else if (left_ > room_) {
        refuse(413, "The body is larger than the limit.");
    } else {
        room_ -= left_;
    }
}

void BodyReader::expect(char c, char wanted, Step next) {
    if (c == wanted)
        step_ = next;
    else
        refuse(400, "A chunk does not end in CR LF where its size says.");
}

void BodyReader::refuse(unsigned status, char const* detail) { refused_ = Refused{status, detail}; }

} // namespace npod::http
