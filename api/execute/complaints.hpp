#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/service_case.hpp"

namespace grapevine {

/// Complaints that were opened in a window, and what became of them up to the moment of an answer.
struct Complaints {
  std::vector<ServiceCase> cases;  ///< Sorted by run and row.
  std::size_t untraceable = 0;     ///< That nothing could answer: no ticket or content names them.
};

/// Finds tickets, and posts of others than the company's voices that the inbox calls complaints. They are about the
/// company: of one of its brands, to one of its accounts, or directed at one of its voices; any
/// will do where nobody says which brands are its own, and where the filter itself says what is
/// spoken of (a brand, an account, a topic or a product).
///
/// Shapes  filters: what each row that opened one must satisfy.
/// Errors  Unprocessable: too many of them. Cancelled.
absl::StatusOr<Complaints> find_complaints(const MentionFilter& filter,
                                           std::span<const GroupDimension> filters,
                                           const MentionWindow& window, GraphSource& source,
                                           const Context& context);

}  // namespace grapevine
