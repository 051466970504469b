#include "kernels/listen/posts_with_words.hpp"

#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

// Drops the posts of voices that do not count.
void leave_out(const TermQuestion& question, PostsWithWords::Stretch& of) {
  of.run->customers.for_each(of.rows.begin, of.rows.end, [&](std::size_t row, CustomerId customer) {
    if (counts(question.counted, question.apart->has(customer))) return;
    of.kinds[row - of.rows.begin] = PostKind::None;
  });
}

}  // namespace

absl::StatusOr<PostsWithWords> PostsWithWords::find(const Snapshot& snapshot,
                                                    const TermQuestion& question,
                                                    const WordsOfRun& words_of, const Stop& stop) {
  EventSelection with_text;
  with_text.to = question.until;
  for (std::uint32_t i = 0; i < snapshot.event_counts().size(); ++i) {
    with_text.events.push_back(EventNameId(i));
  }
  ColumnRule has_text{column_id(CoreColumn::Text), {}, false};
  has_text.test.any = true;
  with_text.where.push_back(std::move(has_text));
  if (question.among != nullptr) with_text.about.push_back(question.among);
  const RowFilter filter(snapshot, with_text);

  PostsWithWords found;
  std::vector<const LiveRun*> live;  // Parallel to the stretches.
  for (const RowSlice& slice : slices_of(snapshot, filter)) {
    const WordStream* words = words_of(**slice.live);
    if (words == nullptr) continue;
    found.stretches_.push_back({&**slice.live, slice.rows, words, {}});
    found.words_ += words->begins[slice.rows.end] - words->begins[slice.rows.begin];
    live.push_back(slice.live);
  }
  std::vector<TermCounts> counts(found.stretches_.size());
  WorkerLocal<std::vector<std::uint8_t>> masks([] { return std::vector<std::uint8_t>(); });
  for_each(found.stretches_.size(), [&](std::size_t s) {
    if (stop.requested()) return;
    Stretch& of = found.stretches_[s];
    of.kinds =
        kinds_of_posts(*of.run, of.rows, filter.meant(*live[s], of.rows, masks.mine()), question);
    if (question.apart != nullptr) leave_out(question, of);
    for (const PostKind kind : of.kinds) {
      counts[s].selected += kind == PostKind::Selected ? 1 : 0;
      counts[s].rest += kind == PostKind::Rest ? 1 : 0;
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for texts");
  for (const TermCounts& of : counts) {
    found.posts_.selected += of.selected;
    found.posts_.rest += of.rest;
    found.has_selected_.push_back(of.selected > 0 ? 1 : 0);
  }
  return found;
}

}  // namespace grapevine
