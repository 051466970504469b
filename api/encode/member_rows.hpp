#pragma once

#include <span>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/encode/attribute_value.hpp"
#include "api/execute/member_list.hpp"
#include "api/message.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

/// One page of a target list, and what stands beside its rows.
struct MemberPage {
  std::string segment;
  std::span<const CustomerId> rows;
  std::span<const ListedField> fields;
  const MemberList* list = nullptr;
  const Snapshot* snapshot = nullptr;
  AnswerMoment moment;
  std::string next_cursor;  ///< Empty: this is the last page.
};

/// What a page shows of a customer. `hash` holds the text of a hashed field until it is used again.
AttributeValue listed_value(const MemberPage& page, const ListedField& field, CustomerId customer,
                            std::string& hash);

/// The page as JSON, NDJSON, CSV (RFC 4180, with a header row) or an Arrow stream. A value that is
/// missing is null, or empty in CSV. Errors  Cancelled: `stop` fired.
absl::StatusOr<Response> encode_members(const MemberPage& page, RowFormat format, const Stop& stop);

}  // namespace grapevine
