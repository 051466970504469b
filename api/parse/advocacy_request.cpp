#include "api/parse/advocacy_request.hpp"

#include "api/parse/duration_parameter.hpp"
#include "api/parse/mistakes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<AdvocacyRequest> parse_advocacy_request(const Request& request,
                                                       const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  AdvocacyRequest advocacy;
  advocacy.filter = take_mention_filter(query, context);
  if (const auto days = query.take_whole("days", 1, AdvocacyRequest::kDaysMax)) {
    advocacy.days = *days;
  }
  advocacy.target = take_duration(query, "target", kTargetMax);
  if (advocacy.target) advocacy.target_text = *find_field(request.query, "target");
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return advocacy;
}

}  // namespace grapevine
