#include "api/parse/nearest_name.hpp"

#include <algorithm>
#include <cstddef>

namespace grapevine {
namespace {

constexpr std::size_t kLettersMax = 64;  // Beyond, a name is not compared: the cost is its square.

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Damerau and Levenshtein's distance, of neighbours swapped at most once.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_above(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                           lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
    }
    std::swap(two_above, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

// The same where it is at most `by_max`; else a number beyond it.
std::size_t distance_within(std::string_view a, std::string_view b, std::size_t by_max) {
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer > kLettersMax || longer - std::min(a.size(), b.size()) > by_max) return by_max + 1;
  return distance(a, b);
}

bool is_letter(char c) {
  const char small = lower(c);
  return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

// Whether a name begins or ends with these letters, case aside, as a word of its own.
bool has_word(std::string_view name, std::string_view word) {
  if (name.size() <= word.size()) return false;
  const auto is_word = [&](std::string_view part) {
    return std::equal(part.begin(), part.end(), word.begin(), word.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
  };
  const std::size_t rest = name.size() - word.size();
  return (!is_letter(name[word.size()]) && is_word(name.substr(0, word.size()))) ||
         (!is_letter(name[rest - 1]) && is_word(name.substr(rest)));
}

}  // namespace

std::string_view nearest_name(std::string_view wanted, const std::vector<std::string_view>& known) {
  if (wanted.size() > kLettersMax) return {};
  std::string_view nearest;
  std::size_t nearest_by = (wanted.size() + 2) / 3 + 1;
  const bool has_family = wanted.find('.') != std::string_view::npos;
  for (const std::string_view name : known) {
    std::size_t by = distance_within(wanted, name, nearest_by);
    if (const std::size_t dot = name.find('.'); !has_family && dot != std::string_view::npos) {
      by = std::min(by, distance_within(wanted, name.substr(dot + 1), nearest_by) + 1);
    }
    if (by < nearest_by || (by == nearest_by && !nearest.empty() && name < nearest)) {
      nearest = name;
      nearest_by = by;
    }
  }
  if (!nearest.empty() || wanted.empty()) return nearest;
  for (const std::string_view name : known) {
    const bool is_shorter = nearest.empty() || name.size() < nearest.size() ||
                            (name.size() == nearest.size() && name < nearest);
    if (is_shorter && has_word(name, wanted)) nearest = name;
  }
  return nearest;
}

std::string no_such(std::string_view what, std::string_view wanted,
                    const std::vector<std::string_view>& known) {
  std::string text = "no such ";
  text.append(what).append(": ").append(wanted);
  const std::string_view nearest = nearest_name(wanted, known);
  if (!nearest.empty()) text.append(" (did you mean ").append(nearest).append("?)");
  return text;
}

std::string no_such_of(std::string_view what, std::string_view wanted,
                       const std::vector<std::string_view>& known) {
  std::string text = no_such(what, wanted, known) + "; it is one of";
  for (std::size_t i = 0; i < known.size(); ++i) (text += i == 0 ? " " : ", ") += known[i];
  return text;
}

}  // namespace grapevine
