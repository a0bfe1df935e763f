#pragma once
/// A case as one HTML page that opens without a server, a script or any request.

#include "base/language.hpp"
#include "casefile/case_file.hpp"
#include "casefile/telling.hpp"

#include <string>

namespace npod::cli {

struct CasePage {
    casefile::Opened const& opened;
    std::string word, verdict_text, seal_text, signature; ///< "SAME" and the sentences behind it
    Language language = Language::en;                      ///< of explanations; labels are English
    casefile::Verdict verdict;                             ///< its book is what is shown
};

/// Tables of lines, deadlines with their law, money, the timeline with both times, the raw messages, the machine with its
/// states lit. Everything that anybody wrote is escaped. The same case gives the same bytes.
std::string case_page(CasePage page);

} // namespace npod::cli
