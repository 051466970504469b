#include "api/plan/number_interval.hpp"

#include <cmath>

namespace grapevine {
namespace {

constexpr Range<std::int64_t> kNoInteger{1, 0};

// The least Real that is at or above the end, or beyond it where it is open.
template <typename Real>
Real least_from(long double end, bool open) {
  auto least = static_cast<Real>(end);
  const bool inside = open ? least > end : least >= end;
  if (!inside) least = std::nextafter(least, std::numeric_limits<Real>::infinity());
  return least;
}

template <typename Real>
Real most_until(long double end, bool open) {
  return -least_from<Real>(-end, open);
}

}  // namespace

Range<std::int64_t> NumberInterval::whole() const {
  constexpr long double kLeast = -0x1p63L;
  constexpr long double kBeyond = 0x1p63L;
  long double least = std::ceil(low);
  if (low_open && least == low) least += 1;
  long double most = std::floor(high);
  if (high_open && most == high) most -= 1;
  if (least >= kBeyond || most < kLeast || !(least <= most)) return kNoInteger;
  return {
      least < kLeast ? std::numeric_limits<std::int64_t>::min() : static_cast<std::int64_t>(least),
      most >= kBeyond ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(most)};
}

Range<double> NumberInterval::real() const {
  return {least_from<double>(low, low_open), most_until<double>(high, high_open)};
}

Range<float> NumberInterval::real32() const {
  return {least_from<float>(static_cast<float>(low), low_open),
          most_until<float>(static_cast<float>(high), high_open)};
}

Range<long double> NumberInterval::closed() const {
  return {least_from<long double>(low, low_open), most_until<long double>(high, high_open)};
}

long double number_of(const Scalar& scalar) {
  if (const auto* whole = std::get_if<std::int64_t>(&scalar)) {
    return static_cast<long double>(*whole);
  }
  return static_cast<long double>(std::get<double>(scalar));
}

NumberInterval interval_of(Operator op, long double first, long double second) {
  NumberInterval interval;
  switch (op) {
    case Operator::Lt: interval.high_open = true; [[fallthrough]];
    case Operator::Lte: interval.high = first; break;
    case Operator::Gt: interval.low_open = true; [[fallthrough]];
    case Operator::Gte: interval.low = first; break;
    case Operator::Between:
      interval.low = first;
      interval.high = second;
      break;
    default: interval.low = first; interval.high = first;
  }
  return interval;
}

NumberInterval common(const NumberInterval& a, const NumberInterval& b) {
  NumberInterval both = a;
  if (b.low > a.low || (b.low == a.low && b.low_open)) {
    both.low = b.low;
    both.low_open = b.low_open;
  }
  if (b.high < a.high || (b.high == a.high && b.high_open)) {
    both.high = b.high;
    both.high_open = b.high_open;
  }
  return both;
}

}  // namespace grapevine
