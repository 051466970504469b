#include "kernels/segment/value_test.hpp"

#include <algorithm>
#include <bit>

#include "storage/canonical_text.hpp"

namespace grapevine {
namespace {

// Whether one of the ranges, which ascend, has the number.
template <typename Number>
bool in_one_of(const std::vector<Range<Number>>& ranges, Number number) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), number,
                       [](Number n, const Range<Number>& range) { return n < range.least; });
  return after != ranges.begin() && std::prev(after)->has(number);
}

bool accepts_text(const ValueTest& test, std::string_view text) {
  if (test.text) return test.text(text);
  return std::binary_search(test.texts.begin(), test.texts.end(), text);
}

}  // namespace

bool satisfies(const ValueTest& test, bool truth) {
  if (test.any) return true;
  if (test.as_text) return accepts_text(test, canonical_text(ValueType::Bool, truth ? 1 : 0));
  return truth ? test.accepts_true : test.accepts_false;
}

bool satisfies(const ValueTest& test, std::int64_t number) {
  if (test.any) return true;
  if (test.as_text) {
    return accepts_text(test, canonical_text(ValueType::Int64, static_cast<std::uint64_t>(number)));
  }
  return in_one_of(test.whole, number);
}

bool satisfies(const ValueTest& test, DateTime time) {
  if (test.any) return true;
  if (test.as_text) {
    const auto bits = static_cast<std::uint64_t>(time.ms);
    return accepts_text(test, canonical_text(ValueType::DateTime, bits));
  }
  return in_one_of(test.whole, time.ms);
}

bool satisfies(const ValueTest& test, double number) {
  if (test.any) return true;
  if (test.as_text) {
    return accepts_text(test,
                        canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number)));
  }
  return in_one_of(test.real, number);
}

bool satisfies(const ValueTest& test, float number) {
  if (test.any) return true;
  if (test.as_text) return satisfies(test, static_cast<double>(number));
  return in_one_of(test.real32, number);
}

bool satisfies(const ValueTest& test, std::string_view text) {
  return test.any || accepts_text(test, text);
}

template <typename Number>
void normalize(std::vector<Range<Number>>& ranges) {
  std::erase_if(ranges, [](const Range<Number>& range) { return !(range.least <= range.most); });
  std::sort(ranges.begin(), ranges.end(),
            [](const auto& a, const auto& b) { return a.least < b.least; });
  std::size_t kept = 0;
  for (const Range<Number>& range : ranges) {
    if (kept != 0 && range.least <= ranges[kept - 1].most) {
      ranges[kept - 1].most = std::max(ranges[kept - 1].most, range.most);
    } else {
      ranges[kept++] = range;
    }
  }
  ranges.resize(kept);
}

template void normalize(std::vector<Range<std::int64_t>>&);
template void normalize(std::vector<Range<double>>&);
template void normalize(std::vector<Range<float>>&);

}  // namespace grapevine
