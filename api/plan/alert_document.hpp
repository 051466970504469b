#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "storage/ids.hpp"
#include "storage/snapshot.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// The kinds under which alerts, and how far they were told, are kept among a store's documents.
inline constexpr std::string_view kAlertDocuments = "alert";
inline constexpr std::string_view kAlertStateDocuments = "alert_state";
/// Alerts that are kept; beyond them the oldest closed ones go, or the oldest where none is closed.
inline constexpr std::size_t kAlertsMax = 5'000;

enum class AlertSubject : std::uint8_t { Brand, Product, Topic };
enum class AlertMood : std::uint8_t { All, Negative, Positive };
enum class AlertStatus : std::uint8_t { Open, Acknowledged, Closed };
enum class AlertSeverity : std::uint8_t { Notice, Warning, Critical };

/// What a detector watches: the mentions of a brand, a product or a topic on a channel, in a mood.
struct AlertSeries {
  AlertSubject about = AlertSubject::Brand;
  std::string subject;
  std::optional<std::string> channel;  ///< nullopt: those that name none.
  AlertMood mood = AlertMood::All;

  friend auto operator<=>(const AlertSeries&, const AlertSeries&) = default;
};

/// A step of an alert. Numbers rise with each step of any alert.
struct AlertChange {
  std::uint64_t number = 0;
  TimeMs ts = 0;  ///< Of its events; of an acknowledgement by the clock.
};

/// How large a burst is.
struct AlertFigures {
  std::uint64_t count = 0;  ///< Mentions since it began.
  std::uint64_t harm = 0;   ///< Of these: that tell of harm.
  double expected = 0.0;    ///< So many are usual in that time.
  double score = 0.0;       ///< Standard deviations of the level above its mean, at most so far.
};

/// A burst that became larger: what it was from that change on.
struct AlertGrowth {
  AlertChange change;
  AlertFigures figures;
  AlertMood mood = AlertMood::All;
};

/// Complaints matter most: a warning, or critical from 3 times the alarm's score on.
AlertSeverity severity_of(AlertMood mood, const AlertFigures& figures);

/// A burst, as it was when the alarm was given, and what became of it since.
struct AlertDocument {
  std::uint64_t id = 0;  ///< The number of its first change.
  AlertSeries series;    ///< Its mood is that of the last growth.
  TimeMs ts = 0;         ///< Of the event that made it a burst.
  TimeMs since = 0;      ///< When the bucket began in which the level left what is usual.
  AlertMood opened_mood = AlertMood::All;
  AlertFigures opened;  ///< When the alarm was given.
  std::vector<AlertGrowth>
      growth;  ///< By rising number; the last may be of the change that closed it.
  /// The product in which a burst of a brand is one, too, or the other way round.
  std::optional<std::string> other_subject;
  std::optional<AlertChange> acknowledged, closed;

  /// When it was told last how large it is.
  [[nodiscard]] const AlertFigures& figures() const {
    return growth.empty() ? opened : growth.back().figures;
  }
  /// When it became larger last, but for what was told with its end; nullopt: it did not.
  [[nodiscard]] std::optional<AlertChange> escalated() const;
  /// The number of its last change, however many followed the first.
  [[nodiscard]] std::uint64_t last_change() const;
  /// The name, where it is about a brand, a product or a topic, perhaps not only about it.
  [[nodiscard]] std::optional<std::string> subject(AlertSubject about) const;
  /// The series of `other_subject`, in the same mood; nullopt: there is none.
  [[nodiscard]] std::optional<AlertSeries> other_series() const;

  [[nodiscard]] AlertStatus status() const {
    if (closed) return AlertStatus::Closed;
    return acknowledged ? AlertStatus::Acknowledged : AlertStatus::Open;
  }
  /// As it was when its change of that number was told: what came later is not known yet.
  [[nodiscard]] AlertDocument at(std::uint64_t change) const;
  [[nodiscard]] AlertSeverity severity() const { return severity_of(series.mood, figures()); }
};

std::string_view name_of(AlertMood mood);
std::string_view name_of(AlertStatus status);
std::string_view name_of(AlertSeverity severity);
std::optional<AlertMood> alert_mood_of(std::string_view name);
std::optional<AlertStatus> alert_status_of(std::string_view name);
std::optional<AlertSeverity> alert_severity_of(std::string_view name);

std::string write_alert_document(const AlertDocument& alert);
/// nullopt: not what this program wrote.
std::optional<AlertDocument> read_alert_document(std::string_view json);

/// By rising id. Cost: some microseconds each.
std::vector<AlertDocument> all_alerts(const Snapshot& snapshot);
/// nullopt: there is none, or none any more.
std::optional<AlertDocument> find_alert(const Snapshot& snapshot, std::uint64_t id);
std::size_t count_alerts(const Snapshot& snapshot);

/// How far alerts were told.
struct AlertState {
  std::uint64_t last_change = 0;            ///< Of all alerts.
  std::optional<TimeMs> judged_from = {};   ///< Bursts were looked for from then on,
  std::optional<TimeMs> judged_until = {};  ///< until the newest mention that was counted.
  std::uint64_t counted = 0;  ///< What came before this sequence of a row was counted and told.
};
AlertState read_alert_state(const Snapshot& snapshot);

/// Stores alerts, forgets others, and says how far they were told: all of it or, after a crash,
/// nothing, with one sync of the log. Durable when it returns.
absl::Status put_alerts(Store& store, std::span<const AlertDocument> alerts,
                        std::span<const std::uint64_t> forgotten, const AlertState& state);

/// Changes of alerts, of whatever store, go one after the other: numbers rise, and what is read still
/// holds when it is stored. Nothing but the log is waited for while it is held.
inline std::mutex alert_changes;

}  // namespace grapevine
