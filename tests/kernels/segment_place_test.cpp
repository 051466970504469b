#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/segment/place.hpp"
#include "kernels/segment/place_reference.hpp"
#include "tests/kernels/random_world.hpp"

namespace grapevine {
namespace {

using testing::RandomWorld;

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Places all over the earth, the poles and the antimeridian among them, and some unknown ones.
Places random_places(std::size_t customers, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto draw = [&](double most) {
    if (random() % 10 == 0) return random() % 2 == 0 ? most : -most;
    return static_cast<double>(static_cast<std::int64_t>(random())) * 0x1p-63 * most;
  };
  Places places;
  for (std::size_t i = 0; i < customers; ++i) {
    const bool known = random() % 8 != 0;
    places.latitude.push_back(known ? draw(90.0) : NAN);
    places.longitude.push_back(known ? draw(180.0) : NAN);
  }
  return places;
}

TEST(PlacesOf, AgreesWithLookingAtEachRow) {
  for (const std::size_t customers : {1, 63, 64, 65, 4095, 4096, 4097}) {
    RandomWorld world({.customers = customers,
                       .events = 8 * customers,
                       .batches = 4,
                       .seed = 31,
                       .tick_ms = 43'200'000,
                       .erased = customers / 20});
    const auto snapshot = world.snapshot();
    for (const TimeMs as_of :
         {TimeMs{0}, RandomWorld::kBegin + RandomWorld::kSpan / 2, TimeMs{4'000'000'000'000}}) {
      const auto places = places_of(*snapshot, as_of, nullptr, Stop());
      ASSERT_TRUE(places.ok());
      const Places expected = places_of_reference(*snapshot, as_of);
      for (std::size_t i = 0; i < snapshot->customers().count(); ++i) {
        ASSERT_TRUE(same(places->latitude[i], expected.latitude[i])) << i << " of " << customers;
        ASSERT_TRUE(same(places->longitude[i], expected.longitude[i])) << i << " of " << customers;
      }
    }
  }
}

TEST(CustomersNear, AgreesWithAnglesBetweenVectors) {
  std::mt19937_64 random(32);
  for (const std::size_t customers : {0, 1, 63, 64, 65, 4095, 4096, 4097}) {
    const Places places = random_places(customers, customers);
    for (int round = 0; round < 60; ++round) {
      const Places centre = random_places(8, random());
      Circle circle{37.5, 127.0, std::exp(static_cast<double>(random() % 1000) / 100)};
      for (std::size_t i = 0; i < 8; ++i) {
        if (std::isnan(centre.latitude[i])) continue;
        circle.latitude = centre.latitude[i];
        circle.longitude = centre.longitude[i];
      }
      const auto found = customers_near(places, circle, Stop());
      ASSERT_TRUE(found.ok());
      for (std::uint32_t i = 0; i < customers; ++i) {
        const double km = great_circle_km_reference(circle.latitude, circle.longitude,
                                                    places.latitude[i], places.longitude[i]);
        if (std::abs(km - circle.radius_km) < 1e-4) continue;  // Rounding may decide.
        ASSERT_EQ(found->has(CustomerId(i)), km < circle.radius_km)
            << km << " km from " << circle.latitude << ", " << circle.longitude;
      }
    }
  }
}

TEST(GreatCircle, KnowsSomeDistances) {
  // A quarter of a meridian, and the way round from both sides of the antimeridian.
  EXPECT_NEAR(great_circle_km(0, 0, 90, 0), 6371.0088 * M_PI / 2, 1e-6);
  EXPECT_NEAR(great_circle_km(0, 179.5, 0, -179.5), 6371.0088 * M_PI / 180, 1e-6);
  EXPECT_NEAR(great_circle_km(0, 0, 0, 180), 6371.0088 * M_PI, 1e-6);
  EXPECT_EQ(great_circle_km(37.57, 126.98, 37.57, 126.98), 0.0);
}

TEST(CustomersInBox, HasItsEdgesAndCrossesTheAntimeridian) {
  const Box box{10, 170, 20, -170};
  EXPECT_TRUE(box.has(10, 170));
  EXPECT_TRUE(box.has(20, -170));
  EXPECT_TRUE(box.has(15, 180));
  EXPECT_TRUE(box.has(15, -180));
  EXPECT_FALSE(box.has(15, 0));
  EXPECT_FALSE(box.has(9.999, 180));
  const Box west{-90, -180, 90, -170};  // 180 degrees west are 180 degrees east.
  EXPECT_TRUE(west.has(0, 180));
  EXPECT_FALSE(west.has(0, 179.999));
  EXPECT_FALSE(west.has(NAN, NAN));
  const Places places = random_places(4097, 33);
  const auto found = customers_in_box(places, box, Stop());
  ASSERT_TRUE(found.ok());
  for (std::uint32_t i = 0; i < 4097; ++i) {
    ASSERT_EQ(found->has(CustomerId(i)), box.has(places.latitude[i], places.longitude[i]));
  }
}

TEST(CustomersNear, SameBitsForAnyNumberOfThreads) {
  const Places places = random_places(20'000, 34);
  const auto found = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return *customers_near(places, {37.5, 127.0, 2000.0}, Stop());
  };
  EXPECT_EQ(found(2), found(1));
  EXPECT_EQ(found(8), found(1));
}

}  // namespace
}  // namespace grapevine
