#include "cli/run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <ostream>
#include <thread>

namespace npod::cli {

namespace {

constexpr std::chrono::seconds watch_interval{2};

Exit watch(Invocation const& invocation, Terminal const& terminal, Connect const& connect) {
    if (!terminal.out_is_terminal)
        throw Stop(Exit::usage, "--watch writes over the screen, and this is no terminal.\n  next:  leave it out, or "
                                "use npctl event list -f.");
    for (;;) {
        *terminal.out << "\x1b[H\x1b[2J";
        Session session(invocation.options, terminal, connect); // anew: a daemon that was restarted is found again
        try {
            invocation.verb->run(session, invocation.arguments);
        } catch (Stop const& stop) {
            if (stop.exit() != Exit::unreachable) throw; // a daemon that restarts comes back
            *terminal.out << "npctl: " << stop.what() << "\n";
        } catch (NetworkFault const& fault) {
            *terminal.out << "npctl: " << fault.what() << "\n";
        }
        terminal.out->flush();
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
        *terminal.err << "npctl: " << text << std::endl;
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
