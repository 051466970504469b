#include "kernels/listen/mood_reader.hpp"

#include <algorithm>
#include <array>
#include <variant>

#include "kernels/listen/mood_lanes.hpp"
#include "kernels/segment/offset_bound.hpp"
#include "storage/schema.hpp"

namespace grapevine {
MoodReader::MoodReader(const Run& run) : column_(run.column(column_id(CoreColumn::Sentiment))) {
  if (column_ != nullptr) scores_ = std::get_if<RealValues>(&column_->values);
  if (scores_ == nullptr) return;
  const unsigned width = scores_->numbers.width();
  if (scores_->form != RealValues::Form::Decimal || width > 4) return;
  bounds_ = {
      first_offset(width, [&](std::uint64_t i) { return scores_->of_offset(i) > kMoodScore; }),
      first_offset(width, [&](std::uint64_t i) { return scores_->of_offset(i) >= -kMoodScore; })};
}

void MoodReader::read(std::size_t begin, std::span<std::uint8_t> moods) const {
  if (scores_ == nullptr) {
    std::ranges::fill(moods, std::uint8_t{0});
    return;
  }
  if (bounds_) {
    compare(*bounds_, begin, moods);
  } else {
    std::array<std::int64_t, kReadTogether> of_row, sums;
    note_moods(*scores_, begin, std::span(of_row).first(moods.size()), sums);
    std::transform(of_row.begin(), of_row.begin() + static_cast<std::ptrdiff_t>(moods.size()),
                   moods.begin(),
                   [](std::int64_t mood) { return static_cast<std::uint8_t>(mood); });
  }
  if (column_->present.empty()) return;
  const std::uint64_t* const present = column_->present.data();
  for (std::size_t i = 0; i < moods.size(); ++i) {  // Without a branch: nobody could guess.
    const std::size_t row = begin + i;
    moods[i] &= static_cast<std::uint8_t>(-((present[row / 64] >> (row % 64)) & 1));
  }
}

void MoodReader::compare(const Bounds& bounds, std::size_t begin,
                         std::span<std::uint8_t> moods) const {
  const auto positive = bounds.positive, neutral = bounds.neutral;
  std::uint8_t* const into = moods.data();
  scores_->numbers.visit([&](const auto offsets) {
    for (std::size_t i = 0; i < moods.size(); ++i) {
      const std::uint64_t offset = offsets[begin + i];
      into[i] =
          static_cast<std::uint8_t>(1 + (offset >= positive ? 1 : 0) + (offset < neutral ? 2 : 0));
    }
  });
}

}  // namespace grapevine
