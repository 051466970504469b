#include "storage/attribute_writer.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "storage/canonical_text.hpp"
#include "storage/checkpoint/fields.hpp"
#include "storage/run_columns.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSlots = AttributeChunk::kCustomers;

void make_room(AttributeChunk& chunk, ValueType type) {
  switch (type) {
    case ValueType::Null:
    case ValueType::Bool: chunk.values = std::vector<std::uint8_t>(kSlots); break;
    case ValueType::Int64: chunk.values = std::vector<std::int64_t>(kSlots); break;
    case ValueType::Float64: chunk.values = std::vector<double>(kSlots); break;
    case ValueType::String: chunk.values = std::vector<std::uint32_t>(kSlots); break;
    case ValueType::DateTime: chunk.values = std::vector<DateTime>(kSlots); break;
  }
}

std::uint64_t bits_at(const AttributeChunk& chunk, std::size_t slot) {
  struct Read {
    std::size_t slot;
    std::uint64_t operator()(const std::vector<std::uint8_t>& v) const { return v[slot]; }
    std::uint64_t operator()(const std::vector<std::uint32_t>& v) const { return v[slot]; }
    std::uint64_t operator()(const std::vector<std::int64_t>& v) const {
      return static_cast<std::uint64_t>(v[slot]);
    }
    std::uint64_t operator()(const std::vector<double>& v) const {
      return std::bit_cast<std::uint64_t>(v[slot]);
    }
    std::uint64_t operator()(const std::vector<DateTime>& v) const {
      return static_cast<std::uint64_t>(v[slot].ms);
    }
  };
  return std::visit(Read{slot}, chunk.values);
}

void set_bits(AttributeChunk& chunk, std::size_t slot, std::uint64_t bits) {
  struct Write {
    std::size_t slot;
    std::uint64_t bits;
    void operator()(std::vector<std::uint8_t>& v) const {
      v[slot] = static_cast<std::uint8_t>(bits);
    }
    void operator()(std::vector<std::uint32_t>& v) const {
      v[slot] = static_cast<std::uint32_t>(bits);
    }
    void operator()(std::vector<std::int64_t>& v) const {
      v[slot] = static_cast<std::int64_t>(bits);
    }
    void operator()(std::vector<double>& v) const { v[slot] = std::bit_cast<double>(bits); }
    void operator()(std::vector<DateTime>& v) const { v[slot].ms = static_cast<TimeMs>(bits); }
  };
  std::visit(Write{slot, bits}, chunk.values);
}

// Whether every value is a code of a dictionary of that size.
bool all_known(const AttributeChunk& chunk, const std::vector<std::uint32_t>& codes,
               std::size_t size) {
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (chunk.has(slot) && codes[slot] >= size) return false;
  }
  return true;
}

}  // namespace

AttributeWriter::AttributeWriter(std::string name) : name_(std::move(name)) {}

void AttributeWriter::set(CustomerId customer, ValueType type, std::uint64_t bits,
                          std::string_view text) {
  if (type == ValueType::Int64 && !exact_as_double(static_cast<std::int64_t>(bits))) {
    has_large_integers_ = true;
  }
  ValueType needed = wider(type_, type);
  if (needed == ValueType::Float64 && has_large_integers_) needed = ValueType::String;
  if (needed != type_) widen(needed);
  if (type_ == ValueType::String) {
    bits = dictionary_->intern(type == ValueType::String ? text : canonical_text(type, bits));
  } else if (type_ == ValueType::Float64 && type == ValueType::Int64) {
    bits = std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(bits)));
  }
  AttributeChunk& chunk = writable(customer);
  const std::size_t slot = index(customer) % kSlots;
  set_bits(chunk, slot, bits);
  chunk.present[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void AttributeWriter::remove(CustomerId customer) {
  const std::size_t c = index(customer) / kSlots;
  const std::size_t slot = index(customer) % kSlots;
  if (c >= chunks_.size() || chunks_[c] == nullptr || !chunks_[c]->has(slot)) return;
  AttributeChunk& chunk = writable(customer);
  set_bits(chunk, slot, 0);
  chunk.present[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
}

void AttributeWriter::copy(CustomerId from, CustomerId to) {
  const std::size_t c = index(from) / kSlots;
  const std::size_t slot = index(from) % kSlots;
  if (c >= chunks_.size() || chunks_[c] == nullptr || !chunks_[c]->has(slot)) return remove(to);
  const std::uint64_t bits = bits_at(*chunks_[c], slot);
  AttributeChunk& chunk = writable(to);
  const std::size_t place = index(to) % kSlots;
  set_bits(chunk, place, bits);
  chunk.present[place / 64] |= std::uint64_t{1} << (place % 64);
}

void AttributeWriter::set_version(CustomerId customer, std::uint32_t version) {
  if (index(customer) >= versions_.size()) {
    if (version == 0) return;
    versions_.grow(index(customer) + std::size_t{1}, 0);
  }
  versions_.set(index(customer), version);
}

std::shared_ptr<const AttributeColumn> AttributeWriter::publish() {
  if (published_ != nullptr) return published_;
  auto column = std::make_shared<AttributeColumn>();
  column->name = name_;
  column->type = type_;
  column->dictionary = dictionary_;
  column->chunks.assign(chunks_.begin(), chunks_.end());
  ++publication_;
  published_ = std::move(column);
  return published_;
}

SaveLater AttributeWriter::freeze() {
  return [column = publish(), large = static_cast<std::uint8_t>(has_large_integers_),
          strings = dictionary_ ? Dictionary::freeze(dictionary_) : SaveLater(),
          versions = versions_.freeze()](FieldWriter& out) {
    out(column->name, column->type, large);
    if (strings) strings(out);
    out(std::uint64_t{column->chunks.size()});
    for (const auto& chunk : column->chunks) {
      out(static_cast<std::uint8_t>(chunk != nullptr));
      if (chunk == nullptr) continue;
      out.elements(chunk->present.data(), chunk->present.size());
      std::visit([&out](const auto& v) { out.elements(v.data(), v.size()); }, chunk->values);
    }
    versions.save(out);
  };
}

void AttributeWriter::load(FieldReader& in, std::size_t calls) {
  std::uint8_t large = 0;
  in(name_, type_, large);
  in.require(is_type(type_) && large <= 1, "no type of an attribute");
  if (!in.ok()) return;
  has_large_integers_ = large != 0;
  if (type_ == ValueType::String) {
    dictionary_ = std::make_shared<Dictionary>();
    dictionary_->load(in);
  }
  const std::size_t chunks = in.count(1);
  for (std::size_t c = 0; c < chunks && in.ok(); ++c) {
    written_in_.push_back(publication_);
    std::uint8_t there = 0;
    in(there);
    AttributeChunk* const chunk =
        chunks_.emplace_back(there != 0 ? std::make_shared<AttributeChunk>() : nullptr).get();
    if (chunk == nullptr) continue;
    make_room(*chunk, type_);
    in.elements(chunk->present.data(), chunk->present.size());
    std::visit([&in](auto& v) { in.elements(v.data(), v.size()); }, chunk->values);
    const auto* const codes = std::get_if<std::vector<std::uint32_t>>(&chunk->values);
    in.require(codes == nullptr || all_known(*chunk, *codes, dictionary_->size()),
               "a value that is not in the dictionary");
    const auto* const times = std::get_if<std::vector<DateTime>>(&chunk->values);
    in.require(times == nullptr || std::all_of(times->begin(), times->end(),
                                               [](DateTime time) { return is_date_time(time.ms); }),
               "a time that is none");
  }
  versions_.load(in);
  in.require(versions_.all_below(calls), "a value of an unknown call");
}

AttributeChunk& AttributeWriter::writable(CustomerId customer) {
  published_ = nullptr;
  const std::size_t c = index(customer) / kSlots;
  if (c >= chunks_.size()) {
    chunks_.resize(c + 1);
    written_in_.resize(c + 1);
  }
  if (chunks_[c] == nullptr) {
    chunks_[c] = std::make_shared<AttributeChunk>();
    make_room(*chunks_[c], type_);
  } else if (written_in_[c] != publication_) {
    chunks_[c] = std::make_shared<AttributeChunk>(*chunks_[c]);
  }
  written_in_[c] = publication_;
  return *chunks_[c];
}

void AttributeWriter::widen(ValueType type) {
  const ValueType from = std::exchange(type_, type);
  published_ = nullptr;
  if (type == ValueType::String) dictionary_ = std::make_shared<Dictionary>();
  for (std::size_t c = 0; c < chunks_.size(); ++c) {
    if (chunks_[c] == nullptr) continue;
    auto wide = std::make_shared<AttributeChunk>(*chunks_[c]);
    convert(*wide, from, type);
    chunks_[c] = std::move(wide);
    written_in_[c] = publication_;
  }
}

void AttributeWriter::convert(AttributeChunk& chunk, ValueType from, ValueType to) {
  const AttributeChunk narrow = chunk;
  make_room(chunk, to);
  for (std::size_t slot = 0; slot < kSlots; ++slot) {
    if (!narrow.has(slot)) continue;
    const std::uint64_t bits = bits_at(narrow, slot);
    if (to == ValueType::String) {
      set_bits(chunk, slot, dictionary_->intern(canonical_text(from, bits)));
    } else {
      const auto number = static_cast<double>(static_cast<std::int64_t>(bits));
      set_bits(chunk, slot, std::bit_cast<std::uint64_t>(number));
    }
  }
}

}  // namespace grapevine
