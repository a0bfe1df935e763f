#pragma once
/// What a customer must be told now about a port or a contract: plain letters without jargon, in his language. Pure
/// functions of the stored facts, the law and the language; nobody sends them from here.

#include "base/language.hpp"
#include "porting/book.hpp"
#include "rules/rulebook.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::words {

/// From what is told, and to whom.
struct Telling {
    porting::Book const& book;
    rules::Rulebook const& law;
    OperatorCode own; ///< we, who write
    Moment now;       ///< amounts that still grow are told as of this moment
    Language language;
};

/// One letter.
struct Notice {
    std::string kind;    ///< for programs: "late", "refused", "ported", "partial_end", "whole_end", "portable", …
    std::string subject; ///< one line
    std::string greeting;
    std::vector<std::string> paragraphs;
    std::string closing;             ///< with our code on a line of its own
    std::vector<rules::Rule> rules;  ///< on which the letter rests, each once, in order of use
};

/// To the customer of that port: of a port-in as the recipient, of a port-out as the donor.
Notice notice_of(porting::Port const& port, Telling const& telling);
/// To the customer of that contract: in force, partly ended, terminated with its month, ended by a port.
Notice notice_of(porting::Contract const& contract, Telling const& telling);

/// The language that the customer of a port is written to: his own, else that of his contract with us; nothing when
/// neither is told.
std::optional<Language> language_of_customer(porting::Port const& port, porting::Book const& book);

/// For the desk, on what the letter rests, a line each: "be.end.partial: End of a part of the agreement (contract:
/// operator's terms, port-out (iii))"; empty when it rests on no rule.
std::string footer(Notice const& notice, Language language);
/// The letter as plain text, a paragraph a line, with an empty line between; the desk's footer too unless `plain`.
std::string letter(Notice const& notice, Language language, bool plain);

} // namespace npod::words
