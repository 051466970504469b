#include "api/clickhouse/multipart.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPartsMax = 1000;

absl::Status malformed(std::string_view what) {
  return sql::query_error(sql::QueryErrorCode::BadArguments,
                          "The multipart/form-data body " + std::string(what));
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lowered;
}

// The value of `name=...` behind a semicolon, without quotes; nullopt: it is not there.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
  const std::string lowered = lower(header);
  for (std::size_t at = lowered.find(';'); at != std::string::npos;
       at = lowered.find(';', at + 1)) {
    std::size_t begin = std::min(lowered.find_first_not_of(" \t", at + 1), lowered.size());
    if (lowered.compare(begin, name.size(), name) != 0) continue;
    begin += name.size();
    if (begin >= header.size() || header[begin] != '=') continue;
    ++begin;
    if (begin < header.size() && header[begin] == '"') {
      const std::size_t end = header.find('"', begin + 1);
      if (end == std::string_view::npos) return std::nullopt;
      return std::string(header.substr(begin + 1, end - begin - 1));
    }
    const std::size_t end = std::min(header.find_first_of("; \t", begin), header.size());
    return std::string(header.substr(begin, end - begin));
  }
  return std::nullopt;
}

// The headers of a part, one line each; its Content-Disposition.
std::string_view disposition_of(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    if (lower(line.substr(0, 20)) == "content-disposition:") return line;
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return {};
}

}  // namespace

bool is_multipart(std::string_view content_type) {
  return lower(content_type.substr(0, 19)) == "multipart/form-data";
}

absl::StatusOr<Fields> read_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty()) return malformed("has no boundary");
  const std::string delimiter = "--" + *boundary;
  Fields fields;
  std::size_t at = body.find(delimiter);
  while (at != std::string_view::npos) {
    at += delimiter.size();
    if (body.substr(at, 2) == "--") return fields;
    const std::size_t head_end = body.find("\r\n\r\n", at);
    const std::size_t end = body.find("\r\n" + delimiter, at);
    if (head_end == std::string_view::npos || end == std::string_view::npos ||
        head_end + 4 > end + 2) {
      break;
    }
    const std::string_view disposition = disposition_of(body.substr(at + 2, head_end - at - 2));
    const auto name = parameter(disposition, "name");
    if (!name) return malformed("has a part without a name");
    if (parameter(disposition, "filename")) {
      return sql::query_error(
          sql::QueryErrorCode::NotImplemented,
          "Data for temporary tables is not supported: " + name->substr(0, 100));
    }
    if (fields.size() >= kPartsMax) return malformed("has too many parts");
    const std::size_t begin = std::min(head_end + 4, end);
    fields.emplace_back(*name, body.substr(begin, end - begin));
    at = end + 2;
  }
  return malformed("is cut off");
}

}  // namespace grapevine
