#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

namespace grapevine {

/// Where a webhook is sent.
struct WebhookUrl {
  bool tls = false;       ///< https.
  std::string host;       ///< A name or a numeric address, without brackets.
  std::string port;       ///< In digits.
  std::string target;     ///< Path and query, as they are sent.
  std::string authority;  ///< For the Host header.
};

inline constexpr std::size_t kWebhookUrlBytesMax = 2048;

/// Errors  InvalidArgument: no http or https URL with a host, or one with a user or a fragment.
absl::StatusOr<WebhookUrl> parse_webhook_url(std::string_view text);

/// What a numeric address leads to.
enum class AddressReach : std::uint8_t {
  Public,
  Loopback,  ///< This machine.
  Private,   ///< A network of ours, the link, or nowhere that anybody could be.
};

/// Of an IPv4 or IPv6 address; IPv4 inside of IPv6 counts as what it is. What is no address is
/// Private. Source  the IANA registries of special-purpose addresses (RFC 6890).
AddressReach reach_of(std::string_view address);
bool is_address(std::string_view host);

/// What webhooks may be sent to beside public addresses.
struct WebhookReach {
  bool loopback = false;
  bool private_networks = false;

  [[nodiscard]] bool allows(AddressReach reach) const {
    switch (reach) {
      case AddressReach::Public: return true;
      case AddressReach::Loopback: return loopback || private_networks;
      case AddressReach::Private: return private_networks;
    }
    return false;
  }
};

}  // namespace grapevine
