#include "tests/queries/query_file.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace grapevine::tests {
namespace {

// The rest of `line` where it begins with `word` and a space.
bool take_word(std::string_view line, std::string_view word, std::string& rest) {
  if (!line.starts_with(word) || line.substr(word.size(), 1) != " ") return false;
  rest = line.substr(word.size() + 1);
  return true;
}

std::pair<std::string, std::string> split_at(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string::npos) throw std::runtime_error("no '" + std::string(mark) + "': " + text);
  return {text.substr(0, at), text.substr(at + mark.size())};
}

// "repeat 3 [" is "[[[": for bodies that no one wants to read.
std::string repeated(const std::string& rest) {
  const auto [count, text] = split_at(rest, " ");
  std::string all;
  for (int i = std::stoi(count); i > 0; --i) all += text;
  return all;
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    encoded += '%';
    encoded += kDigits[byte >> 4];
    encoded += kDigits[byte & 15];
  }
  return encoded;
}

// Lines are kept apart by line breaks, repetitions are not.
void append_line(std::string& text, bool joined, std::string_view line) {
  if (!text.empty() && !joined) text += '\n';
  text += line;
}

class QueryReader {
 public:
  void read(const std::string& line, int number) {
    if (line.starts_with('#')) return;
    if (line.empty()) {
      part_ = Part::Outside;
      return;
    }
    switch (part_) {
      case Part::Outside: return read_outside(line, number);
      case Part::Question: return file.cases.back().is_sql ? read_sql(line) : read_question(line);
      case Part::Expectation: return read_expectation(line);
    }
  }

  QueryFile file;

 private:
  enum class Part { Outside, Question, Expectation };

  void read_outside(const std::string& line, int number) {
    std::string rest;
    if (take_word(line, "dataset", rest)) {
      file.datasets.push_back(rest);
    } else if (take_word(line, "serve", rest)) {
      std::istringstream words(rest);
      for (std::string word; words >> word;) file.options.push_back(word);
    } else if (take_word(line, "ask", rest)) {
      QueryCase& asked = file.cases.emplace_back();
      asked.line = number;
      std::tie(asked.method, asked.path) = split_at(rest, " ");
      part_ = Part::Question;
      joined_ = false;
    } else if (take_word(line, "sql", rest)) {
      QueryCase& asked = file.cases.emplace_back();
      asked.line = number;
      asked.is_sql = true;
      asked.method = "POST";
      asked.path = "/?default_format=TabSeparatedWithNamesAndTypes";
      asked.body = rest;
      part_ = Part::Question;
    } else {
      throw std::runtime_error("neither dataset, serve, ask nor sql: " + line);
    }
  }

  void read_question(const std::string& line) {
    QueryCase& asked = file.cases.back();
    std::string rest;
    if (take_word(line, "----", rest)) {
      asked.status = std::stoi(rest);
      part_ = Part::Expectation;
    } else if (asked.body.empty() && take_word(line, "header", rest)) {
      asked.headers.push_back(split_at(rest, ": "));
    } else if (take_word(line, "repeat", rest)) {
      asked.body += repeated(rest);
      joined_ = true;
    } else {
      append_line(asked.body, joined_, line);
      joined_ = false;
    }
  }

  void read_sql(const std::string& line) {
    QueryCase& asked = file.cases.back();
    std::string rest;
    if (take_word(line, "---- error", rest)) {
      asked.error = rest;
      part_ = Part::Expectation;
    } else if (take_word(line, "----", rest)) {
      asked.status = std::stoi(rest);
      part_ = Part::Expectation;
    } else if (take_word(line, "param", rest)) {
      const auto [name, value] = split_at(rest, "=");
      asked.path += "&param_" + name + "=" + percent_encoded(value);
    } else if (take_word(line, "setting", rest)) {
      const auto [name, value] = split_at(rest, "=");
      asked.path += "&" + name + "=" + percent_encoded(value);
    } else if (line == "unordered") {
      asked.unordered = true;
    } else {
      asked.body += "\n" + line;
    }
  }

  // A row that is empty, or begins like a comment, has a = before it.
  void read_row(const std::string& line) {
    QueryCase& asked = file.cases.back();
    asked.expected += line.starts_with('=') ? line.substr(1) : line;
    asked.expected += '\n';
  }

  void read_expectation(const std::string& line) {
    QueryCase& asked = file.cases.back();
    if (asked.is_sql) return read_row(line);
    std::string rest;
    if (asked.expected.empty() && take_word(line, "header", rest)) {
      asked.expected_headers.push_back(split_at(rest, ": "));
    } else if (take_word(line, "keep", rest)) {
      asked.kept.push_back(split_at(rest, " as "));
    } else {
      append_line(asked.expected, false, line);
    }
  }

  Part part_ = Part::Outside;
  bool joined_ = false;
};

}  // namespace

QueryFile read_query_file(const std::string& path) {
  std::ifstream lines(path);
  QueryReader reader;
  int number = 0;
  try {
    for (std::string line; std::getline(lines, line);) reader.read(line, ++number);
  } catch (const std::exception& error) {
    throw std::runtime_error(path + ":" + std::to_string(number) + ": " + error.what());
  }
  for (const QueryCase& asked : reader.file.cases) {
    if (asked.status == 0 && asked.error.empty()) {
      throw std::runtime_error(path + ":" + std::to_string(asked.line) + ": no ---- STATUS");
    }
  }
  if (reader.file.cases.empty()) throw std::runtime_error(path + ": asks nothing");
  return std::move(reader.file);
}

}  // namespace grapevine::tests
