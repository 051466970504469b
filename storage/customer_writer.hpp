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
#include "storage/copy_on_write_array.hpp"
#include "storage/customers.hpp"
#include "storage/dictionary.hpp"
#include "storage/ids.hpp"
#include "storage/persons.hpp"
#include "storage/trait_calls.hpp"

namespace grapevine {

/// The customers while they are written. An external id's traits are kept at a number of its own
/// (Persons::Entry::own), and the latest of all of a person's at the person's number. Not
/// thread-safe; the tables that it publishes are immutable.
class CustomerWriter {
 public:
  CustomerWriter();

  /// Numbers for external ids, in the order in which they stand; new ids get new numbers.
  void resolve(std::span<const std::string_view> external_ids, std::span<std::uint32_t> numbers);
  [[nodiscard]] std::string_view external_id(CustomerId identity) const {
    return ids_->at(index(identity));
  }
  /// kNobody: no such external id.
  [[nodiscard]] CustomerId find(std::string_view external_id) const;
  [[nodiscard]] std::size_t count() const { return ids_->size(); }
  [[nodiscard]] const PersonWriter& persons() const { return persons_; }

  /// Notes how an external id became known; the strongest kind of a person's shows as `kind` unless
  /// a trait says otherwise. Returns whether a person's kind may be another now.
  bool note_kind(CustomerId identity, CustomerKind kind);

  /// What a call is ordered by where several set the same trait: a number for `set_trait`, until
  /// `end_call`. `import`: the number of the import that it came with, or 0.
  std::uint32_t begin_call(TimeMs ts, std::string_view message_id, std::uint32_t import) {
    return calls_.begin(ts, message_id, import);
  }
  void end_call(std::uint32_t call) { calls_.release(call); }
  /// Sets one trait, unless a later call did: the largest (ts, message id) wins, and of equal ones
  /// the one that came last. Null removes it.
  void set_trait(CustomerId identity, std::string_view name, const Cell& cell,
                 std::string_view text, std::uint32_t call);

  /// Makes `members` one person, represented by one of them and named after one of them: the latest
  /// of their traits become the person's. Members that are one person with others must be
  /// regrouped in calls of their own.
  void join(std::span<const CustomerId> members, CustomerId person, CustomerId name);
  /// Makes an external id a person of its own again, with the traits that it was given itself.
  void stand_alone(CustomerId identity);
  [[nodiscard]] bool is_alone(CustomerId identity) const {
    const Persons::Entry entry = persons_.at(identity);
    return entry.person == identity && entry.own == identity;
  }
  /// Removes the traits that an import set and nothing set later. Returns the numbers that had some.
  std::vector<CustomerId> remove_traits_of(std::uint32_t import);
  /// Whether any call set a trait of that number.
  [[nodiscard]] bool has_traits(CustomerId number) const;
  /// Makes external ids nobody: their traits and kinds are removed, the ids themselves forgotten.
  void erase(std::span<const CustomerId> person);

  /// Of the attributes that have strings.
  [[nodiscard]] std::vector<Dictionary*> dictionaries() const;
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
  void write(AttributeWriter& written, CustomerId customer, const Cell& cell, std::string_view text,
             std::uint32_t call);
  void copy_trait(AttributeWriter& written, CustomerId from, CustomerId to);
  void clear_trait(AttributeWriter& written, CustomerId customer);
  CustomerId keep_apart(CustomerId identity);
  void fold(AttributeWriter& written, std::span<const CustomerId> members, CustomerId person);
  void show_kind(CustomerId person, std::uint8_t kind);
  std::uint8_t& kind_of(CopyOnWriteArray<std::uint8_t>& kinds, CustomerId customer);

  std::shared_ptr<Dictionary> ids_;
  PersonWriter persons_;
  CopyOnWriteArray<std::uint8_t>
      kinds_;  // By external id: 0 = not known yet, else CustomerKind + 1.
  CopyOnWriteArray<std::uint8_t> person_kinds_;  // The same of whole persons, by representative.
  std::vector<std::unique_ptr<AttributeWriter>> attributes_;
  std::unordered_map<std::string, std::size_t> by_name_;
  TraitCalls calls_;
};

}  // namespace grapevine
