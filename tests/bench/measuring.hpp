#pragma once
/// What the files of the measures share.

#include "measures.hpp"
#include "served.hpp"

#include "figures.hpp"

#include <string>

namespace npod::bench {

inline Served::Setup setup_of(Plan const& plan, std::string const& folder) {
    Served::Setup setup;
    setup.npod = plan.npod;
    setup.folder = folder;
    setup.connections = plan.load.concurrent;
    return setup;
}

/// How long `npctl status` takes, the whole process, for plan.seconds.
Spread status_of(Plan const& plan, Served const& served);

Figures flat(Plan const& plan);
Figures reader(Plan const& plan);

} // namespace npod::bench
