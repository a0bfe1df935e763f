#include "porting/model.hpp"

#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace npod::porting {

namespace {

/// A small two-way table of enumerators and names.
template <class E, std::size_t N>
struct Names {
    std::array<std::pair<E, std::string_view>, N> rows;
    constexpr std::string_view of(E e) const {
        for (auto const& [value, name] : rows)
            if (value == e) return name;
        return "";
    }
    constexpr std::optional<E> find(std::string_view name) const {
        for (auto const& [value, known] : rows)
            if (known == name) return value;
        return {};
    }
};

constexpr Names<Fate, 3> fates{{{{Fate::port, "port"}, {Fate::keep, "keep"}, {Fate::cancel, "cancel"}}}};
constexpr Names<Role, 2> roles{{{{Role::port_in, "port_in"}, {Role::port_out, "port_out"}}}};
constexpr Names<Causer, 5> causers{{{{Causer::recipient, "recipient"},
                                    {Causer::donor, "donor"},
                                    {Causer::subscriber, "subscriber"},
                                    {Causer::hub, "hub"},
                                    {Causer::calendar, "calendar"}}}};
constexpr Names<SubjectKind, 6> subject_kinds{{{{SubjectKind::line, "line"},
                                               {SubjectKind::number, "number"},
                                               {SubjectKind::contract, "contract"},
                                               {SubjectKind::claim, "claim"},
                                               {SubjectKind::delivery, "delivery"},
                                               {SubjectKind::parked, "parked"}}}};

/// Open states, the most urgent first: what a clerk should see of a port whose lines differ.
constexpr std::string_view port_in_urgency[] = {
    "answer_overdue", "activation_overdue",    "reactivating", "draft",      "on_hold",   "activating",
    "requested",      "answer_announced_late", "awaiting_answer", "cancelling", "postponed", "scheduled"};
constexpr std::string_view port_out_urgency[] = {"disputed",   "answer_overdue", "answer_delayed",
                                                "validating", "postponed",      "awaiting_execution"};

std::span<std::string_view const> urgency(Role role) {
    if (role == Role::port_in) return port_in_urgency;
    return port_out_urgency;
}

template <class M>
bool is_settled(M const& table, std::string_view name) {
    typename M::State state{};
    NPOD_PROMISE(machine::find_state(table, name, state));
    return table.about(state).kind == machine::Kind::settled;
}

} // namespace

std::string_view name_of(Fate fate) { return fates.of(fate); }
std::optional<Fate> fate_of(std::string_view name) { return fates.find(name); }
std::string_view name_of(Role role) { return roles.of(role); }
std::optional<Role> role_of(std::string_view name) { return roles.find(name); }
std::string_view name_of(Causer causer) { return causers.of(causer); }
std::optional<Causer> causer_of(std::string_view name) { return causers.find(name); }
std::string_view name_of(SubjectKind kind) { return subject_kinds.of(kind); }
std::optional<SubjectKind> subject_kind_of(std::string_view name) { return subject_kinds.find(name); }

Subject subject_of(Line const& line) {
    return {SubjectKind::line, line.port.text + "/" + std::to_string(line.no)};
}
Subject subject_of(NumberRecord const& number) { return {SubjectKind::number, to_string(number.number)}; }
Subject subject_of(Contract const& contract) { return {SubjectKind::contract, contract.id.text}; }
Subject subject_of(Claim const& claim) { return {SubjectKind::claim, claim.id.text}; }

std::optional<std::pair<PortId, int>> parse_line_id(std::string_view id) {
    auto const slash = id.rfind('/');
    if (slash == std::string_view::npos || slash == 0) return {};
    auto const digits = id.substr(slash + 1);
    int no = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), no);
    if (error != std::errc{} || end != digits.data() + digits.size() || no < 1) return {};
    return std::pair{PortId{std::string(id.substr(0, slash))}, no};
}

bool line_settled(Role role, std::string_view state) {
    return role == Role::port_in ? is_settled(port_in::table, state) : is_settled(port_out::table, state);
}

bool all_settled(Role role, std::vector<Line> const& lines) {
    return std::ranges::all_of(lines, [&](Line const& line) { return line_settled(role, line.state); });
}

std::string roll_up(Role role, std::vector<Line> const& lines) {
    if (lines.empty()) return {};
    bool const alike = std::ranges::all_of(lines, [&](Line const& line) { return line.state == lines[0].state; });
    if (alike) return lines[0].state;
    bool const some_settled = std::ranges::any_of(lines, [&](Line const& line) { return line_settled(role, line.state); });
    for (auto const state : urgency(role))
        if (std::ranges::any_of(lines, [&](Line const& line) { return line.state == state; }))
            return (some_settled ? "partly_" : "") + std::string(state);
    std::string_view const success = role == Role::port_in ? "completed" : "executed";
    bool const some_done = std::ranges::any_of(lines, [&](Line const& line) { return line.state == success; });
    return some_done ? "partly_" + std::string(success) : "closed";
}

} // namespace npod::porting
