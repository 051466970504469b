#pragma once

#include <map>
#include <optional>
#include <vector>

#include "api/live/alerts/burst_watch.hpp"
#include "api/plan/alert_document.hpp"

namespace grapevine {

/// Alerts of before, to know their bursts again where everything is counted anew: a burst is the same
/// where the series is and its alarm is within a day.
class ToldBursts {
 public:
  void add(const AlertDocument& alert);

  /// Of the steps that `watch` found when it counted anew, those that nobody was told yet. What became of
  /// a new burst since stands in its beginning; alerts whose bursts are over end, and those whose bursts
  /// grew do once.
  [[nodiscard]] std::vector<BurstStep> untold(std::vector<BurstStep> steps, BurstWatch& watch) &&;

 private:
  // An alert that is not closed.
  struct Open {
    TimeMs ts = 0;
    AlertFigures figures;
    std::optional<BurstStep> grew = {};
  };

  [[nodiscard]] bool is_told(const BurstStep& step) const;
  void begin(BurstStep step);
  void join(const BurstStep& step);
  void grow(BurstStep step);
  void end(BurstStep step);

  std::map<AlertSeries, std::vector<TimeMs>> alarms_;
  std::map<AlertSeries, Open> open_;
  // Of the brand or product in which an open alert's burst is one, too: which of the two is first
  // may be other than it was.
  std::map<AlertSeries, AlertSeries> own_of_other_;
  std::vector<BurstStep> news_;
  std::map<AlertSeries, std::size_t> is_new_;  // The burst that is under way, by place in `news_`.
};

}  // namespace grapevine
