#pragma once

#include <random>
#include <string>
#include <vector>

namespace grapevine::testing {

/// Definitions of every kind over the random world of live_segments_test.cpp.
class RandomDefinition {
 public:
  explicit RandomDefinition(std::mt19937& random) : random_(random) {}

  /// `segments`: those that may be nested.
  std::string make(const std::vector<std::string>& segments, int depth = 2);

 private:
  std::string pick(const std::vector<std::string>& of) { return of[random_() % of.size()]; }
  std::string number(unsigned below) { return std::to_string(random_() % below); }
  bool once_in(unsigned times) { return random_() % times == 0; }

  std::string window();
  std::string event();
  std::string where();
  std::string where_row();
  std::string measured();
  std::string event_condition();
  std::string sequence();
  std::string attribute();
  std::string computed();
  std::string leaf(const std::vector<std::string>& segments);

  std::mt19937& random_;
};

}  // namespace grapevine::testing
