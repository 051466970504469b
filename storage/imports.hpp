#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/batch.hpp"

namespace grapevine {

/// What is known of one import.
struct ImportRecord {
  std::uint32_t number = 0;  ///< From 1; what its traits are marked with.
  std::uint64_t offset = 0;  ///< How far it is committed, in bytes of its inflated input.
  /// How often it was undone: it is another import for the messages that are stored once.
  std::uint32_t undone = 0;
  /// Its rows, as ranges [first, second) of row sequences that ascend.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> rows;
  /// The numbers of customers that its batches made known, as ranges too.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> customers;
};

/// An import as it is shown.
struct ImportFacts {
  std::string id;
  std::uint64_t offset = 0;  ///< How far it is committed, in bytes of its inflated input.
  std::uint64_t rows = 0;    ///< Events that it stored, those erased or expired since included.
  std::uint32_t undone =
      0;  ///< How often it was taken back; `offset` and `rows` are of since then.
};

/// The imports by id. Not thread-safe.
class Imports {
 public:
  /// nullptr: no import has that id.
  [[nodiscard]] const ImportRecord* find(std::string_view id) const;
  /// Notes how far a batch of an import brings it, and makes it known. Returns its number.
  std::uint32_t note(const Batch& batch);
  /// Notes that the rows, and the customers, of these ranges came with it.
  void note_rows(const Batch& batch, std::pair<std::uint64_t, std::uint64_t> rows,
                 std::pair<std::uint64_t, std::uint64_t> customers);
  /// Forgets its rows and how far it came.
  void undo(std::string_view id);
  /// In which scope the message ids of a batch count: its own, and another once its import was
  /// undone.
  [[nodiscard]] std::string scope(const Batch& batch) const;

  /// At most `count` imports whose ids come behind `after`.
  [[nodiscard]] std::vector<ImportFacts> list(std::string_view after, std::size_t count) const;

  [[nodiscard]] const std::map<std::string, ImportRecord, std::less<>>& all() const {
    return records_;
  }
  void restore(std::string id, ImportRecord record) { records_[std::move(id)] = std::move(record); }

 private:
  std::map<std::string, ImportRecord, std::less<>> records_;
};

}  // namespace grapevine
