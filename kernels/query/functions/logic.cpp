// and, or, xor and not, with three values: false AND NULL is false, true OR NULL is true.
#include <algorithm>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/truth.hpp"

namespace grapevine::sql {
namespace {

// Bool if any argument is: of AND and OR one that may be NULL does not count.
enum class Bools : std::uint8_t { All, NotNullable };

absl::StatusOr<DataType> truth_type(const Call& call, Bools bools) {
  bool any_bool = false;
  bool any_null = false;
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (!is_condition(call.type(i))) return illegal_type(call, i);
    any_bool |= call.id(i) == TypeId::Bool && (bools == Bools::All || !call.type(i).nullable);
    any_null |= call.type(i).nullable || call.id(i) == TypeId::Nothing;
  }
  DataType type = plain(any_bool ? TypeId::Bool : TypeId::UInt8);
  return any_null ? nullable(type) : type;
}

// Folds the truths of all arguments from left to right.
template <typename Fold>
absl::StatusOr<Resolved> fold(const Call& call, Fold fold_two) {
  auto type = truth_type(call, Bools::All);
  if (!type.ok()) return type.status();
  return Resolved{*type,
                  [type = *type, fold_two](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    std::vector<std::uint8_t> truths = truths_of(arguments[0], rows);
                    for (const ColumnPtr& argument : arguments.subspan(1)) {
                      const std::vector<std::uint8_t> others = truths_of(argument, rows);
                      for (std::size_t row = 0; row < rows; ++row) {
                        truths[row] = fold_two(truths[row], others[row]);
                      }
                    }
                    return absl::StatusOr<ColumnPtr>(column_of_truths(std::move(truths), type));
                  }};
}

// Truths are bits: 0 false, 1 true, 2 NULL.
//   and | 0 1 2      or | 0 1 2      xor | 0 1 2
//   ----+------      ---+------      ----+------
//    0  | 0 0 0       0 | 0 1 2       0  | 0 1 2
//    1  | 0 1 2       1 | 1 1 1       1  | 1 0 2
//    2  | 0 2 2       2 | 2 1 2       2  | 2 2 2

// AND and OR: `decisive` is the truth that settles the answer whatever the others are.
template <std::uint8_t decisive>
absl::StatusOr<Resolved> settled_by(const Call& call) {
  auto type = truth_type(call, Bools::NotNullable);
  if (!type.ok()) return type.status();
  return Resolved{
      *type, [type = *type](std::span<const ColumnPtr> arguments, std::size_t rows) {
        for (const ColumnPtr& argument : arguments) {
          if (!argument->constant || truths_of(argument, 1)[0] != decisive) continue;
          return absl::StatusOr<ColumnPtr>(constant_fixed<std::uint8_t>(type, decisive, rows));
        }
        std::vector<std::uint8_t> truths;  // Empty: the other truth in every row.
        for (const ColumnPtr& argument : arguments) {
          if (argument->constant && truths_of(argument, 1)[0] != kUnknown) continue;
          std::vector<std::uint8_t> others = truths_of(argument, rows);
          if (truths.empty()) {
            truths = std::move(others);
            continue;
          }
          std::uint8_t* const to = truths.data();
          const std::uint8_t* const other = others.data();
          if (!type.nullable) {
            for (std::size_t row = 0; row < rows; ++row) {
              to[row] = decisive == 0 ? to[row] & other[row] : to[row] | other[row];
            }
          } else {
            for (std::size_t row = 0; row < rows; ++row) {
              // In bits, since nobody could guess a branch.
              const int is_settled = (to[row] == decisive) | (other[row] == decisive);
              const auto settled = static_cast<std::uint8_t>(-is_settled);
              const std::uint8_t larger = std::max(to[row], other[row]);
              to[row] = static_cast<std::uint8_t>((decisive & settled) | (larger & ~settled));
            }
          }
        }
        if (truths.empty()) {
          return absl::StatusOr<ColumnPtr>(constant_fixed<std::uint8_t>(type, decisive ^ 1, rows));
        }
        return absl::StatusOr<ColumnPtr>(column_of_truths(std::move(truths), type));
      }};
}

absl::StatusOr<Resolved> logic_xor(const Call& call) {
  for (const Argument& argument : call.arguments) {
    if (argument.type.id != TypeId::Nothing) continue;
    // There is no other answer.
    const DataType nothing = nullable(plain(TypeId::Nothing));
    return Resolved{nothing, [nothing](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(constant_null(nothing, rows));
                    }};
  }
  return fold(call, [](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(a == kUnknown || b == kUnknown ? kUnknown : a ^ b);
  });
}

absl::StatusOr<Resolved> logic_not(const Call& call) {
  if (call.id(0) == TypeId::Nothing) {
    const DataType nothing = nullable(plain(TypeId::Nothing));
    return Resolved{nothing, [nothing](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(constant_null(nothing, rows));
                    }};
  }
  auto type = truth_type(call, Bools::All);
  if (!type.ok()) return type.status();
  return Resolved{*type, [type = *type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    std::vector<std::uint8_t> truths = truths_of(arguments[0], rows);
                    for (std::uint8_t& truth : truths) {
                      truth = truth == kUnknown ? kUnknown : truth ^ 1;
                    }
                    return absl::StatusOr<ColumnPtr>(column_of_truths(std::move(truths), type));
                  }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"and", settled_by<0>, 2, kAnyNumber, kOwn},
    {"or", settled_by<1>, 2, kAnyNumber, kOwn},
    {"xor", logic_xor, 2, kAnyNumber, kOwn},
    {"not", logic_not, 1, 1, kOwn},
};

}  // namespace

std::span<const Definition> logic_functions() { return kDefinitions; }

}  // namespace grapevine::sql
