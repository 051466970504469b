#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// One labelled series of the Numenta Anomaly Benchmark: counts of tweets by five minutes.
struct NabSeries {
  std::string name;
  std::vector<TimeMs> times;
  std::vector<std::uint64_t> counts;
  std::vector<std::pair<TimeMs, TimeMs>> windows;  ///< In which something happened, both ends in.
};

/// "2015-03-03 04:37:53", in UTC.
inline TimeMs nab_time(const std::string& text) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return static_cast<std::int64_t>(std::stol(text.substr(at, size)));
  };
  std::int64_t year = number(0, 4);
  const std::int64_t month = number(5, 2), day = number(8, 2);
  if (month <= 2) --year;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t days = year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719468;
  return ((days * 24 + number(11, 2)) * 60 + number(14, 2)) * 60'000 + number(17, 2) * 1000;
}

/// Empty where they are not beside the repository.
inline std::vector<NabSeries> read_nab_series() {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(GRAPEVINE_SOURCE_DIR).parent_path() / "shared/data/nab-tweets";
  std::vector<NabSeries> all;
  std::error_code error;
  if (!fs::exists(folder, error)) return all;
  std::ifstream file(folder / "windows.json");
  const std::string labels{std::istreambuf_iterator<char>(file), {}};
  const std::regex a_window(R"re("(20[^"]*)",\s*"(20[^"]*)")re");
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    NabSeries series;
    series.name = entry.path().stem().string();
    std::ifstream lines(entry.path());
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      series.times.push_back(nab_time(line));
      series.counts.push_back(std::stoul(line.substr(line.find(',') + 1)));
    }
    const std::size_t begin = labels.find(series.name + ".csv");
    const std::size_t end =
        std::min(labels.find(".csv", begin + series.name.size() + 4), labels.size());
    const std::string mine = labels.substr(begin, end - begin);
    for (std::sregex_iterator at(mine.begin(), mine.end(), a_window), none; at != none; ++at) {
      series.windows.emplace_back(nab_time((*at)[1]), nab_time((*at)[2]));
    }
    all.push_back(std::move(series));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

/// A score by NAB's standard profile (Lavin & Ahmad, ICMLA 2015), of one series or of several.
struct NabScore {
  double score = 0.0;
  int windows = 0, found = 0, elsewhere = 0;

  /// 0: nobody said anything. 100: each window was found at its begin, and nothing else.
  [[nodiscard]] double normalised() const {
    return 100.0 * (score + windows) / (windows * (1.0 + timeliness(-1.0)));
  }
  /// What a detection is worth, `y` window lengths after the window's end.
  static double timeliness(double y) { return 2.0 / (1.0 + std::exp(5.0 * y)) - 1.0; }

  NabScore& operator+=(const NabScore& other) {
    score += other.score;
    windows += other.windows;
    found += other.found;
    elsewhere += other.elsewhere;
    return *this;
  }
};

/// Scores detections, given as rising times. The first `probation` points are not scored: windows
/// that begin in them do not count.
inline NabScore nab_score(const NabSeries& series, const std::vector<TimeMs>& detections,
                          std::size_t probation) {
  constexpr double kFalsePositive = 0.11;
  const TimeMs begin = series.times[probation];
  NabScore result;
  std::vector<TimeMs> rest;
  for (const TimeMs at : detections) {
    if (at >= begin) rest.push_back(at);
  }
  const auto position = [](const std::pair<TimeMs, TimeMs>& window, TimeMs at) {
    return static_cast<double>(at - window.second) /
           static_cast<double>(window.second - window.first);
  };
  for (const auto& window : series.windows) {
    const auto is_in = [&](TimeMs at) { return at >= window.first && at <= window.second; };
    const auto first = std::find_if(rest.begin(), rest.end(), is_in);
    if (window.first >= begin) {
      ++result.windows;
      result.found += static_cast<int>(first != rest.end());
      result.score += first == rest.end() ? -1.0 : NabScore::timeliness(position(window, *first));
    }
    rest.erase(std::remove_if(rest.begin(), rest.end(), is_in), rest.end());
  }
  for (const TimeMs at : rest) {
    double worth = -1.0;
    for (const auto& window : series.windows) {
      if (window.second < at) worth = NabScore::timeliness(position(window, at));
    }
    result.score += kFalsePositive * worth;
    ++result.elsewhere;
  }
  return result;
}

}  // namespace grapevine
