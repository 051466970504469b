#include "server/cli/byte_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

constexpr unsigned kGzipBufferBytes = 256 * 1024;
constexpr std::size_t kLinesBytes = 256 * 1024;  // Read at once, to be converted.

// A descriptor of the file, and its size where it is a plain one.
class File {
 public:
  explicit File(const std::string& name)
      : descriptor_(name == "-" ? dup(STDIN_FILENO) : open(name.c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about {};
    if (descriptor_ >= 0 && fstat(descriptor_, &about) == 0 && S_ISREG(about.st_mode)) {
      size_ = static_cast<double>(about.st_size);
    }
  }
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(File&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
  File& operator=(File&&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }
  [[nodiscard]] std::optional<double> share_at(double position) const {
    if (!size_ || *size_ <= 0.0) return std::nullopt;
    return std::min(1.0, position / *size_);
  }
  // By the first bytes, which a pipe does not show.
  [[nodiscard]] std::string_view coding() const {
    std::array<char, 4> magic{};
    if (!size_) return {};
    const ssize_t count = pread(descriptor_, magic.data(), magic.size(), 0);
    const std::string_view begin(magic.data(),
                                 static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (begin.starts_with("\x1f\x8b")) return "gzip";
    return begin == "\x28\xb5\x2f\xfd" ? "zstd" : "";
  }

 private:
  int descriptor_;
  std::optional<double> size_;
};

// The bytes of a file as they stand.
class PlainSource final : public ByteSource {
 public:
  explicit PlainSource(File file) : file_(std::move(file)) {}

  absl::StatusOr<std::size_t> read(std::span<char> buffer) override {
    ssize_t count = 0;
    do {
      count = ::read(file_.get(), buffer.data(), buffer.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return absl::DataLossError(std::string("cannot read: ") + std::strerror(errno));
    position_ += static_cast<double>(count);
    return static_cast<std::size_t>(count);
  }
  std::optional<double> share() const override { return file_.share_at(position_); }

 private:
  File file_;
  double position_ = 0.0;
};

// The bytes of a file, inflated where it is gzipped: zlib looks for itself.
class InflatedSource final : public ByteSource {
 public:
  explicit InflatedSource(File file) : file_(std::move(file)) {
    gzip_ = gzdopen(dup(file_.get()), "rb");
    gzbuffer(gzip_, kGzipBufferBytes);
  }
  ~InflatedSource() override { gzclose(gzip_); }
  InflatedSource(const InflatedSource&) = delete;
  InflatedSource& operator=(const InflatedSource&) = delete;

  absl::StatusOr<std::size_t> read(std::span<char> buffer) override {
    const int count = gzread(gzip_, buffer.data(), static_cast<unsigned>(buffer.size()));
    int error = Z_OK;
    const char* message = gzerror(gzip_, &error);
    // A file that is cut off gives what it has, and says so only here.
    if (count < 0 || (count == 0 && error != Z_OK && error != Z_STREAM_END)) {
      return absl::DataLossError(std::string("cannot read: ") + message);
    }
    return static_cast<std::size_t>(count);
  }
  std::optional<double> share() const override {
    return file_.share_at(static_cast<double>(gzoffset(gzip_)));
  }

 private:
  File file_;
  gzFile gzip_ = nullptr;
};

// Another source's lines, converted.
class HiggsSource final : public ByteSource {
 public:
  explicit HiggsSource(std::unique_ptr<ByteSource> lines) : lines_(std::move(lines)) {}

  absl::StatusOr<std::size_t> read(std::span<char> buffer) override {
    while (taken_ == converted_.size() && !ended_) {
      if (absl::Status status = convert_some(); !status.ok()) return status;
    }
    const std::size_t count = std::min(buffer.size(), converted_.size() - taken_);
    std::memcpy(buffer.data(), converted_.data() + taken_, count);
    taken_ += count;
    return count;
  }
  std::optional<double> share() const override { return lines_->share(); }

 private:
  absl::Status convert_some() {
    const std::size_t kept = rest_.size();
    rest_.resize(kept + kLinesBytes);
    const absl::StatusOr<std::size_t> count = lines_->read(std::span(rest_).subspan(kept));
    if (!count.ok()) return count.status();
    rest_.resize(kept + *count);
    ended_ = *count == 0;
    if (ended_ && !rest_.empty()) rest_ += '\n';  // The last line may lack its end.

    converted_.clear();
    taken_ = 0;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = rest_.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      ++line_;
      const absl::Status status =
          convert_higgs_line(std::string_view(rest_).substr(begin, end - begin), converted_);
      if (!status.ok()) {
        return absl::InvalidArgumentError("line " + std::to_string(line_) + ": " +
                                          std::string(status.message()));
      }
    }
    rest_.erase(0, begin);
    return absl::OkStatus();
  }

  std::unique_ptr<ByteSource> lines_;
  std::string rest_;  // Of the input: the start of a line whose end has not come.
  std::string converted_;
  std::size_t taken_ = 0;  // Of `converted_`.
  std::uint64_t line_ = 0;
  bool ended_ = false;
};

absl::Status skip(ByteSource& source, std::uint64_t offset) {
  std::string dropped(kLinesBytes, '\0');
  while (offset > 0) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(offset, dropped.size()));
    const absl::StatusOr<std::size_t> count = source.read(std::span(dropped).first(wanted));
    if (!count.ok()) return count.status();
    if (*count == 0) return absl::OutOfRangeError("the file ends before the place to resume at");
    offset -= *count;
  }
  return absl::OkStatus();
}

std::string_view next_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r"), line.size());
  line.remove_prefix(begin);
  const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

std::string_view event_of(std::string_view verb) {
  if (verb == "RT") return "Post Shared";
  if (verb == "MT") return "Customer Mentioned";
  if (verb == "RE") return "Post Replied";
  return {};
}

}  // namespace

absl::StatusOr<OpenedSource> open_source(const SourceOptions& options) {
  File file(options.file);
  if (file.get() < 0) {
    return absl::NotFoundError("cannot open " + options.file + ": " + std::strerror(errno));
  }
  OpenedSource opened;
  const bool as_it_stands = !options.higgs && options.offset == 0;
  if (as_it_stands) opened.coding = file.coding();
  if (!as_it_stands && file.coding() == "zstd") {
    return absl::InvalidArgumentError("a zstd file can only be sent as it stands: " + options.file);
  }
  if (!opened.coding.empty()) {
    opened.bytes = std::make_unique<PlainSource>(std::move(file));
  } else {
    opened.bytes = std::make_unique<InflatedSource>(std::move(file));
  }
  if (options.higgs) opened.bytes = std::make_unique<HiggsSource>(std::move(opened.bytes));
  if (absl::Status skipped = skip(*opened.bytes, options.offset); !skipped.ok()) return skipped;
  return opened;
}

absl::Status convert_higgs_line(std::string_view line, std::string& ndjson) {
  const std::string_view actor = next_word(line);
  const std::string_view target = next_word(line);
  const std::string_view time = next_word(line);
  const std::string_view event = event_of(next_word(line));
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), seconds);
  if (event.empty() || error != std::errc() || end != time.data() + time.size() ||
      !next_word(line).empty()) {
    return absl::InvalidArgumentError("must be `A B time RT|MT|RE`, time in seconds since 1970");
  }
  JsonWriter json(std::move(ndjson));
  json.begin_object();
  json.member("type", "track");
  json.member("event", event);
  json.member("userId", actor);
  json.time_member("timestamp", seconds * 1000);
  json.key("properties");
  json.begin_object();
  json.member("target_id", target);
  json.end_object();
  json.end_object();
  json.end_line();
  ndjson = std::move(json).take();
  return absl::OkStatus();
}

}  // namespace grapevine
