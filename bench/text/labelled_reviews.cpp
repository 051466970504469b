#include "bench/text/labelled_reviews.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string_view>

namespace grapevine::bench {
namespace {

bool is_held_out(std::string_view id) {
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a.
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return (hash >> 32) % 10 == 0;
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

}  // namespace

std::vector<LabelledReview> read_labelled_reviews(const std::string& path) {
  std::vector<LabelledReview> reviews;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::size_t first = line.find('\t');
    const std::size_t last = line.rfind('\t');
    if (first == std::string::npos || first == last || last + 1 == line.size()) continue;
    reviews.push_back({line.substr(first + 1, last - first - 1), line[last + 1] == '1',
                       is_held_out(std::string_view(line).substr(0, first))});
  }
  return reviews;
}

std::vector<LabelledReview> read_service_phrases(const std::string& path) {
  std::vector<LabelledReview> posts;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto columns = parts_of(line, '\t');
    if (columns.size() != 3) continue;
    for (const std::string& thing : parts_of(columns[0], '|')) {
      for (const std::string& complaint : parts_of(columns[1], '|')) {
        posts.push_back({thing + ' ' + complaint, false, false});
      }
      for (const std::string& praise : parts_of(columns[2], '|')) {
        posts.push_back({thing + ' ' + praise, true, false});
      }
    }
  }
  return posts;
}

}  // namespace grapevine::bench
