#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/attribute_writer.hpp"
#include "storage/batch.hpp"
#include "storage/checkpoint/save_later.hpp"
#include "storage/customers.hpp"
#include "storage/dictionary.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The customers while they are written. Not thread-safe; the tables that it publishes are
/// immutable.
class CustomerWriter {
 public:
  CustomerWriter();

  /// Numbers for external ids, in the order in which they stand; new ids get new numbers.
  void resolve(std::span<const std::string_view> external_ids, std::span<std::uint32_t> numbers);
  [[nodiscard]] std::string_view external_id(CustomerId customer) const {
    return ids_->at(index(customer));
  }
  /// Notes how a customer became known; the strongest kind stays, and shows as `kind` unless a
  /// trait says otherwise.
  void note_kind(CustomerId customer, CustomerKind kind);

  /// What a call is ordered by where several set the same trait: a number for `apply`.
  std::uint32_t begin_call(TimeMs ts, std::string_view message_id);
  /// Sets one trait, unless a later call did: the largest (ts, message id) wins, and of equal ones
  /// the one that came last. Null removes it.
  void set_trait(CustomerId customer, std::string_view name, const Cell& cell,
                 std::string_view text, std::uint32_t call);

  [[nodiscard]] std::size_t count() const { return ids_->size(); }
  [[nodiscard]] std::size_t attributes() const { return attributes_.size(); }
  [[nodiscard]] bool has_attribute(std::string_view name) const {
    return by_name_.contains(std::string(name));
  }
  void add_attribute(std::string_view name) { attribute(name); }
  CustomerTable publish();

  /// What writes the customers as they stand, later; a new CustomerWriter loads them.
  SaveLater freeze();
  void load(FieldReader& in);

 private:
  AttributeWriter& attribute(std::string_view name);
  [[nodiscard]] bool later_or_equal(std::uint32_t call, std::uint32_t than) const;

  std::shared_ptr<Dictionary> ids_;
  CopyOnWriteArray<std::uint8_t> kinds_;  // By customer: 0 = not known yet, else CustomerKind + 1.
  std::vector<std::unique_ptr<AttributeWriter>> attributes_;
  std::unordered_map<std::string, std::size_t> by_name_;
  // By call, of which number 0 is none: when it was, and its code in message_ids_.
  CopyOnWriteArray<TimeMs> call_times_;
  CopyOnWriteArray<std::uint32_t> call_message_ids_;
  std::shared_ptr<Dictionary> message_ids_;
};

}  // namespace grapevine
