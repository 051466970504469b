#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/date_time.hpp"
#include "storage/dictionary.hpp"
#include "storage/ids.hpp"
#include "storage/narrow_values.hpp"
#include "storage/persons.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// The values of one attribute for a fixed range of customers. Immutable once published.
struct AttributeChunk {
  static constexpr std::size_t kCustomers = 8192;

  std::array<std::uint64_t, kCustomers / 64> present{};  ///< 1 = not null.
  /// Bool: 0 or 1 in a byte. String: codes of the attribute's dictionary. kCustomers elements;
  /// what stands at an absent one is 0.
  std::variant<std::vector<std::uint8_t>, std::vector<std::int64_t>, std::vector<double>,
               std::vector<std::uint32_t>, std::vector<DateTime>>
      values;

  [[nodiscard]] bool has(std::size_t slot) const {
    return ((present[slot / 64] >> (slot % 64)) & 1) != 0;
  }

  /// Codes and integers as bytes; nullptr where they do not lie close enough together. Only of
  /// published chunks. Cost: a pass over the chunk the first time. Thread-safe.
  [[nodiscard]] const NarrowValues* narrow() const;

  LazyNarrowValues made_narrow;  ///< Of `narrow`.
};

/// A column of `customers`: chunk c holds customers [c, c + 1) × AttributeChunk::kCustomers.
struct AttributeColumn {
  std::string name;
  ValueType type = ValueType::Null;
  std::shared_ptr<const Dictionary> dictionary;  ///< Of String columns.
  /// nullptr, or beyond the end: no customer of that range has the attribute.
  std::vector<std::shared_ptr<const AttributeChunk>> chunks;

  [[nodiscard]] const AttributeChunk* chunk_of(CustomerId customer) const {
    const std::size_t chunk = index(customer) / AttributeChunk::kCustomers;
    return chunk < chunks.size() ? chunks[chunk].get() : nullptr;
  }
};

/// How people are called. It outlives its snapshot.
struct CustomerNames {
  std::shared_ptr<const Dictionary> ids;  ///< External ids by number; may know later ones too.
  std::shared_ptr<const Persons> persons;

  /// The name of a person, given by representative.
  [[nodiscard]] std::string_view name(CustomerId person) const {
    return ids->at(index(persons->at(person).name));
  }
};

/// All customers as of one snapshot. Immutable; any number of threads may read.
class CustomerTable {
 public:
  /// Customers have numbers below count(). Not every number is a person: see persons().
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::size_t people() const { return count_ - names_.persons->absent; }
  /// The external id by which a person is known.
  [[nodiscard]] std::string_view external_id(CustomerId person) const {
    return names_.name(person);
  }
  [[nodiscard]] const CustomerNames& names() const { return names_; }
  [[nodiscard]] const Persons& persons() const { return *names_.persons; }
  /// The person with that external id, one of perhaps several; kNobody: none in this snapshot.
  [[nodiscard]] CustomerId find(std::string_view external_id) const;

  /// nullptr: no such attribute. Attributes beside traits: `kind`, `account_id`.
  [[nodiscard]] const AttributeColumn* attribute(std::string_view name) const;
  [[nodiscard]] const std::vector<std::shared_ptr<const AttributeColumn>>& attributes() const {
    return attributes_;
  }

 private:
  friend class CustomerWriter;
  std::size_t count_ = 0;
  CustomerNames names_;
  std::vector<std::shared_ptr<const AttributeColumn>>
      attributes_;  // By AttributeId: order of appearance.
};

}  // namespace grapevine
