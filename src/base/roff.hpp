#pragma once
/// A manual page in the making: man(7) macros, everything that could be mistaken for one escaped. Pure.

#include <string>
#include <string_view>

namespace npod {

class ManualPage {
public:
    /// "npctl-port", 1, "ports from the command line"
    ManualPage(std::string_view name, int section, std::string_view what);
    ManualPage& heading(std::string_view title);
    ManualPage& paragraph(std::string_view text);
    /// A term in bold with what it means indented below it.
    ManualPage& item(std::string_view term, std::string_view meaning);
    /// Lines to be shown as they are.
    ManualPage& example(std::string_view lines);
    std::string const& text() const { return text_; }

private:
    std::string text_;
};

} // namespace npod
