#include "kernels/listen/speaker_lists.hpp"

#include <algorithm>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/customer_set.hpp"

namespace grapevine {
namespace {

// What one task finds: its lists one after the other, and how long each is.
struct Found {
  std::vector<CustomerId> people;
  std::vector<std::size_t> sizes;
};

void find_distinct(std::span<const CustomerId> list, CustomerSet& seen, Found& found) {
  const std::size_t begin = found.people.size();
  for (const CustomerId speaker : list) {
    if (seen.has(speaker)) continue;
    seen.add(speaker);
    found.people.push_back(speaker);
  }
  found.sizes.push_back(found.people.size() - begin);
  for (std::size_t i = begin; i < found.people.size(); ++i) {
    seen.words()[index(found.people[i]) / 64] = 0;
  }
}

// Cuts the lists into tasks of about the same length each: where they begin, and the end.
std::vector<std::size_t> cut_into_tasks(const SpeakerLists& lists, std::size_t together) {
  constexpr std::size_t kPeopleTogether = std::size_t{1} << 14;
  std::vector<std::size_t> begins{0};
  for (std::size_t list = 0; list < lists.count(); list += together) {
    const std::size_t next = list + together;
    const bool is_enough = lists.offsets[next] - lists.offsets[begins.back()] >= kPeopleTogether;
    if (is_enough || next == lists.count()) begins.push_back(next);
  }
  return begins;
}

}  // namespace

SpeakerLists distinct_speakers(const SpeakerLists& lists, std::size_t together,
                               std::size_t customers, const Stop& stop) {
  const std::vector<std::size_t> tasks = cut_into_tasks(lists, together);
  std::vector<Found> of_task(tasks.size() - 1);
  WorkerLocal<CustomerSet> seen([customers] { return CustomerSet(customers); });
  for_each(of_task.size(), [&](std::size_t task) {
    if (stop.requested()) return;
    for (std::size_t list = tasks[task]; list < tasks[task + 1]; list += together) {
      const std::size_t begin = lists.offsets[list];
      const std::size_t end = lists.offsets[list + together];
      find_distinct(std::span(lists.people).subspan(begin, end - begin), seen.mine(),
                    of_task[task]);
    }
  });
  SpeakerLists distinct;
  distinct.offsets.reserve(lists.count() / together + 1);
  distinct.offsets.push_back(0);
  std::size_t people = 0;
  for (const Found& found : of_task) people += found.people.size();
  distinct.people.reserve(people);
  for (const Found& found : of_task) {
    for (const std::size_t size : found.sizes) {
      distinct.offsets.push_back(distinct.offsets.back() + size);
    }
    distinct.people.insert(distinct.people.end(), found.people.begin(), found.people.end());
  }
  return distinct;
}

}  // namespace grapevine
