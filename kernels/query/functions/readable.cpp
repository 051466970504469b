// Numbers for people: formatReadableSize and its like.
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"

namespace grapevine::sql {
namespace {

constexpr std::array<std::string_view, 9> kBinarySizes = {" B",   " KiB", " MiB", " GiB", " TiB",
                                                          " PiB", " EiB", " ZiB", " YiB"};
constexpr std::array<std::string_view, 9> kDecimalSizes = {" B",  " KB", " MB", " GB", " TB",
                                                           " PB", " EB", " ZB", " YB"};
constexpr std::array<std::string_view, 9> kQuantities = {
    "",           " thousand",    " million",     " billion",
    " trillion",  " quadrillion", " quintillion", " sextillion",
    " septillion"};

// Two digits after the point.
void write_fixed(double value, std::string& text) {
  char digits[400];
  const auto end =
      std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed, 2).ptr;
  text.append(digits, end);
}

template <const std::array<std::string_view, 9>& units, int step>
absl::StatusOr<Resolved> readable(const Call& call) {
  if (!is_numeric(call.id(0))) return illegal_type(call, 0);
  return Resolved{plain(TypeId::String),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Numbers<double> values(arguments[0]);
                    ResultTexts results(rows);
                    std::string text;
                    for (std::size_t row = 0; row < rows; ++row) {
                      double value = values[row];
                      std::size_t unit = 0;
                      while (unit + 1 < units.size() && std::abs(value) >= step) {
                        value /= step;
                        ++unit;
                      }
                      text.clear();
                      write_fixed(value, text);
                      text += units[unit];
                      results.add(text);
                    }
                    return std::move(results).finish();
                  }};
}

constexpr Definition kDefinitions[] = {
    {"formatReadableSize", readable<kBinarySizes, 1024>, 1, 1},
    {"formatReadableDecimalSize", readable<kDecimalSizes, 1000>, 1, 1},
    {"formatReadableQuantity", readable<kQuantities, 1000>, 1, 1},
};

}  // namespace

std::span<const Definition> readable_functions() { return kDefinitions; }

}  // namespace grapevine::sql
