/// Contracts, blocks and orders from a sheet: one call a line, and a report of each.

#include "base/hash.hpp"
#include "base/nearest.hpp"
#include "cli/changes.hpp"
#include "cli/csv.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace npod::cli {

namespace {

enum class Holds { text, whole, yes_or_no, numbers };

/// A column of a sheet: its title is the way to the member of the request that it fills.
struct SheetColumn {
    std::string_view title;
    Holds holds = Holds::text;
};

/// A row as it is sent.
struct Call {
    std::string method, target;
    std::string key; ///< for Idempotency-Key: the same row is the same change
};

struct Sheet {
    std::string_view one, several; ///< "contract", "contracts"
    std::span<SheetColumn const> columns;
    std::string_view id; ///< the column by which a line is named
    /// Takes what belongs into the address out of the body.
    Call (*call)(json::object& body);
    /// Where the thing is read before and after, to tell new from changed; empty: it is new, or refused.
    std::string (*read)(std::string const& id);
};

// clang-format off
constexpr std::array contract_columns{
    SheetColumn{"id"}, SheetColumn{"product"}, SheetColumn{"network"}, SheetColumn{"end_users", Holds::whole},
    SheetColumn{"customer.kind"}, SheetColumn{"customer.name"}, SheetColumn{"customer.customer_id"}, SheetColumn{"customer.language"},
    SheetColumn{"customer.address.street"}, SheetColumn{"customer.address.house_number"}, SheetColumn{"customer.address.box"},
    SheetColumn{"customer.address.postcode"}, SheetColumn{"customer.address.city"},
    SheetColumn{"location.zone"}, SheetColumn{"location.address.street"}, SheetColumn{"location.address.house_number"},
    SheetColumn{"location.address.box"}, SheetColumn{"location.address.postcode"}, SheetColumn{"location.address.city"},
    SheetColumn{"numbers", Holds::numbers},
};
constexpr std::array block_columns{SheetColumn{"first"}, SheetColumn{"last"}, SheetColumn{"holder"}};
constexpr std::array order_columns{
    SheetColumn{"order_id"}, SheetColumn{"donor"}, SheetColumn{"network"}, SheetColumn{"numbers", Holds::numbers},
    SheetColumn{"contract_id"}, SheetColumn{"donor_account"}, SheetColumn{"note"}, SheetColumn{"draft", Holds::yes_or_no},
    SheetColumn{"customer.kind"}, SheetColumn{"customer.name"}, SheetColumn{"customer.customer_id"}, SheetColumn{"customer.language"},
    SheetColumn{"customer.address.street"}, SheetColumn{"customer.address.house_number"}, SheetColumn{"customer.address.box"},
    SheetColumn{"customer.address.postcode"}, SheetColumn{"customer.address.city"},
    SheetColumn{"location.zone"}, SheetColumn{"location.address.street"}, SheetColumn{"location.address.house_number"},
    SheetColumn{"location.address.box"}, SheetColumn{"location.address.postcode"}, SheetColumn{"location.address.city"},
    SheetColumn{"wish.mode"}, SheetColumn{"wish.at"},
    SheetColumn{"mandate.id"}, SheetColumn{"mandate.version"}, SheetColumn{"mandate.titular"}, SheetColumn{"mandate.signer"},
    SheetColumn{"mandate.channel"}, SheetColumn{"mandate.signed_at"}, SheetColumn{"mandate.numbers", Holds::numbers},
    SheetColumn{"mandate.evidence_sha256"},
};
// clang-format on

std::string contract_at(std::string const& id) { return "/v1/contracts/" + url_encoded(id); }

/// A contract is told as it is now: told again later, it is a new change although the line is the same.
Call contract_call(json::object& body) {
    auto const id = text_in(body, "id");
    body.stable_erase("id");
    return {"PUT", contract_at(id), new_idempotency_key()};
}

Call block_call(json::object&) { return {"PUT", "/v1/blocks", new_idempotency_key()}; }

/// An order is sent once, however often its sheet is read.
Call order_call(json::object& body) { return {"POST", "/v1/port-ins", "sheet-" + hex(sha256(json::serialize(body)))}; }

constexpr Sheet contracts{"contract", "contracts", contract_columns, "id", contract_call, contract_at};
constexpr Sheet blocks{"block", "blocks", block_columns, "first", block_call, nullptr};
constexpr Sheet orders{"order", "orders", order_columns, "order_id", order_call, nullptr};

// ------------------------------------------------------------------------------------------------------- from cells

[[noreturn]] void refuse_cell(SheetColumn const& column, std::string const& cell, std::string_view next) {
    throw Stop(Exit::usage, fmt::format("{} is \"{}\". {}", column.title, cell, next));
}

json::value value_of(SheetColumn const& column, std::string const& cell) {
    switch (column.holds) {
    case Holds::text: return json::value(cell);
    case Holds::whole: {
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
        if (error != std::errc{} || end != cell.data() + cell.size()) refuse_cell(column, cell, "Write a whole number.");
        return json::value(number);
    }
    case Holds::yes_or_no:
        if (cell != "yes" && cell != "no" && cell != "true" && cell != "false") refuse_cell(column, cell, "Write yes or no.");
        return json::value(cell == "yes" || cell == "true");
    case Holds::numbers: break;
    }
    json::array numbers;
    for (std::size_t at = 0; at < cell.size();) {
        auto const begin = cell.find_first_not_of(" ;,", at);
        if (begin == std::string::npos) break;
        at = std::min(cell.find_first_of(" ;,", begin), cell.size());
        numbers.push_back(number_or_range(cell.substr(begin, at - begin)));
    }
    return numbers;
}

/// Sets the member at "customer.address.city".
void set(json::object& body, std::string_view way, json::value value) {
    auto const dot = way.find('.');
    if (dot == std::string_view::npos) {
        body[way] = std::move(value);
        return;
    }
    auto& inner = body[way.substr(0, dot)];
    if (!inner.is_object()) inner = json::object{};
    set(inner.get_object(), way.substr(dot + 1), std::move(value));
}

using Head = std::vector<SheetColumn const*>;

/// Empty cells leave their member out.
json::object body_of(Head const& head, CsvReader::Row const& row) {
    if (!row.wrong.empty()) throw Stop(Exit::usage, row.wrong);
    if (row.cells.size() != head.size())
        throw Stop(Exit::usage, fmt::format("{} cells under {} titles.", row.cells.size(), head.size()));
    json::object body;
    for (std::size_t i = 0; i < head.size(); ++i)
        if (!row.cells[i].empty()) set(body, head[i]->title, value_of(*head[i], row.cells[i]));
    return body;
}

/// What the titles mean. Throws Stop before anything is sent.
Head head_of(Sheet const& sheet, CsvReader::Row const& row, std::string const& file) {
    std::vector<std::string_view> titles;
    for (auto const& column : sheet.columns) titles.push_back(column.title);
    Head head;
    for (auto const& cell : row.cells) {
        auto const found = std::find(titles.begin(), titles.end(), cell);
        if (found == titles.end()) {
            auto const meant = nearest(cell, titles);
            throw Stop(Exit::usage, fmt::format("{}: no {} has a \"{}\".\n  next:  {}", file, sheet.one, cell,
                                                meant.empty() ? fmt::format("the titles are {}.", fmt::join(titles, ", "))
                                                              : fmt::format("{} is meant, perhaps.", meant)));
        }
        auto const* column = &sheet.columns[static_cast<std::size_t>(found - titles.begin())];
        if (std::find(head.begin(), head.end(), column) != head.end())
            throw Stop(Exit::usage, fmt::format("{}: \"{}\" is the title of two columns.\n  next:  leave one out.", file, cell));
        head.push_back(column);
    }
    auto const named = [&](SheetColumn const* column) { return column->title == sheet.id; };
    if (std::none_of(head.begin(), head.end(), named))
        throw Stop(Exit::usage, fmt::format("{}: its first line has no title \"{}\".\n  next:  the first line has the titles: {}.",
                                            file, sheet.id, fmt::join(titles, ", ")));
    return head;
}

// ------------------------------------------------------------------------------------------------------ line by line

/// How often each thing became of a line.
struct Tally {
    std::size_t made = 0, changed = 0, same = 0, refused = 0;
    std::size_t all() const { return made + changed + same + refused; }
};

/// A problem in one line.
std::string in_one_line(std::string_view text) {
    std::string line;
    for (auto const c : text) {
        bool const gap = c == '\n' || c == ' ';
        if (!gap) line += c;
        else if (!line.empty() && line.back() != ' ') line += ' ';
    }
    return line;
}

/// By what a line is named, wrong as it may be.
std::string id_in(Sheet const& sheet, Head const& head, CsvReader::Row const& row) {
    for (std::size_t i = 0; i < std::min(head.size(), row.cells.size()); ++i)
        if (head[i]->title == sheet.id) return row.cells[i];
    return {};
}

std::string version_of(Session& session, Sheet const& sheet, std::string const& id) {
    if (!sheet.read || id.empty()) return {};
    auto const value = session.get_if_there(sheet.read(id));
    return value && value->is_object() ? std::to_string(integer_in(value->get_object(), "version").value_or(0)) : "";
}

/// Sends a line and says what became of it. Throws Stop only when going on makes no sense.
json::object import_line(Session& session, Sheet const& sheet, Head const& head, CsvReader::Row const& row, Tally& tally) {
    auto const id = id_in(sheet, head, row);
    json::object report{{"line", row.line}, {"id", id}, {"result", ""}, {"why", ""}};
    try {
        auto body = body_of(head, row);
        if (id.empty()) throw Stop(Exit::usage, fmt::format("It has no {}.", sheet.id));
        auto const before = version_of(session, sheet, id);
        auto const call = sheet.call(body);
        auto const changed = session.change_under(call.key, call.method, call.target, json::serialize(body));
        auto const& reply = changed.reply;
        auto const after = reply.is_object() ? std::to_string(integer_in(reply.get_object(), "version").value_or(0)) : "";
        bool const same = changed.repeated || (!before.empty() && before == after);
        report["result"] = same ? "same" : before.empty() ? "new" : "changed";
        ++(same ? tally.same : before.empty() ? tally.made : tally.changed);
        if (auto const made = reply.is_object() ? text_in(reply.get_object(), "id") : ""; !made.empty() && made != id) report["why"] = made;
    } catch (Stop const& stop) {
        if (stop.exit() == Exit::unreachable || stop.exit() == Exit::not_allowed) throw;
        report["result"] = "refused";
        report["why"] = in_one_line(stop.what());
        ++tally.refused;
    }
    return report;
}

ListView report_view(Sheet const& sheet) {
    ListView view{"line", "lines", {}, "id", ""};
    view.columns = {plain_column("LINE", "line", Align::right, Give::rigid),
                    plain_column(sheet.one == "order" ? "ORDER" : sheet.one == "block" ? "FIRST" : "CONTRACT", "id"),
                    {"RESULT", [](json::object const& item, Times const&) {
                         auto const result = text_in(item, "result");
                         return Cell{result, result == "refused" ? Tone::alarm : result == "same" ? Tone::faint : Tone::good};
                     }},
                    plain_column("WHY", "why")};
    return view;
}

std::string summary(Sheet const& sheet, Tally const& tally, bool dry) {
    return fmt::format("{} {}: {} {}new, {} changed, {} the same, {} refused.", tally.all(),
                       tally.all() == 1 ? sheet.one : sheet.several, tally.made, dry ? "would be " : "", tally.changed, tally.same,
                       tally.refused);
}

/// For people the lines that they must look at; for programs every line, as it is done.
Exit import_sheet(Session& session, Arguments const& arguments, Sheet const& sheet) {
    auto const& options = session.options();
    if (!options.key.empty() || options.if_version)
        throw Stop(Exit::usage, "--key and --if-version are about one change, and a sheet is many.\n  next:  leave them out.");
    auto const file = arguments.text("FILE");
    CsvReader reader(session.read_file(file));
    auto const first = reader.next();
    if (!first) throw Stop(Exit::usage, fmt::format("{} is empty.\n  next:  its first line has titles: {}, …", file, sheet.id));
    auto const head = head_of(sheet, *first, file);
    ask_first(session, fmt::format("Send every line of {}?", file));
    auto const view = report_view(sheet);
    auto const output = options.output == Output::json ? Output::jsonl : options.output;
    Tally tally;
    json::array shown;
    auto progress = progress_on(session);
    auto const bytes = static_cast<std::int64_t>(reader.bytes());
    try {
        for (auto row = reader.next(); row; row = reader.next()) {
            if (progress) progress("bytes of the sheet", static_cast<std::int64_t>(reader.bytes_read()), bytes);
            auto const report = import_line(session, sheet, head, *row, tally);
            if (session.wants_table()) {
                if (text_in(report, "result") == "refused" || output == Output::wide) shown.push_back(report);
                continue;
            }
            auto text = render_list({report}, view, output, session.times_if_offline(), session.screen());
            if (output == Output::csv && tally.all() > 1) text.erase(0, text.find('\n') + 1); // one head
            session.print(text);
        }
    } catch (Stop const& stop) {
        throw Stop(stop.exit(), fmt::format("{}\n  {} lines were done before; the same command goes on, and does none twice.", stop.what(),
                                            tally.all()));
    }
    progress = {}; // its line goes away before the report
    if (!shown.empty()) session.print(render_list(shown, view, output, session.times_if_offline(), session.screen()));
    session.flush();
    session.say(summary(sheet, tally, options.dry_run));
    return tally.refused == 0 ? Exit::ok : Exit::failure;
}

Exit import_contracts(Session& session, Arguments const& arguments) { return import_sheet(session, arguments, contracts); }
Exit import_blocks(Session& session, Arguments const& arguments) { return import_sheet(session, arguments, blocks); }
Exit import_orders(Session& session, Arguments const& arguments) { return import_sheet(session, arguments, orders); }

std::vector<Operand> file_operand() {
    return {{"FILE", "comma-separated values; the first line has titles such as customer.address.city, the ways to the members of "
                     "the JSON; numbers are divided by spaces, a range is +32…..+32…; - is stdin"}};
}

} // namespace

std::vector<Verb> contract_import_verbs() {
    return {{"contract", "import", "Tells of contracts and their numbers, one a line of a sheet, and reports of each.", file_operand(), {},
             Does::make, import_contracts}};
}

std::vector<Verb> number_import_verbs() {
    return {{"number", "import", "Tells whose blocks ranges of numbers are, one a line: first, last, holder.", file_operand(), {},
             Does::make, import_blocks}};
}

std::vector<Verb> port_import_verbs() {
    return {{"port", "import", "Orders port-ins, one a line of a sheet; a line that was sent before is not sent again.", file_operand(), {},
             Does::make, import_orders}};
}

} // namespace npod::cli
