#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "kernels/query/column.hpp"
#include "kernels/query/function.hpp"

namespace grapevine::sql {

/// How far a query has come. Thread-safe: the engine adds, anyone reads.
struct QueryProgress {
  std::atomic<std::uint64_t> read_rows{0};
  std::atomic<std::uint64_t> read_bytes{0};
  std::atomic<std::uint64_t> total_rows_to_read{0};
  std::atomic<std::uint64_t> written_rows{0};
  std::atomic<std::uint64_t> written_bytes{0};
  std::atomic<std::uint64_t> result_rows{0};
  std::atomic<std::uint64_t> result_bytes{0};
  std::atomic<std::uint64_t> memory_bytes{0};  ///< Held now.
};

/// One query as it is asked, in whatever way it came.
struct QueryRequest {
  std::string text;      ///< All of it: FORMAT, SETTINGS and the rows of an INSERT too.
  Fields parameters;     ///< Of {name:Type}: "name" and the value as text.
  Fields settings;       ///< By name, as text; unknown ones are passed over.
  std::string query_id;  ///< Empty: one is made.
  std::string database = "default";
  std::string user = "default";
  bool read_only = false;  ///< Nothing is written: GET.
};

struct ResultColumn {
  std::string name;
  DataType type;
};

/// What a query answers, made while it is taken. Not thread-safe, except for `progress` and `stop`.
/// Destroyed before what its Context refers to.
class QueryAnswer {
 public:
  virtual ~QueryAnswer() = default;

  [[nodiscard]] virtual const std::vector<ResultColumn>& columns() const = 0;
  /// The next rows; nullopt: there are no more. At most kBlockRows rows, at least one.
  /// Errors  what goes wrong on the way; the answer is over then.
  virtual absl::StatusOr<std::optional<Block>> next() = 0;
  /// Rows WITH TOTALS has beside the others, once next() said that there are no more.
  [[nodiscard]] virtual const std::optional<Block>& totals() const = 0;

  [[nodiscard]] virtual bool has_columns() const = 0;           ///< Not so: INSERT, SET, USE.
  [[nodiscard]] virtual const std::string& format() const = 0;  ///< That the text says, or empty.
  [[nodiscard]] virtual const std::string& query_id() const = 0;
  /// As the query and its settings have it: of times without a timezone.
  [[nodiscard]] virtual const SessionFacts& facts() const = 0;
  /// The settings by name that were asked for, those at the end of the text over the request's.
  [[nodiscard]] virtual const Fields& settings() const = 0;
  [[nodiscard]] virtual const QueryProgress& progress() const = 0;
  /// Rows there were before LIMIT, where that is known.
  [[nodiscard]] virtual std::optional<std::uint64_t> rows_before_limit() const = 0;
};

/// Parses, binds and plans a query, and begins to answer it over the newest snapshot. It is listed in
/// system.processes, and can be killed, until the answer is destroyed.
/// Errors  by query_error.hpp.
absl::StatusOr<std::unique_ptr<QueryAnswer>> begin_query(QueryRequest request,
                                                         const Context& context);

}  // namespace grapevine::sql
