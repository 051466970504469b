#include "kernels/propagation/rare_speech.hpp"

#include <cmath>

namespace grapevine {
namespace {

// Small enough that the chance of no pick is far from the smallest double.
constexpr double kRateMax = 8.0;

}  // namespace

void RareSpeech::append(std::span<const RareListener> listeners) {
  std::vector<double> rates;
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::size_t begin = 0; begin != listeners.size();) {
    rates.clear();
    double rate = 0.0;
    std::size_t end = begin;
    for (; end != listeners.size() && (rate == 0.0 || rate < kRateMax); ++end) {
      rates.push_back(-std::log1p(-static_cast<double>(listeners[end].probability)));
      rate += rates.back();
    }
    RareChunk& chunk = chunks.emplace_back();
    chunk = {slots.size(), static_cast<std::uint32_t>(end - begin), rate, std::exp(-rate)};

    // Each slot holds one average rate: whoever has less than that shares it with one who has more.
    poor.clear();
    rich.clear();
    for (std::uint32_t i = 0; i != chunk.slots; ++i) {
      rates[i] *= chunk.slots / rate;
      (rates[i] < 1.0 ? poor : rich).push_back(i);
      const std::uint32_t own = listeners[begin + i].place;
      slots.push_back({0, own, own});  // Of one listener alone, whatever is drawn.
    }
    while (!poor.empty() && !rich.empty()) {
      const std::uint32_t small = poor.back();
      const std::uint32_t large = rich.back();
      poor.pop_back();
      RareSlot& slot = slots[chunk.begin + small];
      slot.first_below = static_cast<std::uint32_t>(rates[small] * 0x1p32);
      slot.second = listeners[begin + large].place;
      rates[large] -= 1.0 - rates[small];
      if (rates[large] < 1.0) {
        rich.pop_back();
        poor.push_back(large);
      }
    }
    begin = end;
  }
}

void RareSpeech::append(const RareSpeech& other) {
  for (RareChunk chunk : other.chunks) {
    chunk.begin += slots.size();
    chunks.push_back(chunk);
  }
  slots.insert(slots.end(), other.slots.begin(), other.slots.end());
}

}  // namespace grapevine
