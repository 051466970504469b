#include "kernels/text/embedded.hpp"

#include <cstddef>

// The assembler takes the files as they are: a list of a million numbers costs a compiler seconds.
// GRAPEVINE_TEXT_FOLDER is this folder; sources.cmake says so, and what to make anew when.
#define GRAPEVINE_EMBED(symbol, file)                                                            \
  __asm__(                                                                                       \
      ".pushsection .rodata\n"                                                                   \
      ".balign 64\n" #symbol "_begin:\n.incbin \"" GRAPEVINE_TEXT_FOLDER "/" file "\"\n" #symbol \
      "_end:\n.byte 0\n.popsection\n");                                                          \
  extern "C" const char symbol##_begin[];                                                        \
  extern "C" const char symbol##_end[]

GRAPEVINE_EMBED(grapevine_words, "lexicon/words.tsv");
GRAPEVINE_EMBED(grapevine_emoji, "lexicon/emoji.tsv");
GRAPEVINE_EMBED(grapevine_modifiers, "lexicon/modifiers.tsv");
GRAPEVINE_EMBED(grapevine_function_words, "lexicon/function_words.tsv");
GRAPEVINE_EMBED(grapevine_service_words, "lexicon/service_words.tsv");
GRAPEVINE_EMBED(grapevine_korean, "korean_model.bin");

namespace grapevine {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::string_view embedded_words() { return between(grapevine_words_begin, grapevine_words_end); }

std::string_view embedded_emoji() { return between(grapevine_emoji_begin, grapevine_emoji_end); }

std::string_view embedded_modifiers() {
  return between(grapevine_modifiers_begin, grapevine_modifiers_end);
}

std::string_view embedded_function_words() {
  return between(grapevine_function_words_begin, grapevine_function_words_end);
}

std::string_view embedded_service_words() {
  return between(grapevine_service_words_begin, grapevine_service_words_end);
}

std::span<const std::int8_t> embedded_korean_model() {
  const auto bytes = between(grapevine_korean_begin, grapevine_korean_end);
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

}  // namespace grapevine
