#include "api/cloudevents/activity.hpp"

#include <algorithm>
#include <array>

#include <absl/container/flat_hash_set.h>

#include "api/collect/limits.hpp"

namespace grapevine {
namespace {

using MaybeElement = std::optional<JsonElement>;

enum class Verb : std::uint8_t { None, Create, Announce, Like, Follow };

// The member `name` of an object; nullopt where `element` is none or has it not.
MaybeElement member_of(const MaybeElement& element, std::string_view name) {
  JsonObject object;
  JsonElement member;
  if (!element || element->get_object().get(object) != simdjson::SUCCESS ||
      object.at_key(name).get(member) != simdjson::SUCCESS || member.is_null()) {
    return std::nullopt;
  }
  return member;
}

std::string_view text_of(const MaybeElement& element) {
  std::string_view text;
  if (!element || element->get_string().get(text) != simdjson::SUCCESS) return {};
  return text;
}

// A property may have one value or a list of them: the first.
MaybeElement first_of(const MaybeElement& element) {
  JsonArray list;
  if (!element || element->get_array().get(list) != simdjson::SUCCESS) return element;
  JsonElement first;
  return list.at(0).get(first) == simdjson::SUCCESS ? MaybeElement(first) : std::nullopt;
}

// What an object is called: it stands for itself, as an object with an `id`, or as a link.
std::string_view id_of(const MaybeElement& element) {
  const MaybeElement first = first_of(element);
  if (!first || first->is_string()) return text_of(first);
  for (const std::string_view name : {"id", "@id", "href"}) {
    if (const std::string_view id = text_of(member_of(first, name)); !id.empty()) return id;
  }
  return {};
}

// "Create", whether it is written so, "as:Create" or in full.
std::string_view plain_type(std::string_view type) {
  constexpr std::string_view kVocabulary = "https://www.w3.org/ns/activitystreams#";
  for (const std::string_view prefix : {kVocabulary, std::string_view("as:")}) {
    if (type.starts_with(prefix)) return type.substr(prefix.size());
  }
  return type;
}

// Whether `element` has a type for which `is_wanted` holds.
template <typename Wanted>
bool has_type(const MaybeElement& element, const Wanted& is_wanted) {
  MaybeElement type = member_of(element, "type");
  if (!type) type = member_of(element, "@type");
  if (!type) return false;
  JsonArray types;
  if (type->get_array().get(types) != simdjson::SUCCESS)
    return is_wanted(plain_type(text_of(type)));
  return std::any_of(types.begin(), types.end(),
                     [&](JsonElement one) { return is_wanted(plain_type(text_of(one))); });
}

Verb verb_of(const MaybeElement& data) {
  Verb verb = Verb::None;
  const auto found = has_type(data, [&](std::string_view type) {
    if (type == "Create") verb = Verb::Create;
    if (type == "Announce") verb = Verb::Announce;
    if (type == "Like") verb = Verb::Like;
    if (type == "Follow") verb = Verb::Follow;
    return verb != Verb::None;
  });
  return found ? verb : Verb::None;
}

// Whether what was created is something that people read: an object, or only its id.
bool is_post(const MaybeElement& object) {
  if (!object || object->is_string()) return true;
  static constexpr std::array<std::string_view, 9> kPosts{
      "Note", "Article", "Page", "Question", "Image", "Video", "Audio", "Document", "Event"};
  return has_type(object, [](std::string_view type) {
    return std::find(kPosts.begin(), kPosts.end(), type) != kPosts.end();
  });
}

std::string_view author_of(const MaybeElement& object) {
  return id_of(member_of(first_of(object), "attributedTo"));
}

std::string_view content_of(const MaybeElement& object) {
  if (const std::string_view content = text_of(member_of(object, "content")); !content.empty()) {
    return content;
  }
  const MaybeElement by_language = member_of(object, "contentMap");
  if (by_language && by_language->is_object()) {
    for (const auto& [language, content] : JsonObject(by_language->get_object().value_unsafe())) {
      return text_of(content);
    }
  }
  return text_of(member_of(object, "name"));
}

bool is_mention(const MaybeElement& tag) {
  return has_type(tag, [](std::string_view type) { return type == "Mention"; });
}

std::vector<std::string_view> mentions_of(const MaybeElement& object) {
  std::vector<std::string_view> mentions;
  absl::flat_hash_set<std::string> seen;
  const auto add = [&](JsonElement tag) {
    if (!is_mention(tag)) return;
    const std::string_view id = id_of(tag);
    if (!id.empty() && seen.insert(std::string(id)).second) mentions.push_back(id);
  };
  const MaybeElement tag = member_of(object, "tag");
  JsonArray tags;
  if (tag && tag->get_array().get(tags) == simdjson::SUCCESS) {
    for (const JsonElement one : tags) add(one);
  } else if (tag) {
    add(*tag);
  }
  return mentions;
}

void read_post(const MaybeElement& object, Activity& activity) {
  activity.event = "Post Created";
  activity.content_id = id_of(object);
  activity.content = content_of(object);
  const std::string_view media_type = text_of(member_of(object, "mediaType"));
  activity.is_plain = media_type == "text/plain" || media_type == "text/markdown";
  activity.mentions = mentions_of(object);
  const MaybeElement parent = member_of(object, "inReplyTo");
  if (const std::string_view id = id_of(parent); !id.empty()) {
    activity.event = "Post Replied";
    activity.parent_id = id;
    activity.target_id = author_of(parent);
  }
}

void read_reaction(Verb verb, const MaybeElement& data, Activity& activity) {
  const MaybeElement object = member_of(data, "object");
  if (verb == Verb::Follow) {
    activity.event = "Customer Followed";
    activity.target_id = id_of(object);
    return;
  }
  activity.event = verb == Verb::Announce ? "Post Shared" : "Post Liked";
  activity.parent_id = id_of(object);
  activity.target_id = author_of(object);
  if (verb == Verb::Announce) activity.content_id = text_of(member_of(data, "id"));
}

}  // namespace

std::optional<Activity> read_activity(JsonElement data, EventMistakes& mistakes) {
  const MaybeElement root(data);
  const Verb verb = verb_of(root);
  const MaybeElement object = first_of(member_of(root, "object"));
  if (verb == Verb::None || (verb == Verb::Create && !is_post(object))) return std::nullopt;

  Activity activity;
  activity.actor = id_of(member_of(root, "actor"));
  activity.published = text_of(member_of(root, "published"));
  if (!object) {
    mistakes.push_back({"/data/object", "is not there"});
  } else if (verb == Verb::Create) {
    read_post(object, activity);
    if (activity.mentions.size() > kMentionsMax) {
      mistakes.push_back(
          {"/data/object/tag", "mentions more than " + std::to_string(kMentionsMax)});
    }
  } else {
    read_reaction(verb, root, activity);
    if (id_of(object).empty()) mistakes.push_back({"/data/object", "has no id"});
  }
  return activity;
}

}  // namespace grapevine
