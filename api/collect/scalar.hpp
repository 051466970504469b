#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "storage/value.hpp"

namespace grapevine {

/// One value as it was sent: a JSON scalar or a field of a CSV record. Its text is borrowed.
struct Scalar {
  ValueType type = ValueType::Null;
  union {
    std::int64_t integer = 0;
    double number;
    bool truth;
  };
  std::string_view text;

  static Scalar of(bool truth);
  static Scalar of(std::int64_t integer);
  static Scalar of(double number);
  static Scalar of(std::string_view text);
  /// A literal would else be taken for a truth.
  static Scalar of(const char* text) { return of(std::string_view(text)); }
};

/// The finite number that `value` is, or that its text is from first to last byte; else nullopt.
std::optional<double> number_of(const Scalar& value);

/// `value` as text: numbers in their shortest form, truth as "true" or "false". The text lives in
/// `value` or in `buffer`.
std::string_view text_of(const Scalar& value, std::array<char, 32>& buffer);

/// A CSV field by its content: an integer, a number, `true` or `false`, else the text itself; an
/// empty field is Null. Texts that a number would not give back stay texts ("007", 20 digits).
Scalar typed_by_content(std::string_view field);

}  // namespace grapevine
