#include "api/encode/formats/binary_cell.hpp"

#include <bit>
#include <utility>

#include "api/encode/formats/binary_values.hpp"

namespace grapevine::sql {
namespace {

static_assert(std::endian::native == std::endian::little, "RowBinary is little-endian");

template <std::size_t kWidth>
class FixedBinaryCell final : public CellWriter {
 private:
  void bind_values(const Column& column) override {
    values_ = std::get<FixedValues>(column.values).data<char>();
  }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    char* to = out.reserve(kWidth);
    std::memcpy(to, values_ + slot * kWidth, kWidth);
    out.advance_to(to + kWidth);
  }
  const char* values_ = nullptr;
};

class TextBinaryCell final : public CellWriter {
 private:
  void bind_values(const Column& column) override { column_ = &column; }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    append_binary_string(out, column_->text(slot));
  }
  const Column* column_ = nullptr;
};

class ArrayBinaryCell final : public CellWriter {
 public:
  explicit ArrayBinaryCell(std::unique_ptr<CellWriter> element) : element_(std::move(element)) {}

 private:
  void bind_values(const Column& column) override {
    ends_ = column.array().ends.data();
    element_->bind(*column.array().elements);
  }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    const std::size_t begin = slot == 0 ? 0 : ends_[slot - 1];
    append_varuint(out, ends_[slot] - begin);
    for (std::size_t i = begin; i < ends_[slot]; ++i) element_->write(out, i);
  }
  const std::unique_ptr<CellWriter> element_;
  const std::uint64_t* ends_ = nullptr;
};

class TupleBinaryCell final : public CellWriter {
 public:
  explicit TupleBinaryCell(std::vector<std::unique_ptr<CellWriter>> elements)
      : elements_(std::move(elements)) {}

 private:
  void bind_values(const Column& column) override {
    for (std::size_t i = 0; i < elements_.size(); ++i) {
      elements_[i]->bind(*column.tuple().elements[i]);
    }
  }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    for (const auto& element : elements_) element->write(out, slot);
  }
  const std::vector<std::unique_ptr<CellWriter>> elements_;
};

// Only NULL is of type Nothing, and has no value.
class NothingBinaryCell final : public CellWriter {
 private:
  void bind_values(const Column& column) override { static_cast<void>(column); }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    static_cast<void>(slot);
    out.append('\1');
  }
};

class NullableBinaryCell final : public CellWriter {
 public:
  explicit NullableBinaryCell(std::unique_ptr<CellWriter> value) : value_(std::move(value)) {
    set_null("\1");
  }

 private:
  void bind_values(const Column& column) override { value_->bind(column); }
  void write_value(ByteBuffer& out, std::size_t slot) override {
    out.append('\0');
    value_->write(out, slot);
  }
  const std::unique_ptr<CellWriter> value_;
};

std::unique_ptr<CellWriter> make_not_null_cell(const DataType& type) {
  switch (type.id) {
    case TypeId::Nothing: return std::make_unique<NothingBinaryCell>();
    case TypeId::String: return std::make_unique<TextBinaryCell>();
    case TypeId::Array:
      return std::make_unique<ArrayBinaryCell>(make_binary_cell(type.elements.front()));
    case TypeId::Tuple: {
      std::vector<std::unique_ptr<CellWriter>> elements;
      for (const DataType& element : type.elements) elements.push_back(make_binary_cell(element));
      return std::make_unique<TupleBinaryCell>(std::move(elements));
    }
    default: break;
  }
  switch (width_of(type.id)) {
    case 1: return std::make_unique<FixedBinaryCell<1>>();
    case 2: return std::make_unique<FixedBinaryCell<2>>();
    case 4: return std::make_unique<FixedBinaryCell<4>>();
    default: return std::make_unique<FixedBinaryCell<8>>();
  }
}

}  // namespace

std::unique_ptr<CellWriter> make_binary_cell(const DataType& type) {
  auto value = make_not_null_cell(type);
  if (!type.nullable || type.id == TypeId::Nothing) {
    value->set_null("\1");
    return value;
  }
  return std::make_unique<NullableBinaryCell>(std::move(value));
}

}  // namespace grapevine::sql
