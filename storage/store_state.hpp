#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/batch.hpp"
#include "storage/content_authors.hpp"
#include "storage/customer_writer.hpp"
#include "storage/delta.hpp"
#include "storage/event_columns.hpp"
#include "storage/message_ids.hpp"
#include "storage/resolved_batch.hpp"
#include "storage/snapshot.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// Everything that the log describes, while it is written: `admit` decides, `apply` carries out
/// what was decided (the first time as on replay), `publish` makes a view of it. Not thread-safe.
class StoreState {
 public:
  explicit StoreState(const StoreOptions& limits);

  /// Takes out of the batch what may not be stored: messages that were stored before, and rows that
  /// would pass a limit. What stays is what the log shall say.
  Appended admit(Batch& batch);

  /// Stores a batch. `sequence` numbers the log's records, and so the snapshots.
  void apply(const Batch& batch, std::uint64_t sequence);
  void apply_document(std::string_view kind, std::string_view name, std::string_view content,
                      std::uint64_t sequence);

  /// Notes the messages of a batch that is replayed, so that they are stored once.
  void remember(const Batch& batch);

  [[nodiscard]] std::shared_ptr<const Snapshot> publish();

  /// The parts, without the delta.
  [[nodiscard]] const std::vector<std::shared_ptr<const Part>>& parts() const { return parts_; }
  /// Puts `merged` in the place of the parts that it was made of, and carries over what died
  /// meanwhile. Whether it did: not where one of them is gone.
  bool exchange_parts(std::span<const std::shared_ptr<const Part>> begun,
                      std::vector<std::shared_ptr<const Part>> merged);
  [[nodiscard]] ColumnStrings strings() const { return columns_.strings(); }

  [[nodiscard]] const std::unordered_map<std::string, std::uint64_t>& imports() const {
    return imports_;
  }
  void add_facts(StoreFacts& facts) const;

 private:
  class Admission;

  void apply_event(const Batch& batch, const EventRow& row, ResolvedBatch& resolved);
  void apply_trait(const Batch& batch, const TraitRow& row, const ResolvedBatch& resolved);
  void close_delta();

  StoreOptions limits_;
  std::uint64_t sequence_ = 0;  // Of the last record applied.
  std::uint64_t rows_ = 0;      // Events stored: the next row's sequence number.
  TimeMs newest_event_ = INT64_MIN;
  std::uint64_t social_version_ = 0;
  CustomerWriter customers_;
  std::shared_ptr<Dictionary> event_names_;
  std::vector<std::uint64_t> event_counts_;
  std::shared_ptr<const std::vector<std::uint64_t>> published_counts_;
  EventColumns columns_;
  ContentAuthorWriter authors_;
  MessageIds message_ids_;
  std::vector<IdentityLink> links_;  // Their strings are numbers of customers.
  std::unordered_map<std::string, std::uint64_t> imports_;
  std::shared_ptr<const Documents> documents_;
  std::vector<std::shared_ptr<const Part>> parts_;
  std::shared_ptr<DeltaBlock> delta_;
};

}  // namespace grapevine
