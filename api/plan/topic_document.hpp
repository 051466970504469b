#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/text/phrase_matcher.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The kind under which topics are kept among a store's documents.
inline constexpr std::string_view kTopicDocuments = "topic";

enum class TopicKind : std::uint8_t { Brand, Product, Theme };
std::string_view name_of(TopicKind kind);
std::optional<TopicKind> topic_kind(std::string_view name);

/// What makes a text be about a brand, a product or a theme, as it is stored.
struct TopicDocument {
  TopicKind kind = TopicKind::Theme;
  std::vector<std::string> phrases;     ///< One of them in a text is enough, as PhraseMatcher finds
                                        ///< them.
  std::vector<std::string> exclusions;  ///< A text with one of them is not about the topic.
  /// The value of `brand` (of `product_id`) that a text about the topic counts for where its event
  /// names none. Empty: for none.
  std::string brand;
  std::string product_id;
  std::string description;
  TimeMs defined_at = 0;  ///< When this definition was put.
};

/// The document as JSON, and back. A document that this program wrote is always readable.
std::string write_topic_document(const TopicDocument& topic);
std::optional<TopicDocument> read_topic_document(std::string_view json);

[[nodiscard]] bool has_topics(const Snapshot& snapshot);
/// nullopt: the snapshot has no such topic.
std::optional<TopicDocument> find_topic(const Snapshot& snapshot, std::string_view name);

/// All topics by name, ascending. Cost: parses each document.
std::vector<std::pair<std::string, TopicDocument>> topics_of(const Snapshot& snapshot);

/// "no such topic: delivry (did you mean delivery?)".
std::string no_such_topic(const Snapshot& snapshot, std::string_view name);

/// Adds the phrases of a topic, exclusions too, as those of topic `number`.
void add_phrases(const TopicDocument& topic, std::uint32_t number, std::vector<Phrase>& phrases);

}  // namespace grapevine
