#include "kernels/text/phrase_matcher.hpp"

#include <algorithm>
#include <deque>

#include "kernels/text/name_boundary.hpp"
#include "kernels/text/utf8.hpp"

namespace grapevine {
namespace {

unsigned char to_lower(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    if (point.value == kReplacement && point.bytes == 1) return false;
    at += point.bytes;
  }
  return true;
}

}  // namespace

absl::StatusOr<PhraseMatcher> PhraseMatcher::build(std::span<const Phrase> phrases) {
  PhraseMatcher matcher;
  std::vector<std::string_view> texts;
  std::size_t bytes = 0;
  for (const Phrase& phrase : phrases) {
    std::string_view text = phrase.text;
    Name name{.topic = phrase.topic, .excludes = phrase.excludes};
    name.open_begin = text.starts_with('*');
    if (name.open_begin) text.remove_prefix(1);
    name.open_end = text.ends_with('*');
    if (name.open_end) text.remove_suffix(1);
    if (text.empty()) return absl::InvalidArgumentError("a phrase is empty");
    if (text.size() > kPhraseBytesMax) return absl::InvalidArgumentError("a phrase is too long");
    if (!is_utf8(text)) return absl::InvalidArgumentError("a phrase is no UTF-8");
    bytes += text.size();
    if (bytes > kBytesMax) return absl::ResourceExhaustedError("the phrases are too long together");
    name.bytes = static_cast<std::uint32_t>(text.size());
    matcher.names_.push_back(name);
    texts.push_back(text);
    for (const char c : text) matcher.classes_[to_lower(c)] = 1;
  }
  for (std::uint8_t& each : matcher.classes_) {
    // At most 230 bytes occur: there are no capitals, and some bytes are in no UTF-8.
    if (each != 0) each = static_cast<std::uint8_t>(matcher.width_++);
  }
  for (char c = 'A'; c <= 'Z'; ++c) {
    matcher.classes_[static_cast<unsigned char>(c)] = matcher.classes_[to_lower(c)];
  }
  matcher.next_.assign(matcher.width_, 0);
  matcher.last_phrase_.assign(1, kNone);
  matcher.same_.assign(phrases.size(), kNone);
  for (std::uint32_t i = 0; i < texts.size(); ++i) matcher.add(texts[i], i);
  matcher.link();
  return matcher;
}

void PhraseMatcher::add(std::string_view text, std::uint32_t phrase) {
  std::uint32_t row = 0;
  for (const char c : text) {
    const std::size_t place = row + classes_[static_cast<unsigned char>(c)];
    if (next_[place] == 0) {
      next_[place] = static_cast<std::uint32_t>(next_.size());
      next_.resize(next_.size() + width_, 0);
      last_phrase_.push_back(kNone);
    }
    row = next_[place];
  }
  same_[phrase] = last_phrase_[row / width_];
  last_phrase_[row / width_] = phrase;
}

// Breadth first: what a state does not go on with goes on as the longest state that ends it does.
void PhraseMatcher::link() {
  std::vector<std::uint32_t> ending(last_phrase_.size(), 0);  // That state's row.
  shorter_.assign(last_phrase_.size(), 0);
  std::deque<std::uint32_t> rows{0};
  while (!rows.empty()) {
    const std::uint32_t row = rows.front();
    rows.pop_front();
    const std::uint32_t end = ending[row / width_];
    const std::uint32_t end_state = end / width_;
    shorter_[row / width_] = last_phrase_[end_state] != kNone ? end_state : shorter_[end_state];
    for (std::uint32_t c = 1; c < width_; ++c) {
      std::uint32_t& next = next_[row + c];
      const std::uint32_t otherwise = row == 0 ? 0 : next_[end + c];
      if (next == 0) {
        next = otherwise;
      } else {
        ending[next / width_] = otherwise;
        rows.push_back(next);
      }
    }
  }
  for (std::uint32_t& next : next_) {
    const std::uint32_t state = next / width_;
    if (last_phrase_[state] != kNone || shorter_[state] != 0) next |= kEndsHere;
  }
}

bool PhraseMatcher::is_name(std::string_view text, const PhraseMatch& match) const {
  const Name& name = names_[match.phrase];
  return (name.open_begin || begins_name(text, match.begin)) &&
         (name.open_end || ends_name(text, match.end));
}

std::vector<std::uint32_t> PhraseMatcher::topics_of(std::string_view text) const {
  std::vector<std::uint32_t> topics;
  std::vector<std::uint32_t> excluded;
  const auto note = [](std::vector<std::uint32_t>& noted, std::uint32_t topic) {
    if (std::find(noted.begin(), noted.end(), topic) == noted.end()) noted.push_back(topic);
  };
  for_each_match(text, [&](const PhraseMatch& match) {
    const Name& name = names_[match.phrase];
    note(name.excludes ? excluded : topics, name.topic);
  });
  std::sort(topics.begin(), topics.end());
  std::erase_if(topics, [&](std::uint32_t topic) {
    return std::find(excluded.begin(), excluded.end(), topic) != excluded.end();
  });
  return topics;
}

}  // namespace grapevine
