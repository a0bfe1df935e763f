#include "engine/erasure.hpp"

#include "base/json.hpp"
#include "porting/pseudonyms.hpp"
#include "state_machines/outline.hpp"
#include "storage/erasure.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace npod::engine {

namespace json = boost::json;
using porting::Pseudonyms;

namespace {

constexpr int rows_a_page = 500;

// ------------------------------------------------------------------------------------------------- what belongs together

bool is_settled(std::string_view machine, std::string_view state) {
    auto const* const outline = machine::find_outline(machine);
    auto const* const known = outline ? machine::find_named(outline->states, state) : nullptr;
    return known && known->kind == machine::Kind::settled;
}

class Collector {
public:
    explicit Collector(storage::Ledger const& ledger)
        : ledger_(ledger), reader_(ledger.reader_on_same_connection()), book_(ledger.book()) {}

    void add_port(PortId const& id) {
        auto port = book_.port(id);
        if (!port || !seen_.insert("port " + id.text).second) return;
        if (!port->settled) stop(fmt::format("{} is {}", id.text, port->state), "Wait until it has come to its end.");
        for (auto const& delivery : reader_.deliveries_of(id))
            if (!is_settled("delivery", delivery.state))
                stop(fmt::format("a {} of {} is still on its way", delivery.type, id.text), "Wait until it has arrived.");
        if (auto const claim = book_.claim_of(id)) add_claim(*claim);
        for (auto& line : book_.lines(id)) found_.lines.push_back(std::move(line));
        auto const contract = port->contract;
        found_.ports.push_back(std::move(*port));
        if (contract) add_contract(contract);
    }

    void add_contract(ContractId const& id) {
        auto contract = book_.contract(id);
        if (!contract || !seen_.insert("contract " + id.text).second) return;
        if (contract->state != "ended")
            stop(fmt::format("contract {} is {}", id.text, contract->state), "Its customer's data are needed until it has ended.");
        found_.contracts.push_back(std::move(*contract));
        for (auto const& port : reader_.ports_of_contract(id)) add_port(port.id);
    }

    Outcome<Erasure> finish() {
        for (auto const& id : found_.about()) add_rows(id);
        if (!problems_.empty()) return problems_;
        std::ranges::sort(found_.rows, {}, &storage::LogRow::seq);
        return std::move(found_);
    }

private:
    void add_claim(porting::Claim const& claim) {
        if (!is_settled("claim", claim.state))
            stop(fmt::format("claim {} is {}", claim.id.text, claim.state), "Settle it, or wait until it lapses.");
        found_.claims.push_back(claim);
    }

    void add_rows(std::string const& id) {
        std::int64_t after = 0;
        for (auto rows = reader_.log_about(id, after, rows_a_page, true); !rows.empty();
             rows = reader_.log_about(id, after, rows_a_page, true))
            for (auto& row : rows) {
                after = row.seq;
                if (row.original || row.kind == storage::erasure_kind || !seen_.insert("row " + std::to_string(row.seq)).second) continue;
                if (row.seq < ledger_.erasable_from())
                    return stop(fmt::format("log row {} was written by an npod whose log could not be erased", row.seq),
                                "Keep the file as long as the law allows, then delete the whole of it.");
                found_.rows.push_back(std::move(row));
            }
    }

    void stop(std::string const& why, std::string next) {
        problems_.push_back({RefusalCode::illegal_now, "The personal data cannot be erased: " + why + ".", "", std::move(next), ""});
    }

    storage::Ledger const& ledger_;
    storage::Reader reader_;
    porting::Book const& book_;
    std::set<std::string> seen_;
    Erasure found_;
    std::vector<Refusal> problems_;
};

// ------------------------------------------------------------------------------------------------------ inside the JSON

enum class Personal : std::uint8_t { name, whole, digits, free_text };

struct Member {
    std::string_view name;
    std::string_view inside; ///< of this member only; empty: wherever it stands
    Personal is;
};
/// What of a body tells of a person: of our own API, and (below) of the wire.
constexpr Member members[] = {
    {"name", "customer", Personal::name},      {"customer_id", "", Personal::whole},     {"street", "", Personal::whole},
    {"city", "", Personal::whole},             {"house_number", "", Personal::digits},   {"box", "", Personal::digits},
    {"postcode", "", Personal::digits},        {"titular", "", Personal::name},          {"signer", "", Personal::name},
    {"donor_account", "", Personal::whole},    {"claimant", "", Personal::name},         {"note", "", Personal::free_text},
    {"reason", "", Personal::free_text},       {"cause", "", Personal::free_text},
    {"lastname", "", Personal::name},          {"companyname", "", Personal::name},      {"housenr", "", Personal::digits},
    {"housenrext", "", Personal::digits},      {"customerid", "", Personal::whole},
};

/// Replaces, and remembers what by what: the domain repeats names and remarks in its sentences.
class Eraser {
public:
    explicit Eraser(Pseudonyms const& marks) : marks_(marks) {}

    std::string body(std::string const& bytes) {
        auto value = parse_json(bytes);
        if (!value) return bytes; // no message of ours and no command: it never became anything
        erase(*value, "");
        return json::serialize(*value);
    }

    /// Sentences that were made of what stood in the bodies seen so far.
    std::string sentence(std::string text) const {
        for (auto const& [was, is] : replaced_) // longest first
            for (auto at = text.find(was); at != std::string::npos; at = text.find(was, at + is.size()))
                if (stands_alone(text, at, was.size())) text.replace(at, was.size(), is);
        return text;
    }

private:
    struct LongestFirst {
        bool operator()(std::string const& a, std::string const& b) const {
            return a.size() != b.size() ? a.size() > b.size() : a < b;
        }
    };

    static bool stands_alone(std::string const& text, std::size_t at, std::size_t size) {
        auto const letter = [&](std::size_t i) { return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])); };
        return (at == 0 || !letter(at - 1)) && !letter(at + size);
    }

    std::string replaced(std::string const& text, Personal is) {
        std::string mark;
        switch (is) {
        case Personal::whole: return marks_.whole(text);
        case Personal::digits: return marks_.digits(text);
        case Personal::name: mark = marks_.name(text); break;
        case Personal::free_text: mark = marks_.free_text(text); break;
        }
        if (mark != text && !text.empty()) replaced_.emplace(text, mark);
        return mark;
    }

    void erase(json::value& value, std::string_view inside) {
        if (auto* const array = value.if_array())
            for (auto& item : *array) erase(item, inside);
        auto* const object = value.if_object();
        if (!object) return;
        for (auto& member : *object) {
            std::string_view const key(member.key().data(), member.key().size());
            if (auto* const text = member.value().if_string()) {
                auto const known = std::ranges::find_if(members, [&](Member const& one) {
                    return one.name == key && (one.inside.empty() || one.inside == inside);
                });
                if (known != std::end(members)) member.value() = replaced({text->data(), text->size()}, known->is);
            } else {
                erase(member.value(), key);
            }
        }
    }

    Pseudonyms const& marks_;
    std::map<std::string, std::string, LongestFirst> replaced_;
};

void erase_words(storage::LogRow& row, Eraser const& eraser) {
    row.reason = eraser.sentence(row.reason);
    for (auto& move : row.moves) move.note = eraser.sentence(move.note);
    for (auto& note : row.notes) note = eraser.sentence(note);
    for (auto& refusal : row.refusals) refusal.text = eraser.sentence(refusal.text), refusal.next = eraser.sentence(refusal.next);
}

porting::Effects erased_things(Erasure erasure, Pseudonyms const& marks, Eraser const& eraser) {
    porting::Effects effects;
    for (auto& port : erasure.ports) {
        port.customer = marks.of(std::move(port.customer));
        port.location = marks.of(std::move(port.location));
        port.donor_account = marks.whole(port.donor_account);
        port.note = marks.free_text(port.note);
        if (port.mandate) port.mandate = marks.of(std::move(*port.mandate));
    }
    for (auto& line : erasure.lines) line.note = eraser.sentence(line.note);
    for (auto& contract : erasure.contracts) {
        contract.customer = marks.of(std::move(contract.customer));
        contract.location = marks.of(std::move(contract.location));
    }
    for (auto& claim : erasure.claims) {
        claim.filed_by = marks.name(claim.filed_by);
        claim.decision_reason = marks.free_text(claim.decision_reason);
    }
    effects.ports = std::move(erasure.ports);
    effects.lines = std::move(erasure.lines);
    effects.contracts = std::move(erasure.contracts);
    effects.claims = std::move(erasure.claims);
    return effects;
}

} // namespace

std::vector<std::string> Erasure::about() const {
    std::vector<std::string> ids;
    for (auto const& port : ports) ids.push_back(port.id.text);
    for (auto const& contract : contracts) ids.push_back(contract.id.text);
    for (auto const& claim : claims) ids.push_back(claim.id.text);
    return ids;
}

Outcome<Erasure> erasure_of(storage::Ledger const& ledger, Event const& event) {
    bool const contract = event.erase == Event::Erase::contract;
    bool const known = contract ? ledger.book().contract(ContractId{event.key}).has_value() : ledger.book().port(PortId{event.key}).has_value();
    if (!known)
        return Refusal{RefusalCode::not_found, fmt::format("There is no {} {}.", contract ? "contract" : "port", event.key), "id",
                       "Look for it: npctl status " + event.key, ""};
    Collector collector(ledger);
    if (contract) collector.add_contract(ContractId{event.key});
    else collector.add_port(PortId{event.key});
    auto found = collector.finish();
    if (found && found->rows.empty())
        return Refusal{RefusalCode::illegal_now, "Nothing personal is left of it: it was erased before.", "", "Look: npctl event list " + event.key, ""};
    return found;
}

storage::LogRow erase(storage::Ledger& ledger, Erasure erasure, storage::LogRow telling, std::string const& secret) {
    Pseudonyms const marks(secret);
    Eraser eraser(marks);
    std::vector<storage::ErasedRow> told;
    std::vector<std::int64_t> seqs;
    for (auto& row : erasure.rows) {
        row.original = storage::hashes_of(row);
        row.body = eraser.body(row.body);
    }
    for (auto& row : erasure.rows) {
        erase_words(row, eraser);
        ledger.erase_words(row);
        told.push_back({row.seq, storage::hash_of_what_is_there(row)});
        seqs.push_back(row.seq);
    }
    telling.about = erasure.about();
    telling.body = storage::to_json(storage::ErasureTold{telling.about, told});
    telling.sealed.reset(); // it was of the question
    ledger.append(telling);
    auto const ports = erasure.ports;
    ledger.apply(erased_things(std::move(erasure), marks, eraser), {}, telling.seq);
    for (auto const& port : ports) ledger.forget_deliveries(port.id);
    ledger.forget_answers(seqs);
    return telling;
}

std::vector<std::string> about_in_erasure(std::string_view body) { return storage::erasure_told_from_json(body).about; }

} // namespace npod::engine
