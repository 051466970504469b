#include "storage/persons.hpp"

#include "storage/checkpoint/fields.hpp"

namespace grapevine {

Persons::Entry PersonWriter::at(CustomerId identity) const {
  const std::size_t c = index(identity) / Persons::kCustomers;
  if (c >= chunks_.size() || chunks_[c] == nullptr) return {identity, identity, identity};
  return chunks_[c]->entries[index(identity) % Persons::kCustomers];
}

void PersonWriter::set(CustomerId identity, const Persons::Entry& entry) {
  const std::size_t c = index(identity) / Persons::kCustomers;
  if (c >= chunks_.size()) {
    chunks_.resize(c + 1);
    written_in_.resize(c + 1);
  }
  if (chunks_[c] == nullptr) {
    chunks_[c] = std::make_shared<Persons::Chunk>();
    chunks_[c]->entries.reserve(Persons::kCustomers);
    for (std::size_t i = 0; i < Persons::kCustomers; ++i) {
      const CustomerId self{static_cast<std::uint32_t>(c * Persons::kCustomers + i)};
      chunks_[c]->entries.push_back({self, self, self});
    }
    chunks_[c]->are_persons.fill(~std::uint64_t{0});
  } else if (written_in_[c] != publication_) {
    chunks_[c] = std::make_shared<Persons::Chunk>(*chunks_[c]);
  }
  written_in_[c] = publication_;
  published_ = nullptr;
  Persons::Entry& kept = chunks_[c]->entries[index(identity) % Persons::kCustomers];
  absent_ -= kept.person == identity ? 0 : 1;
  absent_ += entry.person == identity ? 0 : 1;
  kept = entry;
  chunks_[c]->note(index(identity) % Persons::kCustomers, entry.person == identity);
}

std::shared_ptr<const Persons> PersonWriter::publish() {
  if (published_ != nullptr) return published_;
  auto persons = std::make_shared<Persons>();
  persons->chunks.assign(chunks_.begin(), chunks_.end());
  persons->absent = absent_;
  ++publication_;
  published_ = std::move(persons);
  return published_;
}

SaveLater PersonWriter::freeze() {
  return [persons = publish()](FieldWriter& out) {
    out(std::uint64_t{persons->absent}, std::uint64_t{persons->chunks.size()});
    for (const auto& chunk : persons->chunks) {
      out(static_cast<std::uint8_t>(chunk != nullptr));
      if (chunk == nullptr) continue;
      for (const Persons::Entry& entry : chunk->entries) out(entry.person, entry.name, entry.own);
    }
  };
}

void PersonWriter::load(FieldReader& in, std::size_t numbers) {
  std::uint64_t absent = 0;
  in(absent);
  absent_ = absent;
  const std::size_t chunks = in.count(1);
  const auto known = [&](CustomerId id) { return id == kNobody || index(id) < numbers; };
  for (std::size_t c = 0; c < chunks && in.ok(); ++c) {
    written_in_.push_back(publication_);
    std::uint8_t there = 0;
    in(there);
    chunks_.emplace_back(there != 0 ? std::make_shared<Persons::Chunk>() : nullptr);
    for (std::size_t i = 0; there != 0 && i < Persons::kCustomers && in.ok(); ++i) {
      Persons::Entry& entry = chunks_.back()->entries.emplace_back();
      in(entry.person, entry.name, entry.own);
      const bool used = c * Persons::kCustomers + i < numbers;
      in.require(!used || (known(entry.person) && known(entry.name) && known(entry.own)),
                 "a person that does not exist");
      chunks_.back()->note(i, index(entry.person) == c * Persons::kCustomers + i);
    }
  }
}

}  // namespace grapevine
