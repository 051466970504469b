#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/scan.hpp"
#include "kernels/segment/scan_reference.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

ValueTest whole(std::vector<Range<std::int64_t>> ranges) {
  ValueTest test;
  for (const auto& range : ranges) {
    test.real.push_back({double(range.least), double(range.most)});
  }
  test.whole = std::move(ranges);
  return test;
}

ValueTest real(double least, double most) {
  ValueTest test;
  test.real = {{least, most}};
  test.whole = {{std::int64_t(least), std::int64_t(most)}};
  return test;
}

ValueTest texts(std::vector<std::string> wanted) {
  ValueTest test;
  test.texts = std::move(wanted);
  test.as_text = true;
  return test;
}

ValueTest any() {
  ValueTest test;
  test.any = true;
  return test;
}

struct Asked {
  const char* attribute;
  ValueTest test;
};

std::vector<Asked> questions() {
  ValueTest truth;
  truth.accepts_true = true;
  ValueTest contains;
  contains.as_text = true;
  contains.text = [](std::string_view text) { return text.find("5") != text.npos; };
  ValueTest ends_in_7;
  ends_in_7.as_text = true;
  ends_in_7.text = [](std::string_view text) { return text.ends_with('7'); };
  constexpr TimeMs kDays100 = TimeMs{100} * 86'400'000;
  std::vector<Range<std::int64_t>> many;
  for (std::int64_t n = -4; n < 70; n += 3) many.push_back({n, n});
  return {{"age", whole({{20, 30}})},
          {"age", whole({{-5, -5}, {0, 0}, {74, 90}})},
          {"age", whole(many)},
          {"age", whole({{std::numeric_limits<std::int64_t>::min(), 10}})},
          {"age", whole({})},
          {"age", any()},
          {"spend", real(0, 50.125)},
          {"spend", real(-std::numeric_limits<double>::max(), -1)},
          {"joined", whole({{RandomWorld::kBegin - kDays100, RandomWorld::kBegin}})},
          {"joined", whole({{0, RandomWorld::kBegin - 5 * kDays100},
                            {RandomWorld::kBegin - kDays100, RandomWorld::kBegin}})},
          {"joined", contains},
          {"joined", any()},
          {"vip", truth},
          {"vip", any()},
          {"region", texts({"Busan"})},
          {"region", texts({"Busan", "Seoul"})},
          {"region", texts({"Atlantis"})},
          {"email", contains},
          {"email", texts({"m17@x", "m1@x", "m333@x", "m7@x"})},
          {"email", texts({"m17@x", "m1@x", "m333@x", "m4@x", "m7@x"})},
          {"phone", texts({"p17", "p333", "p7"})},
          {"phone", ends_in_7}};
}

TEST(ScanAttribute, AgreesWithTestingEachCustomerAlone) {
  for (const std::size_t customers : {1, 63, 64, 65, 8191, 8192, 8193, 20'000}) {
    RandomWorld world({.customers = customers, .events = 0, .batches = 1, .seed = customers});
    const auto snapshot = world.snapshot();
    for (const Asked& asked : questions()) {
      SCOPED_TRACE(::testing::Message() << asked.attribute << " of " << customers);
      const AttributeColumn* column = snapshot->customers().attribute(asked.attribute);
      if (column == nullptr) continue;  // Nobody of one customer may have it.
      const Stop stop;
      const auto found = scan_attribute(*column, customers, asked.test, stop);
      ASSERT_TRUE(found.ok());
      EXPECT_EQ(*found, scan_attribute_reference(*column, customers, asked.test));
    }
  }
}

TEST(ScanAttribute, SameBitsForAnyNumberOfThreads) {
  RandomWorld world({.customers = 50'000, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  for (const Asked& asked : questions()) {
    const AttributeColumn* column = snapshot->customers().attribute(asked.attribute);
    const auto with_threads = [&](std::size_t threads) {
      const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
      return scan_attribute(*column, 50'000, asked.test, Stop()).value();
    };
    EXPECT_EQ(with_threads(1), with_threads(2));
    EXPECT_EQ(with_threads(1), with_threads(8));
  }
}

TEST(ScanAttribute, StopsWhenNobodyWaits) {
  RandomWorld world({.customers = 100, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  Stop stop;
  stop.request();
  const auto found =
      scan_attribute(*snapshot->customers().attribute("age"), 100, whole({{0, 1}}), stop);
  EXPECT_EQ(found.status().code(), absl::StatusCode::kCancelled);
}

TEST(ScanIds, LooksListedIdsUpAndTestsOthersAlone) {
  RandomWorld world({.customers = 9000, .events = 0, .batches = 1});
  const auto snapshot = world.snapshot();
  const auto listed = scan_ids(snapshot->customers(), texts({"c1", "c8999", "nobody"}), Stop());
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->count(), 2U);
  ValueTest prefix;
  prefix.text = [](std::string_view text) { return text.starts_with("c89"); };
  const auto found = scan_ids(snapshot->customers(), prefix, Stop());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->count(), 111U);  // c89, c890 to c899, c8900 to c8999.
}

}  // namespace
}  // namespace grapevine
