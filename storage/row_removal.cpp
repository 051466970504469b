// What takes events away: undone imports and retention.

#include <algorithm>
#include <utility>

#include "storage/schema.hpp"
#include "storage/store_state.hpp"

namespace grapevine {
namespace {

// The latest time of a row that is not dead.
TimeMs newest_of(const LiveRun& run) {
  if (run.dead() == nullptr) return run->last;
  TimeMs newest = INT64_MIN;
  for (std::size_t row = 0; row < run->size(); ++row) {
    if (!run.is_dead(row)) newest = std::max(newest, run->time(row));
  }
  return newest;
}

// Calls `body(run, row, content)` for the rows of a part that have a content_id.
template <typename Body>
void for_each_content(const Part& part, const Body& body) {
  for (const LiveRun& run : part.runs) {
    const RunColumn* contents = run->column(column_id(CoreColumn::ContentId));
    if (contents == nullptr) continue;
    const PackedUints& codes = std::get<CodeValues>(contents->values).codes;
    for (std::size_t row = 0; row < run->size(); ++row) {
      if (contents->has(row)) body(run, row, codes.at(row));
    }
  }
}

}  // namespace

absl::StatusOr<ImportUndo> StoreState::decide_import_undo(std::string_view import_id) const {
  if (imports_.find(import_id) == nullptr) return absl::NotFoundError("no import has this id");
  return ImportUndo{std::string(import_id)};
}

void StoreState::apply_change(const ImportUndo& change) {
  const ImportRecord* import = imports_.find(change.import_id);
  if (import == nullptr) return;
  const ImportRecord undone = *import;
  imports_.undo(change.import_id);
  remove_rows([&](const Part& part) { return rows_of_sequences(part, undone.rows); });
  regroup(identities_.forget_import(undone.number));
  move_rows();
  for (const CustomerId number : customers_.remove_traits_of(undone.number)) {
    touches_.add(number, Touch::kTraits);
    const CustomerId person = customers_.persons().of(number);
    if (person == number) regroup(person_with(person));
  }
  forget_unused(undone.customers);
}

// Makes nobody of customers of whom nothing is left: no event of theirs or directed at them, no
// trait, no merge.
void StoreState::forget_unused(std::span<const std::pair<std::uint64_t, std::uint64_t>> numbers) {
  if (numbers.empty()) return;
  std::vector<bool> used(customers_.count());
  const auto use = [&](CustomerId number) {
    if (number != kNobody) used[index(number)] = true;
  };
  for (const auto& part : parts_) {
    for (const LiveRun& run : part->runs) {
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (run.is_dead(row)) continue;
        use(run->identity(row));
        use(run->target(row));
      }
    }
  }
  for (const auto& [first, last] : numbers) {
    for (std::uint64_t number = first; number < last; ++number) {
      const CustomerId id{static_cast<std::uint32_t>(number)};
      const bool is_alone = customers_.is_alone(id) && identities_.merges_of(id).empty();
      if (!used[number] && is_alone && !customers_.has_traits(id)) forget_nobody(id);
    }
  }
}

std::size_t StoreState::trim(TimeMs horizon) {
  return remove_rows([&](const Part& part) {
    return part.first < horizon ? rows_before(part, horizon) : RowsOfPart(part.runs.size());
  });
}

// Takes the rows away that `select` names of each part, and all that was counted of them.
std::size_t StoreState::remove_rows(const std::function<RowsOfPart(const Part&)>& select) {
  close_delta();
  const std::size_t before = rows_;
  std::vector<std::shared_ptr<const Part>> touched;
  for (std::shared_ptr<const Part>& part : parts_) {
    const RowsOfPart rows = select(*part);
    if (!any_rows(rows)) continue;
    uncount(*part, rows);
    touched.push_back(only_rows(*part, rows));
    part = without_rows(*part, rows);
  }
  if (touched.empty()) return 0;
  std::erase(parts_, nullptr);
  newest_event_ = INT64_MIN;
  for (const auto& part : parts_) {
    for (const LiveRun& run : part->runs) newest_event_ = std::max(newest_event_, newest_of(run));
  }
  std::vector<std::uint64_t> contents;
  for (const auto& part : touched) {
    for_each_content(*part, [&](const LiveRun& run, std::size_t row, std::uint64_t content) {
      if (!run.is_dead(row)) contents.push_back(content);
    });
  }
  for (const auto& part : touched) touch_rows_of(*part);
  find_authors_again(contents);
  ++social_version_;
  return before - rows_;
}

void StoreState::forget_nobody(CustomerId id) {
  customers_.erase({&id, 1});
  touches_.add(id, Touch::kPerson);
}

void StoreState::touch_rows_of(const Part& part) {
  for (const LiveRun& run : part.runs) {
    CustomerId last = kNobody;  // Rows ascend by customer.
    run->customers.for_each(0, run->size(), [&](std::size_t, CustomerId customer) {
      if (std::exchange(last, customer) != customer) touches_.add(customer, Touch::kPerson);
    });
  }
}

void StoreState::uncount(const Part& part, const RowsOfPart& rows) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    event_counts_[index(part.runs[r]->event)] -= rows[r].size();
    rows_ -= rows[r].size();
  }
  published_counts_ = nullptr;
}

// Who wrote these contents, by the rows that are left. Precondition: the delta is closed.
void StoreState::find_authors_again(std::span<const std::uint64_t> contents) {
  if (contents.empty()) return;
  std::vector<bool> wanted(*std::max_element(contents.begin(), contents.end()) + 1);
  for (const std::uint64_t content : contents) {
    wanted[content] = true;
    authors_.forget(content);
  }
  const auto first_by_id = [this](CustomerId a, CustomerId b) {
    return customers_.external_id(a) < customers_.external_id(b);
  };
  for (const auto& part : parts_) {
    for_each_content(*part, [&](const LiveRun& run, std::size_t row, std::uint64_t content) {
      if (run.is_dead(row) || content >= wanted.size() || !wanted[content]) return;
      authors_.note(content, run->identity(row), run->time(row), first_by_id);
    });
  }
}

}  // namespace grapevine
