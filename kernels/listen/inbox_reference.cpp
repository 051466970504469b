#include "kernels/listen/inbox_reference.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>

#include "kernels/listen/row_groups_reference.hpp"
#include "kernels/segment/window_reference.hpp"
#include "kernels/text/service_signs.hpp"
#include "storage/canonical_text.hpp"
#include "storage/schema.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

// A row's value of a column as a text; nullopt: none.
std::optional<std::string> value_of_row(const Snapshot& snapshot, const Run& run, std::size_t row,
                                        std::string_view name) {
  ColumnId id{};
  const ColumnInfo* info = snapshot.find_column(name, id);
  const RunColumn* column = info == nullptr ? nullptr : run.column(id);
  if (column == nullptr || !column->has(row)) return std::nullopt;
  if (const auto* codes = std::get_if<CodeValues>(&column->values)) {
    return std::string(info->dictionary->at(static_cast<std::uint32_t>(codes->codes.at(row))));
  }
  if (const auto* texts = std::get_if<TextValues>(&column->values)) {
    return std::string(TextReader(*texts).at(row));
  }
  if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
    return std::to_string(whole->at(row));
  }
  return std::nullopt;  // No others in tests.
}

std::string_view event_of(const Snapshot& snapshot, const Run& run) {
  return snapshot.event_names().at(index(run.event));
}

// "ticket 17" or "content m3": what a ticket, or what answers one, goes by.
std::string ticket_key(const Snapshot& snapshot, const Run& run, std::size_t row, bool is_answer) {
  const auto ticket = value_of_row(snapshot, run, row, "properties.ticket_id");
  if (ticket && !ticket->empty()) return "ticket " + *ticket;
  auto content = is_answer ? value_of_row(snapshot, run, row, "parent_id") : std::nullopt;
  if (!content) content = value_of_row(snapshot, run, row, "content_id");
  return content ? "content " + *content : "";
}

bool is_about(const Run& run, std::size_t row, const GroupDimension& dimension) {
  return !row_groups_reference(run, row, {&dimension, 1}, 0, 1).empty();
}

}  // namespace

Outcome outcome_reference(const Snapshot& snapshot, const Run& run, std::size_t row,
                          const ConversationQuestion& question) {
  Outcome outcome;
  const bool is_ticket = event_of(snapshot, run) == "Ticket Opened";
  const auto content = value_of_row(snapshot, run, row, "content_id");
  const std::string key = is_ticket ? ticket_key(snapshot, run, row, false) : "";
  const auto keep = [](std::optional<Answer>& kept, const Answer& answer) {
    if (!kept || std::tie(answer.ts, answer.sequence) < std::tie(kept->ts, kept->sequence)) {
      kept = answer;
    }
  };
  for_each_row_reference(snapshot, [&](const Run& other, std::size_t i) {
    const TimeMs ts = other.time(i);
    if (ts < run.time(row) || ts < question.from || ts >= question.to) return;
    const std::string_view event = event_of(snapshot, other);
    const Answer answer{ts, other.sequences.at(i), other.customers[i]};
    if (event == "Post Replied" && content && question.voices.has(answer.by) &&
        value_of_row(snapshot, other, i, "parent_id") == content) {
      keep(outcome.answered, answer);
    }
    if (key.empty() || ticket_key(snapshot, other, i, true) != key) return;
    if (event == "Ticket Answered") keep(outcome.answered, answer);
    if (event == "Ticket Resolved") keep(outcome.resolved, answer);
  });
  return outcome;
}

std::vector<InboxItem> find_inbox_reference(const Snapshot& snapshot, const InboxQuestion& question,
                                            const ConversationQuestion& conversation) {
  std::vector<InboxItem> items;
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const std::string_view event = event_of(snapshot, run);
    const auto text = value_of_row(snapshot, run, row, "text");
    if (event == "Ticket Answered" || event == "Ticket Resolved" || !text || text->empty()) return;
    const CustomerId customer = run.customers[row];
    if (run.time(row) < question.from || run.time(row) >= question.to) return;
    if (question.voices.has(customer)) return;
    for (const GroupDimension& filter : question.filters) {
      if (!is_about(run, row, filter)) return;
    }
    const bool is_ticket = event == "Ticket Opened";
    if (question.concerning && !is_ticket) {
      const CustomerId whom = snapshot.target(run, row);
      bool concerns = value_of_row(snapshot, run, row, "account").has_value();
      concerns |= whom != kNobody && question.voices.has(whom);
      for (const GroupDimension& of : question.concerning->dimensions)
        concerns |= is_about(run, row, of);
      if (!concerns) return;
    }
    using Status = InboxQuestion::Status;
    const bool is_open = outcome_reference(snapshot, run, row, conversation).is_open();
    if (question.status != Status::All && is_open != (question.status == Status::Open)) return;
    std::vector<FoundSign> signs;
    find_service_signs(*text, signs);
    const Triage told = triage(signs, sentiment_at(run, row), is_ticket);
    items.push_back({&run, row, run.time(row), run.sequences.at(row), customer, told.concern,
                     told.severity, is_ticket});
  });
  std::sort(items.begin(), items.end(),
            [](const InboxItem& a, const InboxItem& b) { return a.sequence < b.sequence; });
  return items;
}

}  // namespace grapevine
