#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/exit_rules.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What the next page of a list is made from: everything but the data.
struct Cursor {
  std::string list;            ///< Which list: "segments/vip/members".
  std::uint64_t process = 0;   ///< ResultCache::process() of who gave it.
  std::uint64_t snapshot = 0;  ///< The pinned one.
  TimeMs as_of = 0;
  bool in_the_past = false;  ///< Whether as_of was asked for and lay before the clock.
  std::uint64_t offset = 0;  ///< Rows on the pages before.
  std::uint64_t limit = 0;
  std::string order_by;
  ExitRules exit;  ///< Whom the list keeps back.
  std::vector<std::string> fields;
};

/// The cursor as text for a URL, and back; nullopt for what no cursor was made from: it carries a
/// checksum. A caller may read it, but not make one up.
std::string write_cursor(const Cursor& cursor);
std::optional<Cursor> read_cursor(std::string_view text);

}  // namespace grapevine
