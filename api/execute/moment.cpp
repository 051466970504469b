#include "api/execute/moment.hpp"

#include "api/plan/calendar.hpp"

namespace grapevine {

AnswerMoment resolve_as_of(const AsOf& as_of, const Snapshot& snapshot, const Context& context) {
  switch (as_of.kind) {
    case AsOf::Kind::Now: break;
    case AsOf::Kind::Latest:
      if (snapshot.newest_event() == INT64_MIN) break;
      return {snapshot.newest_event(), false};
    case AsOf::Kind::At: {
      const TimeMs at = moment_of(as_of.at, context.timezone);
      return {at, at < context.now_ms};
    }
  }
  return {context.now_ms, false};
}

}  // namespace grapevine
