#include "api/sql/execute/steps.hpp"

#include <algorithm>
#include <string_view>

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

// Whether an expression makes arrays or strings whose length a value says: few rows become many bytes.
bool makes_long_values(const BoundPtr& expression) {
  constexpr std::string_view kLong[] = {"range",       "arrayWithConstant", "arrayResize", "repeat",
                                        "leftPad",     "rightPad",          "lpad",        "rpad",
                                        "leftPadUTF8", "rightPadUTF8",      "space"};
  bool found = false;
  for_each_node(expression, [&](const Bound& node) {
    found = found || (node.kind == Bound::Kind::Call &&
                      std::find(std::begin(kLong), std::end(kLong), node.name) != std::end(kLong));
  });
  return found;
}

class ProjectStep final : public Step {
 public:
  explicit ProjectStep(std::vector<BoundPtr> expressions)
      : expressions_(std::move(expressions)),
        rows_together_(std::any_of(expressions_.begin(), expressions_.end(), makes_long_values)
                           ? kRowsOfLongValues
                           : kBlockRows) {}

  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    if (block.rows <= rows_together_) return push_some(block, next);
    // What is made of some rows is told of, and its memory taken account of, before more is made.
    for (std::size_t begin = 0; begin < block.rows; begin += rows_together_) {
      const std::size_t end = std::min(begin + rows_together_, block.rows);
      Block some{end - begin, {}};
      for (const ColumnPtr& column : block.columns) {
        some.columns.push_back(column == nullptr ? nullptr : slice(column, begin, end));
      }
      GRAPEVINE_RETURN_IF_ERROR(push_some(some, next));
    }
    return absl::OkStatus();
  }

 private:
  static constexpr std::size_t kRowsOfLongValues = 256;

  absl::Status push_some(const Block& block, const BlockSource::Consume& next) const {
    GRAPEVINE_ASSIGN_OR_RETURN(std::vector<ColumnPtr> columns, evaluate_all(expressions_, block));
    return next({block.rows, std::move(columns)});
  }

  std::vector<BoundPtr> expressions_;
  std::size_t rows_together_;
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
