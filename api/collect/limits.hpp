#pragma once

#include <cstddef>
#include <cstdint>

#include "storage/ids.hpp"

namespace grapevine {

// What one collected event may be. Whatever passes a limit is rejected alone, by name; nothing but
// `text` is cut. README.md of this folder's parent says the same to callers.

inline constexpr std::size_t kBatchEventsMax = 100'000;        ///< Events of one request.
inline constexpr std::size_t kEventBytesMax = 512u << 10;      ///< Values of one event, as kept.
inline constexpr std::size_t kEventCellsMax = 500;             ///< Properties and context values.
inline constexpr std::size_t kOrderItemsMax = 1000;            ///< products[] of one order.
inline constexpr std::size_t kMentionsMax = 1000;              ///< People whom one post mentions.
inline constexpr std::size_t kEventNameBytesMax = 200;         ///< `event`.
inline constexpr std::size_t kCustomerIdBytesMax = 512;        ///< userId, anonymousId, target_id.
inline constexpr std::size_t kMessageIdBytesMax = 256;         ///< messageId.
inline constexpr std::size_t kColumnNameBytesMax = 200;        ///< "properties.NAME" as a whole.
inline constexpr std::size_t kDictionaryValueBytesMax = 1024;  ///< channel, product_id, ...
inline constexpr std::size_t kTextBytesMax = 4096;             ///< `text`: cut, not rejected.
inline constexpr std::size_t kFlattenDepthMax = 5;  ///< Names of a path; deeper is JSON text.
inline constexpr std::size_t kImportLineBytesMax = 1u << 20;  ///< A line or record of an import.

/// How far ahead of the server's clock an event's time may be, in milliseconds.
inline constexpr TimeMs kAheadMsMax = TimeMs{24} * 3600 * 1000;
/// Times outside [1900-01-01, 2200-01-01) are taken for mistakes.
inline constexpr TimeMs kTimeMin = -2'208'988'800'000;
inline constexpr TimeMs kTimeEnd = 7'258'118'400'000;

}  // namespace grapevine
