#include "engine/restore.hpp"

#include "base/json.hpp"
#include "storage/backup.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace npod::engine {

namespace {

/// Everything that npod gives ids from.
constexpr std::string_view counters[] = {"port_in", "port_out", "claim", "delivery", "dossier"};

} // namespace

bool announce_restore(Writer& writer, storage::Ledger& ledger, Moment now) {
    auto const copied_at = ledger.meta(storage::copied_at_key);
    if (copied_at.empty()) return false;
    Event event;
    event.kind = restored_kind;
    event.source = "npod";
    event.key = copied_at;
    event.body = boost::json::serialize(boost::json::object{{"ids_skipped", ids_skipped}});
    ledger.begin();
    writer.write(event, now);
    ledger.set_meta(storage::copied_at_key, "");
    ledger.set_meta(catching_up_key, "yes");
    ledger.commit();
    return true;
}

std::map<std::string, std::int64_t, std::less<>> counters_after(Event const& event, porting::Book const& book) {
    std::map<std::string, std::int64_t, std::less<>> after;
    if (event.kind != restored_kind) return after;
    auto const body = parse_json(event.body);
    auto const* const object = body ? body->if_object() : nullptr;
    auto const* const skipped = object ? object->if_contains("ids_skipped") : nullptr;
    if (skipped == nullptr || !skipped->is_int64()) throw Fault("its body does not say how many ids are skipped");
    for (auto const name : counters) after.emplace(name, book.counter(name) + skipped->get_int64());
    return after;
}

Event caught_up_event() {
    Event event;
    event.kind = caught_up_kind;
    event.source = "npod";
    return event;
}

} // namespace npod::engine
