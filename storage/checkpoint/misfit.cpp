#include "storage/checkpoint/misfit.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

namespace grapevine {
namespace {

std::uint64_t largest(const PackedUints& numbers) {
  return numbers.visit([&](const auto offsets) {
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      found = std::max(found, numbers.base() + offsets[i]);
    }
    return found;
  });
}

// What stands at a null row means nothing, though we write there what others have.
bool are_known(const RunColumn& column, const PackedUints& codes, const ColumnInfo& info) {
  if (info.dictionary == nullptr) return false;
  const std::size_t known = info.dictionary->size();
  if (largest(codes) < known) return true;
  for (std::size_t row = 0; row < codes.size(); ++row) {
    if (column.has(row) && codes.at(row) >= known) return false;
  }
  return true;
}

bool fits(const RunColumn& column, const ColumnInfo& info) {
  struct Fits {
    const RunColumn& column;
    const ColumnInfo& info;
    // A column of strings may have runs from when it had none.
    [[nodiscard]] bool holds(ValueType type) const { return wider(info.type, type) == info.type; }
    bool operator()(const CodeValues& v) const {
      return holds(ValueType::String) && are_known(column, v.codes, info);
    }
    bool operator()(const BoolValues&) const { return holds(ValueType::Bool); }
    bool operator()(const Int64Values&) const { return holds(ValueType::Int64); }
    bool operator()(const RealValues&) const { return holds(ValueType::Float64); }
    bool operator()(const TextValues&) const { return holds(ValueType::String); }
    bool operator()(const TimeValues&) const { return holds(ValueType::DateTime); }
  };
  return std::visit(Fits{column, info}, column.values);
}

bool persons_fit(const CustomerTable& customers) {
  const Persons& persons = customers.persons();
  std::size_t absent = 0;
  for (std::size_t number = 0; number < customers.count(); ++number) {
    const auto id = CustomerId(static_cast<std::uint32_t>(number));
    const Persons::Entry entry = persons.at(id);
    absent += entry.person == id ? 0 : 1;
    if (entry.person == kNobody) continue;
    if (entry.name == kNobody || entry.own == kNobody) return false;
  }
  return absent == persons.absent &&
         persons.chunks.size() <= customers.count() / Persons::kCustomers + 1;
}

bool attribute_fits(const AttributeColumn& column, std::size_t customers) {
  for (std::size_t c = 0; c < column.chunks.size(); ++c) {
    if (column.chunks[c] == nullptr) continue;
    const AttributeChunk& chunk = *column.chunks[c];
    for (std::size_t word = 0; word < chunk.present.size(); ++word) {
      const std::size_t first = c * AttributeChunk::kCustomers + word * 64;
      const std::size_t used =
          first >= customers ? 0 : std::min<std::size_t>(64, customers - first);
      const std::uint64_t beyond = used == 64 ? 0 : ~std::uint64_t{0} << used;
      if ((chunk.present[word] & beyond) != 0) return false;
      if (chunk.present[word] != 0 && column.type == ValueType::Null) return false;
    }
  }
  return true;
}

bool authors_fit(const ContentAuthors& authors, std::size_t customers) {
  return std::all_of(authors.chunks.begin(), authors.chunks.end(), [&](const auto& chunk) {
    return chunk == nullptr || std::all_of(chunk->begin(), chunk->end(), [&](CustomerId author) {
             return author == kNobody || index(author) < customers;
           });
  });
}

bool import_fits(const ImportRecord& import, std::size_t customers) {
  const auto ascend = [](const auto& ranges, std::uint64_t end) {
    std::uint64_t begin = 0;
    for (const auto& [first, last] : ranges) {
      if (first < begin || first >= last || last > end) return false;
      begin = last;
    }
    return true;
  };
  return ascend(import.rows, UINT64_MAX) && ascend(import.customers, customers);
}

}  // namespace

std::string_view misfit(const Run& run, const Snapshot& state) {
  const std::size_t customers = state.customers().count();
  if (index(run.event) >= state.event_counts().size()) return "an event without a name";
  if (index(run.customers[run.size() - 1]) >= customers) return "a row of no customer";
  if (run.targets.size() != 0 && largest(run.targets) > customers) return "a target that is none";
  for (const IdentityStretch& stretch : run.identities) {
    if (index(stretch.identity) >= customers) return "a row of no external id";
  }
  for (const RunColumn& column : run.columns) {
    if (index(column.id) >= state.columns().size()) return "a column without a name";
    if (!fits(column, state.columns()[index(column.id)])) return "a value that no column has";
  }
  return {};
}

std::string_view misfit(const Snapshot& state, const Imports& imports) {
  const std::size_t customers = state.customers().count();
  if (!persons_fit(state.customers())) return "a person that does not exist";
  for (const auto& attribute : state.customers().attributes()) {
    if (!attribute_fits(*attribute, customers)) return "an attribute of no customer";
  }
  if (!authors_fit(state.content_authors(), customers)) return "an author who does not exist";
  for (const auto& [id, import] : imports.all()) {
    if (!import_fits(import, customers)) return "an import of what does not exist";
  }
  return {};
}

}  // namespace grapevine
