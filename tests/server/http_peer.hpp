#pragma once

#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace grapevine {

/// An answer as it came over the wire.
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case; the last of each.
  std::string body;
};

/// A client on a raw socket, which can do all that a library keeps one from doing. Not thread-safe.
class HttpPeer {
 public:
  explicit HttpPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~HttpPeer() { close(); }
  HttpPeer(const HttpPeer&) = delete;
  HttpPeer& operator=(const HttpPeer&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  /// False once the server no longer takes it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// How many of `bytes` the kernel takes without waiting.
  std::size_t send_now(std::string_view bytes) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
  }

  /// The next answer; none where the connection ends before it.
  std::optional<Answer> read(bool head_only = false) {
    while (read_.find("\r\n\r\n") == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    const std::size_t end = read_.find("\r\n\r\n") + 4;
    Answer answer = parse_head(read_.substr(0, end));
    read_.erase(0, end);
    const auto length = answer.headers.find("content-length");
    const std::size_t bytes =
        head_only || length == answer.headers.end() ? 0 : std::stoul(length->second);
    while (read_.size() < bytes) {
      if (!read_more()) return std::nullopt;
    }
    answer.body = read_.substr(0, bytes);
    read_.erase(0, bytes);
    return answer;
  }

  /// The next chunk of a body that comes in chunks, empty at its end; none where it is cut off.
  std::optional<std::string> read_chunk() {
    while (read_.find("\r\n") == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    const std::size_t begin = read_.find("\r\n") + 2;
    const std::size_t bytes = std::stoul(read_, nullptr, 16);
    while (read_.size() < begin + bytes + 2) {
      if (!read_more()) return std::nullopt;
    }
    std::string chunk = read_.substr(begin, bytes);
    read_.erase(0, begin + bytes + 2);
    return chunk;
  }

  /// All that comes until the server closes.
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(read_, {});
  }

  std::optional<Answer> ask(std::string_view request, bool head_only = false) {
    send(request);
    return read(head_only);
  }

  /// Waits for the server to close; true when it does, with nothing more said.
  bool closed() { return read_.empty() && !read_more(); }

  void close_sending() { shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  bool read_more() {
    char buffer[65536];
    const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    read_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  static Answer parse_head(std::string_view head) {
    Answer answer;
    answer.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    std::size_t begin = head.find("\r\n") + 2;
    for (std::size_t end = 0; (end = head.find("\r\n", begin)) > begin; begin = end + 2) {
      const std::string_view line = head.substr(begin, end - begin);
      const std::size_t colon = line.find(": ");
      std::string name(line.substr(0, colon));
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers[name] = line.substr(colon + 2);
    }
    return answer;
  }

  int socket_;
  bool connected_ = false;
  std::string read_;
};

/// A request with what every one needs. `headers` end in line breaks.
inline std::string http(std::string_view line, std::string_view headers = {},
                        std::string_view body = {}) {
  std::string request(line);
  request.append(" HTTP/1.1\r\nHost: test\r\n").append(headers);
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return request.append("\r\n").append(body);
}

}  // namespace grapevine
