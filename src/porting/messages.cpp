#include "porting/messages.hpp"

namespace npod::porting::message {

namespace {

struct TypeName {
    std::string_view operator()(PortRequest const&) const { return "portingrequest"; }
    std::string_view operator()(AnswerDelayed const&) const { return "pradelayed"; }
    std::string_view operator()(Answer const&) const { return "portingrequestanswer"; }
    std::string_view operator()(Performed const&) const { return "portingperformed"; }
    std::string_view operator()(Cancel const&) const { return "cancel"; }
    std::string_view operator()(Deactivation const&) const { return "deactivation"; }
    std::string_view operator()(ErrorFound const&) const { return "errorfound"; }
    std::string_view operator()(RangeChange const& change) const {
        return change.activation ? "rangeactivation" : "rangedeactivation";
    }
    std::string_view operator()(Other const& other) const { return other.type; }
};

} // namespace

std::string_view type_of(Body const& body) { return std::visit(TypeName{}, body); }

DossierId dossier_of(Body const& body) {
    return std::visit([](auto const& message) { return message.dossier; }, body);
}

} // namespace npod::porting::message
