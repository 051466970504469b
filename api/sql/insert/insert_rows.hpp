#pragma once

#include <cstdint>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/sql/syntax.hpp"
#include "kernels/query/function.hpp"

namespace grapevine::sql {

/// What an INSERT did.
struct InsertedRows {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  ///< Of the rows as they were sent.
};

/// Collects the rows of INSERT INTO events or customers as if they had been sent to /v1: they are held
/// to the same rules and limits, go through the log, and a query that begins afterwards sees them.
/// `data`: the rows in the statement's format (Values where it says VALUES), to the end of the text.
/// Errors  UnknownTable (60), NoSuchColumnInTable (16), UnknownFormat (73), NotImplemented (48) of
///         INSERT ... SELECT; of rows CannotParseInputAssertionFailed (27), CannotParseNumber (72),
///         CannotParseDateTime (41), IncorrectData (117), with row and column. Where it fails, no row
///         is collected.
absl::StatusOr<InsertedRows> insert_rows(const Statement& statement, std::string_view data,
                                         const SessionFacts& facts, const Fields& settings,
                                         const Context& context);

}  // namespace grapevine::sql
