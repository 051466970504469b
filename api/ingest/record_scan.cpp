#include "api/ingest/record_scan.hpp"

namespace grapevine {

std::size_t RecordScan::last_end(std::string_view piece) {
  const bool may_quote =
      format_ == ImportFormat::Csv && (state_ == State::Quoted || state_ == State::QuoteInQuoted ||
                                       piece.find('"') != std::string_view::npos);
  if (!may_quote) {
    if (!piece.empty()) {
      const char last = piece.back();
      state_ = last == ',' || last == '\n' ? State::FieldBegin : State::Plain;
    }
    const std::size_t end = piece.rfind('\n');
    return end == std::string_view::npos ? kNone : end + 1;
  }
  std::size_t last = kNone;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = first_end(piece.substr(at));
    if (end == kNone) return last;
    at += end;
    last = at;
  }
}

std::size_t RecordScan::first_end(std::string_view piece) {
  if (format_ == ImportFormat::Ndjson) {
    const std::size_t end = piece.find('\n');
    return end == std::string_view::npos ? kNone : end + 1;
  }
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const char c = piece[i];
    if (state_ == State::Quoted) {
      if (c == '"') state_ = State::QuoteInQuoted;
    } else if (c == '\n') {
      state_ = State::FieldBegin;
      return i + 1;
    } else if (c == ',') {
      state_ = State::FieldBegin;
    } else {
      const bool quotes = c == '"' && state_ != State::Plain;
      state_ = quotes ? State::Quoted : State::Plain;
    }
  }
  return kNone;
}

}  // namespace grapevine
