/// Ports: lists, one port, and everything that explains one.

#include "api/filters.hpp"
#include "api/in_words.hpp"
#include "api/parameters.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/nearest.hpp"
#include "porting/decide.hpp"
#include "protocol/business/decode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace npod::api {

// ---------------------------------------------------------------------------------------------------------- one port

Refusal no_such_port(std::string_view id) {
    return {RefusalCode::not_found,
            fmt::format("There is no port \"{}\".", first_characters(id, 80)),
            {},
            "Find it by any key: GET /v1/find/{key}, or npctl status KEY.",
            {}};
}

namespace {

/// The port in the path shown by `show`, or 404.
template <class Show>
http::Response show_port(Reading const& reading, Show show) {
    auto const& id = reading.ids.at(0);
    auto const port = reading.look.book.port(PortId{id});
    if (!port) return problem(no_such_port(id));
    return show(*port);
}

} // namespace

http::Response read_port(Reading const& reading) {
    return show_port(reading, [&](porting::Port const& port) {
        return ok_in_words(reading, with_learned_later(view_of(port, reading.look), port.id.text, reading));
    });
}

http::Response read_why(Reading const& reading) {
    return show_port(reading, [&](porting::Port const& port) {
        auto view = why_view(port, record_about(reading.reader, port.id.text), reading.look);
        return ok_in_words(reading, with_learned_later(std::move(view), port.id.text, reading));
    });
}

http::Response read_residue(Reading const& reading) {
    return show_port(reading, [&](porting::Port const& port) {
        return ok_in_words(reading, with_learned_later(residue_view(port, reading.look), port.id.text, reading));
    });
}

http::Response read_eligible(Reading const& reading) {
    return show_port(reading, [&](porting::Port const& port) {
        if (port.role == porting::Role::port_out)
            return ok_in_words(reading, eligible_view(port, reading.context.settings, reading.look));
        return problem(Refusal{RefusalCode::not_admissible,
                               fmt::format("{} is a port-in: which grounds there are is for its donor {} to say.",
                                           port.id.text, port.donor.text),
                               {},
                               fmt::format("See what it answered with: npctl port show {}", port.id.text),
                               {}});
    });
}

http::Response read_compensation(Reading const& reading) {
    return show_port(reading, [&](porting::Port const& port) {
        if (port.role == porting::Role::port_in)
            return ok_in_words(reading, with_learned_later(compensation_view(port, reading.look), port.id.text, reading));
        return problem(
            Refusal{RefusalCode::not_admissible,
                    fmt::format("{} is a port-out: what its customer is owed is the affair of the recipient {} "
                                "(be.comp.payer).",
                                port.id.text, port.recipient.text),
                    {},
                    "Ask the recipient.",
                    {}});
    });
}

http::Response read_timeline(Reading const& reading) {
    auto const limit = limit_of(reading.request, limits::page_items_max);
    auto const cursor = count_of(reading.request, "cursor", 0);
    if (!limit) return problem(limit.refusals());
    if (!cursor) return problem(cursor.refusals());
    return show_port(reading, [&](porting::Port const& port) {
        auto rows = reading.reader.log_about(port.id.text, *cursor, *limit + 1);
        bool const more = rows.size() > static_cast<std::size_t>(*limit);
        if (more) rows.pop_back();
        json::array items;
        for (auto const& row : rows) items.push_back(view_of(row));
        json::object view{{"port", port.id.text}, {"items", std::move(items)}, {"next", nullptr}};
        if (more) view["next"] = std::to_string(rows.back().seq);
        return ok_in_words(reading, std::move(view));
    });
}

// -------------------------------------------------------------------------------------------------------------- lists

namespace {

/// The states that a port can be in: those of both machines, and what a roll-up adds.
bool is_port_state(std::string_view state) {
    if (state.starts_with("partly_") || state == "closed") return true;
    return machine::find_named(machine::find_outline("port_in")->states, state) ||
           machine::find_named(machine::find_outline("port_out")->states, state);
}

Refusal unknown_state(std::string_view state) {
    std::vector<std::string_view> names;
    for (auto const name : {"port_in", "port_out"})
        for (auto const& known : machine::find_outline(name)->states) names.push_back(known.name);
    auto const close = nearest(state, names);
    return {RefusalCode::malformed,
            fmt::format("\"{}\" is not a state of a port.", first_characters(state, 60)),
            "state",
            close.empty() ? "See GET /v1/machines/port_in and port_out." : fmt::format("Did you mean \"{}\"?", close),
            {}};
}

struct ListQuestion {
    storage::PortFilter filter;
    std::optional<std::string> number, order, dossier; ///< each names so few ports that no page is needed
    bool by_key() const { return number || order || dossier; }
};

Outcome<ListQuestion> list_question(http::Request const& request) {
    ListQuestion question;
    std::vector<Refusal> problems;
    auto const add = [&](std::vector<Refusal> const& more) {
        problems.insert(problems.end(), more.begin(), more.end());
    };
    if (auto const role = request.query("role")) {
        question.filter.role = porting::role_of(*role);
        if (!question.filter.role)
            add({{RefusalCode::malformed,
                  fmt::format("\"{}\" is not a role.", first_characters(*role, 60)),
                  "role",
                  "Send port_in or port_out.",
                  {}}});
    }
    if (auto const state = request.query("state")) {
        question.filter.state = *state;
        if (!is_port_state(*state)) add({unknown_state(*state)});
    }
    auto const open = flag_of(request, "open");
    if (open) question.filter.open_only = *open;
    add(open.refusals());
    auto const limit = limit_of(request, limits::page_items_default);
    if (limit) question.filter.limit = *limit;
    add(limit.refusals());
    if (auto const code = request.query("counterpart")) question.filter.counterpart = OperatorCode{*code};
    if (auto const id = request.query("contract")) question.filter.contract = ContractId{*id};
    question.filter.after = PortId{request.query("cursor").value_or("")};
    question.number = request.query("number"), question.order = request.query("order"),
    question.dossier = request.query("dossier");
    if (question.number) add(porting::parse_e164(*question.number).refusals());
    if (!problems.empty()) return problems;
    return question;
}

bool fits(porting::Port const& port, ListQuestion const& question, porting::Book const& book) {
    auto const& filter = question.filter;
    auto const in_state = [&] {
        if (port.state == *filter.state) return true;
        auto const lines = book.lines(port.id);
        return std::any_of(lines.begin(), lines.end(), [&](auto const& line) { return line.state == *filter.state; });
    };
    return (!filter.role || port.role == *filter.role) && (!filter.open_only || !port.settled) &&
           (!filter.counterpart || port.donor == *filter.counterpart || port.recipient == *filter.counterpart) &&
           (!filter.contract || port.contract == *filter.contract) &&
           (!question.order || port.order.text == *question.order) &&
           (!question.dossier || port.dossier.text == *question.dossier) && (!filter.state || in_state());
}

/// The few ports that a number, an order or a dossier names.
std::vector<porting::Port> ports_by_key(Reading const& reading, ListQuestion const& question) {
    std::vector<porting::Port> found;
    auto const& book = reading.look.book;
    if (question.number)
        found = reading.reader.ports_of_number(*porting::parse_e164(*question.number));
    else if (question.order) {
        if (auto port = book.port_by_order(OrderId{*question.order})) found.push_back(std::move(*port));
    } else {
        for (auto const role : {porting::Role::port_in, porting::Role::port_out})
            if (auto port = book.port_by_dossier(DossierId{*question.dossier}, role)) found.push_back(std::move(*port));
    }
    std::erase_if(found, [&](auto const& port) { return !fits(port, question, book); });
    return found;
}

json::array summaries(std::vector<porting::Port> const& ports, Look const& look) {
    json::array items;
    for (auto const& port : ports) items.push_back(summary_of(port, look));
    return items;
}

Refusal q_beside_a_key() {
    return {RefusalCode::malformed,
            "q does not go together with number, order or dossier.",
            "q",
            "Ask for them in the filter: q=number=+3225501100 and state=scheduled.",
            {}};
}

http::Response page_of_ports(Reading const& reading, storage::PortFilter filter) {
    Measuring const measuring(reading);
    auto const limit = static_cast<std::size_t>(filter.limit++); // one more tells whether there is a next page
    auto ports = reading.reader.ports(filter);
    bool const more = ports.size() > limit;
    if (more) ports.pop_back();
    return ok(page(summaries(ports, reading.look), more ? ports.back().id.text : "", reading.reader.count_ports(filter)));
}

} // namespace

http::Response read_ports(Reading const& reading) {
    auto question = list_question(reading.request);
    auto condition = condition_of(reading.request, port_fields(), reading.look);
    auto problems = question.refusals();
    for (auto const& refusal : condition.refusals()) problems.push_back(refusal);
    if (!problems.empty()) return problem(problems);
    question->filter.condition = std::move(*condition);
    if (question->by_key()) {
        if (question->filter.condition) return problem(q_beside_a_key());
        auto const found = ports_by_key(reading, *question);
        return ok(page(summaries(found, reading.look), "", static_cast<std::int64_t>(found.size())));
    }
    try {
        return page_of_ports(reading, question->filter);
    } catch (storage::TooMuchWork const&) {
        return problem(too_much_work());
    }
}

// -------------------------------------------------------------------------------------------------------------- check

namespace {

/// Whether a problem is about the item `index` of the order's numbers.
bool is_about(Refusal const& refusal, std::size_t index) {
    auto const item = fmt::format("/numbers/{}", index);
    return refusal.pointer == item || refusal.pointer.starts_with(item + "/");
}

json::object verdict_on(porting::NumberRange numbers, std::size_t index, std::vector<Refusal> const& problems) {
    json::object verdict;
    if (numbers.first == numbers.last)
        verdict["number"] = porting::to_string(numbers.first);
    else
        verdict["range"] = view_of(numbers);
    json::array own;
    bool refused = false;
    for (auto const& problem : problems) {
        bool const about_this = is_about(problem, index);
        if (about_this) own.push_back(view_of(problem));
        // What is wrong with the order as a whole keeps every number here.
        refused = refused || about_this || !problem.pointer.starts_with("/numbers/");
    }
    verdict["verdict"] = refused ? "refused" : "may_leave";
    verdict["problems"] = std::move(own);
    return verdict;
}

} // namespace

http::Response check_order(Reading const& reading) {
    auto const decoded = protocol::business::decode_command("port.order", "", reading.request.body);
    if (!decoded) return problem(decoded.refusals());
    auto const& order = std::get<porting::input::OrderPortIn>(*decoded);
    auto const problems = porting::problems_of(order, reading.look.book, reading.look.rulebook,
                                               reading.context.settings, reading.look.now);
    json::array all, numbers;
    for (auto const& problem : problems) all.push_back(view_of(problem));
    for (std::size_t i = 0; i < order.numbers.size(); ++i) numbers.push_back(verdict_on(order.numbers[i], i, problems));
    return ok({{"ok", problems.empty()}, {"problems", std::move(all)}, {"numbers", std::move(numbers)}});
}

} // namespace npod::api
