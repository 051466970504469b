#pragma once

#include <cmath>
#include <cstdint>

namespace grapevine {

/// How many posts of a selection and of the rest have something.
struct TermCounts {
  std::uint64_t selected = 0;
  std::uint64_t rest = 0;
  friend bool operator==(const TermCounts&, const TermCounts&) = default;
};

/// The weight of the prior, in posts. Were it smaller, more of what is rare would stand out.
inline constexpr double kPriorPosts = 500.0;

/// The logarithm of the odds that a post of the selection has a term over the odds that one of the rest
/// does, in standard deviations: above 0 it sets the selection apart. The prior is worth kPriorPosts
/// posts, of which as many have the term as of all together.
///
/// Shapes  term: of `posts`, at least one of which has it.
/// Source  Monroe, Colaresi & Quinn, Political Analysis 16 (2008) 372-403, equations 15, 16, 20 and
///         22, of posts that have a word in the place of words.
inline double log_odds_z(const TermCounts& term, const TermCounts& posts) {
  const auto selected = static_cast<double>(term.selected), rest = static_cast<double>(term.rest);
  const auto of_selected = static_cast<double>(posts.selected);
  const auto of_rest = static_cast<double>(posts.rest);
  if (selected + rest == of_selected + of_rest) return 0.0;  // Every post has it.
  const double prior = kPriorPosts * (selected + rest) / (of_selected + of_rest);
  const double with = selected + prior, rest_with = rest + prior;
  const double difference = std::log(with / (of_selected + kPriorPosts - with)) -
                            std::log(rest_with / (of_rest + kPriorPosts - rest_with));
  return difference / std::sqrt(1.0 / with + 1.0 / rest_with);
}

}  // namespace grapevine
