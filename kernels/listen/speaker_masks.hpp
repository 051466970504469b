#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace grapevine {

/// Who is in which of a few lists of people.
class SpeakerMasks {
 public:
  static constexpr std::size_t kListsMax = 64;

  /// No lists.
  SpeakerMasks() = default;
  /// Every mask is yet to be written: whoever writes a part of them clears it first.
  SpeakerMasks(std::size_t lists, std::size_t customers)
      : lists_(lists),
        customers_(customers),
        masks_(std::make_unique_for_overwrite<std::uint64_t[]>(customers)) {}

  [[nodiscard]] std::size_t lists() const { return lists_; }
  /// By customer: bit l is set who is in list l.
  [[nodiscard]] std::span<std::uint64_t> of_customer() { return {masks_.get(), customers_}; }
  [[nodiscard]] std::span<const std::uint64_t> of_customer() const {
    return {masks_.get(), customers_};
  }

  friend bool operator==(const SpeakerMasks& a, const SpeakerMasks& b) {
    return a.lists_ == b.lists_ && std::ranges::equal(a.of_customer(), b.of_customer());
  }

 private:
  std::size_t lists_ = 0;
  std::size_t customers_ = 0;
  std::unique_ptr<std::uint64_t[]> masks_;
};

}  // namespace grapevine
