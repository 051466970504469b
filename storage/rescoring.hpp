#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/log/bytes.hpp"

namespace grapevine {

/// What a model made of texts that are stored.
struct Rescoring {
  static constexpr std::int16_t kScoreMax = 10'000;

  struct Text {
    std::uint64_t sequence = 0;         ///< Of the row.
    std::optional<std::int16_t> score;  ///< In ten-thousandths, from -1 to 1; none: unknown.
  };
  std::string model;
  std::vector<Text> texts;  ///< Ascending by sequence, each once.

  /// Some 4 bytes a text.
  void encode(ByteWriter& out) const;
  /// What is no such thing leaves `in` not ok.
  static Rescoring decode(ByteReader& in);
};

}  // namespace grapevine
