#include "api/plan/influence_model.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/influence_model_json.hpp"
#include "api/error.hpp"
#include "api/execute/learned_summary.hpp"
#include "api/execute/moment.hpp"
#include "api/parse/definition_body.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/computed_planner.hpp"
#include "api/plan/people.hpp"
#include "api/routes/influence.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// What is checked must still hold when it is stored: changes, of whatever store, go one after the
// other. Nothing but the log is waited for while it is held.
std::mutex changes;

// What only the data can tell: whether people's worth can be computed.
void check_value(const InfluenceModel& model, const Snapshot& snapshot, const Context& context,
                 Mistakes& mistakes) {
  ComputedPlanner planner(snapshot, {context.now_ms, context.timezone}, mistakes,
                          ComputedPlanner::kModelValue);
  planner.plan_value(model.value);
}

absl::StatusOr<Response> describe(const GraphMoment& moment, bool with_fit,
                                  const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(moment, context));
  std::shared_ptr<const LearnedSummary> learned;
  if (with_fit) {
    GRAPEVINE_ASSIGN_OR_RETURN(learned, learned_summary(source, context));
  }
  Response response;
  response.body = encode_influence_model(influence_model(*source.snapshot), learned.get(), source);
  return response;
}

}  // namespace

// GET /v1/influence/model
absl::StatusOr<Response> get_influence_model(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  GraphMoment moment;
  if (const auto as_of = query.take_as_of()) moment.as_of = *as_of;
  const std::string* fit = query.take("fit");
  if (fit != nullptr && *fit != "true" && *fit != "false") {
    query.wrong("fit", "wants true or false, not: " + *fit);
  }
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return describe(moment, fit == nullptr || *fit == "true", context);
}

// PUT /v1/influence/model: the whole model; what is left out gets its default again.
absl::StatusOr<Response> put_influence_model(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject body, read_definition_body(request.body));
  const InfluenceModel model = parse_influence_model(body, mistakes);
  {
    const std::lock_guard lock(changes);
    const auto snapshot = context.store.snapshot();
    check_value(model, *snapshot, context, mistakes);
    GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
    JsonWriter document;
    write_json(document, JsonValue{body});
    GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(kInfluenceDocuments, kInfluenceModel,
                                                         std::move(document).take()));
  }
  return describe({}, false, context);
}

}  // namespace grapevine
