#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "storage/checkpoint/save_later.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Which external ids stand for one person. Every external id has a number (CustomerId); one of the
/// numbers of a person, the *representative*, carries the person's rows and attributes, and one,
/// perhaps another, gives the name by which the person is known. Who was never merged is their own
/// representative and name. Immutable once published; any number of threads may read.
class Persons {
 public:
  struct Entry {
    CustomerId person;  ///< The representative of this external id; kNobody: erased.
    CustomerId name;    ///< Of a representative: the number of the external id that is its name.
    CustomerId own;     ///< The number where the traits given to this external id alone are kept.
  };
  static constexpr std::size_t kCustomers = 4096;
  struct Chunk {
    std::vector<Entry> entries;  ///< kCustomers.
    /// A bit each, 1 = a person of its own: what entries say, for those who ask about everyone.
    std::array<std::uint64_t, kCustomers / 64> are_persons{};

    void note(std::size_t slot, bool is_person) {
      const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
      are_persons[slot / 64] = (are_persons[slot / 64] & ~bit) | (is_person ? bit : 0);
    }
  };

  [[nodiscard]] Entry at(CustomerId identity) const {
    const std::size_t c = index(identity) / kCustomers;
    if (c >= chunks.size() || chunks[c] == nullptr) return {identity, identity, identity};
    return chunks[c]->entries[index(identity) % kCustomers];
  }
  /// The representative of an external id; kNobody: erased, or it was kNobody already.
  [[nodiscard]] CustomerId of(CustomerId identity) const { return at(identity).person; }
  /// Whether the number is a person of its own: not merged into another, not erased, in use.
  [[nodiscard]] bool is_person(CustomerId customer) const { return of(customer) == customer; }

  /// By number / kCustomers; nullptr, or beyond the end: nobody of that range was merged.
  std::vector<std::shared_ptr<const Chunk>> chunks;
  std::size_t absent = 0;  ///< Numbers that are no persons.
};

/// The persons while they are written: chunks that a reader may hold are copied before the first
/// change after each publication. Not thread-safe.
class PersonWriter {
 public:
  [[nodiscard]] Persons::Entry at(CustomerId identity) const;
  [[nodiscard]] CustomerId of(CustomerId identity) const { return at(identity).person; }
  void set(CustomerId identity, const Persons::Entry& entry);

  std::shared_ptr<const Persons> publish();

  /// What writes the persons as they stand, later; a new PersonWriter loads them.
  SaveLater freeze();
  /// `numbers`: every number of a customer is below.
  void load(FieldReader& in, std::size_t numbers);

 private:
  std::vector<std::shared_ptr<Persons::Chunk>> chunks_;
  std::vector<std::uint64_t> written_in_;  // By chunk: the publication after which it was copied.
  std::uint64_t publication_ = 1;
  std::size_t absent_ = 0;
  std::shared_ptr<const Persons> published_;
};

}  // namespace grapevine
