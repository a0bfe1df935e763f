#include "daemon/config.hpp"

#include "base/fault.hpp"
#include "protocol/auth.hpp"
#include "unit/daemon/folder.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <cstdlib>
#include <string>

using namespace npod;
using namespace npod::daemon;
using npod::testing::Folder;

namespace {

/// What read_config says of a file with this text; empty when it is content.
std::string complaint(std::string const& text, std::map<std::string, std::string> environment = {}) {
    Folder const folder;
    try {
        auto const config = read_config({folder.write("npod.toml", text), {}, std::move(environment)});
        return {};
    } catch (ConfigFault const& fault) {
        std::string said = fault.what();
        for (auto const prefix = folder.path(""); said.find(prefix) != std::string::npos;)
            said.erase(said.find(prefix), prefix.size());
        return said;
    }
}

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("the operator's code alone is a configuration, the rest has defaults") {
    auto const config = read_config({"", {{"operator", "ALFA"}}, {}});
    CHECK(config.operator_code.text == "ALFA");
    CHECK(config.db == "npod.db");
    CHECK(config.listen.address == "127.0.0.1");
    CHECK(config.listen.port == 8700);
    CHECK(config.rulebook == "be");
    CHECK_FALSE(config.clock.manual);
    CHECK(config.dossier_prefix == "ALFA");
    CHECK(config.interchange.username == "ALFA");
    CHECK(config.development());
    CHECK(config.said.at("listen").origin == "default");
}

TEST_CASE("without an operator's code the text says how to set it") {
    try {
        auto const config = read_config({});
        FAIL("accepted");
    } catch (ConfigFault const& fault) {
        CHECK(has(fault.what(), "--operator ALFA"));
    }
}

TEST_CASE("a full file is understood") {
    Folder const folder;
    folder.write("secret", "s3cret\n", true);
    folder.write("bravo.secret", "b-one\n", true);
    folder.write("bravo.pem", "PUBLIC");
    folder.write("own.pem", "PRIVATE", true);
    auto const file = folder.write("npod.toml", R"(
operator = "ALFA"
db = "data/alfa.db"
listen = "[::1]:0"
clock = "manual@2026-03-02T09:00:00+01:00"
[rulebook]
name = "be"
[rulebook.overrides]
"be.window.cut_off" = "16:30"
be.pay.days = 3
"be.comp.rate.simple" = { value = "4.00", source = "Decision of 1 October 2026", standing = "read", from = 2027-01-01, until = "2028-01-01" }
[donor]
automatic = "simple"
[interchange]
serve = true
hub = "http://127.0.0.1:9000"
secret_file = "secret"
private_key_file = "own.pem"
zone = "Europe/Brussels"
[[member]]
code = "BRAVO"
url = "http://127.0.0.1:8701"
secret_files = ["bravo.secret"]
public_key_files = ["bravo.pem"]
quirks = ["single-items", "readable-times"]
[member.blocking_codes]
NAME_ADDRESS_MISMATCH = "63"
[[member]]
code = "CITO"
[[token]]
name = "anna"
role = "desk"
sha256 = "9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"
)");
    auto const config = read_config({file, {}, {}});
    CHECK(config.db == folder.path("data/alfa.db")); // counts from the file's folder
    CHECK(config.listen.address == "::1");
    CHECK(config.listen.port == 0);
    CHECK(config.clock.manual);
    CHECK(to_rfc3339(config.clock.start.value()) == "2026-03-02T08:00:00Z"); // +01:00 is one hour ahead of UTC
    // An id with dots means the same with and without quotes.
    REQUIRE(config.overrides.size() == 3);
    CHECK(config.overrides[0].id == "be.comp.rate.simple");
    CHECK(config.overrides[0].value == "4.00");
    CHECK(config.overrides[0].source == "Decision of 1 October 2026");
    CHECK(config.overrides[0].standing == rules::Standing::read);
    CHECK(config.overrides[0].from == rules::parse_day("2027-01-01"));
    CHECK(config.overrides[0].until == rules::parse_day("2028-01-01"));
    CHECK(config.overrides[0].where == file + ":11: rulebook.overrides.be.comp.rate.simple");
    CHECK(config.overrides[1].id == "be.pay.days");
    CHECK(config.overrides[1].value == "3");
    CHECK(config.overrides[1].standing == rules::Standing::configured);
    CHECK(config.overrides[2].id == "be.window.cut_off");
    CHECK(config.overrides[2].value == "16:30");
    CHECK(config.automatic == porting::AutomaticAnswer::simple);
    CHECK(config.interchange.secret.reveal() == "s3cret");
    REQUIRE(config.members.size() == 2);
    auto const* bravo = config.member(OperatorCode("BRAVO"));
    REQUIRE(bravo != nullptr);
    CHECK(bravo->secrets.at(0).reveal() == "b-one");
    CHECK(bravo->public_keys_pem.at(0) == "PUBLIC");
    CHECK(bravo->codes.blocking.at("NAME_ADDRESS_MISMATCH") == "63");
    using enum protocol::coin_v3::Quirk;
    CHECK(bravo->quirks == protocol::coin_v3::Quirks{single_items, readable_times});
    CHECK(config.member(OperatorCode("CITO"))->quirks.empty()); // strict when nothing is said
    CHECK(bravo->username == "BRAVO");
    CHECK(config.tokens.at(0).sha256_hex == "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    CHECK_FALSE(config.development());
    CHECK(config.settings().operators.size() == 2);
    CHECK(config.said.at("clock").origin == file + ":5"); // line 1 is the empty one after R"(, operator stands on 2
}

TEST_CASE("flags win over the environment, the environment over the file, the file over defaults") {
    Folder const folder;
    auto const file =
        folder.write("npod.toml", "operator = \"FILE\"\nlisten = \"127.0.0.1:1001\"\ndb = \"/file.db\"\n");
    std::map<std::string, std::string> const environment{{"NPOD_LISTEN", "127.0.0.1:1002"}, {"NPOD_OPERATOR", "ENVI"}};
    auto const config = read_config({file, {{"operator", "FLAG"}}, environment});
    CHECK(config.operator_code.text == "FLAG");
    CHECK(config.listen.port == 1002);
    CHECK(config.db == "/file.db");
    CHECK(config.rulebook == "be");
    CHECK(config.said.at("operator").origin == "--operator");
    CHECK(config.said.at("listen").origin == "NPOD_LISTEN");
    CHECK(config.said.at("db").origin == file + ":3");
}

TEST_CASE("the environment can name the file") {
    Folder const folder;
    auto const file = folder.write("npod.toml", "operator = \"ALFA\"\n");
    CHECK(read_config({"", {}, {{"NPOD_CONFIG", file}}}).operator_code.text == "ALFA");
}

TEST_CASE("an unknown key is refused with its line and the nearest known one") {
    CHECK(has(complaint("operator = \"ALFA\"\nlissten = \"127.0.0.1:1\"\n"),
              "npod.toml:2: lissten: is not known; did you mean listen?"));
    CHECK(has(complaint("operator = \"ALFA\"\n[interchange]\nhubb = \"http://h:1\"\n"),
              "npod.toml:3: interchange.hubb: is not known; did you mean hub?"));
    CHECK(has(complaint("operator = \"ALFA\"\n[[member]]\ncode = \"BRAVO\"\nusernam = \"x\"\n"),
              "did you mean username?"));
    CHECK(has(complaint("operator = \"ALFA\"\n[[member]]\ncode = "
                        "\"BRAVO\"\n[member.blocking_codes]\nNAME_ADRESS_MISMATCH = \"63\"\n"),
              "did you mean NAME_ADDRESS_MISMATCH?"));
    CHECK(has(complaint("operator = \"ALFA\"\nzebra = 1\n"), "known here: operator, dossier_prefix, db"));
}

TEST_CASE("a wrong type is refused with its line and what is wanted") {
    CHECK(has(complaint("operator = \"ALFA\"\nlisten = 8700\n"),
              "npod.toml:2: listen: wants a text in quotes, but is a whole number"));
    CHECK(has(complaint("operator = \"ALFA\"\n[interchange]\nserve = \"yes\"\n"),
              "npod.toml:3: interchange.serve: wants true or false, but is a text"));
    CHECK(has(complaint("operator = \"ALFA\"\ntls = 1\n"), "tls: wants a table: [tls]"));
    CHECK(has(complaint("[[operator]]\ncode = \"BRAVO\"\n"), "counterparts are written as [[member]]"));
    CHECK(has(complaint("operator = \"ALFA\n"), "npod.toml:1: this is not TOML"));
}

TEST_CASE("a value without sense is refused where it stands") {
    auto const with = [](std::string const& line) { return complaint("operator = \"ALFA\"\n" + line + "\n"); };
    CHECK(has(complaint("operator = \"alfa\"\n"),
              "npod.toml:1: operator = \"alfa\": an operator's code is three to six"));
    CHECK(has(complaint("operator = \"ALLO\"\n"), "ALLO means all operators"));
    CHECK(has(with("listen = \"localhost:1\""), "must be an IP address"));
    CHECK(has(with("listen = \"127.0.0.1:70000\""), "from 0 to 65535"));
    CHECK(has(with("clock = \"manual@2026-03-02T09:00:00\""),
              "npod.toml:2: clock")); // no offset: nobody knows what it means
    CHECK(has(with("clock = \"fast\""), "write system, manual"));
    CHECK(has(with("db = \"postgresql://x/y\""), "no PostgreSQL"));
    CHECK(has(with("[donor]\nautomatic = \"some\""), "write all, simple or none"));
    CHECK(has(with("[interchange]\nzone = \"Europe/Bruxelles\""), "Europe/Bruxelles"));
    CHECK(has(with("[interchange]\nhub = \"127.0.0.1:9000\""), "http://HOST:PORT"));
    CHECK(has(with("[[member]]\ncode = \"BRAVO\"\nquirks = [\"single-item\"]"),
              "npod.toml:4: [[member]].quirks: there is no quirk \"single-item\"; did you mean \"single-items\"?"));
    CHECK(has(with("[[member]]\ncode = \"BRAVO\"\nquirks = [\"moody\"]"), "there are single-items, readable-times"));
    CHECK(has(with("[limits]\nthreads = 0"), "from 1 to 64"));
    CHECK(has(with("[[token]]\nname = \"a\"\nrole = \"root\"\nsha256 = \"00\""), "no role \"root\""));
    CHECK(has(complaint("operator = \"ALFA\"\n", {{"NPOD_CLOCK", "x"}}), "NPOD_CLOCK: clock"));
}

TEST_CASE("a client certificate is known by its identity and has a role") {
    auto const text = "operator = \"ALFA\"\n[[certificate]]\nname = \"bss\"\nidentity = \"bss.alfa.example\"\nrole = ";
    Folder const folder;
    auto const config = read_config({folder.write("npod.toml", text + std::string("\"system\"\n")), {}, {}});
    CHECK(config.certificates.at(0).identity == "bss.alfa.example");
    CHECK_FALSE(config.development());
    CHECK(has(complaint(text + std::string("\"boss\"\n")), "no role \"boss\""));
}

TEST_CASE("all problems come at once") {
    auto const said = complaint("operator = \"x\"\nlisten = \"y\"\nclok = \"z\"\n");
    CHECK(has(said, "npod.toml:1:"));
    CHECK(has(said, "npod.toml:2:"));
    CHECK(has(said, "npod.toml:3:"));
}

TEST_CASE("keys that contradict each other are refused") {
    auto const with = [](std::string const& lines) { return complaint("operator = \"ALFA\"\n" + lines); };
    CHECK(has(with("listen = \"0.0.0.0:8700\"\n"), "calls would travel in the clear"));
    CHECK(with("listen = \"0.0.0.0:8700\"\n[tls]\nin_front = true\n").empty());
    CHECK(has(with("[tls]\ncertificate_file = \"c.pem\"\n"), "set both certificate_file and private_key_file"));
    CHECK(has(with("[[member]]\ncode = \"ALFA\"\n"), "is our own code"));
    CHECK(has(with("[[member]]\ncode = \"BRAVO\"\n[[member]]\ncode = \"BRAVO\"\n"), "is listed twice"));
    CHECK(has(with("listen = \"0.0.0.0:1\"\n[tls]\nin_front = true\n[interchange]\nserve = true\n[[member]]\ncode = "
                   "\"BRAVO\"\n"),
              "anybody could speak for this member"));
    CHECK(has(complaint("operator = \"ALFA\"\n", {{"NPOD_INTERCHANGE_SECRET", "hush"}}), "needs both proofs"));
}

TEST_CASE("what we sign leaves this machine over TLS only, and members without keys are known to nobody outside it") {
    auto const with = [](std::string const& lines) { return complaint("operator = \"ALFA\"\n" + lines); };
    auto const hub = [&](std::string const& url) { return with("[interchange]\nhub = \"" + url + "\"\n"); };
    for (auto const* away : {"http://hub.example:80", "http://192.0.2.1:80", "http://127.hub.example:80", "http://[2001:db8::1]:80"})
        CHECK(has(hub(away), "would travel in the clear"));
    for (auto const* good : {"https://hub.example", "http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"})
        CHECK(hub(good).empty());
    CHECK(has(with("[[member]]\ncode = \"BRAVO\"\nurl = \"http://bravo.example\"\n"), "would travel in the clear"));
    // A proxy on this machine passes on the calls of others: they look as if they came from here.
    CHECK(has(with("[tls]\nin_front = true\n[interchange]\nserve = true\n[[member]]\ncode = \"BRAVO\"\n"),
              "anybody could speak for this member"));
}

TEST_CASE("access without tokens is open only when nobody else can reach the address") {
    std::map<std::string, std::string> const flags{{"operator", "ALFA"}};
    CHECK(read_config({"", flags, {}}).development());
    CHECK_FALSE(read_config({"", flags, {{"NPOD_TLS_IN_FRONT", "true"}}}).development());
    CHECK_FALSE(read_config({"", flags, {{"NPOD_TLS_IN_FRONT", "true"}, {"NPOD_LISTEN", "0.0.0.0:1"}}}).development());
}

TEST_CASE("a secret comes from a file of its own or the environment, and is never shown") {
    Folder const folder;
    auto const own = folder.write("own.pem", "KEYTEXT", true);
    std::map<std::string, std::string> const environment{{"NPOD_INTERCHANGE_SECRET", "hush-hush"},
                                                         {"NPOD_INTERCHANGE_PRIVATE_KEY_FILE", own}};
    auto const config = read_config({"", {{"operator", "ALFA"}}, environment});
    CHECK(config.interchange.secret.reveal() == "hush-hush");
    CHECK_FALSE(has(describe(config), "hush-hush"));
    CHECK_FALSE(has(describe(config), "KEYTEXT"));
    CHECK(has(describe(config), "(hidden)"));

    auto const in_the_file = complaint("operator = \"ALFA\"\n[interchange]\nsecret = \"hush-hush\"\n");
    CHECK(has(in_the_file, "may not stand in this file"));
    CHECK_FALSE(has(in_the_file, "hush-hush"));
    auto const raw_token =
        complaint("operator = \"ALFA\"\n[[token]]\nname = \"a\"\nrole = \"desk\"\nsha256 = \"raw-token\"\n");
    CHECK(has(raw_token, "sha256sum"));
    CHECK_FALSE(has(raw_token, "raw-token"));
}

TEST_CASE("a counterpart that we call may know us by proofs of its own; the rest is that of the interchange") {
    Folder const folder;
    folder.write("hub.secret", "for the hub\n", true);
    folder.write("our.key", "the key", true);
    folder.write("bravo.secret", "for bravo\n", true);
    folder.write("bravo.key", "the other key", true);
    auto const config = read_config({folder.write("npod.toml", R"(
        operator = "ALFA"
        [interchange]
        secret_file = "hub.secret"
        private_key_file = "our.key"
        ca_file = "all.pem"
        [[member]]
        code = "BRAVO"
        url = "https://bravo.example"
        our_username = "alfa-at-bravo"
        our_secret_file = "bravo.secret"
        our_private_key_file = "bravo.key"
        ca_file = "bravo.pem"
        certificate_file = "shown.pem"
        certificate_key_file = "shown.key"
        [[member]]
        code = "CITO"
        url = "https://cito.example"
        [[member]]
        code = "DELTA"
        url = "https://delta.example"
        )"), {}, {{"NPOD_MEMBER_DELTA_OUR_SECRET", "for delta"}}});
    auto const bravo = way_to(config, *config.member(OperatorCode{"BRAVO"}));
    CHECK(bravo.username == "alfa-at-bravo");
    CHECK(bravo.secret.reveal() == "for bravo");
    CHECK(bravo.private_key_pem.reveal() == "the other key");
    CHECK(bravo.ca_file == folder.path("bravo.pem"));
    CHECK(bravo.certificate_file == folder.path("shown.pem"));
    CHECK(bravo.certificate_key_file == folder.path("shown.key"));
    auto const cito = way_to(config, *config.member(OperatorCode{"CITO"}));
    CHECK(cito.username == "ALFA");
    CHECK(cito.secret.reveal() == "for the hub");
    CHECK(cito.ca_file == folder.path("all.pem"));
    auto const delta = way_to(config, *config.member(OperatorCode{"DELTA"}));
    CHECK(delta.secret.reveal() == "for delta");
    CHECK(delta.private_key_pem.reveal() == "the key");
    auto const told = describe(config);
    for (auto const* secret : {"for the hub", "for bravo", "for delta", "the key", "the other key"})
        CHECK_FALSE(has(told, secret));

    constexpr auto begin = "operator = \"ALFA\"\n[[member]]\ncode = \"BRAVO\"\n";
    CHECK(has(complaint(std::string(begin) + "our_username = \"x\"\n"), "has no url, so that we never call it"));
    CHECK(has(complaint(std::string(begin) + "url = \"https://b\"\ncertificate_file = \"x\"\n"),
              "set both certificate_file and certificate_key_file"));
    CHECK(has(complaint(std::string(begin) + "url = \"https://b\"\n", {{"NPOD_MEMBER_BRAVO_OUR_SECRET", "hush"}}),
              "a call needs both proofs"));
    CHECK(has(complaint(std::string(begin) + "our_secret_fil = \"x\"\n"), "did you mean our_secret_file?"));
}

TEST_CASE("a secret that came encrypted is read with our key, and what is wrong with it never quotes it") {
    auto const keys = protocol::generate_rsa_key_pair();
    Folder const folder;
    folder.write("our.key", keys.private_pem, true);
    folder.write("our.pub", keys.public_pem);
    folder.write("plain", "as the hub chose it");
    // OpenSSL's command line plays the hub: PKCS#1 under our public key, in base64 with broken lines.
    REQUIRE(std::system(fmt::format("openssl pkeyutl -encrypt -pubin -inkey {0}/our.pub -in {0}/plain | openssl base64 > "
                                    "{0}/delivered", folder.path(""))
                            .c_str()) == 0);
    auto const said = [&](std::string const& lines) {
        return folder.write("npod.toml", "operator = \"ALFA\"\n[interchange]\n" + lines);
    };
    std::string const with_key = "private_key_file = \"our.key\"\n", encrypted = "encrypted_secret_file = \"delivered\"\n";
    auto const config = read_config({said(with_key + encrypted), {}, {}});
    CHECK(config.interchange.secret.reveal() == "as the hub chose it");
    CHECK_FALSE(has(describe(config), "as the hub chose it"));

    std::string const member = "[[member]]\ncode = \"BRAVO\"\nurl = \"https://b\"\nour_encrypted_secret_file = \"delivered\"\n";
    auto const with_member = read_config({said(with_key + encrypted + member), {}, {}});
    CHECK(way_to(with_member, with_member.members[0]).secret.reveal() == "as the hub chose it");

    auto const problem = [&](std::string const& lines) -> std::string {
        try {
            auto const accepted = read_config({said(lines), {}, {}});
            return {};
        } catch (ConfigFault const& fault) {
            return fault.what();
        }
    };
    CHECK(has(problem(encrypted), "npod.toml:3: interchange.encrypted_secret_file: was encrypted under our key; set the "
                                  "private key's file, too"));
    CHECK(has(problem(with_key + encrypted + "secret_file = \"our.key\"\n"), "give one of them"));
    folder.write("delivered", "not of base64!");
    CHECK(has(problem(with_key + encrypted), "is not base64"));
    CHECK_FALSE(has(problem(with_key + encrypted), "not of base64!"));
}

TEST_CASE("a secret's file that everybody may read, that is empty or not there, is refused") {
    Folder const folder;
    auto const said_of = [](std::string const& path) -> std::string {
        try {
            auto const config = read_config({"", {{"operator", "ALFA"}}, {{"NPOD_INTERCHANGE_SECRET_FILE", path}}});
            return {};
        } catch (ConfigFault const& fault) {
            return fault.what();
        }
    };
    CHECK(has(said_of(folder.write("open", "hush")), "chmod 600"));
    CHECK(has(said_of(folder.write("empty", "\n", true)), "is empty"));
    CHECK(has(said_of(folder.path("nothing")), "No such file"));
}
