#include "kernels/query/functions/write_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
void write_number(Value value, std::string& text) {
  if constexpr (std::is_floating_point_v<Value>) {
    write_float(value, text);
  } else {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    text.append(digits, end);
  }
}

void write_padded(std::int64_t value, int width, std::string& text) {
  char digits[20];
  for (int i = width; i-- > 0;) {
    digits[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  text.append(digits, static_cast<std::size_t>(width));
}

// The digits and exponent of the shortest form, laid out as ClickHouse lays them out.
template <typename Float>
void write_shortest(Float value, std::string& text) {
  if (std::isnan(value)) {
    text += "nan";
    return;
  }
  if (std::signbit(value)) text += '-';
  if (std::isinf(value)) {
    text += "inf";
    return;
  }
  value = std::abs(value);
  if (value == 0) {
    text += '0';
    return;
  }
  char scientific[40];
  const char* end = std::to_chars(std::begin(scientific), std::end(scientific), value,
                                  std::chars_format::scientific)
                        .ptr;
  const std::string_view shown(scientific, static_cast<std::size_t>(end - scientific));
  const std::size_t e = shown.find('e');
  std::string digits;
  for (const char c : shown.substr(0, e)) {
    if (c != '.') digits += c;
  }
  int exponent = 0;
  const char* first = shown.data() + e + 1;
  if (*first == '+') ++first;
  std::from_chars(first, end, exponent);
  const int count = static_cast<int>(digits.size());
  if (exponent < -6 || exponent > 20) {
    text += digits[0];
    if (count > 1) text.append(".").append(digits, 1);
    text += 'e';
    write_number(exponent, text);
  } else if (exponent < 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-exponent - 1), '0');
    text += digits;
  } else if (count <= exponent + 1) {
    text += digits;
    text.append(static_cast<std::size_t>(exponent + 1 - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(exponent + 1);
    text.append(digits, 0, whole).append(".").append(digits, whole);
  }
}

}  // namespace

void write_float(double value, std::string& text) { write_shortest(value, text); }
void write_float(float value, std::string& text) { write_shortest(value, text); }

void write_quoted(std::string_view value, std::string& text) {
  text += '\'';
  for (const char c : value) {
    switch (c) {
      case '\b': text += "\\b"; break;
      case '\f': text += "\\f"; break;
      case '\n': text += "\\n"; break;
      case '\r': text += "\\r"; break;
      case '\t': text += "\\t"; break;
      case '\0': text += "\\0"; break;
      case '\\': text += "\\\\"; break;
      case '\'': text += "\\'"; break;
      default: text += c;
    }
  }
  text += '\'';
}

void write_date(std::int64_t day_number, std::string& text) {
  const CivilDay civil = civil_of_day(day_number);
  write_padded(std::clamp<std::int64_t>(civil.year, 0, 9999), 4, text);
  text += '-';
  write_padded(civil.month, 2, text);
  text += '-';
  write_padded(civil.day, 2, text);
}

void write_local_time(std::int64_t local_seconds, std::int64_t fraction, int scale,
                      std::string& text) {
  const std::int64_t day = floor_div(local_seconds, kSecondsOfDay);
  const std::int64_t second = local_seconds - day * kSecondsOfDay;
  write_date(day, text);
  text += ' ';
  write_padded(second / 3600, 2, text);
  text += ':';
  write_padded(second / 60 % 60, 2, text);
  text += ':';
  write_padded(second % 60, 2, text);
  if (scale > 0) {
    text += '.';
    write_padded(fraction, scale, text);
  }
}

absl::StatusOr<ValueWriter> ValueWriter::of(const DataType& type, const SessionFacts& facts) {
  ValueWriter writer;
  writer.type_ = type;
  if (type.id == TypeId::DateTime || type.id == TypeId::DateTime64) {
    GRAPEVINE_ASSIGN_OR_RETURN(writer.zone_, zone_of(type, facts));
    writer.cursor_ = std::make_shared<ZoneCursor>(*writer.zone_);
  }
  for (const DataType& element : type.elements) {
    GRAPEVINE_ASSIGN_OR_RETURN(ValueWriter of_element, of(element, facts));
    writer.elements_.push_back(std::move(of_element));
  }
  return writer;
}

void ValueWriter::write(const Column& column, std::size_t row, bool quoted, std::string& text) {
  const std::size_t at = column.slot(row);
  if (type_.id == TypeId::Nothing || column.is_null(row)) {
    text += "NULL";
    return;
  }
  switch (type_.id) {
    case TypeId::Bool: text += column.fixed<std::uint8_t>()[at] != 0 ? "true" : "false"; return;
    case TypeId::String:
      if (quoted) {
        write_quoted(column.text(row), text);
      } else {
        text += column.text(row);
      }
      return;
    case TypeId::Date:
      if (quoted) text += '\'';
      write_date(column.fixed<std::uint16_t>()[at], text);
      if (quoted) text += '\'';
      return;
    case TypeId::DateTime: {
      if (quoted) text += '\'';
      write_local_time(cursor_->local_of(column.fixed<std::uint32_t>()[at]), 0, 0, text);
      if (quoted) text += '\'';
      return;
    }
    case TypeId::DateTime64: {
      const std::int64_t units = power_of_ten(type_.scale);
      const std::int64_t value = column.fixed<std::int64_t>()[at];
      const std::int64_t seconds = floor_div(value, units);
      if (quoted) text += '\'';
      write_local_time(cursor_->local_of(seconds), value - seconds * units, type_.scale, text);
      if (quoted) text += '\'';
      return;
    }
    case TypeId::Array: {
      const ArrayValues& values = column.array();
      const std::size_t begin = at == 0 ? 0 : values.ends[at - 1];
      text += '[';
      for (std::size_t i = begin; i < values.ends[at]; ++i) {
        if (i > begin) text += ',';
        elements_[0].write(*values.elements, i, true, text);
      }
      text += ']';
      return;
    }
    case TypeId::Tuple: {
      const auto& elements = column.tuple().elements;
      text += '(';
      for (std::size_t i = 0; i < elements.size(); ++i) {
        if (i > 0) text += ',';
        elements_[i].write(*elements[i], at, true, text);
      }
      text += ')';
      return;
    }
    default:
      with_value_type(type_.id,
                      [&](auto zero) { write_number(column.fixed<decltype(zero)>()[at], text); });
  }
}

}  // namespace grapevine::sql
