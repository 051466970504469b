#include "kernels/listen/voice.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/reach.hpp"
#include "kernels/listen/reach_of_masks.hpp"
#include "kernels/listen/voice_reference.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/kernels/random_graph.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000 / kHour * kHour;

// What people say of brands over 20 days; order events are no mentions, unless they have a text.
class VoiceWorld {
 public:
  explicit VoiceWorld(std::size_t events, std::uint64_t seed = 1)
      : random_(seed), store_(Store::open({}).value()) {
    for (std::size_t batch = 0; batch < 3; ++batch) {
      testing::BatchOf rows;
      for (std::size_t i = 0; i < events / 3; ++i) add(rows);
      EXPECT_TRUE(store_->append(std::move(rows.batch)).ok());
    }
    if (events > 100) {
      EXPECT_TRUE(store_->erase("c7", kBegin + 1000 * kHour).ok());
    }
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void add(testing::BatchOf& rows) {
    constexpr const char* kNames[] = {"Post Created", "Post Liked", "Order Completed",
                                      "Product Reviewed"};
    constexpr const char* kChannels[] = {"web", "app", "blog"};
    const auto time = kBegin + static_cast<TimeMs>(below(480 * kHour));
    rows.event(time, kNames[below(4)], "c" + std::to_string(below(70)));
    if (below(6) != 0) rows.with("brand", ("b" + std::to_string(below(5))).c_str());
    if (below(10) != 0) rows.with("channel", kChannels[below(3)]);
    if (below(3) == 0) rows.with("text", "hm");
    if (below(4) != 0) rows.with("sentiment", static_cast<double>(below(31)) / 10 - 1.5);
  }

  std::mt19937_64 random_;
  std::unique_ptr<Store> store_;
};

// Groups by each value of a column but those of `without`.
GroupDimension by_column(const Snapshot& snapshot, CoreColumn column, std::uint32_t groups) {
  GroupDimension by{.groups = groups, .column = column_id(column)};
  const Dictionary& values = *snapshot.columns()[index(column_id(column))].dictionary;
  for (std::uint32_t code = 0; code < values.size(); ++code) by.of_code.push_back(code % groups);
  if (by.of_code.size() > 3) by.of_code[3] = kNoGroup;
  return by;
}

// Groups that overlap, of people and of topics, which count where a row has no brand.
GroupDimension by_sets(const Snapshot& snapshot) {
  const std::size_t customers = snapshot.customers().count();
  GroupDimension by{.groups = 3, .column = column_id(CoreColumn::Brand)};
  auto some = std::make_shared<CustomerSet>(customers);
  auto others = std::make_shared<CustomerSet>(customers);
  for (std::uint32_t i = 0; i < customers; ++i) {
    if (i % 3 == 0) some->add(CustomerId(i));
    if (i % 2 == 0) others->add(CustomerId(i));
    by.of_customer.push_back(i % 5 == 0 ? 2 : kNoGroup);
  }
  by.members = {{0, some}, {1, others}};
  auto topic = std::make_shared<TopicRows>();
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      if (live->size() % 2 == 0) continue;  // No text of this run.
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < live->size(); row += 2) rows.push_back(row);
      topic->add(*live, std::make_shared<const RowList>(rows, live->size()));
    }
  }
  by.topics = {{1, topic}};
  return by;
}

std::vector<VoiceQuestion> questions(const Snapshot& snapshot) {
  std::vector<VoicePeriod> periods;
  VoicePeriod hours{{}, kBegin + 200 * kHour + 5, kBegin + 300 * kHour, 100 * kHour - 5};
  for (TimeMs t = 200; t <= 300; ++t) hours.bounds.push_back(kBegin + t * kHour);
  periods.push_back(hours);
  periods.push_back({{kBegin, kBegin + 23 * kHour, kBegin + 48 * kHour, kBegin + 480 * kHour},
                     kBegin,
                     kBegin + 480 * kHour,
                     0});
  std::vector<VoiceQuestion> questions;
  for (const VoicePeriod& period : periods) {
    const auto mentions = select_mentions(snapshot, 0, 0);
    const GroupDimension brand = by_column(snapshot, CoreColumn::Brand, 5);
    const GroupDimension channel = by_column(snapshot, CoreColumn::Channel, 3);
    GroupDimension filter = by_column(snapshot, CoreColumn::Channel, 1);
    filter.of_code[0] = kNoGroup;
    questions.push_back({mentions, period, {}, 0});
    questions.push_back({mentions, period, {brand}, 0});
    questions.push_back({mentions, period, {filter, brand}, 1});
    questions.push_back({mentions, period, {brand, channel}, 0});
    questions.push_back(
        {mentions, period, {brand, channel, by_sets(snapshot)}, 0});  // Many groups.
    questions.push_back({mentions, period, {by_sets(snapshot)}, 0});
    questions.push_back({mentions, period, {filter, by_sets(snapshot), brand}, 1});
    GroupDimension nobody{.groups = 1};
    questions.push_back({mentions, period, {nobody, brand}, 1});
  }
  return questions;
}

// With the speakers of each list in ascending order.
Voice in_order(Voice voice) {
  for (SpeakerLists* lists : {&voice.speakers, &voice.speakers_of_groups}) {
    if (lists->offsets.empty()) continue;
    for (std::size_t list = 0; list < lists->count(); ++list) {
      const auto begin = lists->people.begin();
      std::sort(begin + static_cast<std::ptrdiff_t>(lists->offsets[list]),
                begin + static_cast<std::ptrdiff_t>(lists->offsets[list + 1]));
    }
  }
  return voice;
}

TEST(Voice, AgreesWithLookingAtEachRow) {
  for (const std::size_t rows : {3, 400, 9000}) {
    const VoiceWorld world(rows);
    const auto snapshot = world.snapshot();
    CustomerSet apart(snapshot->customers().count());
    for (std::uint32_t i = 1; i < apart.customers(); i += 4) apart.add(CustomerId(i));
    std::vector<CustomerId> people;  // Not all, and some who came later.
    for (std::uint32_t i = 2; i < apart.customers() + 9; i += 3) people.push_back(CustomerId(i));
    for (VoiceQuestion question : questions(*snapshot)) {
      for (const CustomerSet* whom :
           {static_cast<const CustomerSet*>(nullptr), static_cast<const CustomerSet*>(&apart)}) {
        for (const auto counted :
             {CountedVoices::Others, CountedVoices::Apart, CountedVoices::All}) {
          question.apart = whom;
          question.counted = counted;
          for (const bool has_people : {false, true}) {
            question.people = std::span(people).first(has_people ? people.size() : 0);
            for (const bool has_lists : {false, true}) {
              question.lists_of_groups = question.lists_of_cells = has_lists;
              auto found = count_voice(*snapshot, question, Stop());
              ASSERT_TRUE(found.ok()) << found.status();
              EXPECT_EQ(in_order(*std::move(found)), count_voice_reference(*snapshot, question));
            }
          }
        }
      }
    }
  }
}

TEST(Voice, CountsPeopleOfAGroupOnce) {
  const VoiceWorld world(9000);
  const auto snapshot = world.snapshot();
  std::vector<CustomerId> people;
  for (std::uint32_t i = 0; i < snapshot->customers().count(); ++i) people.push_back(CustomerId(i));
  VoiceQuestion question = questions(*snapshot)[1];
  question.people = people;
  const Voice by_hour = count_voice(*snapshot, question, Stop()).value();
  question.period.bounds = {question.period.bounds.front(), question.period.bounds.back()};
  const Voice at_once = count_voice(*snapshot, question, Stop()).value();
  EXPECT_EQ(by_hour.masks, at_once.masks);
  EXPECT_GT(at_once.masks.lists(), 0U);
  EXPECT_EQ(by_hour.people_of_groups, at_once.people_of_groups);
  EXPECT_EQ(at_once.people_of_groups, at_once.people);
  for (std::size_t list = 0; list < at_once.people.size(); ++list) {
    EXPECT_EQ(at_once.people[list], at_once.speakers.of(list).size());
    if (list / 2 != 3) {
      EXPECT_GT(at_once.people[list], 10U);
    }
  }
  question.lists_of_cells = false;
  const Voice without = count_voice(*snapshot, question, Stop()).value();
  EXPECT_TRUE(without.speakers.people.empty());
  EXPECT_EQ(without.people, at_once.people);
}

// Nobody is counted twice, or not at all, where a stretch of customers ends.
TEST(Voice, CountsManyPeople) {
  const auto store = Store::open({}).value();
  testing::BatchOf rows;
  for (std::uint32_t i = 0; i < 3 * kCustomersPerTask + 2; ++i) {
    const std::string speaker = "c" + std::to_string(i);
    for (const TimeMs hour : {1, 1, 3, 30}) {
      rows.event(kBegin + hour * kHour, "Post Created", speaker.c_str());
      rows.with("brand", i % 2 == 0 ? "even" : "odd");
    }
  }
  ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
  const auto snapshot = store->snapshot();
  const VoicePeriod period{
      {kBegin, kBegin + 24 * kHour, kBegin + 48 * kHour}, kBegin, kBegin + 48 * kHour, 0};
  const VoiceQuestion question{
      select_mentions(*snapshot, 0, 0), period, {by_column(*snapshot, CoreColumn::Brand, 2)}, 0};
  const Voice voice = in_order(count_voice(*snapshot, question, Stop()).value());
  EXPECT_EQ(voice, count_voice_reference(*snapshot, question));
  EXPECT_EQ(voice.people[0], (3 * kCustomersPerTask + 2) / 2);
}

// More than wait at once: what was counted before is not forgotten.
TEST(Voice, CountsPeopleWhoNeverStop) {
  const auto store = Store::open({}).value();
  std::mt19937_64 random(5);
  for (int batch = 0; batch < 3; ++batch) {
    testing::BatchOf rows;
    for (int i = 0; i < 100'000; ++i) {
      rows.event(kBegin + static_cast<TimeMs>(random() % (480 * kHour)), "Post Created",
                 "c" + std::to_string(random() % 5));
      rows.with("brand", ("b" + std::to_string(random() % 3)).c_str());
    }
    ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
  }
  const auto snapshot = store->snapshot();
  VoicePeriod hours{{}, kBegin, kBegin + 480 * kHour, 0};
  for (TimeMs t = 0; t <= 480; ++t) hours.bounds.push_back(kBegin + t * kHour);
  for (const bool has_lists : {false, true}) {
    VoiceQuestion question{
        select_mentions(*snapshot, 0, 0), hours, {by_column(*snapshot, CoreColumn::Brand, 3)}, 0};
    question.lists_of_groups = question.lists_of_cells = has_lists;
    EXPECT_EQ(in_order(count_voice(*snapshot, question, Stop()).value()),
              count_voice_reference(*snapshot, question));
  }
}

TEST(Voice, RefusesMoreCellsThanItKeeps) {
  const VoiceWorld world(400);
  const auto snapshot = world.snapshot();
  VoiceQuestion question = questions(*snapshot)[1];
  question.dimensions.front().groups = Voice::kCellsMax;
  EXPECT_TRUE(absl::IsInvalidArgument(count_voice(*snapshot, question, Stop()).status()));
}

TEST(Voice, SameBitsForAnyNumberOfThreads) {
  const VoiceWorld world(100'000);
  const auto snapshot = world.snapshot();
  const auto answers = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    std::vector<Voice> found;
    for (const VoiceQuestion& question : questions(*snapshot)) {
      found.push_back(count_voice(*snapshot, question, Stop()).value());
    }
    return found;
  };
  const auto expected = answers(1);
  EXPECT_EQ(answers(2), expected);
  EXPECT_EQ(answers(8), expected);
}

TEST(Reach, AgreesWithAskingEveryListener) {
  for (const std::size_t people : {1, 63, 64, 65, 500}) {
    const ListenGraph graph = graph_of(random_ties(people, 4 * people, 7));
    const std::size_t customers = 7 * people + 10;
    std::mt19937_64 random(people);
    SpeakerLists lists{{0}, {}};
    for (std::size_t size : {0, 1, 5, 100}) {
      for (std::size_t i = 0; i < size; ++i) {
        lists.people.push_back(CustomerId(static_cast<std::uint32_t>(random() % customers)));
      }
      lists.offsets.push_back(lists.people.size());
    }
    const ReachCounter counter(graph, customers);
    const auto reach = counter.reach(lists, Stop());
    ASSERT_TRUE(reach.ok());
    EXPECT_EQ(*reach, reach_reference(graph, lists));
    std::uint64_t ties = 0;
    for (const CustomerId speaker : lists.people) {
      const auto v = graph.vertex_of(speaker);
      if (v) ties += graph.listeners.degree(*v);
    }
    EXPECT_EQ(counter.ties(lists), ties);
  }
}

// Of few speakers, whose listeners are walked, and of many, for whom each listener is asked.
TEST(Reach, OfMasksIsThatOfTheirLists) {
  for (const std::size_t people : {1, 63, 500, 40'000}) {
    const ListenGraph graph = graph_of(random_ties(people, 4 * people, 7));
    const ReachCounter counter(graph, 1);
    std::mt19937_64 random(people);
    for (const std::uint64_t one_in : {1, 3, 400}) {
      for (const std::size_t count : {1, 31, 32, 33, 64}) {
        SpeakerMasks masks(count, graph.vertices());
        for (std::uint64_t& mask : masks.of_person()) {
          mask = random() % one_in == 0 ? random() >> (64 - count) : 0;
        }
        SpeakerLists lists{{0}, {}};
        for (std::size_t list = 0; list < count; ++list) {
          for (std::size_t v = 0; v < graph.vertices(); ++v) {
            if ((masks.of_person()[v] >> list & 1) != 0) lists.people.push_back(graph.people[v]);
          }
          lists.offsets.push_back(lists.people.size());
        }
        EXPECT_EQ(reach_of_masks(graph, masks, Stop()).value(),
                  counter.reach(lists, Stop()).value());
      }
    }
  }
}

}  // namespace
}  // namespace grapevine
