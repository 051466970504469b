#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/as_doubles.hpp"
#include "kernels/query/aggregates/float_sums.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Whether all rows are of one group, as those of one event's name are.
bool is_one_group(std::span<const std::uint32_t> groups) {
  return groups.front() == groups.back() &&
         std::equal(groups.begin() + 1, groups.end(), groups.begin());
}

class Counts final : public StateVector<Counts, std::uint64_t> {
 public:
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr>,
                   std::span<const std::uint8_t> mask) override {
    if (has_one_group() && mask.empty()) {
      states_[0] += groups.size();
    } else if (has_one_group()) {
      std::uint64_t count = 0;
      for (const std::uint8_t is_meant : mask) count += is_meant != 0 ? 1 : 0;
      states_[0] += count;
    } else if (mask.empty() && !groups.empty() && is_one_group(groups)) {
      states_[groups[0]] += groups.size();
    } else {
      std::uint64_t* const counts = states_.data();
      if (mask.empty()) {
        for (const std::uint32_t group : groups) ++counts[group];
      } else {
        for (std::size_t i = 0; i < groups.size(); ++i) counts[groups[i]] += mask[i] != 0 ? 1 : 0;
      }
    }
    return absl::OkStatus();
  }
  static void merge_state(std::uint64_t& into, std::uint64_t from) { into += from; }
  static void subtract_state(std::uint64_t& into, std::uint64_t from) { into -= from; }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(plain(TypeId::UInt64), states_.size());
    std::copy(states_.begin(), states_.end(), column->fixed<std::uint64_t>().begin());
    return column;
  }
};

// Sums of integers, which wrap around.
template <typename Value, typename Result>
class IntegerSums final : public StateVector<IntegerSums<Value, Result>, std::uint64_t> {
 public:
  explicit IntegerSums(DataType type) : type_(std::move(type)) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    const auto word = [&](std::size_t i) { return static_cast<std::uint64_t>(values[i]); };
    if (this->has_one_group() && mask.empty()) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) sum += word(i);
      this->states_[0] += sum;
    } else if (this->has_one_group()) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) sum += mask[i] != 0 ? word(i) : 0;
      this->states_[0] += sum;
    } else {
      std::uint64_t* const sums = this->states_.data();
      for_each_row(groups, mask, false,
                   [&](std::size_t i, std::uint32_t g) { sums[g] += word(i); });
    }
    return absl::OkStatus();
  }
  static void merge_state(std::uint64_t& into, std::uint64_t from) { into += from; }
  static void subtract_state(std::uint64_t& into, std::uint64_t from) { into -= from; }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    const std::span<Result> results = column->template fixed<Result>();
    for (std::size_t i = 0; i < results.size(); ++i) {
      results[i] = static_cast<Result>(this->states_[i]);
    }
    return column;
  }

 private:
  DataType type_;
};

template <typename Value>
class FloatSumStates final : public AggregateStates {
 public:
  using AggregateStates::merge;
  void resize(std::size_t groups) override {
    sums_.resize(groups);
    groups_ = groups;
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    if constexpr (std::is_floating_point_v<Value>) {
      sums_.add(groups, arguments[0]->fixed<Value>(), mask);
    } else {
      sums_.add(groups, as_doubles(*arguments[0], converted_), mask);
    }
    return absl::OkStatus();
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    sums_.merge(static_cast<const FloatSumStates&>(other).sums_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(plain(TypeId::Float64), groups_);
    const std::span<double> results = column->fixed<double>();
    for (std::size_t i = 0; i < groups_; ++i) results[i] = sums_.sum(i);
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return sums_.bytes(); }

 private:
  FloatSums sums_;
  std::size_t groups_ = 0;
  std::vector<double> converted_;  // Integers.
};

struct SumAndCount {
  std::uint64_t sum = 0;
  std::uint64_t count = 0;
};

// Means of integers; of dates and times, as such, rounded to the nearest (half to even).
template <typename Value>
class IntegerMeans final : public StateVector<IntegerMeans<Value>, SumAndCount> {
 public:
  explicit IntegerMeans(DataType type) : type_(std::move(type)) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    const auto word = [&](std::size_t i) { return static_cast<std::uint64_t>(values[i]); };
    if (this->has_one_group()) {
      SumAndCount all;
      for (std::size_t i = 0; i < values.size(); ++i) {
        const std::uint64_t counts = mask.empty() || mask[i] != 0 ? 1 : 0;
        all.sum += word(i) & (0 - counts);
        all.count += counts;
      }
      merge_state(this->states_[0], all);
    } else {
      SumAndCount* const states = this->states_.data();
      for_each_row(groups, mask, false, [&](std::size_t i, std::uint32_t g) {
        states[g].sum += word(i);
        ++states[g].count;
      });
    }
    return absl::OkStatus();
  }
  static void merge_state(SumAndCount& into, const SumAndCount& from) {
    into.sum += from.sum;
    into.count += from.count;
  }
  static void subtract_state(SumAndCount& into, const SumAndCount& from) {
    into.sum -= from.sum;
    into.count -= from.count;
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    if (type_.id == TypeId::Float64) {
      fill(column->template fixed<double>());
    } else {
      visit_stored(type_.id, [&](auto zero) { fill(column->template fixed<decltype(zero)>()); });
    }
    return column;
  }

 private:
  template <typename Result>
  void fill(std::span<Result> results) const {
    for (std::size_t i = 0; i < results.size(); ++i) {
      const SumAndCount& state = this->states_[i];
      using Wide = std::conditional_t<std::is_signed_v<Value>, std::int64_t, std::uint64_t>;
      const double mean =
          static_cast<double>(static_cast<Wide>(state.sum)) / static_cast<double>(state.count);
      if constexpr (std::is_floating_point_v<Result>) {
        results[i] = static_cast<Result>(mean);
      } else {
        results[i] = state.count > 0 ? static_cast<Result>(std::nearbyint(mean)) : Result{0};
      }
    }
  }

  DataType type_;
};

template <typename Value>
class FloatMeans final : public AggregateStates {
 public:
  using AggregateStates::merge;
  void resize(std::size_t groups) override {
    sums_.resize(groups);
    counts_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    sums_.add(groups, arguments[0]->fixed<Value>(), mask);
    return counts_.add(groups, {}, mask);
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& means = static_cast<const FloatMeans&>(other);
    sums_.merge(means.sums_, from, to);
    counts_.merge(means.counts_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr counts, counts_.finish());
    const std::span<const std::uint64_t> count = counts->fixed<std::uint64_t>();
    auto column = new_fixed(plain(TypeId::Float64), counts->rows);
    const std::span<double> results = column->fixed<double>();
    for (std::size_t i = 0; i < results.size(); ++i) {
      results[i] = sums_.sum(i) / static_cast<double>(count[i]);
    }
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return sums_.bytes() + counts_.bytes(); }

 private:
  FloatSums sums_;
  Counts counts_;
};

absl::StatusOr<AggregatePtr> make_count(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  if (request.arguments.size() > 1) return wrong_argument_count(request, "0 or 1");
  return made(plain(TypeId::UInt64), [] { return std::make_unique<Counts>(); });
}

absl::StatusOr<AggregatePtr> make_sum(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType& type = request.arguments[0];
  if (!is_numeric(type.id)) return wrong_argument(request, 0);
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    if constexpr (std::is_floating_point_v<Value>) {
      return made(plain(TypeId::Float64), [] { return std::make_unique<FloatSumStates<Value>>(); });
    } else {
      const DataType result = plain(std::is_signed_v<Value> ? TypeId::Int64 : TypeId::UInt64);
      return made(result,
                  [result] { return std::make_unique<IntegerSums<Value, std::uint64_t>>(result); });
    }
  });
}

// Of integers, too, as a Float64: exact up to its rounding.
absl::StatusOr<AggregatePtr> make_real_sum(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(make_sum(request).status());
  return visit_stored(request.arguments[0].id, [&]<typename Value>(Value) -> AggregatePtr {
    return made(plain(TypeId::Float64), [] { return std::make_unique<FloatSumStates<Value>>(); });
  });
}

// Sums of the type of what is summed up.
absl::StatusOr<AggregatePtr> make_sum_with_overflow(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType& type = request.arguments[0];
  if (!is_integer(type.id)) return wrong_argument(request, 0);
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    if constexpr (std::is_floating_point_v<Value>) {
      return nullptr;
    } else {
      return made(type, [type] { return std::make_unique<IntegerSums<Value, Value>>(type); });
    }
  });
}

absl::StatusOr<AggregatePtr> make_average(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const DataType& type = request.arguments[0];
  if (!is_numeric(type.id) && !is_time(type.id)) return wrong_argument(request, 0);
  return visit_stored(type.id, [&]<typename Value>(Value) -> AggregatePtr {
    if constexpr (std::is_floating_point_v<Value>) {
      return made(plain(TypeId::Float64), [] { return std::make_unique<FloatMeans<Value>>(); });
    } else {
      const DataType result = is_time(type.id) ? type : plain(TypeId::Float64);
      return made(result, [result] { return std::make_unique<IntegerMeans<Value>>(result); });
    }
  });
}

constexpr std::array kKinds{
    AggregateKind{"count", make_count, true, true},
    AggregateKind{"sum", make_sum, true},
    AggregateKind{"sumKahan", make_real_sum},
    AggregateKind{"sumWithOverflow", make_sum_with_overflow},
    AggregateKind{"avg", make_average, true},
};

}  // namespace

std::span<const AggregateKind> count_and_sum_kinds() { return kKinds; }

}  // namespace grapevine::sql
