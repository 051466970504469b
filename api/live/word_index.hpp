#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>

#include <absl/status/statusor.h>

#include "kernels/listen/vocabulary.hpp"
#include "kernels/listen/word_streams.hpp"
#include "kernels/parallel/stop.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The texts of one snapshot as words. Valid as long as it is held, and the snapshot with it.
struct IndexedWords {
  std::shared_ptr<Vocabulary> vocabulary;
  std::map<const Run*, std::shared_ptr<const WordStream>> streams;

  /// nullptr: the run has no texts.
  [[nodiscard]] const WordStream* of(const Run& run) const {
    const auto found = streams.find(&run);
    return found == streams.end() ? nullptr : found->second.get();
  }
};

/// Keeps the words of texts, so that counting them does not read the texts again: those of a run are
/// read when somebody asks first, and go when the run does. Words that no text has any more, such
/// as those of people who were erased, are forgotten then. Thread-safe: who asks while words
/// are read waits.
class WordIndex {
 public:
  /// Bytes of words that are kept; those of further runs are read again each time.
  static constexpr std::size_t kBytesMax = std::size_t{1} << 30;

  explicit WordIndex(std::size_t bytes_max = kBytesMax) : bytes_max_(bytes_max) {}

  /// Errors  Cancelled: `stop` was requested.
  /// Cost    A look at each run; one pass over texts that were not read yet.
  absl::StatusOr<IndexedWords> at(const Snapshot& snapshot, const Stop& stop);

  /// Words that are known. For tests.
  [[nodiscard]] std::size_t words() const;

 private:
  struct Kept {
    std::weak_ptr<const Run> run;
    std::shared_ptr<const WordStream> stream;
  };
  void drop_gone();
  void forget_unused();

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::shared_ptr<Vocabulary> vocabulary_;
  std::map<const Run*, Kept> kept_;
  std::size_t bytes_ = 0;
  std::size_t dropped_words_ = 0;  // Of streams that went since words were forgotten last.
  bool is_due_ = false;            // Words are to be forgotten, once nobody reads them.
};

}  // namespace grapevine
