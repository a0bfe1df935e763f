/// The Belgian numbering plan: RULES-BE section 6, checked against libphonenumber's metadata and zone names.
///
/// Three traps, all solved by trying longer prefixes first and by the digits that may follow:
///   042 and 043 are Liège, 045 to 049 are mobile;
///   0800 is freephone, 080 is the zone of Stavelot (080 2 to 080 8);
///   090x is premium rate, 09 is the zone of Ghent (09 2 to 09 4).

#include "porting/numbering_plan.hpp"

#include <fmt/format.h>

#include <array>

namespace npod::porting {

namespace {

constexpr PlanRow zone(std::string_view prefix, std::string_view next, std::string_view name) {
    return {prefix, next, 8, 8, Kind::geographic, name, true};
}
constexpr PlanRow service(std::string_view prefix, Kind kind, std::string_view name) {
    return {prefix, "", 8, 8, kind, name, true};
}

constexpr std::array plan{
    service("800", Kind::freephone, "Freephone 0800"),
    // Lengths as E.164 leaves them: the machine range has longer numbers than the rest of the plan (assumed).
    PlanRow{"77", "", 8, 13, Kind::machine, "Machine to machine 077", false},
    service("90", Kind::premium, "Premium rate 0900"),
    service("70", Kind::shared_cost, "Service 070"),
    service("78", Kind::shared_cost, "Service 078"),

    zone("10", "", "Wavre"),
    zone("11", "", "Hasselt"),
    zone("12", "", "Tongeren"),
    zone("13", "", "Diest"),
    zone("14", "", "Herentals"),
    zone("15", "", "Mechelen"),
    zone("16", "", "Leuven"),
    zone("19", "", "Waremme"),
    zone("50", "", "Bruges"),
    zone("51", "", "Roeselare"),
    zone("52", "", "Dendermonde"),
    zone("53", "", "Aalst"),
    zone("54", "", "Ninove"),
    zone("55", "", "Ronse"),
    zone("56", "", "Kortrijk"),
    zone("57", "", "Ypres"),
    zone("58", "", "Veurne"),
    zone("59", "", "Ostend"),
    zone("60", "", "Chimay"),
    zone("61", "", "Libramont-Chevigny"),
    zone("63", "", "Arlon"),
    zone("64", "", "La Louvière"),
    zone("65", "", "Mons"),
    zone("67", "", "Nivelles"),
    zone("68", "", "Ath"),
    zone("69", "", "Tournai"),
    zone("71", "", "Charleroi"),
    zone("80", "2345678", "Stavelot"),
    zone("81", "", "Namur"),
    zone("82", "", "Dinant"),
    zone("83", "", "Ciney"),
    zone("84", "", "Marche-en-Famenne"),
    zone("85", "", "Huy"),
    zone("86", "", "Durbuy"),
    zone("87", "", "Verviers"),
    zone("89", "", "Genk"),

    zone("2", "2345678", "Brussels"),
    zone("3", "2345678", "Antwerp"),
    zone("4", "23", "Liège"),
    zone("9", "234", "Ghent"),
    PlanRow{"4", "56789", 9, 9, Kind::mobile, "Mobile", true},
};

bool begins(std::string_view national_number, PlanRow const& row) {
    if (!national_number.starts_with(row.prefix)) return false;
    if (row.next.empty()) return true;
    return national_number.size() > row.prefix.size() &&
           row.next.find(national_number[row.prefix.size()]) != std::string_view::npos;
}

Refusal refused(Number number, std::string why) {
    return {RefusalCode::malformed, fmt::format("{} is not a number of the Belgian plan: {}.", to_string(number), why),
            "", "Check the number with the customer and write it as +32 and 8 digits (mobile: 9 digits).", ""};
}

std::string expected_length(PlanRow const& row) {
    return row.length == row.length_max ? std::to_string(row.length)
                                        : fmt::format("{} to {}", row.length, row.length_max);
}

} // namespace

std::span<PlanRow const> belgian_plan_rows() { return plan; }

std::string_view belgian_zone_name(std::string_view zone) {
    for (auto const& row : plan) {
        if (row.kind == Kind::geographic && row.prefix == zone) return row.name;
    }
    return {};
}

std::optional<Network> network_of(Kind kind) {
    switch (kind) {
    case Kind::mobile: return Network::mobile;
    case Kind::geographic:
    case Kind::freephone:
    case Kind::premium:
    case Kind::shared_cost: return Network::fixed;
    case Kind::machine:
    case Kind::other: break;
    }
    return std::nullopt;
}

Outcome<PlanEntry> belgian_plan(Number number) {
    auto const digits = std::to_string(number.digits);
    if (!digits.starts_with(belgian_country_code)) return refused(number, "its country code is not +32");
    auto const national_number = std::string_view(digits).substr(belgian_country_code.size());
    for (auto const& row : plan) {
        if (!begins(national_number, row)) continue;
        if (national_number.size() < row.length || national_number.size() > row.length_max) {
            return refused(number, fmt::format("a number of {} has {} digits after +32, this one has {}", row.name,
                                               expected_length(row), national_number.size()));
        }
        bool const geographic = row.kind == Kind::geographic;
        return PlanEntry{row.kind, geographic ? std::string(row.prefix) : "", geographic ? std::string(row.name) : "",
                         row.portable};
    }
    return refused(number,
                   "no zone, mobile range or service begins with 0" + std::string(national_number.substr(0, 3)));
}

} // namespace npod::porting
