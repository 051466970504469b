#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/execute/change_page.hpp"
#include "api/live/alert_events.hpp"
#include "api/message.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Changes as they are sent to a webhook.
struct Delivery {
  std::string id;  ///< The same when the same changes are sent again.
  std::string body;
};

/// `from` is where the page began. `restart`: see DeliveryDocument.
Delivery make_delivery(const ChangeReader& reader, const ChangeCursor& from, const ChangePage& page,
                       bool restart);

/// The steps behind `from`, of which there is one at least.
Delivery make_alert_delivery(std::uint64_t from, const std::vector<AlertStep>& steps);

/// "t=SECONDS,v1=HEX": HMAC-SHA256 (RFC 2104) of "SECONDS.BODY" under the webhook's secret. The time
/// is signed too, so that a receiver can refuse what somebody else recorded and sends again.
std::string sign(std::string_view secret, std::int64_t unix_seconds, std::string_view body);

/// The headers of a delivery, beside those of every POST.
Fields delivery_headers(const Delivery& delivery, std::string_view secret,
                        std::int64_t unix_seconds);

}  // namespace grapevine
