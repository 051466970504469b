#include "api/sql/execute/operators.hpp"
#include "api/sql/execute/steps.hpp"
#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/repeated_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

class ArrayJoinStep final : public Step {
 public:
  ArrayJoinStep(const Plan& plan, const QueryContext& context)
      : passed_(plan.passed),
        arrays_(plan.expressions),
        left_(plan.left_array_join),
        context_(context) {}

  absl::Status push(Block block, const BlockSource::Consume& next) const override {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<ColumnPtr> arrays, evaluate_all(arrays_, block));
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> ends, ends_of(arrays, block.rows));
    std::vector<ColumnPtr> passed;
    for (const std::size_t column : passed_) passed.push_back(block.columns[column]);
    for (RepeatedRows stretch(ends, passed); stretch.next();) {
      GRAPEVINE_RETURN_IF_ERROR(context_.check());
      Block made{stretch.rows().size(), {}};
      for (const ColumnPtr& column : passed) {
        made.columns.push_back(column->constant ? resized(column, made.rows)
                                                : gather(column, stretch.rows()));
      }
      for (const ColumnPtr& column : arrays) {
        const std::vector<std::uint32_t> places = places_of(*column, stretch, ends);
        made.columns.push_back(gather(full(column->array().elements), places));
      }
      GRAPEVINE_RETURN_IF_ERROR(next(std::move(made)));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::vector<std::uint64_t>> ends_of(const std::vector<ColumnPtr>& arrays,
                                                     std::size_t rows) const {
    std::vector<std::uint64_t> ends(rows);
    std::uint64_t end = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t size = elements_of(*arrays[0], row).size();
      for (const ColumnPtr& other : arrays) {
        if (elements_of(*other, row).size() == size) continue;
        return query_error(QueryErrorCode::SizesOfArraysDontMatch,
                           "Sizes of ARRAY-JOIN-ed arrays do not match");
      }
      end += size == 0 && left_ ? 1 : size;
      ends[row] = end;
    }
    return ends;
  }

  // The element that stands at each place of a stretch; kNoRow: the default.
  static std::vector<std::uint32_t> places_of(const Column& arrays, const RepeatedRows& stretch,
                                              std::span<const std::uint64_t> ends) {
    std::vector<std::uint32_t> places;
    places.reserve(stretch.rows().size());
    std::size_t place = stretch.begin();
    for (const std::uint32_t row : stretch.rows()) {
      const ElementRange range = elements_of(arrays, row);
      const std::size_t element = range.begin + (place++ - (row == 0 ? 0 : ends[row - 1]));
      places.push_back(range.size() == 0 ? kNoRow : static_cast<std::uint32_t>(element));
    }
    return places;
  }

  std::vector<std::size_t> passed_;
  std::vector<BoundPtr> arrays_;
  bool left_;
  const QueryContext& context_;
};

}  // namespace

std::shared_ptr<const Step> array_join_step(const Plan& plan, const QueryContext& context) {
  return std::make_shared<ArrayJoinStep>(plan, context);
}

}  // namespace grapevine::sql
