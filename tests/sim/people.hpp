#pragma once
/// Subscribers, order entry, desks and networks of a market: they ask, answer, forget, err and make up their minds again.

#include "sim/market.hpp"

#include <string>
#include <vector>

namespace npod::sim {

class People {
public:
    explicit People(Market& market);
    /// Everybody learns whose block is whose, and the customers get their first contracts. Runs the market until that is done.
    void settle_in();
    /// From now on they act. While the market is calm nobody orders, and every desk does its duty.
    void begin();

    std::vector<porting::Number> const& numbers() const { return numbers_; } ///< that are in use

private:
    /// How an operator is.
    enum class Manner : std::uint8_t { diligent, slow, silent };

    void orders();
    void order();
    void order(Node& recipient, std::size_t installation);
    void desk(Node& node, Manner manner);
    void duty(Node& node);
    void duty(Node& node, porting::Port const& port, porting::Line const& line);
    void whim(Node& node);
    void take(Node& node);
    void change(Node& node);
    // the liar (people_lies.cpp)
    void lie(Node& liar);
    void say_of_others(Node& liar);
    void contradict(Node& liar);
    void babble(Node& liar);
    void spread(Node& liar, porting::Delivery const& delivery, std::string const& bytes, bool own);
    void answer(Node& node, porting::Port const& port, porting::Line const& line);
    void act(Node& node, porting::Port const& port, std::string const& verb, std::string const& rest = {});
    std::string reason();
    std::string later(int days);

    Market& market_;
    Dice& dice_;
    std::vector<porting::Number> numbers_;
    std::vector<std::vector<porting::Number>> installations_; ///< of one customer each
    int count_ = 0;                                           ///< of orders, contracts, reasons: what makes each unlike the others
};

} // namespace npod::sim
