#pragma once

#include <string>

#include "api/encode/json_writer.hpp"
#include "server/demo/journal.hpp"
#include "server/demo/texts.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// Writes happenings as lines in the format of /v1/track. Keeps a text between lines, to allocate
/// it once. Not thread-safe; the world must outlive it.
class EventLines {
 public:
  explicit EventLines(const World& world) : world_(world) {}

  void write(const Happening& happening, JsonWriter& json);

 private:
  void write_shop_properties(const Happening& happening, JsonWriter& json);
  void write_social_properties(const Happening& happening, JsonWriter& json);
  void write_ticket_properties(const Happening& happening, JsonWriter& json);
  void write_order(const Happening& happening, JsonWriter& json);
  void write_product(std::uint16_t product, JsonWriter& json) const;
  void write_text(const Happening& happening, Speech speech, JsonWriter& json);
  void write_context(const Happening& happening, JsonWriter& json) const;

  const World& world_;
  std::string text_;
};

}  // namespace grapevine::demo
