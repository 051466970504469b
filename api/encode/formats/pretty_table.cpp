#include "api/encode/formats/pretty_table.hpp"

#include <algorithm>

#include "api/encode/formats/text_width.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kColumnWidthMax = 250;    // Wider values stand out of the table.
constexpr std::size_t kValueWidthMax = 10'000;  // Wider values are cut.
constexpr std::size_t kNameWidthMax = 24;       // Unless the values are wider.
constexpr std::size_t kFooterRowsMin = 50;      // From there on names are below the table, too.
constexpr std::size_t kVerticalRowsMax = 10;
constexpr std::size_t kVerticalColumnsMin = 5;
constexpr std::size_t kVerticalWidthMin = 250;

void append_times(ByteBuffer& out, std::size_t times, std::string_view text) {
  for (std::size_t i = 0; i < times; ++i) out.append(text);
}

}  // namespace

struct PrettyTable::Grid {
  std::string_view left;
  std::string_view line;
  std::string_view between;
  std::string_view right;
};

PrettyTable::PrettyTable(PrettyStyle style, const std::vector<ResultColumn>& columns,
                         const std::deque<PrettyRow>& rows, std::uint64_t rows_in_all)
    : style_(style),
      rows_(rows),
      rows_in_all_(rows_in_all),
      number_width_(std::to_string(rows_in_all).size() + 2) {
  std::size_t before = before_first();
  for (const ResultColumn& column : columns) {
    columns_.push_back(
        {.name = column.name, .name_width = 0, .width = 0, .right = is_right_aligned(column.type)});
    measure(columns_.back(), columns_.size() - 1, before);
    before += columns_.back().width + 3;
  }
}

void PrettyTable::measure(Column& column, std::size_t index, std::size_t before) {
  for (const PrettyRow& row : rows_) {
    std::string_view text = row.cells[index];
    for (;;) {
      const std::size_t end = text.find('\n');
      column.width = std::max(
          column.width, std::min(kColumnWidthMax, width_of_text(text.substr(0, end), before)));
      if (end == std::string_view::npos) break;
      has_lines_ = true;
      text.remove_prefix(end + 1);
    }
  }
  column.name = cut_name(std::move(column.name), std::max(column.width, kNameWidthMax));
  column.name_width = std::min(kColumnWidthMax, width_of_text(column.name));
  column.width = std::max(column.width, column.name_width);
}

bool PrettyTable::is_better_vertical() const {
  std::size_t width = 0;
  for (const Column& column : columns_) width += column.width;
  return rows_in_all_ <= kVerticalRowsMax && columns_.size() >= kVerticalColumnsMin &&
         (width >= kVerticalWidthMin || has_lines_);
}

void PrettyTable::append_to(ByteBuffer& out) {
  constexpr Grid kNone{"", "", "", ""};
  const bool full = style_ == PrettyStyle::Full;
  const bool compact = style_ == PrettyStyle::Compact;
  if (full) append_rule(out, {"┏", "━", "┳", "┓"});
  append_names(out, compact ? Grid{"┌", "─", "┬", "┐"} : kNone);
  if (full) append_rule(out, {"┡", "━", "╇", "┩"});
  if (style_ == PrettyStyle::Space) out.append('\n');
  const Grid between_rows{"├", "─", "┼", "┤"};
  std::uint64_t before = 0;  // The number of the row that was shown last.
  for (const PrettyRow& row : rows_) {
    if (before != 0 && full) append_rule(out, between_rows);
    if (row.number != before + 1) {
      append_left_out(out);
      if (full) append_rule(out, between_rows);
    }
    append_row(out, row);
    before = row.number;
  }
  if (rows_in_all_ >= kFooterRowsMin) {
    if (full) append_rule(out, {"┢", "━", "╈", "┪"});
    if (style_ == PrettyStyle::Space) out.append('\n');
    append_names(out, compact ? Grid{"└", "─", "┴", "┘"} : kNone);
    if (full) append_rule(out, {"┗", "━", "┻", "┛"});
    if (style_ == PrettyStyle::Space) out.append('\n');
  } else if (full || compact) {
    append_rule(out, {"└", "─", "┴", "┘"});
  }
}

void PrettyTable::append_rule(ByteBuffer& out, const Grid& grid) const {
  out.append(number_width_, ' ');
  out.append(grid.left);
  bool first = true;
  for (const Column& column : columns_) {
    if (!first) out.append(grid.between);
    first = false;
    append_times(out, column.width + 2, grid.line);
  }
  out.append(grid.right);
  out.append('\n');
}

void PrettyTable::append_names(ByteBuffer& out, const Grid& grid) const {
  const bool full = style_ == PrettyStyle::Full;
  const bool compact = style_ == PrettyStyle::Compact;
  const std::string_view filler = compact ? grid.line : " ";
  out.append(number_width_, ' ');
  if (full) out.append("┃");
  if (compact) out.append(grid.left);
  out.append(filler);
  bool first = true;
  for (const Column& column : columns_) {
    if (!first) {
      out.append(filler);
      out.append(full ? "┃" : compact ? grid.between : " ");
      out.append(filler);
    }
    first = false;
    if (!column.right) out.append(column.name);
    append_times(out, column.width - column.name_width, filler);
    if (column.right) out.append(column.name);
  }
  if (style_ != PrettyStyle::Space) out.append(filler);
  if (full) out.append("┃");
  if (compact) out.append(grid.right);
  out.append('\n');
}

void PrettyTable::append_left_out(ByteBuffer& out) const {
  std::size_t width = style_ == PrettyStyle::Space ? 0 : 3;
  for (const Column& column : columns_) width += column.width + 3;
  width -= 2;
  out.append(number_width_, ' ');
  for (std::size_t i = 0; i < width; ++i) out.append(i % 2 == 0 ? "─" : " ");
  out.append('\n');
}

void PrettyTable::append_row(ByteBuffer& out, const PrettyRow& row) const {
  std::vector<std::size_t> from(columns_.size(), 0);
  for (bool first_line = true;; first_line = false) {
    const std::string number = first_line ? std::to_string(row.number) + ". " : "";
    out.append(number_width_ - number.size(), ' ');
    out.append(number);
    bool whole = true;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (style_ != PrettyStyle::Space) {
        out.append("│");
      } else if (i != 0) {
        out.append(' ');
      }
      append_line(out, columns_[i], row.cells[i], from[i]);
      if (from[i] != row.cells[i].size()) whole = false;
    }
    if (style_ != PrettyStyle::Space) out.append("│");
    // Beside the only number there is.
    if (rows_in_all_ == 1 && columns_.size() == 1) out.append(row.tips.front());
    out.append('\n');
    if (whole) return;
  }
}

void PrettyTable::append_line(ByteBuffer& out, const Column& column, std::string_view text,
                              std::size_t& from) const {
  const bool continued = from > 0 && from < text.size();
  const std::size_t end = std::min(text.find('\n', from), text.size());
  std::string line(text.substr(from, end - from));
  from = end;
  std::size_t width = width_of_text(line, before_first());
  const bool only_value = rows_in_all_ == 1 && columns_.size() == 1;
  const bool is_cut = !only_value && width > kValueWidthMax;
  if (is_cut) {
    line.resize(bytes_of_width(line, kValueWidthMax, before_first()));
    line += "⋯";
    width = kValueWidthMax;
  }
  const std::size_t padding = column.width > width ? column.width - width : 0;
  out.append(continued ? "↳" : " ");
  if (column.right) out.append(padding, ' ');
  out.append(line);
  if (!column.right) out.append(padding, ' ');
  if (from != text.size()) {
    out.append("↴");
    ++from;
  } else if (!is_cut) {
    out.append(' ');
  }
}

}  // namespace grapevine::sql
