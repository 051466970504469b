#include "kernels/text/english_sentiment_reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/text/embedded.hpp"

namespace grapevine {
namespace {

using Words = std::vector<std::string>;

const std::string kAsciiPunctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
const std::vector<std::string> kBlanks{"\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",
                                       "\x1d",   "\x1e",   "\x1f",   " ",      "\u0085", "\u00a0",
                                       "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                       "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                       "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

std::map<std::string, std::string> read_table(std::string_view table) {
  std::map<std::string, std::string> rows;
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);) {
    const auto tab = line.find('\t');
    rows[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return rows;
}

const auto& ratings() {
  static const auto rows = read_table(embedded_words());
  return rows;
}

bool is_rated(const std::string& lower) { return ratings().count(lower) != 0; }

std::string modifier(const std::string& lower) {
  static const auto rows = read_table(embedded_modifiers());
  const auto found = rows.find(lower);
  return found == rows.end() ? "" : found->second;
}

// The code points of valid UTF-8, each as a string.
Words characters_of(const std::string& text) {
  Words characters;
  for (const char byte : text) {
    if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) characters.emplace_back();
    characters.back() += byte;
  }
  return characters;
}

std::string in_words(const std::string& text) {
  static const auto names = read_table(embedded_emoji());
  std::string spelled;
  bool after_space = true;
  for (const std::string& character : characters_of(text)) {
    const auto name = names.find(character);
    if (name == names.end()) {
      spelled += character;
      after_space = character == " ";
    } else {
      spelled += (after_space ? "" : " ") + name->second;
      after_space = false;
    }
  }
  return spelled;
}

Words split(const std::string& text) {
  Words words{""};
  for (const std::string& character : characters_of(text)) {
    const bool blank = std::find(kBlanks.begin(), kBlanks.end(), character) != kBlanks.end();
    if (blank) words.emplace_back();
    if (!blank) words.back() += character;
  }
  words.erase(std::remove(words.begin(), words.end(), ""), words.end());
  for (std::string& word : words) {
    const auto first = word.find_first_not_of(kAsciiPunctuation);
    if (first == std::string::npos) continue;
    const auto last = word.find_last_not_of(kAsciiPunctuation);
    const std::string stripped = word.substr(first, last - first + 1);
    if (characters_of(stripped).size() > 2) word = stripped;
  }
  return words;
}

std::string lower(std::string word) {
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

// ASCII letters only: what else has capitals is tested by itself.
bool is_shouted(const std::string& word) {
  const auto has = [&](char first, char last) {
    return std::any_of(word.begin(), word.end(), [&](char c) { return c >= first && c <= last; });
  };
  return has('A', 'Z') && !has('a', 'z');
}

struct Post {
  Words words;
  Words small;  // The same in small letters.
  bool shouts_apart = false;

  // `count` words from `from` on, apart by a space; nothing where there are fewer.
  std::string phrase(std::size_t from, std::size_t count) const {
    if (from + count > small.size()) return "";
    std::string joined = small[from];
    for (std::size_t i = 1; i < count; ++i) joined += ' ' + small[from + i];
    return joined;
  }
};

const std::map<std::string, double> kIdioms{
    {"the shit", 3},   {"the bomb", 3},        {"bad ass", 1.5},
    {"bus stop", 0},   {"yeah right", -2},     {"kiss of death", -1.5},
    {"to die for", 3}, {"beating heart", 3.1}, {"broken heart", -2.9},
};
const std::set<std::string> kDampeners{"kind of", "sort of", "just enough"};

bool negates(const std::string& small) {
  return modifier(small) == "not" || small.find("n't") != std::string::npos;
}

double boost(const Post& post, std::size_t word, double valence) {
  const std::string kind = modifier(post.small[word]);
  if (kind != "more" && kind != "less") return 0;
  double change = kind == "more" ? 0.293 : -0.293;
  if (valence < 0) change *= -1;
  if (post.shouts_apart && is_shouted(post.words[word])) change += valence > 0 ? 0.733 : -0.733;
  return change;
}

double after_idioms(const Post& post, std::size_t i, double valence) {
  for (const auto& [from, count] : {std::pair{i - 1, 2}, std::pair{i - 2, 3}, std::pair{i - 2, 2},
                                    std::pair{i - 3, 3}, std::pair{i - 3, 2}}) {
    const auto idiom = kIdioms.find(post.phrase(from, static_cast<std::size_t>(count)));
    if (idiom == kIdioms.end()) continue;
    valence = idiom->second;
    break;
  }
  for (const std::size_t count : {2u, 3u}) {
    const auto idiom = kIdioms.find(post.phrase(i, count));
    if (idiom != kIdioms.end()) valence = idiom->second;
  }
  if (kDampeners.count(post.phrase(i - 3, 2)) != 0) valence += -0.293;
  if (kDampeners.count(post.phrase(i - 2, 2)) != 0) valence += -0.293;
  return valence;
}

double after_negation(const Post& post, std::size_t i, std::size_t distance, double valence) {
  const auto word = [&](std::size_t back) { return post.small[i - back]; };
  const auto emphatic = [&](std::size_t back) {
    return word(back) == "so" || word(back) == "this";
  };
  if (distance == 2 && word(2) == "never" && emphatic(1)) return valence * 1.25;
  if (distance == 2 && word(2) == "without" && word(1) == "doubt") return valence;
  if (distance == 3 && ((word(3) == "never" && emphatic(2)) || emphatic(1))) return valence * 1.25;
  if (distance == 3 && word(3) == "without" && (word(2) == "doubt" || word(1) == "doubt")) {
    return valence;
  }
  return negates(word(distance)) ? valence * -0.74 : valence;
}

double rate(const Post& post, std::size_t i) {
  const Words& small = post.small;
  const bool is_last = i + 1 == small.size();
  const std::string kind = modifier(small[i]);
  if (kind == "more" || kind == "less") return 0;
  if (small[i] == "kind" && !is_last && small[i + 1] == "of") return 0;
  if (!is_rated(small[i])) return 0;
  double valence = std::strtod(ratings().at(small[i]).c_str(), nullptr);
  const double own = valence;
  if (small[i] == "no" && !is_last && is_rated(small[i + 1])) valence = 0;
  if ((i > 0 && small[i - 1] == "no") || (i > 1 && small[i - 2] == "no") ||
      (i > 2 && small[i - 3] == "no" && (small[i - 1] == "or" || small[i - 1] == "nor"))) {
    valence = own * -0.74;
  }
  if (post.shouts_apart && is_shouted(post.words[i])) valence += valence > 0 ? 0.733 : -0.733;
  for (std::size_t distance = 1; distance <= 3; ++distance) {
    if (i < distance || is_rated(small[i - distance])) continue;
    double change = boost(post, i - distance, valence);
    if (distance == 2) change *= 0.95;
    if (distance == 3) change *= 0.9;
    valence = after_negation(post, i, distance, valence + change);
    if (distance == 3) valence = after_idioms(post, i, valence);
  }
  const bool least = i > 0 && small[i - 1] == "least";
  if (least && (i == 1 || (small[i - 2] != "at" && small[i - 2] != "very"))) valence *= -0.74;
  return valence;
}

// Halves what stands before "but" and adds a half to what follows, finding each value as the
// authors' program does: where the list first holds it.
void weigh_but(const Words& small, std::vector<double>& valences) {
  const auto but = std::find(small.begin(), small.end(), "but") - small.begin();
  if (but == static_cast<std::ptrdiff_t>(small.size())) return;
  for (std::size_t i = 0; i < valences.size(); ++i) {
    const auto first = std::find(valences.begin(), valences.end(), valences[i]);
    if (first - valences.begin() < but) *first *= 0.5;
    if (first - valences.begin() > but) *first *= 1.5;
  }
}

}  // namespace

double english_sentiment_reference(std::string_view text) {
  const std::string spelled = in_words(std::string(text));
  Post post{split(spelled), {}, false};
  for (const std::string& word : post.words) post.small.push_back(lower(word));
  const auto shouted = std::count_if(post.words.begin(), post.words.end(), is_shouted);
  post.shouts_apart = shouted > 0 && shouted < static_cast<std::ptrdiff_t>(post.words.size());
  std::vector<double> valences;
  for (std::size_t i = 0; i < post.words.size(); ++i) valences.push_back(rate(post, i));
  weigh_but(post.small, valences);
  double sum = 0;
  for (const double valence : valences) sum += valence;
  const auto exclamations = std::count(spelled.begin(), spelled.end(), '!');
  const auto questions = std::count(spelled.begin(), spelled.end(), '?');
  double emphasis = 0.292 * static_cast<double>(std::min<std::ptrdiff_t>(exclamations, 4));
  if (questions > 1) emphasis += questions <= 3 ? 0.18 * static_cast<double>(questions) : 0.96;
  if (sum != 0) sum += sum > 0 ? emphasis : -emphasis;
  return std::round(sum / std::sqrt(sum * sum + 15) * 1e4) / 1e4;
}

}  // namespace grapevine
