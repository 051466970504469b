#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// Columns of a terminal that a text takes: wide characters take two, those that combine with others
/// and invalid bytes none. A tab goes on to a multiple of eight, `before` columns counted.
std::size_t width_of_text(std::string_view text, std::size_t before = 0);
/// The bytes at its begin that take at most `width` columns.
std::size_t bytes_of_width(std::string_view text, std::size_t width, std::size_t before = 0);

/// A column's name for a table: one that is no identifier and is longer than `width_max` by more than
/// four has its middle cut out.
std::string cut_name(std::string name, std::size_t width_max);

/// Whether tables for the eye have such values at the right: numbers and times.
bool is_right_aligned(const DataType& type);

/// " -- 1.23 million" beside a number over a million; empty beside others. Hashes, which are between
/// 10^17 and 2^64, are nothing to read.
std::string number_tip(double number);

}  // namespace grapevine::sql
