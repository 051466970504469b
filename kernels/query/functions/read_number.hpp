#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

/// Why a text is no value of a type.
struct ReadProblem {
  QueryErrorCode code = QueryErrorCode::CannotParseText;
  std::string message;
};

inline constexpr std::size_t kUnread = static_cast<std::size_t>(-1);

/// Reads an integer at the front of a text; what is too large wraps around, or is refused if `exact`.
/// Returns how many bytes it has, which may be 0, or kUnread: `problem` says why.
template <typename Integer>
std::size_t read_integer(std::string_view text, bool exact, Integer& value, ReadProblem& problem);

/// Reads a float at the front of a text: "1.5", ".5", "1e5", "inf", "nan".
template <typename Float>
std::size_t read_float(std::string_view text, Float& value, ReadProblem& problem);

/// Reads true, false, yes, no, 1, 0 and what else ClickHouse takes.
std::size_t read_bool(std::string_view text, std::uint8_t& value, ReadProblem& problem);

}  // namespace grapevine::sql
