#pragma once

#include <string>
#include <string_view>

#include "api/execute/change_page.hpp"
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

/// "t=SECONDS,v1=HEX": HMAC-SHA256 (RFC 2104) of "SECONDS.BODY" under the webhook's secret. The time
/// is signed too, so that a receiver can refuse what somebody else recorded and sends again.
std::string sign(std::string_view secret, std::int64_t unix_seconds, std::string_view body);

/// The headers of a delivery, beside those of every POST.
Fields delivery_headers(const Delivery& delivery, std::string_view secret,
                        std::int64_t unix_seconds);

}  // namespace grapevine
