#include "server/cli/import.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>

#include "server/cli/byte_source.hpp"
#include "server/cli/http_client.hpp"
#include "server/cli/import_answer.hpp"
#include "server/cli/progress.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSendBytes = 256 * 1024;
constexpr int kAttemptsMax = 8;  // Without a byte of progress between them: about two minutes.
constexpr std::chrono::milliseconds kBackoffFirst{500};
constexpr std::chrono::milliseconds kBackoffMax{30'000};
constexpr std::size_t kErrorsShown = 10;

std::string random_import_id() {
  std::random_device device;
  char text[32];
  std::snprintf(text, sizeof text, "import-%08x%08x", device(), device());
  return text;
}

std::string thousands(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

bool worth_retrying(int status) { return status == 408 || status == 429 || status == 503; }

// One import, over as many connections as it takes.
class Import {
 public:
  Import(ImportCommand command, ServerUrl url)
      : command_(std::move(command)), url_(std::move(url)) {
    names_itself_ = command_.import_id.empty();
    if (names_itself_) command_.import_id = random_import_id();
  }

  int run() {
    std::uint64_t offset = 0;
    int attempts = 0;
    while (true) {
      const absl::StatusOr<ClientResponse> response = send_from(offset);
      if (response.ok() && response->status == 200) return report(*response);
      if (!may_retry(response)) return give_up(response);
      if (++attempts == kAttemptsMax || command_.file == "-") return give_up(response);
      progress_.finish(why(response) + "; trying again");
      wait(attempts, response);
      const std::optional<std::uint64_t> resume_at = ask_resume_at();
      if (resume_at && *resume_at > offset) attempts = 0;
      // A CSV is sent whole again, for its header, and so is what is not inflated here: the server
      // skips what it has.
      const bool sends_whole = command_.format == "csv" || sent_as_zstd_;
      if (!sends_whole) offset = resume_at.value_or(offset);
    }
  }

 private:
  std::string target(std::optional<std::uint64_t> offset) const {
    std::string text =
        "/v1/import?table=" + command_.table + "&import_id=" + percent_encode(command_.import_id);
    if (offset) text += "&offset=" + std::to_string(*offset);
    if (!command_.charset.empty()) text += "&charset=" + percent_encode(command_.charset);
    for (const std::string& map : command_.map) text += "&map=" + percent_encode(map);
    return text;
  }

  Fields headers(std::string_view coding) const {
    Fields fields = {
        {"Content-Type", command_.format == "csv" ? "text/csv" : "application/x-ndjson"},
        {"Accept", "application/json"},
        {"User-Agent", "grapevine/" GRAPEVINE_VERSION}};
    if (!coding.empty()) fields.emplace_back("Content-Encoding", coding);
    return fields;
  }

  // Sends the file from `offset` to its end. Errors  Unavailable: the connection. Others: the file.
  absl::StatusOr<ClientResponse> send_from(std::uint64_t offset) {
    absl::StatusOr<OpenedSource> source =
        open_source({command_.file, command_.format == "higgs", offset});
    if (!source.ok()) return source.status();
    sent_as_zstd_ = source->coding == "zstd";
    absl::StatusOr<std::unique_ptr<StreamingPost>> post = StreamingPost::open(
        url_, target(offset == 0 ? std::nullopt : std::optional(offset)), headers(source->coding));
    if (!post.ok()) return post.status();

    std::string buffer(kSendBytes, '\0');
    while (!(*post)->answers_early()) {
      const absl::StatusOr<std::size_t> count = source->bytes->read(buffer);
      if (!count.ok()) return count.status();
      if (*count == 0) break;
      const std::span<const char> piece(buffer.data(), *count);
      if (!(*post)->send(piece).ok()) break;  // The answer, if any, says why.
      count_sent(piece, *source);
    }
    return (*post)->finish();
  }

  void count_sent(std::span<const char> piece, const OpenedSource& source) {
    bytes_ += piece.size();
    if (source.coding.empty()) {
      rows_ += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
    }
    if (progress_.due()) progress_.show(sent(source.bytes->share()));
  }

  std::string sent(std::optional<double> share) const {
    const double seconds = std::max(elapsed_seconds(), 1e-3);
    char text[160];
    if (rows_ > 0) {
      std::snprintf(
          text, sizeof text, "%s rows sent, %s rows/s", thousands(rows_).c_str(),
          thousands(static_cast<std::uint64_t>(static_cast<double>(rows_) / seconds)).c_str());
    } else {
      const double megabytes = static_cast<double>(bytes_) / 1e6;
      std::snprintf(text, sizeof text, "%.1f MB sent, %.1f MB/s", megabytes, megabytes / seconds);
    }
    if (!share) return text;
    return std::string(text) + ", " + std::to_string(static_cast<int>(*share * 100)) + "%";
  }

  // What the server already has of this import; none where it cannot be asked.
  std::optional<std::uint64_t> ask_resume_at() const {
    absl::StatusOr<std::unique_ptr<StreamingPost>> post =
        StreamingPost::open(url_, target(std::nullopt), headers({}));
    if (!post.ok()) return std::nullopt;
    const absl::StatusOr<ClientResponse> response = (*post)->finish();
    if (!response.ok() || response->status != 200) return std::nullopt;
    const absl::StatusOr<ImportAnswer> answer = parse_import_answer(response->body);
    if (!answer.ok()) return std::nullopt;
    return answer->resume_at;
  }

  static bool may_retry(const absl::StatusOr<ClientResponse>& response) {
    return response.ok() ? worth_retrying(response->status)
                         : response.status().code() == absl::StatusCode::kUnavailable;
  }

  static std::string why(const absl::StatusOr<ClientResponse>& response) {
    if (!response.ok()) return std::string(response.status().message());
    return std::to_string(response->status) + " " + describe_problem(response->body);
  }

  static void wait(int attempts, const absl::StatusOr<ClientResponse>& response) {
    std::chrono::milliseconds pause = std::min(kBackoffFirst * (1 << (attempts - 1)), kBackoffMax);
    if (response.ok()) {
      if (const std::string* after = find_field(response->headers, "retry-after")) {
        pause = std::max(pause, std::chrono::milliseconds(1000 * std::atoi(after->c_str())));
      }
    }
    std::this_thread::sleep_for(std::min(pause, kBackoffMax));
  }

  int give_up(const absl::StatusOr<ClientResponse>& response) {
    progress_.finish("grapevine import: " + why(response));
    std::cerr << "To go on later: --import-id " << command_.import_id << '\n';
    return 1;
  }

  int report(const ClientResponse& response) {
    const absl::StatusOr<ImportAnswer> answer = parse_import_answer(response.body);
    if (!answer.ok()) {
      progress_.finish("grapevine import: " + std::string(answer.status().message()));
      return 1;
    }
    const double seconds = std::max(elapsed_seconds(), 1e-3);
    const std::uint64_t rows = answer->accepted + answer->rejected;
    char rate[64];
    std::snprintf(
        rate, sizeof rate, " in %.2f s (%s rows/s)", seconds,
        thousands(static_cast<std::uint64_t>(static_cast<double>(rows) / seconds)).c_str());
    const std::string duplicates =
        answer->duplicates == 0 ? "" : " (" + thousands(answer->duplicates) + " stored before)";
    progress_.finish(thousands(answer->accepted) + " rows accepted" + duplicates + ", " +
                     thousands(answer->rejected) + " rejected" + rate);
    if (names_itself_) std::cerr << "  import_id: " << command_.import_id << '\n';
    const std::size_t shown = std::min(answer->errors.size(), kErrorsShown);
    for (std::size_t i = 0; i < shown; ++i) {
      std::cerr << "  line " << answer->errors[i].line << ": " << answer->errors[i].detail << '\n';
    }
    return answer->accepted == 0 && answer->rejected > 0 ? 1 : 0;
  }

  double elapsed_seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }

  ImportCommand command_;
  ServerUrl url_;
  ProgressLine progress_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  bool sent_as_zstd_ = false;
  bool names_itself_ = false;  // The id was made up here.
};

}  // namespace

int import_file(const ImportCommand& command) {
  absl::StatusOr<ServerUrl> url = parse_server_url(command.server);
  if (!url.ok()) {
    std::cerr << "--server: " << url.status().message() << '\n';
    return 2;
  }
  return Import(command, *std::move(url)).run();
}

}  // namespace grapevine
