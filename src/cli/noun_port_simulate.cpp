/// What would happen to a port, who would pay, who would have caused it. Nothing is written.

#include "cli/changes.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

Exit simulate(Session& session, Arguments const& arguments) {
    auto body = body_of(arguments);
    body["event"] = arguments.text("--event");
    struct Member {
        std::string_view flag, name;
    };
    for (auto const& [flag, name] :
         {Member{"--at", "at"}, Member{"--first-possible", "first_possible_at"}, Member{"--until", "until"},
          Member{"--to", "to"}, Member{"--received-at", "received_at"}, Member{"--effective-at", "effective_at"}})
        if (auto const at = arguments.moment(flag)) body[name] = *at;
    for (auto const& [flag, name] : {Member{"--cause", "cause"}, Member{"--claimant", "claimant"}})
        if (arguments.has(flag)) body[name] = arguments.text(flag);
    auto const grounds = arguments.texts("--ground");
    if (!grounds.empty()) body["grounds"] = json::array(grounds.begin(), grounds.end());
    if (arguments.has("--agreed-by-customer")) body["agreed_by_customer"] = true;
    auto const id = find_port(session, arguments.text("ID"));
    auto const reply = session.change("POST", port_target(id, "simulate"), body);
    static json::object const none;
    auto const& simulation = reply.is_object() ? reply.get_object() : none;
    return print_one(session, reply, id, [&] { return simulation_page(simulation, paper_of(session)); });
}

std::string state_text(json::object const& simulation, std::string_view when) {
    auto const& then = object_in(simulation, when);
    auto const total = text_in(then, "total");
    return words_of(text_in(then, "state")) + (total.empty() ? "" : ", " + total + " owed");
}

std::string moves_text(json::array const& moves) {
    std::string text;
    for (auto const& move : moves)
        text += fmt::format("{}{}: {}, now {}{}", text.empty() ? "" : "\n", text_in(move, "id"),
                            words_of(text_in(move, "from")), words_of(text_in(move, "to")),
                            text_in(move, "note").empty() ? "" : " (" + text_in(move, "note") + ")");
    return text;
}

} // namespace

std::string simulation_page(json::object const& simulation, Paper const& paper) {
    auto out =
        painted(fmt::format("{}: if {} {} {}", text_in(simulation, "port"), words_of(text_in(simulation, "event")),
                            text_in(simulation, "event") == "silence" ? "until" : "at",
                            paper.times.full(text_in(simulation, "at"))),
                Tone::strong, paper.screen) +
        "\nThis did not happen: nothing was written or sent.\n\n";
    for (auto const& refusal : list_in(simulation, "refused")) {
        out += paragraph("It would be refused: " + text_in(refusal, "detail"), paper.screen, 0, Tone::alarm);
        if (auto const next = text_in(refusal, "next"); !next.empty())
            out += paragraph("next: " + next, paper.screen, 2);
    }
    if (!list_in(simulation, "steps").empty())
        out +=
            painted("On the way", Tone::strong, paper.screen) + "\n" +
            timeline_page(json::object{{"port", text_in(simulation, "port")}, {"items", list_in(simulation, "steps")}},
                          paper) +
            "\n";
    auto const& then = object_in(simulation, "then");
    Sheet sheet;
    sheet.add("Now", state_text(simulation, "before"));
    sheet.add("Then",
              Cell(state_text(simulation, "after"), tone_of_state(text_in(object_in(simulation, "after"), "state"))));
    sheet.add("Next", text_in(then, "next_expected"));
    for (auto const& deadline : list_in(then, "deadlines"))
        sheet.add("Deadline", fmt::format("line {}: {} ({}): {}", text_in(deadline, "line"),
                                          paper.times.full(text_in(deadline, "due")), text_in(deadline, "rule"),
                                          text_in(deadline, "on_expiry")));
    sheet.add("Contracts", moves_text(list_in(simulation, "contracts")));
    auto const numbers = list_in(simulation, "numbers").size();
    if (numbers > 0)
        sheet.add("Numbers", numbers <= 4 ? moves_text(list_in(simulation, "numbers"))
                                          : fmt::format("{} would change their state", numbers));
    out += sheet.render(paper.screen, 0);
    auto const& compensation = object_in(simulation, "compensation");
    if (integer_in(compensation, "total/cents").value_or(0) > 0) out += "\n" + compensation_page(compensation, paper);
    return out;
}

std::vector<Verb> port_simulate_verbs() {
    return {{"port",
             "simulate",
             "Says what would happen, and who would pay; nothing is written.",
             {{"ID", "port id, or the order, dossier or number of one port"}},
             {{"--event", "NAME",
               "silence, acceptance_received, activation_done, cancel_requested, …; a wrong one names all", true},
              {"--at", "MOMENT", "when; now when not told"},
              numbers_flag,
              {"--first-possible", "MOMENT", "an acceptance's date; the same moment when not told"},
              {"--until", "MOMENT", "a postponement's or a delay's date"},
              {"--ground", "CODE", "of a refusal or postponement", false, true},
              {"--to", "MOMENT", "the new moment of reschedule_requested"},
              {"--agreed-by-customer", "", "with reschedule_requested"},
              {"--cause", "TEXT", "of activation_failed"},
              {"--claimant", "NAME", "of filed; the titular when not told"},
              {"--received-at", "MOMENT", "of filed"},
              {"--effective-at", "MOMENT", "of activation_done"}},
             Does::read,
             simulate}};
}

} // namespace npod::cli
