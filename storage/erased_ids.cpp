#include "storage/erased_ids.hpp"

#include <algorithm>
#include <random>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {

ErasedIds::Key ErasedIds::new_key() {
  std::random_device entropy;
  Key key;
  std::generate(key.begin(), key.end(), [&] { return static_cast<std::uint8_t>(entropy()); });
  return key;
}

ErasureProof ErasedIds::proof(std::string_view external_id) const {
  ErasureProof proof{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(external_id.data()), external_id.size(), proof.data(),
       &length);
  return proof;
}

void ErasedIds::add(const ErasureProof& proof, TimeMs when) {
  TimeMs& last = when_.try_emplace(proof, when).first->second;
  last = std::max(last, when);
}

std::optional<TimeMs> ErasedIds::erased_at(std::string_view external_id) const {
  if (when_.empty()) return std::nullopt;
  const auto found = when_.find(proof(external_id));
  if (found == when_.end()) return std::nullopt;
  return found->second;
}

SaveLater ErasedIds::freeze() const {
  return [when = when_](FieldWriter& out) {
    out(std::uint64_t{when.size()});
    for (const auto& [proof, time] : when) {
      out.elements(proof.data(), proof.size());
      out(time);
    }
  };
}

void ErasedIds::load(FieldReader& in) {
  for (std::size_t left = in.count(sizeof(ErasureProof)); left > 0 && in.ok(); --left) {
    ErasureProof proof{};
    TimeMs when = 0;
    in.elements(proof.data(), proof.size());
    in(when);
    add(proof, when);
  }
}

}  // namespace grapevine
