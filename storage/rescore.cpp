// What gives stored texts other scores.

#include <utility>

#include "storage/derived_columns.hpp"
#include "storage/rescored_run.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

void StoreState::apply_change(const Rescoring& change) {
  if (change.texts.empty()) return;
  if (change.texts.back().sequence >= delta_->first_sequence()) close_delta();
  const ColumnId column = columns_.find_or_add(kSentimentModelColumn);
  const DeltaCell name = columns_.take(column, {kNoString, ValueType::String, 0}, change.model,
                                       EventColumns::kMissing, *delta_);
  if (name.is_text) return;  // Of a column that nobody else fills: there are no such many models.
  const KnownModel model{column, name.bits};
  const ScoresBySequence scores(change.texts);
  for (std::shared_ptr<const Part>& part : parts_) {
    std::shared_ptr<Part> version;
    for (std::size_t r = 0; r < part->runs.size(); ++r) {
      const LiveRun& run = part->runs[r];
      std::optional<RescoredRun> rescored = rescored_run(run, scores, model);
      if (!rescored) continue;
      CustomerId last = kNobody;  // Rows ascend by customer.
      for (const std::uint32_t row : rescored->changed) {
        const CustomerId customer = run->customers[row];
        if (std::exchange(last, customer) != customer) touches_.add(customer, Touch::kPerson);
      }
      if (version == nullptr) version = std::make_shared<Part>(*part);
      version->runs[r] = LiveRun(std::move(rescored->run), run.dead());
    }
    if (version != nullptr) part = std::move(version);
  }
}

}  // namespace grapevine
