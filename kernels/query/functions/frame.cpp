#include "kernels/query/functions/frame.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/pooled_results.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Columns = std::vector<ColumnPtr>;

// Pointers that no byte written can change: else they would be read anew for each row.
void add_nulls(std::span<const std::uint8_t> others, std::vector<std::uint8_t>& nulls) {
  const std::uint8_t* const from = others.data();
  std::uint8_t* const to = nulls.data();
  const std::size_t rows = others.size();
  for (std::size_t row = 0; row < rows; ++row) to[row] |= from[row];
}

// The NULLs of a row's arguments together: empty if there are none.
std::vector<std::uint8_t> nulls_of_any(std::span<const ColumnPtr> arguments, std::size_t rows) {
  std::vector<std::uint8_t> nulls;
  for (const ColumnPtr& argument : arguments) {
    if (argument->nulls.empty()) continue;
    if (argument->constant && argument->nulls[0] == 0) continue;
    if (argument->constant) return std::vector<std::uint8_t>(rows, 1);
    if (nulls.empty()) {
      nulls = argument->nulls;
    } else {
      add_nulls(argument->nulls, nulls);
    }
  }
  return nulls;
}

class FramedFunction final : public Function {
 public:
  FramedFunction(Resolved resolved, DataType type, const Definition& definition, const Call& call,
                 Definition::Nulls nulls)
      : type_(std::move(type)),
        kernel_(std::move(resolved.kernel)),
        nulls_(nulls),
        pure_(definition.pure),
        reads_codes_(resolved.reads_codes),
        of_quarter_hours_(resolved.of_quarter_hours) {
    for (const Argument& argument : call.arguments) {
      known_.push_back(argument.constant != nullptr);
    }
  }

  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] bool is_pure() const override { return pure_; }
  [[nodiscard]] bool is_of_quarter_hours() const override { return of_quarter_hours_; }

  [[nodiscard]] absl::StatusOr<ColumnPtr> apply(std::span<const ColumnPtr> arguments,
                                                std::size_t rows) const override {
    const bool constant = std::all_of(arguments.begin(), arguments.end(),
                                      [](const ColumnPtr& column) { return column->constant; });
    if (!pure_ || !constant) return apply_rows(arguments, rows);
    Columns one_row;
    one_row.reserve(arguments.size());
    for (const ColumnPtr& argument : arguments) one_row.push_back(resized(argument, 1));
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr result, apply_rows(one_row, 1));
    return result->constant ? resized(result, rows) : value_at(result, 0, rows);
  }

 private:
  // With NULLs dealt with.
  [[nodiscard]] absl::StatusOr<ColumnPtr> apply_rows(std::span<const ColumnPtr> arguments,
                                                     std::size_t rows) const {
    if (nulls_ == Definition::Nulls::Own) return compute(arguments, rows);
    std::vector<std::uint8_t> nulls = nulls_of_any(arguments, rows);
    if (nulls.empty() && !type_.nullable) return compute(arguments, rows);
    if (!nulls.empty() && nulls_ == Definition::Nulls::Skipped) {
      return compute_others(arguments, rows, nulls);
    }
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr computed, compute(arguments, rows));
    std::shared_ptr<Column> result = writable(std::move(computed));
    return with_nulls(std::move(result), std::move(nulls));
  }

  // Of the rows without NULL alone.
  [[nodiscard]] absl::StatusOr<ColumnPtr> compute_others(std::span<const ColumnPtr> arguments,
                                                         std::size_t rows,
                                                         std::vector<std::uint8_t> nulls) const {
    std::vector<std::uint8_t> mask(rows);
    std::vector<std::uint32_t> places(rows, kNoRow);
    std::uint32_t count = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      mask[row] = nulls[row] == 0 ? 1 : 0;
      if (mask[row] != 0) places[row] = count++;
    }
    if (count == 0) return constant_default(type_, rows);
    Columns others;
    others.reserve(arguments.size());
    for (const ColumnPtr& argument : arguments) {
      others.push_back(argument->constant ? resized(argument, count)
                                          : filter(argument, mask, count));
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr computed, compute(others, count));
    return with_nulls(writable(gather(full(computed), places)), std::move(nulls));
  }

  [[nodiscard]] ColumnPtr with_nulls(std::shared_ptr<Column> result,
                                     std::vector<std::uint8_t> nulls) const {
    result->type = type_;
    if (!type_.nullable) return result;
    if (result->nulls.empty()) {
      result->nulls = std::move(nulls);
    } else if (!nulls.empty()) {
      add_nulls(nulls, result->nulls);
    }
    return result;
  }

  // With pools dealt with.
  [[nodiscard]] absl::StatusOr<ColumnPtr> compute(std::span<const ColumnPtr> arguments,
                                                  std::size_t rows) const {
    if (const auto texts = only_pooled(arguments)) {
      const auto compute_texts = [&](const ColumnPtr& column) {
        Columns of_texts;
        of_texts.reserve(arguments.size());
        for (std::size_t i = 0; i < arguments.size(); ++i) {
          of_texts.push_back(i == *texts ? column : resized(arguments[i], column->rows));
        }
        return kernel_(of_texts, column->rows);
      };
      GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr result,
                                 pooled_results_.of(arguments[*texts], compute_texts));
      if (result) return result;
    }
    if (of_quarter_hours_ && others_are_constant(arguments) &&
        !(nulls_ == Definition::Nulls::Own && arguments[0]->type.nullable)) {
      if (const auto quarters = quarter_hours(*arguments[0])) {
        Columns of_quarters{quarters->beginnings};
        const std::size_t count = quarters->beginnings->rows;
        for (const ColumnPtr& argument : arguments.subspan(1)) {
          of_quarters.push_back(resized(argument, count));
        }
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr results, kernel_(of_quarters, count));
        return gather(full(results), quarters->index);
      }
    }
    return kernel_(arguments, rows);
  }

  static bool others_are_constant(std::span<const ColumnPtr> arguments) {
    return std::all_of(arguments.begin() + 1, arguments.end(),
                       [](const ColumnPtr& argument) { return argument->constant; });
  }

  // Which argument is a pool's strings, where all others are constants.
  [[nodiscard]] std::optional<std::size_t> only_pooled(std::span<const ColumnPtr> arguments) const {
    std::optional<std::size_t> found;
    if (!pure_ || reads_codes_) return found;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i]->constant) {
        // One that is the same for a block's rows alone is another one in the next block.
        if (!known_[i]) return std::nullopt;
        continue;
      }
      if (found || arguments[i]->pooled() == nullptr) return std::nullopt;
      // Who answers for NULL has to see it.
      if (nulls_ == Definition::Nulls::Own && arguments[i]->type.nullable) return std::nullopt;
      found = i;
    }
    return found;
  }

  const DataType type_;
  const Kernel kernel_;
  const Definition::Nulls nulls_;
  const bool pure_;
  const bool reads_codes_;
  const bool of_quarter_hours_;
  std::vector<bool> known_;  // By argument: a constant of the whole query.
  mutable PooledResults pooled_results_;
};

absl::Status check_count(const Definition& definition, std::size_t count) {
  if (count >= definition.arguments_min && count <= definition.arguments_max) {
    return absl::OkStatus();
  }
  if (definition.arguments_min == 2 && count < 2 &&
      (definition.name == "and" || definition.name == "or" || definition.name == "xor")) {
    return query_error(QueryErrorCode::TooFewArgumentsForFunction,
                       joined({"Number of arguments for function \"", definition.name,
                               "\" should be at least 2: passed ", std::to_string(count)}));
  }
  std::string wanted = std::to_string(definition.arguments_min);
  if (definition.arguments_max == kAnyNumber) {
    wanted = joined({"at least ", wanted});
  } else if (definition.arguments_max != definition.arguments_min) {
    wanted = joined({wanted, " to ", std::to_string(definition.arguments_max)});
  }
  return query_error(
      QueryErrorCode::NumberOfArgumentsDoesntMatch,
      joined({"Number of arguments for function ", definition.name, " doesn't match: passed ",
              std::to_string(count), ", should be ", wanted}));
}

}  // namespace

absl::StatusOr<FunctionPtr> resolve_framed(const Definition& definition, const Call& call) {
  if (const absl::Status status = check_count(definition, call.size()); !status.ok()) return status;
  if (definition.nulls == Definition::Nulls::Own) {
    GRAPEVINE_ASSIGN_OR_RETURN(Resolved resolved, definition.resolve(call));
    DataType type = resolved.type;
    return std::make_shared<FramedFunction>(std::move(resolved), std::move(type), definition, call,
                                            definition.nulls);
  }
  std::vector<Argument> without_null(call.arguments.begin(), call.arguments.end());
  bool any_nullable = false;
  for (Argument& argument : without_null) {
    if (argument.type.id == TypeId::Nothing) {
      // NULL and nothing else.
      const DataType nothing = nullable(plain(TypeId::Nothing));
      Kernel no_value = [nothing](std::span<const ColumnPtr>, std::size_t rows) {
        return absl::StatusOr<ColumnPtr>(constant_null(nothing, rows));
      };
      return std::make_shared<FramedFunction>(Resolved{nothing, std::move(no_value)}, nothing,
                                              definition, call, Definition::Nulls::Own);
    }
    any_nullable |= argument.type.nullable;
    argument.type = not_null(argument.type);
    // A NULL where a constant is needed: nothing is known of it.
    if (argument.constant && argument.constant->is_null(0)) argument.constant = nullptr;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(Resolved resolved,
                             definition.resolve(Call{call.name, without_null, call.facts}));
  DataType type = any_nullable ? nullable(resolved.type) : resolved.type;
  return std::make_shared<FramedFunction>(std::move(resolved), std::move(type), definition, call,
                                          definition.nulls);
}

}  // namespace grapevine::sql
