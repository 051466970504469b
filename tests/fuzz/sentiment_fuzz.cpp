// Texts of any bytes: they have a mood within bounds or none, and the same one each time.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory_resource>
#include <string>
#include <string_view>

#include "kernels/text/korean_text.hpp"
#include "kernels/text/script_counts.hpp"
#include "kernels/text/sentiment.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using grapevine::Language;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const grapevine::Sentiment found = grapevine::sentiment(text);
  require(found.confidence >= 0.0 && found.confidence <= 1.0);
  require(found.score || found.confidence == 0.0);
  require(!found.score || std::abs(*found.score) <= 1.0);
  require(found.score || found.language == Language::Other);
  require(grapevine::sentiment(std::string(text)) == found);
  require(grapevine::language_of(text) == found.language);

  const auto scripts = grapevine::count_scripts(text);
  require(scripts.hangul + scripts.latin + scripts.accented + scripts.foreign <= size);
  const auto symbols = grapevine::normalize_korean(text, std::pmr::get_default_resource());
  require(symbols.size() <= size + 2 && symbols.front() == ' ' && symbols.back() == ' ');
  return 0;
}
