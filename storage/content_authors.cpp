#include "storage/content_authors.hpp"

#include <algorithm>
#include <utility>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {

void ContentAuthorWriter::note(std::uint64_t content, CustomerId author, TimeMs ts,
                               const std::function<bool(CustomerId, CustomerId)>& first_by_id) {
  constexpr std::size_t kContents = ContentAuthors::kContents;
  const std::size_t c = content / kContents;
  since_.grow(content + 1, INT64_MAX);
  if (c >= chunks_.size()) {
    chunks_.resize(c + 1);
    written_in_.resize(c + 1);
  }
  const CustomerId known = chunks_[c] ? (*chunks_[c])[content % kContents] : kNobody;
  const bool earlier = known == kNobody || ts < since_[content] ||
                       (ts == since_[content] && author != known && first_by_id(author, known));
  if (!earlier) return;
  since_.set(content, ts);
  if (author == known) return;
  set(content, author);
}

void ContentAuthorWriter::forget(std::uint64_t content) {
  if (content >= since_.size() || since_[content] == INT64_MAX) return;
  since_.set(content, INT64_MAX);
  set(content, kNobody);
}

std::vector<std::uint64_t> ContentAuthorWriter::works_of(
    std::span<const CustomerId> authors) const {
  std::vector<std::uint64_t> works;
  for (std::uint64_t content = 0; content < since_.size(); ++content) {
    const auto& chunk = chunks_[content / ContentAuthors::kContents];
    if (chunk == nullptr) continue;
    const CustomerId author = (*chunk)[content % ContentAuthors::kContents];
    if (std::find(authors.begin(), authors.end(), author) != authors.end())
      works.push_back(content);
  }
  return works;
}

void ContentAuthorWriter::set(std::uint64_t content, CustomerId author) {
  constexpr std::size_t kContents = ContentAuthors::kContents;
  const std::size_t c = content / kContents;
  published_ = nullptr;
  if (chunks_[c] == nullptr) {
    chunks_[c] = std::make_shared<std::vector<CustomerId>>(kContents, kNobody);
  } else if (written_in_[c] != publication_) {
    chunks_[c] = std::make_shared<std::vector<CustomerId>>(*chunks_[c]);
  }
  written_in_[c] = publication_;
  (*chunks_[c])[content % kContents] = author;
}

std::shared_ptr<const ContentAuthors> ContentAuthorWriter::publish() {
  if (published_ != nullptr) return published_;
  auto authors = std::make_shared<ContentAuthors>();
  authors->chunks.assign(chunks_.begin(), chunks_.end());
  ++publication_;
  published_ = std::move(authors);
  return published_;
}

SaveLater ContentAuthorWriter::freeze() {
  return [authors = publish(), since = since_.freeze()](FieldWriter& out) {
    out.section("authors", 1);
    out(std::uint64_t{authors->chunks.size()});
    for (const auto& chunk : authors->chunks) {
      out(static_cast<std::uint8_t>(chunk != nullptr));
      if (chunk != nullptr) out.elements(chunk->data(), chunk->size());
    }
    since.save(out);
  };
}

void ContentAuthorWriter::load(FieldReader& in) {
  in.section("authors", 1);
  const std::size_t chunks = in.count(1);
  for (std::size_t c = 0; c < chunks && in.ok(); ++c) {
    written_in_.push_back(publication_);
    std::uint8_t there = 0;
    in(there);
    chunks_.emplace_back(there != 0
                             ? std::make_shared<std::vector<CustomerId>>(ContentAuthors::kContents)
                             : nullptr);
    if (there != 0) in.elements(chunks_.back()->data(), chunks_.back()->size());
  }
  since_.load(in);
}

}  // namespace grapevine
