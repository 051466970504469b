#include "kernels/query/aggregates/nullable_states.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/value_bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// States that hand what they are given to others.
class OuterStates : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit OuterStates(std::unique_ptr<AggregateStates> inner) : inner_(std::move(inner)) {}
  void resize(std::size_t groups) override { inner_->resize(groups); }
  bool expect_codes(CodeRange range) override { return inner_->expect_codes(range); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    inner_->merge(*static_cast<const OuterStates&>(other).inner_, from, to);
  }
  [[nodiscard]] bool can_subtract() const override { return inner_->can_subtract(); }
  void accumulate() override { inner_->accumulate(); }
  void subtract(const AggregateStates& other, std::span<const std::uint32_t> from,
                std::span<const std::uint32_t> to) override {
    inner_->subtract(*static_cast<const OuterStates&>(other).inner_, from, to);
  }
  void seal() override { inner_->seal(); }
  absl::StatusOr<ColumnPtr> finish() override { return inner_->finish(); }
  [[nodiscard]] std::size_t bytes() const override { return inner_->bytes(); }

 protected:
  std::unique_ptr<AggregateStates> inner_;
};

// Which groups have had a row.
class SeenGroups {
 public:
  void resize(std::size_t groups) { seen_.resize(groups); }
  void add(std::span<const std::uint32_t> groups, std::span<const std::uint8_t> mask) {
    if (seen_.size() == 1) {
      const bool any = mask.empty() ? !groups.empty()
                                    : std::any_of(mask.begin(), mask.end(),
                                                  [](std::uint8_t meant) { return meant != 0; });
      if (any) seen_[0] = 1;
      return;
    }
    std::uint8_t* const seen = seen_.data();
    if (mask.empty()) {
      for (const std::uint32_t group : groups) seen[group] = 1;
    } else {
      for (std::size_t i = 0; i < groups.size(); ++i) {
        // Without a branch: nobody could guess.
        seen[groups[i]] = static_cast<std::uint8_t>(seen[groups[i]] | (mask[i] != 0 ? 1 : 0));
      }
    }
  }
  void merge(const SeenGroups& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) {
    for (std::size_t i = 0; i < from.size(); ++i) seen_[to[i]] |= other.seen_[from[i]];
  }
  // A byte a group: 1 = it has had none.
  [[nodiscard]] std::vector<std::uint8_t> unseen() const {
    std::vector<std::uint8_t> unseen(seen_.size());
    for (std::size_t i = 0; i < unseen.size(); ++i) unseen[i] = seen_[i] ^ 1;
    return unseen;
  }
  [[nodiscard]] std::size_t bytes() const { return seen_.capacity(); }

 private:
  std::vector<std::uint8_t> seen_;
};

// Makes `mask` of one that came before (empty: all rows are meant), without the rows where `bytes`
// are 0, or are not.
void narrow(std::vector<std::uint8_t>& mask, std::span<const std::uint8_t> before,
            std::span<const std::uint8_t> bytes, bool wanted) {
  const std::size_t rows = bytes.size();
  mask.resize(rows);
  std::uint8_t* const to = mask.data();
  const std::uint8_t flip = wanted ? 0 : 1;
  if (before.empty()) {
    for (std::size_t i = 0; i < rows; ++i) {
      to[i] = static_cast<std::uint8_t>((bytes[i] != 0 ? 1 : 0) ^ flip);
    }
  } else {
    for (std::size_t i = 0; i < rows; ++i) {
      to[i] =
          static_cast<std::uint8_t>((before[i] != 0 ? 1 : 0) & ((bytes[i] != 0 ? 1 : 0) ^ flip));
    }
  }
}

class NullableStates final : public OuterStates {
 public:
  using OuterStates::OuterStates;
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    bool as_they_stand = true;
    for (const ColumnPtr& argument : arguments) {
      if (argument->constant || !argument->nulls.empty()) as_they_stand = false;
      if (argument->constant && argument->is_null(0)) return absl::OkStatus();
    }
    if (as_they_stand) return inner_->add(groups, arguments, mask);
    std::vector<ColumnPtr> full_arguments;
    for (const ColumnPtr& argument : arguments) {
      full_arguments.push_back(full(argument));
      if (argument->constant || argument->nulls.empty()) continue;
      narrow(mask_, mask, argument->nulls, false);
      mask = mask_;
    }
    return inner_->add(groups, full_arguments, mask);
  }

 private:
  std::vector<std::uint8_t> mask_;
};

class WhereStates final : public OuterStates {
 public:
  using OuterStates::OuterStates;
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const Column& condition = *arguments.back();
    const auto rest = arguments.first(arguments.size() - 1);
    if (condition.constant || condition.type.id == TypeId::Nothing) {
      const bool holds = condition.type.id != TypeId::Nothing && !condition.is_null(0) &&
                         condition.fixed<std::uint8_t>()[0] != 0;
      return holds ? inner_->add(groups, rest, mask) : absl::OkStatus();
    }
    const std::span<const std::uint8_t> values = condition.fixed<std::uint8_t>();
    if (condition.nulls.empty() && mask.empty()) return inner_->add(groups, rest, values);
    narrow(mask_, mask, values, true);
    if (!condition.nulls.empty()) narrow(mask_, mask_, condition.nulls, false);
    return inner_->add(groups, rest, mask_);
  }

 private:
  std::vector<std::uint8_t> mask_;
};

// Knows which groups had a row, and says so in the answer.
class OrStates final : public OuterStates {
 public:
  OrStates(std::unique_ptr<AggregateStates> inner, bool null)
      : OuterStates(std::move(inner)), null_(null) {}
  void resize(std::size_t groups) override {
    inner_->resize(groups);
    seen_.resize(groups);
  }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    seen_.add(groups, mask);
    return inner_->add(groups, arguments, mask);
  }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    const auto& others = static_cast<const OrStates&>(other);
    seen_.merge(others.seen_, from, to);
    inner_->merge(*others.inner_, from, to);
  }
  [[nodiscard]] bool can_subtract() const override { return false; }  // A row seen stays seen.
  absl::StatusOr<ColumnPtr> finish() override {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, inner_->finish());
    std::vector<std::uint8_t> unseen = seen_.unseen();
    const bool has_all = std::find(unseen.begin(), unseen.end(), 1) == unseen.end();
    if (null_) {
      for (std::size_t i = 0; i < column->nulls.size(); ++i) unseen[i] |= column->nulls[i];
      return with_nulls(std::move(column), std::move(unseen));
    }
    if (has_all) return column;
    // The default stands behind all others.
    const ColumnPtr with_default[] = {column, constant_default(column->type, 1)};
    std::vector<std::uint32_t> rows(column->rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = static_cast<std::uint32_t>(unseen[i] != 0 ? rows.size() : i);
    }
    return gather(concatenate(column->type, with_default), rows);
  }
  [[nodiscard]] std::size_t bytes() const override { return inner_->bytes() + seen_.bytes(); }

 private:
  SeenGroups seen_;
  bool null_;
};

// Elements are rows, in the group of the row that they stand in.
class ElementStates final : public OuterStates {
 public:
  using OuterStates::OuterStates;
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    std::vector<ColumnPtr> elements;
    std::vector<ColumnPtr> arrays;
    for (const ColumnPtr& argument : arguments) {
      arrays.push_back(full(argument));
      elements.push_back(arrays.back()->array().elements);
      if (arrays.back()->array().ends != arrays[0]->array().ends) {
        return query_error(QueryErrorCode::SizesOfColumnsDontMatch,
                           "the arrays of an aggregate -Array must have the same sizes");
      }
    }
    const std::vector<std::uint64_t>& ends = arrays[0]->array().ends;
    groups_.clear();
    mask_.clear();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      groups_.resize(ends[i], groups[i]);
      if (!mask.empty()) mask_.resize(ends[i], mask[i]);
    }
    return inner_->add(groups_, elements, mask_);
  }

 private:
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint8_t> mask_;
};

class ConstantStates final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit ConstantStates(ColumnPtr answer) : answer_(std::move(answer)) {}
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t>, std::span<const ColumnPtr>,
                   std::span<const std::uint8_t>) override {
    return absl::OkStatus();
  }
  void merge(const AggregateStates&, std::span<const std::uint32_t>,
             std::span<const std::uint32_t>) override {}
  absl::StatusOr<ColumnPtr> finish() override { return full(resized(answer_, groups_)); }
  [[nodiscard]] std::size_t bytes() const override { return 0; }

 private:
  ColumnPtr answer_;
  std::size_t groups_ = 0;
};

class PassingOverNulls final : public Aggregate {
 public:
  explicit PassingOverNulls(AggregatePtr inner) : inner_(std::move(inner)) {}
  [[nodiscard]] const DataType& type() const override { return inner_->type(); }
  [[nodiscard]] std::unique_ptr<AggregateStates> make_states() const override {
    return std::make_unique<NullableStates>(inner_->make_states());
  }
  [[nodiscard]] const Aggregate& of_values() const override { return inner_->of_values(); }

 private:
  AggregatePtr inner_;
};

template <typename States, typename... More>
AggregatePtr around(AggregatePtr inner, DataType type, More... more) {
  return made(std::move(type), [inner, more...]() -> std::unique_ptr<AggregateStates> {
    return std::make_unique<States>(inner->make_states(), more...);
  });
}

}  // namespace

AggregatePtr passing_over_nulls(AggregatePtr aggregate, bool result_is_nullable) {
  const DataType type = aggregate->type();
  const DataType with_null = result_is_nullable ? nullable(type) : type;
  if (with_null == type) return std::make_shared<PassingOverNulls>(std::move(aggregate));
  // Rows are seen once their NULLs are known.
  return around<NullableStates>(around<OrStates>(std::move(aggregate), with_null, true), with_null);
}

AggregatePtr where_condition_holds(AggregatePtr aggregate) {
  const DataType type = aggregate->type();
  return around<WhereStates>(std::move(aggregate), type);
}

AggregatePtr or_null(AggregatePtr aggregate) {
  const DataType type = aggregate->type();
  const bool can = nullable(type) != type || type.nullable;
  return around<OrStates>(std::move(aggregate), nullable(type), can);
}

AggregatePtr or_default(AggregatePtr aggregate) {
  const DataType type = aggregate->type();
  return around<OrStates>(std::move(aggregate), type, false);
}

AggregatePtr of_elements(AggregatePtr aggregate) {
  const DataType type = aggregate->type();
  return around<ElementStates>(std::move(aggregate), type);
}

AggregatePtr always(ColumnPtr answer) {
  const DataType type = answer->type;
  return made(type, [answer] { return std::make_unique<ConstantStates>(answer); });
}

}  // namespace grapevine::sql
