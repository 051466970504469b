#include "storage/store_state.hpp"

#include <algorithm>
#include <utility>

#include "storage/carry_deaths.hpp"
#include "storage/put_documents.hpp"
#include "storage/resolved_batch.hpp"
#include "storage/schema.hpp"

namespace grapevine {

StoreState::StoreState(const StoreOptions& limits, const ErasedIds::Key& key)
    : limits_(limits),
      identities_([this](CustomerId a, CustomerId b) {
        return customers_.external_id(a) < customers_.external_id(b);
      }),
      erased_(key),
      event_names_(std::make_shared<Dictionary>()),
      message_ids_(limits.message_id_bytes_max),
      documents_(std::make_shared<Documents>()),
      memberships_(limits.membership_changes_max),
      delta_(std::make_shared<DeltaBlock>(0)) {
  for (const std::string_view known : kKnownEvents) event_names_->intern(known);
  event_counts_.resize(event_names_->size());
}

void StoreState::apply(const Batch& batch, std::uint64_t sequence) {
  const std::uint64_t first_row = next_row_;
  const std::uint64_t first_customer = customers_.count();
  const std::uint32_t import = batch.import_id.empty() ? 0 : imports_.note(batch);
  ResolvedBatch resolved(batch);
  resolved.resolve_customers(customers_);
  for (const EventRow& row : batch.events) apply_event(batch, row, resolved);
  for (const TraitRow& row : batch.traits) apply_trait(batch, row, import, resolved);
  for (const IdentityLink& link : batch.links) apply_link(batch, link, import, resolved);
  if (import != 0) {
    imports_.note_rows(batch, {first_row, next_row_}, {first_customer, customers_.count()});
  }
  sequence_ = sequence;
}

std::size_t StoreState::apply(const Change& change, std::uint64_t sequence) {
  const std::size_t before = rows_;
  sequence_ = sequence;
  std::visit([this](const auto& what) { apply_change(what); }, change);
  if (const auto* erasure = std::get_if<Erasure>(&change)) erasures_[sequence] = {erasure->when};
  return before - rows_;
}

void StoreState::apply_change(const DocumentChange& change) {
  if (change.kind == kSeveralDocuments) {
    for (const DocumentChange& one : read_several_documents(change.content)) apply_change(one);
    return;
  }
  // One copy for all that is put between two snapshots.
  if (std::exchange(documents_shown_, false)) documents_ = std::make_shared<Documents>(*documents_);
  if (change.content.empty()) {
    documents_->erase({change.kind, change.name});
    if (change.kind == kSegmentDocuments) memberships_.end(change.name);
  } else {
    (*documents_)[{change.kind, change.name}] = change.content;
  }
}

absl::StatusOr<MembershipUpdates> StoreState::decide_memberships(MembershipUpdates updates) const {
  std::erase_if(updates.streams, [this](const MembershipUpdate& update) {
    return !memberships_.fits(update) ||
           !documents_->contains({std::string(kSegmentDocuments), update.key.segment});
  });
  if (updates.streams.empty()) return absl::NotFoundError("none of the streams is there");
  return updates;
}

void StoreState::apply_change(const MembershipUpdates& change) {
  memberships_.apply(change, sequence_, customers_.count());
}

void StoreState::remember(const Batch& batch) {
  const std::string scope = imports_.scope(batch);
  for (const EventRow& row : batch.events) {
    if (!row.once || row.message_id == kNoString) continue;
    message_ids_.insert(scope, batch.strings.at(row.message_id), batch.received);
  }
}

void StoreState::apply_event(const Batch& batch, const EventRow& row, ResolvedBatch& resolved) {
  // A column about to become one of strings: the delta's rows of it are numbers, so they leave
  // first.
  for (std::uint32_t c = row.cells_begin; c < row.cells_begin + row.cells_count; ++c) {
    const ColumnId column = resolved.column(batch.cells[c].column, columns_);
    if (columns_.becomes_string(column, batch.cells[c])) close_delta();
  }
  if (delta_->full()) close_delta();

  DeltaRow stored;
  stored.ts = row.ts;
  stored.event = resolved.event(row.event, *event_names_);
  stored.customer = resolved.customer(row.customer);
  if (row.target != kNoString) stored.target = resolved.customer(row.target);
  if (row.message_id != kNoString) {
    stored.message_id = delta_->keep(batch.strings.at(row.message_id));
  }
  DeltaCell* const cells = delta_->new_cells(row.cells_count);
  bool social = stored.target != kNobody;
  for (std::uint32_t c = row.cells_begin; c < row.cells_begin + row.cells_count; ++c) {
    const Cell& cell = batch.cells[c];
    const ColumnId column = resolved.column(cell.column, columns_);
    const DeltaCell taken = resolved.take(column, cell, columns_, *delta_);
    if (taken.type == ValueType::Null) continue;
    cells[stored.cells_count++] = taken;
    if (column == column_id(CoreColumn::ContentId)) {
      authors_.note(taken.bits, stored.customer, row.ts, [this](CustomerId a, CustomerId b) {
        return customers_.external_id(a) < customers_.external_id(b);
      });
    }
    social = social || column == column_id(CoreColumn::ContentId) ||
             column == column_id(CoreColumn::ParentId);
  }
  stored.cells = cells;
  delta_->add(stored);
  touches_.add(stored.customer, stored.event, row.ts);

  const CustomerId person = customers_.persons().of(stored.customer);
  about_rows_.grow(index(person) + std::size_t{1}, 0);
  ++about_rows_.edit(index(person));
  if (customers_.note_kind(stored.customer, row.kind)) {
    touches_.add(stored.customer, Touch::kTraits);
  }
  if (stored.target != kNobody) customers_.note_kind(stored.target, CustomerKind::Contact);
  if (index(stored.event) >= event_counts_.size()) event_counts_.resize(index(stored.event) + 1u);
  ++event_counts_[index(stored.event)];
  published_counts_ = nullptr;
  newest_event_ = std::max(newest_event_, row.ts);
  social_version_ += social ? 1 : 0;
  ++next_row_;
  ++rows_;
}

void StoreState::apply_trait(const Batch& batch, const TraitRow& row, std::uint32_t import,
                             const ResolvedBatch& resolved) {
  const CustomerId customer = resolved.customer(row.customer);
  customers_.note_kind(customer, row.kind);
  touches_.add(customer, Touch::kTraits);
  if (row.cells_count == 0) return;
  const std::uint32_t call = customers_.begin_call(
      row.ts, row.message_id == kNoString ? std::string_view() : batch.strings.at(row.message_id),
      import);
  for (std::uint32_t c = row.cells_begin; c < row.cells_begin + row.cells_count; ++c) {
    const Cell& cell = batch.cells[c];
    const std::string_view text = cell.type == ValueType::String
                                      ? batch.strings.at(static_cast<StringRef>(cell.bits))
                                      : std::string_view();
    customers_.set_trait(customer, batch.strings.at(cell.column), cell, text, call);
  }
  customers_.end_call(call);
}

void StoreState::apply_link(const Batch& batch, const IdentityLink& link, std::uint32_t import,
                            const ResolvedBatch& resolved) {
  const CustomerId from = resolved.customer(link.from);
  const CustomerId to = resolved.customer(link.to);
  if (customers_.note_kind(from, CustomerKind::Visitor)) touches_.add(from, Touch::kTraits);
  if (customers_.note_kind(to, CustomerKind::Customer)) touches_.add(to, Touch::kTraits);
  const std::string_view message_id =
      link.message_id == kNoString ? std::string_view() : batch.strings.at(link.message_id);
  regroup(identities_.note(link.kind, from, to, link.ts, message_id, import));
}

void StoreState::close_delta() {
  if (delta_->count() > 0) {
    parts_.push_back(sort_into_part({delta_, delta_->count()}, person_of()));
  }
  delta_ = std::make_shared<DeltaBlock>(next_row_);
  columns_.begin_block();
}

bool StoreState::exchange_parts(std::span<const std::shared_ptr<const Part>> begun,
                                std::vector<std::shared_ptr<const Part>> merged) {
  const auto now = newest_versions(begun, parts_);
  if (std::find(now.begin(), now.end(), nullptr) != now.end()) return false;
  merged = carry_deaths(begun, now, std::move(merged));
  std::erase_if(parts_, [&](const auto& part) {
    return std::find(now.begin(), now.end(), part) != now.end();
  });
  parts_.insert(parts_.end(), merged.begin(), merged.end());
  return true;
}

std::shared_ptr<const Snapshot> StoreState::publish() {
  move_rows();  // First, for it may change the counts.
  if (published_counts_ == nullptr) {
    published_counts_ = std::make_shared<const std::vector<std::uint64_t>>(event_counts_);
  }
  by_proof_ = {};  // Whoever sees a snapshot has replayed the log.
  proofs_made_ = 0;
  std::shared_ptr<Snapshot> view(new Snapshot);
  view->number_ = sequence_;
  view->rows_ = rows_;
  view->newest_event_ = newest_event_;
  view->social_version_ = social_version_;
  view->customers_ = customers_.publish();
  view->event_names_ = event_names_;
  view->event_counts_ = published_counts_;
  view->columns_ = columns_.publish();
  view->authors_ = authors_.publish();
  view->documents_ = documents_;
  documents_shown_ = true;
  view->memberships_ = memberships_.publish();
  view->parts_ = parts_;
  view->delta_ = std::make_unique<DeltaView>(DeltaView{delta_, delta_->count()});
  return view;
}

void StoreState::mark_purged(std::uint64_t after, std::uint64_t last, bool purged) {
  for (auto& [sequence, erasure] : erasures_) {
    if (sequence > after && sequence <= last) erasure.purged = purged;
  }
}

std::vector<Dictionary*> StoreState::string_dictionaries() {
  std::vector<Dictionary*> dictionaries = customers_.dictionaries();
  for (std::uint32_t column = 0; column < columns_.count(); ++column) {
    Dictionary* dictionary = columns_.dictionary(ColumnId(column));
    const bool is_known = std::find(dictionaries.begin(), dictionaries.end(), dictionary) !=
                          dictionaries.end();  // content_id and parent_id share one.
    if (dictionary != nullptr && !is_known) dictionaries.push_back(dictionary);
  }
  return dictionaries;
}

void StoreState::add_facts(StoreFacts& facts) const {
  facts.parts = parts_.size();
  for (const auto& part : parts_) facts.event_bytes += part->bytes();
  facts.delta_rows = delta_->count();
  facts.membership_streams = memberships_.streams();
  facts.membership_changes = memberships_.changes();
  facts.membership_bytes = memberships_.bytes();
  facts.message_ids = message_ids_.size();
  facts.message_id_bytes = message_ids_.bytes();
  facts.message_ids_forgotten = message_ids_.forgotten_early();
}

}  // namespace grapevine
