#include "api/live/topics/topic_matches.hpp"

#include <algorithm>

namespace grapevine {

std::shared_ptr<const TopicMatches::Chunk> TopicMatches::make_chunk(
    std::span<const TopicMatch> matches) {
  if (matches.empty()) return nullptr;
  auto chunk = std::make_shared<Chunk>();
  chunk->places.reserve(matches.size());
  chunk->topics.reserve(matches.size());
  chunk->begins.assign(kSequences / kTogether + 1, 0);
  for (const TopicMatch& match : matches) {
    const auto place = static_cast<std::uint16_t>(match.sequence % kSequences);
    chunk->places.push_back(place);
    chunk->topics.push_back(match.topic);
    ++chunk->begins[place / kTogether + 1];
  }
  for (std::size_t i = 1; i < chunk->begins.size(); ++i) chunk->begins[i] += chunk->begins[i - 1];
  return chunk;
}

void TopicMatches::append(const Chunk& chunk, std::uint64_t first,
                          std::vector<TopicMatch>& matches) {
  for (std::size_t i = 0; i < chunk.places.size(); ++i) {
    matches.push_back({first + chunk.places[i], chunk.topics[i]});
  }
}

void TopicMatches::add(std::span<const TopicMatch> matches) {
  std::vector<TopicMatch> together;
  while (!matches.empty()) {
    const std::size_t chunk = matches.front().sequence / kSequences;
    std::size_t count = 1;
    while (count < matches.size() && matches[count].sequence / kSequences == chunk) ++count;
    if (chunk >= chunks_.size()) chunks_.resize(chunk + 1);
    together.clear();
    if (chunks_[chunk] != nullptr) append(*chunks_[chunk], chunk * kSequences, together);
    const auto known = static_cast<std::ptrdiff_t>(together.size());
    together.insert(together.end(), matches.begin(),
                    matches.begin() + static_cast<std::ptrdiff_t>(count));
    std::inplace_merge(together.begin(), together.begin() + known, together.end());
    chunks_[chunk] = make_chunk(together);
    matches = matches.subspan(count);
  }
}

void TopicMatches::keep_topics(std::span<const TopicNumber> topics) {
  std::vector<TopicMatch> kept;
  for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    if (chunks_[chunk] == nullptr) continue;
    kept.clear();
    append(*chunks_[chunk], chunk * kSequences, kept);
    const std::size_t before = kept.size();
    std::erase_if(kept, [&](const TopicMatch& match) {
      return !std::binary_search(topics.begin(), topics.end(), match.topic);
    });
    if (kept.size() != before) chunks_[chunk] = make_chunk(kept);
  }
}

std::size_t TopicMatches::bytes() const {
  std::size_t bytes = chunks_.capacity() * sizeof(chunks_[0]);
  for (const auto& chunk : chunks_) {
    if (chunk == nullptr) continue;
    bytes += chunk->places.capacity() * sizeof(std::uint16_t) +
             chunk->topics.capacity() * sizeof(TopicNumber) +
             chunk->begins.capacity() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace grapevine
