#include "casefile/case_file.hpp"

#include "base/base64.hpp"
#include "base/fault.hpp"
#include "rules/rulebook.hpp"
#include "storage/values_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace npod::casefile {

namespace json = boost::json;

namespace {

/// Ids and rows count one by one: what lies beyond was never given out.
constexpr std::int64_t count_max = std::int64_t{1} << 53;

json::value value_of(std::string const& text) { return json::parse(text); }

/// Readable where it is text, which it nearly always is.
void put_body(json::object& row, std::string const& body) {
    boost::system::error_code error;
    auto const quoted = json::serialize(json::value(body));
    auto const again = json::parse(quoted, error); // refuses what is no UTF-8
    if (!error && again.as_string() == body) row["body"] = body;
    else row["body64"] = base64(body);
}

json::object head_of(Case const& content) {
    json::object machines;
    for (auto const& [name, fingerprint] : content.machines) machines[name] = fingerprint;
    return {{"form", form},
            {"about", "A case file of npod: everything the history of one port stands on. Judge it with: npctl case verify FILE"},
            {"program", content.program},
            {"operator", content.own.text},
            {"port", content.port.text},
            {"as_of", to_rfc3339(content.as_of)},
            {"log_rows", content.head_seq},
            {"log_hash", hex(content.head_hash)},
            {"redacted", content.redacted},
            {"machines", std::move(machines)},
            {"settings", value_of(storage::to_json(content.settings))},
            {"dialects", value_of(engine::to_json(content.dialects))}};
}

json::object view_of(storage::KeptLaw const& law) {
    return {{"version", law.version}, {"name", law.name}, {"learned_at", to_rfc3339(law.learned_at)}, {"text", law.text}};
}

/// With names: a case file is read by people and by programs that are not ours.
json::object view_of(porting::Move const& move) {
    json::object view{{"kind", porting::name_of(move.subject.kind)}, {"id", move.subject.id}};
    auto const add = [&](std::string_view name, std::string const& text) {
        if (!text.empty()) view[name] = text;
    };
    add("machine", move.machine), add("event", move.event), add("from", move.from), add("to", move.to), add("verdict", move.verdict);
    if (!move.actions.empty()) view["actions"] = json::array(move.actions.begin(), move.actions.end());
    add("note", move.note);
    return view;
}

json::object view_of(Row const& one) {
    auto const& row = one.row;
    json::object counters;
    for (auto const& [name, value] : one.counters) counters[name] = value;
    json::array moves;
    for (auto const& move : row.moves) moves.push_back(view_of(move));
    json::object view{{"seq", row.seq},
                      {"learned_at", to_rfc3339(row.learned_at)},
                      {"happened_at", to_rfc3339(row.happened_at)},
                      {"kind", row.kind},
                      {"source", row.source},
                      {"key", row.key},
                      {"reason", row.reason},
                      {"counters", std::move(counters)},
                      {"moves", std::move(moves)},
                      {"notes", value_of(storage::to_json(row.notes))},
                      {"refusals", value_of(storage::to_json(row.refusals))},
                      {"about", value_of(storage::to_json(row.about))},
                      {"previous", hex(one.previous)},
                      {"hash", hex(row.hash)}};
    put_body(view, row.body);
    return view;
}

std::string line_of(std::string_view name, json::value value) {
    json::object record;
    record[name] = std::move(value);
    return json::serialize(record) + "\n";
}

// ------------------------------------------------------------------------------------------------------------- reading

std::string text_at(json::object const& object, std::string_view key) { return std::string(object.at(key).as_string()); }

Moment moment_at(json::object const& object, std::string_view key) {
    auto const moment = parse_rfc3339(text_at(object, key));
    if (!moment) throw ConfigFault(fmt::format("\"{}\" is no moment", key));
    return *moment;
}

std::int64_t count_from(json::value const& value) {
    auto const count = value.as_int64();
    if (count < 0 || count > count_max) throw ConfigFault("a count is out of bounds");
    return count;
}

Hash hash_at(json::object const& object, std::string_view key) {
    auto const digits = text_at(object, key);
    Hash hash{};
    auto const digit = [&](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        throw ConfigFault(fmt::format("\"{}\" is no hash", key));
    };
    if (digits.size() != 2 * hash.size()) throw ConfigFault(fmt::format("\"{}\" is no hash", key));
    for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<std::uint8_t>(digit(digits[2 * i]) * 16 + digit(digits[2 * i + 1]));
    return hash;
}

template <class T>
T value_from(Outcome<T> outcome) {
    if (!outcome) throw ConfigFault(outcome.refusal().text);
    return std::move(*outcome);
}

void read_head(Case& content, json::object const& head) {
    content.program = text_at(head, "program");
    content.own = OperatorCode{text_at(head, "operator")};
    content.port = PortId{text_at(head, "port")};
    content.as_of = moment_at(head, "as_of");
    content.head_seq = count_from(head.at("log_rows"));
    content.head_hash = hash_at(head, "log_hash");
    content.redacted = head.at("redacted").as_bool();
    for (auto const& [name, fingerprint] : head.at("machines").as_object())
        content.machines.emplace(std::string(name), std::string(fingerprint.as_string()));
    content.settings = storage::settings_from_json(json::serialize(head.at("settings")));
    content.dialects = value_from(engine::dialects_from_json(json::serialize(head.at("dialects"))));
    if (content.settings.own != content.own) throw ConfigFault("settings and head name different operators");
}

storage::KeptLaw law_from(json::object const& view) {
    return {text_at(view, "version"), text_at(view, "name"), moment_at(view, "learned_at"), text_at(view, "text"), false};
}

std::string body_from(json::object const& view) {
    if (view.contains("body")) return text_at(view, "body");
    auto body = from_base64(text_at(view, "body64"));
    if (!body) throw ConfigFault("\"body64\" is no base64");
    return std::move(*body);
}

Row row_from(json::object const& view) {
    Row one;
    auto& row = one.row;
    row.seq = count_from(view.at("seq"));
    row.learned_at = moment_at(view, "learned_at");
    row.happened_at = moment_at(view, "happened_at");
    row.kind = text_at(view, "kind");
    row.source = text_at(view, "source");
    row.key = text_at(view, "key");
    row.reason = text_at(view, "reason");
    row.body = body_from(view);
    row.moves = storage::moves_from_json(json::serialize(view.at("moves")));
    row.notes = storage::texts_from_json(json::serialize(view.at("notes")));
    row.refusals = storage::refusals_from_json(json::serialize(view.at("refusals")));
    row.about = storage::texts_from_json(json::serialize(view.at("about")));
    row.hash = hash_at(view, "hash");
    one.previous = hash_at(view, "previous");
    for (auto const& [name, value] : view.at("counters").as_object()) one.counters.emplace(std::string(name), count_from(value));
    return one;
}

/// Lines come in one order: head, laws, rows, outcome. `stage` is that of the line before.
enum class Stage { start, head, law, row, outcome };

void read_line(Case& content, Stage& stage, json::object const& record) {
    if (record.size() != 1) throw ConfigFault("a record has one member");
    auto const name = std::string(record.begin()->key());
    auto const& value = record.begin()->value().as_object();
    auto const is = name == "head" ? Stage::head : name == "law" ? Stage::law : name == "row" ? Stage::row : name == "outcome" ? Stage::outcome : Stage::start;
    bool const repeats = is == stage && (is == Stage::law || is == Stage::row);
    bool const follows = is == Stage::head ? stage == Stage::start : is == Stage::law ? stage == Stage::head : is == Stage::row ? stage == Stage::law : stage == Stage::row;
    if (is == Stage::start || (!repeats && !follows)) throw ConfigFault(fmt::format("\"{}\" is not expected here", name.substr(0, 40)));
    stage = is;
    if (is == Stage::head) return read_head(content, value);
    if (is == Stage::law) return content.laws.push_back(law_from(value));
    if (is == Stage::outcome) {
        content.outcome = json::serialize(value);
        return;
    }
    auto row = row_from(value);
    auto const before = content.rows.empty() ? 0 : content.rows.back().row.seq;
    if (row.row.seq <= before || row.row.seq > content.head_seq) throw ConfigFault("rows are in order of seq, and none lies beyond the log");
    content.rows.push_back(std::move(row));
}

Refusal unreadable(std::string text, std::string next = "Ask for the file again from who exported it.") {
    return {RefusalCode::malformed, std::move(text), {}, std::move(next), {}};
}

/// Whether these bytes begin as a case file, and as one of a form that is read here. The line was parsed.
std::optional<Refusal> foreign(json::value const& first) {
    auto const* const record = first.if_object();
    auto const* const head = record ? record->if_contains("head") : nullptr;
    auto const* const object = head ? head->if_object() : nullptr;
    auto const* const number = object ? object->if_contains("form") : nullptr;
    if (number == nullptr || !number->is_int64()) return unreadable("This is no case file: it does not begin with a head.", "Name a file that npctl case export wrote.");
    if (number->as_int64() == form) return {};
    auto const* const program = object->if_contains("program");
    return unreadable(fmt::format("This case file has form {}, and this program reads form {}; npod {} wrote it.", number->as_int64(), form,
                                  program && program->is_string() ? std::string(program->as_string()).substr(0, 40) : std::string("of another version")),
                      "Use the npctl of that version or a newer one.");
}

} // namespace

std::string to_bytes(Case const& content, Sign const& sign) {
    auto bytes = line_of("head", head_of(content));
    for (auto const& law : content.laws) bytes += line_of("law", view_of(law));
    for (auto const& row : content.rows) bytes += line_of("row", view_of(row));
    bytes += line_of("outcome", value_of(content.outcome));
    auto const digest = sha256(bytes);
    json::object seal{{"sha256", hex(digest)}};
    if (sign) seal["signature"] = base64(sign(as_text(digest)));
    return bytes + line_of("seal", std::move(seal));
}

Outcome<Opened> parse(std::string_view bytes) {
    if (bytes.size() > file_bytes_max)
        return Refusal{RefusalCode::too_large, fmt::format("A case file has at most {} MB.", file_bytes_max >> 20), {}, "Name a file that npctl case export wrote.", {}};
    Opened opened;
    auto stage = Stage::start;
    std::size_t begin = 0;
    for (std::size_t number = 1; begin < bytes.size(); ++number) {
        auto const end = bytes.find('\n', begin);
        auto const line = bytes.substr(begin, end == std::string_view::npos ? end : end - begin);
        boost::system::error_code error;
        json::value record;
        if (end != std::string_view::npos) record = json::parse(line, error);
        if (end == std::string_view::npos && stage != Stage::start) break; // cut off within a line
        if (number == 1 && (error || !record.is_object())) return foreign(json::value{}).value();
        if (error) return unreadable(fmt::format("Line {} of the case file is no JSON: it was changed or damaged.", number));
        if (number == 1)
            if (auto refusal = foreign(record)) return std::move(*refusal);
        try {
            auto const& object = record.as_object();
            if (auto const* const seal = object.if_contains("seal"); seal && stage == Stage::outcome && object.size() == 1) {
                if (end + 1 != bytes.size()) return unreadable("There is something behind the seal of the case file: it was changed.");
                auto const digest = sha256(bytes.substr(0, begin));
                opened.digest = std::string(as_text(digest));
                opened.seal = text_at(seal->as_object(), "sha256");
                opened.seal_holds = opened.seal == hex(digest);
                if (auto const* const signature = seal->as_object().if_contains("signature"))
                    opened.signature = from_base64(std::string(signature->as_string())).value_or("?");
                return opened;
            }
            read_line(opened.content, stage, object);
        } catch (std::exception const& fault) {
            return unreadable(fmt::format("Line {} of the case file cannot be read: {}. It was changed, or another program wrote it.", number, fault.what()));
        }
        begin = end + 1;
    }
    if (stage == Stage::start) return foreign(json::value{}).value();
    return unreadable("The case file is cut off: its last line, the seal, is not there.");
}

} // namespace npod::casefile
