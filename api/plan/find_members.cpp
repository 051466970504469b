#include "api/error.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

absl::StatusOr<std::vector<std::uint64_t>> find_members(const SegmentName& segment,
                                                        const GraphSource& source,
                                                        const Context& context) {
  const auto members =
      evaluate_segment({*source.snapshot, source.moment.as_of, context.graph, context.stop},
                       segment.name, context.timezone);
  if (members.ok()) {
    const auto words = members->words();
    return std::vector<std::uint64_t>(words.begin(), words.end());
  }
  if (members.status().code() != absl::StatusCode::kNotFound) return members.status();
  const std::string detail(members.status().message());
  return problem(ErrorCode::Unprocessable, detail, {{segment.pointer, detail}});
}

}  // namespace grapevine
