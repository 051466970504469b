#include "storage/string_use.hpp"

#include <utility>
#include <variant>

#include "storage/schema.hpp"

namespace grapevine {
namespace {

void use(std::vector<bool>& used, std::uint64_t code) {
  if (code < used.size()) used[code] = true;
}

}  // namespace

void StringUse::look_at(std::shared_ptr<const Snapshot> snapshot) {
  for (const ColumnInfo& column : snapshot->columns()) {
    if (column.dictionary != nullptr) codes_of(*column.dictionary);  // Nothing may use it.
  }
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& run : part->runs) look_at(*snapshot, run);
  }
  for (const auto& column : snapshot->customers().attributes()) look_at(*column);
  look_at_authors(*snapshot);
  looked_at_.push_back(std::move(snapshot));
}

std::vector<std::uint32_t> StringUse::unused(const Dictionary& dictionary) const {
  std::vector<std::uint32_t> codes;
  const auto found = used_.find(&dictionary);
  if (found == used_.end()) return codes;
  for (std::uint32_t code = 0; code < found->second.size(); ++code) {
    if (!found->second[code] && !dictionary.is_blank(code)) codes.push_back(code);
  }
  return codes;
}

StringUse::Codes& StringUse::codes_of(const Dictionary& dictionary) {
  const auto [entry, is_new] = used_.try_emplace(&dictionary);
  if (is_new) entry->second.resize(dictionary.size());
  return entry->second;
}

void StringUse::look_at(const Snapshot& snapshot, const LiveRun& run) {
  if (!seen_.insert(run.shared().get()).second) return;
  for (const RunColumn& column : run->columns) {
    const auto* values = std::get_if<CodeValues>(&column.values);
    const auto& dictionary = snapshot.columns()[index(column.id)].dictionary;
    if (values == nullptr || dictionary == nullptr) continue;
    Codes& used = codes_of(*dictionary);
    values->codes.visit([&](const auto offsets) {
      for (std::size_t row = 0; row < offsets.size(); ++row) {
        if (column.has(row) && !run.is_dead(row)) use(used, values->codes.base() + offsets[row]);
      }
    });
  }
}

void StringUse::look_at(const AttributeColumn& column) {
  if (column.dictionary == nullptr) return;
  Codes& used = codes_of(*column.dictionary);
  for (const auto& chunk : column.chunks) {
    if (chunk == nullptr || !seen_.insert(chunk.get()).second) continue;
    const auto* codes = std::get_if<std::vector<std::uint32_t>>(&chunk->values);
    if (codes == nullptr) continue;
    for (std::size_t slot = 0; slot < codes->size(); ++slot) {
      if (chunk->has(slot)) use(used, (*codes)[slot]);
    }
  }
}

// Who wrote a content is known for longer than the event that said so.
void StringUse::look_at_authors(const Snapshot& snapshot) {
  const auto& contents = snapshot.columns()[index(column_id(CoreColumn::ContentId))].dictionary;
  Codes& used = codes_of(*contents);
  const ContentAuthors& authors = snapshot.content_authors();
  for (std::uint64_t content = 0; content < used.size(); ++content) {
    if (snapshot.customers().persons().of(authors.of(content)) != kNobody) used[content] = true;
  }
}

}  // namespace grapevine
