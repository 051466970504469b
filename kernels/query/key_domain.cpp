#include "kernels/query/key_domain.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

// Moments in whole hours or days, as they are grouped by, are multiples of it.
constexpr std::uint32_t kQuarterHour = 900;

bool are_quarter_hours(const std::uint32_t* seconds, std::size_t rows, const std::uint8_t* nulls) {
  std::uint32_t rest = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    rest |= nulls == nullptr || nulls[i] == 0 ? seconds[i] % kQuarterHour : 0;
  }
  return rest == 0;
}

struct Extent {
  std::uint64_t low = ~std::uint64_t{0};
  std::uint64_t high = 0;
};

template <typename Number>
Extent extent_of(const Number* numbers, std::size_t rows, Number flip, const std::uint8_t* nulls) {
  Number low = static_cast<Number>(~Number{0});
  Number high = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto number = static_cast<Number>(numbers[i] ^ flip);
    const bool counts = nulls == nullptr || nulls[i] == 0;
    low = counts && number < low ? number : low;
    high = counts && number > high ? number : high;
  }
  return {low, high};
}

}  // namespace

KeyDomain::KeyDomain(std::span<const KeyCodes::Part> parts) {
  for (const KeyCodes::Part& part : parts) {
    Range range;
    range.nullable = part.nullable;
    range.by_text = part.type == TypeId::String || part.type == TypeId::Array;
    range.never = !part.in_order;
    range.bits = part.bits;
    range.is_moment = part.type == TypeId::DateTime;
    ranges_.push_back(range);
  }
}

bool KeyDomain::widen(Range& range, std::uint64_t low, std::uint64_t high) {
  if (low > high) return true;
  if (range.any && low >= range.low && high <= range.high) return true;
  range.low = range.any ? std::min(range.low, low) : low;
  range.high = range.any ? std::max(range.high, high) : high;
  range.any = true;
  return false;
}

// Before the first number a range of moments takes the larger unit. Returns whether numbers that are
// quarters of an hour, or are not, have the unit that there was.
bool KeyDomain::fit_unit(Range& range, bool are_quarters) {
  if (!range.is_moment) return true;
  if (!range.any && are_quarters) range.unit = kQuarterHour;
  if (are_quarters || range.unit == 1) return true;
  range.unit = 1;
  return false;
}

bool KeyDomain::widen(const KeyCodes& codes, std::span<const KeyCodes::Numbers> numbers,
                      std::size_t rows) {
  bool was_wide_enough = true;
  for (std::size_t part = 0; part < ranges_.size(); ++part) {
    Range& range = ranges_[part];
    const KeyCodes::Numbers& of_part = numbers[part];
    if (range.never || of_part.is_null) continue;
    Extent extent;
    if (range.is_moment) {
      const bool are_quarters =
          of_part.numbers == nullptr
              ? of_part.value % kQuarterHour == 0
              : are_quarter_hours(static_cast<const std::uint32_t*>(of_part.numbers), rows,
                                  of_part.nulls);
      if (!fit_unit(range, are_quarters)) was_wide_enough = false;
    }
    if (range.by_text) {
      if (codes.numbers_of_texts(part) == 0) continue;
      extent = {0, codes.numbers_of_texts(part) - 1};
    } else if (of_part.numbers == nullptr) {
      extent = {of_part.value, of_part.value};
    } else if (range.bits == 8) {
      extent = {0, 255};
    } else {
      visit_numbers(of_part, [&]<typename Number>(const Number* values) {
        extent = extent_of(values, rows, static_cast<Number>(of_part.flip), of_part.nulls);
      });
    }
    if (!widen(range, extent.low, extent.high)) was_wide_enough = false;
  }
  return was_wide_enough;
}

void KeyDomain::widen(const KeyCodes& codes, const KeyLayout& layout,
                      std::span<const std::uint64_t> key) {
  for (std::size_t part = 0; part < ranges_.size(); ++part) {
    Range& range = ranges_[part];
    if (range.never || layout.is_null(key, part)) continue;
    const std::uint64_t number = layout.number(key, part);
    if (range.by_text) {
      widen(range, 0, codes.numbers_of_texts(part) - 1);
    } else {
      fit_unit(range, number % kQuarterHour == 0);
      widen(range, number, number);
    }
  }
}

void KeyDomain::widen_ahead(std::uint64_t numbers_max) {
  std::uint64_t wide = 1;
  Range* only = nullptr;
  for (Range& range : ranges_) {
    if (range.any && range.bits > 8 && !range.by_text) only = &range;
  }
  if (only == nullptr) return;
  for (const Range& range : ranges_) {
    if (&range != only && range.any) wide *= values_of(range) + 1;
  }
  // The last of them grows to twice what it is, as far as there is room.
  const std::uint64_t span = values_of(*only);
  if (wide == 0 || span > numbers_max / wide / 2) return;
  const std::uint64_t most =
      only->bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << only->bits) - 1;
  const std::uint64_t ahead = span / 2 * only->unit;
  only->low -= std::min(only->low, ahead) / only->unit * only->unit;
  only->high += std::min(most - only->high, ahead) / only->unit * only->unit;
}

std::uint64_t KeyDomain::size(std::uint64_t at_most) const {
  std::uint64_t product = 1;
  for (const Range& range : ranges_) {
    if (range.never) return at_most + 1;
    if (range.any && (range.high - range.low) / range.unit >= at_most) return at_most + 1;
    const std::uint64_t values = values_of(range) + (range.nullable ? 1 : 0);
    if (values == 0) continue;
    if (product > at_most / values) return at_most + 1;
    product *= values;
  }
  return product;
}

void KeyDomain::freeze() {
  std::uint64_t stride = 1;
  for (Range& range : ranges_) {
    range.stride = static_cast<std::uint32_t>(stride);
    const std::uint64_t values = values_of(range) + (range.nullable ? 1 : 0);
    stride *= std::max<std::uint64_t>(1, values);
  }
}

void KeyDomain::indices(std::span<const KeyCodes::Numbers> numbers, bool check,
                        std::span<std::uint32_t> result) const {
  // What all rows have in common comes first.
  std::uint32_t common = 0;
  for (std::size_t part = 0; part < ranges_.size(); ++part) {
    const Range& range = ranges_[part];
    const KeyCodes::Numbers& of_part = numbers[part];
    if (of_part.is_null || of_part.numbers != nullptr) continue;
    if (!range.any || of_part.value < range.low || of_part.value > range.high ||
        (of_part.value - range.low) % range.unit != 0) {
      std::fill(result.begin(), result.end(), kOutside);
      return;
    }
    const auto number = static_cast<std::uint32_t>((of_part.value - range.low) / range.unit);
    common += (number + (range.nullable ? 1 : 0)) * range.stride;
  }
  std::fill(result.begin(), result.end(), common);
  for (std::size_t part = 0; part < ranges_.size(); ++part) {
    const Range& range = ranges_[part];
    const KeyCodes::Numbers& of_part = numbers[part];
    if (of_part.is_null || of_part.numbers == nullptr) continue;
    const std::uint32_t first = range.nullable ? 1 : 0;
    const std::uint32_t stride = range.stride;  // Not read again behind every number written.
    std::uint32_t* const to = result.data();
    const std::size_t rows = result.size();
    const bool by_quarters = range.unit == kQuarterHour;
    visit_numbers(of_part, [&]<typename Number>(const Number* values) {
      const auto flip = static_cast<Number>(of_part.flip);
      const auto low = static_cast<Number>(range.low);
      const auto offset = [&](std::size_t i) {
        const auto number = static_cast<Number>(values[i] ^ flip);
        return (static_cast<std::uint32_t>(static_cast<Number>(number - low)) + first) * stride;
      };
      const auto quarter = [&](std::size_t i) {
        const auto passed = static_cast<std::uint32_t>(values[i] - low);
        return (passed / kQuarterHour + first) * stride;
      };
      const std::uint8_t* const nulls = of_part.nulls;
      if (!check && nulls == nullptr && by_quarters) {
        for (std::size_t i = 0; i < rows; ++i) to[i] += quarter(i);
      } else if (!check && by_quarters) {
        for (std::size_t i = 0; i < rows; ++i) to[i] += nulls[i] != 0 ? 0 : quarter(i);
      } else if (!check && nulls == nullptr) {
        for (std::size_t i = 0; i < rows; ++i) to[i] += offset(i);
      } else if (!check) {
        for (std::size_t i = 0; i < rows; ++i) to[i] += nulls[i] != 0 ? 0 : offset(i);
      } else if (range.unit == 1 && range.any && nulls == nullptr) {
        const std::uint64_t from = range.low, last = range.high - range.low;
        for (std::size_t i = 0; i < rows; ++i) {  // Without a branch.
          const std::uint64_t passed = std::uint64_t{static_cast<Number>(values[i] ^ flip)} - from;
          const std::uint32_t found = passed <= last ? to[i] + offset(i) : kOutside;
          to[i] = to[i] == kOutside ? kOutside : found;
        }
      } else {
        for (std::size_t i = 0; i < result.size(); ++i) {
          if (result[i] == kOutside || (nulls != nullptr && nulls[i] != 0)) continue;
          const std::uint64_t number = static_cast<Number>(values[i] ^ flip);
          const bool inside = range.any && number >= range.low && number <= range.high &&
                              (number - range.low) % range.unit == 0;
          result[i] = !inside       ? kOutside
                      : by_quarters ? result[i] + quarter(i)
                                    : result[i] + offset(i);
        }
      }
    });
  }
}

std::uint32_t KeyDomain::index_of(const KeyLayout& layout,
                                  std::span<const std::uint64_t> key) const {
  std::uint32_t index = 0;
  for (std::size_t part = 0; part < ranges_.size(); ++part) {
    const Range& range = ranges_[part];
    if (layout.is_null(key, part)) continue;
    const auto number =
        static_cast<std::uint32_t>((layout.number(key, part) - range.low) / range.unit);
    index += (number + (range.nullable ? 1 : 0)) * range.stride;
  }
  return index;
}

bool KeyDomain::is_identity() const {
  return ranges_.size() == 1 && !ranges_[0].nullable && ranges_[0].low == 0 &&
         ranges_[0].bits == 32 && ranges_[0].unit == 1;
}

}  // namespace grapevine::sql
