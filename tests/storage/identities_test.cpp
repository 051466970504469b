// Who is one person: against a plain reference that knows the rules and no order of arrival.

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;

struct Call {
  enum class What { Event, Trait, Identify, Alias } what;
  TimeMs ts;
  std::string id;       // Of the call.
  std::string from;     // Who acts, or what is joined,
  std::string to;       // to whom; of an event: at whom it is directed; of a trait: its name.
  std::int64_t number;  // A trait's value, an event's number.
};

struct Person {
  std::set<std::int64_t> events;
  std::map<std::string, std::int64_t> traits;
  std::set<std::int64_t> targeted_by;
  bool operator==(const Person&) const = default;
};
using People = std::map<std::string, Person>;

std::string any_of(const std::vector<std::string>& ids, std::mt19937& dice) {
  return ids[dice() % ids.size()];
}

// Calls of a few people with many ids, every kind of call at random.
std::vector<Call> random_calls(std::uint32_t seed, std::size_t count, std::size_t links) {
  std::mt19937 dice(seed);
  std::vector<std::string> anonymous, users;
  for (int i = 0; i < 30; ++i) anonymous.push_back("anon" + std::to_string(i));
  for (int i = 0; i < 12; ++i) users.push_back("user" + std::to_string(i));
  std::vector<std::string> all = anonymous;
  all.insert(all.end(), users.begin(), users.end());
  std::vector<Call> calls;
  for (std::size_t i = 0; i < count; ++i) {
    Call call{Call::What::Event,       static_cast<TimeMs>(dice() % 5000),
              "m" + std::to_string(i), any_of(all, dice),
              any_of(all, dice),       static_cast<std::int64_t>(i)};
    if (i < links) {
      call.what = dice() % 4 == 0 ? Call::What::Alias : Call::What::Identify;
      call.from = any_of(call.what == Call::What::Alias ? all : anonymous, dice);
      call.to = any_of(users, dice);
    } else if (dice() % 8 == 0) {
      call.what = Call::What::Trait;
      call.to = dice() % 2 == 0 ? "age" : "size";
    }
    calls.push_back(call);
  }
  return calls;
}

// The rules, read literally.
class Reference {
 public:
  explicit Reference(const std::vector<Call>& calls) {
    std::map<std::string, Call> owner;
    for (const Call& call : calls) {
      touch(call.from);
      if (call.what != Call::What::Trait) touch(call.to);
      if (call.what != Call::What::Identify || call.from == call.to) continue;
      const auto [known, added] = owner.try_emplace(call.from, call);
      if (!added && key(call) < key(known->second)) known->second = call;
    }
    for (const auto& [anonymous, call] : owner) join(anonymous, call.to);
    std::vector<const Call*> aliases;
    for (const Call& call : calls) {
      if (call.what == Call::What::Alias && call.from != call.to) aliases.push_back(&call);
    }
    for (const Call* call : aliases) join(call->from, call->to);
    std::map<std::string, const Call*> latest;  // By root.
    for (const Call* call : aliases) {
      const Call*& kept = latest[root(call->to)];
      if (kept == nullptr || key(*kept) < key(*call)) kept = call;
    }
    for (const auto& [anonymous, call] : owner) names_[root(anonymous)] = call.to;
    for (const auto& [group, call] : latest) names_[group] = call->to;
  }

  People people(const std::vector<Call>& calls) {
    People people;
    for (auto& [id, parent] : parents_) people[name(id)];
    std::map<std::pair<std::string, std::string>, Call> traits;
    for (const Call& call : calls) {
      if (call.what == Call::What::Event) {
        people[name(call.from)].events.insert(call.number);
        people[name(call.to)].targeted_by.insert(call.number);
      }
      if (call.what != Call::What::Trait) continue;
      const auto [known, added] = traits.try_emplace({name(call.from), call.to}, call);
      if (!added && key(known->second) < key(call)) known->second = call;
    }
    for (const auto& [place, call] : traits) people[place.first].traits[place.second] = call.number;
    return people;
  }

 private:
  static std::pair<TimeMs, std::string> key(const Call& call) { return {call.ts, call.id}; }
  void touch(const std::string& id) { parents_.try_emplace(id, id); }
  std::string root(const std::string& id) {
    return parents_.at(id) == id ? id : root(parents_.at(id));
  }
  void join(const std::string& a, const std::string& b) { parents_[root(a)] = root(b); }
  std::string name(const std::string& id) {
    const auto found = names_.find(root(id));
    return found == names_.end() ? root(id) : found->second;
  }

  std::map<std::string, std::string> parents_;
  std::map<std::string, std::string> names_;
};

void add(BatchOf& rows, const Call& call) {
  Batch& batch = rows.batch;
  switch (call.what) {
    case Call::What::Event:
      rows.event(call.ts, call.number % 3 == 0 ? "Post Liked" : "Page Viewed", call.from);
      rows.target(call.to).with("properties.number", call.number);
      return;
    case Call::What::Trait:
      rows.traits(call.ts, call.from, call.id).with(call.to, call.number);
      return;
    case Call::What::Identify:
    case Call::What::Alias: break;
  }
  const auto kind =
      call.what == Call::What::Alias ? IdentityLink::Kind::Alias : IdentityLink::Kind::Identify;
  batch.links.push_back({call.ts, batch.strings.intern(call.from), batch.strings.intern(call.to),
                         batch.strings.intern(call.id), kind});
}

void store_all(Store& store, std::vector<Call> calls, std::uint32_t seed) {
  std::mt19937 dice(seed);
  std::shuffle(calls.begin(), calls.end(), dice);
  for (std::size_t begin = 0; begin < calls.size();) {
    const std::size_t end = std::min(calls.size(), begin + 1 + dice() % 300);
    BatchOf rows;
    for (std::size_t i = begin; i < end; ++i) {
      if (calls[i].what != Call::What::Trait) add(rows, calls[i]);
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (calls[i].what == Call::What::Trait) add(rows, calls[i]);
    }
    ASSERT_TRUE(store.append(std::move(rows.batch)).ok());
    if (dice() % 4 == 0) {  // Sorts the tail.
      EXPECT_LE(store.snapshot()->parts().size(), 100u);
    }
    begin = end;
  }
}

std::int64_t number_at(const RunColumn& column, std::size_t row) {
  return std::get<Int64Values>(column.values).at(row);
}

People people_of(const Snapshot& snapshot) {
  const CustomerTable& customers = snapshot.customers();
  People people;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < customers.count(); ++i) {
    if (!customers.persons().is_person(CustomerId(i))) continue;
    ++count;
    Person& person = people[std::string(customers.external_id(CustomerId(i)))];
    for (const char* name : {"age", "size"}) {
      const AttributeColumn* column = customers.attribute(name);
      const AttributeChunk* chunk = column == nullptr ? nullptr : column->chunk_of(CustomerId(i));
      if (chunk == nullptr || !chunk->has(i % AttributeChunk::kCustomers)) continue;
      person.traits[name] =
          std::get<std::vector<std::int64_t>>(chunk->values)[i % AttributeChunk::kCustomers];
    }
  }
  EXPECT_EQ(count, people.size());
  EXPECT_EQ(count, customers.people());
  ColumnId column{};
  EXPECT_NE(snapshot.find_column("properties.number", column), nullptr);
  std::size_t rows = 0;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      std::tuple<CustomerId, TimeMs, std::uint64_t> previous{CustomerId{0}, INT64_MIN, 0};
      for (std::size_t row = 0; row < run->size(); ++row) {
        const std::tuple key(run->customers[row], run->time(row), run->sequences.at(row));
        EXPECT_LE(previous, key);
        previous = key;
        if (run.is_dead(row)) continue;
        ++rows;
        EXPECT_TRUE(customers.persons().is_person(run->customers[row]));
        const std::int64_t number = number_at(*run->column(column), row);
        people[std::string(customers.external_id(run->customers[row]))].events.insert(number);
        const CustomerId target = snapshot.target(*run, row);
        if (target == kNobody) continue;
        people[std::string(customers.external_id(target))].targeted_by.insert(number);
      }
    }
  }
  EXPECT_EQ(rows, snapshot.rows());
  return people;
}

std::unique_ptr<Store> memory_store() { return Store::open({}).value(); }

TEST(Identities, TheOrderOfArrivalDoesNotMatter) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    const std::vector<Call> calls = random_calls(seed, 400 * seed, 8 * seed);
    const People expected = Reference(calls).people(calls);
    for (std::uint32_t shuffle = 0; shuffle < 5; ++shuffle) {
      const auto store = memory_store();
      store_all(*store, calls, seed * 100 + shuffle);
      ASSERT_EQ(people_of(*store->snapshot()), expected) << seed << " " << shuffle;
    }
  }
}

TEST(Identities, RowsInPartsFollowTheirPerson) {
  const std::vector<Call> calls = random_calls(99, 20'000, 60);
  const People expected = Reference(calls).people(calls);
  for (std::uint32_t shuffle = 0; shuffle < 3; ++shuffle) {
    const auto store = memory_store();
    store_all(*store, calls, shuffle);
    EXPECT_EQ(people_of(*store->snapshot()), expected);
  }
}

std::uint32_t merge_between(const Store& store, const std::string& from, const std::string& to) {
  const auto identities = store.identities(from);
  for (const IdentityMerge& merge : identities->merges) {
    if (merge.from == from && merge.to == to) return merge.number;
  }
  ADD_FAILURE() << "no merge of " << from << " and " << to;
  return 0;
}

TEST(Identities, AnUnmergeGivesBackWhatWasEachOnes) {
  std::vector<Call> calls = random_calls(7, 9000, 0);
  const People before = Reference(calls).people(calls);
  std::vector<Call> linked = calls;
  linked.push_back({Call::What::Identify, 10, "l1", "anon1", "user1", 0});
  linked.push_back({Call::What::Identify, 11, "l2", "anon2", "user1", 0});
  linked.push_back({Call::What::Alias, 12, "l3", "user1", "user2", 0});
  const auto store = memory_store();
  store_all(*store, linked, 3);
  EXPECT_EQ(people_of(*store->snapshot()), Reference(linked).people(linked));
  EXPECT_EQ(
      store->snapshot()->customers().external_id(store->snapshot()->customers().find("anon2")),
      "user2");

  ASSERT_TRUE(store->unmerge("anon1", merge_between(*store, "anon1", "user1"), 5000).ok());
  linked.erase(linked.end() - 3);
  EXPECT_EQ(people_of(*store->snapshot()), Reference(linked).people(linked));
  // Said again it changes nothing: what was undone stays so.
  store_all(*store, {{Call::What::Identify, 9000, "l4", "anon1", "user1", 0}}, 1);
  EXPECT_EQ(people_of(*store->snapshot()), Reference(linked).people(linked));

  ASSERT_TRUE(store->unmerge("user2", merge_between(*store, "user1", "user2"), 5000).ok());
  ASSERT_TRUE(store->unmerge("user1", merge_between(*store, "anon2", "user1"), 5000).ok());
  EXPECT_EQ(people_of(*store->snapshot()), before);
  EXPECT_FALSE(store->unmerge("user1", 0, 5000).ok());
}

TEST(Identities, SurviveARestart) {
  const std::string folder =
      ::testing::TempDir() + "/grapevine-identities-" + std::to_string(::getpid());
  std::filesystem::remove_all(folder);
  const std::vector<Call> calls = random_calls(5, 9000, 40);
  StoreOptions options;
  options.folder = folder;
  People expected;
  {
    const auto store = Store::open(options).value();
    store_all(*store, calls, 4);
    const auto identities = store->identities("anon1");
    ASSERT_TRUE(identities.ok());
    if (!identities->merges.empty()) {
      store->unmerge("anon1", identities->merges.front().number, 6000).IgnoreError();
    }
    ASSERT_TRUE(store->erase("user3", 7000).ok());
    expected = people_of(*store->snapshot());
    EXPECT_FALSE(expected.contains("user3"));
  }
  EXPECT_EQ(people_of(*Store::open(options).value()->snapshot()), expected);
  std::filesystem::remove_all(folder);
}

TEST(Erasure, TakesAPersonOutOfEveryAnswer) {
  const std::vector<Call> calls = random_calls(11, 9000, 30);
  People expected = Reference(calls).people(calls);
  const auto store = memory_store();
  store_all(*store, calls, 2);
  const auto before = store->snapshot();
  const CustomerId gone = before->customers().find("anon4");
  const std::string name(before->customers().external_id(gone));
  ASSERT_TRUE(store->erase("anon4", 5000).ok());
  const Person erased = expected.at(name);
  expected.erase(name);
  for (auto& [other, person] : expected) {
    for (const std::int64_t number : erased.events) person.targeted_by.erase(number);
  }
  EXPECT_EQ(people_of(*store->snapshot()), expected);
  EXPECT_EQ(store->snapshot()->customers().find("anon4"), kNobody);
  EXPECT_EQ(store->erase("anon4", 5001).status().code(), absl::StatusCode::kNotFound);

  // What is imported again from before is refused, what comes later is somebody new.
  const auto refused = store->append(BatchOf().event(4999, "Page Viewed", "anon4").batch);
  ASSERT_EQ(refused->refused.size(), 1u);
  EXPECT_EQ(people_of(*store->snapshot()), expected);
  const auto fresh = store->append(BatchOf()
                                       .event(5000, "Page Viewed", "anon4")
                                       .with("properties.number", std::int64_t{77})
                                       .batch);
  EXPECT_TRUE(fresh->refused.empty());
  expected["anon4"].events.insert(77);
  EXPECT_EQ(people_of(*store->snapshot()), expected);
}

TEST(Imports, AreUndoneWholeAndMayComeAgain) {
  const std::vector<Call> calls = random_calls(3, 6000, 20);
  const People expected = Reference(calls).people(calls);
  const auto store = memory_store();
  store_all(*store, calls, 2);
  const std::size_t rows = store->snapshot()->rows();
  const auto import = [&](std::uint64_t offset) {
    BatchOf of_import;
    of_import.batch.import_id = of_import.batch.deduplicate_by = "history";
    of_import.batch.import_offset = offset;
    for (int i = 0; i < 5000; ++i) {
      const std::string number = std::to_string(offset) + "-" + std::to_string(i);
      of_import.event(6000 + i, "Page Viewed", "user" + std::to_string(i % 12)).id(number);
      of_import.with("properties.number", std::int64_t{1} << 40);
    }
    return store->append(std::move(of_import.batch)).value();
  };
  import(100);
  ASSERT_TRUE(store
                  ->append(BatchOf()
                               .event(1, "Page Viewed", "user1")
                               .with("properties.number", std::int64_t{-1})
                               .batch)
                  .ok());
  import(200);
  EXPECT_EQ(import(200).duplicates, 5000u);
  EXPECT_EQ(store->snapshot()->rows(), rows + 10'001);
  const auto undone = store->undo_import("history");
  ASSERT_TRUE(undone.ok());
  EXPECT_EQ(undone->removed, 10'000u);
  People with_one = expected;
  with_one[std::string(store->snapshot()->customers().external_id(
               store->snapshot()->customers().find("user1")))]
      .events.insert(-1);
  EXPECT_EQ(people_of(*store->snapshot()), with_one);
  EXPECT_EQ(store->snapshot()->newest_event(), 4999);
  EXPECT_EQ(import(100).duplicates, 0u);
  EXPECT_FALSE(store->undo_import("nothing").ok());
}

}  // namespace
}  // namespace grapevine
