/// The daemon and its clock.

#include "api/deep_check.hpp"
#include "cli/changes.hpp"
#include "cli/progress.hpp"
#include "cli/text.hpp"
#include "storage/backup.hpp"

#include <fmt/format.h>

namespace npod::cli {

namespace {

Exit daemon_status(Session& session, Arguments const&) {
    auto const status = get_object(session, "/v1/status");
    print_one(session, status, text_in(status, "operator"), [&] { return daemon_page(status, paper_of(session)); });
    bool const well = flag_in(status, "accepting") || !session.options().db.empty();
    return well ? Exit::ok : Exit::unreachable;
}

Exit whoami(Session& session, Arguments const&) {
    auto const caller = get_object(session, "/v1/caller");
    print_one(session, caller, text_in(caller, "name"),
              [&] { return fmt::format("{}, with the role {}\n", text_in(caller, "name"), text_in(caller, "role")); });
    return Exit::ok;
}

// ------------------------------------------------------------------------------------------- the file of the daemon

/// These read the file itself, beside the daemon, because that disturbs it least.
std::string const& file_of(Session& session, std::string_view verb) {
    auto const& file = session.options().db;
    if (file.empty())
        throw Stop(Exit::usage, fmt::format("Which database? This reads the file itself, also while a daemon runs.\n"
                                            "  next:  npctl --db npod.db daemon {}",
                                            verb));
    return file;
}

Exit back_up_file(Session& session, Arguments const& arguments) {
    auto const made = storage::back_up(file_of(session, "backup FILE"), arguments.text("FILE"), progress_on(session));
    json::object const view{{"file", made.file},
                            {"operator", made.operator_code.text},
                            {"bytes", made.bytes},
                            {"sha256", hex(made.content)},
                            {"head_seq", made.head_seq},
                            {"head_hash", hex(made.head_hash)}};
    return print_one(session, view, made.file, [&] {
        return fmt::format("{}: the database of {}, {} bytes, log complete up to row {}\nsha256  {}\nhead    {}:{}\n"
                           "Checked from the first page to the end of the log. To put it back: stop npod, copy it to\n"
                           "the place of the database without its -wal and -shm files, start npod.\n",
                           made.file, made.operator_code.text, made.bytes, made.head_seq, hex(made.content), made.head_seq,
                           hex(made.head_hash));
    });
}

std::optional<storage::Anchor> anchor_in(Arguments const& arguments) {
    if (!arguments.has("--head")) return {};
    if (auto const anchor = storage::anchor_of(arguments.text("--head"))) return anchor;
    throw Stop(Exit::usage, "A remembered row is its number, a colon and the 64 digits of its hash.\n"
                            "  next:  give --head as `npctl daemon backup` printed it.");
}

Exit verify_file(Session& session, Arguments const& arguments) {
    auto const& file = file_of(session, "verify");
    auto health = storage::verify(file, 0, progress_on(session), anchor_in(arguments));
    if (arguments.has("--deep") && health.findings.empty()) {
        session.progress("telling the log again");
        health.findings = api::differences_from_log(file);
        session.progress("");
    }
    json::array findings;
    for (auto const& finding : health.findings) findings.emplace_back(finding);
    bool const sound = findings.empty();
    json::object const view{{"file", file}, {"rows", health.rows}, {"sound", sound}, {"findings", std::move(findings)}};
    print_one(session, view, file, [&] {
        auto page = fmt::format("{}: {}, {} checked\n", file, sound ? "sound" : "NOT sound", counted(health.rows, "log row"));
        for (auto const& finding : health.findings) page += "- " + finding + "\n";
        return page;
    });
    return sound ? Exit::ok : Exit::findings;
}

// ------------------------------------------------------------------------------------------------------- the clock

std::string clock_page(json::object const& clock, json::value const* next_due, Paper const& paper) {
    auto const manual = flag_in(clock, "manual");
    auto out = paper.times.full(text_in(clock, "now")) +
               (manual ? ", manual: it moves by npctl clock advance only" : "") + "\n";
    if (next_due && !text_of(*next_due).empty()) out += "Next deadline: " + paper.times.full(text_of(*next_due)) + "\n";
    return out;
}

Exit show_clock(Session& session, Arguments const&) {
    auto const status = get_object(session, "/v1/status");
    auto clock = object_in(status, "clock");
    auto const* next_due = status.if_contains("next_due");
    return print_one(session, clock, text_in(clock, "now"),
                     [&] { return clock_page(clock, next_due, paper_of(session)); });
}

Exit advance_clock(Session& session, Arguments const& arguments) {
    auto const to = arguments.moment("--to");
    if (to.has_value() == arguments.has("BY"))
        throw Stop(Exit::usage,
                   "Where shall the clock go?\n  next:  give either a term (2wd, 3d, PT3H) or --to MOMENT.");
    json::object body;
    if (to)
        body["to"] = *to;
    else
        body["by"] = arguments.text("BY");
    auto const reply = session.change("POST", "/v1/clock/advance", body);
    static json::object const none;
    auto const& clock = reply.is_object() ? reply.get_object() : none;
    auto const paper = paper_of(session);
    return print_one(session, reply, text_in(clock, "now"), [&] {
        auto out = clock_page(clock, clock.if_contains("next_due"), paper);
        if (clock.contains("would"))
            out += fmt::format("By {} {} would fire, and what they set off.\n", paper.times.full(text_in(clock, "would/to")),
                               counted(integer_in(clock, "would/fire").value_or(0), "deadline"));
        return out;
    });
}

} // namespace

std::vector<Verb> clock_verbs() {
    return {
        {"clock", "show", "Tells the daemon's clock.", {}, {}, Does::read, show_clock},
        {"clock",
         "advance",
         "Moves a manual clock forward; every deadline on the way fires in order, at its own moment.",
         {{"[BY]", "2wd, 3d or PT3H"}},
         {{"--to", "MOMENT", "to this moment"}},
         Does::make,
         advance_clock},
    };
}

std::vector<Verb> daemon_verbs() {
    return {
        {"daemon",
         "status",
         "Says how the daemon is: clock, queue, mail to send, ports by state.",
         {},
         {},
         Does::read,
         daemon_status},
        {"daemon",
         "whoami",
         "Says whom the daemon takes you for, and your role.",
         {},
         {},
         Does::read,
         whoami},
        {"daemon",
         "backup",
         "Copies the database of --db into a new, checked file, also while a daemon runs on it.",
         {{"FILE", "where to; nothing is overwritten"}},
         {},
         Does::tell,
         back_up_file},
        {"daemon",
         "verify",
         "Checks the database of --db: pages, the log's hash chain, states and deadlines; 9 when something is wrong.",
         {},
         {{"--head", "SEQ:HASH", "a row remembered elsewhere: finds an older copy or a chain made anew"},
          {"--deep", "", "and tell the log again: finds what in the file does not follow from it"}},
         Does::tell,
         verify_file},
    };
}

} // namespace npod::cli
