#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "api/collect/json.hpp"

namespace grapevine {

/// The members of a call that mean something to us. Those that we drop, because they are about the
/// delivery and not the event (`_metadata`, `writeKey`), are not among them.
enum class Member : std::uint8_t {
  Type,
  Event,
  UserId,
  AnonymousId,
  MessageId,
  Timestamp,
  OriginalTimestamp,
  SentAt,
  Properties,
  Traits,
  Context,
  GroupId,
  PreviousId,
  Name,
  Category,
  Channel,
  Dropped,
  Unknown,
};

/// Which one a name is.
Member member_of(std::string_view name);
/// As it is sent.
std::string_view name_of(Member member);

/// The members of one call, by name. A `null` counts as not sent.
class CallMembers {
 public:
  /// Replaces what was read before.
  void read(JsonObject call);

  // For calls whose members have other names: what one of ours is, taken one by one.
  void clear();
  void set(Member member, JsonElement element);
  void add_unknown(std::string_view name, JsonElement element) {
    unknown_.emplace_back(name, element);
  }

  [[nodiscard]] bool has(Member member) const { return (present_ & bit(member)) != 0; }
  /// Shapes  has(member).
  [[nodiscard]] JsonElement at(Member member) const {
    return known_[static_cast<std::size_t>(member)];
  }
  /// The others, in the order in which they stand.
  [[nodiscard]] const std::vector<std::pair<std::string_view, JsonElement>>& unknown() const {
    return unknown_;
  }

 private:
  static constexpr std::uint32_t bit(Member member) {
    return std::uint32_t{1} << static_cast<unsigned>(member);
  }

  std::array<JsonElement, static_cast<std::size_t>(Member::Dropped)> known_;
  std::uint32_t present_ = 0;
  std::vector<std::pair<std::string_view, JsonElement>> unknown_;
};

}  // namespace grapevine
