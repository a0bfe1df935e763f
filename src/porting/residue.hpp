#pragma once
/// What a port-out ports, leaves and ends at our contracts (be.end.full, be.end.partial, be.easyswitch.default): every number and every
/// service of a contract with its fate, before and after. Pure.

#include "porting/book.hpp"
#include "porting/licence.hpp"
#include "rules/rulebook.hpp"

#include <optional>
#include <string>
#include <vector>

namespace npod::porting {

/// Every fate that was stated for what was not asked for: what our own people said, then what the recipient wrote in its note.
std::vector<RelatedNumber> stated_fates(Port const& port);

/// The numbers of a contract's consecutive range `held` whose fate nobody stated: not of the port, not leaving by another one, not spoken
/// of. A number in another range of the contract needs no word: it stays (be.easyswitch.default). `asked`: those of the port's lines.
std::vector<NumberRange> unstated_in(NumberRange held, std::vector<NumberRange> const& asked, std::vector<RelatedNumber> const& fates,
                                     Book const& book);

/// The contracts of ours that the numbers of a port-out are of, or were of when it came; the port's own first.
std::vector<Contract> contracts_of(Port const& port, std::vector<Line> const& lines, Book const& book);

/// One contract, as one port leaves it.
struct Residue {
    struct Item {
        NumberRange numbers;
        std::string fate; ///< open: "ports", "left" (gone already), "stays", "ends", "unstated"; settled: "left", "stayed", "ended"
        std::string why;
    };
    struct Service {
        std::string name;
        std::string fate; ///< "stays", "ends", "unstated"; settled: "stayed", "ended"
        std::string why;
    };
    ContractId contract;
    bool settled = false;         ///< the port is: everything below has happened
    std::vector<Item> numbers;
    std::vector<Service> services;
    bool ends_wholly = false;     ///< once everything that ports is effective; settled: it did, with this port
    std::optional<Licence> licence_before, licence_after; ///< for products that the rulebook has a rule for
    std::string sentence;
    bool complete() const; ///< nothing is unstated: the donor may accept
};
Residue residue(Port const& port, std::vector<Line> const& lines, Contract const& contract, Book const& book,
                rules::Rulebook const& rulebook);
/// Of numbers that no contract of ours holds or held; nothing when there are none.
std::optional<Residue> residue_without_contract(Port const& port, std::vector<Line> const& lines, std::vector<Contract> const& contracts);

} // namespace npod::porting
