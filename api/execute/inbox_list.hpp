#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/list_page.hpp"
#include "api/live/ranked_score.hpp"
#include "api/message.hpp"
#include "api/parse/inbox_request.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/people.hpp"
#include "api/result_cache.hpp"
#include "kernels/listen/content_shares.hpp"
#include "kernels/listen/conversations.hpp"
#include "kernels/listen/inbox.hpp"
#include "kernels/listen/seismic.hpp"

namespace grapevine {

/// How far the word of an item goes.
struct ItemSpread {
  /// Fewer shares say too little of how a content spreads to be forecast.
  static constexpr std::size_t kSharesMin = 5;

  std::optional<double> people;  ///< Score `spread` of who says it; none: not in the graph.
  std::size_t shares = 0;        ///< Direct ones, so far.
  std::optional<SeismicForecast> forecast = {};  ///< From kSharesMin shares on.
  bool shared_lately = false;                    ///< In the last two hours, the forecast's window.
};

/// An item and what its place follows from.
struct RankedItem {
  InboxItem item;
  double urgency = 0.0;          ///< See urgency_of.
  std::uint32_t shared = kNone;  ///< Place among those that were shared.
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
};

/// Items of one concern and severity.
struct InboxCount {
  std::uint64_t items = 0;
  std::uint64_t overdue = 0;  ///< Of these: older than their target.
};

/// What was taken where nobody said what to take.
struct InboxSelection {
  enum class Basis : std::uint8_t {
    Asked,  ///< A brand, product, topic or account was named.
    Own,    ///< What concerns the company.
    All,    ///< Nobody said which brands are the company's: every post may concern it.
  };
  Basis basis = Basis::Asked;
  std::vector<std::string> brands;  ///< One's own, where the basis is those.
  std::size_t voices = 0;           ///< People who speak for the company.
};

/// The inbox as of one snapshot and moment, kept for its next pages. Immutable.
class InboxList final : public CachedList {
 public:
  /// What the rest refers to. Not held: who asks holds it, and makes the list anew where it is
  /// another one.
  std::weak_ptr<const Snapshot> snapshot;
  MentionWindow window;
  InboxSelection selection;
  std::vector<std::string> warnings;  ///< See name_warnings.
  std::optional<Conversations> conversations;
  std::vector<RankedItem> items;     ///< In order of arrival.
  std::vector<ContentShare> shares;  ///< Of the items, as find_shares has them.
  struct Shared {
    std::size_t first = 0;  ///< Of its shares.
    ItemSpread spread;      ///< Without an interval.
  };
  std::vector<Shared> shared;
  std::shared_ptr<const SocialGraph> graph;
  double mean_listeners = 0.0;  ///< Of the graph, for forecasts.
  std::array<std::array<InboxCount, kSeverities>, kConcerns> counts{};  ///< Listed or not.
  std::uint64_t restricted = 0;  ///< Items that are withheld.
  std::vector<double> spread;    ///< By customer; NaN: not in the graph.
  std::optional<ScoreError> spread_error;

  [[nodiscard]] std::size_t bytes() const override;
  /// What the order goes by: a forecast without its interval.
  [[nodiscard]] ItemSpread spread_of(const RankedItem& item) const;
  /// The same with it. Cost: some 50 us where there is a forecast.
  [[nodiscard]] ItemSpread told_spread_of(const RankedItem& item, TimeMs as_of) const;
  /// The items of places [begin, end) by rank. Cost: O(n + end log end).
  [[nodiscard]] std::vector<const RankedItem*> page(std::size_t begin, std::size_t end) const;
};

/// How urgent an item is among those of its severity: the people whom it is expected to reach, at
/// least one, times one more than how often its target time has passed. So twice the people count as
/// much as twice the wait.
///
/// People  The greater of `spread` and one more than the shares, those so far or those that are
///         forecast; where nothing bounds them and there was one lately, all people of the graph.
double urgency_of(const ItemSpread& spread, std::size_t people_of_graph, TimeMs age_ms,
                  TimeMs target_ms);

/// Whether `a` stands before `b`: by severity, then urgency, then age, then order of arrival.
bool is_before(const RankedItem& a, const RankedItem& b);

/// Errors  Unprocessable: names that nobody knows, an empty window. Cancelled.
absl::StatusOr<std::shared_ptr<InboxList>> make_inbox(const InboxRequest& asked,
                                                      const ListSource& source,
                                                      const Context& context);

}  // namespace grapevine
