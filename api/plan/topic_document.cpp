#include "api/plan/topic_document.hpp"

#include <array>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"brand", "product", "theme"};

void write_texts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

std::vector<std::string> texts_of(const JsonValue& value) {
  std::vector<std::string> texts;
  if (const auto* array = value.as<JsonArray>()) {
    for (const JsonValue& element : *array) {
      if (const auto* text = element.as<std::string>()) texts.push_back(*text);
    }
  }
  return texts;
}

}  // namespace

std::string_view name_of(TopicKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<TopicKind> topic_kind(std::string_view name) {
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    if (kKinds[kind] == name) return static_cast<TopicKind>(kind);
  }
  return std::nullopt;
}

std::string write_topic_document(const TopicDocument& topic) {
  JsonWriter json;
  json.begin_object();
  json.member("kind", name_of(topic.kind));
  write_texts(json, "phrases", topic.phrases);
  write_texts(json, "exclusions", topic.exclusions);
  json.member("brand", topic.brand);
  json.member("product_id", topic.product_id);
  json.member("description", topic.description);
  json.member("defined_at", topic.defined_at);
  json.end_object();
  return std::move(json).take();
}

std::optional<TopicDocument> read_topic_document(std::string_view json) {
  const auto object = read_json_object(json);
  if (!object.ok()) return std::nullopt;
  TopicDocument topic;
  for (const auto& [name, value] : *object) {
    if (name == "phrases") topic.phrases = texts_of(value);
    if (name == "exclusions") topic.exclusions = texts_of(value);
    if (const auto* time = value.as<std::int64_t>(); time && name == "defined_at") {
      topic.defined_at = *time;
    }
    const auto* text = value.as<std::string>();
    if (text == nullptr) continue;
    if (name == "kind") topic.kind = topic_kind(*text).value_or(TopicKind::Theme);
    if (name == "brand") topic.brand = *text;
    if (name == "product_id") topic.product_id = *text;
    if (name == "description") topic.description = *text;
  }
  return topic;
}

bool has_topics(const Snapshot& snapshot) {
  const auto first = snapshot.documents().lower_bound({std::string(kTopicDocuments), ""});
  return first != snapshot.documents().end() && first->first.first == kTopicDocuments;
}

std::optional<TopicDocument> find_topic(const Snapshot& snapshot, std::string_view name) {
  const auto found = snapshot.documents().find({std::string(kTopicDocuments), std::string(name)});
  if (found == snapshot.documents().end()) return std::nullopt;
  return read_topic_document(found->second);
}

std::vector<std::pair<std::string, TopicDocument>> topics_of(const Snapshot& snapshot) {
  std::vector<std::pair<std::string, TopicDocument>> topics;
  const Documents& documents = snapshot.documents();
  for (auto at = documents.lower_bound({std::string(kTopicDocuments), ""});
       at != documents.end() && at->first.first == kTopicDocuments; ++at) {
    if (auto topic = read_topic_document(at->second)) {
      topics.emplace_back(at->first.second, *std::move(topic));
    }
  }
  return topics;
}

std::string no_such_topic(const Snapshot& snapshot, std::string_view name) {
  std::vector<std::string_view> names;
  const Documents& documents = snapshot.documents();
  for (auto at = documents.lower_bound({std::string(kTopicDocuments), ""});
       at != documents.end() && at->first.first == kTopicDocuments; ++at) {
    names.emplace_back(at->first.second);
  }
  return no_such("topic", name, names);
}

void add_phrases(const TopicDocument& topic, std::uint32_t number, std::vector<Phrase>& phrases) {
  for (const std::string& text : topic.phrases) phrases.push_back({text, number, false});
  for (const std::string& text : topic.exclusions) phrases.push_back({text, number, true});
}

}  // namespace grapevine
