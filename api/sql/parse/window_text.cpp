#include "api/sql/parse/window_text.hpp"

#include <absl/strings/match.h>

#include "api/sql/parse/lexer.hpp"
#include "api/sql/parse/text.hpp"

namespace grapevine::sql {
namespace {

// In parentheses where a column's name would be read as the word of a bound.
std::string offset_text(const ExpressionPtr& offset, const WriteExpression& write) {
  std::string text = write(*offset);
  return absl::StartsWithIgnoreCase(text, "UNBOUNDED") ? concat("(", text, ")") : text;
}

std::string bound_text(WindowFrame::Bound bound, const ExpressionPtr& offset,
                       const WriteExpression& write) {
  switch (bound) {
    case WindowFrame::Bound::UnboundedPreceding: return "UNBOUNDED PRECEDING";
    case WindowFrame::Bound::Preceding: return concat(offset_text(offset, write), " PRECEDING");
    case WindowFrame::Bound::CurrentRow: return "CURRENT ROW";
    case WindowFrame::Bound::Following: return concat(offset_text(offset, write), " FOLLOWING");
    case WindowFrame::Bound::UnboundedFollowing: break;
  }
  return "UNBOUNDED FOLLOWING";
}

std::string frame_text(const WindowFrame& frame, const WriteExpression& write) {
  const char* unit = frame.unit == WindowFrame::Unit::Rows    ? "ROWS"
                     : frame.unit == WindowFrame::Unit::Range ? "RANGE"
                                                              : "GROUPS";
  return concat(unit, " BETWEEN ", bound_text(frame.begin, frame.begin_offset, write), " AND ",
                bound_text(frame.end, frame.end_offset, write));
}

void add_part(std::string& text, const std::string& part) {
  text += concat(text.empty() ? "" : " ", part);
}

}  // namespace

std::string order_words(const OrderItem& item) {
  std::string text = item.descending ? " DESC" : " ASC";
  if (item.nulls_first) text += *item.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return text;
}

std::string order_text(const OrderItem& item, const WriteExpression& write) {
  return write(*item.expression) + order_words(item);
}

std::string window_text(const WindowDefinition& window, const WriteExpression& write) {
  if (window.is_name) return quoted_name(window.base);
  std::string text = window.base.empty() ? "" : quoted_name(window.base);
  const char* mark = "PARTITION BY ";
  for (const ExpressionPtr& one : window.partition_by) {
    if (mark[0] == ',') {
      text += concat(mark, write(*one));
    } else {
      add_part(text, concat(mark, write(*one)));
    }
    mark = ", ";
  }
  mark = "ORDER BY ";
  for (const OrderItem& item : window.order_by) {
    if (mark[0] == ',') {
      text += concat(mark, order_text(item, write));
    } else {
      add_part(text, concat(mark, order_text(item, write)));
    }
    mark = ", ";
  }
  if (window.frame) add_part(text, frame_text(*window.frame, write));
  return concat("(", text, ")");
}

}  // namespace grapevine::sql
