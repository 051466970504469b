#pragma once

#include "api/message.hpp"
#include "api/parse/within.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The "now" of an answer, and whether it lies before the clock: such an answer says what it took
/// as current.
struct AnswerMoment {
  TimeMs as_of = 0;
  bool in_the_past = false;
};

/// The moment that an answer speaks from: the server's clock, the newest event stored (the clock
/// where there is none), or the time asked for, in the server's timezone where it names none.
AnswerMoment resolve_as_of(const AsOf& as_of, const Snapshot& snapshot, const Context& context);

}  // namespace grapevine
