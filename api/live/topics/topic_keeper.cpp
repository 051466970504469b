#include "api/live/topics/topic_keeper.hpp"

#include <cstdint>
#include <optional>
#include <thread>

#include "api/plan/topic_document.hpp"

namespace grapevine {

void TopicKeeper::run(const Stop& stop) {
  std::optional<std::uint64_t> reached;  // The snapshot that the index is at.
  while (!stop.requested()) {
    const auto snapshot = store_.snapshot();
    // Who names no topic pays nothing for texts.
    if (reached != snapshot->number() && (reached || has_topics(*snapshot))) {
      // A definition that cannot be built was refused when it was put.
      if (index_.advance(*snapshot, stop).ok()) reached = snapshot->number();
      if (!has_topics(*snapshot)) reached.reset();
    }
    if (stop.requested()) return;
    (void)store_.wait_past(snapshot->number(), kRound);
    std::this_thread::sleep_for(kRound);
  }
}

}  // namespace grapevine
