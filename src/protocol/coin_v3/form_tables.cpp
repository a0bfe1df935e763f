/// The wire, as it reads. One table per kind of content; what is common is named once at the top.
/// A reader who knows COIN should be able to check this file against the public description line by line.
#include "protocol/coin_v3/form.hpp"

namespace npod::protocol::coin_v3 {

namespace {

constexpr Form text(std::size_t least, std::size_t most, Alphabet alphabet = Alphabet::any) {
    return {.kind = Form::Kind::text, .alphabet = alphabet, .least = least, .most = most};
}
constexpr Form digits(std::size_t least, std::size_t most) { return text(least, most, Alphabet::digits); }
/// Digits that are a number from 0 to `maximum`.
constexpr Form number(std::int64_t maximum, std::size_t most, bool leading_zeros) {
    return {.alphabet = Alphabet::digits, .most = most, .maximum = maximum, .leading_zeros = leading_zeros};
}
constexpr Form choice(std::string_view words) { return {.kind = Form::Kind::choice, .words = words}; }
template <std::size_t n>
constexpr Form object(Field const (&fields)[n]) {
    return {.kind = Form::Kind::object, .fields = fields, .field_count = n};
}
template <std::size_t n>
constexpr Form repeats(Field const (&fields)[n]) {
    return {.kind = Form::Kind::repeats, .fields = fields, .field_count = n};
}

constexpr auto required = Need::required;
constexpr auto optional = Need::optional;

// ------------------------------------------------------------------------------------------------ what is common
constexpr Form dossier_id = text(5, 26, Alphabet::digits_capitals_dash);
constexpr Form profile_id = dossier_id;
constexpr Form operator_code = text(3, 6, Alphabet::digits_capitals);
constexpr Form operator_text = text(3, 6); // deactivation alone does not say which characters
constexpr Form local_time = digits(14, 14);
constexpr Form note = text(1, 100);
constexpr Form pop = text(1, 24);
constexpr Form yes = text(0, 1024, Alphabet::letter_y); // "any number of Y"; one is what is meant
constexpr Form type_of_number = number(3, 1, true);
constexpr Form order_number = number(65'535, 5, false);

constexpr Field party[] = {
    {required, "networkoperator", operator_code},
    {optional, "serviceprovider", operator_code},
};
constexpr Field header[] = {
    {required, "sender", object(party)},
    {required, "receiver", object(party)},
    {required, "timestamp", local_time},
};
constexpr Field number_series[] = {
    {required, "start", digits(1, 20)},
    {required, "end", digits(1, 20)},
};
constexpr Form series = object(number_series);
constexpr Field series_only[] = {
    {required, "numberseries", series},
};
constexpr Field enum_profile[] = {
    {required, "profileid", profile_id},
};

// ------------------------------------------------------------------------------------- messages that carry a port
constexpr Field customer_info[] = {
    {optional, "lastname", text(1, 70)},
    {optional, "companyname", text(1, 70)},
    {optional, "housenr", text(1, 5)},
    {optional, "housenrext", text(1, 4)},
    {optional, "postcode", text(1, 6, Alphabet::digits_capitals)},
    {optional, "customerid", text(1, 20)},
};
constexpr Field request_seq[] = {
    {required, "numberseries", series},
    {optional, "repeats", repeats(enum_profile)},
};
constexpr Field porting_request[] = {
    {required, "dossierid", dossier_id},
    {optional, "recipientserviceprovider", operator_code},
    {required, "recipientnetworkoperator", operator_code},
    {optional, "donornetworkoperator", operator_code},
    {optional, "donorserviceprovider", operator_code},
    {optional, "customerinfo", object(customer_info)},
    {optional, "contract", choice("EARLY_TERMINATION|CONTINUATION")},
    {optional, "note", note},
    {required, "repeats", repeats(request_seq)},
};
constexpr Field answer_seq[] = {
    {required, "numberseries", series},
    {optional, "blockingcode", digits(1, 2)},
    {optional, "firstpossibledate", local_time},
    {optional, "note", note},
    {optional, "donornetworkoperator", operator_code},
    {optional, "donorserviceprovider", operator_code},
};
constexpr Field porting_request_answer[] = {
    {required, "dossierid", dossier_id},
    {required, "blocking", choice("Y|N")},
    {required, "repeats", repeats(answer_seq)},
};
constexpr Field porting_request_answer_delayed[] = {
    {required, "dossierid", dossier_id},
    {required, "donornetworkoperator", operator_code},
    {optional, "donorserviceprovider", operator_code},
    {optional, "answerduedatetime", local_time},
    {optional, "reasoncode", number(9'999, 4, false)},
};
constexpr Field performed_seq[] = {
    {required, "numberseries", series},
    {optional, "backporting", yes},
    {optional, "pop", pop},
    {optional, "repeats", repeats(enum_profile)},
};
constexpr Field porting_performed[] = {
    {required, "dossierid", dossier_id},
    {required, "recipientnetworkoperator", operator_code},
    {required, "donornetworkoperator", operator_code},
    {optional, "actualdatetime", local_time},
    {optional, "batchporting", yes},
    {required, "repeats", repeats(performed_seq)},
};
constexpr Field cancel[] = {
    {required, "dossierid", dossier_id},
    {optional, "note", note},
};
constexpr Field deactivation[] = {
    {required, "dossierid", dossier_id},
    {required, "currentnetworkoperator", operator_text},
    {optional, "originalnetworkoperator", operator_text},
    {required, "repeats", repeats(series_only)},
};
constexpr Field error_seq[] = {
    {optional, "phonenumber", digits(1, 20)},
    {required, "errorcode", text(1, 20)},
    {required, "description", text(1, 1000)},
};
constexpr Field error_found[] = {
    {required, "dossierid", dossier_id},
    {required, "repeats", repeats(error_seq)},
};

// ------------------------------------------------------------------------------------------------ number ranges
constexpr Field range_seq[] = {
    {required, "numberseries", series},
    {optional, "pop", text(0, limits::text_bytes_max)},
};
constexpr Field range_content[] = {
    {required, "dossierid", dossier_id},       {required, "currentnetworkoperator", operator_code},
    {required, "optanr", digits(1, 20)},       {required, "planneddatetime", local_time},
    {required, "repeats", repeats(range_seq)},
};

// ---------------------------------------------------------------------------------------------- service numbers
constexpr Field tariff_info[] = {
    {required, "peak", text(7, 8, Alphabet::digits_comma)},
    {required, "offpeak", text(7, 8, Alphabet::digits_comma)},
    {required, "currency", choice("0|1")},
    {required, "type", number(5, 1, true)},
    {required, "vat", number(3, 1, true)},
};
constexpr Field activation_sn_seq[] = {
    {required, "numberseries", series},
    {required, "tariffinfo", object(tariff_info)},
    {required, "pop", pop},
};
constexpr Field activation_sn[] = {
    {required, "dossierid", dossier_id},
    {required, "platformprovider", operator_code},
    {required, "planneddatetime", local_time},
    {optional, "note", note},
    {required, "repeats", repeats(activation_sn_seq)},
};
constexpr Field deactivation_sn_seq[] = {
    {required, "numberseries", series},
    {required, "pop", pop},
};
constexpr Field deactivation_sn[] = {
    {required, "dossierid", dossier_id},
    {required, "platformprovider", operator_code},
    {required, "planneddatetime", local_time},
    {required, "repeats", repeats(deactivation_sn_seq)},
};
constexpr Field tariff_change_sn_seq[] = {
    {required, "numberseries", series},
    {required, "tariffinfonew", object(tariff_info)},
};
constexpr Field tariff_change_sn[] = {
    {required, "dossierid", dossier_id},
    {required, "platformprovider", operator_code},
    {required, "planneddatetime", local_time},
    {required, "repeats", repeats(tariff_change_sn_seq)},
};

// --------------------------------------------------------------------------------------------------------- ENUM
constexpr Field enum_number_seq[] = {
    {required, "numberseries", series},
    {required, "repeats", repeats(enum_profile)},
};
constexpr Field enum_content[] = {
    {required, "dossierid", dossier_id},
    {required, "currentnetworkoperator", operator_code},
    {required, "typeofnumber", type_of_number},
    {required, "repeats", repeats(enum_number_seq)},
};
constexpr Field enum_operator_seq[] = {
    {required, "profileid", profile_id},
    {optional, "defaultservice", yes},
};
constexpr Field enum_operator_content[] = {
    {required, "dossierid", dossier_id},
    {required, "currentnetworkoperator", operator_code},
    {required, "typeofnumber", type_of_number},
    {required, "repeats", repeats(enum_operator_seq)},
};
constexpr Field enum_profile_activation[] = {
    {required, "dossierid", dossier_id},        {required, "currentnetworkoperator", operator_code},
    {required, "typeofnumber", type_of_number}, {required, "scope", text(1, 40, Alphabet::digits_capitals_dash)},
    {required, "profileid", profile_id},        {required, "ttl", number(2'147'483'647, 10, true)},
    {required, "dnsclass", text(1, 40)},        {required, "rectype", text(1, 40)},
    {optional, "order", order_number},          {optional, "preference", order_number},
    {optional, "flags", text(1, 40)},           {optional, "enumservice", text(1, 65)},
    {optional, "regexp", text(1, 400)},         {optional, "usertag", text(1, 400)},
    {optional, "domain", text(1, 255)},         {optional, "spcode", text(1, 40)},
    {optional, "processtype", text(1, 40)},     {optional, "gateway", text(1, 40)},
    {optional, "service", text(1, 400)},        {optional, "domaintag", text(1, 400)},
    {optional, "replacement", text(1, 400)},
};
constexpr Field enum_profile_deactivation[] = {
    {required, "dossierid", dossier_id},
    {required, "currentnetworkoperator", operator_code},
    {required, "typeofnumber", type_of_number},
    {required, "profileid", profile_id},
};

// ---------------------------------------------------------------------------------------------------- all of them
constexpr TypeForm types[] = {
    {"portingrequest", porting_request},
    {"portingrequestanswer", porting_request_answer},
    {"pradelayed", porting_request_answer_delayed},
    {"portingperformed", porting_performed},
    {"cancel", cancel},
    {"deactivation", deactivation},
    {"errorfound", error_found},
    {"activationsn", activation_sn},
    {"deactivationsn", deactivation_sn},
    {"tariffchangesn", tariff_change_sn},
    {"rangeactivation", range_content},
    {"rangedeactivation", range_content},
    {"enumactivationnumber", enum_content},
    {"enumactivationoperator", enum_operator_content},
    {"enumactivationrange", enum_content},
    {"enumdeactivationnumber", enum_content},
    {"enumdeactivationoperator", enum_operator_content},
    {"enumdeactivationrange", enum_content},
    {"enumprofileactivation", enum_profile_activation},
    {"enumprofiledeactivation", enum_profile_deactivation},
};

} // namespace

std::span<TypeForm const> all_types() { return types; }

TypeForm const* form_of(std::string_view type) {
    for (auto const& form : types)
        if (form.type == type) return &form;
    return nullptr;
}

std::span<Field const> header_fields() { return header; }

} // namespace npod::protocol::coin_v3
