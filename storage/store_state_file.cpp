#include <utility>

#include "storage/checkpoint/fields.hpp"
#include "storage/schema.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

void fields(auto& archive, Is<IdentityLink> auto& link) {
  archive(link.ts, link.from, link.to, link.kind);
}

SaveLater StoreState::freeze() {
  if (published_counts_ == nullptr) {
    published_counts_ = std::make_shared<const std::vector<std::uint64_t>>(event_counts_);
  }
  return [sequence = sequence_, rows = rows_, newest = newest_event_, social = social_version_,
          names = Dictionary::freeze(event_names_), counts = published_counts_,
          columns = columns_.freeze(), customers = customers_.freeze(), authors = authors_.freeze(),
          documents = documents_, imports = imports_, links = links_](FieldWriter& out) {
    out.section("store", 1);
    out(sequence, rows, newest, social);
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
    out(std::uint64_t{imports.size()});
    for (const auto& [id, offset] : imports) out(id, offset);
    out.section("links", 1);
    out(links);
  };
}

void StoreState::load(FieldReader& in) {
  in.section("store", 1);
  in(sequence_, rows_, newest_event_, social_version_);
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
    std::uint64_t offset = 0;
    in(id, offset);
    imports_.emplace(std::move(id), offset);
  }
  in.section("links", 1);
  in(links_);
  delta_ = std::make_shared<DeltaBlock>(rows_);
}

void StoreState::adopt_parts(std::vector<std::shared_ptr<const Part>> parts) {
  parts_ = std::move(parts);
  // The file may be of a program that knew fewer.
  for (const std::string_view known : kKnownEvents) event_names_->intern(known);
  event_counts_.resize(event_names_->size());
}

}  // namespace grapevine
