#pragma once

#include <cstdint>
#include <limits>

#include "kernels/listen/text_verdict.hpp"
#include "storage/ids.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// When something happens that has not happened yet.
inline constexpr TimeMs kNotYet = std::numeric_limits<TimeMs>::max();

/// A complaint, a ticket or a post, and what became of it up to a moment.
struct ServiceCase {
  const Run* run = nullptr;  ///< Of the row that opened it.
  std::uint32_t row = 0;
  CustomerId person = kNobody;
  bool is_ticket = false;
  ComplaintBy by = ComplaintBy::Ticket;  ///< How it is known to be one.
  bool is_again = false;                 ///< The ticket was opened before, among the same cases.
  TimeMs opened = 0;
  TimeMs answered = kNotYet;  ///< First: by an answer, or as it was resolved without one.
  TimeMs resolved = kNotYet;  ///< First; of a post never.

  /// A ticket is open until it is resolved, a post until it is answered.
  [[nodiscard]] bool is_open() const {
    return is_ticket ? resolved == kNotYet : answered == kNotYet;
  }
};

}  // namespace grapevine
