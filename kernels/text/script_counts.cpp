#include "kernels/text/script_counts.hpp"

#include <utf8proc.h>

#include "kernels/text/emoji_names.hpp"
#include "kernels/text/links.hpp"
#include "kernels/text/scripts.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

bool is_letter(char32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return true;
    default: return false;
  }
}

}  // namespace

ScriptCounts count_scripts(std::string_view text) {
  ScriptCounts counts;
  bool begins_token = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (begins_token && (c == '@' || c == 'h' || c == 'w')) at = end_of_link(text, at);
    if (at == text.size()) break;
    const CodePoint point = code_point_at(text, at);
    at += point.bytes;
    begins_token = point.value <= ' ';
    if (is_ascii_letter(point.value)) {
      ++counts.latin;
    } else if (point.value < 0x80) {
      continue;
    } else if (is_hangul(point.value)) {
      ++counts.hangul;
    } else if (is_accented_latin(point.value)) {
      ++counts.accented;
    } else {
      counts.foreign += is_letter(point.value) ? 1 : 0;
      counts.emoji += emoji_name(point.value).empty() ? 0 : 1;
    }
  }
  return counts;
}

}  // namespace grapevine
