#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine::testing {

/// A segment whose changes a test notes itself, without an engine that follows events.
class ToldSegment {
 public:
  /// Stores the segment, people named "c0", "c1", ... and a stream that begins with `members`.
  ToldSegment(Store& store, std::size_t people, const std::vector<int>& members,
              MembershipKey key = {"vip", ""})
      : store_(store), key_(std::move(key)) {
    BatchOf batch;
    for (std::size_t i = 0; i < people; ++i) batch.traits(1, name(static_cast<int>(i)));
    EXPECT_TRUE(store_.append(std::move(batch.batch)).ok());
    EXPECT_TRUE(store_.put_document(kSegmentDocuments, key_.segment, "{\"definition\":{}}").ok());
    for (std::size_t i = 0; i < people; ++i) ids_.push_back(id(static_cast<int>(i)));
    std::vector<CustomerId> ids;
    for (const int member : members) ids.push_back(id(member));
    std::sort(ids.begin(), ids.end());
    note({key_, 0, kBegan, IdList(ids), {}});
  }

  static constexpr TimeMs kBegan = 1'000'000'000'000;
  static std::string name(int person) { return "c" + std::to_string(person); }

  void enter(int person, TimeMs ts = kBegan + 1) { change(person, true, ts); }
  void leave(int person, TimeMs ts = kBegan + 1) { change(person, false, ts); }

  /// The same of somebody who was erased, whose name nobody knows any more.
  void leave_identity(int person, TimeMs ts = kBegan + 1) {
    note({key_, stream().number, ts, {}, {{ts, ids_.at(static_cast<std::size_t>(person)), false}}});
  }

  [[nodiscard]] const MembershipStream& stream() {
    held_ = store_.snapshot();
    return *held_->memberships().at(key_);
  }

 private:
  CustomerId id(int person) { return store_.snapshot()->customers().find(name(person)); }
  void change(int person, bool entered, TimeMs ts) {
    note({key_, stream().number, ts, {}, {{ts, id(person), entered}}});
  }
  void note(MembershipUpdate update) {
    MembershipUpdates updates;
    updates.streams.push_back(std::move(update));
    const auto noted = store_.note_memberships(std::move(updates));
    EXPECT_TRUE(noted.ok()) << noted.status();
  }

  Store& store_;
  MembershipKey key_;
  std::vector<CustomerId> ids_;  // By number, also of those who are gone.
  std::shared_ptr<const Snapshot> held_;
};

}  // namespace grapevine::testing
