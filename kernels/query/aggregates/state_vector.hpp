#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/query/aggregate.hpp"

namespace grapevine::sql {

/// States of a few bytes a group, which `Derived` adds to and answers from. Not thread-safe.
///
/// Derived has  static void merge_state(State& into, const State& from), and may have
///              static void subtract_state(State& into, const State& from).
template <typename Derived, typename State>
class StateVector : public AggregateStates {
 public:
  using AggregateStates::merge;
  void resize(std::size_t groups) override { states_.resize(groups); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& states = static_cast<const Derived&>(other).states_;
    for (std::size_t i = 0; i < from.size(); ++i) {
      Derived::merge_state(states_[to[i]], states[from[i]]);
    }
  }
  [[nodiscard]] bool can_subtract() const override {
    return requires(State & state) { Derived::subtract_state(state, state); };
  }
  void accumulate() override {
    for (std::size_t i = 1; i < states_.size(); ++i) {
      Derived::merge_state(states_[i], states_[i - 1]);
    }
  }
  void subtract(const AggregateStates& other, std::span<const std::uint32_t> from,
                std::span<const std::uint32_t> to) override {
    if constexpr (requires(State & state) { Derived::subtract_state(state, state); }) {
      const auto& states = static_cast<const Derived&>(other).states_;
      for (std::size_t i = 0; i < from.size(); ++i) {
        Derived::subtract_state(states_[to[i]], states[from[i]]);
      }
    }
  }
  [[nodiscard]] std::size_t bytes() const override { return states_.capacity() * sizeof(State); }

 protected:
  [[nodiscard]] bool has_one_group() const { return states_.size() == 1; }

  std::vector<State> states_;
};

}  // namespace grapevine::sql
