#include "storage/customer_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kKind = "kind";
constexpr std::uint8_t kGiven = 0x80;  // In person_kinds_: a trait says what `kind` is.
constexpr std::array<std::string_view, 3> kKindNames{"contact", "visitor", "customer"};

}  // namespace

CustomerWriter::CustomerWriter() : ids_(std::make_shared<Dictionary>()) {}

void CustomerWriter::resolve(std::span<const std::string_view> external_ids,
                             std::span<std::uint32_t> numbers) {
  ids_->intern_all(external_ids, numbers);
}

CustomerId CustomerWriter::find(std::string_view external_id) const {
  return CustomerId(ids_->find(external_id));  // kMissing is kNobody.
}

bool CustomerWriter::note_kind(CustomerId identity, CustomerKind kind) {
  const auto noted = static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) + 1);
  std::uint8_t& known = kind_of(kinds_, identity);
  if (noted <= known) return false;
  known = noted;
  const CustomerId person = persons_.of(identity);
  if (person == kNobody || noted <= (kind_of(person_kinds_, person) & ~kGiven)) return false;
  show_kind(person, noted);
  return true;
}

void CustomerWriter::set_trait(CustomerId identity, std::string_view name, const Cell& cell,
                               std::string_view text, std::uint32_t call) {
  AttributeWriter& written = attribute(name);
  const Persons::Entry entry = persons_.at(identity);
  if (entry.person == kNobody) return;
  write(written, entry.own, cell, text, call);
  if (entry.person != entry.own) write(written, entry.person, cell, text, call);
}

void CustomerWriter::write(AttributeWriter& written, CustomerId customer, const Cell& cell,
                           std::string_view text, std::uint32_t call) {
  const std::uint32_t previous = written.version(customer);
  if (previous != 0 && !calls_.later_or_equal(call, previous)) return;
  calls_.hold(call);
  calls_.release(previous);
  written.set_version(customer, call);
  const bool removed = cell.type == ValueType::Null;
  if (removed) {
    written.remove(customer);
  } else {
    written.set(customer, cell.type, cell.bits, text);
  }
  if (written.name() != kKind) return;
  std::uint8_t& kind = kind_of(person_kinds_, customer);
  kind = static_cast<std::uint8_t>(removed ? kind & ~kGiven : kind | kGiven);
  if (removed) show_kind(customer, kind);
}

void CustomerWriter::join(std::span<const CustomerId> members, CustomerId person, CustomerId name) {
  std::vector<CustomerId> owns;
  for (const CustomerId member : members) {
    const Persons::Entry before = persons_.at(member);
    const bool was_represented_here = before.person == member && before.own != member;
    const CustomerId own = member == person ? keep_apart(member) : before.own;
    if (member != person && was_represented_here) {
      for (const auto& written : attributes_) clear_trait(*written, member);  // A whole person's.
    }
    persons_.set(member, {person, member == person ? name : member, own});
    owns.push_back(own);
  }
  for (const auto& written : attributes_) fold(*written, owns, person);
  std::uint8_t strongest = 0;
  for (const CustomerId member : members) strongest = std::max(strongest, kind_of(kinds_, member));
  show_kind(person, strongest);
}

void CustomerWriter::stand_alone(CustomerId identity) {
  const CustomerId own = persons_.at(identity).own;
  if (own != identity) {
    for (const auto& written : attributes_) {
      copy_trait(*written, own, identity);
      clear_trait(*written, own);
    }
  }
  persons_.set(identity, {identity, identity, identity});
  show_kind(identity, kind_of(kinds_, identity));
}

std::vector<CustomerId> CustomerWriter::remove_traits_of(std::uint32_t import) {
  std::vector<CustomerId> touched;
  for (const auto& written : attributes_) {
    for (std::uint32_t number = 0; number < ids_->size(); ++number) {
      const std::uint32_t call = written->version(CustomerId(number));
      if (call == 0 || calls_.at(call).import != import) continue;
      clear_trait(*written, CustomerId(number));
      touched.push_back(CustomerId(number));
      if (written->name() == kKind)
        show_kind(CustomerId(number), kind_of(person_kinds_, CustomerId(number)) & ~kGiven);
    }
  }
  return touched;
}

bool CustomerWriter::has_traits(CustomerId number) const {
  return std::any_of(attributes_.begin(), attributes_.end(),
                     [&](const auto& written) { return written->version(number) != 0; });
}

void CustomerWriter::erase(std::span<const CustomerId> person) {
  for (const CustomerId identity : person) {
    const CustomerId own = persons_.at(identity).own;
    for (const auto& written : attributes_) {
      clear_trait(*written, identity);
      if (own != identity) clear_trait(*written, own);
    }
    kind_of(kinds_, identity) = 0;
    kind_of(person_kinds_, identity) = 0;
    persons_.set(identity, {kNobody, identity, identity});
    ids_->forget(index(identity));
  }
}

std::vector<Dictionary*> CustomerWriter::dictionaries() const {
  std::vector<Dictionary*> dictionaries;
  for (const auto& written : attributes_) {
    if (written->dictionary() != nullptr) dictionaries.push_back(written->dictionary());
  }
  return dictionaries;
}

CustomerTable CustomerWriter::publish() {
  CustomerTable table;
  table.count_ = ids_->size();
  table.names_ = {ids_, persons_.publish()};
  table.attributes_.reserve(attributes_.size());
  for (const auto& written : attributes_) table.attributes_.push_back(written->publish());
  return table;
}

SaveLater CustomerWriter::freeze() {
  std::vector<SaveLater> attributes;
  for (const auto& attribute : attributes_) attributes.push_back(attribute->freeze());
  return [ids = Dictionary::freeze(ids_), kinds = kinds_.freeze(),
          person_kinds = person_kinds_.freeze(), persons = persons_.freeze(),
          calls = calls_.freeze(), attributes = std::move(attributes)](FieldWriter& out) {
    out.section("customers", 1);
    ids(out);
    kinds.save(out);
    person_kinds.save(out);
    persons(out);
    out.section("calls", 1);
    calls(out);
    out.section("attributes", 1);
    out(std::uint64_t{attributes.size()});
    for (const SaveLater& attribute : attributes) attribute(out);
  };
}

void CustomerWriter::load(FieldReader& in) {
  in.section("customers", 1);
  ids_->load(in);
  kinds_.load(in);
  person_kinds_.load(in);
  persons_.load(in, ids_->size());
  bool are_kinds = kinds_.all_below(kKindNames.size() + 1);
  for (std::size_t i = 0; i < person_kinds_.size(); ++i) {
    are_kinds = are_kinds && (person_kinds_[i] & ~kGiven) <= static_cast<int>(kKindNames.size());
  }
  in.require(are_kinds, "no kind of a customer");
  in.section("calls", 1);
  calls_.load(in);
  in.section("attributes", 1);
  const std::size_t attributes = in.count(1);
  for (std::size_t a = 0; a < attributes && in.ok(); ++a) {
    attributes_.push_back(std::make_unique<AttributeWriter>());
    attributes_.back()->load(in, calls_.size());
    const bool added = by_name_.try_emplace(attributes_.back()->name(), a).second;
    in.require(added, "an attribute of the same name");
  }
}

AttributeWriter& CustomerWriter::attribute(std::string_view name) {
  const auto [entry, added] = by_name_.try_emplace(std::string(name), attributes_.size());
  if (added) attributes_.push_back(std::make_unique<AttributeWriter>(std::string(name)));
  return *attributes_[entry->second];
}

void CustomerWriter::copy_trait(AttributeWriter& written, CustomerId from, CustomerId to) {
  const std::uint32_t call = written.version(from);
  if (call != 0) calls_.hold(call);
  calls_.release(written.version(to));
  written.copy(from, to);
  written.set_version(to, call);
  if (written.name() == kKind) {
    const std::uint8_t given = kind_of(person_kinds_, from) & kGiven;
    std::uint8_t& kind = kind_of(person_kinds_, to);
    kind = static_cast<std::uint8_t>((kind & ~kGiven) | given);
  }
}

void CustomerWriter::clear_trait(AttributeWriter& written, CustomerId customer) {
  calls_.release(written.version(customer));
  written.set_version(customer, 0);
  written.remove(customer);
  if (written.name() == kKind) {
    std::uint8_t& kind = kind_of(person_kinds_, customer);
    kind = static_cast<std::uint8_t>(kind & ~kGiven);
  }
}

// A number where the representative's own traits are kept while its number shows the person's: a
// number without an external id, which is nobody.
CustomerId CustomerWriter::keep_apart(CustomerId identity) {
  const CustomerId known = persons_.at(identity).own;
  if (known != identity) return known;
  const CustomerId own{ids_->append_blank()};
  persons_.set(own, {kNobody, own, own});
  for (const auto& written : attributes_) {
    if (written->version(identity) != 0) copy_trait(*written, identity, own);
  }
  return own;
}

void CustomerWriter::fold(AttributeWriter& written, std::span<const CustomerId> members,
                          CustomerId person) {
  CustomerId latest = kNobody;
  for (const CustomerId own : members) {
    const std::uint32_t call = written.version(own);
    if (call == 0) continue;
    const bool later = latest == kNobody || calls_.later_or_equal(call, written.version(latest));
    if (later) latest = own;
  }
  if (latest == kNobody) return clear_trait(written, person);
  copy_trait(written, latest, person);
}

// Shows how a person became known, where no trait says what it is.
void CustomerWriter::show_kind(CustomerId person, std::uint8_t kind) {
  std::uint8_t& known = kind_of(person_kinds_, person);
  known = static_cast<std::uint8_t>((known & kGiven) | kind);
  if (kind == 0 || (known & kGiven) != 0) return;
  attribute(kKind).set(person, ValueType::String, 0, kKindNames[kind - 1u]);
}

std::uint8_t& CustomerWriter::kind_of(CopyOnWriteArray<std::uint8_t>& kinds, CustomerId customer) {
  kinds.grow(index(customer) + std::size_t{1}, 0);
  return kinds.edit(index(customer));
}

}  // namespace grapevine
