#pragma once
/// A market in one thread and without sockets: operators with real books and the real writer, on one clock that moves
/// only when told to. A test is a story: somebody orders, messages are carried, days go by, and one looks at what
/// became of it.
///
///     Market market("2026-04-01 10:00");
///     World& alfa = market.at("ALFA");
///     World& bravo = market.at("BRAVO");
///     bravo.has_contract({.numbers = "+3225501100"});
///     auto const port = alfa.orders({.numbers = "+3225501100"});
///     market.carry();
///     CHECK(alfa.lines(port) == "+3225501100 scheduled");
///
/// When a market goes, every book is audited: the ledger finds nothing wrong with itself, and its log told again from
/// nothing gives the same book.

#include "base/clock.hpp"
#include "engine/dialects.hpp"
#include "engine/writer.hpp"
#include "porting/explain.hpp"
#include "storage/ledger.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace npod::testing {

/// "2026-04-03 16:59" on the clocks of Brussels; seconds may follow. Fails the test when it is no such time.
Moment at(std::string_view local);
/// The reverse, with seconds only when there are some: what a CHECK shows when it fails.
std::string text(Moment moment);
std::string text(std::optional<Moment> moment); ///< "never" for nothing

/// "+3225501100..+3225501107, +3225501109" as ranges.
std::vector<porting::NumberRange> ranges(std::string_view text);
porting::Number number(std::string_view e164);

/// An order of the order entry system; what a story does not say is unremarkable.
struct Order {
    std::string numbers = "+3225501100";
    std::string donor = "BRAVO";
    std::string network = "fixed";
    bool legal_person = true;
    std::string customer = "Bakkerij Peeters";
    std::string contract = "NEW-1";
    std::string wish = {};              ///< "2026-04-10 10:00"; empty: as soon as possible
    std::string keep = {}, cancel = {}; ///< related numbers with those fates
    std::string mandate_titular = {};   ///< empty: the customer
    std::string zone = {};
    bool draft = false;
    std::string id = {}; ///< empty: a fresh one
};

/// What a customer holds with us.
struct Holding {
    std::string id = "C-1";
    std::string customer = "Bakkerij Peeters";
    std::string numbers = "+3225501100";
    std::string network = "fixed";
};

/// The body of POST /v1/port-ins; the mandate is signed at `now`.
std::string order_json(Order const& order, std::string const& id, Moment now);
/// A command of the Business API on its way to the writer; fails the test when its body cannot be read.
engine::Event command_event(std::string_view kind, std::string_view key, std::string_view json);
/// COIN on Brussels time, everything handed to a hub called "HUB".
engine::Interchange by_hub();
/// The same as a value, for that operator.
engine::Dialects dialects_by_hub(OperatorCode const& own);

/// One operator.
class World {
public:
    World(std::string code, std::set<OperatorCode> market, ManualClock& clock, rules::Rulebook const& law);
    World(World const&) = delete;
    World& operator=(World const&) = delete;

    OperatorCode const& code() const { return settings_.own; }
    porting::Settings& settings() { return settings_; } ///< before the first event
    void answers_by_hand() { settings_.automatic = porting::AutomaticAnswer::none; }

    // -- what our own people and systems do. The first fails the test when it is refused, the second when it is not.
    std::string does(std::string_view kind, std::string_view key,
                     std::string_view json); ///< id of what was made or changed
    std::vector<Refusal> may_not(std::string_view kind, std::string_view key, std::string_view json);
    PortId orders(Order const& order);
    std::vector<Refusal> may_not_order(Order const& order);
    void has_contract(Holding const& holding);
    void knows_block(std::string_view range, std::string_view holder);
    engine::Result command(std::string_view kind, std::string_view key, std::string_view json);
    engine::Result writes(engine::Event const& event); ///< in a transaction of its own

    // -- what others say
    void hears(std::string_view sender, porting::message::Body const& body);
    void hears_bytes(std::string_view sender, std::string_view type, std::string_view bytes);
    std::vector<porting::Delivery> outgoing() const; ///< nobody has taken them yet
    void learns(porting::input::DeliveryReport report);
    bool fires_due(); ///< every timer due by now; false when there was none
    std::optional<Moment> next_due() const { return ledger_->next_due(); }

    // -- what one sees
    storage::Reader reader() const { return ledger_->reader_on_same_connection(); }
    storage::Ledger& ledger() { return *ledger_; }
    porting::Book const& book() const { return ledger_->book(); }
    /// In force.
    rules::Rulebook const& rulebook() const { return writer_.laws().in_force(); }
    rules::Laws const& laws() const { return writer_.laws(); }
    std::shared_ptr<rules::Rulebook const> first_law() const { return first_law_; }
    void law_becomes(rules::Rulebook const& law); ///< as a start with another configuration would do
    engine::Interchange const& interchange() const { return interchange_; }
    std::string
    lines(PortId const& id) const; ///< in order of numbers: "+3225501100..+3225501107 scheduled, +3225501108 refused"
    porting::Line line(PortId const& id, std::string_view number) const;
    porting::Port port(PortId const& id) const;
    PortId port_out(std::string_view number) const; ///< the newest in which we are the donor of that number
    porting::NumberRecord number(std::string_view e164) const;
    porting::Contract contract(std::string_view id) const;
    porting::Claim claim(PortId const& id) const;
    std::string served_by(std::string_view number) const;        ///< by our routing table; "" when unknown
    std::string deadline(porting::Subject const& subject) const; ///< "answer_deadline 2026-04-02 18:00", or "none"
    std::string deadline(PortId const& id, std::string_view number) const; ///< of that line
    porting::Compensation owes(PortId const& id) const;                    ///< if nothing else happened from now on
    /// Every message of that type we ever sent, oldest first, decoded from its bytes.
    std::vector<porting::message::Message> said(std::string_view type) const;
    std::int64_t times(std::string_view event) const; ///< how often a machine moved on that event
    std::string last_complaint() const; ///< code and description of our newest errorfound; "" when we never complained

    void audit() const;

private:
    porting::Settings settings_;
    std::shared_ptr<rules::Rulebook const> first_law_;
    engine::Interchange interchange_;
    ManualClock& clock_;
    std::unique_ptr<storage::Ledger> ledger_;
    engine::Writer writer_;
    int orders_ = 0;
};

/// All operators and what lies between them.
class Market {
public:
    explicit Market(std::string_view start, std::vector<std::string> operators = {"ALFA", "BRAVO", "CHARL"},
                    rules::Rulebook const& law = rules::Rulebook::shipped("be"));
    ~Market(); ///< audits every book

    World& at(std::string const& code) { return *worlds_.at(code); }
    Moment now() const { return clock_.now(); }
    /// Carries everything that lies in the outboxes, and what is said in return, until nobody has anything to say.
    void carry();
    /// Messages for that operator stay with their sender from now on, or go through again.
    void cut_off(std::string const& code) { cut_off_.emplace(code); }
    void reconnect(std::string const& code) { cut_off_.erase(OperatorCode{code}); }
    /// Time goes by: each timer on the way fires at its own instant, and messages arrive before time goes on.
    void wait_until(std::string_view local);

private:
    bool carry_once();
    void fire_everywhere();

    ManualClock clock_;
    std::map<std::string, std::unique_ptr<World>> worlds_;
    std::set<OperatorCode> cut_off_;
};

/// The texts of refusals, for CHECKs that look for words in them.
std::string said(std::vector<Refusal> const& refusals);
bool contains(std::string_view text, std::string_view part);

} // namespace npod::testing
