#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/encode/json_writer.hpp"
#include "api/execute/change_page.hpp"
#include "api/message.hpp"
#include "api/parse/members_request.hpp"

namespace grapevine {

/// A page of changes and what it speaks from.
struct ChangeAnswer {
  ChangePage page;
  std::string segment;
  std::string next_cursor;
  TimeMs as_of = 0;
  std::uint64_t snapshot = 0;  ///< Its number.
};

/// "entered" or "left".
std::string_view name_of_change(const ToldChange& change);

/// `{"customer_id", "change", "ts"}`.
void write_change(JsonWriter& json, const ToldChange& change);

/// `{"consent", "restricted", "holdout", "erased"}`: changes of the page that are not told.
void write_withheld_changes(JsonWriter& json, const ChangePage& page);

Response encode_changes(const ChangeAnswer& answer, RowFormat format);

}  // namespace grapevine
