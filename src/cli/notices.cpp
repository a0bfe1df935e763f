#include "cli/notices.hpp"

#include "cli/lookup.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

namespace npod::cli {

namespace {

/// Every line of the text, which ends in a line break, broken where the screen ends.
std::string fitted(std::string_view text, int width) {
    std::string out;
    if (text.ends_with('\n')) text.remove_suffix(1);
    for (auto const& line : wrapped(text, width)) out += line + "\n";
    return out;
}

std::string page(json::object const& notice, bool plain, int width) {
    auto out = fitted(text_in(notice, "text"), width);
    auto const footer = text_in(notice, "footer");
    return plain || footer.empty() ? out : out + "\n--\n" + fitted(footer, width);
}

} // namespace

Exit print_notice(Session& session, Arguments const& arguments, std::string target, std::string const& name) {
    if (arguments.has("--lang")) target += "?lang=" + url_encoded(arguments.text("--lang"));
    auto const notice = get_object(session, target);
    return print_one(session, notice, name,
                     [&] { return page(notice, arguments.has("--plain"), session.screen().width); });
}

} // namespace npod::cli
