#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/batch.hpp"
#include "storage/change.hpp"
#include "storage/checkpoint/save_later.hpp"
#include "storage/content_authors.hpp"
#include "storage/copy_on_write_array.hpp"
#include "storage/customer_writer.hpp"
#include "storage/delta.hpp"
#include "storage/erased_ids.hpp"
#include "storage/event_columns.hpp"
#include "storage/identity_graph.hpp"
#include "storage/imports.hpp"
#include "storage/memberships.hpp"
#include "storage/message_ids.hpp"
#include "storage/part_builder.hpp"
#include "storage/part_rows.hpp"
#include "storage/resolved_batch.hpp"
#include "storage/snapshot.hpp"
#include "storage/store.hpp"
#include "storage/touches.hpp"

namespace grapevine {

/// Everything that the log describes, while it is written: `admit` decides, `apply` carries out
/// what was decided (the first time as on replay), `publish` makes a view of it. Not thread-safe.
class StoreState {
 public:
  StoreState(const StoreOptions& limits, const ErasedIds::Key& key);

  /// Takes out of the batch what may not be stored: messages that were stored before, and rows that
  /// would pass a limit. What stays is what the log shall say.
  Appended admit(Batch& batch);

  /// Errors  NotFound: no such person.
  [[nodiscard]] absl::StatusOr<Identities> identities(std::string_view external_id) const;
  /// The decision to undo a merge that a person with that external id has.
  /// Errors  NotFound: no such person. InvalidArgument: the person has no such merge, or it joins
  ///         nobody now.
  [[nodiscard]] absl::StatusOr<Unmerge> decide_unmerge(std::string_view external_id,
                                                       std::uint32_t merge, TimeMs when) const;
  /// The decision to erase the person with that external id. Errors  NotFound: no such person.
  [[nodiscard]] absl::StatusOr<Erasure> decide_erasure(std::string_view external_id,
                                                       TimeMs when) const;
  /// Errors  NotFound: no import has that id.
  [[nodiscard]] absl::StatusOr<ImportUndo> decide_import_undo(std::string_view import_id) const;

  /// The decision to note those of the updates whose streams are still there.
  /// Errors  NotFound: none is.
  [[nodiscard]] absl::StatusOr<MembershipUpdates> decide_memberships(
      MembershipUpdates updates) const;

  /// Stores a batch. `sequence` numbers the log's records, and so the snapshots.
  void apply(const Batch& batch, std::uint64_t sequence);
  /// Carries out a change. Returns how many events it removed.
  std::size_t apply(const Change& change, std::uint64_t sequence);
  /// Removes events from before `horizon`: whole parts, then rows of others. Returns how many.
  std::size_t trim(TimeMs horizon);

  /// Notes the messages of a batch that is replayed, so that they are stored once.
  void remember(const Batch& batch);

  [[nodiscard]] std::shared_ptr<const Snapshot> publish();

  /// The parts, without the delta.
  [[nodiscard]] const std::vector<std::shared_ptr<const Part>>& parts() const { return parts_; }
  /// Puts `merged` in the place of the parts that it was made of, and carries over what died
  /// meanwhile. Whether it did: not where one of them is gone.
  bool exchange_parts(std::span<const std::shared_ptr<const Part>> begun,
                      std::vector<std::shared_ptr<const Part>> merged);
  /// Takes over the parts of a checkpoint, of which `load` read the rest.
  void adopt_parts(std::vector<std::shared_ptr<const Part>> parts);

  /// What writes all else than the events and `message_ids`, later. Precondition: what was admitted
  /// is applied.
  /// Cost: pointers; no row and no customer is touched.
  SaveLater freeze();
  /// Reads what `freeze` wrote. Precondition: nothing was applied yet.
  void load(FieldReader& in);
  [[nodiscard]] const MessageIds& message_ids() const { return message_ids_; }
  [[nodiscard]] MessageIds& message_ids() { return message_ids_; }

  /// Whom writes were about since it was followed.
  [[nodiscard]] Touches& touches() { return touches_; }

  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::size_t customers() const { return customers_.count(); }
  [[nodiscard]] ColumnStrings strings() const { return columns_.strings(); }

  [[nodiscard]] const Imports& imports() const { return imports_; }
  /// By the sequence of their record.
  [[nodiscard]] const std::map<std::uint64_t, ErasureRecord>& erasures() const { return erasures_; }
  /// Notes whether anything is left of the erasures behind `after`, up to `last`.
  void mark_purged(std::uint64_t after, std::uint64_t last, bool purged);
  /// Of columns and attributes; each once.
  [[nodiscard]] std::vector<Dictionary*> string_dictionaries();
  void add_facts(StoreFacts& facts) const;

 private:
  class Admission;
  void refuse_erased(Batch& batch, Appended& appended) const;

  void apply_event(const Batch& batch, const EventRow& row, ResolvedBatch& resolved);
  void apply_trait(const Batch& batch, const TraitRow& row, std::uint32_t import,
                   const ResolvedBatch& resolved);
  void apply_link(const Batch& batch, const IdentityLink& link, std::uint32_t import,
                  const ResolvedBatch& resolved);
  void apply_change(const DocumentChange& change);
  void apply_change(const Unmerge& change);
  void apply_change(const Erasure& change);
  void apply_change(const ImportUndo& change);
  void apply_change(const MembershipUpdates& change);
  void apply_change(const Rescoring& change);
  void close_delta();
  void regroup(std::span<const CustomerId> identities);
  [[nodiscard]] CustomerId representative(std::span<const CustomerId> members) const;
  [[nodiscard]] std::size_t about_rows(CustomerId person) const;
  [[nodiscard]] std::vector<CustomerId> person_with(CustomerId identity) const;
  std::vector<CustomerId> find_by_proofs(std::span<const ErasureProof> proofs);
  void give_row_counts(std::span<const CustomerId> members, CustomerId person);
  void move_rows();
  std::size_t remove_rows(const std::function<RowsOfPart(const Part&)>& select);
  void forget_nobody(CustomerId id);
  void touch_rows_of(const Part& part);
  void uncount(const Part& part, const RowsOfPart& rows);
  void forget_unused(std::span<const std::pair<std::uint64_t, std::uint64_t>> numbers);
  void find_authors_again(std::span<const std::uint64_t> contents);
  [[nodiscard]] PersonOf person_of() const;

  StoreOptions limits_;
  std::uint64_t sequence_ = 0;  // Of the last record applied.
  std::uint64_t next_row_ = 0;  // The next row's sequence number.
  std::uint64_t rows_ = 0;      // Events stored.
  TimeMs newest_event_ = INT64_MIN;
  std::uint64_t social_version_ = 0;
  CustomerWriter customers_;
  IdentityGraph identities_;
  CopyOnWriteArray<std::uint32_t> about_rows_;  // By representative: how many rows it has, about.
  std::vector<CustomerId> moved_from_;  // Representatives whose rows may stand under another now.
  ErasedIds erased_;
  std::map<std::uint64_t, ErasureRecord> erasures_;
  absl::flat_hash_map<ErasureProof, CustomerId> by_proof_;  // While the log is replayed: of the
  std::size_t proofs_made_ = 0;                             // first ids, so many.
  std::shared_ptr<Dictionary> event_names_;
  std::vector<std::uint64_t> event_counts_;
  std::shared_ptr<const std::vector<std::uint64_t>> published_counts_;
  EventColumns columns_;
  ContentAuthorWriter authors_;
  MessageIds message_ids_;
  Imports imports_;
  std::shared_ptr<Documents> documents_;
  bool documents_shown_ = false;  // A snapshot or a checkpoint has them: they do not change again.
  Memberships memberships_;
  Touches touches_;
  std::vector<std::shared_ptr<const Part>> parts_;
  std::shared_ptr<DeltaBlock> delta_;
};

}  // namespace grapevine
