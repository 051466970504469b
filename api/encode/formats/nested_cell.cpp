#include <utility>

#include "api/encode/formats/cell_writer.hpp"

namespace grapevine::sql {
namespace {

bool is_nested(const DataType& type) {
  return type.id == TypeId::Array || type.id == TypeId::Tuple;
}

// What stands between the elements, and around them.
struct Brackets {
  std::string begin = "[";
  std::string between = ",";
  std::string end = "]";
};

// On lines of their own, one step deeper than the value's.
Brackets pretty_brackets(const CellOptions& options, char open, char close) {
  std::string line = "\n";
  for (std::size_t i = 0; i < options.indent; ++i) line += options.indent_step;
  const std::string deeper = line + options.indent_step;
  return {open + deeper, "," + deeper, line + close};
}

class ArrayCell final : public CellWriter {
 public:
  ArrayCell(std::unique_ptr<CellWriter> element, Brackets brackets)
      : element_(std::move(element)), brackets_(std::move(brackets)) {}

 private:
  void bind_values(const Column& column) override {
    const ArrayValues& array = column.array();
    ends_ = array.ends.data();
    element_->bind(*array.elements);
  }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    const std::size_t begin = slot == 0 ? 0 : ends_[slot - 1];
    const std::size_t end = ends_[slot];
    if (begin == end) return out.append("[]");
    out.append(brackets_.begin);
    for (std::size_t i = begin; i < end; ++i) {
      if (i != begin) out.append(brackets_.between);
      element_->write(out, i);
    }
    out.append(brackets_.end);
  }

  const std::unique_ptr<CellWriter> element_;
  const Brackets brackets_;
  const std::uint64_t* ends_ = nullptr;
};

class TupleCell final : public CellWriter {
 public:
  struct Element {
    std::string lead;  // Its name, in an object of JSON.
    std::unique_ptr<CellWriter> cell;
  };
  TupleCell(std::vector<Element> elements, Brackets brackets)
      : elements_(std::move(elements)), brackets_(std::move(brackets)) {}

 private:
  void bind_values(const Column& column) override {
    const TupleValues& tuple = column.tuple();
    for (std::size_t i = 0; i < elements_.size(); ++i) elements_[i].cell->bind(*tuple.elements[i]);
  }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    out.append(brackets_.begin);
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      if (i != 0) out.append(brackets_.between);
      out.append(elements_[i].lead);
      elements_[i].cell->write(out, slot);
    }
    out.append(brackets_.end);
  }

  const std::vector<Element> elements_;
  const Brackets brackets_;
};

// A nested value is one text, whatever is inside, where the style puts texts in quotes.
class WholeCell final : public CellWriter {
 public:
  WholeCell(std::unique_ptr<CellWriter> whole, const CellOptions& options)
      : whole_(std::move(whole)), options_(options) {}

 private:
  void bind_values(const Column& column) override { whole_->bind(column); }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    text_.clear();
    whole_->write(text_, slot);
    append_string(out, text_.view(), options_);
  }

  const std::unique_ptr<CellWriter> whole_;
  const CellOptions options_;
  ByteBuffer text_;
};

CellOptions with_style(CellOptions options, CellStyle style) {
  options.style = style;
  return options;
}

}  // namespace

std::unique_ptr<CellWriter> make_array_cell(const DataType& type, const CellOptions& options) {
  const DataType& element = type.elements.front();
  switch (options.style) {
    using enum CellStyle;
    case Csv:
    case JsonStrings:
      return std::make_unique<WholeCell>(make_array_cell(type, with_style(options, Quoted)),
                                         options);
    case JsonPretty: {
      if (!is_nested(element)) return make_array_cell(type, with_style(options, Json));
      CellOptions deeper = options;
      ++deeper.indent;
      return std::make_unique<ArrayCell>(make_cell(element, deeper),
                                         pretty_brackets(options, '[', ']'));
    }
    case Json: return std::make_unique<ArrayCell>(make_cell(element, options), Brackets{});
    case Plain:
    case Escaped:
    case Raw:
    case Quoted: break;
  }
  return std::make_unique<ArrayCell>(make_cell(element, with_style(options, CellStyle::Quoted)),
                                     Brackets{});
}

std::unique_ptr<CellWriter> make_tuple_cell(const DataType& type, const CellOptions& options) {
  if (options.named_tuples_as_json && !type.element_names.empty()) {
    CellOptions json = with_style(options, CellStyle::JsonPretty);
    json.named_tuples_as_json = false;
    json.indent = 0;
    return make_tuple_cell(type, json);
  }
  const bool pretty = options.style == CellStyle::JsonPretty;
  const bool json = pretty || options.style == CellStyle::Json;
  const bool object = json && !type.element_names.empty();
  CellOptions inner = options;
  if (pretty) ++inner.indent;
  if (!json) inner.style = CellStyle::Quoted;
  std::vector<TupleCell::Element> elements;
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    std::string lead;
    if (object) {
      ByteBuffer name;
      append_string(name, type.element_names[i], options);
      lead = name.take() + (pretty ? ": " : ":");
    }
    elements.push_back({std::move(lead), make_cell(type.elements[i], inner)});
  }
  Brackets brackets{"(", ",", ")"};
  if (pretty) {
    brackets = pretty_brackets(options, object ? '{' : '[', object ? '}' : ']');
    if (elements.empty()) brackets.begin.resize(2);  // No tabs before nothing.
  } else if (json) {
    brackets = object ? Brackets{"{", ",", "}"} : Brackets{};
  }
  // A tuple that is a cell of CSV has no elements: see flat_tuples.hpp.
  if (options.style == CellStyle::Csv && elements.empty()) brackets = {"", "", ""};
  auto tuple = std::make_unique<TupleCell>(std::move(elements), std::move(brackets));
  const bool whole = options.style == CellStyle::Csv && !type.elements.empty();
  if (whole || options.style == CellStyle::JsonStrings) {
    return std::make_unique<WholeCell>(std::move(tuple), options);
  }
  return tuple;
}

}  // namespace grapevine::sql
