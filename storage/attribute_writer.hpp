#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/checkpoint/save_later.hpp"
#include "storage/copy_on_write_array.hpp"
#include "storage/customers.hpp"
#include "storage/dictionary.hpp"
#include "storage/ids.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// One attribute while it is written: chunks that a reader may hold are copied before the first
/// change after each publication; the others are changed in place. Not thread-safe.
class AttributeWriter {
 public:
  explicit AttributeWriter(std::string name = {});

  /// Sets a value (bits as in Cell; a String's are a text given beside them), widening the column
  /// where the type asks for it. Cost: O(1), and a copy of one chunk the first time after a
  /// publication; a widening rewrites the column.
  void set(CustomerId customer, ValueType type, std::uint64_t bits, std::string_view text);
  void remove(CustomerId customer);
  /// Gives a customer the value of another, or none where that has none.
  void copy(CustomerId from, CustomerId to);

  /// Which call wrote a customer's value last; 0: none, or one that any other may overwrite.
  [[nodiscard]] std::uint32_t version(CustomerId customer) const {
    return index(customer) < versions_.size() ? versions_[index(customer)] : 0;
  }
  void set_version(CustomerId customer, std::uint32_t version);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// nullptr: the attribute has no strings.
  [[nodiscard]] Dictionary* dictionary() const { return dictionary_.get(); }
  /// The column as it stands; the same object as before where nothing was written since.
  std::shared_ptr<const AttributeColumn> publish();

  /// What writes the column as it stands, later; a new AttributeWriter loads it.
  SaveLater freeze();
  /// `calls`: every version is below.
  void load(FieldReader& in, std::size_t calls);

 private:
  AttributeChunk& writable(CustomerId customer);
  void widen(ValueType type);
  void convert(AttributeChunk& chunk, ValueType from, ValueType to);

  std::string name_;
  ValueType type_ = ValueType::Null;
  bool has_large_integers_ = false;  // Some that no double holds.
  std::shared_ptr<Dictionary> dictionary_;
  std::vector<std::shared_ptr<AttributeChunk>> chunks_;
  std::vector<std::uint64_t>
      written_in_;  // By chunk: the publication after which it was last copied.
  std::uint64_t publication_ = 1;
  CopyOnWriteArray<std::uint32_t> versions_;
  std::shared_ptr<const AttributeColumn> published_;
};

}  // namespace grapevine
