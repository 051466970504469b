#include "api/encode/formats/cell_writer.hpp"

#include <cmath>
#include <type_traits>

#include "api/encode/formats/number_text.hpp"
#include "api/encode/formats/string_text.hpp"
#include "api/encode/formats/time_text.hpp"

namespace grapevine::sql {
namespace {

bool is_json(CellStyle style) { return style == CellStyle::Json || style == CellStyle::JsonPretty; }

// The quote around dates and times, and around numbers that JSON does not have; 0: none.
char quote_of(CellStyle style) {
  switch (style) {
    using enum CellStyle;
    case Plain:
    case Escaped:
    case Raw: return 0;
    case Quoted: return '\'';
    case Csv:
    case Json:
    case JsonPretty:
    case JsonStrings: return '"';
  }
  return 0;
}

template <typename Value>
class FixedCell : public CellWriter {
 protected:
  void bind_values(const Column& column) final { values_ = column.fixed<Value>().data(); }
  const Value* values_ = nullptr;
};

template <typename Value>
class NumberCell final : public FixedCell<Value> {
 public:
  explicit NumberCell(bool quoted) : quoted_(quoted) {}

 private:
  void write_value(ByteBuffer& out, std::size_t slot) override {
    char* at = out.reserve(kNumberBytesMax + 2);
    if (quoted_) *at++ = '"';
    const Value value = this->values_[slot];
    if constexpr (std::is_floating_point_v<Value>) {
      at = write_float(at, value);
    } else if constexpr (std::is_signed_v<Value>) {
      at = write_signed(at, value);
    } else {
      at = write_unsigned(at, value);
    }
    if (quoted_) *at++ = '"';
    out.advance_to(at);
  }
  const bool quoted_;
};

// JSON has no infinity.
template <typename Value>
class JsonFloatCell final : public FixedCell<Value> {
 public:
  explicit JsonFloatCell(bool quote_denormals) : quote_denormals_(quote_denormals) {}

 private:
  void write_value(ByteBuffer& out, std::size_t slot) override {
    const Value value = this->values_[slot];
    if (!std::isfinite(value) && !quote_denormals_) return out.append("null");
    char* at = out.reserve(kNumberBytesMax + 2);
    if (!std::isfinite(value)) *at++ = '"';
    at = write_float(at, value);
    if (!std::isfinite(value)) *at++ = '"';
    out.advance_to(at);
  }
  const bool quote_denormals_;
};

class BoolCell final : public FixedCell<std::uint8_t> {
 public:
  explicit BoolCell(bool quoted)
      : true_(quoted ? "\"true\"" : "true"), false_(quoted ? "\"false\"" : "false") {}

 private:
  void write_value(ByteBuffer& out, std::size_t slot) override {
    out.append(values_[slot] != 0 ? true_ : false_);
  }
  const std::string_view true_;
  const std::string_view false_;
};

class DateCell final : public FixedCell<std::uint16_t> {
 public:
  explicit DateCell(char quote) : quote_(quote) {}

 private:
  void write_value(ByteBuffer& out, std::size_t slot) override {
    char* at = out.reserve(kTimeBytesMax);
    if (quote_ != 0) *at++ = quote_;
    at = text_.write(at, values_[slot]);
    if (quote_ != 0) *at++ = quote_;
    out.advance_to(at);
  }
  const char quote_;
  DateText text_;
};

template <typename Value>
class TimeCell final : public FixedCell<Value> {
 public:
  TimeCell(char quote, TimeText text) : quote_(quote), text_(std::move(text)) {}

 private:
  void write_value(ByteBuffer& out, std::size_t slot) override {
    char* at = out.reserve(kTimeBytesMax);
    if (quote_ != 0) *at++ = quote_;
    at = text_.write(at, this->values_[slot]);
    if (quote_ != 0) *at++ = quote_;
    out.advance_to(at);
  }
  const char quote_;
  TimeText text_;
};

// Only NULL is of type Nothing.
class NothingCell final : public CellWriter {
 public:
  explicit NothingCell(std::string null) : null_(std::move(null)) {}

 private:
  void bind_values(const Column& column) override { static_cast<void>(column); }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    static_cast<void>(slot);
    out.append(null_);
  }
  const std::string null_;
};

std::unique_ptr<CellWriter> make_time_cell(const DataType& type, const CellOptions& options) {
  const FormatSettings& settings = *options.settings;
  const TimeStyle style = settings.iso_times    ? TimeStyle::Iso
                          : settings.unix_times ? TimeStyle::Unix
                                                : TimeStyle::Simple;
  const std::string& zone = type.timezone.empty() ? settings.timezone : type.timezone;
  const char quote = quote_of(options.style);
  if (type.id == TypeId::DateTime) {
    return std::make_unique<TimeCell<std::uint32_t>>(quote, TimeText(style, zone, 0));
  }
  return std::make_unique<TimeCell<std::int64_t>>(quote, TimeText(style, zone, type.scale));
}

template <typename Value>
std::unique_ptr<CellWriter> make_float_cell(const CellOptions& options) {
  if (is_json(options.style)) {
    return std::make_unique<JsonFloatCell<Value>>(options.settings->quote_denormals);
  }
  return std::make_unique<NumberCell<Value>>(options.style == CellStyle::JsonStrings);
}

std::unique_ptr<CellWriter> make_not_null_cell(const DataType& type, const CellOptions& options) {
  const bool text = options.style == CellStyle::JsonStrings;
  const bool quoted = text || (is_json(options.style) && options.settings->quote_64bit_integers);
  switch (type.id) {
    case TypeId::Nothing: return std::make_unique<NothingCell>(null_text(options));
    case TypeId::Bool: return std::make_unique<BoolCell>(text);
    case TypeId::UInt8: return std::make_unique<NumberCell<std::uint8_t>>(text);
    case TypeId::UInt16: return std::make_unique<NumberCell<std::uint16_t>>(text);
    case TypeId::UInt32: return std::make_unique<NumberCell<std::uint32_t>>(text);
    case TypeId::UInt64: return std::make_unique<NumberCell<std::uint64_t>>(quoted);
    case TypeId::Int8: return std::make_unique<NumberCell<std::int8_t>>(text);
    case TypeId::Int16: return std::make_unique<NumberCell<std::int16_t>>(text);
    case TypeId::Int32: return std::make_unique<NumberCell<std::int32_t>>(text);
    case TypeId::Int64:
    case TypeId::Interval: return std::make_unique<NumberCell<std::int64_t>>(quoted);
    case TypeId::Float32: return make_float_cell<float>(options);
    case TypeId::Float64: return make_float_cell<double>(options);
    case TypeId::String: return make_string_cell(options);
    case TypeId::Date: return std::make_unique<DateCell>(quote_of(options.style));
    case TypeId::DateTime:
    case TypeId::DateTime64: return make_time_cell(type, options);
    case TypeId::Array: return make_array_cell(type, options);
    case TypeId::Tuple: return make_tuple_cell(type, options);
  }
  return nullptr;
}

}  // namespace

std::string null_text(const CellOptions& options) {
  switch (options.style) {
    using enum CellStyle;
    case Plain: return "ᴺᵁᴸᴸ";
    case Escaped:
    case Raw: return options.settings->null_tsv;
    case Csv: return options.settings->null_csv;
    case Quoted: return "NULL";
    case Json:
    case JsonPretty: return "null";
    case JsonStrings: return "\"ᴺᵁᴸᴸ\"";
  }
  return {};
}

void append_string(ByteBuffer& out, std::string_view text, const CellOptions& options) {
  switch (options.style) {
    using enum CellStyle;
    case Plain:
    case Raw: return out.append(text);
    case Escaped: return append_escaped(out, text);
    case Csv: return append_csv(out, text);
    case Quoted: return append_quoted(out, text);
    case Json:
    case JsonPretty:
    case JsonStrings:
      return append_json(out, text, {options.settings->json_escape_slashes, options.valid_utf8});
  }
}

std::unique_ptr<CellWriter> make_cell(const DataType& type, const CellOptions& options) {
  auto cell = make_not_null_cell(type, options);
  cell->set_null(null_text(options));
  return cell;
}

RowCells::RowCells(const std::vector<ResultColumn>& columns, const CellOptions& options) {
  for (const ResultColumn& column : columns) {
    cells_.push_back(make_cell(column.type, options));
  }
}

void RowCells::bind(const Block& block) {
  for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i]->bind(*block.columns[i]);
}

}  // namespace grapevine::sql
