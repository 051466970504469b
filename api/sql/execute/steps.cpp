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

// Few rows at a time: what is made of them is told of, and its memory taken account of, before more
// is made.
class SliceStep final : public Step {
 public:
  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    constexpr std::size_t kRowsOfLongValues = 256;
    for (std::size_t begin = 0; begin < block.rows; begin += kRowsOfLongValues) {
      const std::size_t end = std::min(begin + kRowsOfLongValues, block.rows);
      Block some{end - begin, {}};
      for (const ColumnPtr& column : block.columns) {
        some.columns.push_back(column == nullptr ? nullptr : slice(column, begin, end));
      }
      GRAPEVINE_RETURN_IF_ERROR(next(std::move(some)));
    }
    return absl::OkStatus();
  }
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

std::shared_ptr<const BlockSource> cut_for(const std::vector<BoundPtr>& expressions,
                                           std::shared_ptr<const BlockSource> source,
                                           const QueryContext& context) {
  if (std::none_of(expressions.begin(), expressions.end(), makes_long_values)) return source;
  auto pipeline = std::make_shared<Pipeline>(std::move(source), context);
  pipeline->add(std::make_shared<SliceStep>());
  return pipeline;
}

std::shared_ptr<const BlockSource> filtered(Scan scan, const QueryContext& context) {
  auto pipeline =
      std::make_shared<Pipeline>(cut_for(scan.left, std::move(scan.source), context), context);
  if (!scan.left.empty()) pipeline->add(filter_step(std::move(scan.left)));
  return pipeline;
}

}  // namespace grapevine::sql
