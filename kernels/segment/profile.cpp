#include "kernels/segment/profile.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <type_traits>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "kernels/segment/seen.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kWordsPerChunk = AttributeChunk::kCustomers / 64;

// Calls `body(slot, in_segment)` for each value that a chunk has of somebody of the base.
template <typename Body>
void for_each_value(const AttributeChunk& chunk, std::span<const std::uint64_t> base,
                    std::span<const std::uint64_t> segment, const Body& body) {
  for (std::size_t w = 0; w < base.size(); ++w) {
    for (std::uint64_t rest = chunk.present[w] & base[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(rest));
      body(w * 64 + bit, (segment[w] >> bit & 1) != 0);
    }
  }
}

// Calls `body(values, slot, in_segment)` for each value of a column; `values` is its chunk's.
template <typename Body>
void for_each_value(const AttributeColumn& column, const CustomerSet& base,
                    const CustomerSet& segment, const Stop& stop, const Body& body) {
  for (std::size_t c = 0; c < column.chunks.size() && !stop.requested(); ++c) {
    const std::size_t first = c * kWordsPerChunk;
    if (column.chunks[c] == nullptr || first >= base.words().size()) continue;
    const std::size_t words = std::min(kWordsPerChunk, base.words().size() - first);
    std::visit(
        [&](const auto& values) {
          for_each_value(
              *column.chunks[c], base.words().subspan(first, words),
              segment.words().subspan(first, words),
              [&](std::size_t slot, bool in_segment) { body(values, slot, in_segment); });
        },
        column.chunks[c]->values);
  }
}

void add(SharedCount& count, bool in_segment) {
  ++count.base;
  count.segment += in_segment ? 1 : 0;
}

void add(SharedCount& count, const SharedCount& other) {
  count.base += other.base;
  count.segment += other.segment;
}

// A number of the base, and whether it is one of the segment.
struct Number {
  std::uint64_t key;
  bool in_segment;
};

void note_bins(const std::vector<Number>& numbers, std::size_t bins, AttributeProfile& profile) {
  std::vector<std::uint64_t> keys;
  keys.reserve(numbers.size());
  for (const Number& number : numbers) keys.push_back(number.key);
  const QuantileGroups groups(keys, bins);
  std::vector<AttributeProfile::Bin> of_group(bins, {UINT64_MAX, 0, {}});
  for (const Number& number : numbers) {
    AttributeProfile::Bin& bin = of_group[groups.group_of(number.key) - 1];
    bin.least = std::min(bin.least, number.key);
    bin.most = std::max(bin.most, number.key);
    add(bin.count, number.in_segment);
  }
  for (const AttributeProfile::Bin& bin : of_group) {
    if (bin.count.base > 0) profile.bins.push_back(bin);
  }
}

void note_top(const std::vector<SharedCount>& counts, const Dictionary* dictionary,
              std::size_t top_max, AttributeProfile& profile) {
  std::vector<std::uint32_t> codes;
  for (std::uint32_t code = 0; code < counts.size(); ++code) {
    if (counts[code].base > 0) codes.push_back(code);
  }
  const auto comes_before = [&](std::uint32_t a, std::uint32_t b) {
    if (counts[a].segment != counts[b].segment) return counts[a].segment > counts[b].segment;
    if (counts[a].base != counts[b].base) return counts[a].base > counts[b].base;
    return dictionary == nullptr ? a < b : dictionary->at(a) < dictionary->at(b);
  };
  const std::size_t told = std::min(top_max, codes.size());
  const auto middle = codes.begin() + static_cast<std::ptrdiff_t>(told);
  std::partial_sort(codes.begin(), middle, codes.end(), comes_before);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (i < told) {
      profile.top.emplace_back(codes[i], counts[codes[i]]);
    } else {
      add(profile.other, counts[codes[i]]);
    }
  }
  profile.other_values = codes.size() - told;
}

// Who was met nowhere has no value.
void note_missing(const SharedCount& present, const CustomerSet& base, const CustomerSet& segment,
                  AttributeProfile& profile) {
  profile.missing = {segment.count() - present.segment, base.count() - present.base};
}

AttributeProfile profile_column(const AttributeColumn& column, const CustomerSet& base,
                                const CustomerSet& segment, const ProfileShape& shape,
                                const Stop& stop) {
  const bool is_listed = column.dictionary != nullptr || column.type == ValueType::Bool;
  std::vector<SharedCount> counts;
  if (is_listed) counts.resize(column.dictionary != nullptr ? column.dictionary->size() : 2);
  std::vector<Number> numbers;
  SharedCount present;
  for_each_value(column, base, segment, stop,
                 [&](const auto& values, std::size_t slot, bool in_segment) {
                   using Value = typename std::decay_t<decltype(values)>::value_type;
                   add(present, in_segment);
                   if constexpr (sizeof(Value) == 8) {
                     numbers.push_back({ascending_key(values[slot]), in_segment});
                   } else {
                     add(counts[values[slot]], in_segment);
                   }
                 });
  AttributeProfile profile;
  if (is_listed) {
    note_top(counts, column.dictionary.get(), shape.top_max, profile);
  } else {
    note_bins(numbers, shape.bins_max, profile);
  }
  note_missing(present, base, segment, profile);
  return profile;
}

}  // namespace

absl::StatusOr<std::vector<AttributeProfile>> profile_attributes(
    std::span<const AttributeColumn* const> columns, const CustomerSet& base,
    const CustomerSet& segment, const ProfileShape& shape, const Stop& stop) {
  std::vector<AttributeProfile> profiles(columns.size());
  for_each(columns.size(), [&](std::size_t i) {
    if (stop.requested()) return;
    profiles[i] = profile_column(*columns[i], base, segment, shape, stop);
  });
  if (stop.requested()) return absl::CancelledError("stopped while profiling attributes");
  return profiles;
}

AttributeProfile profile_times(std::span<const TimeMs> times, const CustomerSet& base,
                               const CustomerSet& segment, const ProfileShape& shape) {
  std::vector<Number> numbers;
  SharedCount present;
  base.for_each_member([&](CustomerId customer) {
    const TimeMs time = times[index(customer)];
    if (time == kNever) return;
    const bool in_segment = segment.has(customer);
    add(present, in_segment);
    numbers.push_back({ascending_key(time), in_segment});
  });
  AttributeProfile profile;
  note_bins(numbers, shape.bins_max, profile);
  note_missing(present, base, segment, profile);
  return profile;
}

}  // namespace grapevine
