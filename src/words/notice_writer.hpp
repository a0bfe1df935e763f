#pragma once
/// How a notice is put together; only for the files of notices.

#include "words/notices.hpp"
#include "words/text.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace npod::words {

/// A text for one number and one for several.
struct OneOrMany {
    Text one, many;
};

class NoticeWriter {
public:
    NoticeWriter(Telling const& telling, porting::Customer const& customer);

    void about(std::string_view kind, Text const& subject);
    void say(Text const& text, std::initializer_list<Filling> fillings = {});
    /// `numbers` fills the place of that name and decides between one and several.
    void say(OneOrMany const& texts, std::vector<porting::NumberRange> const& numbers,
             std::initializer_list<Filling> fillings = {});
    /// The letter rests on that rule as it was in force at `at`.
    void by(std::string_view rule, Moment at);

    // Values as the letter's language writes them.
    std::string numbers(std::vector<porting::NumberRange> const& ranges) const;
    std::string at(Moment moment) const;       ///< with the time of day
    std::string last_day(Moment until) const;  ///< the day that ends at the exclusive moment `until`
    std::string said(std::string_view english) const;
    std::string sum(Money money) const;

    Telling const& telling() const { return telling_; }
    Notice finish() { return std::move(notice_); }

private:
    Telling const& telling_;
    Notice notice_;
};

/// Why a donor refused and what the customer can do about it, for each ground in a paragraph.
void say_grounds(NoticeWriter& writer, std::vector<porting::Ground> const& grounds);
/// What stays of a contract for numbers that did not leave, with its licences; nothing when none stays.
void say_what_stays(NoticeWriter& writer, porting::Contract const& contract);
/// The two kinds of letters about ports.
void write_port_in(NoticeWriter& writer, porting::Port const& port);
void write_port_out(NoticeWriter& writer, porting::Port const& port);

/// The number ranges of lines.
std::vector<porting::NumberRange> numbers_of(std::vector<porting::Line> const& lines);

} // namespace npod::words
