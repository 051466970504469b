#include "storage/persons.hpp"

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
  } else if (written_in_[c] != publication_) {
    chunks_[c] = std::make_shared<Persons::Chunk>(*chunks_[c]);
  }
  written_in_[c] = publication_;
  published_ = nullptr;
  Persons::Entry& kept = chunks_[c]->entries[index(identity) % Persons::kCustomers];
  absent_ -= kept.person == identity ? 0 : 1;
  absent_ += entry.person == identity ? 0 : 1;
  kept = entry;
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

}  // namespace grapevine
