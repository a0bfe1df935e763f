#include "engine/writer.hpp"

#include "base/hash.hpp"
#include "engine/erasure.hpp"
#include "engine/inputs.hpp"
#include "engine/law.hpp"
#include "engine/restore.hpp"
#include "porting/decide.hpp"
#include "storage/erasure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace npod::engine {

namespace {

storage::Hash content_of(Event const& event) {
    Sha256 hash;
    for (auto const part : {std::string_view(event.kind), std::string_view(event.key), std::string_view(event.body)}) {
        hash.update(fmt::format("{}:", part.size())); // lengths keep neighbours apart
        hash.update(part);
    }
    return hash.finish();
}

/// Every id under which the row shall be found: what it moved, the ports of lines, the numbers themselves.
std::vector<std::string> subjects_of(porting::Effects const& effects) {
    std::vector<std::string> about = effects.about;
    auto const add = [&](std::string id) {
        if (!id.empty() && std::ranges::find(about, id) == about.end()) about.push_back(std::move(id));
    };
    for (auto const& move : effects.moves) {
        if (move.subject.kind == porting::SubjectKind::line) {
            if (auto const line = porting::parse_line_id(move.subject.id)) add(line->first.text);
        } else if (move.subject.kind != porting::SubjectKind::delivery && move.subject.kind != porting::SubjectKind::parked) {
            add(move.subject.id);
        }
    }
    return about;
}

} // namespace

void prepare(Event& event) { event.prepared = {storage::sealed(event.body), content_of(event)}; }

Written Writer::write(Event const& event, Moment now, Care care) {
    if (care == Care::each_event || event.dry_run) return write_in_savepoint(event, now);
    try {
        return write_unguarded(event, now);
    } catch (storage::Refused const&) {
    } catch (StorageFault const&) {
        throw;
    } catch (Fault const&) {
    }
    throw MustBeCareful{};
}

Written Writer::write_in_savepoint(Event const& event, Moment now) {
    ledger_.savepoint();
    try {
        auto written = write_unguarded(event, now);
        if (event.dry_run) {
            ledger_.undo();
            written.changed = false;
            written.result.seq = 0;
        } else {
            ledger_.release();
        }
        return written;
    } catch (storage::Refused const& refused) {
        ledger_.undo();
        return record_refusal(event, {RefusalCode::conflict, std::string("The database refuses it: ") + refused.what() + ".", "", "Look at what holds the number: npctl status NUMBER", ""}, now);
    } catch (StorageFault const&) {
        throw;
    } catch (Fault const& fault) { // no input stops the daemon: a date that no calendar reaches is the event's trouble, not ours
        ledger_.undo();
        return record_refusal(event, {RefusalCode::not_admissible, std::string("It cannot be worked out: ") + fault.what(), "", "Mend what the sentence names.", ""}, now);
    }
}

/// What the database itself refused is undone and leaves only a row that says so.
Written Writer::record_refusal(Event const& event, Refusal refusal, Moment now) {
    Written written;
    written.result.answer.refusals.push_back(refusal);
    if (event.dry_run) return written;
    auto row = row_of(event, now);
    row.refusals.push_back(std::move(refusal));
    auto const again = heard_again(event, now, row.notes);
    if (onlooker_ && !again.arm.empty()) onlooker_->decided(again);
    written.result.seq = ledger_.append(std::move(row));
    ledger_.apply(again, {}, written.result.seq);
    written.changed = true;
    return written;
}

/// A deadline whose effect cannot be worked out would be due again at once, for ever. Its subject stays as it is, armed as its
/// state demands, and is heard again later; a rulebook of before that rule existed has no such later.
porting::Effects Writer::heard_again(Event const& event, Moment now, std::vector<std::string>& notes) const {
    constexpr std::string_view rule = "npod.deadline.retry";
    constexpr Duration at_least = std::chrono::minutes{1}; // whatever is configured, the daemon does not spin
    auto const* const due = event.input ? std::get_if<porting::input::TimerDue>(&*event.input) : nullptr;
    auto const& law = laws_.in_force();
    porting::Effects effects;
    if (due == nullptr || !law.find(rule, now)) return effects;
    auto timer = ledger_.book().timer(due->subject);
    if (!timer || timer->name != due->name || timer->due > now) return effects;
    timer->due = std::max(law.due(rule, now), now + at_least);
    timer->rule = rule;
    timer->from = now;
    timer->rulebook = law.version();
    notes.push_back(fmt::format("{} of {} is heard again on {} (rule {})", due->name, due->subject.id, law.calendar().local_text(timer->due), rule));
    effects.arm.push_back(std::move(*timer));
    return effects;
}

std::optional<Result> Writer::seen_before(Event const& event, storage::Hash const& content) const {
    if (!event.idempotency_key) return {};
    auto const remembered = ledger_.remembered(event.source, *event.idempotency_key);
    if (!remembered) return {};
    Result result;
    result.replayed = true;
    if (remembered->content != content) {
        result.answer.refusals.push_back({RefusalCode::conflict, "This key was used before for something else (log row " + std::to_string(remembered->seq) + ").",
                                          "Idempotency-Key", "Use a new key for a new request.", ""});
        return result;
    }
    result.rendered = {remembered->status, remembered->reply, remembered->location};
    return result;
}

std::optional<Result> Writer::answered_before(Event const& event) const { return seen_before(event, content_of(event)); }

void Writer::remember(Event const& event, Rendered const& answer) {
    if (event.idempotency_key)
        ledger_.remember(event.source, *event.idempotency_key, {content_of(event), ledger_.head_seq(), answer.status, answer.body, answer.location});
}

std::optional<Refusal> Writer::wrong_version(Event const& event) const {
    if (!event.if_version) return {};
    auto const& book = ledger_.book();
    std::optional<std::int64_t> version;
    if (auto const port = book.port(PortId{event.key})) version = port->version;
    else if (auto const contract = book.contract(ContractId{event.key})) version = contract->version;
    else if (auto const claim = book.claim(ClaimId{event.key})) version = claim->version;
    if (!version || *version == *event.if_version) return {};
    return Refusal{RefusalCode::conflict, fmt::format("{} is at version {}, not {}.", event.key, *version, *event.if_version), "If-Match",
                   "Read it again and decide on what it is now.", ""};
}

std::vector<porting::Delivery> Writer::encode(porting::Effects const& effects, Moment now) const {
    std::vector<porting::Delivery> deliveries;
    for (auto const& send : effects.sends) {
        auto const encoded = interchange_.encode({settings_.own, send.receiver, now, send.body, {}}, now);
        porting::Delivery delivery;
        delivery.id = send.delivery;
        delivery.peer = encoded.peer;
        delivery.receiver = send.receiver;
        delivery.type = encoded.type;
        delivery.dossier = porting::message::dossier_of(send.body);
        delivery.port = send.port;
        delivery.state = "queued";
        delivery.bytes = encoded.bytes;
        delivery.queued_at = now;
        deliveries.push_back(std::move(delivery));
    }
    return deliveries;
}

storage::LogRow Writer::row_of(Event const& event, Moment now) const {
    storage::LogRow row;
    row.learned_at = now;
    row.happened_at = event.happened_at.value_or(now);
    row.kind = event.kind;
    row.source = event.source;
    row.key = event.distribute && !event.input ? std::string(for_mailboxes_only) : event.key;
    row.reason = event.reason;
    row.body = event.body;
    if (event.prepared) row.sealed = event.prepared->body;
    if (originals_) row.original = originals_(ledger_.head_seq() + 1);
    return row;
}

bool Writer::speaks_of_anothers_dossier(Event const& event) const {
    if (!event.distribute || event.distribute->dossier.text.empty()) return false;
    auto const parties = ledger_.parties_of(event.distribute->dossier);
    if (!parties) return false;
    auto const& sender = event.distribute->sender;
    // everybody routes by what the recipient performed: its donor may not say that of itself
    return event.distribute->type == "portingperformed" ? sender != parties->recipient : !parties->includes(sender);
}

/// Kept in the log, heard by nobody, and answered with an errorfound; a complaint is not complained about.
Event Writer::turned_away(Event event, Moment now) const {
    auto& distribute = *event.distribute;
    event.input.reset();
    distribute.receivers.clear();
    distribute.complaint.clear();
    if (distribute.type == "errorfound") return event;
    auto const& dossier = distribute.dossier;
    auto text = fmt::format("The dossier {} is not yours to say this of; your {} was not delivered.", dossier.text,
                            distribute.type);
    porting::message::ErrorFound error{dossier, {{"", "NOT_YOUR_DOSSIER", std::move(text)}}};
    distribute.complaint = interchange_.encode({settings_.own, distribute.sender, now, std::move(error), {}}, now).bytes;
    return event;
}

void Writer::distribute(Distribute const& distribute, std::int64_t seq, Moment now) {
    bool const begins = distribute.type == "portingrequest" && distribute.complaint.empty();
    if (begins && !distribute.dossier.text.empty() && !ledger_.parties_of(distribute.dossier))
        ledger_.carry_dossier(distribute.dossier, {distribute.sender, distribute.receiver}, seq);
    for (auto const& receiver : distribute.receivers) put_in_mailbox(seq, receiver, distribute.sender, distribute.type);
    if (distribute.complaint.empty()) return;
    storage::LogRow row;
    row.learned_at = row.happened_at = now;
    row.kind = "interchange.errorfound";
    row.source = "interchange:" + settings_.own.text;
    row.key = std::to_string(seq);
    row.body = distribute.complaint;
    put_in_mailbox(ledger_.append(std::move(row)), distribute.sender, settings_.own, "errorfound");
}

void Writer::put_in_mailbox(std::int64_t seq, OperatorCode const& receiver, OperatorCode const& sender, std::string_view type) {
    ledger_.put_in_mailbox(seq, receiver, sender, type);
    receivers_.insert(receiver);
}

std::vector<OperatorCode> Writer::take_receivers() {
    std::vector<OperatorCode> receivers(receivers_.begin(), receivers_.end());
    receivers_.clear();
    return receivers;
}

std::shared_ptr<rules::Rulebook const> Writer::law_in(Event const& event) const {
    if (event.kind != law_kind) return nullptr;
    if (!laws_.knows(event.key)) throw ConfigFault("The law " + event.key + " is not kept in this file. Run `npod check`.");
    return laws_.shared(event.key);
}

void Writer::put_in_force(std::shared_ptr<rules::Rulebook const> law, Moment now) {
    ledger_.put_law_in_force(*law, now);
    laws_.put_in_force(std::move(law));
}

void Writer::hear_what_waited(std::vector<std::int64_t> const& rows, Moment now) {
    for (auto const seq : rows) {
        auto const reader = ledger_.reader_on_same_connection();
        auto const row = reader.log_row(seq);
        if (!row) continue;
        auto event = retried_event(*row, interchange_, now);
        for (auto const& [of, trace] : reader.traces(seq, seq)) event.trace = trace;
        write_unguarded(event, now);
    }
}

Written Writer::write_unguarded(Event const& event, Moment now) {
    Written written;
    auto& result = written.result;
    if (event.keep) {
        ledger_.set_meta(event.keep->key, event.keep->value);
        written.changed = true;
        return written;
    }
    if (event.confirm) {
        written.changed = ledger_.confirm_mailbox(event.confirm->id, event.confirm->receiver, now);
        if (!written.changed)
            result.answer.refusals.push_back({RefusalCode::not_found, "There is no message " + std::to_string(event.confirm->id) + " for " + event.confirm->receiver.text + ".", "", "Confirm the id that the stream gave.", ""});
        return written;
    }
    auto const content = !event.idempotency_key ? storage::Hash{} : event.prepared ? event.prepared->content : content_of(event);
    if (auto seen = seen_before(event, content)) {
        result = std::move(*seen);
        return written;
    }
    if (auto stale = wrong_version(event)) {
        result.answer.refusals.push_back(std::move(*stale));
        return written;
    }
    if (event.erase != Event::Erase::nothing) return erase_and_tell(event, content, now);
    if (speaks_of_anothers_dossier(event)) return decide_and_write(turned_away(event, now), content, now);
    return decide_and_write(event, content, now);
}

/// A message knows the row that will hold its bytes; everything else is decided as it came, without a copy.
porting::Effects Writer::decide(porting::input::Any const& input, Moment now) const {
    auto const seq = ledger_.head_seq() + 1;
    auto const& book = onlooker_ ? onlooker_->deciding(seq, ledger_.book()) : ledger_.book();
    auto const* const received = std::get_if<porting::input::Received>(&input);
    if (received == nullptr) return porting::decide(input, book, laws_, settings_, now);
    auto numbered = *received;
    numbered.seq = seq;
    return porting::decide(std::move(numbered), book, laws_, settings_, now);
}

/// Known to nobody, and to nobody afterwards: the marks of an erasure are made with it, and then it is gone.
static std::string secret_for_once() {
    std::random_device random;
    std::string secret;
    for (int i = 0; i < 8; ++i) secret += fmt::format("{:08x}", random());
    return secret;
}

Written Writer::erase_and_tell(Event const& event, storage::Hash const& content, Moment now) {
    Written written;
    auto& result = written.result;
    auto erasure = erasure_of(ledger_, event);
    if (!erasure) {
        result.answer.refusals = erasure.refusals();
        return written;
    }
    result.answer.subject = event.key;
    result.seq = erase(ledger_, std::move(*erasure), row_of(event, now), secret_for_once()).seq;
    written.changed = true;
    if (event.render) result.rendered = event.render(result.answer, ledger_.book(), result.seq);
    if (event.idempotency_key)
        ledger_.remember(event.source, *event.idempotency_key, {content, result.seq, result.rendered.status, result.rendered.body, result.rendered.location});
    return written;
}

Written Writer::decide_and_write(Event const& event, storage::Hash const& content, Moment now) {
    Written written;
    auto& result = written.result;
    porting::Effects effects;
    if (event.input) {
        effects = decide(*event.input, now);
        if (onlooker_) onlooker_->decided(effects);
    }
    auto const law = law_in(event);
    if (law) effects.notes = changes_between(laws_.in_force(), *law);
    effects.counters.merge(counters_after(event, ledger_.book()));
    if (event.kind == storage::erasure_kind) effects.about = about_in_erasure(event.body); // told again: its rows are erased already
    if (event.kind == caught_up_kind) ledger_.set_meta(catching_up_key, "");
    bool const done = effects.answer.refusals.empty();
    auto row = row_of(event, now);
    row.about = subjects_of(effects);
    row.moves = std::move(effects.moves);
    row.notes = std::move(effects.notes);
    row.refusals = effects.answer.refusals;
    porting::Effects again;
    if (!done) again = heard_again(event, now, row.notes);
    auto const seq = ledger_.append(std::move(row));
    if (!event.trace.empty()) ledger_.keep_trace(seq, event.trace);
    result.seq = seq;
    result.answer = std::move(effects.answer);
    written.changed = true;
    if (!done) {
        if (onlooker_ && !again.arm.empty()) onlooker_->decided(again);
        ledger_.apply(std::move(again), {}, seq);
        return written;
    }
    auto const retry = std::move(effects.retry);
    auto encoded = encode(effects, now);
    ledger_.apply(std::move(effects), std::move(encoded), seq);
    if (law) put_in_force(law, now);
    if (event.distribute) distribute(*event.distribute, seq, now);
    hear_what_waited(retry, now);
    if (event.render) result.rendered = event.render(result.answer, ledger_.book(), seq);
    if (event.idempotency_key)
        ledger_.remember(event.source, *event.idempotency_key, {content, seq, result.rendered.status, result.rendered.body, result.rendered.location});
    return written;
}

} // namespace npod::engine
