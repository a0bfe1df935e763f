/// Sheets: how they are read, what each line becomes, and that none is done twice.

#include "cli/csv.hpp"
#include "cli/run.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

using namespace npod;
using namespace npod::cli;

namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> rows_of(std::string const& text) {
    CsvReader reader(text);
    std::vector<Cells> rows;
    while (auto row = reader.next()) {
        CHECK(row->wrong == "");
        rows.push_back(row->cells);
    }
    return rows;
}

/// A daemon that keeps contracts by address, and orders by key; "C-bad" it refuses.
class Register final : public Transport {
public:
    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const& body) override {
        if (target.ends_with("C-bad"))
            return {422, {}, R"({"status":422,"detail":"The number is not of the plan.","problems":[{"detail":"+31 is not Belgian.",)"
                             R"("pointer":"/numbers/0","next":"Leave it out."}]})", {}};
        if (method == "GET") return read(target);
        calls.push_back(method + " " + target + " " + body);
        if (calls.size() > calls_max) throw NetworkFault("the line broke");
        auto const dry = http::header(headers, "Dry-Run") == "true";
        auto const key = std::string(http::header(headers, "Idempotency-Key"));
        if (method == "POST") {
            bool const repeated = !dry && !keys.insert(key).second;
            http::Headers told;
            if (repeated) told.emplace_back("Idempotent-Replayed", "true");
            return {201, told, R"({"id":"PI-000001","version":1})", {}};
        }
        auto& kept = contracts[target];
        if (!dry && kept.first != body) kept = {body, kept.second + 1};
        return {200, {}, R"({"version":)" + std::to_string(kept.second) + "}", {}};
    }
    void follow(std::string const&, http::Headers const&, std::function<void(http::StreamEvent const&)> const&) override {}

    std::vector<std::string> calls;
    std::size_t calls_max = 1000;
    std::map<std::string, std::pair<std::string, int>> contracts; ///< body and version
    std::set<std::string> keys;

private:
    http::Response read(std::string const& target) const {
        auto const found = contracts.find(target);
        if (found == contracts.end()) return {404, {}, R"({"status":404,"detail":"nothing","problems":[]})", {}};
        return {200, {}, R"({"version":)" + std::to_string(found->second.second) + "}", {}};
    }
};

/// What npctl uses and lets go; the register outlives it.
class Line final : public Transport {
public:
    explicit Line(Register& far_end) : far_end_(far_end) {}
    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const& body) override {
        return far_end_.send(method, target, headers, body);
    }
    void follow(std::string const&, http::Headers const&, std::function<void(http::StreamEvent const&)> const&) override {}

private:
    Register& far_end_;
};

struct Imported {
    int exit = -1;
    std::string out, err;
};

Imported import(Register& far_end, std::string const& noun, std::string const& sheet, std::vector<std::string> const& more = {}) {
    std::istringstream in(sheet);
    std::ostringstream out, err;
    Terminal const terminal{&in, &out, &err, false, false, {80, false}};
    std::vector<std::string> words{noun, "import", "-"};
    words.insert(words.end(), more.begin(), more.end());
    auto const exit = run(words, {}, terminal, [&](Options const&) { return std::make_unique<Line>(far_end); });
    return {static_cast<int>(exit), out.str(), err.str()};
}

bool has(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("a sheet is read as spreadsheets write it") {
    CHECK(rows_of("a,b\n1,2\n") == std::vector<Cells>{{"a", "b"}, {"1", "2"}});
    CHECK(rows_of("\xef\xbb\xbf"
                  "a;b\r\n1,5;2\r\n") == std::vector<Cells>{{"a", "b"}, {"1,5", "2"}}); // Excel in Brussels
    CHECK(rows_of("a,b\n\"x, \"\"y\"\"\nz\", 2 \n\n,\n") == std::vector<Cells>{{"a", "b"}, {"x, \"y\"\nz", "2"}, {"", ""}});
    CHECK(rows_of("a").size() == 1);
    CHECK(rows_of("").empty());
    CHECK(rows_of("\r\n\n").empty());
}

TEST_CASE("a row that cannot be read says why, and the next one is read") {
    CsvReader reader("a,b\n\"x\"y,2\n1,2\n\"open,3\n");
    reader.next();
    auto const bad = reader.next();
    CHECK(bad->line == 2);
    CHECK(bad->wrong == "\"y\" stands behind a closing quote.");
    CHECK(reader.next()->cells == Cells{"1", "2"});
    auto const open = reader.next();
    CHECK(open->line == 4);
    CHECK(open->wrong == "A quote is opened and never closed.");
    CHECK_FALSE(reader.next());
}

TEST_CASE("lines become contracts; told again, what changed is told") {
    Register bss;
    std::string const sheet = "id,network,customer.kind,customer.name,customer.address.city,end_users,numbers\n"
                              "C-1,fixed,natural,Anna Peeters,Brussel,,+3225501100\n"
                              "C-2,fixed,legal,\"Bakkerij, Lune\",,2,+3225502000 +3225502010..+3225502019\n";
    auto const first = import(bss, "contract", sheet);
    CHECK(first.exit == 0);
    CHECK(first.out == "");
    CHECK(has(first.err, "2 contracts: 2 new, 0 changed, 0 the same, 0 refused."));
    CHECK(bss.calls.at(0) == R"(PUT /v1/contracts/C-1 {"network":"fixed","customer":{"kind":"natural","name":"Anna Peeters",)"
                             R"("address":{"city":"Brussel"}},"numbers":["+3225501100"]})");
    CHECK(bss.calls.at(1) == R"(PUT /v1/contracts/C-2 {"network":"fixed","customer":{"kind":"legal","name":"Bakkerij, Lune"},)"
                             R"("end_users":2,"numbers":["+3225502000",{"first":"+3225502010","last":"+3225502019"}]})");
    CHECK(has(import(bss, "contract", sheet).err, "0 new, 0 changed, 2 the same, 0 refused."));
    auto moved = sheet;
    moved.replace(moved.find("Brussel"), 7, "Gent");
    auto const third = import(bss, "contract", moved, {"-o", "csv"});
    CHECK(third.out == "line,contract,result,why\n2,C-1,changed,\n3,C-2,same,\n");
}

TEST_CASE("a line that is refused keeps no other from being done, and is reported with the reason") {
    Register bss;
    auto const done = import(bss, "contract",
                             "id,network,end_users,numbers\nC-bad,fixed,,+31201234567\nC-1,fixed,two,+3225501100\nC-2,fixed\n,fixed,1,\n"
                             "C-3,fixed,1,+3225501101\n");
    CHECK(done.exit == 1);
    CHECK(has(done.err, "5 contracts: 1 new, 0 changed, 0 the same, 4 refused."));
    CHECK(bss.contracts.size() == 1);
    for (auto const* part : {"+31 is not Belgian.", "end_users is \"two\". Write a whole number.", "2 cells under 4 titles.", "It has no id.", "3  C-1"})
        CHECK_MESSAGE(has(done.out, part), done.out);
    CHECK_FALSE(has(done.out, "C-3")); // done: nobody must look at it
}

TEST_CASE("an order is sent once, however often its sheet is read") {
    Register daemon;
    std::string const sheet = "order_id;donor;network;numbers;contract_id;draft\nO-1;BRAVO;fixed;+3225501100;A-1;yes\n";
    auto const first = import(daemon, "port", sheet, {"-o", "csv"});
    CHECK(first.out == "line,order,result,why\n2,O-1,new,PI-000001\n");
    CHECK(has(daemon.calls.at(0), R"("draft":true)"));
    CHECK(import(daemon, "port", sheet, {"-o", "csv"}).out == "line,order,result,why\n2,O-1,same,PI-000001\n");
    CHECK(daemon.keys.size() == 1);
}

TEST_CASE("blocks: each range and its holder") {
    Register daemon;
    CHECK(import(daemon, "number", "first,last,holder\n+3225500000,+3225509999,ALFA\n").exit == 0);
    CHECK(daemon.calls.at(0) == R"(PUT /v1/blocks {"first":"+3225500000","last":"+3225509999","holder":"ALFA"})");
}

TEST_CASE("a wrong title stops before anything is sent, and says which is meant") {
    Register bss;
    auto const typo = import(bss, "contract", "id,custmer.name\nC-1,Anna\n");
    CHECK(typo.exit == 2);
    CHECK(has(typo.err, "no contract has a \"custmer.name\""));
    CHECK(has(typo.err, "customer.name is meant, perhaps."));
    CHECK(import(bss, "contract", "id,id\nC-1,C-2\n").exit == 2);
    CHECK(has(import(bss, "contract", "network\nfixed\n").err, "its first line has no title \"id\""));
    CHECK(import(bss, "contract", "").exit == 2);
    CHECK(import(bss, "contract", "id\nC-1\n", {"--key", "k"}).exit == 2);
    CHECK(bss.calls.empty());
}

TEST_CASE("a line that breaks ends the import, says how far it came, and the same command goes on") {
    Register bss;
    bss.calls_max = 1;
    std::string const sheet = "id,numbers\nC-1,+3225501100\nC-2,+3225501101\n";
    auto const broken = import(bss, "contract", sheet);
    CHECK(broken.exit == 7);
    CHECK(has(broken.err, "1 lines were done before; the same command goes on, and does none twice."));
    bss.calls_max = 1000;
    CHECK(has(import(bss, "contract", sheet).err, "1 new, 0 changed, 1 the same, 0 refused."));
}
