#include "kernels/query/functions/read_value.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n')) ++at;
  return at;
}

std::size_t expected(ReadProblem& problem, std::string_view what, std::string_view before) {
  problem.code = QueryErrorCode::CannotParseInputAssertionFailed;
  problem.message = "Cannot parse input: expected ";
  problem.message.append(what);
  if (before.empty()) {
    problem.message += " at end of stream";
  } else {
    problem.message.append(" before: '").append(before.substr(0, 100)).append("'");
  }
  return kUnread;
}

// Reads 'it\'s' into `value`.
std::size_t read_quoted(std::string_view text, std::string& value, ReadProblem& problem) {
  if (text.empty() || text[0] != '\'') return expected(problem, "'\\''", text);
  std::size_t at = 1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\'') {
      if (at + 1 < text.size() && text[at + 1] == '\'') {
        value += '\'';
        ++at;
        continue;
      }
      return at + 1;
    }
    if (c != '\\' || at + 1 == text.size()) {
      value += c;
      continue;
    }
    switch (text[++at]) {
      case 'b': value += '\b'; break;
      case 'f': value += '\f'; break;
      case 'n': value += '\n'; break;
      case 'r': value += '\r'; break;
      case 't': value += '\t'; break;
      case '0': value += '\0'; break;
      default: value += text[at];
    }
  }
  return expected(problem, "'\\''", {});
}

bool is_quoted_type(TypeId id) { return id == TypeId::String || is_time(id); }

}  // namespace

absl::StatusOr<ValueReader> ValueReader::of(const DataType& type, const SessionFacts& facts,
                                            ReadRules rules) {
  ValueReader reader;
  reader.type_ = type;
  reader.rules_ = rules;
  if (type.id == TypeId::DateTime || type.id == TypeId::DateTime64) {
    GRAPEVINE_ASSIGN_OR_RETURN(reader.zone_, zone_of(type, facts));
    const std::int64_t now = floor_div(facts.now_ns, 1'000'000'000);
    reader.times_ = std::make_shared<TimeReading>(
        TimeReading{ZoneCursor(*reader.zone_), civil_of_day(floor_div(now, kSecondsOfDay)).year,
                    rules.us_style});
  }
  if (type.id == TypeId::String) reader.texts_ = std::make_unique<TextBuilder>(0);
  for (const DataType& element : type.elements) {
    GRAPEVINE_ASSIGN_OR_RETURN(ValueReader of_element, of(element, facts, rules));
    reader.elements_.push_back(std::move(of_element));
  }
  return reader;
}

bool ValueReader::add(std::string_view text, ReadProblem& problem) {
  const std::size_t fixed = fixed_.size();
  const std::size_t end = read(text, false, problem);
  if (end == text.size()) return true;
  if (end != kUnread) {
    problem.code = type_.id == TypeId::Bool    ? QueryErrorCode::CannotParseBool
                   : type_.id == TypeId::Array ? QueryErrorCode::UnexpectedDataAfterParsedValue
                                               : QueryErrorCode::CannotParseText;
    problem.message = "Cannot parse string '";
    problem.message.append(text.substr(0, 200)).append("' as ").append(name_of(type_));
    if (end == 0) {
      problem.message += ": syntax error at begin of string";
    } else {
      problem.message += ": syntax error at position " + std::to_string(end) + " (parsed just '";
      problem.message.append(text.substr(0, std::min<std::size_t>(end, 200))).append("')");
    }
    // What was added is taken back; arrays and tuples are whole texts, and their caller gives up.
    fixed_.resize(fixed);
    --rows_;
    if (type_.nullable) nulls_.pop_back();
  }
  return false;
}

void ValueReader::push_value() {
  ++rows_;
  if (type_.nullable) nulls_.push_back(0);
}

void ValueReader::add_default() {
  if (type_.id == TypeId::String) {
    texts_->add_kept({});
  } else if (type_.id == TypeId::Array) {
    ends_.push_back(ends_.empty() ? 0 : ends_.back());
  } else if (type_.id == TypeId::Tuple) {
    for (ValueReader& element : elements_) element.add_default();
  } else {
    fixed_.append(width_of(type_.id), '\0');
  }
  ++rows_;
  if (type_.nullable) nulls_.push_back(1);
}

std::size_t ValueReader::read(std::string_view text, bool quoted, ReadProblem& problem) {
  if (quoted && (type_.nullable || type_.id == TypeId::Nothing)) {
    if (text.substr(0, 4) == "NULL" || text.substr(0, 4) == "null") {
      add_default();
      return 4;
    }
  }
  if (type_.id == TypeId::Array) return read_array(text, problem);
  if (type_.id == TypeId::Tuple) return read_tuple(text, problem);
  if (!quoted || !is_quoted_type(type_.id)) {
    if (type_.id == TypeId::String) {
      texts_->add(text);
      push_value();
      return text.size();
    }
    const std::size_t end = read_fixed(text, problem);
    if (end != kUnread) push_value();
    return end;
  }
  std::string value;
  const std::size_t end = read_quoted(text, value, problem);
  if (end == kUnread) {
    if (type_.id == TypeId::String) problem.code = QueryErrorCode::CannotParseQuotedString;
    return kUnread;
  }
  const std::size_t inner = read(value, false, problem);
  if (inner == kUnread) return kUnread;
  return inner == value.size() ? end
                               : expected(problem, "'\\''", std::string_view(value).substr(inner));
}

std::size_t ValueReader::read_fixed(std::string_view text, ReadProblem& problem) {
  if (type_.id == TypeId::Bool) {
    std::uint8_t value = 0;
    const std::size_t end = read_bool(text, value, problem);
    if (end != kUnread) push(value);
    return end;
  }
  if (type_.id == TypeId::Nothing) return expected(problem, "NULL", text);
  if (is_time(type_.id)) return read_time(text, problem);
  return with_value_type(type_.id, [&](auto value) {
    std::size_t end = 0;
    if constexpr (std::is_floating_point_v<decltype(value)>) {
      end = read_float(text, value, problem);
    } else {
      end = read_integer(text, rules_.exact, value, problem);
    }
    if (end != kUnread) push(value);
    return end;
  });
}

std::size_t ValueReader::read_time(std::string_view text, ReadProblem& problem) {
  if (type_.id == TypeId::Date) {
    std::int64_t day = 0;
    std::size_t end = read_date(text, day);
    if (end == 0) {
      problem = {QueryErrorCode::CannotParseDate, "Cannot parse date: value is too short"};
      return kUnread;
    }
    // The time of day behind a date is passed over.
    if (end < text.size() && (text[end] == ' ' || text[end] == 'T') &&
        !text.substr(end + 1).empty() && text[end + 1] >= '0' && text[end + 1] <= '9') {
      while (end < text.size() && std::strchr(" T:.Z0123456789", text[end]) != nullptr &&
             text[end] != '\0') {
        ++end;
      }
    }
    push(static_cast<std::uint16_t>(std::clamp<std::int64_t>(day, 0, 65'535)));
    return end;
  }
  ReadTime time;
  const bool keeps_fraction = type_.id == TypeId::DateTime64 && type_.scale > 0;
  time.nanoseconds = keeps_fraction ? 0 : -1;
  std::string failure = "neither Date nor Time was parsed successfully";
  const std::size_t end = rules_.basic_times ? read_time_basic(text, *times_, keeps_fraction, time)
                                             : read_time_best_effort(text, *times_, time, failure);
  if (end == 0) {
    problem = {QueryErrorCode::CannotParseDateTime, "Cannot read DateTime: " + failure};
    return kUnread;
  }
  if (type_.id == TypeId::DateTime) {
    push(static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(time.seconds, 0, std::numeric_limits<std::uint32_t>::max())));
    return end;
  }
  const std::int64_t units = power_of_ten(type_.scale);
  std::int64_t value = 0;
  if (__builtin_mul_overflow(time.seconds, units, &value)) {
    problem = {QueryErrorCode::DecimalOverflow, "DateTime64 convert overflow"};
    return kUnread;
  }
  push(value + std::max<std::int64_t>(time.nanoseconds, 0) / power_of_ten(9 - type_.scale));
  return end;
}

std::size_t ValueReader::read_array(std::string_view text, ReadProblem& problem) {
  if (text.empty() || text[0] != '[') {
    problem = {QueryErrorCode::CannotReadArrayFromText, "Array does not start with '[' character"};
    return kUnread;
  }
  std::uint64_t count = ends_.empty() ? 0 : ends_.back();
  std::size_t at = skip_spaces(text, 1);
  for (bool first = true; at >= text.size() || text[at] != ']'; first = false) {
    if (!first) {
      if (at >= text.size()) return expected(problem, "']'", {});
      if (text[at] != ',') return expected(problem, "','", text.substr(at));
      at = skip_spaces(text, at + 1);
    }
    if (at >= text.size()) return expected(problem, "']'", {});
    if (!first && text[at] == ']') break;
    const std::size_t end = elements_[0].read(text.substr(at), true, problem);
    if (end == kUnread) return kUnread;
    if (end == 0) {
      problem = {QueryErrorCode::CannotReadArrayFromText, "Cannot read array from text"};
      return kUnread;
    }
    ++count;
    at = skip_spaces(text, at + end);
  }
  ends_.push_back(count);
  push_value();
  return at + 1;
}

std::size_t ValueReader::read_tuple(std::string_view text, ReadProblem& problem) {
  if (text.empty() || text[0] != '(') return expected(problem, "'('", text);
  std::size_t at = 1;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    at = skip_spaces(text, at);
    if (i > 0) {
      if (at >= text.size() || text[at] != ',')
        return expected(problem, "','", text.substr(std::min(at, text.size())));
      at = skip_spaces(text, at + 1);
    }
    if (at >= text.size()) return expected(problem, "')'", {});
    const std::size_t end = elements_[i].read(text.substr(at), true, problem);
    if (end == kUnread) return kUnread;
    at += end;
  }
  at = skip_spaces(text, at);
  if (elements_.size() == 1 && at < text.size() && text[at] == ',') at = skip_spaces(text, at + 1);
  if (at >= text.size() || text[at] != ')')
    return expected(problem, "')'", text.substr(std::min(at, text.size())));
  push_value();
  return at + 1;
}

ColumnPtr ValueReader::finish() && {
  std::shared_ptr<Column> column;
  if (type_.id == TypeId::String) {
    return std::move(*texts_).finish(type_.nullable, std::move(nulls_));
  }
  if (width_of(type_.id) > 0) {
    column = new_fixed(type_, rows_);
    if (rows_ > 0) {
      std::memcpy(std::get<FixedValues>(column->values).data<char>(), fixed_.data(), fixed_.size());
    }
  } else {
    column = std::make_shared<Column>();
    column->type = type_;
    column->rows = rows_;
    if (type_.id == TypeId::Array) {
      column->values = ArrayValues{std::move(ends_), std::move(elements_[0]).finish()};
    } else {
      TupleValues values;
      for (ValueReader& element : elements_) values.elements.push_back(std::move(element).finish());
      column->values = std::move(values);
    }
  }
  column->nulls = std::move(nulls_);
  return column;
}

}  // namespace grapevine::sql
