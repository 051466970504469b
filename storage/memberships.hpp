#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/checkpoint/save_later.hpp"
#include "storage/id_list.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The kind of the documents that define segments.
inline constexpr std::string_view kSegmentDocuments = "segment";

/// Somebody came into a segment or left it.
struct MembershipChange {
  TimeMs ts = 0;          ///< Of the event that caused it, or when a window closed.
  CustomerId identity{};  ///< The external id by which the person was known then.
  bool entered = false;   ///< Else left.
};

/// What is told of a segment, or of those of its members who granted consent for a purpose.
struct MembershipKey {
  std::string segment;
  std::string consent;  ///< The purpose: "email". Empty: all members.
  friend auto operator<=>(const MembershipKey&, const MembershipKey&) = default;
};

/// How many came and went in 15 minutes.
struct MembershipCount {
  static constexpr TimeMs kSpan = 15 * 60 * 1000;
  TimeMs begin = 0;  ///< A multiple of kSpan.
  std::uint32_t entered = 0;
  std::uint32_t left = 0;
};

/// All that was told of one key, in order: who was in when it began, and each change since. Changes
/// have positions that count from 0 for as long as the stream lives. What is old is folded: then
/// `base` is who was in as of position `first`. Immutable; any number of threads may read.
struct MembershipStream {
  static constexpr std::size_t kChunk = 1024;
  using Chunk = std::array<MembershipChange, kChunk>;
  struct Base {
    TimeMs as_of = 0;
    IdList members;
  };

  std::uint64_t number = 0;  ///< Of this stream alone: a segment made again has another.
  TimeMs began = 0;          ///< As of when it was filled first.
  TimeMs as_of = 0;          ///< Of its last change.
  std::uint64_t size = 0;    ///< Who is in.
  std::shared_ptr<const Base> base;
  std::shared_ptr<const std::vector<MembershipCount>> folded;  ///< Of changes before `first`.
  std::uint64_t first = 0;  ///< Position of the first change kept.
  std::uint64_t end = 0;    ///< Behind the last one.
  std::vector<std::shared_ptr<const Chunk>> chunks;

  /// Precondition: first <= position < end.
  [[nodiscard]] const MembershipChange& at(std::uint64_t position) const {
    return (*chunks[(position - first) / kChunk])[(position - first) % kChunk];
  }
};

using MembershipStreams = std::map<MembershipKey, std::shared_ptr<const MembershipStream>>;

/// What the log says of one stream at one moment.
struct MembershipUpdate {
  MembershipKey key;
  std::uint64_t stream = 0;  ///< Its number; 0: this begins it.
  TimeMs as_of = 0;
  IdList members;  ///< Of one that begins: who is in.
  std::vector<MembershipChange> changes;
};

/// Updates of several streams that are noted together.
struct MembershipUpdates {
  std::vector<MembershipUpdate> streams;
};

/// The streams while they are written. Not thread-safe; what it publishes is immutable.
class Memberships {
 public:
  /// `changes_max`: kept in all streams together; beyond it the longest is folded.
  explicit Memberships(std::size_t changes_max) : changes_max_(changes_max) {}

  /// Whether an update still fits: its stream is there, or is not there yet.
  [[nodiscard]] bool fits(const MembershipUpdate& update) const;
  /// Updates that do not fit are passed over. `sequence` numbers the streams that begin;
  /// `identities`: every number of a customer is below.
  void apply(const MembershipUpdates& updates, std::uint64_t sequence, std::uint64_t identities);
  /// Ends all streams of a segment.
  void end(const std::string& segment);
  /// Folds the changes of before `horizon` in whole chunks.
  void fold_before(TimeMs horizon);

  [[nodiscard]] std::size_t streams() const { return streams_.size(); }
  [[nodiscard]] std::size_t changes() const { return changes_; }
  [[nodiscard]] std::size_t bytes() const;

  std::shared_ptr<const MembershipStreams> publish();
  SaveLater freeze();
  /// `identities`: every number of a customer is below.
  void load(FieldReader& in, std::uint64_t identities);

 private:
  struct Written {
    MembershipStream view;  // Its chunks are those below.
    std::vector<std::shared_ptr<MembershipStream::Chunk>> chunks;
    std::shared_ptr<const MembershipStream> published;  // nullptr: changed since.
  };
  static void add(Written& stream, const MembershipChange& change);
  static std::shared_ptr<const MembershipStream> view_of(Written& stream);
  void fold(Written& stream, std::size_t chunks);

  std::size_t changes_max_;
  std::map<MembershipKey, Written> streams_;
  std::size_t changes_ = 0;
  std::shared_ptr<const MembershipStreams> published_ = std::make_shared<const MembershipStreams>();
};

}  // namespace grapevine
