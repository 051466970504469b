#include "storage/customer_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kKind = "kind";
constexpr std::array<std::string_view, 3> kKindNames{"contact", "visitor", "customer"};

}  // namespace

CustomerWriter::CustomerWriter()
    : ids_(std::make_shared<Dictionary>()), message_ids_(std::make_shared<Dictionary>()) {}

void CustomerWriter::resolve(std::span<const std::string_view> external_ids,
                             std::span<std::uint32_t> numbers) {
  ids_->intern_all(external_ids, numbers);
}

void CustomerWriter::note_kind(CustomerId customer, CustomerKind kind) {
  const std::size_t i = index(customer);
  kinds_.grow(i + 1, 0);
  const auto noted = static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) + 1);
  if (noted <= kinds_[i]) return;
  kinds_.set(i, noted);
  AttributeWriter& shown = attribute(kKind);
  if (shown.version(customer) == 0) {
    shown.set(customer, ValueType::String, 0, kKindNames[static_cast<std::size_t>(kind)]);
  }
}

std::uint32_t CustomerWriter::begin_call(TimeMs ts, std::string_view message_id) {
  call_times_.grow(1, 0);
  call_message_ids_.grow(1, 0);
  call_times_.push_back(ts);
  call_message_ids_.push_back(message_ids_->intern(message_id));
  return static_cast<std::uint32_t>(call_times_.size() - 1);
}

void CustomerWriter::set_trait(CustomerId customer, std::string_view name, const Cell& cell,
                               std::string_view text, std::uint32_t call) {
  AttributeWriter& written = attribute(name);
  const std::uint32_t previous = written.version(customer);
  if (previous != 0 && !later_or_equal(call, previous)) return;
  written.set_version(customer, call);
  if (cell.type != ValueType::Null) return written.set(customer, cell.type, cell.bits, text);
  written.remove(customer);
  if (name == kKind && index(customer) < kinds_.size() && kinds_[index(customer)] != 0) {
    written.set(customer, ValueType::String, 0, kKindNames[kinds_[index(customer)] - 1u]);
  }
}

CustomerTable CustomerWriter::publish() {
  CustomerTable table;
  table.count_ = ids_->size();
  table.ids_ = ids_;
  table.attributes_.reserve(attributes_.size());
  for (const auto& written : attributes_) table.attributes_.push_back(written->publish());
  return table;
}

SaveLater CustomerWriter::freeze() {
  std::vector<SaveLater> attributes;
  for (const auto& attribute : attributes_) attributes.push_back(attribute->freeze());
  return [ids = Dictionary::freeze(ids_), kinds = kinds_.freeze(),
          message_ids = Dictionary::freeze(message_ids_), call_times = call_times_.freeze(),
          call_message_ids = call_message_ids_.freeze(),
          attributes = std::move(attributes)](FieldWriter& out) {
    out.section("customers", 1);
    ids(out);
    kinds.save(out);
    out.section("calls", 1);
    message_ids(out);
    call_times.save(out);
    call_message_ids.save(out);
    out.section("attributes", 1);
    out(std::uint64_t{attributes.size()});
    for (const SaveLater& attribute : attributes) attribute(out);
  };
}

void CustomerWriter::load(FieldReader& in) {
  in.section("customers", 1);
  ids_->load(in);
  kinds_.load(in);
  in.require(kinds_.size() <= ids_->size() && kinds_.all_below(kKindNames.size() + 1),
             "no kind of a customer");
  in.section("calls", 1);
  message_ids_->load(in);
  call_times_.load(in);
  call_message_ids_.load(in);
  in.require(call_times_.size() == call_message_ids_.size() &&
                 call_message_ids_.all_below(message_ids_->size()),
             "no message of a call");
  in.section("attributes", 1);
  const std::size_t attributes = in.count(1);
  for (std::size_t a = 0; a < attributes && in.ok(); ++a) {
    attributes_.push_back(std::make_unique<AttributeWriter>());
    attributes_.back()->load(in, std::max<std::size_t>(call_times_.size(), 1));
    const bool added = by_name_.try_emplace(attributes_.back()->name(), a).second;
    in.require(added, "an attribute of the same name");
  }
}

AttributeWriter& CustomerWriter::attribute(std::string_view name) {
  const auto [entry, added] = by_name_.try_emplace(std::string(name), attributes_.size());
  if (added) attributes_.push_back(std::make_unique<AttributeWriter>(std::string(name)));
  return *attributes_[entry->second];
}

bool CustomerWriter::later_or_equal(std::uint32_t call, std::uint32_t than) const {
  if (call_times_[call] != call_times_[than]) return call_times_[call] > call_times_[than];
  return message_ids_->at(call_message_ids_[call]) >= message_ids_->at(call_message_ids_[than]);
}

}  // namespace grapevine
