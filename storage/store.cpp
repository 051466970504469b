#include "storage/store.hpp"

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/message_ids.hpp"
#include "storage/status_macros.hpp"
#include "storage/store_impl.hpp"

namespace grapevine {

absl::StatusOr<std::unique_ptr<Store>> Store::open(const StoreOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  GRAPEVINE_RETURN_IF_ERROR(impl->start());
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() = default;

std::shared_ptr<const Snapshot> Store::snapshot() const { return impl_->view(); }

void Store::append(Batch batch, std::function<void(absl::StatusOr<Appended>)> done) {
  Pending work;
  work.batch = std::move(batch);
  work.batch.deduplicate_by = scope_digest(work.batch.deduplicate_by);
  work.done = std::move(done);
  impl_->push(std::move(work));
}

absl::StatusOr<Appended> Store::append(Batch batch) {
  // Shared, because the writer may still be leaving set_value when this returns.
  const auto promise = std::make_shared<std::promise<absl::StatusOr<Appended>>>();
  append(std::move(batch),
         [promise](absl::StatusOr<Appended> result) { promise->set_value(std::move(result)); });
  return promise->get_future().get();
}

absl::Status Store::put_document(std::string_view kind, std::string_view name,
                                 std::string_view content) {
  DocumentChange change{std::string(kind), std::string(name), std::string(content)};
  return impl_->change_as_it_is(std::move(change), sizeof(change) + content.size()).status();
}

absl::StatusOr<Appended> Store::unmerge(std::string_view external_id, std::uint32_t merge,
                                        TimeMs when) {
  return impl_->change([id = std::string(external_id), merge,
                        when](const StoreState& state) -> absl::StatusOr<Change> {
    return state.decide_unmerge(id, merge, when);
  });
}

absl::StatusOr<Appended> Store::erase(std::string_view external_id, TimeMs when) {
  auto erased = impl_->change(
      [id = std::string(external_id), when](const StoreState& state) -> absl::StatusOr<Change> {
        return state.decide_erasure(id, when);
      });
  impl_->purge();
  return erased;
}

absl::StatusOr<Appended> Store::undo_import(std::string_view import_id) {
  return impl_->change(
      [id = std::string(import_id)](const StoreState& state) -> absl::StatusOr<Change> {
        return state.decide_import_undo(id);
      });
}

absl::StatusOr<Appended> Store::note_memberships(MembershipUpdates updates) {
  std::size_t bytes = sizeof(Pending);
  for (const MembershipUpdate& update : updates.streams) {
    bytes += update.members.bytes() + update.changes.size() * sizeof(MembershipChange);
  }
  return impl_->change(
      [updates = std::move(updates)](const StoreState& state) -> absl::StatusOr<Change> {
        return state.decide_memberships(updates);
      },
      bytes);
}

absl::StatusOr<Appended> Store::rescore(Rescoring rescoring) {
  const std::size_t bytes = sizeof(Pending) + rescoring.texts.size() * sizeof(Rescoring::Text);
  return impl_->change_as_it_is(std::move(rescoring), bytes);
}

Store::Written Store::take_written() { return impl_->take_written(); }

bool Store::wait_past(std::uint64_t number, std::chrono::milliseconds timeout) const {
  return impl_->wait_past(number, timeout);
}

absl::StatusOr<Identities> Store::identities(std::string_view external_id) const {
  return impl_->ask([&](const StoreState& state) { return state.identities(external_id); });
}

std::vector<ImportFacts> Store::imports(std::string_view after, std::size_t count) const {
  return impl_->ask([&](const StoreState& state) { return state.imports().list(after, count); });
}

std::vector<std::pair<std::uint64_t, ErasureRecord>> Store::erasures(std::uint64_t after,
                                                                     std::size_t count) const {
  return impl_->erasures(after, count);
}

std::optional<ErasureRecord> Store::erasure(std::uint64_t snapshot) const {
  const auto found = impl_->erasures(snapshot - 1, 1);
  if (found.empty() || found.front().first != snapshot) return std::nullopt;
  return found.front().second;
}

std::optional<std::uint64_t> Store::import_offset(std::string_view import_id) const {
  return impl_->ask([&](const StoreState& state) -> std::optional<std::uint64_t> {
    const ImportRecord* import = state.imports().find(import_id);
    return import == nullptr ? std::nullopt : std::optional(import->offset);
  });
}

absl::Status Store::checkpoint() { return impl_->checkpoint(); }

const Recovery& Store::recovery() const { return impl_->recovery(); }

std::vector<std::string> Store::salvage_losses() const { return impl_->salvage_losses(); }

StoreFacts Store::facts() const { return impl_->facts(); }

absl::Status Store::status() const { return impl_->status(); }

}  // namespace grapevine
