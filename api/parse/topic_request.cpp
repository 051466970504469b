#include "api/parse/topic_request.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "api/error.hpp"
#include "api/parse/definition_body.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "kernels/text/phrase_matcher.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// Empty: it can be looked for.
std::string wrong_with(std::string_view phrase) {
  std::string_view words = phrase;
  if (words.starts_with('*')) words.remove_prefix(1);
  if (words.ends_with('*')) words.remove_suffix(1);
  if (words.empty())
    return phrase.empty() ? "is empty" : "says nothing but *: wants words beside it";
  if (words.size() > PhraseMatcher::kPhraseBytesMax) return "is longer than 256 bytes";
  if (has_control(words)) return "holds a control character";
  if (words.starts_with(' ') || words.ends_with(' ')) return "begins or ends with a space";
  if (words.find('*') != std::string_view::npos) {
    return "has a * inside: it may stand at the beginning and at the end";
  }
  return {};
}

// As the matcher compares them.
std::string folded(std::string_view phrase) {
  std::string small(phrase);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

// `seen`: the phrases that came before, folded.
std::vector<std::string> read_phrases(ObjectReader& reader, std::string_view name,
                                      std::set<std::string>& seen) {
  std::vector<std::string> phrases;
  const JsonArray* array = reader.take_array(name);
  if (array == nullptr) return phrases;
  if (array->size() > kTopicPhrasesMax) {
    reader.wrong(name, "has more than 500 phrases");
    return phrases;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string pointer = reader.pointer_to(name) + "/" + std::to_string(i);
    const auto* phrase = (*array)[i].as<std::string>();
    if (phrase == nullptr) {
      reader.mistakes().add(pointer, "wants a text, not " + std::string((*array)[i].kind()));
      continue;
    }
    if (const std::string wrong = wrong_with(*phrase); !wrong.empty()) {
      reader.mistakes().add(pointer, wrong);
    } else if (!seen.insert(folded(*phrase)).second) {
      reader.mistakes().add(pointer, "stands there twice; capitals make no difference");
    }
    phrases.push_back(*phrase);
  }
  return phrases;
}

std::string read_value(ObjectReader& reader, std::string_view name, const TopicDocument& topic) {
  const std::string* value = reader.take_string(name);
  if (value == nullptr) return {};
  if (value->empty() || value->size() > kTopicValueBytesMax ||
      value->find('\0') != std::string::npos) {
    reader.wrong(name, "wants 1 to 1024 bytes without NUL");
  } else if (topic.kind == TopicKind::Theme) {
    reader.wrong(name, "a theme speaks for none: take the kind brand or product");
  }
  return *value;
}

}  // namespace

absl::StatusOr<TopicRequest> parse_topic_request(const std::string& body) {
  if (body.size() > kTopicBodyBytesMax) {
    return problem(ErrorCode::TooLarge,
                   "a topic may have 65536 bytes, the body has " + std::to_string(body.size()));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  TopicRequest request;
  TopicDocument& topic = request.topic;
  ObjectReader reader(object, "", request.mistakes);
  bool is_kind_known = false;
  if (const std::string* kind = reader.take_string("kind")) {
    const auto known = topic_kind(*kind);
    is_kind_known = known.has_value();
    if (known) topic.kind = *known;
    if (!known) reader.wrong("kind", "wants brand, product or theme, not: " + *kind);
  } else if (!reader.has("kind")) {
    reader.wrong("kind", "wants brand, product or theme");
  }
  std::set<std::string> seen;
  const std::size_t mistakes = request.mistakes.count();
  topic.phrases = read_phrases(reader, "phrases", seen);
  const bool are_wrong = request.mistakes.count() > mistakes;
  topic.exclusions = read_phrases(reader, "exclusions", seen);
  if (topic.phrases.empty() && !are_wrong) {
    reader.wrong("phrases", "wants at least one phrase, by which a text is known");
  }
  TopicDocument checked = topic;
  if (!is_kind_known) checked.kind = TopicKind::Brand;  // One mistake is not told as two.
  topic.brand = read_value(reader, "brand", checked);
  topic.product_id = read_value(reader, "product_id", checked);
  topic.description = take_description(reader);
  reader.refuse_others();
  return request;
}

}  // namespace grapevine
