#include "storage/erasure.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <charconv>

namespace npod::storage {

namespace json = boost::json;

namespace {

Hash hash_from(std::string_view digits) {
    Hash hash{};
    bool good = digits.size() == 2 * hash.size();
    for (std::size_t i = 0; good && i < hash.size(); ++i)
        good = std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, hash[i], 16).ec == std::errc{};
    if (!good) throw StorageFault("it holds no hash");
    return hash;
}

} // namespace

std::string to_json(ErasureTold const& told) {
    json::array about, rows;
    for (auto const& id : told.about) about.emplace_back(id);
    for (auto const& row : told.rows) rows.push_back(json::array{row.seq, hex(row.left)});
    return json::serialize(json::object{{"about", std::move(about)}, {"rows", std::move(rows)}});
}

ErasureTold erasure_told_from_json(std::string_view body) {
    try {
        ErasureTold told;
        auto const value = json::parse(json::string_view(body.data(), body.size()));
        for (auto const& id : value.at("about").as_array()) told.about.emplace_back(id.as_string());
        for (auto const& row : value.at("rows").as_array()) {
            auto const& digits = row.at(1).as_string();
            told.rows.push_back({row.at(0).as_int64(), hash_from({digits.data(), digits.size()})});
        }
        return told;
    } catch (std::exception const& trouble) {
        throw StorageFault(std::string("The row of an erasure cannot be read: ") + trouble.what() +
                           ". Run `npod check`; then put back the last backup.");
    }
}

} // namespace npod::storage
