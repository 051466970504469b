#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/message.hpp"
#include "api/routes.hpp"
#include "storage/store.hpp"
#include "tests/api/stored_rows.hpp"

namespace grapevine {

/// 2026-11-22T00:00:00.000Z: when every request of these tests is received.
inline constexpr TimeMs kReceived = 1'795'305'600'000;

/// A store in memory, and the collecting routes on top of it.
class Collecting {
 public:
  Collecting() : Collecting(StoreOptions{}) {}
  explicit Collecting(const StoreOptions& options);

  /// What a request with this body is answered: status, blank, body; of a problem its detail.
  std::string post(Handler handler, std::string_view body, Fields headers = {});

  /// Sends `input` to POST /v1/import in pieces, each of them `piece_bytes` long (0: all at once).
  std::string import(std::string_view input, Fields query, std::size_t piece_bytes = 0,
                     Fields headers = {});
  /// The same for what comes of the first `input` bytes of a body that is cut off.
  std::string import_cut_off(std::string_view input, Fields query, std::size_t piece_bytes = 0);

  [[nodiscard]] std::vector<TextRow> events() const { return stored_events(*store_->snapshot()); }
  [[nodiscard]] std::map<std::string, TextRow> customers() const {
    return stored_customers(*store_->snapshot());
  }
  [[nodiscard]] Store& store() { return *store_; }

 private:
  std::string send(std::string_view input, Fields query, Fields headers, std::size_t piece_bytes,
                   bool whole);

  std::unique_ptr<Store> store_;
};

}  // namespace grapevine
