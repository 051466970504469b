#pragma once

#include <chrono>

#include "api/live/topics/topic_index.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Keeps the index of topics at what is written, while somebody runs it. One thread runs it.
class TopicKeeper {
 public:
  /// Both outlive it.
  TopicKeeper(Store& store, TopicIndex& index) : store_(store), index_(index) {}

  /// Follows the store until `stop` fires.
  void run(const Stop& stop);

 private:
  // How long writes gather before their texts are looked at.
  static constexpr std::chrono::milliseconds kRound{100};

  Store& store_;
  TopicIndex& index_;
};

}  // namespace grapevine
