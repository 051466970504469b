#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/batch.hpp"
#include "storage/checkpoint/save_later.hpp"
#include "storage/copy_on_write_array.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What the calls say of two external ids, `from` and `to`, being one person. Calls that say the
/// same share one merge.
struct Merge {
  IdentityLink::Kind kind = IdentityLink::Kind::Identify;
  CustomerId from{};       ///< identify: the anonymousId; alias: the previousId. kNobody: erased.
  CustomerId to{};         ///< The userId.
  TimeMs ts = 0;           ///< Of the first identify call that says so, of the last alias call.
  std::string message_id;  ///< Of the same call.
  std::optional<TimeMs> undone;  ///< When it was undone.
  bool refused = false;          ///< The person would have had too many external ids.
  std::uint32_t import = 0;      ///< The number of the one import that says so; 0: others do.
};

/// Who is one person, by the rules of the collecting calls: an anonymous id belongs to the userId of
/// its first identify call, by (timestamp, messageId); an alias joins two ids. The outcome depends on
/// what was said, not on the order in which it came. Not thread-safe.
class IdentityGraph {
 public:
  /// External ids a person may have. One more is not joined: such an id (a "guest" that everybody
  /// uses) names no person.
  static constexpr std::size_t kIdentitiesMax = 1000;
  /// Whether the external id of the first has the smaller bytes.
  using FirstById = std::function<bool(CustomerId, CustomerId)>;
  using Group = std::vector<CustomerId>;

  explicit IdentityGraph(FirstById first_by_id) : first_by_id_(std::move(first_by_id)) {}

  /// Notes a call. Returns the external ids whose person, or its name, may be another now.
  /// Cost: linear in the external ids of the persons that it touches.
  std::vector<CustomerId> note(IdentityLink::Kind kind, CustomerId from, CustomerId to, TimeMs ts,
                               std::string_view message_id, std::uint32_t import);
  /// Forgets the merges that one import alone has said. Returns as `note`.
  std::vector<CustomerId> forget_import(std::uint32_t import);
  /// Undoes a merge for good: identify calls that say the same again change nothing, nor do alias
  /// calls of a time up to `when`. Returns as `note`.
  std::vector<CustomerId> undo(std::uint32_t merge, TimeMs when);
  /// Forgets a person: every merge of these external ids. Precondition: they are a whole person.
  void forget(std::span<const CustomerId> person);

  /// The external ids of a person, ascending; empty: it is alone.
  [[nodiscard]] std::span<const CustomerId> group(CustomerId identity) const;
  /// The external id by which the person is known: the target of the latest alias, else the userId.
  [[nodiscard]] CustomerId name(CustomerId identity) const;
  /// Whether it joins its two ids now: not undone, not refused, and no earlier identify call gives
  /// the anonymous id to somebody else.
  [[nodiscard]] bool is_active(std::uint32_t merge) const;
  /// The numbers of the merges that name this external id, in order of arrival.
  [[nodiscard]] std::span<const std::uint32_t> merges_of(CustomerId identity) const;
  [[nodiscard]] const CopyOnWriteArray<Merge>& merges() const { return merges_; }

  /// What writes the merges as they stand, later; a new graph loads them, and all that follows from
  /// them. Precondition of `load`: the external ids can be compared, and there are so many.
  SaveLater freeze();
  void load(FieldReader& in, std::size_t external_ids);

 private:
  struct Pair {
    IdentityLink::Kind kind;
    CustomerId from, to;
    bool operator==(const Pair&) const = default;
  };
  struct PairHash {
    std::size_t operator()(const Pair& pair) const;
  };
  struct NamedGroup {
    Group members;
    CustomerId name;
  };

  using Numbers = std::unordered_map<std::uint32_t, std::vector<std::uint32_t>>;

  [[nodiscard]] bool before(const Merge& a, const Merge& b) const;
  bool activate(std::uint32_t number);
  void forget_merge(std::uint32_t number);
  void deactivate(std::uint32_t number);
  void find_owner(CustomerId anonymous);
  [[nodiscard]] Group together_with(CustomerId identity) const;
  void add_whole_group(CustomerId identity, std::vector<CustomerId>& ids) const;
  std::vector<CustomerId> regroup(std::vector<CustomerId> ids);
  [[nodiscard]] CustomerId name_of(const Group& members) const;
  bool update(Merge& merge, TimeMs ts, std::string_view message_id) const;
  std::uint32_t find_or_add(const Pair& pair, bool& added);

  FirstById first_by_id_;
  CopyOnWriteArray<Merge> merges_;
  std::unordered_map<Pair, std::uint32_t, PairHash> by_pair_;
  Numbers of_identity_;  // By external id: the merges that name it,
  Numbers active_;       // and those of them that join it now.
  std::unordered_map<std::uint32_t, std::uint32_t> owners_;  // By anonymous id: its first identify.
  std::unordered_map<std::uint32_t, std::shared_ptr<const NamedGroup>> groups_;
};

}  // namespace grapevine
