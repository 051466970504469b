#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <absl/time/time.h>

#include "kernels/query/data_type.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/type_names.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kBytesMax = 64u << 10;

// Shaped like an IANA name, and no path to anywhere else.
bool is_zone_name(std::string_view name) {
  return name.size() <= 64 && !name.starts_with('/') && name.find("..") == std::string_view::npos &&
         name.find(':') == std::string_view::npos;
}

bool is_word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string in_capitals(std::string_view word) {
  std::string capitals(word);
  for (char& c : capitals) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return capitals;
}

class TypeParser {
 public:
  explicit TypeParser(std::string_view name) : text_(name) {}

  absl::StatusOr<DataType> parse() {
    auto type = parse_type(0);
    if (!type.ok()) return type;
    skip_space();
    if (at_ < text_.size()) return unexpected("end of the type");
    return type;
  }

 private:
  struct Arguments {
    bool given = false;  ///< Parentheses are there.
    std::optional<std::uint64_t> number;
    std::optional<std::string> text;
  };

  absl::Status unexpected(std::string_view wanted) const {
    std::string message = "Syntax error (data type): failed at position ";
    message += std::to_string(at_ + 1);
    if (at_ < text_.size()) message += ": " + std::string(text_.substr(at_, 60));
    return query_error(QueryErrorCode::SyntaxError, message.append(". Expected ").append(wanted));
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Empty: there is none here.
  std::string_view take_word() {
    skip_space();
    const std::size_t begin = at_;
    if (at_ < text_.size() && is_word_start(text_[at_])) {
      while (at_ < text_.size() && (is_word_start(text_[at_]) || is_digit(text_[at_]))) ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }
  // A text between `quote`s, in which it may stand after a backslash or twice.
  absl::StatusOr<std::string> take_quoted(char quote) {
    std::string text;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == quote && (at_ + 1 >= text_.size() || text_[at_ + 1] != quote)) {
        ++at_;
        return text;
      }
      if ((c == quote || c == '\\') && at_ + 1 < text_.size()) c = text_[++at_];
      text += c;
    }
    return unexpected("a closing quote");
  }

  absl::Status close() {
    return take(')') ? absl::OkStatus() : unexpected("a closing parenthesis");
  }

  absl::StatusOr<DataType> parse_type(std::size_t depth) {
    if (depth > kDepthMax) {
      return query_error(QueryErrorCode::TooDeepRecursion,
                         "Types nest deeper than " + std::to_string(kDepthMax));
    }
    const std::string_view word = take_word();
    if (word.empty()) return unexpected("a data type");
    if (word == "Nullable" || word == "LowCardinality" || word == "Array") {
      return parse_wrapper(word, depth);
    }
    if (word == "Tuple") return parse_tuple(depth);
    if (const auto interval = std::ranges::find(kIntervalNames, word);
        interval != kIntervalNames.end()) {
      return DataType{.id = TypeId::Interval,
                      .unit = static_cast<IntervalUnit>(interval - kIntervalNames.begin())};
    }
    const auto plain_name =
        std::ranges::find(kTypeNames, word, &std::pair<std::string_view, TypeId>::first);
    if (plain_name != kTypeNames.end()) return with_arguments(plain_name->second, word);
    return parse_alias(word);
  }

  // Nullable(T), LowCardinality(T) and Array(T).
  absl::StatusOr<DataType> parse_wrapper(std::string_view wrapper, std::size_t depth) {
    const auto wrong_number = [&] {
      return query_error(
          QueryErrorCode::NumberOfArgumentsDoesntMatch,
          std::string(wrapper) + " data type family must have exactly one argument - nested type");
    };
    if (!take('(') || take(')')) return wrong_number();
    skip_space();
    const std::string_view inner = text_.substr(at_);
    auto nested = parse_type(depth + 1);
    if (!nested.ok()) return nested;
    if (take(',')) return wrong_number();
    if (absl::Status closed = close(); !closed.ok()) return closed;
    if (wrapper == "Array") return array_of(*std::move(nested));

    const bool low_cardinality = inner.starts_with("LowCardinality");
    if (wrapper == "Nullable") {
      if (nested->nullable || low_cardinality || nested->id == TypeId::Array ||
          nested->id == TypeId::Tuple) {
        return query_error(QueryErrorCode::IllegalTypeOfArgument,
                           "Nested type " + name_of(*nested) + " cannot be inside Nullable type");
      }
      return nullable(*std::move(nested));
    }
    if (low_cardinality || !(nested->id == TypeId::String || is_numeric(nested->id) ||
                             nested->id == TypeId::Date || nested->id == TypeId::DateTime)) {
      return query_error(QueryErrorCode::IllegalTypeOfArgument,
                         "DataTypeLowCardinality is supported only for numbers, strings, Date or "
                         "DateTime, but got " +
                             name_of(*nested));
    }
    return nested;
  }

  absl::StatusOr<DataType> parse_tuple(std::size_t depth) {
    DataType tuple{.id = TypeId::Tuple};
    if (!take('(') || take(')')) return tuple;
    do {
      auto name = parse_element_name();
      if (!name.ok()) return name.status();
      if (!name->empty()) {
        if (std::ranges::find(tuple.element_names, *name) != tuple.element_names.end()) {
          return query_error(QueryErrorCode::DuplicateColumn,
                             "Names of tuple elements must be unique. Duplicate name: " + *name);
        }
        tuple.element_names.push_back(*std::move(name));
      }
      auto element = parse_type(depth + 1);
      if (!element.ok()) return element;
      tuple.elements.push_back(*std::move(element));
    } while (take(','));
    if (absl::Status closed = close(); !closed.ok()) return closed;
    if (!tuple.element_names.empty() && tuple.element_names.size() != tuple.elements.size()) {
      return query_error(QueryErrorCode::BadArguments,
                         "Names are specified not for all elements of Tuple type");
    }
    return tuple;
  }

  // The name before an element's type, or nothing where the type stands alone.
  absl::StatusOr<std::string> parse_element_name() {
    skip_space();
    if (at_ < text_.size() && (text_[at_] == '`' || text_[at_] == '"')) {
      auto name = take_quoted(text_[at_]);
      if (name.ok() && name->empty()) return unexpected("a name");
      return name;
    }
    const std::size_t begin = at_;
    const std::string_view first = take_word();
    skip_space();
    const bool another = at_ < text_.size() && is_word_start(text_[at_]);
    const std::string_view second = take_word();
    // Two words may be one type, such as DOUBLE PRECISION.
    const bool one_type = another && is_alias(in_capitals(first) + " " + in_capitals(second));
    if (!another || one_type) {
      at_ = begin;
      return std::string();
    }
    at_ = static_cast<std::size_t>(second.data() - text_.data());
    return std::string(first);
  }

  static bool is_alias(std::string_view capitals) {
    return std::ranges::any_of(kTypeAliases, [&](const TypeAlias& alias) {
      return alias.name == capitals || alias.name.starts_with(std::string(capitals) + " ");
    });
  }

  absl::StatusOr<DataType> parse_alias(std::string_view first) {
    std::string capitals = in_capitals(first);
    for (;;) {  // As many words as are one name.
      const std::size_t before = at_;
      const std::string_view next = take_word();
      if (next.empty() || !is_alias(capitals + " " + in_capitals(next))) {
        at_ = before;
        break;
      }
      capitals += " " + in_capitals(next);
    }
    const auto alias = std::ranges::find(kTypeAliases, capitals, &TypeAlias::name);
    if (alias == kTypeAliases.end()) {
      if (std::ranges::find(kTypesNotHere, first) != kTypesNotHere.end() ||
          std::ranges::find(kAliasesNotHere, capitals) != kAliasesNotHere.end()) {
        return query_error(QueryErrorCode::NotImplemented,
                           "Data type is not supported: " + std::string(first));
      }
      return query_error(QueryErrorCode::UnknownType,
                         "Unknown data type family: " + std::string(first.substr(0, 200)));
    }
    auto type = with_arguments(alias->id, first);
    if (!type.ok() || at_ >= text_.size()) return type;
    // INT(11) UNSIGNED: the word may also stand after the width.
    const std::size_t before = at_;
    const std::string sign = in_capitals(take_word());
    const bool is_sign = sign == "SIGNED" || sign == "UNSIGNED";
    const auto with_sign = std::ranges::find(kTypeAliases, capitals + " " + sign, &TypeAlias::name);
    if (is_sign && with_sign != kTypeAliases.end()) return plain(with_sign->id);
    at_ = before;
    return type;
  }

  absl::StatusOr<Arguments> parse_arguments() {
    Arguments arguments;
    if (!take('(')) return arguments;
    arguments.given = true;
    if (take(')')) return arguments;
    do {
      skip_space();
      if (at_ < text_.size() && text_[at_] == '\'') {
        auto text = take_quoted('\'');
        if (!text.ok()) return text.status();
        if (arguments.text) return unexpected("a closing parenthesis");
        arguments.text = *std::move(text);
      } else if (at_ < text_.size() && is_digit(text_[at_]) && !arguments.number &&
                 !arguments.text) {
        std::uint64_t number = 0;
        const auto read = std::from_chars(text_.data() + at_, text_.data() + text_.size(), number);
        if (read.ec != std::errc()) return unexpected("a smaller number");
        at_ = static_cast<std::size_t>(read.ptr - text_.data());
        arguments.number = number;
      } else {
        return unexpected("a literal");
      }
    } while (take(','));
    if (absl::Status closed = close(); !closed.ok()) return closed;
    return arguments;
  }

  absl::StatusOr<DataType> with_arguments(TypeId id, std::string_view name) {
    auto arguments = parse_arguments();
    if (!arguments.ok()) return arguments.status();
    DataType type{.id = id};
    if (id == TypeId::DateTime || id == TypeId::DateTime64) {
      if (id == TypeId::DateTime64 || arguments->number) {
        const std::uint64_t scale = arguments->number.value_or(3);
        if (scale > 9) {
          return query_error(QueryErrorCode::ArgumentOutOfBound,
                             "Scale " + std::to_string(scale) +
                                 " is too large for DateTime64. Maximum is up to nanoseconds (9)");
        }
        type.id = TypeId::DateTime64;
        type.scale = static_cast<std::uint8_t>(scale);
      }
      type.timezone = arguments->text.value_or("");
      absl::TimeZone zone;
      if (!type.timezone.empty() &&
          !(is_zone_name(type.timezone) && absl::LoadTimeZone(type.timezone, &zone))) {
        return query_error(QueryErrorCode::BadArguments,
                           "Cannot load time zone " + type.timezone.substr(0, 100));
      }
      return type;
    }
    const bool has_width = id == TypeId::String || is_numeric(id);  // VARCHAR(255), INT(11)
    if (arguments->text || (arguments->number && !has_width)) {
      return query_error(QueryErrorCode::NumberOfArgumentsDoesntMatch,
                         "Data type " + std::string(name) + " cannot have arguments");
    }
    return type;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

absl::StatusOr<DataType> parse_type(std::string_view name) {
  if (name.size() > kBytesMax) {
    return query_error(QueryErrorCode::SyntaxError, "The name of a data type is too long");
  }
  return TypeParser(name).parse();
}

}  // namespace grapevine::sql
