#include "api/encode/arrow/arrow_message.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include <flatbuffers/flatbuffers.h>
#include <ipc_generated.h>

namespace grapevine {
namespace {

static_assert(std::endian::native == std::endian::little, "the schema says little-endian");

using Builder = flatbuffers::FlatBufferBuilder;

constexpr std::size_t kAlignment = 8;
constexpr std::uint32_t kContinuation = 0xFFFF'FFFF;  // Begins each message.

constexpr std::size_t padded(std::size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

void append_u32(std::string& stream, std::uint32_t value) {
  std::array<char, sizeof value> bytes;
  std::memcpy(bytes.data(), &value, sizeof value);
  stream.append(bytes.data(), bytes.size());
}

// Metadata, and room for a body of that size behind it.
void append_message(std::string& stream, Builder& builder, arrow_ipc::Header kind,
                    flatbuffers::Offset<void> header, std::size_t body_bytes) {
  builder.Finish(arrow_ipc::CreateMessage(builder, arrow_ipc::Version_V5, kind, header,
                                          static_cast<std::int64_t>(body_bytes)));
  const std::size_t size = padded(builder.GetSize());
  stream.reserve(stream.size() + 2 * sizeof(std::uint32_t) + size + body_bytes);
  append_u32(stream, kContinuation);
  append_u32(stream, static_cast<std::uint32_t>(size));
  stream.append(reinterpret_cast<const char*>(builder.GetBufferPointer()), builder.GetSize());
  stream.append(size - builder.GetSize(), '\0');
}

void append_body(std::string& stream, const ArrowBody& body) {
  for (const ArrowBody::Buffer& buffer : body.buffers()) {
    stream.append(buffer.bytes);
    stream.append(padded(buffer.bytes.size()) - buffer.bytes.size(), '\0');
  }
}

flatbuffers::Offset<arrow_ipc::RecordBatch> build_batch(Builder& builder, std::size_t rows,
                                                        const ArrowBody& body) {
  std::vector<arrow_ipc::Node> nodes;
  for (const ArrowBody::Node& node : body.nodes()) {
    nodes.emplace_back(static_cast<std::int64_t>(node.rows), static_cast<std::int64_t>(node.nulls));
  }
  std::vector<arrow_ipc::Buffer> buffers;
  for (const ArrowBody::Buffer& buffer : body.buffers()) {
    buffers.emplace_back(static_cast<std::int64_t>(buffer.offset),
                         static_cast<std::int64_t>(buffer.bytes.size()));
  }
  const auto built_nodes = builder.CreateVectorOfStructs(nodes);
  const auto built_buffers = builder.CreateVectorOfStructs(buffers);
  return arrow_ipc::CreateRecordBatch(builder, static_cast<std::int64_t>(rows), built_nodes,
                                      built_buffers);
}

struct BuiltType {
  arrow_ipc::Type kind = arrow_ipc::Type_Null;
  flatbuffers::Offset<void> type;
};

arrow_ipc::TimeUnit unit_of(ArrowTimeUnit unit) {
  switch (unit) {
    case ArrowTimeUnit::Second: return arrow_ipc::TimeUnit_Second;
    case ArrowTimeUnit::Millisecond: return arrow_ipc::TimeUnit_Millisecond;
    case ArrowTimeUnit::Microsecond: return arrow_ipc::TimeUnit_Microsecond;
    case ArrowTimeUnit::Nanosecond: return arrow_ipc::TimeUnit_Nanosecond;
  }
  return arrow_ipc::TimeUnit_Second;
}

// Of a dictionary: that of the texts.
BuiltType build_type(Builder& builder, const ArrowField& field) {
  const auto integer = [&](bool is_signed) {
    const auto bits = static_cast<std::int32_t>(8 * width_of(field.type));
    return BuiltType{arrow_ipc::Type_Int, arrow_ipc::CreateInt(builder, bits, is_signed).Union()};
  };
  const auto floating = [&](arrow_ipc::Precision precision) {
    return BuiltType{arrow_ipc::Type_FloatingPoint,
                     arrow_ipc::CreateFloatingPoint(builder, precision).Union()};
  };
  switch (field.type) {
    using enum ArrowType;
    case Null: break;
    case Bool: return {arrow_ipc::Type_Bool, arrow_ipc::CreateBool(builder).Union()};
    case Int8:
    case Int16:
    case Int32:
    case Int64: return integer(true);
    case UInt8:
    case UInt16:
    case UInt32:
    case UInt64: return integer(false);
    case Float32: return floating(arrow_ipc::Precision_Single);
    case Float64: return floating(arrow_ipc::Precision_Double);
    case Date:
      return {arrow_ipc::Type_Date,
              arrow_ipc::CreateDate(builder, arrow_ipc::DateUnit_Day).Union()};
    case Timestamp:
      return {arrow_ipc::Type_Timestamp,
              arrow_ipc::CreateTimestampDirect(builder, unit_of(field.unit), field.timezone.c_str())
                  .Union()};
    case Utf8:
    case Dictionary: return {arrow_ipc::Type_Utf8, arrow_ipc::CreateUtf8(builder).Union()};
    case List: return {arrow_ipc::Type_List, arrow_ipc::CreateList(builder).Union()};
    case Struct: return {arrow_ipc::Type_Struct, arrow_ipc::CreateStruct(builder).Union()};
  }
  return {arrow_ipc::Type_Null, arrow_ipc::CreateNull(builder).Union()};
}

flatbuffers::Offset<arrow_ipc::Field> build_field(Builder& builder, const ArrowField& field,
                                                  std::int64_t dictionary) {
  const auto name = builder.CreateString(field.name);
  const BuiltType built = build_type(builder, field);
  flatbuffers::Offset<arrow_ipc::DictionaryEncoding> encoding;
  if (field.type == ArrowType::Dictionary) {
    const auto codes = arrow_ipc::CreateInt(builder, 32, true);
    encoding = arrow_ipc::CreateDictionaryEncoding(builder, dictionary, codes);
  }
  std::vector<flatbuffers::Offset<arrow_ipc::Field>> built_children;
  for (const ArrowField& child : field.children) {
    assert(child.type != ArrowType::Dictionary);  // Dictionaries are known by the field's number.
    built_children.push_back(build_field(builder, child, 0));
  }
  const auto children = builder.CreateVector(built_children);
  return arrow_ipc::CreateField(builder, name, field.nullable, built.kind, built.type, encoding,
                                children);
}

}  // namespace

void ArrowBody::add_buffer(std::span<const std::byte> bytes, std::size_t size) {
  assert(size <= bytes.size());
  buffers_.push_back({size_, {reinterpret_cast<const char*>(bytes.data()), size}});
  size_ += padded(size);
}

void ArrowBody::add(ArrowType type, std::size_t rows, const ArrowColumn& column) {
  if (type == ArrowType::Null) return nodes_.push_back({rows, rows});  // It has no buffers.
  nodes_.push_back({rows, column.nulls});
  const std::size_t bits = (rows + 7) / 8;
  assert(!column.valid.empty() || column.nulls == 0);
  add_buffer(std::as_bytes(column.valid), column.nulls == 0 ? 0 : bits);
  switch (type) {
    case ArrowType::Struct: break;
    case ArrowType::Bool: add_buffer(column.values, bits); break;
    case ArrowType::List: add_buffer(column.values, (rows + 1) * sizeof(std::int32_t)); break;
    case ArrowType::Utf8:
      add_buffer(column.values, (rows + 1) * sizeof(std::int32_t));
      add_buffer(std::as_bytes(std::span(column.text)), column.text.size());
      break;
    default: add_buffer(column.values, rows * width_of(type)); break;
  }
  for (const ArrowChild& child : column.children) add(child.type, child.rows, child.column);
}

void append_schema(std::string& stream, std::span<const ArrowField> fields) {
  Builder builder;
  std::vector<flatbuffers::Offset<arrow_ipc::Field>> built;
  for (const ArrowField& field : fields) {
    built.push_back(build_field(builder, field, static_cast<std::int64_t>(built.size())));
  }
  const auto schema = arrow_ipc::CreateSchemaDirect(builder, arrow_ipc::Endianness_Little, &built);
  append_message(stream, builder, arrow_ipc::Header_Schema, schema.Union(), 0);
}

void append_batch(std::string& stream, std::size_t rows, const ArrowBody& body) {
  Builder builder;
  const auto batch = build_batch(builder, rows, body);
  append_message(stream, builder, arrow_ipc::Header_RecordBatch, batch.Union(), body.size());
  append_body(stream, body);
}

void append_texts(std::string& stream, std::int64_t dictionary, bool more, std::size_t rows,
                  const ArrowBody& body) {
  Builder builder;
  const auto texts = build_batch(builder, rows, body);
  const auto batch = arrow_ipc::CreateDictionaryBatch(builder, dictionary, texts, more);
  append_message(stream, builder, arrow_ipc::Header_DictionaryBatch, batch.Union(), body.size());
  append_body(stream, body);
}

void append_end(std::string& stream) {
  append_u32(stream, kContinuation);
  append_u32(stream, 0);
}

}  // namespace grapevine
