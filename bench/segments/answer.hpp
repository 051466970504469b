#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

#include <absl/status/statusor.h>

#include "api/encode/json_writer.hpp"

namespace grapevine::bench {

/// Rows of an answer, as a JSON array of arrays.
class AnswerRows {
 public:
  AnswerRows() { json_.begin_array(); }

  template <typename... Values>
  void add(const Values&... values) {
    json_.begin_array();
    (json_.value(values), ...);
    json_.end_array();
  }
  std::string take() && {
    json_.end_array();
    return std::move(json_).take();
  }

 private:
  JsonWriter json_;
};

/// What a kernel answered; a kernel that fails ends the program.
template <typename Value>
Value answered(absl::StatusOr<Value> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "segments_suite: %s\n", value.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(value);
}

}  // namespace grapevine::bench
