#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/voice_request.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/mention_groups.hpp"
#include "api/plan/people.hpp"
#include "kernels/listen/voice.hpp"

namespace grapevine {

/// What is said of a group in a stretch of time.
struct VoiceNumbers {
  MoodCounts counts = {};
  std::uint64_t people = 0;
  std::optional<std::uint64_t> reach = {};    ///< nullopt: not asked for, or too much work.
  std::optional<double> share_of_voice = {};  ///< nullopt: nobody is mentioned at all.
  std::optional<double> share_of_voice_by_reach = {};  ///< nullopt: the same, or no reach.

  /// Share of the positive ones less share of the negative ones, of those that are scored; nullopt:
  /// none is.
  [[nodiscard]] std::optional<double> net_sentiment() const;
};

/// The numbers of a stretch, and those of the one before; nullopt: there is none.
struct ComparedNumbers {
  VoiceNumbers now;
  std::optional<VoiceNumbers> previous;
};

/// What is answered about the voice of brands. Shares are of the first dimension, among those of
/// the same group of the second.
struct VoiceAnswer {
  static constexpr std::uint64_t kTiesMax = 200'000;  ///< Of a graph, for the reach of buckets.
  static constexpr std::size_t kRowsMax = 200'000;    ///< Of groups and buckets.

  GraphSource source;
  VoicePeriod period;
  std::vector<NamedGroups> by;
  BrandOwners owners;
  std::vector<std::size_t> listed;         ///< Groups: most mentioned first, then by their names.
  std::size_t groups = 0;                  ///< That are mentioned, or were asked for by name.
  ComparedNumbers total;                   ///< Of everything that is selected.
  ComparedNumbers by_company;              ///< Of that, what the company says: counted or not.
  std::vector<std::string> warnings;       ///< See name_warnings.
  std::uint64_t ungrouped = 0;             ///< Mentions of the period that are in no group.
  std::vector<ComparedNumbers> of_group;   ///< Parallel to `listed`.
  std::vector<ComparedNumbers> of_bucket;  ///< By listed group and bucket.
  std::uint64_t ties = 0;                  ///< Of the graph, where reach is asked for.
  bool has_bucket_reach = false;

  /// The name of a group's value in a dimension.
  [[nodiscard]] const std::string& name(std::size_t group, std::size_t dimension) const;
};

/// Errors  Unprocessable: names that nobody knows, too many cells or rows. Gone: the pinned snapshot is
///         kept no longer. Cancelled.
absl::StatusOr<VoiceAnswer> answer_voice(const VoiceRequest& asked, const Context& context);

}  // namespace grapevine
