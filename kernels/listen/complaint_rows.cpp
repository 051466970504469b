#include "kernels/listen/complaint_rows.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/listen/mention_rows.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/real_values.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kOpened = "Ticket Opened";

// The rows that may complain: openings of tickets, and mentions of other names.
std::vector<EventSelection> select_complaints(const Snapshot& snapshot, TimeMs from, TimeMs to) {
  std::vector<EventSelection> selections = select_mentions(snapshot, from, to);
  const EventNameId opened = snapshot.find_event(kOpened);
  for (EventSelection& selection : selections) {
    std::erase_if(selection.events, [&](EventNameId event) {
      const std::string_view name = snapshot.event_names().at(index(event));
      return name == kOpened || name == "Ticket Answered" || name == "Ticket Resolved";
    });
  }
  EventSelection tickets;
  tickets.events = {opened};
  tickets.from = from;
  tickets.to = to;
  selections.push_back(std::move(tickets));
  return selections;
}

// Tells of each row of a run that opens no ticket how it complains.
class Judge {
 public:
  Judge(const Run& run, const VerdictsOfRuns& verdicts)
      : sentiment_(run.column(column_id(CoreColumn::Sentiment))),
        scores_(sentiment_ == nullptr ? nullptr : std::get_if<RealValues>(&sentiment_->values)) {
    const auto of_run = verdicts.find(&run);
    if (of_run != verdicts.end()) verdicts_ = of_run->second.get();
  }

  [[nodiscard]] bool may_complain() const { return verdicts_ != nullptr || scores_ != nullptr; }
  [[nodiscard]] std::optional<ComplaintBy> complaint(std::size_t row) const {
    const TextVerdict verdict = verdicts_ == nullptr ? of_no_text_ : (*verdicts_)[row];
    const bool is_scored = scores_ != nullptr && sentiment_->has(row);
    return verdict.complaint(is_scored ? std::optional<double>(scores_->at(row)) : std::nullopt);
  }

 private:
  const TextVerdict of_no_text_ = TextVerdict::of_no_text();
  const RunColumn* sentiment_;
  const RealValues* scores_;  // nullptr: no row has one.
  const std::vector<TextVerdict>* verdicts_ = nullptr;
};

// Adds the rows of a slice that complain.
void read_slice(const RowSlice& slice, std::span<const std::uint8_t> mask, bool are_tickets,
                const CustomerSet& voices, const VerdictsOfRuns& verdicts,
                std::vector<ServiceCase>& cases) {
  const Run& run = **slice.live;
  const Judge judge(run, verdicts);
  if (!are_tickets && !judge.may_complain()) return;
  const RowRange rows = slice.rows;
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId person) {
    if (!mask.empty() && mask[row - rows.begin] == 0) return;
    const std::optional<ComplaintBy> by =
        are_tickets ? std::optional(ComplaintBy::Ticket) : judge.complaint(row);
    if (!by || voices.has(person)) return;
    ServiceCase found;
    found.run = &run;
    found.row = static_cast<std::uint32_t>(row);
    found.person = person;
    found.is_ticket = are_tickets;
    found.by = *by;
    found.opened = run.time(row);
    cases.push_back(found);
  });
}

// An opening of a ticket, as what names the ticket and the order of arrival.
using Opening = std::tuple<std::string, TimeMs, std::uint64_t, std::size_t>;

// What names the ticket of a case; empty: nothing does.
std::string name_of(const ServiceCase& one, OutcomesOfRun& outcomes) {
  if (const auto ticket = outcomes.ticket(one.row)) return 't' + std::string(*ticket);
  const RunColumn* column = one.run->column(column_id(CoreColumn::ContentId));
  if (column == nullptr || !column->has(one.row)) return {};
  const auto* codes = std::get_if<CodeValues>(&column->values);
  return codes == nullptr ? std::string() : 'c' + std::to_string(codes->codes.at(one.row));
}

void follow(OutcomesOfRun& outcomes, ServiceCase& one) {
  const Outcome outcome = outcomes.of(one.row);
  if (outcome.answered) one.answered = outcome.answered->ts;
  if (!outcome.resolved) return;
  one.resolved = outcome.resolved->ts;
  one.answered = std::min(one.answered, one.resolved);
}

void mark_again(std::vector<Opening>& openings, std::span<ServiceCase> cases) {
  std::ranges::sort(openings);
  for (std::size_t i = 1; i < openings.size(); ++i) {
    if (std::get<0>(openings[i]) != std::get<0>(openings[i - 1])) continue;
    cases[std::get<3>(openings[i])].is_again = true;
  }
}

}  // namespace

absl::StatusOr<std::vector<ServiceCase>> find_complaint_rows(const Snapshot& snapshot, TimeMs from,
                                                             TimeMs to, const CustomerSet& voices,
                                                             const VerdictsOfRuns& verdicts,
                                                             const Stop& stop) {
  std::vector<ServiceCase> cases;
  std::atomic<std::size_t> count{0};
  WorkerLocal<std::vector<std::uint8_t>> masks([] { return std::vector<std::uint8_t>(); });
  const std::vector<EventSelection> selections = select_complaints(snapshot, from, to);
  for (const EventSelection& selection : selections) {
    const bool are_tickets = &selection == &selections.back();
    const RowFilter filter(snapshot, selection);
    const std::vector<RowSlice> slices = slices_of(snapshot, filter);
    std::vector<std::vector<ServiceCase>> of_slice(slices.size());
    for_each(slices.size(), [&](std::size_t s) {
      if (stop.requested() || count.load(std::memory_order_relaxed) > kComplaintsMax) return;
      const auto mask = filter.meant(*slices[s].live, slices[s].rows, masks.mine());
      read_slice(slices[s], mask, are_tickets, voices, verdicts, of_slice[s]);
      count.fetch_add(of_slice[s].size(), std::memory_order_relaxed);
    });
    for (const auto& more : of_slice) cases.insert(cases.end(), more.begin(), more.end());
  }
  if (stop.requested()) return absl::CancelledError("stopped while reading complaints");
  if (count > kComplaintsMax) {
    return absl::InvalidArgumentError("more than 67108864 complaints: ask for a shorter time");
  }
  return cases;
}

absl::StatusOr<std::size_t> follow_cases(const Conversations& conversations,
                                         std::vector<ServiceCase>& cases, const Stop& stop) {
  std::vector<std::size_t> begins;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (i == 0 || cases[i].run != cases[i - 1].run) begins.push_back(i);
  }
  std::vector<std::vector<Opening>> of_run(begins.size());
  std::vector<std::uint8_t> can_be_answered(cases.size());
  for_each(begins.size(), [&](std::size_t r) {
    const std::size_t last = r + 1 < begins.size() ? begins[r + 1] : cases.size();
    OutcomesOfRun outcomes(conversations, *cases[begins[r]].run);
    for (std::size_t i = begins[r]; i < last && !stop.requested(); ++i) {
      ServiceCase& one = cases[i];
      can_be_answered[i] = outcomes.can_be_answered(one.row) ? 1 : 0;
      if (can_be_answered[i] == 0) continue;
      follow(outcomes, one);
      if (!one.is_ticket) continue;
      of_run[r].emplace_back(name_of(one, outcomes), one.opened, one.run->sequences.at(one.row), i);
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while following complaints");
  std::vector<Opening> openings;
  for (std::vector<Opening>& more : of_run) {
    std::ranges::move(more, std::back_inserter(openings));
  }
  mark_again(openings, cases);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (can_be_answered[i] != 0) cases[kept++] = cases[i];
  }
  const std::size_t taken_out = cases.size() - kept;
  cases.resize(kept);
  return taken_out;
}

}  // namespace grapevine
