#include "api/live/alerts/watched_topics.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// The name, and all that says which posts count for what.
std::string key_of(std::string_view name, const TopicDocument& topic) {
  std::string key(name);
  for (const std::string& phrase : topic.phrases) key.append("\n+").append(phrase);
  for (const std::string& phrase : topic.exclusions) key.append("\n-").append(phrase);
  // Values may have line breaks; none has a NUL.
  return key.append(1, '\0').append(topic.brand).append(1, '\0').append(topic.product_id);
}

template <typename Topics>
bool have_same_keys(const Topics& a, const Topics& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& one, const auto& other) { return one.first == other.first; });
}

}  // namespace

bool WatchedTopics::is_read(const Snapshot& snapshot) const {
  const Documents& documents = snapshot.documents();
  auto at = documents.lower_bound({std::string(kTopicDocuments), ""});
  for (const auto& [name, content] : read_) {
    if (at == documents.end() || at->first.first != kTopicDocuments) return false;
    if (at->first.second != name || at->second != content) return false;
    ++at;
  }
  return at == documents.end() || at->first.first != kTopicDocuments;
}

void WatchedTopics::look(const Snapshot& snapshot) {
  if (index_ == nullptr) return;
  if (!is_read(snapshot)) {
    read_.clear();
    const Documents& documents = snapshot.documents();
    for (auto at = documents.lower_bound({std::string(kTopicDocuments), ""});
         at != documents.end() && at->first.first == kTopicDocuments; ++at) {
      read_.emplace_back(at->first.second, at->second);
    }
    defined_.clear();
    for (auto& [name, topic] : topics_of(snapshot)) {
      std::string key = key_of(name, topic);
      defined_.emplace_back(std::move(key), std::move(topic));
    }
    known_.clear();
  }
  if (are_known()) return;
  known_.clear();
  std::copy_if(defined_.begin(), defined_.end(), std::back_inserter(known_),
               [this](const Topic& topic) { return index_->state(topic.second).is_current; });
}

bool WatchedTopics::are_others() const { return dropped_ || !have_same_keys(known_, watched_); }

void WatchedTopics::adopt() {
  dropped_ = false;
  watch(known_);
}

void WatchedTopics::drop_gone() {
  std::vector<Topic> left;
  std::copy_if(watched_.begin(), watched_.end(), std::back_inserter(left), [&](const Topic& topic) {
    return std::any_of(defined_.begin(), defined_.end(),
                       [&](const Topic& other) { return other.first == topic.first; });
  });
  if (left.size() == watched_.size()) return;
  dropped_ = true;
  watch(std::move(left));
}

void WatchedTopics::watch(std::vector<Topic> topics) {
  watched_ = std::move(topics);
  documents_.clear();
  counted_.clear();
  for (const Topic& topic : watched_) {
    documents_.push_back(topic.second);
    counted_.push_back(count(topic));
  }
}

CountedTopic WatchedTopics::count(const Topic& topic) const {
  const auto& [key, document] = topic;
  CountedTopic counted;
  if (!document.brand.empty()) counted.brand = names_.number_of(document.brand);
  if (!document.product_id.empty()) counted.product = names_.number_of(document.product_id);
  if (document.brand.empty() && document.product_id.empty()) {
    counted.topic = names_.number_of(key.substr(0, key.find('\n')));
  }
  return counted;
}

absl::StatusOr<std::vector<std::vector<TopicOfRun>>> WatchedTopics::of(
    const Snapshot& snapshot, std::span<const LiveRun> runs, const Stop& stop) const {
  std::vector<std::vector<TopicOfRun>> found(runs.size());
  if (documents_.empty() || runs.empty()) return found;
  GRAPEVINE_ASSIGN_OR_RETURN(const auto rows,
                             index_->rows_of_runs(snapshot, runs, documents_, stop));
  for (std::size_t r = 0; r < runs.size(); ++r) {
    for (const auto& [topic, list] : rows[r]) found[r].push_back({counted_[topic], list});
  }
  return found;
}

}  // namespace grapevine
