// OVER (PARTITION BY ... ORDER BY ... ROWS ...)

#include <utility>

#include "api/sql/parse/parser.hpp"

namespace grapevine::sql {

std::shared_ptr<const WindowDefinition> Parser::over() {
  auto window = std::make_shared<WindowDefinition>();
  if (is_symbol("(")) {
    *window = window_definition();
  } else {
    window->base = need_name("the name of a window");
    window->is_name = true;
  }
  return window;
}

// (name PARTITION BY a ORDER BY b ROWS ...), each part optional.
WindowDefinition Parser::window_definition() {
  WindowDefinition window;
  need_symbol("(");
  const bool is_base = is_name() && !are_words({"PARTITION", "BY"}) &&
                       !are_words({"ORDER", "BY"}) && !is_word("ROWS") && !is_word("RANGE") &&
                       !is_word("GROUPS");
  if (is_base) window.base = need_name("the name of a window");
  if (take_words({"PARTITION", "BY"})) window.partition_by = list(false);
  if (take_words({"ORDER", "BY"})) window.order_by = order_items();
  window.frame = frame();
  need_symbol(")");
  return window;
}

std::optional<WindowFrame> Parser::frame() {
  WindowFrame frame;
  if (take_word("ROWS")) {
    frame.unit = WindowFrame::Unit::Rows;
  } else if (take_word("GROUPS")) {
    frame.unit = WindowFrame::Unit::Groups;
  } else if (!take_word("RANGE")) {
    return std::nullopt;
  }
  if (take_word("BETWEEN")) {
    frame_bound(frame.begin, frame.begin_offset);
    need_word("AND");
    frame_bound(frame.end, frame.end_offset);
  } else {
    frame_bound(frame.begin, frame.begin_offset);
  }
  if (is_word("EXCLUDE")) refuse("EXCLUDE of a frame");
  return frame;
}

void Parser::frame_bound(WindowFrame::Bound& bound, ExpressionPtr& offset) {
  using Bound = WindowFrame::Bound;
  if (take_words({"CURRENT", "ROW"})) {
    bound = Bound::CurrentRow;
    return;
  }
  const bool unbounded = take_word("UNBOUNDED");
  if (!unbounded) offset = expression();
  if (take_word("PRECEDING")) {
    bound = unbounded ? Bound::UnboundedPreceding : Bound::Preceding;
  } else if (take_word("FOLLOWING")) {
    bound = unbounded ? Bound::UnboundedFollowing : Bound::Following;
  } else {
    fail_expecting("PRECEDING or FOLLOWING");
  }
}

}  // namespace grapevine::sql
