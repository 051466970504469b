#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_map.h>

#include "storage/checkpoint/save_later.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What remains of an erased external id: HMAC-SHA256 (RFC 2104) of it, under the store's own key.
using ErasureProof = std::array<std::uint8_t, 32>;

/// Which external ids were erased and when, without the ids: so that rows of theirs from before are
/// refused when a history is imported again. Not thread-safe.
class ErasedIds {
 public:
  /// 32 bytes that only this store knows.
  using Key = std::array<std::uint8_t, 32>;

  static Key new_key();
  explicit ErasedIds(const Key& key) : key_(key) {}

  [[nodiscard]] bool empty() const { return when_.empty(); }
  [[nodiscard]] std::size_t size() const { return when_.size(); }
  [[nodiscard]] ErasureProof proof(std::string_view external_id) const;
  void add(const ErasureProof& proof, TimeMs when);
  /// When that id was erased last; nullopt: never. Cost: about a microsecond, nothing where nobody
  /// was erased.
  [[nodiscard]] std::optional<TimeMs> erased_at(std::string_view external_id) const;

  [[nodiscard]] const absl::flat_hash_map<ErasureProof, TimeMs>& proofs() const { return when_; }

  /// What writes the proofs, but not the key, as they stand, later.
  [[nodiscard]] SaveLater freeze() const;
  void load(FieldReader& in);

 private:
  Key key_;
  absl::flat_hash_map<ErasureProof, TimeMs> when_;
};

}  // namespace grapevine
