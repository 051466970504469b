#include "kernels/listen/inbox.hpp"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>

#include "kernels/listen/groups_of_run.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsTogether = 4096;

EventSelection select_texts(const Snapshot& snapshot, const InboxQuestion& question) {
  EventSelection selection;
  selection.from = question.from;
  selection.to = question.to;
  ColumnRule has_text{column_id(CoreColumn::Text), {}, false};
  has_text.test.any = true;
  selection.where.push_back(std::move(has_text));
  for (std::uint32_t i = 0; i < snapshot.event_counts().size(); ++i) {
    const std::string_view name = snapshot.event_names().at(i);
    if (name == "Ticket Answered" || name == "Ticket Resolved") continue;
    selection.events.push_back(EventNameId(i));
  }
  return selection;
}

// What a worker keeps from slice to slice.
struct Scratch {
  std::vector<std::uint8_t> mask;
  std::vector<GroupedRow> rows, some;
  std::vector<std::uint8_t> is_about;
  std::vector<FoundSign> signs;
};

// Reads the items of one slice.
class SliceReader {
 public:
  SliceReader(const Snapshot& snapshot, const InboxQuestion& question,
              const Conversations& conversations, const std::vector<GroupDimension>& dimensions,
              const LiveRun& live, Scratch& scratch)
      : snapshot_(snapshot),
        question_(question),
        run_(*live),
        is_ticket_(live->event == snapshot.find_event("Ticket Opened")),
        groups_(run_, dimensions),
        outcomes_(conversations, run_),
        accounts_(live->column(column_id(CoreColumn::Account))),
        texts_(std::get_if<TextValues>(&live->column(column_id(CoreColumn::Text))->values)),
        scratch_(scratch) {}

  void read(RowRange rows, std::span<const std::uint8_t> mask, std::vector<InboxItem>& items) {
    if (texts_ == nullptr) return;
    for (std::size_t d = 0; d < question_.filters.size(); ++d) {
      if (groups_.has_none(d)) return;
    }
    for (std::size_t begin = rows.begin; begin < rows.end; begin += kRowsTogether) {
      const std::size_t end = std::min(begin + kRowsTogether, rows.end);
      std::vector<GroupedRow>& meant = scratch_.rows;
      meant.clear();
      run_.customers.for_each(begin, end, [&](std::size_t row, CustomerId customer) {
        if (!mask.empty() && mask[row - rows.begin] == 0) return;
        if (question_.voices.has(customer)) return;
        meant.push_back({static_cast<std::uint32_t>(row - begin), 0});
      });
      for (std::size_t d = 0; d < question_.filters.size() && !meant.empty(); ++d) {
        groups_.divide(d, begin, meant);
      }
      if (question_.concerning && !is_ticket_) keep_about(begin, end - begin, meant);
      for (const GroupedRow& of : meant) add(begin + of.row, items);
    }
  }

 private:
  void keep_about(std::size_t begin, std::size_t count, std::vector<GroupedRow>& meant) {
    if (meant.empty()) return;
    std::vector<std::uint8_t>& is_about = scratch_.is_about;
    is_about.assign(count, 0);
    for (std::size_t d = 0; d < question_.concerning->dimensions.size(); ++d) {
      if (groups_.has_none(question_.filters.size() + d)) continue;
      scratch_.some = meant;
      groups_.divide(question_.filters.size() + d, begin, scratch_.some);
      for (const GroupedRow& of : scratch_.some) is_about[of.row] = 1;
    }
    std::erase_if(meant, [&](const GroupedRow& of) {
      if (is_about[of.row] != 0) return false;
      if (accounts_ != nullptr && accounts_->has(begin + of.row)) return false;
      const CustomerId whom = snapshot_.target(run_, begin + of.row);
      return whom == kNobody || !question_.voices.has(whom);
    });
  }

  void add(std::size_t row, std::vector<InboxItem>& items) {
    if (question_.status != InboxQuestion::Status::All) {
      const bool is_open = outcomes_.of(row).is_open();
      if (is_open != (question_.status == InboxQuestion::Status::Open)) return;
    }
    if (!reader_)
      reader_.emplace(*texts_);  // A decompressor is not cheap, and many slices have no item.
    const std::string_view text = reader_->at(row);
    if (text.empty()) return;
    find_service_signs(text, scratch_.signs);
    const Triage told = triage(scratch_.signs, sentiment_at(run_, row), is_ticket_);
    items.push_back({.run = &run_,
                     .row = row,
                     .ts = run_.time(row),
                     .sequence = run_.sequences.at(row),
                     .customer = run_.customers[row],
                     .concern = told.concern,
                     .severity = told.severity,
                     .is_ticket = is_ticket_});
  }

  const Snapshot& snapshot_;
  const InboxQuestion& question_;
  const Run& run_;
  const bool is_ticket_;
  GroupsOfRun groups_;
  OutcomesOfRun outcomes_;
  const RunColumn* accounts_;  // nullptr: no row has one.
  const TextValues* texts_;
  std::optional<TextReader> reader_;
  Scratch& scratch_;
};

}  // namespace

std::optional<double> sentiment_at(const Run& run, std::size_t row) {
  const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
  if (column == nullptr || !column->has(row)) return std::nullopt;
  const auto* values = std::get_if<RealValues>(&column->values);
  return values == nullptr ? std::nullopt : std::optional(values->at(row));
}

absl::StatusOr<std::vector<InboxItem>> find_inbox(const Snapshot& snapshot,
                                                  const InboxQuestion& question,
                                                  const Conversations& conversations,
                                                  const Stop& stop) {
  const EventSelection selection = select_texts(snapshot, question);
  const RowFilter filter(snapshot, selection);
  std::vector<GroupDimension> dimensions = question.filters;
  if (question.concerning) {
    const auto& others = question.concerning->dimensions;
    dimensions.insert(dimensions.end(), others.begin(), others.end());
  }
  const std::vector<RowSlice> slices = slices_of(snapshot, filter);
  std::vector<std::vector<InboxItem>> found(slices.size());
  WorkerLocal<Scratch> scratches([] { return Scratch(); });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    const auto& [live, rows] = slices[s];
    if ((*live)->column(column_id(CoreColumn::Text)) == nullptr) return;
    Scratch& scratch = scratches.mine();
    const auto mask = filter.meant(*live, rows, scratch.mask);
    SliceReader(snapshot, question, conversations, dimensions, *live, scratch)
        .read(rows, mask, found[s]);
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading the inbox");
  std::vector<InboxItem> items;
  for (const auto& some : found) items.insert(items.end(), some.begin(), some.end());
  parallel_sort(std::span(items),
                [](const InboxItem& a, const InboxItem& b) { return a.sequence < b.sequence; });
  return items;
}

}  // namespace grapevine
