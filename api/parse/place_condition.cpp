#include "api/parse/place_condition.hpp"

namespace grapevine {
namespace {

// A member that must be there.
std::optional<double> degrees(ObjectReader& reader, std::string_view name, double most) {
  if (!reader.has(name)) reader.wrong(name, "is missing: wants degrees");
  return reader.take_number(name, -most, most);
}

}  // namespace

std::optional<NearCondition> read_near(ObjectReader& reader) {
  const JsonObject* members = reader.take_object("near");
  if (members == nullptr) return std::nullopt;
  ObjectReader near(*members, reader.pointer_to("near"), reader.mistakes());
  const auto latitude = degrees(near, "latitude", 90.0);
  const auto longitude = degrees(near, "longitude", 180.0);
  if (!near.has("radius_km")) near.wrong("radius_km", "is missing: wants kilometres");
  const auto radius_km = near.take_number("radius_km", 0.0, kRadiusMaxKm);
  near.refuse_others();
  if (!latitude || !longitude || !radius_km) return std::nullopt;
  return NearCondition{*latitude, *longitude, *radius_km};
}

std::optional<BoxCondition> read_box(ObjectReader& reader) {
  const JsonObject* members = reader.take_object("in_box");
  if (members == nullptr) return std::nullopt;
  ObjectReader box(*members, reader.pointer_to("in_box"), reader.mistakes());
  const auto south = degrees(box, "south", 90.0);
  const auto west = degrees(box, "west", 180.0);
  const auto north = degrees(box, "north", 90.0);
  const auto east = degrees(box, "east", 180.0);
  box.refuse_others();
  if (!south || !west || !north || !east) return std::nullopt;
  if (*south > *north) {
    box.wrong("south", "is north of north");
    return std::nullopt;
  }
  return BoxCondition{*south, *west, *north, *east};
}

}  // namespace grapevine
