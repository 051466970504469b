#include <cmath>
#include <random>
#include <vector>

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

// Those of the places that an area keeps, asked all at once; it must say the same one by one.
template <typename Area>
std::vector<bool> kept(const Area& area, const Places& places) {
  const std::size_t words = (places.latitude.size() + 63) / 64;
  std::vector<double> latitudes(places.latitude), longitudes(places.longitude);
  latitudes.resize(words * 64, NAN);
  longitudes.resize(words * 64, NAN);
  std::vector<std::uint64_t> bits(words, ~std::uint64_t{0});
  area.keep(latitudes, longitudes, bits);
  std::vector<bool> in;
  for (std::size_t i = 0; i < places.latitude.size(); ++i) {
    in.push_back(((bits[i / 64] >> (i % 64)) & 1) != 0);
    EXPECT_EQ(in.back(), area.has(latitudes[i], longitudes[i]));
  }
  return in;
}

TEST(InCircle, AgreesWithAnglesBetweenVectors) {
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
      const std::vector<bool> found = kept(InCircle(circle), places);
      for (std::size_t i = 0; i < customers; ++i) {
        const double km = great_circle_km_reference(circle.latitude, circle.longitude,
                                                    places.latitude[i], places.longitude[i]);
        if (std::abs(km - circle.radius_km) < 1e-4) continue;  // Rounding may decide.
        ASSERT_EQ(found[i], km < circle.radius_km)
            << km << " km from " << circle.latitude << ", " << circle.longitude;
      }
    }
  }
}

// Where series stand in for sines: the edge must be that of the haversine formula itself.
TEST(InCircle, HasTheSameEdgeWhereItIsSmall) {
  std::mt19937_64 random(35);
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  for (int round = 0; round < 400; ++round) {
    const Circle circle{170 * uniform() - 85, 358 * uniform() - 179, std::exp(12 * uniform() - 6)};
    const InCircle in(circle);
    Places places;
    for (int i = 0; i < 500; ++i) {  // Most within some millionths of the edge.
      const double near = 1 + (i % 2 == 0 ? 1e-6 : 1.0) * (uniform() - 0.5);
      const double bearing = 2 * M_PI * uniform();
      const double degrees = near * circle.radius_km / 6371.0088 * 180 / M_PI;
      places.latitude.push_back(circle.latitude + degrees * std::cos(bearing));
      places.longitude.push_back(circle.longitude + degrees * std::sin(bearing) /
                                                        std::cos(circle.latitude * M_PI / 180));
    }
    const std::vector<bool> found = kept(in, places);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double km = great_circle_km(circle.latitude, circle.longitude, places.latitude[i],
                                        places.longitude[i]);
      if (std::abs(km / circle.radius_km - 1) < 1e-12) continue;  // Rounding may decide.
      ASSERT_EQ(found[i], km < circle.radius_km) << km << " of " << circle.radius_km;
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
  const std::vector<bool> found = kept(InBox(box), places);
  const std::vector<bool> south = kept(InBox({-60, -20, 0, 30}), places);
  for (std::size_t i = 0; i < 4097; ++i) {
    const double latitude = places.latitude[i], longitude = places.longitude[i];
    ASSERT_EQ(found[i], box.has(latitude, longitude));
    ASSERT_EQ(south[i], latitude >= -60 && latitude <= 0 && longitude >= -20 && longitude <= 30);
  }
}

TEST(CustomersNear, AreThoseWhosePlaceIsIn) {
  RandomWorld world({.customers = 20'000,
                     .events = 80'000,
                     .batches = 4,
                     .seed = 34,
                     .tick_ms = 43'200'000,
                     .erased = 500});
  const auto snapshot = world.snapshot();
  const TimeMs as_of = RandomWorld::kBegin + RandomWorld::kSpan / 2;
  const auto places = places_of(*snapshot, as_of, nullptr, Stop());
  ASSERT_TRUE(places.ok());
  const Circle circle{37.5, 127.0, 2000.0};
  const Box box{-30, 170, 60, -20};
  for (const std::size_t threads : {1, 2, 8}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    const auto near = customers_near(*snapshot, as_of, circle, nullptr, Stop());
    const auto inside = customers_in_box(*snapshot, as_of, box, nullptr, Stop());
    ASSERT_TRUE(near.ok() && inside.ok());
    EXPECT_GT(near->count() + inside->count(), 0U);
    for (std::uint32_t i = 0; i < snapshot->customers().count(); ++i) {
      const double latitude = places->latitude[i], longitude = places->longitude[i];
      ASSERT_EQ(near->has(CustomerId(i)), InCircle(circle).has(latitude, longitude));
      ASSERT_EQ(inside->has(CustomerId(i)), box.has(latitude, longitude));
    }
  }
}

}  // namespace
}  // namespace grapevine
