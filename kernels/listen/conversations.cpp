#include "kernels/listen/conversations.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kTicketOpened = "Ticket Opened";

// The code of a row's content or parent, which are always kept as codes of one dictionary.
std::optional<std::uint32_t> code_at(const RunColumn* column, std::size_t row) {
  if (column == nullptr || !column->has(row)) return std::nullopt;
  const auto* codes = std::get_if<CodeValues>(&column->values);
  if (codes == nullptr) return std::nullopt;
  return static_cast<std::uint32_t>(codes->codes.at(row));
}

EventSelection rows_of(const Snapshot& snapshot, std::string_view event,
                       const ConversationQuestion& question) {
  EventSelection rows;
  rows.events = {snapshot.find_event(event)};
  rows.from = question.from;
  rows.to = question.to;
  return rows;
}

Answer answer_at(const Run& run, std::size_t row, CustomerId by) {
  return {run.time(row), run.sequences.at(row), by};
}

}  // namespace

absl::StatusOr<Conversations> Conversations::read(const Snapshot& snapshot,
                                                  const ConversationQuestion& question,
                                                  const Stop& stop) {
  Conversations read(snapshot);
  read.read_replies(question, stop);
  read.read_tickets(question, "Ticket Answered", false, stop);
  read.read_tickets(question, "Ticket Resolved", true, stop);
  if (stop.requested()) return absl::CancelledError("stopped while reading answers");
  read.sort();
  return read;
}

void Conversations::read_replies(const ConversationQuestion& question, const Stop& stop) {
  if (question.voices.empty()) return;
  const EventSelection replies = rows_of(*snapshot_, "Post Replied", question);
  const RowFilter filter(*snapshot_, replies);
  const std::vector<RowSlice> slices = slices_of(*snapshot_, filter);
  std::vector<std::vector<Found>> found(slices.size());
  WorkerLocal<std::vector<std::uint8_t>> masks([] { return std::vector<std::uint8_t>(); });
  for_each(slices.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    const LiveRun& live = *slices[s].live;
    const RowRange rows = slices[s].rows;
    const RunColumn* parents = live->column(column_id(CoreColumn::ParentId));
    if (parents == nullptr) return;
    std::vector<std::pair<std::size_t, CustomerId>> own;
    live->customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId by) {
      if (question.voices.has(by)) own.emplace_back(row, by);
    });
    if (own.empty()) return;
    const auto mask = filter.meant(live, rows, masks.mine());
    for (const auto& [row, by] : own) {
      if (!mask.empty() && mask[row - rows.begin] == 0) continue;
      const auto parent = code_at(parents, row);
      if (!parent) continue;
      found[s].push_back({key_of(Kind::Reply, *parent), answer_at(*live, row, by)});
    }
  });
  for (const auto& some : found) answers_.insert(answers_.end(), some.begin(), some.end());
}

void Conversations::read_tickets(const ConversationQuestion& question, std::string_view event,
                                 bool resolves, const Stop& stop) {
  const EventSelection selection = rows_of(*snapshot_, event, question);
  const RowFilter filter(*snapshot_, selection);
  std::vector<std::uint8_t> scratch;
  const auto by_ticket = resolves ? Kind::TicketResolved : Kind::TicketAnswered;
  const auto by_content = resolves ? Kind::ContentResolved : Kind::ContentAnswered;
  for (const auto& [live, rows] : slices_of(*snapshot_, filter)) {
    if (stop.requested()) return;
    const auto mask = filter.meant(*live, rows, scratch);
    const Run& run = **live;
    TicketsOfRun tickets(*snapshot_, run);
    const RunColumn* parents = run.column(column_id(CoreColumn::ParentId));
    const RunColumn* contents = run.column(column_id(CoreColumn::ContentId));
    run.customers.for_each(
        rows.begin, rows.end, [&, begin = rows.begin](std::size_t row, CustomerId by) {
          if (!mask.empty() && mask[row - begin] == 0) return;
          if (const auto ticket = tickets.at(row)) {
            const std::uint32_t number = tickets_.add(*ticket);
            answers_.push_back({key_of(by_ticket, number), answer_at(run, row, by)});
            return;
          }
          auto content = code_at(parents, row);
          if (!content) content = code_at(contents, row);
          if (!content) return;
          answers_.push_back({key_of(by_content, *content), answer_at(run, row, by)});
        });
  }
}

void Conversations::sort() {
  const auto order = [](const Found& found) {
    return std::tuple(found.key, found.answer.ts, found.answer.sequence);
  };
  parallel_sort(std::span(answers_),
                [&](const Found& a, const Found& b) { return order(a) < order(b); });
  for (std::size_t begin = 0, end = 0; begin < answers_.size(); begin = end) {
    const std::uint64_t key = answers_[begin].key;
    while (end < answers_.size() && answers_[end].key == key) ++end;
    of_key_.emplace(key, std::span(answers_).subspan(begin, end - begin));
  }
}

std::optional<Answer> Conversations::first(Kind kind, std::uint32_t number, TimeMs since) const {
  const auto known = of_key_.find(key_of(kind, number));
  if (known == of_key_.end()) return std::nullopt;
  const std::span<const Found> answers = known->second;
  const auto first = std::partition_point(answers.begin(), answers.end(),
                                          [&](const Found& of) { return of.answer.ts < since; });
  if (first == answers.end()) return std::nullopt;
  return first->answer;
}

OutcomesOfRun::OutcomesOfRun(const Conversations& conversations, const Run& run)
    : conversations_(conversations),
      run_(run),
      contents_(run.column(column_id(CoreColumn::ContentId))) {
  if (run.event == conversations.snapshot_->find_event(kTicketOpened)) {
    tickets_.emplace(*conversations.snapshot_, run);
  }
}

std::optional<std::uint32_t> OutcomesOfRun::content(std::size_t row) const {
  return code_at(contents_, row);
}

std::optional<std::string_view> OutcomesOfRun::ticket(std::size_t row) {
  return tickets_ ? tickets_->at(row) : std::nullopt;
}

bool OutcomesOfRun::can_be_answered(std::size_t row) { return content(row) || ticket(row); }

Outcome OutcomesOfRun::of(std::size_t row) {
  using enum Conversations::Kind;
  Outcome outcome;
  const TimeMs since = run_.time(row);
  const auto content_code = content(row);
  if (content_code) outcome.answered = conversations_.first(Reply, *content_code, since);
  if (!tickets_) return outcome;
  const auto earlier = [](const std::optional<Answer>& a, const std::optional<Answer>& b) {
    if (!a || !b) return a ? a : b;
    return std::tie(b->ts, b->sequence) < std::tie(a->ts, a->sequence) ? b : a;
  };
  const auto note = [&](Conversations::Kind answered, Conversations::Kind resolved,
                        std::uint32_t number) {
    outcome.answered = earlier(outcome.answered, conversations_.first(answered, number, since));
    outcome.resolved = conversations_.first(resolved, number, since);
  };
  if (const auto named = tickets_->at(row)) {
    if (const auto number = conversations_.tickets_.find(*named)) {
      note(TicketAnswered, TicketResolved, *number);
    }
  } else if (content_code) {
    note(ContentAnswered, ContentResolved, *content_code);
  }
  return outcome;
}

}  // namespace grapevine
