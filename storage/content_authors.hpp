#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "storage/checkpoint/save_later.hpp"
#include "storage/copy_on_write_array.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Who wrote each content, while it is written: of the customers whose events carry it as their
/// content_id the one with the earliest event, whatever the order of arrival. Not thread-safe.
class ContentAuthorWriter {
 public:
  /// Of two events at the same time the one whose customer's id has the smaller bytes counts:
  /// `first_by_id(a, b)` says whether that is a's.
  void note(std::uint64_t content, CustomerId author, TimeMs ts,
            const std::function<bool(CustomerId, CustomerId)>& first_by_id);
  /// Forgets who wrote a content, until it is noted again.
  void forget(std::uint64_t content);
  /// The contents that one of these wrote. Cost: a pass over all contents.
  [[nodiscard]] std::vector<std::uint64_t> works_of(std::span<const CustomerId> authors) const;
  std::shared_ptr<const ContentAuthors> publish();

  /// What writes the authors as they stand, later; a new ContentAuthorWriter loads them.
  SaveLater freeze();
  void load(FieldReader& in);

 private:
  void set(std::uint64_t content, CustomerId author);

  CopyOnWriteArray<TimeMs> since_;  // By content: the time of the event that made its author.
  std::vector<std::shared_ptr<std::vector<CustomerId>>> chunks_;
  std::vector<std::uint64_t> written_in_;
  std::uint64_t publication_ = 1;
  std::shared_ptr<const ContentAuthors> published_;
};

}  // namespace grapevine
