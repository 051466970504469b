#include "server/cli/query.hpp"

#include <cctype>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "server/cli/exception_filter.hpp"
#include "server/cli/http_client.hpp"
#include "server/cli/progress.hpp"

namespace grapevine {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kSendBytes = 256 * 1024;

std::string all_of(std::istream& input) {
  return {std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
}

// Whether rows may follow the text from stdin.
bool is_insert(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  constexpr std::string_view kWord = "insert";
  if (text.size() < kWord.size()) return false;
  for (std::size_t i = 0; i < kWord.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != kWord[i]) return false;
  }
  return true;
}

// As a parameter's text stands in the interface: like a field of a tab-separated file.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\t') {
      out += "\\t";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out;
}

std::string target_of(const QueryCommand& command, bool to_terminal) {
  std::string format = command.format;
  if (format.empty()) format = to_terminal ? "PrettyCompact" : "TabSeparated";
  std::string target = "/?default_format=" + percent_encode(format);
  if (!command.database.empty()) target += "&database=" + percent_encode(command.database);
  for (const std::string& parameter : command.parameters) {
    const std::size_t at = parameter.find('=');
    target += "&param_" + percent_encode(parameter.substr(0, at)) + "=" +
              percent_encode(escaped(parameter.substr(at + 1)));
  }
  return target;
}

Fields headers_of(const QueryCommand& command) {
  Fields headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                    {"User-Agent", "grapevine/" GRAPEVINE_VERSION}};
  if (!command.user.empty()) headers.emplace_back("X-ClickHouse-User", command.user);
  if (!command.password.empty()) headers.emplace_back("X-ClickHouse-Key", command.password);
  return headers;
}

// The number that a member of the summary, a JSON object of strings, has.
std::string summary_number(std::string_view summary, std::string_view name) {
  const std::string key = "\"" + std::string(name) + "\":\"";
  const std::size_t at = summary.find(key);
  if (at == std::string_view::npos) return "0";
  const std::size_t begin = at + key.size();
  return std::string(summary.substr(begin, summary.find('"', begin) - begin));
}

// Prints an answer while it comes.
class Printer final : public AnswerReader {
 public:
  void head(const ClientResponse& head) override {
    failed_ = head.status != 200;
    if (const auto* tag = find_field(head.headers, "x-clickhouse-exception-tag")) {
      filter_.emplace(failed_ ? "" : *tag);
    } else {
      filter_.emplace("");
      // It is no answer of a query's: a problem, or another server.
      failed_ = true;
    }
    if (const auto* summary = find_field(head.headers, "x-clickhouse-summary")) summary_ = *summary;
  }
  void piece(std::string_view bytes) override {
    bytes_ += bytes.size();
    const std::string rows = filter_->add(bytes);
    if (failed_) {
      error_ += rows;
      return;
    }
    print(rows);
    if (!to_terminal_ && stderr_is_terminal_ && progress_.due()) progress_.show(received());
  }

  // What the server says is wrong; empty: nothing is.
  std::string finish() {
    const std::string rest = filter_ ? filter_->finish() : std::string();
    if (failed_) {
      error_ += rest;
      return error_.empty() ? "the server gave no answer" : error_;
    }
    print(rest);
    std::fflush(stdout);
    if (filter_ && !filter_->message().empty()) return filter_->message();
    if (stderr_is_terminal_) {
      char seconds[32];
      std::snprintf(seconds, sizeof seconds, "%.3f s", elapsed_s());
      progress_.finish("(" + std::string(seconds) + "; " + summary_number(summary_, "read_rows") +
                       " rows read)");
    }
    return {};
  }

 private:
  static void print(std::string_view rows) { std::fwrite(rows.data(), 1, rows.size(), stdout); }
  double elapsed_s() const {
    return std::chrono::duration<double>(Clock::now() - started_).count();
  }
  std::string received() const {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f MB received, %.1f s", static_cast<double>(bytes_) / 1e6,
                  elapsed_s());
    return text;
  }

  const bool to_terminal_ = isatty(STDOUT_FILENO) == 1;
  const bool stderr_is_terminal_ = isatty(STDERR_FILENO) == 1;
  const Clock::time_point started_ = Clock::now();
  ProgressLine progress_;
  std::optional<ExceptionFilter> filter_;
  std::string summary_;
  std::string error_;
  std::size_t bytes_ = 0;
  bool failed_ = false;
};

absl::StatusOr<std::string> text_of(const QueryCommand& command) {
  if (!command.file.empty()) {
    std::ifstream file(command.file, std::ios::binary);
    if (!file) return absl::NotFoundError("cannot be read: " + command.file);
    return all_of(file);
  }
  if (!command.query.empty() && command.query != "-") return command.query;
  return all_of(std::cin);
}

// Sends the text and, where `rows` says so, what stdin holds.
absl::Status send(StreamingPost& post, std::string_view text, bool rows) {
  if (!text.empty()) {
    if (absl::Status sent = post.send(text); !sent.ok()) return sent;
  }
  if (!rows) return absl::OkStatus();
  if (absl::Status sent = post.send(std::string_view("\n")); !sent.ok()) return sent;
  std::string buffer(kSendBytes, '\0');
  while (!post.answers_early()) {
    std::cin.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const auto count = static_cast<std::size_t>(std::cin.gcount());
    if (count == 0) break;
    if (absl::Status sent = post.send(std::span(buffer).first(count)); !sent.ok()) return sent;
  }
  return absl::OkStatus();
}

int fail(std::string_view why) {
  std::cerr << "grapevine query: " << why << (why.ends_with('\n') ? "" : "\n");
  return 1;
}

int fail(const absl::Status& status) {
  return fail(std::string_view(status.message().data(), status.message().size()));
}

}  // namespace

int query(const QueryCommand& command) {
  const absl::StatusOr<ServerUrl> url = parse_server_url(command.server);
  if (!url.ok()) return fail(url.status());
  const absl::StatusOr<std::string> text = text_of(command);
  if (!text.ok()) return fail(text.status());
  const bool reads_query = command.file.empty() && (command.query.empty() || command.query == "-");
  const bool rows = !reads_query && is_insert(*text) && isatty(STDIN_FILENO) == 0;

  Printer printer;
  absl::StatusOr<std::unique_ptr<StreamingPost>> post = StreamingPost::open(
      *url, target_of(command, isatty(STDOUT_FILENO) == 1), headers_of(command));
  if (!post.ok()) return fail(post.status());
  const absl::Status sent = send(**post, *text, rows);
  const absl::Status answered = (*post)->finish(printer);
  if (!answered.ok()) return fail(sent.ok() ? answered : sent);
  const std::string wrong = printer.finish();
  return wrong.empty() ? 0 : fail(wrong);
}

}  // namespace grapevine
