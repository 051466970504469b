#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace grapevine {

/// Who of some people is in which of a few lists.
class SpeakerMasks {
 public:
  static constexpr std::size_t kListsMax = 64;

  /// No lists.
  SpeakerMasks() = default;
  /// The masks are yet to be written.
  SpeakerMasks(std::size_t lists, std::size_t people)
      : lists_(lists),
        people_(people),
        masks_(std::make_unique_for_overwrite<std::uint64_t[]>(people)) {}

  [[nodiscard]] std::size_t lists() const { return lists_; }
  /// By person: bit l is set who is in list l.
  [[nodiscard]] std::span<std::uint64_t> of_person() { return {masks_.get(), people_}; }
  [[nodiscard]] std::span<const std::uint64_t> of_person() const { return {masks_.get(), people_}; }

  friend bool operator==(const SpeakerMasks& a, const SpeakerMasks& b) {
    return a.lists_ == b.lists_ && std::ranges::equal(a.of_person(), b.of_person());
  }

 private:
  std::size_t lists_ = 0;
  std::size_t people_ = 0;
  std::unique_ptr<std::uint64_t[]> masks_;
};

}  // namespace grapevine
