/// npod between counterparts that misbehave on purpose: real processes on loopback, npod serve against npod sandbox.
///
///     npod_trial --npod PATH recipient|donor|hub [--seed N]     every fault of that part; the card must be clean
///     npod_trial --npod PATH soak|soak-served [--seed N] [--days N] [--seconds N] [--tamper]
///
/// The soak is days of law time with faults at every seam, and npod killed again and again: "soak" with npod as the
/// client of a bad hub, "soak-served" with npod as the server of a bad client. In the end the set of messages that were
/// acknowledged equals the set of those that were processed, byte for byte, in both directions, and none was processed
/// more often than it was acknowledged.

#include "base/json.hpp"
#include "daemon/config.hpp"
#include "daemon/wire.hpp"
#include "engine/replay.hpp"
#include "protocol/auth.hpp"
#include "storage/ledger.hpp"
#include "support/story/daemon.hpp"
#include "support/story/process.hpp"
#include "support/story/script.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace npod::trial {

namespace json = boost::json;
using namespace std::chrono_literals;
using story::Daemon;
using story::Process;
using story::StoryError;

struct Choices {
    std::string program, kind;
    std::uint64_t seed = 1;
    int days = 2, seconds = 25;
    bool tamper = false; ///< a message is put into the record that nobody processed: the soak must notice

    bool soaks() const { return kind == "soak" || kind == "soak-served"; }
    /// npod keeps the mailbox and the sandbox calls; otherwise the other way round.
    bool serves() const { return kind == "recipient" || kind == "donor" || kind == "soak-served"; }
    std::string part() const { return kind == "soak" ? "hub" : kind == "soak-served" ? "recipient" : kind; }
};

constexpr std::string_view start = "2026-03-02T09:00:00+01:00"; // a Monday
constexpr int contracts = 400;                                  // of one number each, for the sandbox to ask for

/// Files of one trial; kept when it fails.
class Folder {
public:
    Folder() {
        auto name = (std::filesystem::temp_directory_path() / "npod-trial-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw StoryError("cannot make a folder for the trial");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        if (std::uncaught_exceptions() == 0)
            std::filesystem::remove_all(path_, ignored);
        else
            std::cerr << "Everything is kept in " << path_ << "\n";
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;

    std::string file(std::string const& name) const { return path_ + "/" + name; }
    void write(std::string const& name, std::string const& text) const {
        std::ofstream(file(name)) << text;
        std::filesystem::permissions(file(name),
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    std::string read(std::string const& name) const {
        std::ostringstream text;
        text << std::ifstream(file(name), std::ios::binary).rdbuf();
        return text.str();
    }

private:
    std::string path_;
};

/// A port that nobody uses now. The tested side must know it before the sandbox listens there.
std::uint16_t free_port() {
    int const probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bool const bound = ::bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(probe);
    if (!bound) throw StoryError("there is no free port");
    return ntohs(address.sin_port);
}

// ------------------------------------------------------------------------------------------------- the tested side

/// ALFA on a manual clock, with keys on both sides; as the server of BRAVO's mailbox, or as the client of BRAVO's.
class Tested {
public:
    Tested(Folder const& folder, Choices const& choices)
        : folder_(folder), serves_(choices.serves()), port_(serves_ ? std::uint16_t{0} : free_port()),
          daemon_({"ALFA", choices.program, folder.file("."), "", choices.soaks()}) {
        for (std::string const name : {"alfa", "bravo"}) {
            auto const keys = protocol::generate_rsa_key_pair();
            folder.write(name + ".key", keys.private_pem);
            folder.write(name + ".pem", keys.public_pem);
            folder.write(name + ".secret", "secret-of-" + name);
        }
        std::string text = fmt::format(
            "operator = \"ALFA\"\ndb = \"npod.db\"\nclock = \"manual@{}\"\n[interchange]\nzone = \"Europe/Brussels\"\n",
            start);
        text += serves_ ? "serve = true\n"
                        : fmt::format("hub = \"http://127.0.0.1:{}\"\nhub_code = \"HUB\"\nsecret_file = "
                                      "\"alfa.secret\"\nprivate_key_file = \"alfa.key\"\n",
                                      port_);
        // So that a mute stream is noticed while the soak runs: what the law's clock does is nothing to it.
        if (choices.soaks()) text += "silence_seconds = 2\n";
        text += "[[member]]\ncode = \"BRAVO\"\nzone = \"Europe/Brussels\"\n";
        if (serves_) text += "secret_files = [\"bravo.secret\"]\npublic_key_files = [\"bravo.pem\"]\n";
        folder.write("npod.toml", text);
        daemon_.start();
        furnish();
    }

    Daemon& daemon() { return daemon_; }
    /// How the sandbox reaches it, or is reached.
    std::vector<std::string> way() const {
        if (serves_)
            return {"--hub",
                    daemon_.url(),
                    "--secret-file",
                    folder_.file("bravo.secret"),
                    "--private-key-file",
                    folder_.file("bravo.key")};
        return {"--listen",
                fmt::format("127.0.0.1:{}", port_),
                "--tested-secret-file",
                folder_.file("alfa.secret"),
                "--tested-key-file",
                folder_.file("alfa.pem")};
    }

private:
    void furnish() {
        json::object const customer{{"kind", "legal"}, {"name", "Bakkerij Zon"}};
        must(daemon_.put("/v1/blocks", {{"first", "+3225501000"}, {"last", "+3225501999"}, {"holder", "ALFA"}}));
        must(daemon_.put("/v1/blocks", {{"first", "+3225502000"}, {"last", "+3225503999"}, {"holder", "BRAVO"}}));
        for (int i = 0; i < contracts; ++i)
            must(daemon_.put(fmt::format("/v1/contracts/K-{}", i),
                             {{"customer", customer},
                              {"network", "fixed"},
                              {"numbers", json::array{fmt::format("+3225501{:03}", i)}}}));
    }
    static void must(story::Reply const& reply) {
        if (!reply.good()) throw StoryError("the tested side cannot be furnished: " + reply.text);
    }

    Folder const& folder_;
    bool serves_;
    std::uint16_t port_;
    Daemon daemon_;
};

/// The people at the tested side: they order ports of two numbers, and say that the network is done wherever the donor
/// let go.
class Desk {
public:
    explicit Desk(Daemon& daemon) : daemon_(daemon) {}

    void order() {
        if (orders_ == 990) return; // BRAVO has no more numbers
        int const n = ++orders_;
        auto const reply = daemon_.post(
            "/v1/port-ins", fmt::format("order-{}", n),
            {{"order_id", fmt::format("O-{}", n)},
             {"donor", "BRAVO"},
             {"network", "fixed"},
             {"numbers", json::array{fmt::format("+322550{}", 2000 + 2 * n), fmt::format("+322550{}", 2001 + 2 * n)}},
             {"customer", {{"kind", "legal"}, {"name", "Bakkerij Zon"}}},
             {"contract_id", fmt::format("N-{}", n)},
             {"location", {{"zone", "2"}}},
             {"mandate",
              {{"id", "M-1"},
               {"titular", "Bakkerij Zon"},
               {"signer", "An"},
               {"channel", "online"},
               {"signed_at", "2026-03-01T08:00:00Z"}}}});
        if (!reply.good()) throw StoryError("an order was refused: " + reply.text);
    }

    void report_done() {
        auto const page = daemon_.get("/v1/ports?role=port_in&open=true&limit=200");
        for (auto const& item : page.body.at("items").as_array()) {
            auto const id = json::value_to<std::string>(item.at("id"));
            json::array numbers;
            auto const port = daemon_.get("/v1/ports/" + id);
            for (auto const& line : port.body.at("lines").as_array())
                if (std::set<json::string>{"scheduled", "activating", "activation_overdue"}.contains(
                        line.at("state").as_string()))
                    numbers.push_back({{"first", line.at("first")}, {"last", line.at("last")}});
            if (numbers.empty()) continue;
            // Refused when the donor has taken its yes back meanwhile: nothing is left to do then.
            daemon_.post("/v1/ports/" + id + "/activation", fmt::format("done-{}", ++reports_),
                         {{"numbers", std::move(numbers)}, {"done", true}, {"reason", "test calls work"}});
        }
    }

private:
    Daemon& daemon_;
    int orders_ = 0, reports_ = 0;
};

// ------------------------------------------------------------------------------------------------------ the sandbox

class Sandbox {
public:
    Sandbox(Folder const& folder, Tested const& tested, Choices const& choices, std::vector<std::string> more)
        : folder_(folder) {
        std::vector<std::string> command{choices.program, "sandbox",
                                         "--as",          choices.part(),
                                         "--operator",    "BRAVO",
                                         "--tested",      "ALFA",
                                         "--clock",       fmt::format("manual@{}", start),
                                         "--numbers",     fmt::format("+3225501000..+3225501{:03}", contracts - 1),
                                         "--seed",        fmt::format("{}", choices.seed),
                                         "--output",      "json",
                                         "--record",      folder.file("record")};
        for (auto const& list : {tested.way(), more}) command.insert(command.end(), list.begin(), list.end());
        process_ = std::make_unique<Process>(command, Process::Environment{}, folder.file("card"));
    }
    bool runs() { return process_->alive(); }
    std::string ending() { return process_->ending(); }

    json::object card() const {
        auto const text = folder_.read("card");
        auto const begin = text.find('{');
        if (begin == std::string::npos) throw StoryError("the sandbox left no card: " + text);
        return json::parse(text.substr(begin)).as_object();
    }

private:
    Folder const& folder_;
    std::unique_ptr<Process> process_;
};

std::string told(json::object const& fault) {
    return fmt::format("  {} as {}: {}: {} (seen: {})\n", fault.at("fault").as_string().c_str(),
                       fault.at("part").as_string().c_str(), fault.at("verdict").as_string().c_str(),
                       fault.at("why").as_string().c_str(), fault.at("seen").as_string().c_str());
}

/// Every fault of the card has passed; in a soak some may not have come up.
void look_at(json::object const& card, bool all_observed) {
    std::string wrong;
    for (auto const& item : card.at("faults").as_array()) {
        auto const& fault = item.as_object();
        if (fault.at("verdict") == "failed" || (all_observed && fault.at("verdict") != "passed")) wrong += told(fault);
    }
    if (!wrong.empty()) throw StoryError("the card is not clean:\n" + wrong);
}

/// The database has no finding, and its log told again from nothing decides every row the same.
void look_at_database(Folder const& folder, Choices const& choices) {
    Process check({choices.program, "check", "--config", folder.file("npod.toml")}, {}, folder.file("check"));
    if (!check.wait(60s) || check.ending() != "exit status 0")
        throw StoryError("npod check is not content:\n" + folder.read("check"));
    auto const config = daemon::read_config({folder.file("npod.toml"), {}, {}});
    storage::Reader const reader(config.db);
    auto const law = std::make_shared<rules::Rulebook const>(rules::configured_rulebook(config.rulebook, config.overrides));
    auto const told_again = engine::replay(reader, law, config.settings(), daemon::Wire(config).interchange(), {});
    if (!told_again.difference.empty())
        throw StoryError("told again, the log decides otherwise: " + told_again.difference);
}

// ------------------------------------------------------------------------------------------------------- the trials

int trial(Choices const& choices) {
    Folder const folder;
    Tested tested(folder, choices);
    Desk desk(tested.daemon());
    bool const orders = choices.kind != "recipient";
    if (orders)
        for (int i = 0; i < 30; ++i) desk.order();
    Sandbox sandbox(folder, tested, choices, {"--quiet", "400", "--patience", "15000"});
    while (sandbox.runs()) {
        desk.report_done();
        std::this_thread::sleep_for(20ms);
    }
    auto const card = sandbox.card();
    look_at(card, true);
    if (sandbox.ending() != "exit status 0")
        throw StoryError("the card is clean and yet the sandbox ended with " + sandbox.ending());
    tested.daemon().stop();
    look_at_database(folder, choices);
    fmt::print("npod against every fault of a {}: {} scenes passed; database checked, log told again.\n", choices.kind,
               card.at("passed").to_number<int>());
    return 0;
}

/// Messages, and how often each came.
using Bytes = std::map<std::string, int>;

/// What either side was acknowledged, by the sandbox's record.
Bytes acknowledged(Folder const& folder, std::string_view way) {
    Bytes bytes;
    std::ifstream record(folder.file("record"), std::ios::binary);
    for (std::string line; std::getline(record, line);) {
        auto const entry = json::parse(line).as_object();
        if (json::value_to<std::string>(entry.at("way")) == way)
            ++bytes[json::value_to<std::string>(entry.at("bytes"))];
    }
    return bytes;
}

/// What others said to ALFA; where it keeps mailboxes itself, its own words are in its log, too.
Bytes processed(storage::Reader const& reader) {
    Bytes bytes;
    for (std::int64_t after = 0;;) {
        auto const rows = reader.log(after, 200, true);
        if (rows.empty()) return bytes;
        for (auto const& row : rows)
            if (row.kind.starts_with("message.") && row.source.starts_with("wire:") && row.source != "wire:ALFA")
                ++bytes[row.body];
        after = rows.back().seq;
    }
}

Bytes delivered(storage::Reader const& reader) {
    Bytes bytes;
    for (std::int64_t id = 1;; ++id) {
        auto const delivery = reader.book().delivery(id);
        if (!delivery) return bytes;
        bool const refused = delivery->state == "bounced" && delivery->trouble == "400 9999 as the scene wants it";
        if (refused) continue; // never acknowledged, and told so
        if (delivery->state != "confirmed")
            throw StoryError(fmt::format("delivery {} ({}) is {} in the end", id, delivery->type, delivery->state));
        ++bytes[delivery->bytes];
    }
}

void must_be_same(std::string_view what, Bytes const& acknowledged, Bytes const& here) {
    std::string wrong;
    for (auto const& [one, often] : acknowledged)
        if (!here.contains(one)) wrong += "\n  acknowledged, and not here: " + one;
    for (auto const& [one, often] : here) {
        if (!acknowledged.contains(one))
            wrong += "\n  here, and not acknowledged: " + one;
        else if (often > acknowledged.at(one))
            wrong += fmt::format("\n  here {} times: {}", often, one);
    }
    if (!wrong.empty()) throw StoryError(fmt::format("{}: {}", what, wrong.substr(0, 3000)));
    if (acknowledged.size() < 20)
        throw StoryError(fmt::format("{}: {} messages prove too little", what, acknowledged.size()));
}

/// The soak is worth its name only when each of the hard ones has had its turn.
void must_have_passed(json::object const& card, std::vector<std::string> const& faults) {
    std::set<std::string> passed;
    for (auto const& item : card.at("faults").as_array())
        if (item.at("verdict") == "passed") passed.insert(json::value_to<std::string>(item.at("fault")));
    for (auto const& fault : faults)
        if (!passed.contains(fault)) throw StoryError("the soak was too short for " + fault + "; give it more --seconds");
}

/// How the tested side dies in a soak: at any moment, or besides at the first commit of its next life, before or after
/// it.
void let_die(Daemon& daemon, Folder const& folder, std::mt19937_64& chance) {
    auto const how = chance() % 3;
    if (how == 0) return daemon.kill();
    std::string been_through; // every point before a commit: so that it dies after one
    if (how == 2)
        for (int row = 1; row < 50'000; ++row) been_through += fmt::format("before {}\n", row);
    folder.write("plan", been_through);
    daemon.kill_twice(folder.file("plan"));
}

/// An order meets a full disk: it is not taken, whatever else is said meanwhile, until there is room again.
void run_out_of_disk(Daemon& daemon, Desk& desk) {
    daemon.get("/v1/status"); // it lives
    daemon.limit_files(true); // its log cannot tell of it: it is a file like the others
    auto ordering = std::async(std::launch::async, [&] { desk.order(); });
    bool noticed = false;
    for (auto const end = std::chrono::steady_clock::now() + 20s; !noticed && std::chrono::steady_clock::now() < end;) {
        std::this_thread::sleep_for(20ms);
        auto const status = http::Client({daemon.url(), {}}).send("GET", "/v1/status", {}, {}).body;
        noticed = status.find(R"("accepting":false)") != std::string::npos;
    }
    std::this_thread::sleep_for(500ms); // time for others to speak into the void
    daemon.limit_files(false);
    ordering.get();
    if (!noticed) throw StoryError("a full disk was not noticed");
}

int soak(Choices const& choices) {
    Folder const folder;
    Tested tested(folder, choices);
    Desk desk(tested.daemon());
    Sandbox sandbox(folder, tested, choices,
                    {"--may-die", "--quiet", "30", "--patience", "20000", "--ports", "1000000", "--duration",
                     fmt::format("{}", choices.seconds), "--linger", "6000"});
    std::mt19937_64 chance(choices.seed);
    int const steps = choices.days * 24 * 4; // a quarter of an hour each
    auto const pace = std::chrono::milliseconds{choices.seconds * 1'000 / steps};
    for (int step = 1; step <= steps; ++step) {
        auto const until = std::chrono::steady_clock::now() + pace;
        auto const law = *parse_rfc3339(start) + std::chrono::minutes{15 * step};
        tested.daemon().post("/v1/clock/advance", fmt::format("step-{}", step), {{"to", to_rfc3339(law)}});
        if (step % 2 == 0) desk.order();
        desk.report_done();
        if (chance() % 12 == 0) let_die(tested.daemon(), folder, chance);
        std::this_thread::sleep_until(until);
        if (step != steps / 2) continue;
        run_out_of_disk(tested.daemon(), desk);
    }
    tested.daemon().get("/v1/status"); // it may have been killed last; asked, it comes back
    while (sandbox.runs()) std::this_thread::sleep_for(20ms);
    look_at(sandbox.card(), false);
    tested.daemon().stop();
    auto const config = daemon::read_config({folder.file("npod.toml"), {}, {}});
    storage::Reader const reader(config.db);
    auto const heard = processed(reader), said = delivered(reader);
    auto confirmed = acknowledged(folder, "to");
    if (choices.tamper) ++confirmed["a message that was confirmed and lost"];
    must_be_same("what the tested side confirmed and what it processed", confirmed, heard);
    must_be_same("what the sandbox took and what the tested side knows to be delivered", acknowledged(folder, "from"),
                 said);
    look_at_database(folder, choices);
    if (choices.serves())
        must_have_passed(sandbox.card(), {"silence", "late", "duplicate", "reorder", "wrong-dossier", "implausible-date", "truncated",
                                          "reset", "slow", "bad-signature", "clock-skew", "other-sender"});
    else
        must_have_passed(sandbox.card(), {"silence", "late", "duplicate", "reorder", "wrong-dossier", "implausible-date", "split-answer",
                                          "half-open", "slow-stream", "broken-stream", "forgetful", "failed-confirmation",
                                          "garbled-yes", "proxy-page", "half-answer"});
    fmt::print("{} days of law time: {} messages in and {} out, acknowledged and processed alike, byte for byte; npod "
               "was killed {} times; {} scenes passed.\n",
               choices.days, heard.size(), said.size(), tested.daemon().deaths(),
               sandbox.card().at("passed").to_number<int>());
    return 0;
}

Choices read_arguments(int count, char** words) {
    Choices choices;
    for (int i = 1; i < count; ++i) {
        std::string const word = words[i];
        auto const value = [&]() -> std::string { return i + 1 < count ? words[++i] : ""; };
        if (word == "--npod")
            choices.program = value();
        else if (word == "--seed")
            choices.seed = std::stoull(value());
        else if (word == "--days")
            choices.days = std::stoi(value());
        else if (word == "--seconds")
            choices.seconds = std::stoi(value());
        else if (word == "--tamper")
            choices.tamper = true;
        else
            choices.kind = word;
    }
    if (choices.program.empty() || choices.kind.empty()) {
        std::cerr << "npod_trial --npod PATH recipient|donor|hub|soak|soak-served [--seed N] [--days N] [--seconds N]\n";
        std::exit(2);
    }
    return choices;
}

} // namespace npod::trial

int main(int count, char** words) {
    auto const choices = npod::trial::read_arguments(count, words);
    try {
        return choices.soaks() ? npod::trial::soak(choices) : npod::trial::trial(choices);
    } catch (std::exception const& trouble) {
        std::cerr << "seed " << choices.seed << ": " << trouble.what() << "\n";
        return 1;
    }
}
