#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace grapevine::testing {

/// Receives webhooks on a port of loopback, one connection each. Thread-safe.
class HookReceiver {
 public:
  struct Call {
    std::string head;
    std::string body;

    /// Empty: no such header.
    [[nodiscard]] std::string header(const std::string& name) const {
      const std::size_t at = head.find("\r\n" + name + ": ");
      if (at == std::string::npos) return "";
      const std::size_t begin = at + name.size() + 4;
      return head.substr(begin, head.find("\r\n", begin) - begin);
    }
  };
  /// What is answered to the call of that index: a status line, "" to close without an answer, or
  /// "never".
  using Answer = std::function<std::string(std::size_t)>;
  static constexpr char kOk[] = "200 OK";

  explicit HookReceiver(Answer answer = [](std::size_t) { return kOk; })
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 64);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~HookReceiver() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    for (const int socket : held_) ::close(socket);
  }
  HookReceiver(const HookReceiver&) = delete;
  HookReceiver& operator=(const HookReceiver&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook?a=b";
  }

  /// Waits until so many calls have come, and returns all.
  std::vector<Call> wait_for(std::size_t calls) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return calls_.size() >= calls; });
    return calls_;
  }
  std::vector<Call> calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  void serve() {
    while (true) {
      const int socket = ::accept(listener_, nullptr, nullptr);
      if (socket < 0) return;
      Call call = read_call(socket);
      std::size_t index = 0;
      {
        const std::lock_guard lock(mutex_);
        index = calls_.size();
      }
      const std::string answer = answer_(index);
      {
        const std::lock_guard lock(mutex_);
        calls_.push_back(std::move(call));
      }
      changed_.notify_all();
      if (answer == "never") {
        held_.push_back(socket);
        continue;
      }
      if (!answer.empty()) {
        const std::string text = "HTTP/1.1 " + answer + "\r\nContent-Length: 2\r\n\r\nok";
        [[maybe_unused]] const auto sent = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
      }
      ::close(socket);
    }
  }

  static Call read_call(int socket) {
    std::string bytes;
    std::size_t head_end = std::string::npos;
    std::size_t wanted = std::string::npos;
    char buffer[65536];
    while (bytes.size() < wanted) {
      const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      bytes.append(buffer, static_cast<std::size_t>(count));
      if (head_end == std::string::npos) {
        head_end = bytes.find("\r\n\r\n");
        if (head_end == std::string::npos) continue;
        const std::size_t at = bytes.find("Content-Length: ");
        wanted = head_end + 4 + std::stoul(bytes.substr(at + 16));
      }
    }
    if (head_end == std::string::npos) return {};
    return {bytes.substr(0, head_end + 2), bytes.substr(head_end + 4)};
  }

  const Answer answer_;
  int listener_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Call> calls_;
  std::vector<int> held_;  // Of the thread; the destructor's, once it has ended.
  std::thread thread_;
};

}  // namespace grapevine::testing
