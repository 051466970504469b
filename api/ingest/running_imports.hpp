#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace grapevine {

/// Keeps two requests from writing one import at the same time: both would skip the same bytes and
/// store the same rows. Held by the request that runs it; movable, released when destroyed.
/// Thread safety: any thread may claim; a claim belongs to one.
class ImportClaim {
 public:
  /// nullopt: the import runs already.
  static std::optional<ImportClaim> claim(const void* store, std::string_view import_id);

  ImportClaim(ImportClaim&& other) noexcept;
  ImportClaim& operator=(ImportClaim&&) = delete;
  ~ImportClaim();

 private:
  explicit ImportClaim(std::string key) : key_(std::move(key)) {}

  std::string key_;  // Empty: moved from.
};

}  // namespace grapevine
