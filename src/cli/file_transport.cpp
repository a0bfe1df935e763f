#include "api/api.hpp"
#include "api/plain_interchange.hpp"
#include "cli/transport.hpp"
#include "rules/rulebook.hpp"
#include "storage/ledger.hpp"
#include "storage/values_json.hpp"

#include <algorithm>
#include <optional>

namespace npod::cli {

namespace {

class FileTransport final : public Transport {
public:
    explicit FileTransport(std::string const& path) : api_(context_of(path)) {}

    http::Response send(std::string const& method, std::string const& target, http::Headers const& headers,
                        std::string const& body) override {
        http::Request request;
        request.method = method;
        request.target = target;
        request.headers = headers;
        request.body = body;
        request.peer = "unix"; // whoever may read the file may read what is in it
        std::optional<http::Response> answer;
        api_.handle(request, [&](http::Response response) { answer = std::move(response); });
        if (!answer) throw StorageFault("The file gave no answer. Ask the daemon instead, with --url.");
        return std::move(*answer);
    }

    void follow(std::string const&, http::Headers const&,
                std::function<void(http::StreamEvent const&)> const&) override {
        throw ConfigFault(
            "A file cannot be followed: nothing happens in it without a daemon. Ask the daemon, with --url.");
    }

private:
    static api::Context context_of(std::string const& path) {
        storage::Reader const reader(path); // refuses at once what is no database of ours
        api::Context context;
        context.open_reader = [path] { return std::make_unique<storage::Reader>(path); };
        context.rulebook = std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be"));
        context.settings = settings_of(reader);
        context.dialects = engine::dialects_kept_in(reader);
        context.interchange = context.dialects ? context.dialects->interchange() : api::plain_interchange();
        context.now = [present = present_of_file(reader)] { return present; };
        return context;
    }

    /// As the daemon had them that wrote the file last; a file of an older one does not tell.
    static porting::Settings settings_of(storage::Reader const& reader) {
        if (auto const kept = reader.meta("settings"); !kept.empty()) return storage::settings_from_json(kept);
        porting::Settings settings;
        settings.own = reader.own_operator();
        settings.dossier_prefix = settings.own.text;
        for (auto const& port : reader.ports({})) settings.operators.insert({port.donor, port.recipient});
        return settings;
    }

    api::Api api_;
};

} // namespace

Moment present_of_file(storage::Reader const& reader) {
    Moment present{};
    if (auto const row = reader.log_row(reader.head_seq())) present = row->learned_at;
    if (auto const stood = parse_rfc3339(reader.meta("manual_clock"))) present = std::max(present, *stood);
    return present;
}

std::unique_ptr<Transport> to_file(std::string const& path) { return std::make_unique<FileTransport>(path); }

} // namespace npod::cli
