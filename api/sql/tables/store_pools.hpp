#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "kernels/query/column.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// The strings of the store as pools: one for each dictionary and the same one for a whole query, so
/// that codes compare wherever they come from. The code of a person is their number. Thread-safe.
class StorePools {
 public:
  explicit StorePools(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

  std::shared_ptr<const StringPool> people();
  std::shared_ptr<const StringPool> of(const std::shared_ptr<const Dictionary>& dictionary);
  /// Of Snapshot::event_names.
  std::shared_ptr<const StringPool> event_names();

 private:
  const std::shared_ptr<const Snapshot> snapshot_;
  std::mutex mutex_;
  std::map<const void*, std::shared_ptr<const StringPool>> pools_;
};

}  // namespace grapevine::sql
