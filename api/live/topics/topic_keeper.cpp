#include "api/live/topics/topic_keeper.hpp"

#include <cstdint>
#include <thread>

#include "api/plan/topic_document.hpp"

namespace grapevine {

void TopicKeeper::run(const Stop& stop) {
  bool knows_some = false;
  std::uint64_t reached = 0;  // The snapshot that the index is at, where it knows some topics.
  std::uint64_t judged = 0;   // The snapshot whose texts were judged.
  while (!stop.requested()) {
    const auto snapshot = store_.snapshot();
    const bool are_some = has_topics(*snapshot);
    // Who names no topic pays nothing for texts.
    const bool is_behind = knows_some ? reached != snapshot->number() : are_some;
    // It can only be stopped: what cannot be looked for was refused when it was put.
    if (is_behind && index_.advance(*snapshot, stop).ok()) {
      reached = snapshot->number();
      knows_some = are_some;
    }
    if (stop.requested()) return;
    if (judged != snapshot->number() && index_.verdicts().follow(*snapshot, stop).ok()) {
      judged = snapshot->number();
    }
    (void)store_.wait_past(snapshot->number(), kRound);
    std::this_thread::sleep_for(kRound);
  }
}

}  // namespace grapevine
