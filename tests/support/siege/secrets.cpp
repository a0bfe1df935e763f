/// Secrets are planted wherever one may stand, and everything that npod and npctl say or write is searched for them.

#include "base/fault.hpp"
#include "storage/sqlite/database.hpp"
#include "storage/sqlite/squeeze.hpp"
#include "support/siege/callers.hpp"
#include "support/siege/net.hpp"
#include "support/siege/sieges.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace npod::siege {

namespace {

/// Each text that must not be seen: secrets as they are, and every line of the private keys.
std::vector<std::string> planted(Folder const& folder) {
    std::vector<std::string> all{token,          "secret-of-ALFA", "secret-of-BRAVO", "secret-of-CHARLY",
                                 "older-secret", "wrong-secret",   "wrong-token",
                                 "secret-for-DELTA", "secret-that-came-encrypted"};
    for (auto const* file : {"ALFA.key", "BRAVO.key", "DELTA.key"}) {
        std::istringstream lines(folder.read(file));
        for (std::string line; std::getline(lines, line);)
            if (line.size() == 64) all.push_back(line);
    }
    all.emplace_back("PRIVATE KEY");
    return all;
}

/// Every value of every table, as it was before it was squeezed; the file's bytes show the rest.
std::string values_in(std::string const& file) {
    storage::sqlite::Database database(file, storage::sqlite::Database::Access::read_only);
    std::string all;
    for (auto const& table : database.answers("SELECT name FROM sqlite_schema WHERE type = 'table'"))
        for (auto const& column : database.answers(fmt::format("SELECT name FROM pragma_table_info('{}')", table)))
            for (auto const& digits : database.answers(fmt::format("SELECT hex(\"{}\") FROM \"{}\"", column, table))) {
                std::string value;
                for (std::size_t i = 0; i < digits.size(); i += 2) value += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
                try {
                    all += storage::sqlite::unsqueezed(value) + "\n";
                } catch (StorageFault const&) { // a hash that begins as a squeezed value does
                    all += value + "\n";
                }
            }
    return all;
}

constexpr std::array reads{"port list --all",
                           "port show PI-000001",
                           "number show +3225501100",
                           "number lookup +3225501100",
                           "number export",
                           "contract show K-1",
                           "claim list",
                           "claim show CL-1",
                           "claim payments",
                           "timer list",
                           "event list",
                           "operator list",
                           "operator show BRAVO",
                           "operator show HUB",
                           "operator show DELTA",
                           "operator check DELTA",
                           "operator show ECHO",
                           "operator health BRAVO",
                           "operator health HUB",
                           "operator check HUB",
                           "operator check BRAVO",
                           "rule list",
                           "machine list",
                           "clock show",
                           "daemon status",
                           "daemon whoami",
                           "status BRAVO",
                           "status"};

std::vector<std::string> split(std::string const& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

/// Every noun of npctl in every form, as the admin, as somebody with a wrong token, and of the file alone.
void ask_everything(Choices const& choices, House const& house, Folder const& folder, Net& net) {
    auto const ask = [&](std::string const& what, std::string const& with, std::string const& form,
                         std::vector<std::string> const& way) {
        std::vector<std::string> command{choices.npctl};
        for (auto const& part : {split(what), std::vector<std::string>{"-o", form}, way})
            command.insert(command.end(), part.begin(), part.end());
        net.add(fmt::format("npctl {} -o {}", what, form), said_by(command, {{"NPCTL_TOKEN", with}}, folder));
    };
    for (auto const* what : reads) {
        for (auto const* form : {"table", "json"}) ask(what, token, form, {"--url", house.url()});
        ask(what, token, "json", {"--db", house.db()});
    }
    for (auto const* form : {"wide", "jsonl", "csv", "name"}) ask("operator list", token, form, {"--url", house.url()});
    for (auto const* what : {"daemon status", "operator list", "port list"})
        ask(what, "wrong-token", "json", {"--url", house.url()});
    ask("port list", token, "json", {"--url", "http://127.0.0.1:1"});
    ask("port list", "", "json", {"--url", house.url(), "--token", token, "--tokn"});
    ask("clock advance 1wd --reason test", token, "json", {"--url", house.url()});
}

/// Calls of counterparts and people, right and wrong.
void call(House const& house, Keys const& keys, Net& net) {
    auto const send = [&](std::string const& method, std::string const& target, http::Headers headers,
                          std::string const& body) {
        headers.emplace_back("Content-Type", "application/json");
        headers.emplace_back("Idempotency-Key", "key");
        net.add(method + " " + target,
                http::Client({house.url(), {}}).send(method, target, std::move(headers), body).body);
    };
    auto const body = porting_request("BRAVO", "CHARLY", "BRAVO-00000001");
    send("POST", wire_path + "portingrequest", keys.signed_by("BRAVO", "POST", wire_path + "portingrequest", body),
         body);
    send("POST", wire_path + "portingrequest", keys.signed_by("BRAVO", "POST", wire_path + "cancel", body), body);
    send("POST", wire_path + "portingrequest", keys.signed_by("BRAVO", "POST", wire_path + "portingrequest", "{"), "{");
    send("POST", wire_path + "nonsense", keys.signed_by("BRAVO", "POST", wire_path + "nonsense", "{}"), "{}");
    for (std::string const with : {token, "wrong-token"}) {
        http::Headers const bearer{{"Authorization", "Bearer " + with}};
        for (auto const* target : {"/v1/status", "/v1/operators", "/v1/operators/BRAVO/health", "/v1/ports?limit=x",
                                   "/v1/events", "/v1/nothing", "/metrics", "/healthz", "/readyz"})
            send("GET", target, bearer, {});
        send("POST", "/v1/port-ins", bearer, "{\"half");
        send("POST", "/v1/port-ins", {{"Authorization", "Basic " + with}}, "{}");
    }
}

/// What `npod check` and a start that fails say, with a key file that holds a secret and no key.
void misconfigure(Choices const& choices, House const& house, Folder const& folder, Net& net) {
    net.add("npod check", said_by({choices.npod, "check", "--config", house.config_file()},
                                  {{"NPOD_MEMBER_BRAVO_SECRET", "secret-of-BRAVO"}}, folder));
    folder.write(
        "bad.toml",
        "operator = \"ALFA\"\n[interchange]\nhub = \"http://127.0.0.1:1\"\nsecret_file = \"ALFA.secret\"\n"
        "private_key_file = \"CHARLY.secret\"\nsecret = \"older-secret\"\n[[token]]\nname = \"x\"\nrole = \"admin\"\n"
        "sha256 = \"" +
            std::string(token) + "\"\n");
    for (std::string const verb : {"check", "serve"})
        net.add("npod " + verb + " of a bad file",
                said_by({choices.npod, verb, "--config", folder.file("bad.toml")}, {}, folder));
}

} // namespace

void secrets(Choices const& choices) {
    Folder const folder;
    Keys const keys(folder, {"ALFA", "BRAVO", "CHARLY", "DELTA"});
    folder.write("older", "older-secret");
    folder.write("for-delta", "secret-for-DELTA");
    folder.write("plain", "secret-that-came-encrypted");
    auto const encrypt = fmt::format("openssl pkeyutl -encrypt -pubin -inkey {0} -in {1} | openssl base64 > {2}",
                                     folder.file("ALFA.pem"), folder.file("plain"), folder.file("encrypted"));
    if (std::system(encrypt.c_str()) != 0) throw SiegeError("openssl did not encrypt a secret");
    House house(choices.npod, folder, "ALFA",
                "[interchange]\nserve = true\nhub = \"http://127.0.0.1:1\"\nprivate_key_file = \"ALFA.key\"\n"
                "[[member]]\ncode = \"BRAVO\"\nsecret_files = [\"older\"]\npublic_key_files = [\"BRAVO.pem\"]\n"
                "[[member]]\ncode = \"CHARLY\"\nsecret_files = [\"older\", \"CHARLY.secret\"]\npublic_key_files = "
                "[\"CHARLY.pem\"]\n"
                "[[member]]\ncode = \"DELTA\"\nurl = \"http://127.0.0.1:2\"\nour_secret_file = \"for-delta\"\n"
                "our_private_key_file = \"DELTA.key\"\nsecret_files = [\"older\"]\npublic_key_files = [\"DELTA.pem\"]\n"
                "[[member]]\ncode = \"ECHO\"\nurl = \"http://127.0.0.1:2\"\nour_encrypted_secret_file = \"encrypted\"\n"
                "secret_files = [\"older\"]\npublic_key_files = [\"DELTA.pem\"]\n",
                {{"NPOD_INTERCHANGE_SECRET", "secret-of-ALFA"},
                 {"NPOD_MEMBER_BRAVO_SECRET", "secret-of-BRAVO"},
                 {"NPOD_LOG_LEVEL", "debug"}});
    house.open();
    Net net;
    call(house, keys, net);
    ask_everything(choices, house, folder, net);
    std::ostringstream line;
    line << std::ifstream(fmt::format("/proc/{}/cmdline", house.id())).rdbuf();
    net.add("the command line", line.str());
    misconfigure(choices, house, folder, net);
    house.close();
    net.add("the log", house.said());
    net.add("the database", folder.read("ALFA.db"));
    auto const values = values_in(folder.file("ALFA.db"));
    if (values.find("\"companyname\"") == std::string::npos) throw SiegeError("the messages in the database were not looked through");
    net.add("what the database holds", values);
    net.must_hold("BRAVO-00000001"); // the net catches what may be seen: a dossier, the name of a caller
    net.must_hold("anna");
    auto secrets = planted(folder);
    if (choices.tamper) secrets.emplace_back("BRAVO-00000001");
    net.must_hold_none(secrets);
    fmt::print("{} kB were said and written, and none of {} planted texts is in them.\n", net.size() / 1024,
               secrets.size());
}

} // namespace npod::siege
