#include "api/execute/find_topics.hpp"

#include <utility>

#include "api/live/topics/topic_index.hpp"
#include "api/plan/topic_document.hpp"

namespace grapevine {

absl::StatusOr<std::vector<std::shared_ptr<const TopicRows>>> find_topics(
    const Snapshot& snapshot, std::span<const std::string> names, const Context& context) {
  std::vector<TopicDocument> topics;
  for (const std::string& name : names) {
    auto topic = find_topic(snapshot, name);
    if (!topic) return absl::NotFoundError(no_such_topic(snapshot, name));
    topics.push_back(*std::move(topic));
  }
  if (context.topics != nullptr) return context.topics->rows(snapshot, topics, context.stop);
  TopicIndex nothing_known;
  return nothing_known.rows(snapshot, topics, context.stop);
}

}  // namespace grapevine
