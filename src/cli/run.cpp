#include "cli/run.hpp"

#include "cli/table.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ostream>
#include <sstream>
#include <thread>

namespace npod::cli {

namespace {

/// On a terminal every line of an error fits the screen, what is continued stands below its own beginning; elsewhere a line is a line.
std::string fitted(std::string const& text, Terminal const& terminal) {
    if (!terminal.out_is_terminal) return text;
    constexpr std::string_view next = "  next:  ";
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto const margin = line.starts_with(next) ? next.size() : line.find_first_not_of(' ');
        if (margin == std::string::npos) continue;
        auto wrapped = paragraph(line.substr(margin), {terminal.screen.width, false}, static_cast<int>(margin));
        out += (out.empty() ? "" : "\n") + wrapped.replace(0, margin, line, 0, margin);
        while (out.ends_with('\n')) out.pop_back();
    }
    return out;
}

constexpr std::chrono::seconds watch_interval{2};

Exit watch(Invocation const& invocation, Terminal const& terminal, Connect const& connect) {
    if (!terminal.out_is_terminal)
        throw Stop(Exit::usage, "--watch writes over the screen, and this is no terminal.\n  next:  leave it out, or "
                                "use npctl event list -f.");
    for (;;) {
        std::ostringstream page; // whole before the old one goes: else the screen is empty while the daemon thinks
        auto beside = terminal;
        beside.out = beside.err = &page;
        Session session(invocation.options, beside, connect); // anew: a daemon that was restarted is found again
        try {
            invocation.verb->run(session, invocation.arguments);
        } catch (Stop const& stop) {
            if (stop.exit() != Exit::unreachable) throw; // a daemon that restarts comes back
            page << "npctl: " << stop.what() << "\n";
        } catch (NetworkFault const& fault) {
            page << "npctl: " << fault.what() << "\n";
        }
        *terminal.out << "\x1b[H\x1b[2J" << page.str() << std::flush;
        std::this_thread::sleep_for(watch_interval);
    }
}

Exit perform(std::vector<std::string> const& words, Environment const& environment, Terminal const& terminal,
             Connect const& connect) {
    auto const invocation = parse(words, environment);
    if (!invocation.verb) {
        *terminal.out << invocation.help;
        return Exit::ok;
    }
    if (invocation.options.watch) return watch(invocation, terminal, connect);
    Session session(invocation.options, terminal, connect);
    return invocation.verb->run(session, invocation.arguments);
}

} // namespace

std::unique_ptr<Transport> connect(Options const& options) {
    return options.db.empty() ? to_daemon(options.url) : to_file(options.db);
}

Exit run(std::vector<std::string> const& words, Environment const& environment, Terminal terminal,
         Connect const& connect) {
    auto const tell = [&](Exit exit, std::string const& text) {
        terminal.out->flush();
        *terminal.err << fitted("npctl: " + text, terminal) << std::endl;
        return exit;
    };
    try {
        auto const exit = perform(words, environment, terminal, connect);
        terminal.out->flush();
        return exit;
    } catch (Stop const& stop) {
        return tell(stop.exit(), stop.what());
    } catch (NetworkFault const& fault) {
        return tell(Exit::unreachable, fault.what());
    } catch (ConfigFault const& fault) {
        return tell(Exit::usage, fault.what());
    } catch (std::exception const& fault) {
        return tell(Exit::failure, fault.what());
    }
}

} // namespace npod::cli
