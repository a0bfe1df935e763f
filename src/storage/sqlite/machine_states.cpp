#include "storage/sqlite/machine_states.hpp"

#include "state_machines/claim.hpp"
#include "state_machines/delivery.hpp"
#include "state_machines/port_in.hpp"
#include "state_machines/port_out.hpp"

namespace npod::storage::sqlite {

namespace {

template <class Machine>
bool is_settled(Machine const& machine, std::string_view name) {
    typename Machine::State state{};
    return machine::find_state(machine, name, state) && machine.about(state).kind == machine::Kind::settled;
}

} // namespace

bool line_is_settled(porting::Role role, std::string_view state) {
    return role == porting::Role::port_in ? is_settled(port_in::table, state) : is_settled(port_out::table, state);
}
bool claim_is_settled(std::string_view state) { // a lapsed one rests: nobody must move, yet it may still be written down
    claim::State found{};
    return machine::find_state(claim::table, state, found) && claim::table.about(found).kind != machine::Kind::waiting;
}
bool delivery_is_settled(std::string_view state) { return is_settled(delivery::table, state); }

} // namespace npod::storage::sqlite
