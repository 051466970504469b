#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

struct QueryContext;

/// Constants, a value each.
using TableArguments = std::span<const ColumnPtr>;

// The functions of tables, one each. Errors  42, 43, 36, as make_table says.

absl::StatusOr<TablePtr> make_numbers(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_zeros(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_series(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_one(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_values(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_inbox_items(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_segment_preview(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_wom_seeds(TableArguments arguments, QueryContext& context);
absl::StatusOr<TablePtr> make_wom_simulate(TableArguments arguments, QueryContext& context);

/// A whole number that is not below 0. Errors  IllegalTypeOfArgument (43).
absl::StatusOr<std::uint64_t> whole_argument(const Column& argument);
/// A text, which stands as long as the column. Errors  IllegalTypeOfArgument (43).
absl::StatusOr<std::string_view> text_argument(const Column& argument);
/// Errors  NumberOfArgumentsDoesntMatch (42): `wanted` says which there should be.
absl::Status wrong_count(std::string_view function, std::string_view wanted);

}  // namespace grapevine::sql
