#include "kernels/listen/ticket_ids.hpp"

#include <bit>
#include <string_view>
#include <type_traits>
#include <variant>

#include <absl/strings/string_view.h>

#include "storage/canonical_text.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kTicketColumn = "properties.ticket_id";

// A value that is no string, as the text that it becomes among strings.
template <typename Values>
std::string text_of(const Values& values, std::size_t row) {
  if constexpr (std::is_same_v<Values, BoolValues>) {
    return canonical_text(ValueType::Bool, values.at(row) ? 1 : 0);
  } else if constexpr (std::is_same_v<Values, RealValues>) {
    return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(values.at(row)));
  } else if constexpr (std::is_same_v<Values, TimeValues>) {
    return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(values.at(row).ms));
  } else {
    return canonical_text(ValueType::Int64, static_cast<std::uint64_t>(values.at(row)));
  }
}

}  // namespace

TicketIds::TicketIds(const Snapshot& snapshot) {
  ColumnId column{};
  if (snapshot.find_column(kTicketColumn, column) != nullptr) column_ = column;
}

std::uint32_t TicketIds::add(std::string_view ticket) {
  const auto next = static_cast<std::uint32_t>(numbers_.size());
  return numbers_.try_emplace(absl::string_view(ticket.data(), ticket.size()), next).first->second;
}

std::optional<std::uint32_t> TicketIds::find(std::string_view ticket) const {
  const auto found = numbers_.find(absl::string_view(ticket.data(), ticket.size()));
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

TicketsOfRun::TicketsOfRun(const Snapshot& snapshot, const Run& run) {
  ColumnId column{};
  const ColumnInfo* info = snapshot.find_column(kTicketColumn, column);
  if (info == nullptr) return;
  column_ = run.column(column);
  if (column_ == nullptr) return;
  dictionary_ = info->dictionary.get();
  if (const auto* texts = std::get_if<TextValues>(&column_->values)) texts_.emplace(*texts);
}

std::optional<std::string_view> TicketsOfRun::at(std::size_t row) {
  if (column_ == nullptr || !column_->has(row)) return std::nullopt;
  const std::string_view text = std::visit(
      [&](const auto& values) -> std::string_view {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Values, CodeValues>) {
          return dictionary_->at(static_cast<std::uint32_t>(values.codes.at(row)));
        } else if constexpr (std::is_same_v<Values, TextValues>) {
          return texts_->at(row);
        } else {
          written_ = text_of(values, row);
          return written_;
        }
      },
      column_->values);
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace grapevine
