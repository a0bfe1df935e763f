#pragma once
/// The job that is measured, over and over by a fixed number of workers. As the recipient:
///
///   order over HTTP with an idempotency key → portingrequest on the wire → the donor's answer arrives → the activation
///   timer falls due → the network's word arrives → portingperformed on the wire
///
/// Three inbound messages acknowledged after their commit, two outbound. As the donor, its mirror:
///
///   portingrequest arrives → checked and answered by machine, the answer on the wire → portingperformed arrives

#include "figures.hpp"
#include "subject.hpp"

#include <cstdint>

namespace npod::bench {

struct Load {
    int ports = 2'000;   ///< how many are completed in all; the first tenth warms up and is not counted
    int concurrent = 256;
    std::int64_t first_number = 32'470'000'000; ///< mobile numbers from here on, one a port
};

struct Done {
    double ports_per_second = 0; ///< from the tenth to the last but `concurrent`: everybody is busy all the time
    double seconds = 0;          ///< the whole of it
    Spread acknowledged;         ///< each inbound message, from sending it to its answer
    std::int64_t asked_again = 0; ///< network's words that came before the timer had fired
};

/// Tells the operator whose numbers they are; once per database.
void prepare_recipient(Subject& subject);
Done play_recipient(Subject& subject, Load const& load);

/// A contract for each number that will leave.
void prepare_donor(Subject& subject, Load const& load);
Done play_donor(Subject& subject, Load const& load);

/// A message of BRAVO to all: the number moved from one of the others to it.
Call transfer_elsewhere(std::int64_t number);

} // namespace npod::bench
