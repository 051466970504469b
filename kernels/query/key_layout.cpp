#include "kernels/query/key_layout.hpp"

#include <algorithm>

namespace grapevine::sql {

KeyLayout::KeyLayout(std::span<const KeyCodes::Part> parts) : places_(parts.size()) {
  // The widest first, each into the first word that has room.
  std::vector<std::uint8_t> used;
  const auto place = [&](std::uint8_t bits, std::uint8_t& word, std::uint8_t& shift) {
    std::size_t w = 0;
    while (w < used.size() && used[w] + bits > 64) ++w;
    if (w == used.size()) used.push_back(0);
    word = static_cast<std::uint8_t>(w);
    shift = used[w];
    used[w] = static_cast<std::uint8_t>(used[w] + bits);
  };
  for (const int width : {64, 32, 16, 8}) {
    const auto bits = static_cast<std::uint8_t>(width);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].bits != bits) continue;
      places_[i].bits = bits;
      places_[i].mask = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
      place(bits, places_[i].word, places_[i].shift);
    }
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    places_[i].nullable = parts[i].nullable;
    if (parts[i].nullable && parts[i].bits > 0) {
      place(1, places_[i].null_word, places_[i].null_shift);
    }
  }
  words_ = std::max<std::size_t>(1, used.size());
}

void KeyLayout::pack(std::span<const KeyCodes::Numbers> numbers, std::size_t rows,
                     std::span<std::vector<std::uint64_t>> packed) const {
  // What all rows have in common comes first.
  std::vector<std::uint64_t> common(words_);
  for (std::size_t part = 0; part < places_.size(); ++part) {
    const Place& place = places_[part];
    if (place.bits == 0) continue;
    if (numbers[part].is_null) {
      common[place.null_word] |= std::uint64_t{1} << place.null_shift;
    } else if (numbers[part].numbers == nullptr) {
      common[place.word] |= numbers[part].value << place.shift;
    }
  }
  for (std::size_t w = 0; w < words_; ++w) packed[w].assign(rows, common[w]);
  for (std::size_t part = 0; part < places_.size(); ++part) {
    const Place& place = places_[part];
    const KeyCodes::Numbers& of_part = numbers[part];
    if (place.bits == 0 || of_part.is_null || of_part.numbers == nullptr) continue;
    std::uint64_t* const words = packed[place.word].data();
    visit_numbers(of_part, [&](const auto* values) {
      const std::uint8_t shift = place.shift;
      const std::uint64_t flip = of_part.flip;
      if (of_part.nulls == nullptr) {
        for (std::size_t i = 0; i < rows; ++i) words[i] |= (values[i] ^ flip) << shift;
        return;
      }
      std::uint64_t* const null_words = packed[place.null_word].data();
      for (std::size_t i = 0; i < rows; ++i) {
        const std::uint64_t is_null = of_part.nulls[i] != 0 ? 1 : 0;
        words[i] |= ((values[i] ^ flip) & (is_null - 1)) << shift;
        null_words[i] |= is_null << place.null_shift;
      }
    });
  }
}

void KeyLayout::pack_row(std::span<const KeyCodes::Numbers> numbers, std::size_t row,
                         std::span<std::uint64_t> words) const {
  if (places_.size() == 1 && words.size() == 1 && places_[0].bits != 0 && !numbers[0].is_null &&
      numbers[0].nulls == nullptr) {
    words[0] = number_of(numbers[0], row) << places_[0].shift;
    return;
  }
  std::fill(words.begin(), words.end(), 0);
  for (std::size_t part = 0; part < places_.size(); ++part) {
    const Place& place = places_[part];
    const KeyCodes::Numbers& of_part = numbers[part];
    if (place.bits == 0) continue;
    if (of_part.is_null || (of_part.nulls != nullptr && of_part.nulls[row] != 0)) {
      words[place.null_word] |= std::uint64_t{1} << place.null_shift;
    } else {
      words[place.word] |= number_of(of_part, row) << place.shift;
    }
  }
}

}  // namespace grapevine::sql
