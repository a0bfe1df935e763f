#pragma once
/// What npctl can do, as tables: one row per verb. Parsing, help, completion and "did you mean" all read the same rows.

#include "cli/exit.hpp"
#include "cli/times.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npod::cli {

class Session;

/// What was typed behind noun and verb, by name of operand or flag ("ID", "--reason").
class Arguments {
public:
    bool has(std::string_view name) const { return values_.contains(name); }
    /// The first value; empty when absent.
    std::string text(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    /// A moment made UTC for the API; nothing when absent. Throws Stop (usage) when it cannot be read.
    std::optional<std::string> moment(std::string_view name) const;
    void add(std::string const& name, std::string value) { values_[name].push_back(std::move(value)); }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// A word that is told by its place.
struct Operand {
    std::string_view name; ///< "ID"; in brackets when it may be left out: "[YEAR]"; "[PORT...]" for any number of them
    std::string_view help;
    bool optional() const { return name.starts_with('['); }
    bool repeats() const { return name.ends_with("...]"); }
    std::string key() const {
        return std::string(optional() ? name.substr(1, name.size() - (repeats() ? 5 : 2)) : name);
    }
};

/// A word that starts with "--".
struct Flag {
    std::string_view name;  ///< "--reason"
    std::string_view value; ///< what follows, "TEXT"; empty: nothing does
    std::string_view help;
    bool required = false;
    bool repeats = false;
    std::string_view letter = {}; ///< "-f"
};

/// -q of lists that take a filter.
inline constexpr Flag query_flag{"--query", "FILTER", "only those: 'waiting_for=donor and due<2wd'; npctl help filter", false,
                                 false, "-q"};

/// How much a verb does: which common flags it takes. What makes something new has no version to be asked for.
/// What has an end of its own, a copy or a page, is not watched.
enum class Does { tell, read, list, write, make };

struct Verb {
    std::string_view noun, name;
    std::string_view summary; ///< one sentence
    std::vector<Operand> operands;
    std::vector<Flag> flags; ///< its own; common ones come from `does`
    Does does = Does::read;
    Exit (*run)(Session&, Arguments const&) = nullptr;
};

/// A word of its own kind, "status": noun without a verb.
constexpr std::string_view no_verb{};

/// Whether the noun is a command by itself, without a verb: status, radar.
bool stands_alone(std::string_view noun);

/// Every verb, nouns in the order in which people read them.
std::vector<Verb> const& all_verbs();

/// Flags that every command takes, and those of each kind of verb.
std::vector<Flag> const& global_flags();
std::vector<Flag> flags_of(Verb const& verb); ///< own and those of its kind, without the global ones

/// The rows of each noun, in the file of the noun.
std::vector<Verb> status_verbs();
std::vector<Verb> port_read_verbs();
std::vector<Verb> port_write_verbs();
std::vector<Verb> port_simulate_verbs();
std::vector<Verb> port_import_verbs();
std::vector<Verb> number_verbs();
std::vector<Verb> number_import_verbs();
std::vector<Verb> contract_verbs();
std::vector<Verb> contract_import_verbs();
std::vector<Verb> claim_verbs();
std::vector<Verb> timer_verbs();
std::vector<Verb> radar_verbs();
std::vector<Verb> report_verbs();
std::vector<Verb> event_verbs();
std::vector<Verb> operator_verbs();
std::vector<Verb> operator_sheet_verbs();
std::vector<Verb> rule_verbs();
std::vector<Verb> calendar_verbs();
std::vector<Verb> machine_verbs();
std::vector<Verb> case_verbs();
std::vector<Verb> clock_verbs();
std::vector<Verb> daemon_verbs();
std::vector<Verb> completion_verbs();
std::vector<Verb> manual_verbs();

} // namespace npod::cli
