#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "kernels/segment/exact_sum.hpp"

namespace grapevine::sql {

/// Exact sums of doubles, group by group: rounded once, when asked for, so that the order of adding
/// changes no bit. Not thread-safe.
///
/// How     A number below 2^e is cut into pieces that are multiples of 2^(e - 30), 2^(e - 61) and
///         2^(e - 92), each by adding and taking off a constant; the sums of each kind of piece are doubles
///         that stay exact for 2^23 numbers. What is left of a number, and numbers that are not finite
///         or too large, go to a wide sum of the group's own: few groups ever have one.
/// Source  Demmel & Nguyen, "Fast Reproducible Floating-Point Summation", ARITH 2013.
class FloatSums {
 public:
  void resize(std::size_t groups) { bins_.resize(groups); }
  /// Shapes  an element a row; `mask` may be empty.
  void add(std::span<const std::uint32_t> groups, std::span<const double> numbers,
           std::span<const std::uint8_t> mask);
  void add(std::span<const std::uint32_t> groups, std::span<const float> numbers,
           std::span<const std::uint8_t> mask);
  /// Adds the other's group from[i] to to[i].
  void merge(const FloatSums& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to);
  [[nodiscard]] double sum(std::size_t group) const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Bins {
    double high = 0;
    double middle = 0;
    double low = 0;

    void add(const Bins& other) {
      high += other.high;
      middle += other.middle;
      low += other.low;
    }
  };
  // The rest of a group's sum.
  struct Rest {
    WideSum wide;
    bool has_nan = false;
    bool has_plus = false;   // Infinity.
    bool has_minus = false;  // Infinity.
  };
  // What cuts numbers below 2^exponent.
  struct Cuts {
    double high = 0;
    double middle = 0;
    double low = 0;
  };

  template <typename Number>
  void add_rows(std::span<const std::uint32_t> groups, std::span<const Number> numbers,
                std::span<const std::uint8_t> mask);
  void add_chunk(std::span<const std::uint32_t> groups, std::span<const double> numbers);
  void add_to_one(std::span<const double> numbers);
  void add_to_groups(std::span<const std::uint32_t> groups, std::span<const double> numbers);
  void add_low(std::span<const std::uint32_t> groups, std::span<const double> numbers);
  void add_slowly(std::size_t group, double number);
  void add_bins(std::size_t group, const Bins& bins);
  void use_exponent(int exponent);
  void make_room();
  [[nodiscard]] double use_of(const Bins& bins) const;
  void spill(std::size_t group, const Bins& bins);

  std::vector<Bins> bins_;
  int exponent_ = kNoExponent;
  double bound_ = 0;  // 2^exponent.
  Cuts cuts_;
  std::uint64_t adds_left_ = 0;  // Numbers until some sum may have no room.
  std::unordered_map<std::size_t, Rest> rests_;

  static constexpr int kNoExponent = -100'000;
};

}  // namespace grapevine::sql
