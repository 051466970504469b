// What a condition on the elements of arrays says. The lambda's values for each element, the mask, are
// the first argument; the array, where the result is made of it, is the second one.
#include <utility>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Elements of a mask; NULL does not hold.
class Truths {
 public:
  explicit Truths(const Column& masks)
      : elements_(full(masks.array().elements)),
        values_(elements_->type.id == TypeId::Nothing ? nullptr
                                                      : elements_->fixed<std::uint8_t>().data()) {}
  bool operator[](std::size_t at) const {
    return values_ != nullptr && values_[at] != 0 && !elements_->is_null(at);
  }

 private:
  ColumnPtr elements_;
  const std::uint8_t* values_;
};

absl::Status check_mask(const Call& call) {
  if (call.id(0) == TypeId::Array) {
    const TypeId element = call.type(0).elements[0].id;
    if (element == TypeId::UInt8 || element == TypeId::Bool || element == TypeId::Nothing) {
      return absl::OkStatus();
    }
  }
  return query_error(QueryErrorCode::IllegalTypeOfArgument,
                     joined({"The condition of function ", call.name,
                             " must be UInt8 or Nullable(UInt8) for each element"}));
}

absl::Status check_mask_and_array(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask(call));
  return call.id(1) == TypeId::Array ? absl::OkStatus() : illegal_type(call, 1);
}

// A number for each row: count(truths, range).
template <typename Value, typename Count>
absl::StatusOr<Resolved> number(const Call& call, TypeId id, Count count) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask(call));
  return Resolved{plain(id), [id, count](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Truths truths(*arguments[0]);
                    auto result = new_fixed(plain(id), rows);
                    Value* to = result->template fixed<Value>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      to[row] = static_cast<Value>(count(truths, elements_of(*arguments[0], row)));
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// The place, from 0, of the first or last element for which a mask holds; kNoRow: of none.
template <bool last>
std::size_t place_of(const Truths& truths, const ElementRange& range) {
  for (std::size_t i = 0; i < range.size(); ++i) {
    const std::size_t place = last ? range.size() - 1 - i : i;
    if (truths[range.begin + place]) return place;
  }
  return kNoRow;
}

absl::StatusOr<Resolved> exists(const Call& call) {
  return number<std::uint8_t>(call, TypeId::UInt8,
                              [](const Truths& truths, const ElementRange& range) {
                                return place_of<false>(truths, range) == kNoRow ? 0 : 1;
                              });
}

absl::StatusOr<Resolved> all(const Call& call) {
  return number<std::uint8_t>(call, TypeId::UInt8,
                              [](const Truths& truths, const ElementRange& range) {
                                for (std::size_t i = range.begin; i < range.end; ++i) {
                                  if (!truths[i]) return 0;
                                }
                                return 1;
                              });
}

absl::StatusOr<Resolved> count(const Call& call) {
  return number<std::uint32_t>(call, TypeId::UInt32,
                               [](const Truths& truths, const ElementRange& range) {
                                 std::size_t found = 0;
                                 for (std::size_t i = range.begin; i < range.end; ++i) {
                                   found += truths[i] ? 1 : 0;
                                 }
                                 return found;
                               });
}

template <bool last>
absl::StatusOr<Resolved> index(const Call& call) {
  return number<std::uint32_t>(call, TypeId::UInt32,
                               [](const Truths& truths, const ElementRange& range) {
                                 const std::size_t place = place_of<last>(truths, range);
                                 return place == kNoRow ? 0 : place + 1;
                               });
}

// The first or last element for which the mask holds, or else the default.
template <bool last, bool or_null>
absl::StatusOr<Resolved> element(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask_and_array(call));
  const DataType& of = call.type(1).elements[0];
  const DataType type = or_null ? nullable(of) : of;
  return Resolved{
      type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Truths truths(*arguments[0]);
        std::vector<std::uint32_t> places(rows, kNoRow);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::size_t place = place_of<last>(truths, elements_of(*arguments[0], row));
          if (place == kNoRow) continue;
          places[row] = static_cast<std::uint32_t>(elements_of(*arguments[1], row).begin + place);
        }
        ColumnPtr elements = full(arguments[1]->array().elements);
        if (elements->type != type) elements = concatenate(type, {&elements, 1});
        return absl::StatusOr<ColumnPtr>(gather(elements, places));
      }};
}

absl::StatusOr<Resolved> filter_arrays(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask_and_array(call));
  const DataType type = call.type(1);
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Truths truths(*arguments[0]);
                    PickedArrays arrays(rows);
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange mask = elements_of(*arguments[0], row);
                      const std::size_t begin = elements_of(*arguments[1], row).begin;
                      for (std::size_t i = 0; i < mask.size(); ++i) {
                        if (truths[mask.begin + i]) arrays.add(begin + i);
                      }
                      arrays.end_row();
                    }
                    return absl::StatusOr<ColumnPtr>(
                        std::move(arrays).finish(type, full(arguments[1]->array().elements)));
                  }};
}

// Elements for which the mask does not hold are replaced by the nearest before (or behind) them for
// which it does; the first (or last) one stays as it is.
template <bool backwards>
absl::StatusOr<Resolved> fill(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask_and_array(call));
  const DataType type = call.type(1);
  return Resolved{type, [type](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Truths truths(*arguments[0]);
                    PickedArrays arrays(rows);
                    std::vector<std::size_t> kept;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange mask = elements_of(*arguments[0], row);
                      const std::size_t begin = elements_of(*arguments[1], row).begin;
                      const std::size_t size = mask.size();
                      kept.resize(size);
                      for (std::size_t i = 0; i < size; ++i) {
                        const std::size_t at = backwards ? size - 1 - i : i;
                        const std::size_t before = backwards ? at + 1 : at - 1;
                        kept[at] = i == 0 || truths[mask.begin + at] ? at : kept[before];
                      }
                      for (const std::size_t place : kept) arrays.add(begin + place);
                      arrays.end_row();
                    }
                    return absl::StatusOr<ColumnPtr>(
                        std::move(arrays).finish(type, full(arguments[1]->array().elements)));
                  }};
}

// Cuts arrays before (or behind) each element for which the mask holds.
template <bool behind>
absl::StatusOr<Resolved> split(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_mask_and_array(call));
  const DataType inner = call.type(1);
  const DataType type = array_of(inner);
  return Resolved{type, [type, inner](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Truths truths(*arguments[0]);
                    PickedArrays pieces(rows);
                    std::vector<std::uint64_t> ends;
                    std::uint64_t end = 0;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const ElementRange mask = elements_of(*arguments[0], row);
                      const std::size_t begin = elements_of(*arguments[1], row).begin;
                      for (std::size_t i = 0; i < mask.size(); ++i) {
                        const bool cut = i > 0 && truths[mask.begin + (behind ? i - 1 : i)];
                        if (cut) {
                          pieces.end_row();
                          ++end;
                        }
                        pieces.add(begin + i);
                      }
                      if (mask.size() > 0) {
                        pieces.end_row();
                        ++end;
                      }
                      ends.push_back(end);
                    }
                    return absl::StatusOr<ColumnPtr>(array_column(
                        type, std::move(ends),
                        std::move(pieces).finish(inner, full(arguments[1]->array().elements))));
                  }};
}

// A lambda is bound before functions are looked for: who comes here has none.
absl::StatusOr<Resolved> map(const Call& call) { return illegal_type(call, 0); }

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"arrayMap", map, 2, kAnyNumber, kOwn},
    {"arrayExists", exists, 1, 1, kOwn},
    {"arrayAll", all, 1, 1, kOwn},
    {"arrayCount", count, 1, 1, kOwn},
    {"arrayFirstIndex", index<false>, 1, 1, kOwn},
    {"arrayLastIndex", index<true>, 1, 1, kOwn},
    {"arrayFirst", element<false, false>, 2, 2, kOwn},
    {"arrayLast", element<true, false>, 2, 2, kOwn},
    {"arrayFirstOrNull", element<false, true>, 2, 2, kOwn},
    {"arrayLastOrNull", element<true, true>, 2, 2, kOwn},
    {"arrayFilter", filter_arrays, 2, 2, kOwn},
    {"arrayFill", fill<false>, 2, 2, kOwn},
    {"arrayReverseFill", fill<true>, 2, 2, kOwn},
    {"arraySplit", split<false>, 2, 2, kOwn},
    {"arrayReverseSplit", split<true>, 2, 2, kOwn},
};

}  // namespace

std::span<const Definition> array_mask_functions() { return kDefinitions; }

}  // namespace grapevine::sql
