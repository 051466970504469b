#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/parse/exit_rules.hpp"

namespace grapevine {

/// Where a reader of changes goes on.
struct ChangeCursor {
  std::uint64_t stream = 0;    ///< The number of the stream.
  std::uint64_t position = 0;  ///< Of the next change.
  /// How many of those who were in at `position` were told; nullopt: all of them.
  std::optional<std::uint64_t> told{};

  friend bool operator==(const ChangeCursor&, const ChangeCursor&) = default;
};

/// What a cursor is good for: the segment, and who is kept back.
struct ChangeReader {
  std::string segment;
  ExitRules rules;
};

/// The cursor as text that may stand in a URL, a header or a line: "17.4200.0-9f3a02bc11d0e4a7".
std::string write_change_cursor(const ChangeCursor& cursor, const ChangeReader& reader);
/// And back; nullopt for what was not written for this reader: it carries a checksum of both.
std::optional<ChangeCursor> read_change_cursor(std::string_view text, const ChangeReader& reader);

}  // namespace grapevine
