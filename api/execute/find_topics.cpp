#include "api/execute/find_topics.hpp"

#include <utility>

#include "api/plan/topic_document.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<std::vector<std::shared_ptr<const TopicRows>>> find_topics(
    const Snapshot& snapshot, std::span<const std::string> names, const Context& context) {
  std::vector<Phrase> phrases;
  std::uint32_t number = 0;
  for (const std::string& name : names) {
    const auto topic = find_topic(snapshot, name);
    if (!topic) return absl::NotFoundError(no_such_topic(snapshot, name));
    add_phrases(*topic, number++, phrases);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const PhraseMatcher matcher, PhraseMatcher::build(phrases));
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<TopicRows> found,
                             match_texts(snapshot, matcher, names.size(), context.stop));
  std::vector<std::shared_ptr<const TopicRows>> shared;
  for (TopicRows& rows : found)
    shared.push_back(std::make_shared<const TopicRows>(std::move(rows)));
  return shared;
}

}  // namespace grapevine
