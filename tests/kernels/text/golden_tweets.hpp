#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace grapevine {

/// A tweet, how people rated it (-4 to 4, the mean) and what the authors' program scored.
struct GoldenTweet {
  std::string text;
  double rating = 0.0;
  double score = 0.0;
};

/// Real tweets that stand beside the repository, where they do; else none.
inline std::vector<GoldenTweet> read_golden_tweets() {
  std::ifstream file(GRAPEVINE_SOURCE_DIR "/../shared/data/vader/golden_tweets.tsv");
  std::vector<GoldenTweet> tweets;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> columns;
    std::size_t begin = 0;
    for (int i = 0; i < 6; ++i) {
      const std::size_t end = line.find('\t', begin);
      columns.push_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    tweets.push_back({line.substr(begin), std::stod(columns[1]), std::stod(columns[5])});
  }
  return tweets;
}

}  // namespace grapevine
