/// Who gets in: TLS with certificates, tried by openssl, curl and another npod; and keys that are changed while
/// messages flow.

#include "daemon/system_clock.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/sieges.hpp"
#include "unit/http/certificates.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>

namespace npod::siege {

namespace {

using namespace std::chrono_literals;
using Files = http::Authority::Files;

void must(bool holds, std::string_view what, std::string const& seen) {
    if (!holds) throw SiegeError(fmt::format("{}; seen was:\n{}", what, seen.substr(0, 2000)));
}

std::string where(std::string const& program) {
    for (std::string const folder : {"/usr/bin/", "/usr/local/bin/", "/bin/"})
        if (std::ifstream(folder + program)) return folder + program;
    throw SiegeError(program + " is not installed; scripts/install-dependencies --tests installs it");
}

/// A house with TLS that asks for certificates, and those who stand before it.
struct Gate {
    explicit Gate(Choices const& choices)
        : program(choices.npod), keys(folder, {"BRAVO", "CHARLY"}),
          house(choices.npod, folder, "ALFA",
                fmt::format("[tls]\ncertificate_file = \"{}\"\nprivate_key_file = \"{}\"\nclient_ca_file = \"{}\"\n"
                            "[[certificate]]\nname = \"dora\"\nrole = \"desk\"\nidentity = \"urn:npod:dora\"\n"
                            "[[certificate]]\nname = \"rita\"\nrole = \"reader\"\nidentity = \"rita.example\"\n"
                            "[interchange]\nserve = true\n"
                            "[[member]]\ncode = \"BRAVO\"\nsecret_files = [\"BRAVO.secret\"]\npublic_key_files = "
                            "[\"BRAVO.pem\"]\n"
                            "certificate = \"urn:np:bravo\"\n"
                            "[[member]]\ncode = \"CHARLY\"\nsecret_files = [\"CHARLY.secret\"]\npublic_key_files = "
                            "[\"CHARLY.pem\"]\n",
                            host.certificate, host.key, ours.certificate_file())) {
        house.open();
    }

    /// What curl hears, after "STATUS ".
    std::string curl(Files const& files, std::string const& method, std::string const& target,
                     http::Headers const& headers = {}, std::string const& body = {}) const {
        std::vector<std::string> command{where("curl"), "--silent",    "--show-error",          "--max-time",
                                         "20",          "--cacert",    ours.certificate_file(), "--request",
                                         method,        "--write-out", "\n%{http_code}"};
        if (!files.certificate.empty())
            command.insert(command.end(), {"--cert", files.certificate, "--key", files.key});
        if (!body.empty()) command.insert(command.end(), {"--data-binary", body});
        for (auto const& [name, value] : headers) command.insert(command.end(), {"--header", name + ": " + value});
        command.push_back(fmt::format("https://127.0.0.1:{}{}", house.port(), target));
        return said_by(command, {}, folder);
    }

    http::Authority ours{"ours"}, rogue{"rogue"};
    Folder folder;
    std::string program;
    Files host = ours.issue("alfa", "IP:127.0.0.1,DNS:localhost");
    Files dora = ours.issue("dora", "URI:urn:npod:dora"), rita = ours.issue("rita", "DNS:rita.example");
    Files bravo = ours.issue("bravo", "URI:urn:np:bravo"), stranger = rogue.issue("dora", "URI:urn:npod:dora");
    Keys keys;
    House house;
};

/// The Business API: a certificate is a role, and without one of ours there is not even a handshake.
void people(Gate const& gate) {
    auto const who = gate.curl(gate.dora, "GET", "/v1/caller");
    must(has(who, "dora") && has(who, "desk") && who.ends_with("200"), "a certificate is its holder and his role", who);
    auto const order = gate.curl(gate.rita, "POST", "/v1/port-ins",
                                 {{"Idempotency-Key", "k"}, {"Content-Type", "application/json"}}, "{}");
    must(order.ends_with("403"), "a reader's certificate orders nothing", order);
    auto const nobody = gate.curl(gate.bravo, "GET", "/v1/ports");
    must(nobody.ends_with("401"), "a certificate of ours that is given no role reads nothing", nobody);
    for (auto const& files : {Files{}, gate.stranger}) {
        auto const refused = gate.curl(files, "GET", "/v1/caller");
        must(refused.ends_with("000"), "without a certificate of ours nothing is answered", refused);
    }
}

/// openssl s_client, by version of TLS.
void versions(Gate const& gate) {
    auto const shake = [&](std::string const& version) {
        return said_by({where("openssl"), "s_client", "-connect", fmt::format("127.0.0.1:{}", gate.house.port()),
                        version, "-cert", gate.dora.certificate, "-key", gate.dora.key, "-CAfile",
                        gate.ours.certificate_file(), "-cipher", "ALL:@SECLEVEL=0", "-verify_return_error"},
                       {}, gate.folder);
    };
    for (auto const& [version, name] : {std::pair{"-tls1_3", "TLSv1.3"}, std::pair{"-tls1_2", "TLSv1.2"}}) {
        auto const said = shake(version);
        must(has(said, name) && has(said, "Verify return code: 0 (ok)"), fmt::format("{} is spoken", name), said);
    }
    for (auto const* version : {"-tls1_1", "-tls1"}) {
        auto const said = shake(version);
        must(has(said, "Cipher is (NONE)") || has(said, "no protocols available"),
             fmt::format("{} is refused", version), said);
    }
}

/// The interchange: a member's certificate is a third proof, and another npod gives all three.
void counterparts(Gate const& gate) {
    auto const body = porting_request("BRAVO", "CHARLY", "BRAVO-00000001");
    auto headers = gate.keys.signed_by("BRAVO", "POST", wire_path + "portingrequest", body);
    headers.emplace_back("Content-Type", "application/json");
    auto const good = gate.curl(gate.bravo, "POST", wire_path + "portingrequest", headers, body);
    must(good.ends_with("200"), "BRAVO is believed with its certificate", good);
    auto const other = gate.curl(gate.dora, "POST", wire_path + "portingrequest", headers, body);
    must(other.ends_with("401") && has(other, "8010"), "with the certificate of another, its keys are not enough",
         other);

    auto const client = [&](std::string const& code, Files const& files) {
        return fmt::format(
            "[interchange]\nhub = \"https://127.0.0.1:{0}\"\nhub_code = \"ALFA\"\nusername = \"BRAVO\"\nca_file = "
            "\"{1}\"\n"
            "secret_file = \"BRAVO.secret\"\nprivate_key_file = \"BRAVO.key\"\n{2}[[member]]\ncode = \"{3}\"\n",
            gate.house.port(), gate.ours.certificate_file(),
            files.certificate.empty() ? std::string()
                                      : fmt::format("certificate_file = \"{}\"\ncertificate_key_file = \"{}\"\n",
                                                    files.certificate, files.key),
            code);
    };
    auto const health_of = [&](House& npod, std::string_view wanted) {
        npod.open();
        std::string health;
        for (auto const end = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(20ms))
            if (health = npod.ask("GET", "/v1/operators/ALFA/health").body; has(health, wanted)) break;
        npod.kill();
        must(has(health, wanted), fmt::format("health says {}", wanted), health);
    };
    House with(gate.program, gate.folder, "BRAVO", client("CHARLY", gate.bravo));
    health_of(with, "\"stream\":\"open\"");
    Folder const& folder = gate.folder;
    House without(gate.program, folder, "BRAVO2", client("CHARLY", {}));
    health_of(without, "\"stream\":\"broken\"");
}

/// Without TLS only this machine is listened to, and a development house says that it is one.
void without_tls(Gate const& gate) {
    gate.folder.write("open.toml", "operator = \"DELTA\"\ndb = \"delta.db\"\nlisten = \"0.0.0.0:0\"\n");
    auto const refused = said_by({gate.program, "serve", "--config", gate.folder.file("open.toml")}, {}, gate.folder);
    must(has(refused, "calls would travel in the clear"), "an open address without TLS is refused with the reason",
         refused);
    House local(gate.program, gate.folder, "DELTA", "[interchange]\nserve = true\n[[member]]\ncode = \"BRAVO\"\n");
    local.open();
    local.close();
    must(has(local.said(), "NP_OPEN_INTERCHANGE"), "an interchange without keys says so", local.said());
}

} // namespace

void tls(Choices const& choices) {
    Gate gate(choices);
    people(gate);
    versions(gate);
    counterparts(gate);
    without_tls(gate);
    gate.house.close();
    fmt::print("TLS 1.2 and 1.3 with certificates of ours and nothing else; roles and members by certificate; another "
               "npod as client.\n");
}

// ----------------------------------------------------------------------------------------------------------- rotation

namespace {

/// BRAVO's two pairs of secret and key, of which ALFA knows some.
class Rotation {
public:
    explicit Rotation(Choices const& choices) : house_(choices.npod, folder_, "ALFA", {}) {
        for (std::string const name : {"old", "new"}) {
            auto const pair = protocol::generate_rsa_key_pair();
            folder_.write(name + ".secret", "secret-" + name);
            folder_.write(name + ".pem", pair.public_pem);
            keys_[name] = pair.private_pem;
        }
    }
    /// A restart with another configuration.
    void knows(std::string const& secrets, std::string const& keys) {
        if (count_ > 0) house_.close();
        house_.configure(
            fmt::format("[interchange]\nserve = true\n[[member]]\ncode = \"CHARLY\"\n[[member]]\ncode = \"BRAVO\"\n"
                        "secret_files = [{}]\npublic_key_files = [{}]\n",
                        secrets, keys));
        house_.open();
    }
    /// A message of its own under that secret and key; `ago`: it was signed so long ago.
    http::Response send(std::string const& secret, std::string const& key, Duration ago = {}) {
        auto const body = porting_request("BRAVO", "CHARLY", fmt::format("BRAVO-{:08}", ++count_));
        auto headers = protocol::sign({"BRAVO", "secret-" + secret, keys_.at(key)}, "POST",
                                      wire_path + "portingrequest", body, daemon::SystemClock{}.now() - ago);
        headers.emplace_back("Content-Type", "application/json");
        return http::Client({house_.url(), {}}).send("POST", wire_path + "portingrequest", std::move(headers), body);
    }
    void taken(std::string const& secret, std::string const& key) {
        auto const answer = send(secret, key);
        must(answer.status == 200, fmt::format("the {} secret and {} key are taken", secret, key), answer.body);
    }
    void refused(std::string const& secret, std::string const& key, std::string_view why, Duration ago = {}) {
        auto const answer = send(secret, key, ago);
        must(answer.status == 401 && has(answer.body, "\"code\":8010") && has(answer.body, why),
             fmt::format("the {} secret and {} key are refused, because: {}", secret, key, why), answer.body);
    }
    void end() { house_.close(); }

private:
    Folder folder_;
    House house_;
    std::map<std::string, std::string> keys_;
    int count_ = 0;
};

} // namespace

void rotation(Choices const& choices) {
    constexpr auto wrong_secret = "User name and signature of the header authorization do not belong together";
    constexpr auto wrong_key = "The token is not signed with a key that is known here";
    Rotation bravo(choices);
    bravo.knows("\"old.secret\"", "\"old.pem\"");
    bravo.taken("old", "old");
    bravo.refused("new", "old", wrong_secret);
    bravo.refused("old", "new", wrong_key);
    bravo.knows("\"old.secret\", \"new.secret\"", "\"old.pem\", \"new.pem\"");
    for (auto const* secret : {"old", "new"})
        for (auto const* key : {"old", "new"}) bravo.taken(secret, key);
    bravo.refused("new", "new", "x-date", 61s + 1s); // by a second for the way
    bravo.refused("new", "new", "x-date", -65s);
    bravo.knows("\"new.secret\"", "\"new.pem\"");
    bravo.taken("new", "new");
    bravo.refused("old", "new", wrong_secret);
    bravo.refused("new", "old", wrong_key);
    bravo.end();
    fmt::print("keys were changed over two restarts: old, both, new.\n");
}

} // namespace npod::siege
