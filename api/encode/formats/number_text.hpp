#pragma once

#include <cstddef>
#include <cstdint>

namespace grapevine::sql {

/// Room that a number needs at most.
inline constexpr std::size_t kNumberBytesMax = 32;

/// Write a number in decimal and return where it ends. Precondition: kNumberBytesMax bytes of room.
char* write_unsigned(char* at, std::uint64_t number);
char* write_signed(char* at, std::int64_t number);
/// The shortest text that reads back to the same bits, laid out as ClickHouse does: with an exponent
/// below 1e-6 and from 1e21 on; "nan", "inf", "-inf", "-0".
char* write_float(char* at, double number);
char* write_float(char* at, float number);

/// "07": two digits. Precondition: below 100.
char* write_two_digits(char* at, std::uint32_t number);
/// With zeros in front. Precondition: it has no more digits.
char* write_digits(char* at, std::uint64_t number, std::size_t digits);

}  // namespace grapevine::sql
