#pragma once
/// How ports are listed, wherever they are.

#include "cli/output.hpp"

namespace npod::cli {

/// The list of npctl port list.
ListView ports_view();
/// POST /v1/ports/{id}/{act} with this body for every open port that meets -q, each by itself: lists them first, asks, tells
/// what became of each (noun_port_bulk.cpp).
Exit act_on_all(Session& session, Arguments const& arguments, std::string_view act, json::object const& body);

} // namespace npod::cli
