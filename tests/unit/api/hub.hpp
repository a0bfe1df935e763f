#pragma once
/// Operator ALFA as the hub of BRAVO and CHARLY, and the messages they send.

#include "world.hpp"

#include "api/interchange_server.hpp"

namespace npod::test {

namespace message = porting::message;

inline OperatorCode const alfa{"ALFA"}, bravo{"BRAVO"}, charly{"CHARLY"};

inline std::string bytes_of(OperatorCode from, OperatorCode to, message::Body body) {
    return coin::encode({std::move(from), std::move(to), {}, std::move(body), {}}, belgian_profile(),
                        at("2026-03-02T08:00:00Z"));
}

inline std::string request_from(OperatorCode from, OperatorCode to, std::string dossier = "BRAVO-00000001") {
    return bytes_of(
        from, to,
        message::PortRequest{DossierId{std::move(dossier)}, from, to, {{{3225501100}, {3225501109}}}, {}, true, {}});
}

inline std::string performed_from(OperatorCode from) {
    return bytes_of(
        from, OperatorCode{std::string(message::everybody)},
        message::Performed{
            DossierId{"BRAVO-00000002"}, from, charly, at("2026-03-02T08:00:00Z"), {{{3225501200}, {3225501200}}}});
}

/// ALFA as the hub of BRAVO and CHARLY, where nobody has keys.
struct Hub : World {
    explicit Hub(std::vector<api::InterchangeServer::Member> members = {{bravo, {}, belgian_profile()},
                                                                        {charly, {}, belgian_profile()}},
                 porting::AutomaticAnswer automatic = porting::AutomaticAnswer::all)
        : World({}, automatic),
          server(
              {alfa, std::move(members), true}, *engine,
              [path = folder.file("npod.db")] { return std::make_unique<storage::Reader>(path); }, clock) {}

    Reply send(std::string const& type, std::string body,
               http::Headers headers = {{"Content-Type", "application/json"}}) {
        return ask(server,
                   {"POST", "/number-portability/v3/dossiers/" + type, std::move(headers), std::move(body), {}, {}});
    }
    Reply open(std::string const& parameters, http::Headers headers = {}) {
        return ask(server,
                   {"GET", "/number-portability/v3/dossiers/events?" + parameters, std::move(headers), {}, {}, {}});
    }
    Reply confirm(std::string const& id, std::string const& whose, std::string body = {}) {
        return ask(server, {"PUT",
                            "/number-portability/v3/dossiers/confirmations/" + id + "?operator=" + whose,
                            {},
                            std::move(body),
                            {},
                            {}});
    }
    std::int64_t waiting(OperatorCode const& receiver) {
        storage::Reader const reader(folder.file("npod.db"));
        return static_cast<std::int64_t>(reader.mailbox(receiver, 0, true, {}, 500).size());
    }

    api::InterchangeServer server;
};

} // namespace npod::test
