#include "api/routes/collected.hpp"

#include <algorithm>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/write_details.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// What the store refused belongs beside what the reader rejected; an event with several rows is
// named once.
void add_refused(const Appended& appended, std::vector<RejectedEvent>& rejected) {
  for (const RefusedRow& row : appended.refused) rejected.push_back({row.source, row.detail});
  const auto by_index = [](const RejectedEvent& a, const RejectedEvent& b) {
    return a.index < b.index;
  };
  std::stable_sort(rejected.begin(), rejected.end(), by_index);
  const auto same = [](const RejectedEvent& a, const RejectedEvent& b) {
    return a.index == b.index;
  };
  rejected.erase(std::unique(rejected.begin(), rejected.end(), same), rejected.end());
}

Response encode(const std::vector<RejectedEvent>& rejected, const CollectedForm& form) {
  JsonWriter json;
  json.begin_object();
  if (form.posthog_status) json.member("status", 1);
  json.member("success", true);
  if (!rejected.empty()) {
    write_details(json, "rejected", "index", rejected, &RejectedEvent::index);
  }
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace

absl::StatusOr<Response> store_collected(CollectedBody collected, Store& store,
                                         const CollectedForm& form) {
  if (!collected.batch.empty()) {
    collected.batch.deduplicate_by = std::move(collected.write_key);
    GRAPEVINE_ASSIGN_OR_RETURN(const Appended appended, store.append(std::move(collected.batch)));
    add_refused(appended, collected.rejected);
  }
  return encode(collected.rejected, form);
}

}  // namespace grapevine
