#pragma once
/// From what we keep to what the wire carries, and back: customer data, the fates of related numbers in a note.

#include "porting/messages.hpp"
#include "porting/model.hpp"

#include <vector>

namespace npod::porting {

/// As far as the wire can carry it, within its lengths.
message::CustomerInfo customer_info(Customer const& customer, std::string_view donor_account);
/// What can be known of a customer from the wire alone.
Customer customer_from(message::CustomerInfo const& info);

/// The wire has no field for the fates of related numbers (RULES-BE section 3); they travel in the note as
/// "FATES KEEP +3225501111 CANCEL +3225501112..+3225501115", when they fit its 100 characters.
std::string note_with_fates(std::string_view note, std::vector<RelatedNumber> const& related);
std::vector<RelatedNumber> fates_in(std::string_view note);

message::PortRequest request_message(Port const& port, std::vector<NumberRange> numbers);

/// Joins neighbouring ranges that were answered alike. Sorted input.
std::vector<message::AnsweredRange> joined_answers(std::vector<message::AnsweredRange> ranges);

/// What counts of a name when it is compared: letters in lower case and digits.
std::string folded(std::string_view text);
/// Compares names and house numbers as people write them: letter case, spaces and punctuation do not matter.
bool same_text(std::string_view a, std::string_view b);
/// Whether `part` stands in `whole`, compared in the same way.
bool contains_text(std::string_view whole, std::string_view part);

} // namespace npod::porting
