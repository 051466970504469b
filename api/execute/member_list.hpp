#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/encode/hashed_identifier.hpp"
#include "api/execute/exit_filter.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/members_request.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/result_cache.hpp"
#include "kernels/segment/member_order.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A column of a target list.
struct ListedField {
  std::string name;  ///< As sent: "sha256(email)".
  Attribute attribute;
  std::optional<HashForm> hashed;  ///< A hash of the value is listed instead of the value.
};

/// The members of a segment who may be listed, in the order asked for.
/// Thread safety: any thread may ask for pages.
class MemberList : public CachedList {
 public:
  /// What is known of a list beside its order.
  struct Facts {
    std::size_t size = 0;     ///< Of the segment, those withheld included.
    WithheldCounts withheld;  ///< Members who are kept back.
    std::set<std::string> traits;
    /// Where the order or the fields want it; the first times only if those do.
    std::shared_ptr<const SeenTimes> seen;
    /// So many at the front are in order, if not all are: a page beyond wants a list of its own.
    std::optional<std::size_t> in_order;
  };

  MemberList(std::shared_ptr<const Snapshot> snapshot, const CustomerSet& listed,
             const OrderBy& order_by, Facts facts);

  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] std::size_t listed() const { return listed_; }
  [[nodiscard]] std::vector<CustomerId> page(std::size_t begin, std::size_t end);
  [[nodiscard]] std::size_t bytes() const override;

 private:
  std::shared_ptr<const Snapshot> snapshot_;
  Facts facts_;
  std::mutex mutex_;  // Guards order_. No task is spawned while it is held.
  MemberOrder order_;
  std::size_t listed_ = 0;
};

/// Looks the fields of a page up: attributes, and scores of the graph ("influence.pagerank").
/// Errors  Unprocessable: unknown ones, and an unknown `order_by`. Cancelled.
absl::StatusOr<std::vector<ListedField>> bind_fields(const PageRequest& page,
                                                     const ListSource& source,
                                                     const Context& context);

/// The list that a page is cut from: kept from an earlier page, or made.
/// Errors  Unprocessable: no such segment, or its definition does not fit the data any more.
///         Cancelled.
absl::StatusOr<std::shared_ptr<MemberList>> open_member_list(const std::string& segment,
                                                             const PageRequest& page,
                                                             const ListSource& source,
                                                             const Context& context);

}  // namespace grapevine
