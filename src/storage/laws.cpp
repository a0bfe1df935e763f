#include "storage/laws.hpp"

#include <fmt/format.h>

namespace npod::storage {

rules::Laws laws_in(Reader const& reader, std::shared_ptr<rules::Rulebook const> otherwise) {
    rules::Laws laws(otherwise);
    for (auto const& kept : reader.laws()) {
        auto law = otherwise;
        if (kept.version != otherwise->version()) {
            auto read = rules::Rulebook::from_text(kept.text);
            if (!read || read->version() != kept.version)
                throw StorageFault(fmt::format("The law {}, learned {}, cannot be read: {} Run `npod check`.", kept.version,
                                               to_rfc3339(kept.learned_at), read ? "it reads as version " + read->version() + "." : read.refusal().text));
            law = std::make_shared<rules::Rulebook const>(std::move(*read));
        }
        if (kept.in_force) laws.put_in_force(std::move(law));
        else laws.learn(std::move(law));
    }
    return laws;
}

} // namespace npod::storage
