#pragma once
/// The working set of one event: what was read, what changed, what will be sent. Nothing outside the domain's own files uses it.

#include "porting/book.hpp"
#include "porting/settings.hpp"
#include "rules/laws.hpp"
#include "state_machines/grammar.hpp"

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npod::porting {

class Step {
public:
    Step(Book const& the_book, rules::Laws const& the_laws, Settings const& the_settings, Moment the_moment)
        : book(the_book), laws(the_laws), rulebook(the_laws.in_force()), settings(the_settings), now(the_moment) {}

    Book const& book;
    rules::Laws const& laws;
    rules::Rulebook const& rulebook; ///< in force: for new ports, numbers, contracts and messages
    /// The law that a port runs under: for everything about it, its lines and its claim.
    rules::Rulebook const& law_of(Port const& port) const { return laws.pinned(port.rulebook); }
    Settings const& settings;
    Moment const now;

    // -- the world, as changed so far; a null pointer means there is none. Pointers stay valid for the step's life.
    Port* port(PortId const& id);
    Port* port_of(DossierId const& dossier, Role role);
    std::vector<Line*> lines(PortId const& id); ///< in order of line number
    Line* line(PortId const& id, int no);
    NumberRecord* number(Number number);
    Contract* contract(ContractId const& id);
    Claim* claim(ClaimId const& id);
    Claim* claim_of(PortId const& id);
    Delivery* delivery(std::int64_t id);
    std::optional<Timer> timer(Subject const& subject) const;

    Port& add(Port port);
    Line& add_line(Port& port, Line line); ///< gives it the port's next line number
    NumberRecord& add(NumberRecord number);
    Contract& add(Contract contract);
    Claim& add(Claim claim);

    /// Lines of the port that cover exactly `numbers` and are not settled, splitting lines where needed: a split line keeps its
    /// state, history and deadline. Empty `numbers`: every open line. `all`: settled lines, too.
    enum class Lines : std::uint8_t { open, all };
    std::vector<Line*> cover(Port& port, std::vector<NumberRange> const& numbers, Lines which = Lines::open);

    void arm(Timer timer);
    void cancel(Subject const& subject);
    std::int64_t next(std::string_view counter);

    // -- what leaves; lines of one dossier leave together in one message of a kind
    void request(Port const& port, NumberRange numbers) { requests_[port.id].push_back(numbers); }
    void answer(Port const& port, message::AnsweredRange range) { answers_[port.id].push_back(std::move(range)); }
    void performed(Port const& port, NumberRange numbers, Moment effective) { performed_[{port.id, effective}].push_back(numbers); }
    void announce_delay(Port const& port, Moment until) { delays_[port.id] = until; }
    void withdraw(Port const& port) { cancels_[port.id] = true; }
    void give_back(OperatorCode const& holder, NumberRange numbers) { returns_[holder].push_back(numbers); }
    void complain(OperatorCode const& to, DossierId const& dossier, std::string code, std::string description, PortId const& port = {});

    // -- the record
    void note(std::string sentence) { effects_.notes.push_back(std::move(sentence)); }
    void about(std::string id) { effects_.about.push_back(std::move(id)); }
    void refuse(Refusal refusal) { effects_.answer.refusals.push_back(std::move(refusal)); }
    void refuse(std::vector<Refusal> refusals) { for (auto& r : refusals) refuse(std::move(r)); }
    bool refused() const { return !effects_.answer.refusals.empty(); }
    void answered(std::string subject, bool created = false) { effects_.answer.subject = std::move(subject); effects_.answer.created = created; }
    void told(std::vector<std::string> sentences) { effects_.answer.told = std::move(sentences); }
    void move(Move move) { effects_.moves.push_back(std::move(move)); }
    /// What we know ourselves: the numbers are served by `serving`, since `at`.
    void route(NumberRange numbers, OperatorCode const& serving, Moment at);
    /// What another tells: the table goes by the moment of a transfer, not of the news, and the wire tells whole seconds; of two of
    /// one second the later heard counts. Older news is noted and moves nothing. Returns the numbers that it moved.
    std::vector<NumberRange> route_as_told(NumberRange numbers, OperatorCode const& serving, Moment told);
    void block(NumberRange numbers, OperatorCode holder) { effects_.blocks.push_back({numbers, std::move(holder), now}); }
    void park(ParkedMessage message);
    void park_until(ParkedMessage message, Moment planned); ///< it is heard again at the moment that it names itself
    void unpark(std::int64_t seq, bool deal_with_it_now);

    std::vector<Port*> touched_ports(); ///< ports with a changed or new line
    /// Everything that changed, compared with what was read. A refused step changes nothing. Ends the step.
    Effects finish();

private:
    template <class T>
    struct Kept {
        std::optional<T> before;
        T now;
        bool touched = false; ///< changed because of something that belongs to it
        bool changed() const { return touched || !before || !(*before == now); }
    };
    template <class Key, class T>
    using Shelf = std::map<Key, Kept<T>>;
    template <class Key, class T>
    static T* keep(Shelf<Key, T>& shelf, Key const& key, std::optional<T> read);
    std::list<Kept<Line>>& load_lines(PortId const& id);
    Line* split(Port& port, Line& line, NumberRange part);
    void write_messages();
    void send(OperatorCode receiver, message::Body body, PortId port);

    Shelf<PortId, Port> ports_;
    std::map<PortId, std::list<Kept<Line>>> lines_;
    Shelf<Number, NumberRecord> numbers_;
    Shelf<ContractId, Contract> contracts_;
    Shelf<ClaimId, Claim> claims_;
    Shelf<std::int64_t, Delivery> deliveries_;
    std::map<Subject, std::optional<Timer>> timers_;
    std::map<PortId, std::vector<NumberRange>> requests_;
    std::map<std::pair<PortId, Moment>, std::vector<NumberRange>> performed_; ///< a message names one effective time
    std::map<PortId, std::vector<message::AnsweredRange>> answers_;
    std::map<PortId, Moment> delays_;
    std::map<PortId, bool> cancels_;
    std::map<OperatorCode, std::vector<NumberRange>> returns_;
    Effects effects_;
};

/// Runs one event through a machine for one entity: state, record and timer follow from the table. `deadline(timer)` gives the
/// armed timer's moment. The caller carries out `decision.actions`.
template <class M, class Entity, class Facts, class Deadline>
machine::Decision<M> drive(Step& step, M const& table, Entity& entity, Subject const& subject, typename M::Event event,
                           Facts const& facts, Deadline deadline, std::string note = {}) {
    typename M::State state{};
    NPOD_PROMISE(machine::find_state(table, entity.state, state));
    auto const decision = machine::decide(table, state, event, facts);
    Move record{subject, std::string(table.name), std::string(table.about(event).name), entity.state,
                std::string(table.about(decision.next).name), {}, {}, std::move(note)};
    switch (decision.verdict) {
    case machine::Verdict::moved: record.verdict = "moved"; break;
    case machine::Verdict::refused: record.verdict = "refused"; break;
    case machine::Verdict::ignored: record.verdict = "ignored"; break;
    }
    for (auto const action : decision.actions) record.actions.emplace_back(table.about(action).name);
    step.move(std::move(record));
    if (decision.entered) {
        entity.state = table.about(decision.next).name;
        entity.since = step.now;
        if (decision.arm == M::Timer::none) {
            if (decision.cancel != M::Timer::none) step.cancel(subject);
        } else {
            Timer timer = deadline(decision.arm);
            timer.subject = subject;
            timer.name = table.about(decision.arm).name;
            timer.armed_in = entity.state;
            step.arm(std::move(timer));
        }
    }
    return decision;
}

/// A timer by a rule of that law, counted from a moment; it carries the rule's real id.
inline Timer by_rule(rules::Rulebook const& law, std::string_view rule, Moment from) {
    return {{}, {}, law.due(rule, from), law.rule(rule, from).id, from, {}, law.version()};
}
/// The same by the law in force.
inline Timer by_rule(Step const& step, std::string_view rule, Moment from) { return by_rule(step.rulebook, rule, from); }
/// A timer at a moment that two parties fixed.
inline Timer at_agreed(Moment moment) { return {{}, {}, moment, "agreed", moment, {}}; }

} // namespace npod::porting
