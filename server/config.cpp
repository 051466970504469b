#include "server/config.hpp"

#include <array>
#include <charconv>
#include <memory>

#include <absl/time/time.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

namespace grapevine {
namespace {

absl::Status invalid(const std::string& message) { return absl::InvalidArgumentError(message); }

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
}

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      address.sa_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
          : &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return text.data();
}

}  // namespace

absl::Status check_limits(const Limits& limits) {
  const std::pair<const char*, std::size_t> positive[] = {
      {"connections_max", limits.connections_max},
      {"header_bytes_max", limits.header_bytes_max},
      {"target_bytes_max", limits.target_bytes_max},
      {"piece_bytes", limits.piece_bytes},
      {"uploads_max", limits.uploads_max},
      {"streams_max", limits.streams_max},
      {"collect_threads", limits.collect_threads},
      {"query_threads", limits.query_threads},
      {"light_threads", limits.light_threads},
      {"follow_threads", limits.follow_threads},
      {"write_piece_bytes", limits.write_piece_bytes},
      {"io_threads", limits.io_threads},
  };
  for (const auto& [name, value] : positive) {
    if (value == 0) return invalid(std::string("must be at least 1: ") + name);
  }
  if (limits.header_bytes_max > 60 * kKiB) {
    return invalid("must be at most 60 KiB, since a field is at most 64 KiB: header_bytes_max");
  }
  if (limits.body_bytes_max > limits.bodies_bytes_max) {
    return invalid("must be at most bodies_bytes_max: body_bytes_max");
  }
  return absl::OkStatus();
}

absl::StatusOr<ListenAddress> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return invalid("must be HOST:PORT: " + std::string(text));
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  ListenAddress listen{.host = std::string(host)};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size()) {
    return invalid("must be a port from 0 to 65535: " + std::string(port));
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) {
    return invalid("an IPv6 address stands in brackets, as in [::1]:8080: " + std::string(text));
  }

  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(std::string(host).c_str(), nullptr, &hints, &found) != 0 || found == nullptr) {
    return invalid("no such host: " + std::string(host));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  listen.address = to_text(*found->ai_addr);
  listen.loopback = is_loopback(*found->ai_addr);
  return listen;
}

absl::Status check_exposure(const ListenAddress& address) {
  if (address.loopback) return absl::OkStatus();
  return absl::PermissionDeniedError(
      "without an API key configured the server listens on loopback only (127.0.0.1, [::1], "
      "localhost); put a proxy that authenticates in front of it. Refused: " +
      address.host);
}

absl::Status check_timezone(std::string_view name) {
  absl::TimeZone zone;
  if (!name.empty() && absl::LoadTimeZone({name.data(), name.size()}, &zone)) {
    return absl::OkStatus();
  }
  return invalid("no such time zone (IANA names, such as Asia/Seoul): " + std::string(name));
}

}  // namespace grapevine
