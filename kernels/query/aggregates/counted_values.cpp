// Aggregates that tell the distinct values of a group apart: entropy and sumMap.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/array_of_group.hpp"
#include "kernels/query/aggregates/counted_rows.hpp"
#include "kernels/query/aggregates/distinct_rows.hpp"
#include "kernels/query/aggregates/selected_rows.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/sort_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Shannon's, in bits, of how often the rows of values come.
class Entropy final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit Entropy(std::vector<DataType> types) : rows_(std::move(types)) {}
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const SelectedRows rows =
        SelectedRows::of(groups, arguments, mask, kept_groups_, kept_columns_);
    rows_.add(rows.groups, rows.columns);
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(groups_); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const Entropy&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    rows_.seal(groups_);
    auto result = new_fixed(plain(TypeId::Float64), groups_);
    for (std::size_t group = 0; group < groups_; ++group) {
      const auto numbers = rows_.rows().numbers_of(group);
      std::uint64_t rows = 0;
      for (const std::uint32_t number : numbers) rows += rows_.count(number);
      double bits = 0;
      for (const std::uint32_t number : numbers) {
        const double share = static_cast<double>(rows_.count(number)) / static_cast<double>(rows);
        bits -= share * std::log2(share);
      }
      result->fixed<double>()[group] = bits;
    }
    return result;
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes(); }

 private:
  CountedRows rows_;
  std::size_t groups_ = 0;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
};

absl::StatusOr<AggregatePtr> make_entropy(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  if (request.arguments.empty()) return wrong_argument_count(request, "1 or more");
  return made(plain(TypeId::Float64),
              [types = request.arguments] { return std::make_unique<Entropy>(types); });
}

// Sums of one array of values by key: integers wrap around.
struct Sums {
  TypeId id;
  std::vector<std::uint64_t> whole;
  std::vector<double> real;

  void resize(std::size_t size) {
    if (id == TypeId::Float64) {
      real.resize(size);
    } else {
      whole.resize(size);
    }
  }
  void add(const Column& values, std::span<const std::uint32_t> rows,
           std::span<const std::uint32_t> numbers) {
    visit_stored(values.type.id, [&]<typename Value>(Value) {
      const std::span<const Value> from = values.fixed<Value>();
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if constexpr (std::is_floating_point_v<Value>) {
          real[numbers[i]] += from[rows[i]];
        } else {
          whole[numbers[i]] += static_cast<std::uint64_t>(from[rows[i]]);
        }
      }
    });
  }
  [[nodiscard]] bool is_zero(std::size_t number) const {
    return id == TypeId::Float64 ? real[number] == 0 : whole[number] == 0;
  }
  [[nodiscard]] ColumnPtr values(std::span<const std::uint32_t> numbers) const {
    auto column = new_fixed(plain(id), numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (id == TypeId::Float64) {
        column->fixed<double>()[i] = real[numbers[i]];
      } else {
        column->fixed<std::uint64_t>()[i] = whole[numbers[i]];
      }
    }
    return column;
  }
  void merge(const Sums& other, const DistinctRows::Merged& merged) {
    for (std::size_t i = 0; i < merged.numbers_here.size(); ++i) {
      if (id == TypeId::Float64) {
        real[merged.numbers_here[i]] += other.real[merged.numbers_there[i]];
      } else {
        whole[merged.numbers_here[i]] += other.whole[merged.numbers_there[i]];
      }
    }
  }
};

// sumMap(keys, values, ...): for each key the sums of the values beside it; keys whose sums are all
// 0 are left out.
class SumMap final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit SumMap(DataType type) : type_(std::move(type)), keys_({type_.elements[0].elements[0]}) {
    for (std::size_t i = 1; i < type_.elements.size(); ++i) {
      sums_.push_back({type_.elements[i].elements[0].id, {}, {}});
    }
  }
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    std::vector<std::uint32_t> element_groups;
    std::vector<std::uint32_t> rows;
    const std::vector<std::uint64_t>& ends = arguments[0]->array().ends;
    for (const ColumnPtr& argument : arguments.subspan(1)) {
      if (argument->array().ends == ends) continue;
      return query_error(QueryErrorCode::BadArguments,
                         "Sizes of keys and values arrays do not match");
    }
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < groups.size(); begin = ends[i++]) {
      if (!mask.empty() && mask[i] == 0) continue;
      for (std::uint64_t at = begin; at < ends[i]; ++at) {
        element_groups.push_back(groups[i]);
        rows.push_back(static_cast<std::uint32_t>(at));
      }
    }
    if (rows.empty()) return absl::OkStatus();
    const std::vector<ColumnPtr> keys{gather(full(arguments[0]->array().elements), rows)};
    const auto numbers = keys_.add(element_groups, keys);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i].resize(keys_.size());
      sums_[i].add(*full(arguments[i + 1]->array().elements), rows, numbers);
    }
    return absl::OkStatus();
  }
  void seal() override { keys_.seal(groups_); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const SumMap&>(other);
    const DistinctRows::Merged merged = keys_.merge(others.keys_, from, to);
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      sums_[i].resize(keys_.size());
      sums_[i].merge(others.sums_[i], merged);
    }
  }
  absl::StatusOr<ColumnPtr> finish() override {
    keys_.seal(groups_);
    std::vector<std::uint32_t> all(keys_.size());
    std::iota(all.begin(), all.end(), 0u);
    const SortKey key{keys_.rows(all)[0]};
    std::vector<std::uint32_t> numbers;
    std::vector<std::size_t> offsets{0};
    for (std::size_t group = 0; group < groups_; ++group) {
      const std::size_t begin = numbers.size();
      for (const std::uint32_t number : keys_.numbers_of(group)) {
        const bool is_zero = std::all_of(sums_.begin(), sums_.end(),
                                         [&](const Sums& sums) { return sums.is_zero(number); });
        if (!is_zero) numbers.push_back(number);
      }
      std::sort(numbers.begin() + static_cast<std::ptrdiff_t>(begin), numbers.end(),
                [&](std::uint32_t a, std::uint32_t b) { return compare_keys(key, a, b) < 0; });
      offsets.push_back(numbers.size());
    }
    TupleValues arrays;
    arrays.elements.push_back(array_of_group(keys_.rows(numbers)[0], offsets));
    for (const Sums& sums : sums_) {
      arrays.elements.push_back(array_of_group(sums.values(numbers), offsets));
    }
    auto column = std::make_shared<Column>();
    column->type = type_;
    column->rows = groups_;
    column->values = std::move(arrays);
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override {
    return keys_.bytes() + keys_.size() * sums_.size() * sizeof(std::uint64_t);
  }

 private:
  DataType type_;
  DistinctRows keys_;
  std::vector<Sums> sums_;
  std::size_t groups_ = 0;
};

absl::StatusOr<AggregatePtr> make_sum_map(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  if (request.arguments.size() < 2) return wrong_argument_count(request, "2 or more");
  DataType type = plain(TypeId::Tuple);
  for (std::size_t i = 0; i < request.arguments.size(); ++i) {
    const DataType& argument = request.arguments[i];
    if (argument.id != TypeId::Array) return wrong_argument(request, i);
    const DataType& element = argument.elements[0];
    if (element.nullable || element.id == TypeId::Nothing || element.id == TypeId::Array ||
        element.id == TypeId::Tuple) {
      return query_error(QueryErrorCode::NotImplemented,
                         "sumMap of " + name_of(argument) + " is not supported");
    }
    if (i == 0) {
      type.elements.push_back(argument);
      continue;
    }
    if (!is_numeric(element.id)) return wrong_argument(request, i);
    type.elements.push_back(array_of(plain(is_float(element.id)    ? TypeId::Float64
                                           : is_signed(element.id) ? TypeId::Int64
                                                                   : TypeId::UInt64)));
  }
  return made(type, [type] { return std::make_unique<SumMap>(type); });
}

constexpr std::array kKinds{
    AggregateKind{"entropy", make_entropy},
    AggregateKind{"sumMap", make_sum_map},
    AggregateKind{"sumMappedArrays", make_sum_map, false, false, "sumMap"},
};

}  // namespace

std::span<const AggregateKind> counted_value_kinds() { return kKinds; }

}  // namespace grapevine::sql
