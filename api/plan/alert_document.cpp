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

std::optional<AlertChange> read_change(const JsonObject& object, std::string_view name) {
  const auto* found = find<JsonArray>(object, name);
  if (found == nullptr || found->size() != 2) return std::nullopt;
  const auto* at = (*found)[0].as<std::int64_t>();
  const auto* ts = (*found)[1].as<std::int64_t>();
  if (at == nullptr || ts == nullptr) return std::nullopt;
  return AlertChange{static_cast<std::uint64_t>(*at), *ts};
}

}  // namespace

AlertSeverity AlertDocument::severity() const {
  if (series.mood != AlertMood::Negative) return AlertSeverity::Notice;
  return score >= 3.0 * BurstDetector::kAlarm ? AlertSeverity::Critical : AlertSeverity::Warning;
}

AlertDocument AlertDocument::at(std::uint64_t change) const {
  AlertDocument then = *this;
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

std::string write_alert_document(const AlertDocument& alert) {
  JsonWriter json;
  json.begin_object();
  json.member("id", alert.id);
  json.member("about", kSubjects[static_cast<std::size_t>(alert.series.about)]);
  json.member("subject", alert.series.subject);
  if (alert.series.channel) json.member("channel", *alert.series.channel);
  json.member("mood", name_of(alert.series.mood));
  json.member("ts", alert.ts);
  json.member("since", alert.since);
  json.member("count", alert.count);
  if (alert.harm != 0) json.member("harm", alert.harm);
  json.member("expected", alert.expected);
  json.member("score", alert.score);
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
  alert.series.mood = alert_mood_of(*mood).value_or(AlertMood::All);
  alert.ts = whole(*object, "ts");
  alert.since = whole(*object, "since");
  alert.count = static_cast<std::uint64_t>(whole(*object, "count"));
  alert.harm = static_cast<std::uint64_t>(whole(*object, "harm"));
  alert.expected = number(*object, "expected");
  alert.score = number(*object, "score");
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
