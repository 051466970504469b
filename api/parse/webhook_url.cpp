#include "api/parse/webhook_url.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <arpa/inet.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace grapevine {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint8_t, 16>;

// The first `bits` bits are those of `bytes`.
struct Block {
  std::array<std::uint8_t, 12> bytes;
  std::size_t bits;
};

constexpr Block kPrivateV4[] = {
    {{0}, 8},             // This network.
    {{10}, 8},            // Private use.
    {{100, 64}, 10},      // Shared by providers.
    {{169, 254}, 16},     // The link; clouds say who one is there.
    {{172, 16}, 12},      // Private use.
    {{192, 0, 0}, 24},    // Protocols.
    {{192, 0, 2}, 24},    // Documentation.
    {{192, 88, 99}, 24},  // Relays of 6to4.
    {{192, 168}, 16},     // Private use.
    {{198, 18}, 15},      // Benchmarks.
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},  // Documentation.
    {{224}, 4},           // Multicast.
    {{240}, 4},           // Reserved; broadcast.
};

// Of IPv6 only 2000::/3 is given out; of that:
constexpr Block kPrivateV6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // Protocols; Teredo, which hides an IPv4 address.
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // Documentation.
    {{0x3f, 0xff, 0x00}, 20},        // Documentation.
};
constexpr Block kGlobalV6{{0x20}, 3};

// Of these the IPv4 address in them decides; it stands at `at`.
struct Carrier {
  Block block;
  std::size_t at;
};
constexpr Carrier kCarriers[] = {
    {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96}, 12},  // IPv4-mapped.
    {{{0x00, 0x64, 0xff, 0x9b}, 96}, 12},                    // NAT64.
    {{{0x20, 0x02}, 16}, 2},                                 // 6to4.
};

bool is_in(std::span<const std::uint8_t> address, const Block& block) {
  for (std::size_t bit = 0; bit < block.bits; bit += 8) {
    const std::size_t kept = std::min<std::size_t>(8, block.bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - kept));
    if (((address[bit / 8] ^ block.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

AddressReach reach_of_v4(std::span<const std::uint8_t> address) {
  if (address[0] == 127) return AddressReach::Loopback;
  const bool is_private = std::any_of(std::begin(kPrivateV4), std::end(kPrivateV4),
                                      [&](const Block& block) { return is_in(address, block); });
  return is_private ? AddressReach::Private : AddressReach::Public;
}

AddressReach reach_of_v6(const V6& address) {
  if (address == V6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) return AddressReach::Loopback;
  for (const Carrier& carrier : kCarriers) {
    if (is_in(address, carrier.block)) {
      return reach_of_v4(std::span(address).subspan(carrier.at, 4));
    }
  }
  const bool is_private = std::any_of(std::begin(kPrivateV6), std::end(kPrivateV6),
                                      [&](const Block& block) { return is_in(address, block); });
  return is_in(address, kGlobalV6) && !is_private ? AddressReach::Public : AddressReach::Private;
}

absl::Status invalid(std::string_view message) {
  return absl::InvalidArgumentError({message.data(), message.size()});
}

}  // namespace

absl::StatusOr<WebhookUrl> parse_webhook_url(std::string_view text) {
  if (text.size() > kWebhookUrlBytesMax) return invalid("longer than 2048 bytes");
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (parsed.has_error()) return invalid("wants a URL like https://example.com/hook");
  const boost::urls::url_view& url = *parsed;
  WebhookUrl webhook;
  webhook.tls = url.scheme_id() == boost::urls::scheme::https;
  if (!webhook.tls && url.scheme_id() != boost::urls::scheme::http) {
    return invalid("wants http or https");
  }
  if (url.has_userinfo()) return invalid("must not name a user: the signature says who sends");
  if (url.has_fragment()) return invalid("must not have a fragment");
  webhook.host = url.host_address();
  if (webhook.host.empty() || webhook.host.size() > 253 ||
      webhook.host.find_first_of(std::string_view("\0 \r\n", 4)) != std::string::npos) {
    return invalid("wants a host");
  }
  webhook.port = webhook.tls ? "443" : "80";
  if (!url.port().empty()) {
    if (url.port_number() == 0) return invalid("wants a port from 1 to 65535");
    webhook.port = std::to_string(url.port_number());
  }
  webhook.authority = url.encoded_host_and_port();
  webhook.target = url.encoded_target();
  if (!webhook.target.starts_with('/')) webhook.target.insert(0, "/");
  return webhook;
}

AddressReach reach_of(std::string_view address) {
  const std::string text(address);
  V4 v4{};
  if (inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return reach_of_v4(v4);
  V6 v6{};
  if (inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return reach_of_v6(v6);
  return AddressReach::Private;
}

bool is_address(std::string_view host) {
  const std::string text(host);
  V6 bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace grapevine
