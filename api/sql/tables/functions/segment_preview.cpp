#include "api/execute/segment_preview.hpp"

#include "api/execute/segment_executor.hpp"
#include "api/parse/definition_body.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/segment_table.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/segment/combine.hpp"
#include "kernels/segment/people.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kPointer = "/definition";  // Where a body of /v1 has it.

class SegmentPreviewTable final : public Table {
 public:
  explicit SegmentPreviewTable(PreviewPlan plan)
      : columns_{{"customer_id", plain(TypeId::String), "Who is in it"}}, plan_(std::move(plan)) {}

  const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override {
    SegmentExecutor executor(
        {*context.snapshot, context.api.now_ms, context.api.graph, context.api.stop});
    for (const PreviewPlan::Step& step : plan_.steps) executor.expect(step.plan);
    CustomerSet members = people(context.snapshot->customers());
    for (const PreviewPlan::Step& step : plan_.steps) {
      GRAPEVINE_RETURN_IF_ERROR(context.check());
      GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet part, executor.evaluate(step.plan));
      intersect(members, part);
    }
    std::vector<NamedMembers> all;
    all.push_back({nullptr, std::move(members)});
    Scan scan;
    scan.left = request.conditions;
    GRAPEVINE_ASSIGN_OR_RETURN(
        scan.source,
        members_source(std::move(all), std::vector<bool>(request.columns.size()), context));
    return scan;
  }

 private:
  std::vector<TableColumn> columns_;
  PreviewPlan plan_;
};

absl::StatusOr<PreviewPlan> plan_definition(std::string_view text, const QueryContext& context) {
  if (text.size() > kDefinitionBytesMax) {
    return query_error(QueryErrorCode::BadArguments,
                       "a definition has at most " + std::to_string(kDefinitionBytesMax) +
                           " bytes, not: " + std::to_string(text.size()));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(JsonObject object, read_json_object(text));
  SegmentRequest request;
  request.text = JsonValue{std::move(object)};
  refuse_nul(request.text, std::string(kPointer), request.mistakes);
  request.definition = parse_definition(request.text, std::string(kPointer), request.mistakes);
  return plan_preview(request, *context.snapshot, {context.api.now_ms, context.api.timezone});
}

}  // namespace

absl::StatusOr<TablePtr> make_segment_preview(TableArguments arguments, QueryContext& context) {
  if (arguments.size() != 1) return wrong_count("segment_preview", "a definition as JSON");
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view text, text_argument(*arguments[0]));
  auto planned = plan_definition(text, context);
  if (!planned.ok()) return explained_problem(planned.status(), kPointer);
  return std::make_shared<SegmentPreviewTable>(*std::move(planned));
}

}  // namespace grapevine::sql
