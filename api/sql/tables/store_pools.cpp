#include "api/sql/tables/store_pools.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

class DictionaryPool final : public StringPool {
 public:
  DictionaryPool(std::shared_ptr<const void> holder, const Dictionary& dictionary)
      : holder_(std::move(holder)), dictionary_(dictionary), size_(dictionary.size()) {}

  std::string_view at(std::uint32_t code) const override { return dictionary_.at(code); }
  std::size_t size() const override { return std::max<std::size_t>(size_, 1); }
  std::optional<std::uint32_t> find(std::string_view text) const override {
    const std::uint32_t code = dictionary_.find(text);
    if (code == Dictionary::kMissing || code >= size_) return std::nullopt;
    return code;
  }

 private:
  const std::shared_ptr<const void> holder_;
  const Dictionary& dictionary_;
  const std::size_t size_;  // As of when the pool was made: codes that readers have are below.
};

class PeoplePool final : public StringPool {
 public:
  explicit PeoplePool(std::shared_ptr<const Snapshot> snapshot) : snapshot_(std::move(snapshot)) {}

  std::string_view at(std::uint32_t code) const override {
    return snapshot_->customers().external_id(CustomerId(code));
  }
  std::size_t size() const override {
    return std::max<std::size_t>(snapshot_->customers().count(), 1);
  }
  std::optional<std::uint32_t> find(std::string_view text) const override {
    const CustomerTable& customers = snapshot_->customers();
    const CustomerId person = customers.find(text);
    // Other names of the same person are none of the pool's strings.
    if (person == kNobody || customers.external_id(person) != text) return std::nullopt;
    return index(person);
  }

 private:
  const std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace

std::shared_ptr<const StringPool> StorePools::people() {
  const std::scoped_lock lock(mutex_);
  auto& pool = pools_[snapshot_.get()];
  if (pool == nullptr) pool = std::make_shared<PeoplePool>(snapshot_);
  return pool;
}

std::shared_ptr<const StringPool> StorePools::of(
    const std::shared_ptr<const Dictionary>& dictionary) {
  const std::scoped_lock lock(mutex_);
  auto& pool = pools_[dictionary.get()];
  if (pool == nullptr) pool = std::make_shared<DictionaryPool>(dictionary, *dictionary);
  return pool;
}

std::shared_ptr<const StringPool> StorePools::event_names() {
  const std::scoped_lock lock(mutex_);
  auto& pool = pools_[&snapshot_->event_names()];
  if (pool == nullptr) {
    pool = std::make_shared<DictionaryPool>(snapshot_, snapshot_->event_names());
  }
  return pool;
}

}  // namespace grapevine::sql
