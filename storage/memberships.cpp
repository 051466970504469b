#include "storage/memberships.hpp"

#include <algorithm>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {
namespace {

using Chunk = MembershipStream::Chunk;
constexpr std::size_t kChunk = MembershipStream::kChunk;

// Who is in after `changes`, of whom were in before: the last change of each decides.
IdList apply_changes(const IdList& members, std::vector<MembershipChange> changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return a.identity < b.identity; });
  std::vector<CustomerId> now;
  now.reserve(members.size());
  std::size_t next = 0;
  const auto take_changed_below = [&](std::uint64_t bound) {
    while (next < changes.size() && index(changes[next].identity) < bound) {
      const CustomerId identity = changes[next].identity;
      while (next < changes.size() && changes[next].identity == identity) ++next;
      if (changes[next - 1].entered) now.push_back(identity);
    }
  };
  members.for_each([&](CustomerId member) {
    take_changed_below(index(member));
    if (next < changes.size() && changes[next].identity == member) {
      take_changed_below(std::uint64_t{index(member)} + 1);
    } else {
      now.push_back(member);
    }
  });
  take_changed_below(UINT64_MAX);
  return IdList(now);
}

// Adds changes to counts that ascend.
void count_changes(std::vector<MembershipCount>& counts,
                   const std::vector<MembershipChange>& changes) {
  std::map<TimeMs, MembershipCount> added;
  for (const MembershipChange& change : changes) {
    const TimeMs rest =
        ((change.ts % MembershipCount::kSpan) + MembershipCount::kSpan) % MembershipCount::kSpan;
    MembershipCount& count = added[change.ts - rest];
    ++(change.entered ? count.entered : count.left);
  }
  for (auto& [begin, count] : added) {
    count.begin = begin;
    const auto place = std::lower_bound(
        counts.begin(), counts.end(), begin,
        [](const MembershipCount& known, TimeMs time) { return known.begin < time; });
    if (place == counts.end() || place->begin != begin) {
      counts.insert(place, count);
    } else {
      place->entered += count.entered;
      place->left += count.left;
    }
  }
}

// Whether all whom it names are below `identities`.
bool is_about(const MembershipUpdate& update, std::uint64_t identities) {
  return update.members.is_sound(identities) &&
         std::all_of(update.changes.begin(), update.changes.end(),
                     [&](const auto& change) { return index(change.identity) < identities; });
}

}  // namespace

void fields(auto& archive, Is<MembershipChange> auto& change) {
  archive(change.ts, change.identity, change.entered);
}
void fields(auto& archive, Is<MembershipCount> auto& count) {
  archive(count.begin, count.entered, count.left);
}

bool Memberships::fits(const MembershipUpdate& update) const {
  const auto found = streams_.find(update.key);
  if (found == streams_.end()) return update.stream == 0;
  return update.stream == found->second.view.number;
}

void Memberships::apply(const MembershipUpdates& updates, std::uint64_t sequence,
                        std::uint64_t identities) {
  for (const MembershipUpdate& update : updates.streams) {
    if (!fits(update) || !is_about(update, identities)) continue;
    Written& stream = streams_[update.key];
    if (update.stream == 0) {
      stream.view.number = sequence;
      stream.view.began = update.as_of;
      stream.view.size = update.members.size();
      stream.view.base = std::make_shared<const MembershipStream::Base>(
          MembershipStream::Base{update.as_of, update.members});
      stream.view.folded = std::make_shared<const std::vector<MembershipCount>>();
    }
    for (const MembershipChange& change : update.changes) add(stream, change);
    changes_ += update.changes.size();
    stream.view.as_of = update.as_of;
    stream.published = nullptr;
  }
  published_ = nullptr;
  while (changes_ > changes_max_) {
    const auto longest =
        std::max_element(streams_.begin(), streams_.end(), [](const auto& a, const auto& b) {
          return a.second.chunks.size() < b.second.chunks.size();
        });
    if (longest->second.chunks.size() < 2) break;  // Less than a chunk of each stream is kept.
    fold(longest->second, longest->second.chunks.size() / 2);
  }
}

void Memberships::add(Written& stream, const MembershipChange& change) {
  const std::size_t at = (stream.view.end - stream.view.first) % kChunk;
  if (at == 0) stream.chunks.push_back(std::make_shared<Chunk>());
  (*stream.chunks.back())[at] = change;  // Behind what any reader looks at.
  ++stream.view.end;
  change.entered ? ++stream.view.size : --stream.view.size;
}

void Memberships::end(const std::string& segment) {
  const auto begin = streams_.lower_bound({segment, ""});
  auto last = begin;
  for (; last != streams_.end() && last->first.segment == segment; ++last) {
    changes_ -= last->second.view.end - last->second.view.first;
  }
  if (begin != last) published_ = nullptr;
  streams_.erase(begin, last);
}

void Memberships::fold_before(TimeMs horizon) {
  for (auto& [key, stream] : streams_) {
    std::size_t old = 0;
    while (old + 1 < stream.chunks.size() && stream.chunks[old]->back().ts < horizon) ++old;
    if (old > 0) fold(stream, old);
  }
}

// Precondition: the chunks are full.
void Memberships::fold(Written& stream, std::size_t chunks) {
  std::vector<MembershipChange> changes;
  for (std::size_t c = 0; c < chunks; ++c) {
    changes.insert(changes.end(), stream.chunks[c]->begin(), stream.chunks[c]->end());
  }
  auto counts = std::make_shared<std::vector<MembershipCount>>(*stream.view.folded);
  count_changes(*counts, changes);
  const TimeMs as_of = changes.back().ts;
  changes_ -= changes.size();
  stream.view.first += changes.size();
  stream.view.folded = std::move(counts);
  stream.view.base = std::make_shared<const MembershipStream::Base>(
      MembershipStream::Base{as_of, apply_changes(stream.view.base->members, std::move(changes))});
  stream.chunks.erase(stream.chunks.begin(),
                      stream.chunks.begin() + static_cast<std::ptrdiff_t>(chunks));
  stream.published = nullptr;
  published_ = nullptr;
}

std::size_t Memberships::bytes() const {
  std::size_t bytes = 0;
  for (const auto& [key, stream] : streams_) {
    bytes += sizeof(Written) + stream.chunks.size() * sizeof(Chunk) +
             stream.view.base->members.bytes() +
             stream.view.folded->size() * sizeof(MembershipCount);
  }
  return bytes;
}

std::shared_ptr<const MembershipStream> Memberships::view_of(Written& stream) {
  if (stream.published == nullptr) {
    auto view = std::make_shared<MembershipStream>(stream.view);
    view->chunks.assign(stream.chunks.begin(), stream.chunks.end());
    stream.published = std::move(view);
  }
  return stream.published;
}

std::shared_ptr<const MembershipStreams> Memberships::publish() {
  if (published_ == nullptr) {
    auto views = std::make_shared<MembershipStreams>();
    for (auto& [key, stream] : streams_) views->emplace(key, view_of(stream));
    published_ = std::move(views);
  }
  return published_;
}

SaveLater Memberships::freeze() {
  return [streams = publish()](FieldWriter& out) {
    out.section("memberships", 1);
    out(std::uint64_t{streams->size()});
    for (const auto& [key, stream] : *streams) {
      out(key.segment, key.consent, stream->number, stream->began, stream->as_of, stream->size,
          stream->base->as_of, stream->base->members, *stream->folded, stream->first);
      out(std::uint64_t{stream->end - stream->first});
      for (std::uint64_t at = stream->first; at < stream->end; ++at) out(stream->at(at));
    }
  };
}

void Memberships::load(FieldReader& in, std::uint64_t identities) {
  in.section("memberships", 1);
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
    MembershipKey key;
    Written stream;
    MembershipStream::Base base;
    std::vector<MembershipCount> folded;
    std::uint64_t size = 0;
    in(key.segment, key.consent, stream.view.number, stream.view.began, stream.view.as_of, size,
       base.as_of, base.members, folded, stream.view.first);
    in.require(base.members.is_sound(identities), "a list of members of another length");
    if (!in.ok()) return;
    stream.view.end = stream.view.first;
    stream.view.base = std::make_shared<const MembershipStream::Base>(std::move(base));
    stream.view.folded = std::make_shared<const std::vector<MembershipCount>>(std::move(folded));
    for (std::size_t changes = in.count(1); changes > 0 && in.ok(); --changes) {
      MembershipChange change;
      in(change);
      in.require(index(change.identity) < identities, "a change of nobody");
      add(stream, change);
      ++changes_;
    }
    stream.view.size = size;
    streams_.emplace(std::move(key), std::move(stream));
  }
  published_ = nullptr;
}

}  // namespace grapevine
