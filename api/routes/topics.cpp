#include <algorithm>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/topic_counts.hpp"
#include "api/live/topics/topic_index.hpp"
#include "api/parse/members_request.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/topic_request.hpp"
#include "api/plan/topic_document.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kTopicsMax = 1000;
constexpr std::int64_t kListLimit = 1000;
// Of so many rows the texts are read while the caller waits, a fraction of a second.
constexpr std::size_t kRowsAtOnce = 1'000'000;

// What is checked must still hold when it is stored: changes, of whatever store, go one after the
// other. Nothing but the log is waited for while it is held.
std::mutex changes;

using NamedTopic = std::pair<std::string, TopicDocument>;

const std::string& name_of(const Request& request) {
  return *find_field(request.path_parameters, "name");
}

absl::Status refuse_parameters(const Request& request) {
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  return mistakes.status();
}

absl::Status not_found(const Snapshot& snapshot, const std::string& name) {
  return problem(ErrorCode::NotFound, no_such_topic(snapshot, name));
}

std::size_t phrase_bytes(const TopicDocument& topic) {
  std::size_t bytes = 0;
  for (const std::string& phrase : topic.phrases) bytes += phrase.size();
  for (const std::string& phrase : topic.exclusions) bytes += phrase.size();
  return bytes;
}

// All topics are looked for at once: together they have the limits of a PhraseMatcher.
absl::Status check_room(const Snapshot& snapshot, const std::string& name,
                        const TopicDocument& topic) {
  std::size_t count = 1;
  std::size_t bytes = phrase_bytes(topic);
  for (const auto& [other, document] : topics_of(snapshot)) {
    if (other == name) continue;
    ++count;
    bytes += phrase_bytes(document);
  }
  if (count > kTopicsMax) {
    return problem(ErrorCode::Conflict, "there are as many topics as there can be: 1000");
  }
  if (bytes > PhraseMatcher::kBytesMax) {
    return problem(ErrorCode::Conflict,
                   "the phrases of all topics may have 65536 bytes together, "
                   "with this one they have " +
                       std::to_string(bytes));
  }
  return absl::OkStatus();
}

// What is known of each of some topics; nullopt: its past is still being read.
absl::StatusOr<std::vector<std::optional<TopicCounts>>> count_topics(
    const Snapshot& snapshot, const std::vector<NamedTopic>& topics, TimeMs as_of,
    const Context& context) {
  TopicIndex nothing_known;
  TopicIndex& index = context.topics != nullptr ? *context.topics : nothing_known;
  const bool at_once = context.topics == nullptr || snapshot.rows() <= kRowsAtOnce;
  std::vector<TopicDocument> known;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (!at_once && !index.state(topics[i].second).is_current) continue;
    known.push_back(topics[i].second);
    places.push_back(i);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto rows, index.rows(snapshot, known, context.stop));
  std::vector<std::optional<TopicCounts>> counts(topics.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    counts[places[i]] = count_topic(snapshot, *rows[i], as_of);
  }
  return counts;
}

void write_phrases(JsonWriter& json, std::string_view name,
                   const std::vector<std::string>& phrases) {
  json.key(name);
  json.begin_array();
  for (const std::string& phrase : phrases) json.value(phrase);
  json.end_array();
}

void write_maybe(JsonWriter& json, std::string_view name, const std::string& text) {
  json.key(name);
  if (text.empty()) return json.null();
  json.value(text);
}

void write_counts(JsonWriter& json, const std::optional<TopicCounts>& counts, double progress) {
  json.member("state", counts ? "current" : "building");
  json.member("progress", counts ? 1.0 : progress);
  for (const auto& [name, number] :
       {std::pair("mentions", &TopicCounts::mentions), std::pair("people", &TopicCounts::people)}) {
    json.key(name);
    if (counts) {
      json.value((*counts).*number);
    } else {
      json.null();
    }
  }
  for (const auto& [name, time] :
       {std::pair("first", &TopicCounts::first), std::pair("last", &TopicCounts::last)}) {
    json.key(name);
    if (counts && counts->mentions > 0) {
      json.time((*counts).*time);
    } else {
      json.null();
    }
  }
}

void write_topic(JsonWriter& json, const NamedTopic& named,
                 const std::optional<TopicCounts>& counts, const Context& context) {
  const auto& [name, topic] = named;
  json.member("name", name);
  json.member("kind", name_of(topic.kind));
  write_phrases(json, "phrases", topic.phrases);
  write_phrases(json, "exclusions", topic.exclusions);
  write_maybe(json, "brand", topic.brand);
  write_maybe(json, "product_id", topic.product_id);
  json.member("description", topic.description);
  json.time_member("defined_at", topic.defined_at);
  write_counts(json, counts, counts ? 1.0 : context.topics->state(topic).progress);
}

absl::StatusOr<Response> describe_topic(const Snapshot& snapshot, const std::string& name,
                                        TimeMs as_of, const Context& context) {
  auto topic = find_topic(snapshot, name);
  if (!topic) return not_found(snapshot, name);
  const std::vector<NamedTopic> named{{name, *std::move(topic)}};
  GRAPEVINE_ASSIGN_OR_RETURN(const auto counts, count_topics(snapshot, named, as_of, context));
  JsonWriter json;
  json.begin_object();
  write_topic(json, named.front(), counts.front(), context);
  json.time_member("as_of", as_of);
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace

// PUT /v1/topics/{name}: stores a definition; the texts of the past are read in the background.
absl::StatusOr<Response> put_topic(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  GRAPEVINE_ASSIGN_OR_RETURN(TopicRequest topic, parse_topic_request(request.body));
  if (!is_resource_name(name)) {
    topic.mistakes.add("{name}", "wants a name like [a-z][a-z0-9_]{0,63}, not: " + name);
  }
  GRAPEVINE_RETURN_IF_ERROR(topic.mistakes.status());
  topic.topic.defined_at = context.now_ms;
  {
    const std::lock_guard lock(changes);
    GRAPEVINE_RETURN_IF_ERROR(check_room(*context.store.snapshot(), name, topic.topic));
    GRAPEVINE_RETURN_IF_ERROR(
        context.store.put_document(kTopicDocuments, name, write_topic_document(topic.topic)));
  }
  const auto snapshot = context.store.snapshot();
  if (context.topics != nullptr) context.topics->set_topics(*snapshot);
  return describe_topic(*snapshot, name, context.now_ms, context);
}

// GET /v1/topics/{name}
absl::StatusOr<Response> get_topic(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  const AsOf as_of = query.take_as_of().value_or(AsOf{});
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(const auto snapshot, open_snapshot(std::nullopt, context));
  return describe_topic(*snapshot, name_of(request), resolve_as_of(as_of, *snapshot, context).as_of,
                        context);
}

// DELETE /v1/topics/{name}
absl::StatusOr<Response> delete_topic(const Request& request, const Context& context) {
  GRAPEVINE_RETURN_IF_ERROR(refuse_parameters(request));
  const std::string& name = name_of(request);
  const std::lock_guard lock(changes);
  const auto snapshot = context.store.snapshot();
  if (!find_topic(*snapshot, name)) return not_found(*snapshot, name);
  GRAPEVINE_RETURN_IF_ERROR(context.store.put_document(kTopicDocuments, name, ""));
  return Response{204, "", {}, ""};
}

// GET /v1/topics: all of them, by name, a page at a time.
absl::StatusOr<Response> list_topics(const Request& request, const Context& context) {
  constexpr char kList[] = "topics";
  GRAPEVINE_ASSIGN_OR_RETURN(const PageRequest query,
                             parse_list_request(request, kList, context, kListLimit));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource source, open_list(query, context));
  const Snapshot& snapshot = *source.snapshot;
  std::vector<NamedTopic> topics = topics_of(snapshot);
  const std::uint64_t end = source.offset + query.limit;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(query, source, kList, end, topics.size(), context));
  topics.resize(std::min<std::size_t>(end, topics.size()));
  topics.erase(topics.begin(), topics.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                                    source.offset, topics.size())));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto counts,
                             count_topics(snapshot, topics, source.moment.as_of, context));
  JsonWriter json;
  json.begin_object();
  json.key("topics");
  json.begin_array();
  for (std::size_t i = 0; i < topics.size(); ++i) {
    json.begin_object();
    write_topic(json, topics[i], counts[i], context);
    json.end_object();
  }
  json.end_array();
  if (!next.empty()) json.member("next_cursor", next);
  json.time_member("as_of", source.moment.as_of);
  json.member("snapshot", snapshot.number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
