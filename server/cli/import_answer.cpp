#include "server/cli/import_answer.hpp"

#include <simdjson.h>

namespace grapevine {
namespace {

constexpr std::size_t kShownBytesMax = 300;  // Of a body that is no problem: a proxy's page.

}  // namespace

absl::StatusOr<ImportAnswer> parse_import_answer(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ImportAnswer answer;
  const simdjson::padded_string padded(json);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS ||
      root["accepted"].get(answer.accepted) != simdjson::SUCCESS ||
      root["rejected"].get(answer.rejected) != simdjson::SUCCESS ||
      root["duplicates"].get(answer.duplicates) != simdjson::SUCCESS ||
      root["resume_at"].get(answer.resume_at) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("this is not the answer of an import");
  }
  simdjson::dom::array errors;
  if (root["errors"].get(errors) != simdjson::SUCCESS) return answer;
  for (const simdjson::dom::element element : errors) {
    ImportAnswer::Error error;
    std::string_view detail;
    if (element["line"].get(error.line) != simdjson::SUCCESS ||
        element["detail"].get(detail) != simdjson::SUCCESS) {
      continue;
    }
    error.detail = detail;
    answer.errors.push_back(std::move(error));
  }
  return answer;
}

std::string describe_problem(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::padded_string padded(json);
  std::string_view title;
  std::string_view detail;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS ||
      root["title"].get(title) != simdjson::SUCCESS) {
    return std::string(json.substr(0, kShownBytesMax));
  }
  std::string text(title);
  if (root["detail"].get(detail) == simdjson::SUCCESS) text.append(": ").append(detail);
  return text;
}

}  // namespace grapevine
