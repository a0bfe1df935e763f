#include "api/deep_check.hpp"

#include "api/plain_interchange.hpp"
#include "engine/dialects.hpp"
#include "engine/replay.hpp"
#include "storage/ledger.hpp"
#include "storage/values_json.hpp"

namespace npod::api {

std::vector<std::string> differences_from_log(std::string const& database) {
    storage::Reader reader(database);
    auto const kept = reader.meta("settings");
    if (kept.empty()) return {"The file does not say with which settings its log was decided: no daemon of this version ever served it."};
    auto const dialects = engine::dialects_kept_in(reader);
    return engine::differences_from_log(reader, std::make_shared<rules::Rulebook const>(rules::Rulebook::shipped("be")),
                                        storage::settings_from_json(kept), dialects ? dialects->interchange() : plain_interchange());
}

} // namespace npod::api
