#include "api/deep_check.hpp"

#include "api/plain_interchange.hpp"
#include "base/fault.hpp"
#include "engine/dialects.hpp"
#include "engine/replay.hpp"
#include "storage/ledger.hpp"
#include "storage/values_json.hpp"

namespace npod::api {

namespace {

engine::Interchange interchange_of(storage::Reader const& reader) {
    auto const kept = reader.meta(engine::dialects_key);
    if (kept.empty()) return plain_interchange();
    auto const dialects = engine::dialects_from_json(kept);
    if (!dialects) throw ConfigFault(dialects.refusal().text + " " + dialects.refusal().next);
    return dialects->interchange();
}

} // namespace

std::vector<std::string> differences_from_log(std::string const& database) {
    storage::Reader reader(database);
    auto const kept = reader.meta("settings");
    if (kept.empty()) return {"The file does not say with which settings its log was decided: no daemon of this version ever served it."};
    return engine::differences_from_log(reader, std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be")),
                                        storage::settings_from_json(kept), interchange_of(reader));
}

} // namespace npod::api
