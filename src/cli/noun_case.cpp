/// Case files: the history of one port, sealed, and judged again on another machine without a daemon.

#include "casefile/signature.hpp"
#include "casefile/telling.hpp"
#include "cli/case_page.hpp"
#include "cli/changes.hpp"
#include "cli/lookup.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace npod::cli {

namespace {

/// Written whole and new: what lies there already may be evidence.
void write_new(Session& session, std::string const& path, std::string const& bytes) {
    if (path == "-") return session.print(bytes);
    if (std::filesystem::exists(path))
        throw Stop(Exit::usage, fmt::format("{} is there already, and nothing is overwritten.\n  next:  name another file with --out.", path));
    std::ofstream file(path, std::ios::binary);
    file << bytes;
    file.close();
    if (!file) throw Stop(Exit::failure, fmt::format("{} cannot be written.\n  next:  name a file in a folder of yours with --out.", path));
}

casefile::Opened open_case(Session& session, std::string const& path) {
    auto read = casefile::parse(session.read_file(path));
    if (read) return std::move(*read);
    auto const& refusal = read.refusal();
    throw Stop(Exit::usage, fmt::format("{}: {}\n  next:  {}", path, refusal.text, refusal.next));
}

// ------------------------------------------------------------------------------------------------------------- export

Exit export_case(Session& session, Arguments const& arguments) {
    auto const id = arguments.text("PORT");
    auto const redact = arguments.has("--redact");
    auto bytes = session.get_text(fmt::format("/v1/ports/{}/case{}", url_encoded(id), redact ? "?redact=true" : ""), "application/jsonl");
    auto read = casefile::parse(bytes);
    if (!read) throw Stop(Exit::unreachable, fmt::format("What answered sent no case file: {}\n  next:  use the npctl of its version.", read.refusal().text));
    if (arguments.has("--sign")) {
        bytes = casefile::signed_with(session.read_file(arguments.text("--sign")), read->content);
        read = casefile::parse(bytes);
    }
    auto const out = arguments.has("--out") ? arguments.text("--out") : id + ".npcase";
    write_new(session, out, bytes);
    if (out == "-") return Exit::ok;
    json::object const view{{"file", out}, {"port", id}, {"rows", read->content.rows.size()}, {"of_log", read->content.head_seq},
                            {"bytes", bytes.size()}, {"redacted", redact}, {"signed", !read->signature.empty()}, {"sha256", read->seal}};
    return print_one(session, view, out, [&] {
        return fmt::format("{}: the case of {}, {} of the log's {}, {} bytes{}\nseal    {}\n"
                           "Judge it on any machine:  npctl case verify {}\n",
                           out, id, counted(static_cast<long long>(read->content.rows.size()), "row"), read->content.head_seq, bytes.size(),
                           redact ? ", without names, addresses and free text; the numbers stay" : "", read->seal, out);
    });
}

// ------------------------------------------------------------------------------------------------------------- verify

/// What was found, besides what the telling came to.
struct Judged {
    std::string seal;      ///< "holds", "broken", "another"
    std::string signature; ///< "none", "not checked", "holds", "does not hold"
    casefile::Verdict verdict;
    bool sealed() const { return seal == "holds" && signature != "does not hold"; }
    std::string word() const { return !sealed() ? "SEAL BROKEN" : verdict.same ? "SAME" : "DIFFERS"; }
};

Judged judge(Session& session, casefile::Opened const& opened, Arguments const& arguments) {
    Judged judged{opened.seal_holds ? "holds" : "broken", opened.signature.empty() ? "none" : "not checked", casefile::judge(opened.content, program_version)};
    if (arguments.has("--seal") && judged.seal == "holds" && arguments.text("--seal") != opened.seal) judged.seal = "another";
    if (!arguments.has("--key")) return judged;
    switch (casefile::signature_of(opened, session.read_file(arguments.text("--key")))) {
    case casefile::Signed::no:
        throw Stop(Exit::findings, "The case carries no signature, so no key can say whose it is.\n  next:  ask for one exported with --sign.");
    case casefile::Signed::holds: judged.signature = "holds"; break;
    case casefile::Signed::does_not_hold: judged.signature = "does not hold"; break;
    }
    return judged;
}

std::string seal_text(Judged const& judged) {
    if (judged.seal == "broken") return "broken: the file was changed after it was sealed";
    if (judged.seal == "another") return "that of another file than the one that --seal names";
    return "holds: not a byte was changed since it was sealed";
}

std::string verdict_text(Judged const& judged) {
    auto const& verdict = judged.verdict;
    if (verdict.same) return fmt::format("SAME: {} told again, each came out as the file says", counted(verdict.events, "event"));
    return verdict.at > 0 ? fmt::format("DIFFERS at event {}: {}", verdict.at, verdict.difference) : fmt::format("DIFFERS: {}", verdict.difference);
}

std::string verify_page(std::string const& file, casefile::Opened const& opened, Judged const& judged, Times const& times) {
    auto const& content = opened.content;
    auto page = fmt::format("{}: {} of {}, as known at {}{}\n", file, content.port.text, content.own.text, times.full(to_rfc3339(content.as_of)),
                            content.redacted ? ", without personal data" : "");
    page += fmt::format("seal       {}\n", seal_text(judged));
    page += fmt::format("           {}\n", opened.seal);
    page += fmt::format("signature  {}\n", judged.signature);
    page += verdict_text(judged) + "\n";
    for (auto const& remark : judged.verdict.remarks) page += "- " + remark + "\n";
    return page;
}

Exit verify_case(Session& session, Arguments const& arguments) {
    auto const file = arguments.text("FILE");
    auto const opened = open_case(session, file);
    auto const judged = judge(session, opened, arguments);
    auto const& verdict = judged.verdict;
    json::array remarks;
    for (auto const& remark : verdict.remarks) remarks.emplace_back(remark);
    json::object const view{{"file", file},
                            {"port", opened.content.port.text},
                            {"operator", opened.content.own.text},
                            {"as_of", to_rfc3339(opened.content.as_of)},
                            {"redacted", opened.content.redacted},
                            {"verdict", judged.word()},
                            {"events", verdict.events},
                            {"differs_at", verdict.at},
                            {"difference", verdict.difference},
                            {"seal", judged.seal},
                            {"sha256", opened.seal},
                            {"signature", judged.signature},
                            {"remarks", std::move(remarks)}};
    print_one(session, view, judged.word(), [&] { return verify_page(file, opened, judged, session.times_if_offline()); });
    return judged.word() == "SAME" ? Exit::ok : Exit::findings;
}

// --------------------------------------------------------------------------------------------------------------- page

Exit page_of_case(Session& session, Arguments const& arguments) {
    auto const file = arguments.text("FILE");
    auto const opened = open_case(session, file);
    auto judged = judge(session, opened, arguments);
    auto const out = arguments.has("--out") ? arguments.text("--out") : std::filesystem::path(file).stem().string() + ".html";
    CasePage page{opened, judged.word(), verdict_text(judged), seal_text(judged), judged.signature, session.options().language, std::move(judged.verdict)};
    write_new(session, out, case_page(std::move(page)));
    if (out != "-") session.say(fmt::format("{}: open it in a browser; it asks nobody for anything.", out));
    return judged.word() == "SAME" ? Exit::ok : Exit::findings;
}

Flag const out_flag{"--out", "FILE", "where to; nothing is overwritten; - is standard output"};
std::vector<Flag> judge_flags(std::vector<Flag> own) {
    own.push_back({"--seal", "SHA256", "the seal as it was told you by another way: another one is a finding"});
    own.push_back({"--key", "FILE", "the operator's public key (PEM): the signature must be its"});
    return own;
}

} // namespace

std::vector<Verb> case_verbs() {
    return {
        {"case",
         "export",
         "Writes the case of a port into a sealed file: messages, log, law, settings and what became of it.",
         {{"PORT", "the port's id, PI-000001"}},
         {out_flag,
          {"--redact", "", "without names, addresses, accounts and free text; it is judged the same"},
          {"--sign", "FILE", "sign it with the operator's private RSA key (PEM)"}},
         Does::read,
         export_case},
        {"case",
         "verify",
         "Decides a case again, without a daemon: SAME, or where it differs; 9 when it differs or the seal is broken.",
         {{"FILE", "a file of case export; - is standard input"}},
         judge_flags({}),
         Does::read,
         verify_case},
        {"case",
         "page",
         "Makes one HTML page of a case, after judging it, that any browser opens without a server.",
         {{"FILE", "a file of case export; - is standard input"}},
         judge_flags({out_flag}),
         Does::read,
         page_of_case},
    };
}

} // namespace npod::cli
