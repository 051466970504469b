#include <utility>

#include "storage/checkpoint/fields.hpp"
#include "storage/schema.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

void fields(auto& archive, Is<std::pair<std::uint64_t, std::uint64_t>> auto& range) {
  archive(range.first, range.second);
}
void fields(auto& archive, Is<ImportRecord> auto& import) {
  archive(import.number, import.offset, import.undone, import.rows, import.customers);
}

SaveLater StoreState::freeze() {
  if (published_counts_ == nullptr) {
    published_counts_ = std::make_shared<const std::vector<std::uint64_t>>(event_counts_);
  }
  documents_shown_ = true;
  return [sequence = sequence_, next_row = next_row_, rows = rows_, newest = newest_event_,
          social = social_version_, names = Dictionary::freeze(event_names_),
          counts = published_counts_, columns = columns_.freeze(), customers = customers_.freeze(),
          authors = authors_.freeze(), documents = std::shared_ptr<const Documents>(documents_),
          imports = imports_, identities = identities_.freeze(), about_rows = about_rows_.freeze(),
          moved_from = moved_from_, erased = erased_.freeze(), erasures = erasures_,
          memberships = memberships_.freeze()](FieldWriter& out) {
    out.section("store", 2);
    out(sequence, next_row, rows, newest, social);
    out.section("events", 1);
    names(out);
    out(*counts);
    columns(out);
    customers(out);
    authors(out);
    out.section("documents", 1);
    out(std::uint64_t{documents->size()});
    for (const auto& [key, content] : *documents) out(key.first, key.second, content);
    out.section("imports", 1);
    out(std::uint64_t{imports.all().size()});
    for (const auto& [id, import] : imports.all()) out(id, import);
    out.section("persons", 1);
    identities(out);
    about_rows.save(out);
    out(moved_from);
    erased(out);
    out(std::uint64_t{erasures.size()});
    for (const auto& [record, erasure] : erasures) out(record, erasure.when, erasure.purged);
    memberships(out);
  };
}

void StoreState::load(FieldReader& in) {
  const std::uint32_t version = in.section("store", 2);
  in(sequence_, next_row_, rows_, newest_event_, social_version_);
  in.section("events", 1);
  event_names_ = std::make_shared<Dictionary>();  // Its numbers are the file's.
  event_names_->load(in);
  in(event_counts_);
  in.require(event_counts_.size() <= event_names_->size(), "a count of no event");
  columns_.load(in);
  customers_.load(in);
  authors_.load(in);
  in.section("documents", 1);
  auto documents = std::make_shared<Documents>();
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
    std::string kind;
    std::string name;
    std::string content;
    in(kind, name, content);
    documents->emplace(std::pair(std::move(kind), std::move(name)), std::move(content));
  }
  documents_ = std::move(documents);
  in.section("imports", 1);
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
    std::string id;
    ImportRecord import;
    in(id, import);
    imports_.restore(std::move(id), std::move(import));
  }
  in.section("persons", 1);
  identities_.load(in, customers_.count());
  about_rows_.load(in);
  in(moved_from_);
  erased_.load(in);
  for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
    std::uint64_t record = 0;
    in(record);
    ErasureRecord& erasure = erasures_[record];
    in(erasure.when, erasure.purged);
  }
  if (version >= 2) memberships_.load(in, customers_.count());
  delta_ = std::make_shared<DeltaBlock>(next_row_);
}

void StoreState::adopt_parts(std::vector<std::shared_ptr<const Part>> parts) {
  parts_ = std::move(parts);
  // The file may be of a program that knew fewer.
  for (const std::string_view known : kKnownEvents) event_names_->intern(known);
  event_counts_.resize(event_names_->size());
}

}  // namespace grapevine
