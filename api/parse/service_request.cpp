#include "api/parse/service_request.hpp"

#include <utility>

#include "api/parse/bucket_width.hpp"
#include "api/parse/duration_parameter.hpp"
#include "api/parse/mistakes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<ServiceRequest> parse_service_request(const Request& request,
                                                     const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  ServiceRequest service;
  service.filter = take_mention_filter(query, context);
  service.every = take_every(query);
  if (service.every) service.every_text = *find_field(request.query, "every");
  service.target = take_duration(query, "target", kTargetMax);
  if (service.target) service.target_text = *find_field(request.query, "target");
  if (auto by = query.take_dimensions("by", ServiceRequest::kByMax)) {
    service.by = *std::move(by);
  }
  if (const auto limit = query.take_whole("limit", 1, ServiceRequest::kGroupsMax)) {
    service.limit = static_cast<std::size_t>(*limit);
  }
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return service;
}

}  // namespace grapevine
