#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/demo/calendar.hpp"
#include "server/demo/products.hpp"

namespace grapevine::demo {

enum class Kind : std::uint8_t {
  PageViewed,
  ProductViewed,
  ProductAdded,
  ProductShared,
  CheckoutStarted,
  OrderCompleted,
  OrderRefunded,
  ProductReviewed,
  PostCreated,
  PostShared,
  PostReplied,
  PostLiked,
  CustomerMentioned,
  CustomerFollowed,
  TicketOpened,
  TicketAnswered,
  TicketResolved,
};
constexpr std::size_t kKinds = 17;

enum class Channel : std::uint8_t {
  Web,
  App,
  Store,
  Email,
  Kakao,
  Instagram,
  Youtube,
  Twitter,
  Blog,
  CallCenter,
};
constexpr std::size_t kChannels = 10;

enum class Mood : std::uint8_t { Neutral, Good, Bad };

constexpr std::uint32_t kNobody = 0xFFFFFFFF;

/// What happened, in as little as decides it; the rest of the line is drawn from `number` when it
/// is written. At most 2^30 of them, so that 34 bits of time and the number are one key to sort by.
struct Happening {
  std::uint64_t time_and_number = 0;
  std::uint32_t actor = kNobody;   // A customer; from the number of customers on, a visitor.
  std::uint32_t target = kNobody;  // The customer whom it is directed at; in the shop, the session.
  std::uint32_t about = 0;  // Number of the post or ticket it refers to; in the shop, the cart.
  std::uint16_t product = kNoProduct;
  Kind kind = Kind::PageViewed;
  std::uint8_t channel : 4 = 0;
  std::uint8_t mood : 2 = 0;
  std::uint8_t severe : 1 = 0;     // Speaks of harm.
  std::uint8_t anonymous : 1 = 0;  // The customer had not signed up yet.

  [[nodiscard]] std::int64_t time_ms() const {
    return static_cast<std::int64_t>(time_and_number >> 30);
  }
  [[nodiscard]] std::uint32_t number() const {
    return static_cast<std::uint32_t>(time_and_number & ((1U << 30) - 1));
  }
};
static_assert(sizeof(Happening) == 24);
static_assert(kWindowMs < std::int64_t{1} << 34);

/// Collects what happens, in any order, up to a limit, and then sorts it by time. Not thread-safe.
class Journal {
 public:
  explicit Journal(std::size_t limit);

  [[nodiscard]] bool full() const { return happenings_.size() >= limit_; }
  [[nodiscard]] std::size_t size() const { return happenings_.size(); }
  [[nodiscard]] std::size_t limit() const { return limit_; }

  /// The number that the next happening gets.
  [[nodiscard]] std::uint32_t next_number() const {
    return static_cast<std::uint32_t>(happenings_.size());
  }

  /// Notes a happening `time_ms` after the start of the window. What is outside of the window or
  /// over the limit is forgotten; the answer says whether it was noted.
  bool note(std::int64_t time_ms, Happening happening);

  /// Sorts by time, then number, in place. Nothing may be noted afterwards.
  void sort_by_time();

  [[nodiscard]] std::span<const Happening> happenings() const { return happenings_; }

 private:
  std::vector<Happening> happenings_;
  std::size_t limit_;
};

}  // namespace grapevine::demo
