#include "kernels/segment/code_set.hpp"

#include <bit>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kCodesPerBlock = 16'384;  // A multiple of 32: a task owns its words.

void add_code(CodeSet& set, std::size_t code) {
  set.bits[code / 32] |= std::uint32_t{1} << (code % 32);
}

void count_codes(CodeSet& set) {
  for (std::size_t word = 0; word < set.bits.size(); ++word) {
    set.count += static_cast<std::size_t>(std::popcount(set.bits[word]));
    for (std::uint32_t rest = set.bits[word]; rest != 0 && set.few.size() < CodeSet::kFew;
         rest &= rest - 1) {
      set.few.push_back(static_cast<std::uint32_t>(word * 32) +
                        static_cast<std::uint32_t>(std::countr_zero(rest)));
    }
  }
}

}  // namespace

CodeSet accepted_codes(const Dictionary& dictionary, const ValueTest& test) {
  CodeSet set;
  const std::size_t codes = dictionary.size();
  set.bits.resize(codes / 32 + 1);
  if (test.text || test.any) {
    for_each_block(codes, kCodesPerBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t code = begin; code < end; ++code) {
        if (satisfies(test, dictionary.at(static_cast<std::uint32_t>(code)))) add_code(set, code);
      }
    });
  } else {
    for (const std::string& text : test.texts) {
      const std::uint32_t code = dictionary.find(text);
      if (code < codes) add_code(set, code);  // kMissing and what came meanwhile are beyond.
    }
  }
  count_codes(set);
  return set;
}

}  // namespace grapevine
