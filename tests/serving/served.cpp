#include "tests/serving/served.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace grapevine::tests {
namespace {

constexpr int kPatienceMs = 120'000;  // Sanitized builds are slow, machines are shared.

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

// Reads what is there; empty at the end. Throws after kPatienceMs of silence.
std::string read_some(int file) {
  pollfd waiting{file, POLLIN, 0};
  const int ready = poll(&waiting, 1, kPatienceMs);
  if (ready == 0) throw std::runtime_error("nothing came for two minutes");
  char buffer[65536];
  const ssize_t size = read(file, buffer, sizeof buffer);
  if (size < 0 && errno == ECONNRESET) return {};  // After an answer to half a request.
  if (size < 0) fail("read");
  return {buffer, static_cast<std::size_t>(size)};
}

// The port of the line "listening on http://HOST:PORT".
std::uint16_t read_port(int output) {
  constexpr std::string_view kLine = "listening on http://";
  std::string text;
  while (true) {
    const std::size_t line = text.find(kLine);
    const std::size_t end = line == std::string::npos ? line : text.find('\n', line);
    if (end != std::string::npos) {
      const std::string address = text.substr(line, end - line);
      return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
    }
    const std::string more = read_some(output);
    if (more.empty()) throw std::runtime_error("the server ended without listening: " + text);
    text += more;
  }
}

int connect_to(std::uint16_t port) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection < 0) fail("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(connection);
    fail("connect");
  }
  return connection;
}

// A server may answer before it has read everything (413); then what is left to send does not
// matter.
void send_all(int connection, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = send(connection, text.data(), text.size(), MSG_NOSIGNAL);
    if (size < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
    if (size < 0) fail("send");
    text.remove_prefix(static_cast<std::size_t>(size));
  }
}

std::string joined_chunks(std::string_view text) {
  std::string body;
  while (true) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
    const std::size_t begin = text.find("\r\n");
    if (error != std::errc() || begin == std::string_view::npos || begin + 2 + size > text.size()) {
      throw std::runtime_error("a chunked body breaks off");
    }
    if (size == 0) return body;
    body += text.substr(begin + 2, size);
    text.remove_prefix(begin + 2 + size + 2);
  }
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return lower;
}

Answer parse_answer(std::string_view text, bool has_body) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (!text.starts_with("HTTP/1.1 ") || head_end == std::string_view::npos) {
    throw std::runtime_error("no HTTP answer: " + std::string(text.substr(0, 200)));
  }
  Answer answer;
  answer.status = std::stoi(std::string(text.substr(9, 3)));
  std::string_view head = text.substr(0, head_end + 2);
  for (head.remove_prefix(head.find("\r\n") + 2); !head.empty();
       head.remove_prefix(head.find("\r\n") + 2)) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(':');
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    answer.headers.emplace_back(lower_case(line.substr(0, colon)),
                                value == std::string_view::npos ? "" : line.substr(value));
  }
  const std::string_view body = text.substr(head_end + 4);
  if (!has_body) return answer;
  const std::string_view length = answer.header("content-length");
  if (!length.empty() && std::to_string(body.size()) != length) {
    throw std::runtime_error("the body is not as long as Content-Length says");
  }
  answer.body =
      answer.header("transfer-encoding") == "chunked" ? joined_chunks(body) : std::string(body);
  return answer;
}

}  // namespace

std::string_view Answer::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

Served::Served(const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  std::vector<std::string> words{GRAPEVINE_BINARY, "serve", "--listen", "127.0.0.1:0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int error =
      posix_spawn(&process_, GRAPEVINE_BINARY, &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  output_ = ends[0];
  if (error != 0) throw std::system_error(error, std::generic_category(), GRAPEVINE_BINARY);
  port_ = read_port(output_);
}

Served::~Served() {
  if (process_ > 0) stop();
  close(output_);
}

int Served::stop() {
  kill(process_, SIGTERM);
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Answer Served::ask(std::string_view method, std::string_view path, const Headers& headers,
                   std::string_view body) const {
  std::string request = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\n";
  request += "Host: 127.0.0.1:" + std::to_string(port_) + "\r\nConnection: close\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT") {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  request += "\r\n";
  request += body;
  const int connection = connect_to(port_);
  std::string text;
  try {
    send_all(connection, request);
    for (std::string more = read_some(connection); !more.empty(); more = read_some(connection)) {
      text += more;
    }
  } catch (...) {
    close(connection);
    throw;
  }
  close(connection);
  return parse_answer(text, method != "HEAD" && !text.starts_with("HTTP/1.1 204"));
}

}  // namespace grapevine::tests
