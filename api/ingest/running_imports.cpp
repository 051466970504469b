#include "api/ingest/running_imports.hpp"

#include <cstdint>
#include <mutex>
#include <set>
#include <utility>

namespace grapevine {
namespace {

// The one thing that requests share beside the store, which knows only what is committed.
struct Running {
  std::mutex mutex;
  std::set<std::string> keys;
};

Running& running() {
  static Running imports;
  return imports;
}

}  // namespace

std::optional<ImportClaim> ImportClaim::claim(const void* store, std::string_view import_id) {
  std::string key = std::to_string(reinterpret_cast<std::uintptr_t>(store)) + " ";
  key += import_id;
  const std::lock_guard lock(running().mutex);
  if (!running().keys.insert(key).second) return std::nullopt;
  return ImportClaim(std::move(key));
}

ImportClaim::ImportClaim(ImportClaim&& other) noexcept : key_(std::exchange(other.key_, {})) {}

ImportClaim::~ImportClaim() {
  if (key_.empty()) return;
  const std::lock_guard lock(running().mutex);
  running().keys.erase(key_);
}

}  // namespace grapevine
