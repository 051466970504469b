#include "storage/customer_writer.hpp"

#include <array>
#include <utility>

namespace grapevine {
namespace {

constexpr std::string_view kKind = "kind";
constexpr std::array<std::string_view, 3> kKindNames{"contact", "visitor", "customer"};

}  // namespace

CustomerWriter::CustomerWriter() : ids_(std::make_shared<Dictionary>()), calls_(1) {}

void CustomerWriter::resolve(std::span<const std::string_view> external_ids,
                             std::span<std::uint32_t> numbers) {
  ids_->intern_all(external_ids, numbers);
}

void CustomerWriter::note_kind(CustomerId customer, CustomerKind kind) {
  const std::size_t i = index(customer);
  if (i >= kinds_.size()) kinds_.resize(std::max(i + 1, ids_->size()));
  const auto noted = static_cast<std::uint8_t>(static_cast<std::uint8_t>(kind) + 1);
  if (noted <= kinds_[i]) return;
  kinds_[i] = noted;
  AttributeWriter& shown = attribute(kKind);
  if (shown.version(customer) == 0) {
    shown.set(customer, ValueType::String, 0, kKindNames[static_cast<std::size_t>(kind)]);
  }
}

std::uint32_t CustomerWriter::begin_call(TimeMs ts, std::string_view message_id) {
  calls_.push_back({ts, message_ids_.intern(message_id)});
  return static_cast<std::uint32_t>(calls_.size() - 1);
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

AttributeWriter& CustomerWriter::attribute(std::string_view name) {
  const auto [entry, added] = by_name_.try_emplace(std::string(name), attributes_.size());
  if (added) attributes_.push_back(std::make_unique<AttributeWriter>(std::string(name)));
  return *attributes_[entry->second];
}

bool CustomerWriter::later_or_equal(std::uint32_t call, std::uint32_t than) const {
  const Call& a = calls_[call];
  const Call& b = calls_[than];
  if (a.ts != b.ts) return a.ts > b.ts;
  return message_ids_.at(a.message_id) >= message_ids_.at(b.message_id);
}

}  // namespace grapevine
