#include "api/sql/execute/steps.hpp"

#include "api/sql/execute/operators.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

class FilterStep final : public Step {
 public:
  explicit FilterStep(std::vector<BoundPtr> conditions) : conditions_(std::move(conditions)) {}

  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    // One after the other: a later condition must not see rows that an earlier one left out.
    for (const BoundPtr& condition : conditions_) {
      GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr truth, Evaluator(block)(condition));
      const Mask mask = mask_of(*truth);
      if (mask.count == 0) return absl::OkStatus();
      if (mask.count == block.rows) continue;
      for (ColumnPtr& column : block.columns) column = filter(column, mask.bytes, mask.count);
      block.rows = mask.count;
    }
    return next(std::move(block));
  }

 private:
  std::vector<BoundPtr> conditions_;
};

class ProjectStep final : public Step {
 public:
  explicit ProjectStep(std::vector<BoundPtr> expressions) : expressions_(std::move(expressions)) {}

  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    GRAPEVINE_ASSIGN_OR_RETURN(std::vector<ColumnPtr> columns, evaluate_all(expressions_, block));
    return next({block.rows, std::move(columns)});
  }

 private:
  std::vector<BoundPtr> expressions_;
};

}  // namespace

std::shared_ptr<const Step> filter_step(std::vector<BoundPtr> conditions) {
  return std::make_shared<FilterStep>(std::move(conditions));
}

std::shared_ptr<const Step> project_step(std::vector<BoundPtr> expressions) {
  return std::make_shared<ProjectStep>(std::move(expressions));
}

std::shared_ptr<const BlockSource> filtered(Scan scan, const QueryContext& context) {
  auto pipeline = std::make_shared<Pipeline>(std::move(scan.source), context);
  if (!scan.left.empty()) pipeline->add(filter_step(std::move(scan.left)));
  return pipeline;
}

}  // namespace grapevine::sql
