#include "server/cli/exception_filter.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {

ExceptionFilter::ExceptionFilter(std::string_view tag) {
  if (!tag.empty()) marker_ = "\r\n__exception__\r\n" + std::string(tag) + "\r\n";
}

std::string ExceptionFilter::add(std::string_view bytes) {
  held_.append(bytes);
  if (marker_.empty()) return std::exchange(held_, {});
  std::size_t known = held_.find(marker_);
  if (known == std::string::npos) {
    // The marker may have begun: as much of the end as is like its beginning is held back.
    known = held_.size() - std::min(held_.size(), marker_.size() - 1);
    while (!std::string_view(marker_).starts_with(std::string_view(held_).substr(known))) ++known;
  }
  std::string rows = held_.substr(0, known);
  held_.erase(0, known);
  return rows;
}

std::string ExceptionFilter::finish() {
  if (marker_.empty() || !held_.starts_with(marker_)) return std::exchange(held_, {});
  // MESSAGE LENGTH SPACE TAG: the message ends with a line break, and its length stands behind it.
  message_ = held_.substr(marker_.size());
  message_.resize(std::min(message_.rfind("\r\n__exception__"), message_.size()));
  message_.resize(std::min(message_.rfind('\n'), message_.size()));
  held_.clear();
  return {};
}

}  // namespace grapevine
