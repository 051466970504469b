#include <algorithm>
#include <string>
#include <utility>

#include "api/cloudevents/cloudevent.hpp"
#include "api/cloudevents/event_rows.hpp"
#include "api/collect/body.hpp"
#include "api/collect/write_key.hpp"
#include "api/error.hpp"
#include "api/routes/collect.hpp"
#include "api/routes/collected.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kErrorsMax = 100;

std::string sentence_of(const EventMistakes& mistakes) {
  std::string text;
  for (const FieldError& mistake : mistakes) {
    if (!text.empty()) text += "; ";
    text += mistake.pointer.empty() ? mistake.detail : mistake.pointer + " " + mistake.detail;
  }
  return text;
}

// Nothing of the request is good: the sender must be told.
absl::Status refuse(CloudEventOutcome outcome) {
  std::vector<FieldError> errors;
  for (auto& [index, mistakes] : outcome.rejected) {
    for (FieldError& mistake : mistakes) {
      if (errors.size() < kErrorsMax) errors.push_back(std::move(mistake));
    }
  }
  const std::string detail = sentence_of({errors.front()});
  return problem(ErrorCode::Unprocessable, detail, std::move(errors));
}

}  // namespace

absl::StatusOr<Response> collect_cloud_events(const Request& request, const Context& context) {
  CollectedBody collected;
  collected.batch.received = context.now_ms;
  CloudEventRows rows(collected.batch, context.now_ms);
  GRAPEVINE_ASSIGN_OR_RETURN(
      CloudEventOutcome outcome,
      read_cloud_events(request, [&](const CloudEvent& event, std::size_t index) {
        return rows.read(event, static_cast<std::uint32_t>(index));
      }));
  if (!outcome.rejected.empty() && outcome.rejected.size() == outcome.count) {
    return refuse(std::move(outcome));
  }
  for (const auto& [index, mistakes] : outcome.rejected) {
    collected.rejected.push_back({index, sentence_of(mistakes)});
  }
  collected.write_key = write_key_of(request.headers);
  return store_collected(std::move(collected), context.store, {});
}

}  // namespace grapevine
