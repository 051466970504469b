#pragma once

#include <cstddef>
#include <string_view>

namespace grapevine {

/// How many letters of which scripts a text has, links and @names left out.
struct ScriptCounts {
  std::size_t hangul = 0;    ///< Syllables and jamo.
  std::size_t latin = 0;     ///< A to Z, small and capital.
  std::size_t accented = 0;  ///< Other letters of the Latin script.
  std::size_t foreign = 0;   ///< Letters of every other script.
  std::size_t emoji = 0;     ///< Those that emoji_name knows.

  bool has_letters() const { return hangul + latin + accented + foreign != 0; }
};

/// Counts a text's letters. Bytes that are no UTF-8 are no letters. Cost: one pass.
ScriptCounts count_scripts(std::string_view text);

}  // namespace grapevine
