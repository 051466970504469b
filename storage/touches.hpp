#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// Something was stored, or taken away, of somebody.
struct Touch {
  /// What `event` says where it is no event: traits, or which external ids are one person.
  static constexpr EventNameId kTraits{0xFFFF'FFFE};
  static constexpr EventNameId kPerson{0xFFFF'FFFF};

  CustomerId identity{};  ///< An external id's number, not a person's.
  EventNameId event{};
  TimeMs ts = 0;  ///< Of an event.
};

/// Whom writes were about, gathered for one who follows. Not thread-safe.
class Touches {
 public:
  /// More are not kept apart: it is everybody then.
  static constexpr std::size_t kMax = std::size_t{1} << 20;

  /// Gathers from now on, beginning with everybody.
  void follow() { following_ = everybody_ = true; }

  void add(CustomerId identity, EventNameId event, TimeMs ts = 0) {
    if (!following_ || everybody_) return;
    if (touches_.size() == kMax) return add_everybody();
    touches_.push_back({identity, event, ts});
  }
  void add_everybody() {
    touches_ = {};
    everybody_ = true;
  }

  struct Taken {
    bool everybody = false;
    std::vector<Touch> touches;  ///< In order of writing; empty where it is everybody.
  };
  /// What gathered since the last time.
  Taken take() { return {std::exchange(everybody_, false), std::exchange(touches_, {})}; }

 private:
  bool following_ = false;
  bool everybody_ = false;
  std::vector<Touch> touches_;
};

}  // namespace grapevine
