#include "cli/output.hpp"

#include "cli/text.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace npod::cli {

namespace {

std::string lower(std::string text) {
    for (auto& letter : text)
        letter = letter == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    return text;
}

json::object const& as_object(json::value const& item) {
    static json::object const none;
    return item.is_object() ? item.get_object() : none;
}

std::string render_csv(json::array const& items, ListView const& view) {
    Times const times(TimeStyle::rfc3339);
    std::vector<std::string> line;
    for (auto const& column : view.columns) {
        if (column.members.empty()) line.push_back(lower(column.title));
        for (auto member : column.members) line.push_back((std::replace(member.begin(), member.end(), '/', '_'), member));
    }
    auto out = csv_line(line);
    for (auto const& item : items) {
        line.clear();
        for (auto const& column : view.columns) {
            if (column.members.empty()) line.push_back(column.value(as_object(item), times).text);
            for (auto const& member : column.members) line.push_back(text_in(item, member));
        }
        out += csv_line(line);
    }
    return out;
}

std::string render_table(json::array const& items, ListView const& view, bool wide, Times const& times, Screen screen) {
    std::vector<Column> columns;
    std::vector<ListColumn const*> shown;
    for (auto const& column : view.columns) {
        if (column.shown == Shown::wide && !wide) continue;
        columns.push_back({column.title, column.align, column.give});
        shown.push_back(&column);
    }
    Table table(columns);
    for (auto const& item : items) {
        std::vector<Cell> row;
        for (auto const* column : shown) row.push_back(column->value(as_object(item), times));
        table.add(std::move(row));
    }
    if (wide) screen.width = 0;
    return table.render(screen);
}

[[noreturn]] void no_such_form() {
    throw Stop(Exit::usage, "This is no picture.\n  next:  ask for -o table, wide, json, jsonl, csv or name; pictures are drawn "
                            "by npctl machine draw.");
}

/// "lines/0/state,scheduled": every member that is neither object nor array, by its path.
void add_members(std::string& out, std::string const& path, json::value const& value) {
    auto const behind = [&](std::string_view name) { return path.empty() ? std::string(name) : fmt::format("{}/{}", path, name); };
    if (auto const* object = value.if_object()) {
        for (auto const& member : *object) add_members(out, behind(member.key()), member.value());
    } else if (auto const* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) add_members(out, behind(std::to_string(i)), (*array)[i]);
    } else {
        out += csv_line({path, text_of(value)});
    }
}

std::string sheet_csv(json::value const& value) {
    std::string out = csv_line({"member", "value"});
    add_members(out, {}, value);
    return out;
}

} // namespace

std::string csv_line(std::vector<std::string> const& values) {
    std::string out;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0) out += ',';
        auto const& value = values[i];
        if (value.find_first_of(",\"\r\n") == std::string::npos) {
            out += value;
            continue;
        }
        out += '"';
        for (char letter : value) out += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        out += '"';
    }
    return out + "\n";
}

ListColumn plain_column(std::string title, std::string path, Align align, Give give, Shown shown) {
    return {std::move(title),
            [path = std::move(path)](json::object const& item, Times const&) { return Cell(text_in(item, path)); },
            align, give, shown};
}

ListColumn moment_column(std::string title, std::string path, Shown shown) {
    return {std::move(title),
            [path = std::move(path)](json::object const& item, Times const& times) {
                return Cell(times.brief(text_in(item, path)));
            },
            Align::left, Give::rigid, shown};
}

std::string render_list(json::array const& items, ListView const& view, Output output, Times const& times,
                        Screen const& screen) {
    std::string out;
    switch (output) {
    case Output::table: return items.empty() ? std::string{} : render_table(items, view, false, times, screen);
    case Output::wide: return items.empty() ? std::string{} : render_table(items, view, true, times, screen);
    case Output::csv: return render_csv(items, view);
    case Output::json: return pretty(json::object{{"items", items}}) + "\n";
    case Output::jsonl:
        for (auto const& item : items) out += json::serialize(item) + "\n";
        return out;
    case Output::name:
        for (auto const& item : items) out += text_in(item, view.name) + "\n";
        return out;
    case Output::mermaid:
    case Output::dot:
    case Output::svg: break;
    }
    no_such_form();
}

Exit verdict_on(Session const& session, std::int64_t count) {
    auto const& reason = session.options().fail_on;
    if (reason == "late" || reason == "trouble")
        throw Stop(Exit::usage, fmt::format("--fail-on {} is for npctl radar.\n  next:  use any or none, with -q for what "
                                            "shall count.",
                                            reason));
    bool const failed = (reason == "any" && count > 0) || (reason == "none" && count == 0);
    return failed ? Exit::findings : Exit::ok;
}

Exit print_list(Session& session, Session::Items const& list, ListView const& view) {
    verdict_on(session, 0); // a wrong --fail-on is told before anything else
    auto const output = session.options().output;
    auto const shown = static_cast<std::int64_t>(list.items.size());
    if (output == Output::json) {
        session.print(pretty(json::object{{"items", list.items}, {"total", list.total}}) + "\n");
    } else {
        bool const needs_clock = session.wants_table();
        session.print(render_list(list.items, view, output, needs_clock ? session.times() : session.times_if_offline(),
                                  session.screen()));
    }
    if (shown == 0 && session.wants_table())
        session.say(fmt::format("No {}.{}", view.several, view.when_empty.empty() ? "" : " " + view.when_empty));
    if (list.total > shown)
        session.say(fmt::format("{} of {}; --limit {} shows all.", shown, counted(list.total, view.one, view.several),
                                list.total));
    return verdict_on(session, list.total);
}

Exit print_one(Session& session, json::value const& value, std::string const& name,
               std::function<std::string()> const& page) {
    switch (session.options().output) {
    case Output::table:
    case Output::wide: session.print(page()); return Exit::ok;
    case Output::json: session.print(pretty(value) + "\n"); return Exit::ok;
    case Output::jsonl: session.print(json::serialize(value) + "\n"); return Exit::ok;
    case Output::name: session.print(name + "\n"); return Exit::ok;
    case Output::csv: session.print(sheet_csv(value)); return Exit::ok;
    case Output::mermaid:
    case Output::dot:
    case Output::svg: break;
    }
    no_such_form();
}

} // namespace npod::cli
