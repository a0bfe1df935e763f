#include "filter/filter.hpp"

#include "base/json.hpp"
#include "base/nearest.hpp"
#include "filter/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace npod::filter {

namespace {

using What = Expression::What;

/// Longest first, so that "<=" is not read as "<".
constexpr std::array signs{std::pair{std::string_view("!="), Compare::not_equal}, std::pair{std::string_view("<="), Compare::at_most},
                           std::pair{std::string_view(">="), Compare::at_least}, std::pair{std::string_view("="), Compare::equal},
                           std::pair{std::string_view("<"), Compare::less}, std::pair{std::string_view(">"), Compare::greater},
                           std::pair{std::string_view("~"), Compare::like}};
constexpr std::string_view reserved = " \t\r\n()=!<>~|\"'\\";

bool is_bare(char c) { return static_cast<unsigned char>(c) > ' ' && reserved.find(c) == std::string_view::npos; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::string lower(std::string_view word) {
    std::string out(word);
    for (auto& letter : out)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return out;
}

/// Reads from left to right and stops at the first trouble, which it keeps.
class Parser {
public:
    Parser(std::string_view text, std::vector<Field> const& fields) : text_(text), fields_(fields) {}

    Outcome<Expression> run() {
        if (text_.size() > text_bytes_max) {
            fail(text_bytes_max, fmt::format("the filter is longer than {} bytes", text_bytes_max), "Ask in several steps.");
            return *trouble_;
        }
        auto expression = any_of(0);
        skip_spaces();
        if (!trouble_ && at_ < text_.size())
            fail(at_, fmt::format("here stands {}, where \"and\", \"or\" or the end was expected", here()),
                 "Put \"and\" or \"or\" between two conditions; put a value with spaces or signs in quotes.");
        if (trouble_) return *trouble_;
        return expression;
    }

private:
    void fail(std::size_t at, std::string const& what, std::string next) {
        if (trouble_) return; // the first one is what matters
        auto const begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
        auto const place = std::count_if(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(std::min(at, text_.size())), begins);
        trouble_ = Refusal{RefusalCode::malformed, fmt::format("At character {} of the filter: {}.", place + 1, what), "q",
                           std::move(next), {}};
    }
    std::string here() const {
        return at_ >= text_.size() ? "the end" : fmt::format("\"{}\"", first_characters(text_.substr(at_), 20));
    }
    void skip_spaces() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
    }
    bool take(char sign) {
        skip_spaces();
        if (at_ >= text_.size() || text_[at_] != sign) return false;
        ++at_;
        return true;
    }
    std::string_view peek_word() {
        skip_spaces();
        auto end = at_;
        while (end < text_.size() && is_letter(text_[end])) ++end;
        return text_.substr(at_, end - at_);
    }
    bool take_keyword(std::string_view keyword) {
        auto const word = peek_word();
        if (lower(word) != keyword) return false;
        at_ += word.size();
        return true;
    }

    /// `read` { keyword `read` }; one part alone is itself.
    Expression chain(What what, std::string_view keyword, int depth) {
        Expression whole{what, {}, {}};
        do {
            whole.parts.push_back(what == What::any_of ? chain(What::all_of, "and", depth) : part(depth));
        } while (!trouble_ && take_keyword(keyword));
        if (whole.parts.size() > 1) return whole;
        auto only = std::move(whole.parts.front());
        return only;
    }
    Expression any_of(int depth) { return chain(What::any_of, "or", depth); }

    Expression part(int depth) {
        skip_spaces();
        if (depth > depth_max) {
            fail(at_, fmt::format("this is more than {} levels deep", depth_max), "Write it with fewer parentheses.");
            return {};
        }
        if (take_keyword("not")) {
            Expression negated{What::none_of, {}, {}};
            negated.parts.push_back(part(depth + 1));
            return negated;
        }
        auto const opened = at_;
        if (!take('(')) return comparison();
        auto inner = any_of(depth + 1);
        if (!trouble_ && !take(')')) fail(opened, "this parenthesis is never closed", "Write \")\" behind its last condition.");
        return inner;
    }

    Field const* field() {
        auto const word = peek_word();
        auto const start = at_;
        if (auto const* known = find_field(fields_, word)) {
            at_ += word.size();
            return known;
        }
        std::vector<std::string_view> names;
        for (auto const& one : fields_) names.push_back(one.name);
        if (word.empty())
            fail(start, fmt::format("here stands {}, where a field was expected", here()),
                 fmt::format("Begin with a field: {}.", fmt::join(names, ", ")));
        else if (auto const close = nearest(word, names); !close.empty())
            fail(start, fmt::format("there is no field \"{}\"", first_characters(word, 40)), fmt::format("Did you mean \"{}\"?", close));
        else
            fail(start, fmt::format("there is no field \"{}\"", first_characters(word, 40)),
                 fmt::format("Use one of: {}.", fmt::join(names, ", ")));
        return nullptr;
    }

    std::optional<Compare> sign() {
        skip_spaces();
        for (auto const& [mark, how] : signs)
            if (text_.substr(at_).starts_with(mark)) {
                at_ += mark.size();
                if (how == Compare::equal && text_.substr(at_).starts_with('=')) ++at_; // programmers write ==
                return how;
            }
        return std::nullopt;
    }

    std::optional<std::string> word_or_quoted() {
        skip_spaces();
        if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) return in_quotes();
        auto const start = at_;
        while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
        if (at_ > start) return std::string(text_.substr(start, at_ - start));
        fail(at_, fmt::format("here stands {}, where a value was expected", here()), "Write the value; one with signs in quotes.");
        return std::nullopt;
    }
    std::optional<std::string> in_quotes() {
        auto const start = at_;
        char const mark = text_[at_++];
        std::string out;
        for (; at_ < text_.size() && text_[at_] != mark; ++at_) {
            if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
            out += text_[at_];
        }
        if (at_ >= text_.size()) {
            fail(start, "this quote is never closed", "Write the same sign again behind the value.");
            return std::nullopt;
        }
        ++at_;
        return out;
    }

    Expression comparison() {
        auto const start = at_;
        auto const* about = field();
        if (!about) return {};
        Expression out{What::comparison, {std::string(about->name), Compare::equal, {}}, {}};
        if (++comparisons_ > comparisons_max) fail(start, fmt::format("these are more than {} conditions", comparisons_max), "Ask in several steps.");
        auto const sign_at = at_;
        if (auto const how = sign()) {
            out.comparison.how = *how;
            if (check_sign(*how, *about, sign_at)) values(out.comparison, *about);
        } else if (about->kind == Kind::flag) {
            out.comparison.values.emplace_back(true);
        } else {
            fail(at_, fmt::format("behind \"{}\" stands {}, where a comparison was expected", about->name, here()),
                 fmt::format("Write {}= and a value; also != < <= > >= ~.", about->name));
        }
        return out;
    }

    bool check_sign(Compare how, Field const& about, std::size_t at) {
        bool const equality = how == Compare::equal || how == Compare::not_equal;
        bool const part_of_text = how == Compare::like;
        bool const has_order = about.kind == Kind::count || about.kind == Kind::money || about.kind == Kind::moment;
        bool const has_parts = about.kind == Kind::text || about.kind == Kind::e164;
        if (equality || (part_of_text ? has_parts : has_order)) return true;
        fail(at, fmt::format("{} cannot be compared like that", about.name),
             has_order   ? "Use = != < <= > or >=."
             : has_parts ? "Use =, != or ~ (a part of it)."
                         : "Use = or !=.");
        return false;
    }

    void values(Comparison& comparison, Field const& about) {
        do {
            skip_spaces();
            auto const start = at_;
            auto const text = word_or_quoted();
            if (!text) return;
            auto value = about.kind == Kind::e164 && comparison.how == Compare::like && text->starts_with('+') && text->size() > 1
                             ? Outcome<Value>(Value{*text})
                             : value_of(*text, about);
            if (!value) {
                auto const& refusal = value.refusal();
                auto what = refusal.text;
                if (what.ends_with('.')) what.pop_back();
                return fail(start, what, refusal.next);
            }
            comparison.values.push_back(std::move(*value));
            if (comparison.values.size() > alternatives_max) return fail(start, "these are too many alternatives", "Ask in several steps.");
        } while (take('|'));
        bool const equality = comparison.how == Compare::equal || comparison.how == Compare::not_equal;
        if (comparison.values.size() > 1 && !equality) fail(at_, "several values go with = and != only", "Join two comparisons with \"or\".");
    }

    std::string_view text_;
    std::vector<Field> const& fields_;
    std::size_t at_ = 0, comparisons_ = 0;
    std::optional<Refusal> trouble_;
};

std::string printed(Comparison const& comparison) {
    auto const* sign = std::find_if(signs.begin(), signs.end(), [&](auto const& one) { return one.second == comparison.how; });
    std::string out = comparison.field + std::string(sign->first);
    for (std::size_t i = 0; i < comparison.values.size(); ++i) out += (i == 0 ? "" : "|") + quoted(text_of(comparison.values[i]));
    return out;
}

/// A part of a larger expression, in parentheses when it would be read otherwise without.
std::string printed_part(Expression const& part, What around) {
    bool const needed = part.what == What::any_of || part.what == around || (around == What::none_of && part.what == What::all_of);
    return needed ? "(" + print(part) + ")" : print(part);
}

} // namespace

Outcome<Expression> parse(std::string_view text, std::vector<Field> const& fields) { return Parser(text, fields).run(); }

std::string quoted(std::string_view text) {
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_bare)) return std::string(text);
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

std::string print(Expression const& expression) {
    switch (expression.what) {
    case What::comparison: return printed(expression.comparison);
    case What::none_of: return "not " + printed_part(expression.parts.front(), What::none_of);
    case What::all_of:
    case What::any_of: break;
    }
    std::string out;
    for (auto const& part : expression.parts)
        out += (out.empty() ? "" : expression.what == What::all_of ? " and " : " or ") + printed_part(part, expression.what);
    return out;
}

} // namespace npod::filter
