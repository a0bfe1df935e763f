/// House rules: what the law leaves open and a daemon must still decide. All of them may be configured.

#include "rules/rulebook_table.hpp"

#include <array>

namespace npod::rules {

namespace {

using enum Unit;

constexpr RuleRow house(std::string_view id, std::string_view title, Unit unit, std::string_view value,
                        std::string_view text_of_rule, Anchor anchor = Anchor::message) {
    return {id, title, unit, value, Standing::assumed, "house practice", text_of_rule, {}, anchor};
}

constexpr std::array rows{
    house("npod.delivery.expires", "An undelivered message is given up", working_days, "1",
          "A message that could not be delivered by then comes back as an event."),
    house("npod.draft.expires", "A draft lapses", calendar_days, "30",
          "An order that was never sent lapses after this time."),
    house("npod.reminder", "Reminders", working_days, "1", "How often a person is reminded of an overdue wait.",
          Anchor::moment),
    house("npod.parked.expires", "A parked message is given up", working_days, "1",
          "A message that arrived before its request waits for it this long, then goes to a person."),
    house("npod.delayed_answer.within", "A delayed answer without a date", working_days, "1",
          "When the donor announces a delay without saying until when, its answer is due this long after the "
          "announcement."),
    house("npod.claim.decide_within", "A claim is decided", working_days, "20",
          "A filed claim is decided within this time.", Anchor::moment),
    house("npod.cancel.confirm", "A cancel is taken", working_days, "1",
          "A cancel that the interchange has not taken within this time is sent again, and a person is told."),
    house("npod.deadline.retry", "A deadline that cannot be carried out is tried again", hours, "24",
          "When what a passed deadline brings cannot be worked out, such as a reminder beyond the last year of the "
          "calendar, a person is told and it is tried again after this time."),
    house("npod.horizon", "Planning horizon", calendar_days, "365", "No date is agreed further ahead than this."),
};

} // namespace

std::span<RuleRow const> house_rules() { return rows; }

} // namespace npod::rules
