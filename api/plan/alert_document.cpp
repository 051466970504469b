#include "api/plan/alert_document.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_reader.hpp"
#include "kernels/listen/burst_detector.hpp"
#include "storage/put_documents.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kStateName = "told";
constexpr std::array<std::string_view, 3> kSubjects{"brand", "product", "topic"};
constexpr std::array<std::string_view, 3> kMoods{"all", "negative", "positive"};
constexpr std::array<std::string_view, 3> kStatuses{"open", "acknowledged", "closed"};
constexpr std::array<std::string_view, 3> kSeverities{"notice", "warning", "critical"};

template <typename Enum>
std::optional<Enum> find_name(const std::array<std::string_view, 3>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

// Names in the order of ids, which is that of their bytes: 20 digits.
std::string document_name(std::uint64_t id) {
  std::string digits = std::to_string(id);
  return std::string(20 - digits.size(), '0') + digits;
}

template <typename Content>
const Content* find(const JsonObject& object, std::string_view name) {
  for (const auto& [key, content] : object) {
    if (key == name) return content.template as<Content>();
  }
  return nullptr;
}

std::int64_t whole(const JsonObject& object, std::string_view name) {
  const auto* found = find<std::int64_t>(object, name);
  return found == nullptr ? 0 : *found;
}

double number(const JsonObject& object, std::string_view name) {
  if (const auto* found = find<double>(object, name)) return *found;
  return static_cast<double>(whole(object, name));
}

void write_alert_change(JsonWriter& json, std::string_view name,
                        const std::optional<AlertChange>& change) {
  if (!change) return;
  json.key(name);
  json.begin_array();
  json.value(change->number);
  json.value(change->ts);
  json.end_array();
}

void write_figures(JsonWriter& json, const AlertFigures& figures) {
  json.member("count", figures.count);
  if (figures.harm != 0) json.member("harm", figures.harm);
  json.member("expected", figures.expected);
  json.member("score", figures.score);
}

AlertFigures read_figures(const JsonObject& object) {
  AlertFigures figures;
  figures.count = static_cast<std::uint64_t>(whole(object, "count"));
  figures.harm = static_cast<std::uint64_t>(whole(object, "harm"));
  figures.expected = number(object, "expected");
  figures.score = number(object, "score");
  return figures;
}

void write_growth(JsonWriter& json, const AlertGrowth& growth) {
  json.begin_object();
  write_alert_change(json, "change", growth.change);
  json.member("mood", name_of(growth.mood));
  write_figures(json, growth.figures);
  json.end_object();
}

std::optional<AlertChange> read_change(const JsonObject& object, std::string_view name) {
  const auto* found = find<JsonArray>(object, name);
  if (found == nullptr || found->size() != 2) return std::nullopt;
  const auto* at = (*found)[0].as<std::int64_t>();
  const auto* ts = (*found)[1].as<std::int64_t>();
  if (at == nullptr || ts == nullptr) return std::nullopt;
  return AlertChange{static_cast<std::uint64_t>(*at), *ts};
}

AlertGrowth read_growth(const JsonObject& object) {
  AlertGrowth growth;
  growth.change = read_change(object, "change").value_or(AlertChange{});
  growth.figures = read_figures(object);
  const auto* mood = find<std::string>(object, "mood");
  if (mood != nullptr) growth.mood = alert_mood_of(*mood).value_or(AlertMood::All);
  return growth;
}

}  // namespace

AlertSeverity severity_of(AlertMood mood, const AlertFigures& figures) {
  if (mood != AlertMood::Negative) return AlertSeverity::Notice;
  const bool is_far_above = figures.score >= 3.0 * BurstDetector::kAlarm;
  return is_far_above ? AlertSeverity::Critical : AlertSeverity::Warning;
}

std::optional<AlertChange> AlertDocument::escalated() const {
  for (auto grown = growth.rbegin(); grown != growth.rend(); ++grown) {
    if (!closed || grown->change.number != closed->number) return grown->change;
  }
  return std::nullopt;
}

std::uint64_t AlertDocument::last_change() const {
  std::uint64_t last = id;
  if (!growth.empty()) last = std::max(last, growth.back().change.number);
  if (acknowledged) last = std::max(last, acknowledged->number);
  if (closed) last = std::max(last, closed->number);
  return last;
}

std::optional<std::string> AlertDocument::subject(AlertSubject about) const {
  if (series.about == about) return series.subject;
  const bool is_theme = series.about == AlertSubject::Topic || about == AlertSubject::Topic;
  return is_theme ? std::nullopt : other_subject;
}

std::optional<AlertSeries> AlertDocument::other_series() const {
  if (!other_subject) return std::nullopt;
  AlertSeries other = series;
  const bool is_brand = series.about == AlertSubject::Brand;
  other.about = is_brand ? AlertSubject::Product : AlertSubject::Brand;
  other.subject = *other_subject;
  return other;
}

AlertDocument AlertDocument::at(std::uint64_t change) const {
  AlertDocument then = *this;
  while (!then.growth.empty() && then.growth.back().change.number > change) then.growth.pop_back();
  then.series.mood = then.growth.empty() ? opened_mood : then.growth.back().mood;
  if (acknowledged && acknowledged->number > change) then.acknowledged.reset();
  if (closed && closed->number > change) then.closed.reset();
  return then;
}

std::string_view name_of(AlertMood mood) { return kMoods[static_cast<std::size_t>(mood)]; }
std::string_view name_of(AlertStatus status) { return kStatuses[static_cast<std::size_t>(status)]; }
std::string_view name_of(AlertSeverity severity) {
  return kSeverities[static_cast<std::size_t>(severity)];
}
std::optional<AlertMood> alert_mood_of(std::string_view name) {
  return find_name<AlertMood>(kMoods, name);
}
std::optional<AlertStatus> alert_status_of(std::string_view name) {
  return find_name<AlertStatus>(kStatuses, name);
}

std::optional<AlertSeverity> alert_severity_of(std::string_view name) {
  return find_name<AlertSeverity>(kSeverities, name);
}

std::string write_alert_document(const AlertDocument& alert) {
  JsonWriter json;
  json.begin_object();
  json.member("id", alert.id);
  json.member("about", kSubjects[static_cast<std::size_t>(alert.series.about)]);
  json.member("subject", alert.series.subject);
  if (alert.series.channel) json.member("channel", *alert.series.channel);
  if (alert.other_subject) json.member("other_subject", *alert.other_subject);
  json.member("mood", name_of(alert.opened_mood));
  json.member("ts", alert.ts);
  json.member("since", alert.since);
  write_figures(json, alert.opened);
  if (!alert.growth.empty()) {
    json.key("growth");
    json.begin_array();
    for (const AlertGrowth& growth : alert.growth) write_growth(json, growth);
    json.end_array();
  }
  write_alert_change(json, "acknowledged", alert.acknowledged);
  write_alert_change(json, "closed", alert.closed);
  json.end_object();
  return std::move(json).take();
}

std::optional<AlertDocument> read_alert_document(std::string_view json) {
  const auto object = read_json_object(json);
  if (!object.ok()) return std::nullopt;
  const auto* subject = find<std::string>(*object, "subject");
  const auto* mood = find<std::string>(*object, "mood");
  const auto* about = find<std::string>(*object, "about");
  if (subject == nullptr || mood == nullptr || about == nullptr) return std::nullopt;
  AlertDocument alert;
  alert.id = static_cast<std::uint64_t>(whole(*object, "id"));
  alert.series.about = find_name<AlertSubject>(kSubjects, *about).value_or(AlertSubject::Brand);
  alert.series.subject = *subject;
  if (const auto* channel = find<std::string>(*object, "channel")) alert.series.channel = *channel;
  if (const auto* other = find<std::string>(*object, "other_subject")) alert.other_subject = *other;
  alert.opened_mood = alert_mood_of(*mood).value_or(AlertMood::All);
  alert.ts = whole(*object, "ts");
  alert.since = whole(*object, "since");
  alert.opened = read_figures(*object);
  if (const auto* growth = find<JsonArray>(*object, "growth")) {
    for (const auto& step : *growth) {
      if (const auto* grown = step.as<JsonObject>()) alert.growth.push_back(read_growth(*grown));
    }
  }
  alert.series.mood = alert.growth.empty() ? alert.opened_mood : alert.growth.back().mood;
  alert.acknowledged = read_change(*object, "acknowledged");
  alert.closed = read_change(*object, "closed");
  return alert;
}

std::vector<AlertDocument> all_alerts(const Snapshot& snapshot) {
  std::vector<AlertDocument> alerts;
  const Documents& documents = snapshot.documents();
  for (auto at = documents.lower_bound({std::string(kAlertDocuments), ""});
       at != documents.end() && at->first.first == kAlertDocuments; ++at) {
    if (auto alert = read_alert_document(at->second)) alerts.push_back(*std::move(alert));
  }
  return alerts;
}

std::optional<AlertDocument> find_alert(const Snapshot& snapshot, std::uint64_t id) {
  const auto found = snapshot.documents().find({std::string(kAlertDocuments), document_name(id)});
  if (found == snapshot.documents().end()) return std::nullopt;
  return read_alert_document(found->second);
}

std::size_t count_alerts(const Snapshot& snapshot) {
  const Documents& documents = snapshot.documents();
  std::size_t count = 0;
  for (auto at = documents.lower_bound({std::string(kAlertDocuments), ""});
       at != documents.end() && at->first.first == kAlertDocuments; ++at) {
    ++count;
  }
  return count;
}

AlertState read_alert_state(const Snapshot& snapshot) {
  AlertState state;
  const auto found =
      snapshot.documents().find({std::string(kAlertStateDocuments), std::string(kStateName)});
  if (found == snapshot.documents().end()) return state;
  const auto object = read_json_object(found->second);
  if (!object.ok()) return state;
  state.last_change = static_cast<std::uint64_t>(whole(*object, "last_change"));
  if (const auto* ts = find<std::int64_t>(*object, "judged_until")) state.judged_until = *ts;
  if (const auto* ts = find<std::int64_t>(*object, "judged_from")) state.judged_from = *ts;
  state.counted = static_cast<std::uint64_t>(whole(*object, "counted"));
  return state;
}

absl::Status put_alerts(Store& store, std::span<const AlertDocument> alerts,
                        std::span<const std::uint64_t> forgotten, const AlertState& state) {
  std::vector<DocumentChange> documents;
  const std::string kind(kAlertDocuments);
  for (const AlertDocument& alert : alerts) {
    documents.push_back({kind, document_name(alert.id), write_alert_document(alert)});
  }
  for (const std::uint64_t id : forgotten) documents.push_back({kind, document_name(id), ""});
  JsonWriter json;
  json.begin_object();
  json.member("last_change", state.last_change);
  if (state.judged_until) json.member("judged_until", *state.judged_until);
  if (state.judged_from) json.member("judged_from", *state.judged_from);
  json.member("counted", state.counted);
  json.end_object();
  documents.push_back(
      {std::string(kAlertStateDocuments), std::string(kStateName), std::move(json).take()});
  return put_documents(store, documents);
}

}  // namespace grapevine
