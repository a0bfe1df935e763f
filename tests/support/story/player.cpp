#include "player.hpp"

namespace npod::story {

namespace {

/// A detail of a statement, or nothing at all, is not a moment: the story is wrong, not the daemon.
Moment moment_of(Statement const& statement, std::string const& word) {
    auto const moment = parse_rfc3339(full_moment(word));
    if (!moment) statement.fail(word + " is not a time. Write it with its offset: 2026-03-02T09:00+01:00.");
    return *moment;
}

} // namespace

boost::json::value asked(Daemon& daemon, std::string const& target, Statement const& statement) {
    auto reply = daemon.get(target);
    if (!reply.good())
        statement.fail(daemon.code() + " answers GET " + target + " with " + std::to_string(reply.status) + ": " +
                       reply.text);
    return std::move(reply.body);
}

void Player::play(std::vector<Statement> const& story) {
    for (auto const& statement : story) {
        try {
            play(statement);
        } catch (StoryError const& error) {
            auto const text = std::string(error.what());
            if (text.starts_with(statement.file + ":")) throw;
            statement.fail(text);
        }
    }
}

void Player::play(Statement const& statement) {
    auto const& word = statement.head.at(0);
    if (word == "part")
        narrator_.part(statement.whole_text());
    else if (word == "tell")
        narrator_.tell(statement.whole_text());
    else if (word == "define")
        definitions_[statement.head.at(1)] = statement.details;
    else if (word == "clock")
        clock(statement);
    else if (word == "expect")
        expect(statement);
    else if (word == "show")
        show(statement);
    else {
        act(statement);
        news_.tell(); // after the act, when the story knows the ids that it brought
    }
}

void Player::clock(Statement const& statement) {
    auto const to = moment_of(statement, statement.head.at(1));
    if (market_.is_open())
        market_.advance(to);
    else
        market_.open(to);
    narrator_.at(market_.now());
}

} // namespace npod::story
