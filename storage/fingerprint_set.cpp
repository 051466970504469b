#include "storage/fingerprint_set.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace grapevine {
namespace {

bool before(const Fingerprint& a, const Fingerprint& b) {
  return std::tie(a.low, a.high) < std::tie(b.low, b.high);
}

// Zeros stand for a free slot: the fingerprint of zeros is taken for its neighbour.
Fingerprint storable(Fingerprint fingerprint) {
  if (fingerprint == Fingerprint{}) fingerprint.high = 1;
  return fingerprint;
}

// The slot of a uniform number among so many, ascending with it.
std::size_t home(std::uint64_t low, std::size_t homes) {
  __extension__ using Product = unsigned __int128;
  return static_cast<std::size_t>(Product{low} * homes >> 64);
}

}  // namespace

bool FingerprintSet::insert(Fingerprint fingerprint) {
  fingerprint = storable(fingerprint);
  if (10 * (size_ + 1) > 9 * homes_) grow();
  const std::size_t slot = find(fingerprint);
  if (slot < slots() && is_taken(slot) && at(slot) == fingerprint) return false;
  place(slot, fingerprint);
  ++size_;
  return true;
}

bool FingerprintSet::contains(Fingerprint fingerprint) const {
  if (size_ == 0) return false;
  fingerprint = storable(fingerprint);
  const std::size_t slot = find(fingerprint);
  return slot < slots() && is_taken(slot) && at(slot) == fingerprint;
}

bool FingerprintSet::is_taken(std::size_t slot) const { return at(slot) != Fingerprint{}; }

Fingerprint FingerprintSet::at(std::size_t slot) const {
  Fingerprint fingerprint;
  const std::uint8_t* const bytes = slots_.data() + slot * kSlotBytes;
  std::memcpy(&fingerprint.low, bytes, sizeof fingerprint.low);
  std::memcpy(&fingerprint.high, bytes + sizeof fingerprint.low, sizeof fingerprint.high);
  return fingerprint;
}

void FingerprintSet::put(std::size_t slot, Fingerprint fingerprint) {
  std::uint8_t* const bytes = slots_.data() + slot * kSlotBytes;
  std::memcpy(bytes, &fingerprint.low, sizeof fingerprint.low);
  std::memcpy(bytes + sizeof fingerprint.low, &fingerprint.high, sizeof fingerprint.high);
}

std::size_t FingerprintSet::find(Fingerprint fingerprint) const {
  std::size_t slot = home(fingerprint.low, homes_);
  while (slot < slots() && is_taken(slot) && before(at(slot), fingerprint)) ++slot;
  return slot;
}

// Pushes those who stand there on by one.
void FingerprintSet::place(std::size_t slot, Fingerprint fingerprint) {
  std::size_t free = slot;
  while (free < slots() && is_taken(free)) ++free;
  if (free == slots()) add_spare();
  std::uint8_t* const bytes = slots_.data() + slot * kSlotBytes;
  std::memmove(bytes + kSlotBytes, bytes, (free - slot) * kSlotBytes);
  put(slot, fingerprint);
}

void FingerprintSet::add_spare() {
  const std::size_t bytes = slots_.size() + kSpare * kSlotBytes;
  slots_.reserve(bytes);  // No more than that.
  slots_.resize(bytes);
}

void FingerprintSet::grow() {
  FingerprintSet larger;
  larger.homes_ = std::max<std::size_t>(homes_ + homes_ / 8, homes_ + 8);
  larger.slots_.resize((larger.homes_ + kSpare) * kSlotBytes);
  larger.size_ = size_;
  std::size_t next = 0;  // Behind the last that was placed: those that follow are larger.
  for_each([&](Fingerprint fingerprint) {
    next = std::max(next, home(fingerprint.low, larger.homes_));
    if (next == larger.slots()) larger.add_spare();
    larger.put(next++, fingerprint);
  });
  *this = std::move(larger);
}

}  // namespace grapevine
