#include "api/encode/result_pieces.hpp"

#include <utility>

namespace grapevine {

ResultPieces::ResultPieces(std::unique_ptr<sql::QueryAnswer> answer,
                           std::unique_ptr<sql::FormatWriter> writer, Clock::time_point started)
    : answer_(std::move(answer)), writer_(std::move(writer)), started_(started) {}

absl::Status ResultPieces::advance(std::size_t bytes_min, Clock::duration pause) {
  if (!begun_) writer_->begin();
  begun_ = true;
  const Clock::time_point until = Clock::now() + pause;
  while (!done_ && writer_->pending() < bytes_min) {
    auto block = answer_->next();
    if (!block.ok()) return block.status();
    if (!*block) {
      end();
      break;
    }
    writer_->write(**block);
    if (Clock::now() >= until) break;
  }
  return absl::OkStatus();
}

void ResultPieces::end() {
  if (answer_->totals()) writer_->write_totals(*answer_->totals());
  const sql::QueryProgress& progress = answer_->progress();
  writer_->end({.rows_before_limit = answer_->rows_before_limit(),
                .elapsed_s = std::chrono::duration<double>(elapsed()).count(),
                .rows_read = progress.read_rows,
                .bytes_read = progress.read_bytes});
  done_ = true;
}

}  // namespace grapevine
