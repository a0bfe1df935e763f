/// The letters to customers: what the customer of a port or of a contract must be told now.

#include "api/in_words.hpp"
#include "api/problem.hpp"
#include "api/reads.hpp"
#include "words/notices.hpp"

namespace npod::api {

namespace {

/// `subject` is "port" or "contract".
json::object notice_view(std::string_view subject, std::string const& id, words::Notice const& notice, Language language) {
    json::array rules;
    for (auto const& rule : notice.rules)
        rules.push_back(json::object{{"id", rule.id}, {"standing", rules::name_of(rule.standing)}});
    return {{subject, id},
            {"kind", notice.kind},
            {"language", name_of(language)},
            {"subject", notice.subject},
            {"greeting", notice.greeting},
            {"paragraphs", view_of(notice.paragraphs)},
            {"closing", notice.closing},
            {"text", words::letter(notice, language, true)},
            {"footer", words::footer(notice, language)},
            {"rules", std::move(rules)}};
}

/// In which language a letter is written: what `lang` says, else the customer's own, else that of whoever asks.
Outcome<Language> language_of_letter(http::Request const& request, std::optional<Language> customers) {
    auto const asked = language_asked(request);
    if (!asked) return asked.refusals();
    if (request.query("lang") || !customers) return asked->value_or(Language::en);
    return *customers;
}

template <class Thing>
http::Response answer(Reading const& reading, std::string_view subject, Thing const& thing, rules::Rulebook const& law,
                      std::optional<Language> customers) {
    auto const chosen = language_of_letter(reading.request, customers);
    if (!chosen) return problem(chosen.refusals());
    auto const language = *chosen;
    auto const& look = reading.look;
    auto const notice = words::notice_of(thing, {look.book, law, reading.context.settings.own, look.now, language});
    // Whoever asks for text sends it on: the footer is for the desk, and not in it.
    bool const as_text = accepts(reading.request, "text/plain");
    auto response = as_text ? plain("text/plain; charset=utf-8", words::letter(notice, language, true))
                            : ok(notice_view(subject, thing.id.text, notice, language));
    response.headers.emplace_back("Content-Language", std::string(name_of(language)));
    return response;
}

} // namespace

http::Response read_port_notice(Reading const& reading) {
    auto const port = reading.look.book.port(PortId{reading.ids.at(0)});
    if (!port) return problem(no_such_port(reading.ids.at(0)));
    return answer(reading, "port", *port, reading.look.law_of(*port), words::language_of_customer(*port, reading.look.book));
}

http::Response read_contract_notice(Reading const& reading) {
    auto const contract = reading.look.book.contract(ContractId{reading.ids.at(0)});
    if (!contract) return problem(no_such_contract(reading.ids.at(0)));
    return answer(reading, "contract", *contract, reading.look.rulebook, contract->customer.language);
}

} // namespace npod::api
