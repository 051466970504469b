// greatest and least. NULL is passed over.
#include <utility>
#include <vector>

#include "kernels/query/functions/choose.hpp"
#include "kernels/query/functions/compare_values.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/truth.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Integers of 64 bits and both signs have no common type; ClickHouse has one for this.
absl::StatusOr<DataType> extremum_type(const Call& call, bool greatest) {
  std::vector<DataType> types;
  bool any_signed_wide = false;
  bool any_unsigned_wide = false;
  bool any_other = false;
  bool any_null = false;
  for (std::size_t i = 0; i < call.size(); ++i) {
    types.push_back(call.type(i));
    any_null |= call.type(i).nullable || call.id(i) == TypeId::Nothing;
    if (types[i].id == TypeId::Bool) types[i].id = TypeId::UInt8;
    const TypeId id = types[i].id;
    any_signed_wide |= id == TypeId::Int64;
    any_unsigned_wide |= id == TypeId::UInt64;
    any_other |= !is_integer(id) && id != TypeId::Nothing;
  }
  if (any_signed_wide && any_unsigned_wide && !any_other) {
    const DataType type = plain(greatest ? TypeId::UInt64 : TypeId::Int64);
    return any_null ? nullable(type) : type;
  }
  auto type = common_type(types);
  if (!type.ok()) return illegal_types(call);
  return type;
}

template <bool greatest>
absl::StatusOr<Resolved> extremum(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, extremum_type(call, greatest));
  const Argument pair[] = {{not_null(type), nullptr}, {not_null(type), nullptr}};
  if (type.id == TypeId::Nothing) {
    return Resolved{type, [](std::span<const ColumnPtr> arguments, std::size_t) {
                      return absl::StatusOr<ColumnPtr>(arguments[0]);
                    }};
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const FunctionPtr beyond,
                             make_function(greatest ? "greater" : "less", pair, call.facts));
  FunctionPtr exact;
  if (call.size() == 2 && width_of(type.id) == 8 && is_integer(type.id) && !type.nullable &&
      is_signed(call.id(0)) != is_signed(call.id(1))) {
    GRAPEVINE_ASSIGN_OR_RETURN(
        exact, make_function(greatest ? "greater" : "less", call.arguments, call.facts));
  }
  return Resolved{
      type,
      [type, beyond, exact, facts = call.facts](std::span<const ColumnPtr> arguments,
                                                std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        if (exact) {
          // By their own types, which the result's could not both hold.
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr wins, exact->apply(arguments, rows));
          const std::vector<std::uint8_t> truths = truths_of(wins, rows);
          std::vector<std::uint16_t> choice(rows);
          for (std::size_t row = 0; row < rows; ++row) choice[row] = truths[row] == 1 ? 0 : 1;
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr a, cast(arguments[0], type, facts));
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr b, cast(arguments[1], type, facts));
          const ColumnPtr both[] = {a, b};
          return choose(type, both, choice);
        }
        GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr best, cast(arguments[0], type, facts));
        for (const ColumnPtr& argument : arguments.subspan(1)) {
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr other, cast(argument, type, facts));
          const ColumnPtr both[] = {best, other};
          GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr wins, beyond->apply(both, rows));
          const std::vector<std::uint8_t> truths = truths_of(wins, rows);
          std::vector<std::uint16_t> choice(rows);
          for (std::size_t row = 0; row < rows; ++row) {
            const bool stays = truths[row] == 1;
            choice[row] = best->is_null(row) ? 1 : other->is_null(row) ? 0 : (stays ? 0 : 1);
          }
          best = choose(type, both, choice);
        }
        return best;
      }};
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"greatest", extremum<true>, 1, kAnyNumber, kOwn},
    {"least", extremum<false>, 1, kAnyNumber, kOwn},
};

}  // namespace

std::span<const Definition> extremum_functions() { return kDefinitions; }

}  // namespace grapevine::sql
