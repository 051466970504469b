#include <cstring>
#include <memory>

#include <absl/container/flat_hash_map.h>
#include <xxhash.h>

#include "kernels/query/column.hpp"

namespace grapevine::sql {
namespace {

struct TextHash {
  std::size_t operator()(std::string_view text) const {
    return XXH3_64bits(text.data(), text.size());
  }
};
using Codes = absl::flat_hash_map<std::string_view, std::uint32_t, TextHash, std::equal_to<>>;

class OwnedPool final : public StringPool {
 public:
  // Takes copies of the texts in order of their codes.
  explicit OwnedPool(std::span<const std::string_view> texts) {
    std::size_t bytes = 0;
    for (const std::string_view text : texts) bytes += text.size();
    bytes_ = std::make_unique_for_overwrite<char[]>(bytes);
    texts_.reserve(texts.size());
    codes_.reserve(texts.size());
    char* to = bytes_.get();
    for (const std::string_view text : texts) {
      if (!text.empty()) std::memcpy(to, text.data(), text.size());
      codes_.emplace(std::string_view(to, text.size()), static_cast<std::uint32_t>(texts_.size()));
      texts_.emplace_back(to, text.size());
      to += text.size();
    }
  }

  [[nodiscard]] std::string_view at(std::uint32_t code) const override { return texts_[code]; }
  [[nodiscard]] std::size_t size() const override { return texts_.size(); }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const override {
    const auto found = codes_.find(text);
    if (found == codes_.end()) return std::nullopt;
    return found->second;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::vector<std::string_view> texts_;
  Codes codes_;
};

}  // namespace

MadePool make_pool(std::span<const std::string_view> texts) {
  MadePool made;
  made.codes.reserve(texts.size());
  std::vector<std::string_view> distinct;
  Codes codes;
  for (const std::string_view text : texts) {
    const auto [at, is_new] = codes.emplace(text, static_cast<std::uint32_t>(distinct.size()));
    if (is_new) distinct.push_back(text);
    made.codes.push_back(at->second);
  }
  made.pool = std::make_shared<OwnedPool>(distinct);
  return made;
}

}  // namespace grapevine::sql
