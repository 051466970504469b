#include "kernels/text/korean_model.hpp"

#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>

#include "kernels/text/embedded.hpp"

namespace grapevine {

static_assert(std::endian::native == std::endian::little, "the header is read as it is");

const KoreanModel& KoreanModel::embedded() {
  static const KoreanModel model = [] {
    const std::span<const std::int8_t> file = embedded_korean_model();
    assert(file.size() == kKoreanModelHeaderBytes + kKoreanFeatures);
    assert(std::memcmp(file.data(), kKoreanModelMagic, 8) == 0);
    KoreanModel made{.weights = file.subspan(kKoreanModelHeaderBytes)};
    std::memcpy(&made.scale, file.data() + 8, sizeof(double));
    std::memcpy(&made.bias, file.data() + 16, sizeof(double));
    return made;
  }();
  return model;
}

double korean_log_odds(const KoreanModel& model, std::span<const char32_t> symbols,
                       std::pmr::memory_resource* memory) {
  std::int64_t sum = 0;
  std::uint64_t features = 0;
  for_each_korean_feature(symbols, memory, [&](std::uint32_t feature, bool turned) {
    sum += turned ? -model.weights[feature] : model.weights[feature];
    ++features;
  });
  // A long text says the same thing more than once: its sum grows as the root of its length.
  const double length = std::sqrt(static_cast<double>(features + 1));
  return model.bias + model.scale * static_cast<double>(sum) / length;
}

}  // namespace grapevine
