#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "server/demo/journal.hpp"
#include "server/demo/texts.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// Writes happenings as lines in the format of /v1/track. What many lines share (names of events,
/// products and channels, the minute) is made once and copied, because most of the time of making a
/// world goes into writing it. Fastest in order of time. Not thread-safe; the world must outlive
/// it.
class EventLines {
 public:
  explicit EventLines(const World& world);

  void write(const Happening& happening, JsonWriter& json);

 private:
  void write_time(std::int64_t time_ms, JsonWriter& json);
  void write_shop_properties(const Happening& happening, JsonWriter& json);
  void write_social_properties(const Happening& happening, JsonWriter& json);
  void write_ticket_properties(const Happening& happening, JsonWriter& json);
  void write_order(const Happening& happening, JsonWriter& json);
  void write_product(std::uint16_t product, JsonWriter& json) const;
  void write_text(const Happening& happening, Speech speech, JsonWriter& json);
  void write_context(const Happening& happening, JsonWriter& json) const;

  const World& world_;
  std::array<std::string, kKinds> heads_;        // First members of a line, by kind.
  std::vector<std::string> products_;            // Members of a product, by index.
  std::array<std::string, kChannels> contexts_;  // The context of most lines, by channel.
  std::int64_t minute_ = -1;                     // Since 1970: what `time_` was made for.
  std::string time_;
  std::string text_;
};

}  // namespace grapevine::demo
