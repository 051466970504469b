#include <algorithm>
#include <array>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/array_of_group.hpp"
#include "kernels/query/aggregates/counted_rows.hpp"
#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/selected_rows.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/value_bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

struct Shape {
  std::size_t count = 10;
  bool weighted = false;
  bool with_counts = false;
};

DataType item_and_count(const DataType& item) {
  DataType type = plain(TypeId::Tuple);
  type.elements = {item, plain(TypeId::UInt64), plain(TypeId::UInt64)};
  type.element_names = {"item", "count", "error"};
  return type;
}

// The values that most rows of a group have, by exact counts: of as many rows, the earlier one first.
class TopStates final : public AggregateStates {
 public:
  using AggregateStates::merge;
  TopStates(DataType type, Shape shape) : type_(type), rows_({std::move(type)}), shape_(shape) {}
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const SelectedRows rows =
        SelectedRows::of(groups, arguments, mask, kept_groups_, kept_columns_);
    if (shape_.weighted) {
      rows_.add(rows.groups, rows.columns.first(1), *rows.columns[1]);
    } else {
      rows_.add(rows.groups, rows.columns);
    }
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(groups_); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const TopStates&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    rows_.seal(groups_);
    std::vector<std::uint32_t> top;
    std::vector<std::size_t> offsets{0};
    for (std::size_t group = 0; group < groups_; ++group) {
      const auto all = rows_.rows().numbers_of(group);
      std::vector<std::uint32_t> numbers(all.begin(), all.end());
      const std::size_t kept = std::min(shape_.count, numbers.size());
      std::partial_sort(numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(kept),
                        numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
                          const std::uint64_t of_a = rows_.count(a);
                          const std::uint64_t of_b = rows_.count(b);
                          return of_a != of_b ? of_a > of_b : a < b;
                        });
      top.insert(top.end(), numbers.begin(), numbers.begin() + static_cast<std::ptrdiff_t>(kept));
      offsets.push_back(top.size());
    }
    ColumnPtr items = rows_.rows().rows(top)[0];
    if (!shape_.with_counts) return array_of_group(items, offsets);
    auto counts = new_fixed(plain(TypeId::UInt64), top.size());
    for (std::size_t i = 0; i < top.size(); ++i) {
      counts->fixed<std::uint64_t>()[i] = rows_.count(top[i]);
    }
    const ColumnPtr errors = full(constant_default(plain(TypeId::UInt64), top.size()));
    auto tuples = std::make_shared<Column>();
    tuples->type = item_and_count(type_);
    tuples->rows = top.size();
    tuples->values = TupleValues{{with_nulls(std::move(items), {}), std::move(counts), errors}};
    return array_of_group(tuples, offsets);
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes(); }

 private:
  DataType type_;
  CountedRows rows_;
  Shape shape_;
  std::size_t groups_ = 0;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
};

// topK(count[, load factor or reserved[, 'counts']])(value[, weight]).
template <bool kWeighted, bool kWithCounts>
absl::StatusOr<AggregatePtr> make_top(const AggregateRequest& request) {
  constexpr std::uint64_t kCountMax = 0xFF'FFFF;
  Shape shape;
  shape.weighted = kWeighted;
  shape.with_counts = kWithCounts;
  if (!request.parameters.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t count, count_parameter(*request.parameters[0]));
    if (count == 0 || count > kCountMax) {
      return query_error(QueryErrorCode::ArgumentOutOfBound,
                         "Parameter " + std::to_string(count) +
                             " is illegal for aggregate function '" + std::string(request.name) +
                             "'");
    }
    shape.count = count;
  }
  if (request.parameters.size() > 1) {
    GRAPEVINE_RETURN_IF_ERROR(count_parameter(*request.parameters[1]).status());
  }
  if (request.parameters.size() > 2) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view option,
                               text_parameter(*request.parameters[2]));
    if (option != "counts") {
      return query_error(QueryErrorCode::BadArguments,
                         "Aggregate function " + std::string(request.name) +
                             " doesn't support a parameter: " + std::string(option));
    }
    shape.with_counts = true;
  }
  if (request.parameters.size() > 3) {
    return query_error(
        QueryErrorCode::NumberOfArgumentsDoesntMatch,
        "Aggregate function '" + std::string(request.name) + "' requires three parameters or less");
  }
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, kWeighted ? 2 : 1));
  if (kWeighted && !is_integer(request.arguments[1].id)) return wrong_argument(request, 1);
  const DataType type = request.arguments[0];
  const DataType element = shape.with_counts ? item_and_count(type) : type;
  return made(array_of(element),
              [type, shape] { return std::make_unique<TopStates>(type, shape); });
}

constexpr std::array kKinds{
    AggregateKind{"topK", make_top<false, false>, false, true},
    AggregateKind{"topKWeighted", make_top<true, false>, false, true},
    AggregateKind{"approx_top_k", make_top<false, true>, true, true},
    AggregateKind{"approx_top_count", make_top<false, true>, true, true, "approx_top_k"},
    AggregateKind{"approx_top_sum", make_top<true, true>, true, true},
};

}  // namespace

std::span<const AggregateKind> top_kinds() { return kKinds; }

}  // namespace grapevine::sql
