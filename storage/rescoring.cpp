#include "storage/rescoring.hpp"

#include <utility>

namespace grapevine {
namespace {

// 0: none. Else 1 + the score as zigzag has it.
std::uint64_t code_of(std::optional<std::int16_t> score) {
  if (!score) return 0;
  return *score < 0 ? static_cast<std::uint64_t>(-*score) * 2
                    : static_cast<std::uint64_t>(*score) * 2 + 1;
}

std::optional<std::int16_t> score_of(std::uint64_t code) {
  if (code == 0) return std::nullopt;
  const auto size = static_cast<std::int16_t>(code / 2);
  return code % 2 == 0 ? static_cast<std::int16_t>(-size) : size;
}

constexpr std::uint64_t kCodeMax = std::uint64_t{Rescoring::kScoreMax} * 2 + 1;

}  // namespace

void Rescoring::encode(ByteWriter& out) const {
  out.text(model);
  out.varint(texts.size());
  std::uint64_t next = 0;
  for (const Text& text : texts) {
    out.varint(text.sequence - next);
    out.varint(code_of(text.score));
    next = text.sequence + 1;
  }
}

Rescoring Rescoring::decode(ByteReader& in) {
  Rescoring rescoring;
  rescoring.model = in.text();
  std::uint64_t next = 0;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    const std::uint64_t sequence = next + in.varint();
    const std::uint64_t code = in.varint();
    if (sequence < next || sequence + 1 == 0 || code > kCodeMax) {
      in.take(in.left() + 1);  // Not ok from here on.
      return {};
    }
    rescoring.texts.push_back({sequence, score_of(code)});
    next = sequence + 1;
  }
  return rescoring;
}

}  // namespace grapevine
