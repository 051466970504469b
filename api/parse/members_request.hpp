#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/cursor.hpp"
#include "api/parse/exit_rules.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/within.hpp"

namespace grapevine {

/// In which form rows are sent.
enum class RowFormat : std::uint8_t { Json, Ndjson, Csv, Arrow };

/// The parameter `format`, else what the Accept header likes best of these; JSON where it names none.
RowFormat read_format(QueryReader& query, const Request& request);

/// What a page of a list is asked for. What a cursor said stands in for what was not given.
struct PageRequest {
  std::optional<Cursor> cursor;
  std::string order_by;                   ///< As sent: "-spend".
  std::vector<std::string> fields;        ///< Beside customer_id.
  ExitRules exit;                         ///< Whom to keep back.
  AsOf as_of;                             ///< Not looked at where there is a cursor.
  std::optional<std::uint64_t> snapshot;  ///< The pinned one that was asked for.
  std::uint64_t limit = 100;
  RowFormat format = RowFormat::Json;
};

inline constexpr std::size_t kFieldsMax = 100;
inline constexpr std::int64_t kJsonLimit = 10'000;     ///< Rows of a page as JSON.
inline constexpr std::int64_t kRowsLimit = 1'000'000;  ///< As NDJSON, CSV or Arrow.

/// Reads the parameters of `GET /v1/segments/{name}/members`. `list`: what a cursor must be of.
/// Errors  Unprocessable: a parameter that is not known, not as it should be, or not what it was
///         when the cursor was given. Gone: a cursor that this server did not give.
absl::StatusOr<PageRequest> parse_members_request(const Request& request, const std::string& list,
                                                  const Context& context);

/// The same for a list whose rows are not chosen by callers: `limit`, `cursor`, `as_of`, `snapshot`.
absl::StatusOr<PageRequest> parse_list_request(const Request& request, const std::string& list,
                                               const Context& context, std::int64_t limit_max,
                                               std::uint64_t limit = 100);

/// The same for `GET /v1/customers/{id}/export`, which knows no moment: `limit` (100,000 where it is
/// absent, and at most), `cursor`, `snapshot`.
absl::StatusOr<PageRequest> parse_export_request(const Request& request, const std::string& list);

}  // namespace grapevine
