// reinterpretAs...: the bytes of a value as another one, the lowest first; what is missing is 0.
#include <algorithm>
#include <cstring>
#include <string>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"

namespace grapevine::sql {
namespace {

template <TypeId id>
absl::StatusOr<Resolved> as_fixed(const Call& call) {
  const TypeId from = call.id(0);
  if (from != TypeId::String && !is_numeric(from) && !is_time(from)) return illegal_type(call, 0);
  return Resolved{plain(id), [from](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(id), rows);
                    const std::size_t width = width_of(id);
                    auto* to = std::get<FixedValues>(result->values).template data<char>();
                    std::fill_n(to, rows * width, '\0');
                    const auto put = [&](std::size_t row, std::string_view bytes) {
                      std::copy_n(bytes.data(), std::min(width, bytes.size()), to + row * width);
                    };
                    if (from == TypeId::String) {
                      const Texts texts(arguments[0]);
                      for (std::size_t row = 0; row < rows; ++row) put(row, texts[row]);
                      return absl::StatusOr<ColumnPtr>(std::move(result));
                    }
                    const auto* bytes = std::get<FixedValues>(arguments[0]->values).data<char>();
                    for (std::size_t row = 0; row < rows; ++row) {
                      put(row, {bytes + arguments[0]->slot(row) * width_of(from), width_of(from)});
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// Without the zero bytes at the end.
absl::StatusOr<Resolved> as_text(const Call& call) {
  const TypeId from = call.id(0);
  if (!is_numeric(from) && !is_time(from)) return illegal_type(call, 0);
  return Resolved{plain(TypeId::String),
                  [from](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    ResultTexts results(rows);
                    const std::size_t width = width_of(from);
                    const auto* bytes = std::get<FixedValues>(arguments[0]->values).data<char>();
                    for (std::size_t row = 0; row < rows; ++row) {
                      std::string_view text(bytes + arguments[0]->slot(row) * width, width);
                      while (!text.empty() && text.back() == '\0') text.remove_suffix(1);
                      results.add(text);
                    }
                    return std::move(results).finish();
                  }};
}

constexpr Definition kDefinitions[] = {
    {"reinterpretAsDate", as_fixed<TypeId::Date>, 1, 1},
    {"reinterpretAsDateTime", as_fixed<TypeId::DateTime>, 1, 1},
    {"reinterpretAsFloat32", as_fixed<TypeId::Float32>, 1, 1},
    {"reinterpretAsFloat64", as_fixed<TypeId::Float64>, 1, 1},
    {"reinterpretAsInt16", as_fixed<TypeId::Int16>, 1, 1},
    {"reinterpretAsInt32", as_fixed<TypeId::Int32>, 1, 1},
    {"reinterpretAsInt64", as_fixed<TypeId::Int64>, 1, 1},
    {"reinterpretAsInt8", as_fixed<TypeId::Int8>, 1, 1},
    {"reinterpretAsString", as_text, 1, 1},
    {"reinterpretAsUInt16", as_fixed<TypeId::UInt16>, 1, 1},
    {"reinterpretAsUInt32", as_fixed<TypeId::UInt32>, 1, 1},
    {"reinterpretAsUInt64", as_fixed<TypeId::UInt64>, 1, 1},
    {"reinterpretAsUInt8", as_fixed<TypeId::UInt8>, 1, 1},
};

}  // namespace

std::span<const Definition> reinterpret_functions() { return kDefinitions; }

}  // namespace grapevine::sql
