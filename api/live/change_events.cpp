#include "api/live/change_events.hpp"

#include <string_view>
#include <utility>

#include "api/encode/change_rows.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kChangesAPiece = 1000;

void append_event(std::string& text, std::string_view event, std::string_view id,
                  std::string_view json) {
  text.append("event: ").append(event).append("\n");
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  text.append("data: ").append(json).append("\n\n");
}

}  // namespace

ChangeEvents::ChangeEvents(const Store& store, ChangeReader reader, const ChangeCursor& from,
                           std::chrono::milliseconds heartbeat)
    : store_(store), reader_(std::move(reader)), next_(from), heartbeat_(heartbeat) {}

std::string ChangeEvents::preface() { return "retry: 2000\n\n"; }

bool ChangeEvents::ready() {
  const auto stream = find_stream(*store_.snapshot(), reader_);
  if (stream == nullptr || stream->number != next_.stream) return true;
  return has_more(*stream, next_) || Clock::now() - said_ >= heartbeat_;
}

absl::StatusOr<BodySource::Piece> ChangeEvents::next() {
  const auto snapshot = store_.snapshot();
  const auto stream = find_stream(*snapshot, reader_);
  if (stream == nullptr) return end_with("the segment was deleted");
  const auto page = read_changes(*snapshot, *stream, reader_, next_, kChangesAPiece);
  if (!page.ok()) return end_with({page.status().message().data(), page.status().message().size()});
  Piece piece;
  for (const ToldChange& change : page->changes) {
    JsonWriter json;
    write_change(json, change);
    append_event(piece.bytes, name_of_change(change), write_change_cursor(change.next, reader_),
                 std::move(json).take());
  }
  if (page->erased > 0) {
    JsonWriter json;
    write_withheld_changes(json, *page);
    append_event(piece.bytes, "withheld", write_change_cursor(page->next, reader_),
                 std::move(json).take());
  }
  const bool moved = page->next != next_;
  next_ = page->next;
  piece.then = page->more && moved ? Then::GoOn : Then::Wait;
  if (piece.bytes.empty() && Clock::now() - said_ >= heartbeat_) piece.bytes = ": still here\n\n";
  if (!piece.bytes.empty()) said_ = Clock::now();
  return piece;
}

// A client comes back by itself, and is told then what it has to do.
BodySource::Piece ChangeEvents::end_with(std::string_view detail) {
  JsonWriter json;
  json.begin_object();
  json.member("detail", detail);
  json.end_object();
  Piece piece;
  append_event(piece.bytes, "ended", "", std::move(json).take());
  return piece;
}

}  // namespace grapevine
