#pragma once

#include <cstdint>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// A constant parameter of an aggregate function as a number.
/// Errors  CannotConvertType (70): it is none.
absl::StatusOr<double> number_parameter(const Column& parameter);

/// As an integer that is not negative.
/// Errors  CannotConvertType (70), BadArguments (36): it is none, or negative.
absl::StatusOr<std::uint64_t> count_parameter(const Column& parameter);

/// As a text.
/// Errors  BadArguments (36): it is none.
absl::StatusOr<std::string_view> text_parameter(const Column& parameter);

}  // namespace grapevine::sql
