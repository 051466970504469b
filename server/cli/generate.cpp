#include "server/cli/generate.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>

#include "server/cli/progress.hpp"

namespace grapevine {
namespace {

// A file that is written front to back; the first failure is kept. Not thread-safe.
class Output {
 public:
  explicit Output(const std::string& name) : name_(name) {
    file_ = name == "-" ? stdout : std::fopen(name.c_str(), "wb");
    if (file_ == nullptr) error_ = errno;
  }
  ~Output() { (void)close(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view lines) {
    if (error_ != 0) return;
    if (std::fwrite(lines.data(), 1, lines.size(), file_) != lines.size()) error_ = errno;
  }

  absl::Status close() {
    if (file_ != nullptr) {
      const bool flushed = file_ == stdout ? std::fflush(file_) == 0 : std::fclose(file_) == 0;
      if (!flushed && error_ == 0) error_ = errno;
      file_ = nullptr;
    }
    if (error_ == 0) return absl::OkStatus();
    return absl::UnavailableError("cannot write " + name_ + ": " + std::strerror(error_));
  }

  [[nodiscard]] bool failed() const { return error_ != 0; }

 private:
  std::string name_;
  std::FILE* file_ = nullptr;
  int error_ = 0;
};

int fail(const absl::Status& status) {
  std::cerr << "grapevine generate: " << status.message() << '\n';
  return 1;
}

std::unique_ptr<Output> open_output(const std::string& name) {
  return name.empty() ? nullptr : std::make_unique<Output>(name);
}

LineSink sink_of(Output* output) {
  if (output == nullptr) return {};
  return [output](std::string_view lines) { output->write(lines); };
}

}  // namespace

int generate(const GenerateCommand& command, const WorldMaker& make_world) {
  const auto events = open_output(command.out);
  const auto customers = open_output(command.customers_out);
  const auto truth = open_output(command.truth_out);
  for (const auto* output : {&events, &customers, &truth}) {
    if (*output && (*output)->failed()) return fail((*output)->close());
  }

  ProgressLine progress;
  std::size_t rows = 0;
  const LineSink counted = [&](std::string_view lines) {
    rows += static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    events->write(lines);
    if (!progress.due()) return;
    const std::size_t percent = command.events == 0 ? 100 : 100 * rows / command.events;
    progress.show(std::to_string(rows) + " events (" + std::to_string(percent) + "%)");
  };
  const absl::Status made =
      make_world(command, counted, sink_of(customers.get()), sink_of(truth.get()));
  if (!made.ok()) return fail(made);
  for (const auto* output : {&events, &customers, &truth}) {
    if (!*output) continue;
    if (const absl::Status closed = (*output)->close(); !closed.ok()) return fail(closed);
  }
  progress.finish(std::to_string(rows) + " events written");
  return 0;
}

}  // namespace grapevine
