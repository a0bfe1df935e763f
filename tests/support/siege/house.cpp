#include "support/siege/house.hpp"

#include "base/hash.hpp"
#include "daemon/system_clock.hpp"
#include "storage/ledger.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include <unistd.h>

namespace npod::siege {

using namespace std::chrono_literals;

Folder::Folder() {
    auto name = (std::filesystem::temp_directory_path() / "npod-siege-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw SiegeError("cannot make a folder for the siege");
    path_ = name;
}

Folder::~Folder() {
    std::error_code ignored;
    if (std::uncaught_exceptions() == 0)
        std::filesystem::remove_all(path_, ignored);
    else
        std::cerr << "Everything is kept in " << path_ << "\n";
}

void Folder::write(std::string const& name, std::string const& text) const {
    std::ofstream(file(name)) << text;
    using std::filesystem::perms;
    std::filesystem::permissions(file(name), perms::owner_read | perms::owner_write);
}

std::string Folder::read(std::string const& name) const {
    std::ostringstream text;
    text << std::ifstream(file(name), std::ios::binary).rdbuf();
    return text.str();
}

Keys::Keys(Folder const& folder, std::vector<std::string> const& codes) {
    for (auto const& code : codes) {
        auto const pair = protocol::generate_rsa_key_pair();
        auto const secret = "secret-of-" + code;
        folder.write(code + ".secret", secret);
        folder.write(code + ".key", pair.private_pem);
        folder.write(code + ".pem", pair.public_pem);
        signers_.emplace(code, protocol::Signer({code, secret, pair.private_pem}));
    }
}

http::Headers Keys::signed_by(std::string const& code, std::string const& method, std::string const& path,
                              std::string const& body) const {
    static daemon::SystemClock const clock;
    return signers_.at(code).sign(method, path, body, clock.now());
}

House::House(std::string program, Folder const& folder, std::string code, std::string const& rest,
             story::Process::Environment environment)
    : program_(std::move(program)), code_(std::move(code)), folder_(folder), environment_(std::move(environment)) {
    configure(rest);
}

void House::configure(std::string const& rest) const {
    folder_.write(code_ + ".toml", fmt::format("operator = \"{0}\"\ndb = \"{0}.db\"\n{1}"
                                               "[[token]]\nname = \"anna\"\nrole = \"admin\"\nsha256 = \"{2}\"\n",
                                               code_, rest, content_hash(token)));
}

std::string House::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void House::begin() {
    auto const port_file = folder_.file(code_ + ".port");
    std::filesystem::remove(port_file);
    process_ = std::make_unique<story::Process>(std::vector<std::string>{program_, "serve", "--config", config_file(),
                                                                         "--listen", fmt::format("127.0.0.1:{}", port_),
                                                                         "--port-file", port_file},
                                                environment_, folder_.file(code_ + ".log"));
}

void House::open() {
    begin();
    auto const port_file = folder_.file(code_ + ".port");
    for (auto const end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
        if (std::ifstream file(port_file); file >> port_ && port_ != 0) return;
        if (!process_->alive()) break;
        std::this_thread::sleep_for(2ms);
    }
    throw SiegeError(fmt::format("{} does not open: {}\n{}", code_, process_->ending(), said()));
}

void House::kill() {
    process_->signal(SIGKILL);
    if (!process_->wait(30s)) throw SiegeError(code_ + " outlives SIGKILL");
}

void House::stumble(std::chrono::milliseconds after) {
    begin();
    std::this_thread::sleep_for(after);
    kill();
}

void House::must_have_ended(std::string const& how) {
    if (!process_->wait(30s) || process_->ending() != how)
        throw SiegeError(fmt::format("{} should have ended with {}: {}\n{}", code_, how, process_->ending(), said()));
}

void House::freeze() {
    process_->signal(SIGSTOP);
    for (auto const end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
        std::ifstream stat(fmt::format("/proc/{}/stat", process_->id()));
        std::string const text(std::istreambuf_iterator<char>(stat), {});
        auto const name_ends = text.rfind(')'); // "17 (npod) T 1 …": T is stopped
        if (name_ends != std::string::npos && text.substr(name_ends, 3) == ") T") return;
        std::this_thread::sleep_for(1ms);
    }
    throw SiegeError(code_ + " does not stand still");
}

void House::thaw() { process_->signal(SIGCONT); }

void House::close() {
    process_->signal(SIGTERM);
    if (!process_->wait(30s) || process_->ending() != "exit status 0")
        throw SiegeError(fmt::format("{} does not close well: {}\n{}", code_, process_->ending(), said()));
}

std::size_t House::resident_bytes() const {
    std::size_t whole = 0, resident = 0;
    std::ifstream(fmt::format("/proc/{}/statm", process_->id())) >> whole >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

http::Response House::ask(std::string const& method, std::string const& target, std::string const& body) const {
    http::Headers headers{{"Authorization", std::string("Bearer ") + token}};
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    if (method == "POST") headers.emplace_back("Idempotency-Key", content_hash(target + body));
    return http::Client({url(), {}}).send(method, target, std::move(headers), body, 20s);
}

std::string said_by(std::vector<std::string> const& command, story::Process::Environment const& environment,
                    Folder const& folder) {
    std::filesystem::remove(folder.file("said"));
    story::Process process(command, environment, folder.file("said"));
    if (!process.wait(60s)) throw SiegeError(command[0] + " " + command[1] + " does not end");
    return folder.read("said");
}

std::string porting_request(std::string const& recipient, std::string const& donor, std::string const& dossier) {
    return fmt::format(
        R"({{"message":{{"header":{{"sender":{{"networkoperator":"{0}"}},"receiver":{{"networkoperator":"{1}"}},)"
        R"("timestamp":"20260403165900"}},"body":{{"portingrequest":{{"dossierid":"{2}","recipientserviceprovider":"{0}",)"
        R"("recipientnetworkoperator":"{0}","donornetworkoperator":"{1}","donorserviceprovider":"{1}",)"
        R"("customerinfo":{{"companyname":"Bakkerij Zon","customerid":"K-1"}},)"
        R"("repeats":[{{"seq":{{"numberseries":{{"start":"025501100","end":"025501100"}}}}}}]}}}}}}}})",
        recipient, donor, dossier);
}

std::string dossier_of(std::string_view bytes) {
    constexpr std::string_view name = R"("dossierid":")";
    auto const at = bytes.find(name);
    if (at == std::string_view::npos) return {};
    auto const text = bytes.substr(at + name.size());
    return std::string(text.substr(0, text.find('"')));
}

std::map<std::string, int> requests_in(House const& house) {
    std::map<std::string, int> found;
    storage::Reader const reader(house.db());
    for (std::int64_t after = 0;;) {
        auto const rows = reader.log(after, 500, true);
        if (rows.empty()) return found;
        for (auto const& row : rows)
            if (row.kind == "message.portingrequest" && row.source == "wire:BRAVO") ++found[dossier_of(row.body)];
        after = rows.back().seq;
    }
}

std::string member(std::string const& code) {
    return fmt::format("[[member]]\ncode = \"{0}\"\nsecret_files = [\"{0}.secret\"]\npublic_key_files = [\"{0}.pem\"]\n", code);
}

void wait_for(std::string_view what, std::function<bool()> const& holds) {
    using Clock = std::chrono::steady_clock;
    for (auto const end = Clock::now() + std::chrono::minutes{1}; Clock::now() < end; std::this_thread::sleep_for(std::chrono::milliseconds{20}))
        if (holds()) return;
    throw SiegeError(fmt::format("in vain: {}", what));
}

} // namespace npod::siege
