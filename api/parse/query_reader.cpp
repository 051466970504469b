#include "api/parse/query_reader.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

// Adds what stands between the commas of a text.
void add_parts(const std::string& text, std::vector<std::string>& parts) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace

const std::string* QueryReader::take(std::string_view name) {
  known_.push_back(name);
  return find_field(query_, name);
}

std::optional<std::int64_t> QueryReader::take_whole(std::string_view name, std::int64_t least,
                                                    std::int64_t most) {
  const std::string* text = take(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == text->data() + text->size();
  if (whole && number >= least && number <= most) return number;
  wrong(name, "wants a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
                  ", not: " + *text);
  return std::nullopt;
}

std::optional<AsOf> QueryReader::take_as_of() {
  const std::string* text = take("as_of");
  if (text == nullptr) return std::nullopt;
  const auto as_of = parse_as_of(*text);
  if (!as_of) {
    wrong("as_of",
          "wants an ISO 8601 time, epoch milliseconds or latest, not: " + *text + plus_hint(*text));
  }
  return as_of;
}

std::optional<SaidTime> QueryReader::take_time(std::string_view name) {
  const std::string* text = take(name);
  if (text == nullptr) return std::nullopt;
  const auto said = parse_as_of(*text);
  if (said && said->kind == AsOf::Kind::At) return said->at;
  wrong(name, "wants an ISO 8601 time or epoch milliseconds, not: " + *text + plus_hint(*text));
  return std::nullopt;
}

std::optional<std::vector<std::string>> QueryReader::take_list(std::string_view name) {
  const std::string* text = take(name);
  if (text == nullptr) return std::nullopt;
  std::vector<std::string> parts;
  add_parts(*text, parts);
  return parts;
}

std::optional<std::vector<std::string>> QueryReader::take_all(std::string_view name) {
  if (take(name) == nullptr) return std::nullopt;
  repeatable_.push_back(name);
  std::vector<std::string> parts;
  for (const auto& [given, text] : query_) {
    if (given == name) add_parts(text, parts);
  }
  return parts;
}

std::optional<std::vector<std::string>> QueryReader::take_lists(std::string_view name) {
  const auto parts = take_all(name);
  if (!parts) return std::nullopt;
  std::set<std::string_view> seen;
  std::vector<std::string> once;
  for (const std::string& part : *parts) {
    if (seen.insert(part).second) once.push_back(part);
  }
  return once;
}

std::optional<std::vector<std::string>> QueryReader::take_dimensions(std::string_view name,
                                                                     std::size_t most) {
  auto parts = take_all(name);
  if (!parts) return std::nullopt;
  for (auto part = parts->begin(); part != parts->end(); ++part) {
    if (std::find(parts->begin(), part, *part) != part) wrong(name, "named twice: " + *part);
  }
  if (parts->size() > most) {
    wrong(name, "wants at most " + std::to_string(most) + " dimensions, not " +
                    std::to_string(parts->size()));
  }
  return parts;
}

std::string plus_hint(std::string text) {
  const std::size_t space = text.rfind(' ');
  if (space == std::string::npos) return {};
  text[space] = '+';
  return parse_time(text) ? " (in a query + is a space: write %2B)" : "";
}

void QueryReader::wrong(std::string_view name, std::string detail) {
  mistakes_.add('?' + std::string(name), std::move(detail));
}

void QueryReader::refuse_others(std::initializer_list<std::string_view> later) {
  for (auto field = query_.begin(); field != query_.end(); ++field) {
    const std::string& name = field->first;
    const bool is_repeatable =
        std::find(repeatable_.begin(), repeatable_.end(), name) != repeatable_.end();
    if (!is_repeatable &&
        std::any_of(query_.begin(), field, [&](const auto& f) { return f.first == name; })) {
      wrong(name, "given twice: " + name);
    } else if (std::find(later.begin(), later.end(), name) != later.end()) {
      wrong(name, "not supported yet by this version: " + name);
    } else if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      const bool is_near = !nearest_name(name, known_).empty();
      wrong(name,
            is_near ? no_such("parameter", name, known_) : no_such_of("parameter", name, known_));
    }
  }
}

}  // namespace grapevine
