#include "storage/sqlite/squeeze.hpp"

#include "base/base64.hpp"
#include "base/fault.hpp"

#include <zstd.h>

#include <memory>

namespace npod::storage::sqlite {

namespace {

/// Stored forms begin with a zero byte and the number of their dictionary; no message and no JSON begins so, and bytes that do
/// all the same are never stored as they are.
constexpr std::string_view form{"\0\1", 2};
/// Each Zstandard frame begins with these: known, so not stored.
constexpr std::string_view frame_magic{"\x28\xb5\x2f\xfd", 4};
/// Shorter ones do not get shorter.
constexpr std::size_t worth_squeezing = 24;
/// Measured on a book of ports: the levels below are a tenth larger and more, those above take twice the time for a hundredth.
constexpr int level = 4;
/// The bytes of no value come near: database.cpp bounds them.
constexpr std::size_t bytes_max = 64 * 1024 * 1024;

/// What Zstandard puts in front of a dictionary: how often which byte, length and distance comes, so that no value need say it for
/// itself (ZDICT_finalizeDictionary over 6 000 values of a book of ports). In base64. A tenth smaller than without them, in half the time.
constexpr std::string_view frequencies =
    "N6Qw7AEAAAAsEMiSJB3///////+XclEacTQDhWzA3cps1xokG8ENtmq2tySE7N1cFK3ugh5TAAAADgwYHA7mxukAAATgyQlJA4RFwkkEQkPDcrgYDAXAQOEQ"
    "HAYFAjgAgjiGo0g0pRodAQAAhNQTmsAgQgopQgAAAAAAAAAAAAABAAAABAAAAAgAAAA=";

/// Number 1. Part of the file format, as are the frequencies: a better dictionary gets the next number, and this one stays for what
/// it wrote. What is seen most often stands last, where it is the cheapest to refer to.
constexpr std::string_view texts =
    // what is asked and told: contracts, refusals, other messages
    R"({"product":"Mobile","end_users":1,"location":{"address":{"street":"","house_number":"","box":"","postcode":"","city":""},"zone":""},"related":[],)"
    R"("kind":"legal","numbers":[{"first":"+322","last":"+322"}],"donor_account":"","wish":{"mode":"date","at":"2026-"},"language":"fr","evidence_sha256":""})"
    R"({"type":"","title":"","status":422,"detail":"","code":"","pointer":"/","next":""}]}{"message":{"body":{"errorfound":{"dossierid":"","repeats":[{"seq":{"error":{"code":"","description":"")"
    R"("cancel":{"dossierid":"","note":""}"deactivation":{"dossierid":"","currentnetworkoperator":"","originalnetworkoperator":"","repeats":)"
    R"("blocking":"Y","blockingcode":"","note":"","firstpossibledate":"T22:00:00Z"accept":{"at":"refuse":{"grounds":[)"
    // moves of lines, numbers, contracts, claims, deliveries and messages that wait
    R"(["parked","","request_arrived","portingperformed"],["line","PO-000","port_out","request_received","received","validating","moved",["examine"]],)"
    R"([[["line","PO-0000/1","port_out","acceptance_decided","validating","awaiting_execution","moved",["send_acceptance","hold_numbers","tell_customer"],"our data suffices"],)"
    R"(["number","+324","number","port_out_agreed","in_service","porting_out","moved"]],[" asks for 1 number: PO-0000"],[],["PO-0000","+324"]])"
    R"([[["line","PO-0000/1","port_out","performed_received","awaiting_execution","executed","moved",["release_numbers","tell_customer"]],)"
    R"(["number","+324","number","port_out_executed","porting_out","ported_out","moved",["leave_contract","note_serving_operator"]],)"
    R"(["contract","C-324","contract","number_left","active","ended","moved",["end_wholly","tell_customer"],"+324 went to "]],[],[],["PO-0000","+324","C-324"]])"
    R"([[["delivery","","delivery","taken","queued","confirmed","moved",["report_taken"],"portingperformed: receipt -1"]],[],[],[]])"
    R"([[["line","PI-0000/1","port_in","submitted","draft","requested","moved",["send_request"]],["claim","CL-0000","claim","plan_moved","nothing_due","nothing_due","moved",[],"the port's plan is known"]],[],[],["PI-0000","CL-0000"]])"
    R"([[["line","PI-0000/1","port_in","acceptance_received","awaiting_answer","scheduled","moved",["note_acceptance","tell_customer"],"from Mon 2 Mar 2026 10:00"]],[],[],["PI-0000"]])"
    R"([[["line","PI-0000/1","port_in","activation_time_reached","scheduled","activating","moved",["order_activation"]]],[],[],["PI-0000"]])"
    R"([[["delivery","","delivery","taken","queued","confirmed","moved",["report_taken"],"portingrequest: receipt -1"],["line","PI-0000/1","port_in","request_taken","requested","awaiting_answer","moved",[],"receipt -1"]],[],[],["PI-0000"]])"
    R"([[["line","PI-0000/1","port_in","activation_done","activating","completed","moved",["serve_numbers","send_performed","tell_customer"]],["number","+324","number","ported_in","free","in_service","moved",["note_serving_operator"]],)"
    R"(["contract","A-324","contract","number_added","active","active","moved",[],"+324 came from "],["claim","CL-0000","claim","port_settled","nothing_due","not_due","moved",["fix_amount"]]],)"
    R"(["contract A-324 was not known yet and starts with the order's data"],[],["PI-0000","+324","A-324","CL-0000"]])"
    R"({"receipt":"-10","trouble":""}{"transactionId":"-10"}{"done":true,"reason":""})"
    // an order, and a port as it is shown
    R"({"order_id":"","donor":"","network":"mobile","numbers":["+324"],"customer":{"kind":"natural","name":"","customer_id":"K-","address":{"street":"","house_number":"1","postcode":"1000","city":"Brussels"}},)"
    R"("contract_id":"A-","mandate":{"id":"M-","titular":"","signer":"","channel":"online","signed_at":"2026-03-01T08:00:00Z"}})"
    R"({"id":"PO-0000","role":"port_out","state":"awaiting_execution","deadlines":[{"line":1,"timer":"activation_time","rule":"agreed","standing":"confirmed","source":"","owner":"calendar","waits_for":"","on_expiry":")"
    R"({"line":1,"event":"reschedule_requested","verb":"reschedule","meaning":""},{"line":1,"event":"held","verb":"hold"})"
    R"({"id":"PI-0000","role":"port_in","state":"requested","settled":false,"dossier":"-0000","order_id":"","donor":"","recipient":"","network":"mobile","class":"simple","contract_id":"",)"
    R"("customer":{"kind":"natural","name":"","customer_id":"K-","address":{"street":"Rue ","house_number":"1","postcode":"1000","city":"Brussels"}},"wish":{"mode":"asap"},"requested_at":"2026-","rulebook":"",)"
    R"("lines":[{"no":1,"first":"+324","last":"+324","count":1,"state":"requested","since":"2026-","planned_at":"2026-03-03T17:00:00Z","grounds":[],"block_holder":""}],)"
    R"("deadlines":[{"line":1,"timer":"answer_deadline","due":"2026-03-02T17:00:00Z","rule":"be.answer.within.mobile.simple","standing":"assumed","source":"be.total.mobile.simple less be.execute.within",)"
    R"("owner":"hub","waits_for":"The request is on its way; the interchange has not yet taken it.","on_expiry":"The donor is late: a person is told, and the delay is counted.","from":"2026-",)"
    R"("left_ms":28800000,"working_left_ms":28800000}],"next_expected":"hub: by Mon 2 Mar 2026 18:00","legal_next":[{"line":1,"event":"cancel_requested","verb":"cancel","meaning":"We want to withdraw."},)"
    R"({"line":1,"event":"settled_by_person","verb":"settle","meaning":"A person closes the line by hand."}],"compensation":{"total":{"cents":0,"currency":"EUR","text":"0.00 EUR"},"final":false,)"
    R"("per_day":{"cents":300,"currency":"EUR","text":"3.00 EUR"}},"claim_id":"CL-0000","version":1})"
    R"({"id":"PI-0000","role":"port_in","state":"completed","settled":true,"dossier":"-0000","order_id":"","donor":"","recipient":"","network":"mobile","class":"simple","contract_id":"",)"
    R"("customer":{"kind":"natural","name":"","customer_id":"K-","address":{"street":"Rue ","house_number":"1","postcode":"1000","city":"Brussels"}},"wish":{"mode":"asap"},"requested_at":"2026-","rulebook":"",)"
    R"("lines":[{"no":1,"first":"+324","last":"+324","count":1,"state":"completed","since":"2026-","planned_at":"2026-03-03T17:00:00Z","answered_at":"2026-","first_possible_at":"2026-",)"
    R"("agreed_at":"2026-","effective_at":"2026-","grounds":[],"block_holder":""}],"deadlines":[],"next_expected":"","legal_next":[],)"
    R"("compensation":{"total":{"cents":0,"currency":"EUR","text":"0.00 EUR"},"final":true,"per_day":{"cents":0,"currency":"EUR","text":"0.00 EUR"}},"claim_id":"CL-0000","version":5})"
    // messages of the wire
    R"({"message":{"header":{"sender":{"networkoperator":""},"receiver":{"networkoperator":""},"timestamp":"2026"},"body":{"portingrequest":{"dossierid":"","recipientnetworkoperator":"","donornetworkoperator":"",)"
    R"("customerinfo":{"lastname":"","housenr":"","postcode":"","customerid":""},"contract":"EARLY_TERMINATION","repeats":[{"seq":{"numberseries":{"start":"04","end":"04"}}}]}}}})"
    R"({"message":{"header":{"sender":{"networkoperator":""},"receiver":{"networkoperator":"ALLO"},"timestamp":"2026"},"body":{"portingperformed":{"dossierid":"","recipientnetworkoperator":"","donornetworkoperator":"",)"
    R"("actualdatetime":"2026","repeats":[{"seq":{"numberseries":{"start":"04","end":"04"}}}]}}}})"
    R"({"message":{"header":{"sender":{"networkoperator":""},"receiver":{"networkoperator":""},"timestamp":"2026"},"body":{"portingrequestanswer":{"dossierid":"","blocking":"N",)"
    R"("repeats":[{"seq":{"numberseries":{"start":"04","end":"04"},"firstpossibledate":"2026","donornetworkoperator":""}}]}}}})";

struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

std::string const& dictionary() {
    static std::string const made = *from_base64(frequencies) + std::string(texts);
    return made;
}

ZSTD_CCtx* to_write() {
    static ZSTD_CDict const* const known = ZSTD_createCDict(dictionary().data(), dictionary().size(), level);
    static thread_local std::unique_ptr<ZSTD_CCtx, Free> const context = [] {
        std::unique_ptr<ZSTD_CCtx, Free> made(ZSTD_createCCtx());
        ZSTD_CCtx_setParameter(made.get(), ZSTD_c_dictIDFlag, 0); // the form says it
        ZSTD_CCtx_refCDict(made.get(), known);
        return made;
    }();
    return context.get();
}
ZSTD_DDict const* to_read() {
    static ZSTD_DDict const* const made = ZSTD_createDDict(dictionary().data(), dictionary().size());
    return made;
}

std::string as_it_is(std::string_view bytes) { return bytes.starts_with('\0') ? std::string(form.substr(0, 1)) + '\0' + std::string(bytes) : std::string(bytes); }

[[noreturn]] void damaged() { throw StorageFault("A stored value cannot be read: it was squeezed, and is damaged. Run `npod check`; if it agrees, put back the last backup."); }

} // namespace

std::string squeezed(std::string_view bytes) {
    if (bytes.size() < worth_squeezing) return as_it_is(bytes);
    std::string stored(form);
    stored.resize(form.size() + ZSTD_compressBound(bytes.size()));
    auto const size = ZSTD_compress2(to_write(), stored.data() + form.size(), stored.size() - form.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0 || form.size() + size - frame_magic.size() >= bytes.size()) return as_it_is(bytes);
    stored.resize(form.size() + size);
    return stored.erase(form.size(), frame_magic.size());
}

std::string unsqueezed(std::string stored) {
    if (!stored.starts_with('\0')) return stored;
    if (stored.size() > 1 && stored[1] == '\0') return stored.substr(2);
    if (!stored.starts_with(form)) damaged();
    static thread_local std::unique_ptr<ZSTD_DCtx, Free> const context(ZSTD_createDCtx());
    auto const frame = std::string(frame_magic) + stored.substr(form.size());
    auto const size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size > bytes_max) damaged(); // unknown and unreadable sizes are the largest numbers there are
    std::string bytes(size, '\0');
    if (ZSTD_decompress_usingDDict(context.get(), bytes.data(), bytes.size(), frame.data(), frame.size(), to_read()) != size) damaged();
    return bytes;
}

} // namespace npod::storage::sqlite
