#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/service_request.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/mention_groups.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/service_numbers.hpp"

namespace grapevine {

/// What is answered about service: complaints by the group and the bucket that they were opened in.
struct ServiceAnswer {
  static constexpr std::size_t kBucketsMax = 10'000;
  static constexpr std::size_t kRowsMax = 20'000;  ///< Of groups and buckets.

  GraphSource source;
  MentionWindow window;
  std::vector<TimeMs> bounds;  ///< Where each bucket begins, and where the last one ends.
  std::vector<NamedGroups> by;
  BrandOwners owners;
  std::vector<std::string> warnings;      ///< See name_warnings.
  std::vector<std::size_t> listed;        ///< Groups: most complaints first, then by their names.
  std::size_t groups = 0;                 ///< That have some, or were asked for by name.
  ServiceNumbers total;                   ///< Of everything that is selected.
  std::uint64_t ungrouped = 0;            ///< Complaints that are in no group.
  std::uint64_t untraceable = 0;          ///< That nothing could answer, and which count nowhere.
  std::vector<ServiceNumbers> of_group;   ///< Parallel to `listed`.
  std::vector<ServiceNumbers> of_bucket;  ///< By listed group and bucket.

  [[nodiscard]] std::size_t buckets() const { return bounds.size() - 1; }
  /// The name of a group's value in a dimension.
  [[nodiscard]] const std::string& name(std::size_t group, std::size_t dimension) const;
};

/// Errors  Unprocessable: names that nobody knows, too many groups or rows. Gone: the pinned
///         snapshot is kept no longer. Cancelled.
absl::StatusOr<ServiceAnswer> answer_service(const ServiceRequest& asked, const Context& context);

}  // namespace grapevine
