#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/aggregates/timed_conditions.hpp"

namespace grapevine::sql {

/// A pattern of events such as (?1)(?t<=3600).*(?2): conditions by number, `.` for one event of any
/// kind, `.*` for any number of them, and how much time may pass from the event before. Immutable.
class SequencePattern {
 public:
  /// `conditions`: how many there are.
  /// Errors  SyntaxError (62), BadArguments (36): no such condition.
  static absl::StatusOr<SequencePattern> parse(std::string_view text, std::size_t conditions);

  /// Where the first match that begins at or after `begin` ends; nullopt: there is none.
  /// Shapes  events in order of time.
  /// Errors  TooSlow (160): it takes more than a million steps.
  [[nodiscard]] absl::StatusOr<std::optional<std::size_t>> match(
      std::span<const TimedConditions> events, std::size_t begin) const;

 private:
  enum class Kind : std::uint8_t {
    Condition,
    Any,
    Some,  // Any number of events.
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
  };
  struct Part {
    Kind kind;
    std::uint64_t number = 0;  // Of a condition, or an amount of time.
  };

  class Parser;
  class Search;
  [[nodiscard]] std::optional<std::size_t> match_without_time(
      std::span<const TimedConditions> events, std::size_t begin) const;

  std::vector<Part> parts_;
  bool has_time_ = false;
};

}  // namespace grapevine::sql
