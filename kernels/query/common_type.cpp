#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "kernels/query/data_type.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

absl::Status no_common_type(std::span<const DataType> types, std::string_view why) {
  std::string message = "There is no supertype for types ";
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (i > 0) message += ", ";
    message += name_of(types[i]);
  }
  return query_error(QueryErrorCode::NoCommonType, message.append(" because ").append(why));
}

// Whether values of the two are the same thing: Bool is a UInt8, and a timezone only shows times.
bool is_alike(const DataType& a, const DataType& b) {
  const auto stored = [](TypeId id) { return id == TypeId::Bool ? TypeId::UInt8 : id; };
  if (stored(a.id) != stored(b.id) || a.nullable != b.nullable || a.scale != b.scale ||
      a.unit != b.unit || a.element_names != b.element_names) {
    return false;
  }
  return std::ranges::equal(a.elements, b.elements, is_alike);
}

// As many of them as are numbers: the smallest type that holds every value of all.
absl::StatusOr<DataType> common_number(std::span<const DataType> types) {
  std::size_t unsigned_bytes = 0;
  std::size_t signed_bytes = 0;
  std::size_t float_bytes = 0;
  for (const DataType& type : types) {
    std::size_t& bytes = is_float(type.id)    ? float_bytes
                         : is_signed(type.id) ? signed_bytes
                                              : unsigned_bytes;
    bytes = std::max(bytes, width_of(type.id));
  }
  if (float_bytes > 0) {
    const std::size_t integer_bytes = std::max(unsigned_bytes, signed_bytes);
    if (integer_bytes > 4) {
      return no_common_type(
          types,
          "some of them are integers and some are floating point, but there is no"
          " floating point type, that can exactly represent all required integers");
    }
    return plain(float_bytes > 4 || integer_bytes > 2 ? TypeId::Float64 : TypeId::Float32);
  }
  if (signed_bytes > 0) {
    if (unsigned_bytes >= signed_bytes) signed_bytes = 2 * unsigned_bytes;
    switch (signed_bytes) {
      case 1: return plain(TypeId::Int8);
      case 2: return plain(TypeId::Int16);
      case 4: return plain(TypeId::Int32);
      case 8: return plain(TypeId::Int64);
      default:
        return no_common_type(
            types,
            "some of them are signed integers and some are unsigned integers, but "
            "there is no signed integer type, that can exactly represent all "
            "required unsigned integer values");
    }
  }
  switch (unsigned_bytes) {
    case 1: return plain(TypeId::UInt8);
    case 2: return plain(TypeId::UInt16);
    case 4: return plain(TypeId::UInt32);
    default: return plain(TypeId::UInt64);
  }
}

// The finest: of several DateTime64 the last of the largest scale, else the first DateTime.
DataType common_time(std::span<const DataType> types) {
  const DataType* common = nullptr;
  for (const DataType& type : types) {
    if (common == nullptr || type.id > common->id ||
        (type.id == TypeId::DateTime64 && type.scale >= common->scale)) {
      common = &type;
    }
  }
  return *common;
}

absl::StatusOr<DataType> common_interval(std::span<const DataType> types) {
  const DataType* finest = &types[0];
  for (const DataType& type : types) {
    if ((type.unit >= IntervalUnit::Month) != (types[0].unit >= IntervalUnit::Month)) {
      return query_error(QueryErrorCode::NoCommonType,
                         "Cannot compare intervals " + name_of(types[0]) + " and " + name_of(type) +
                             " because the number of days in a month is not fixed");
    }
    if (type.unit < finest->unit) finest = &type;
  }
  return *finest;
}

absl::StatusOr<DataType> common_tuple(std::span<const DataType> types) {
  DataType common{.id = TypeId::Tuple, .element_names = types[0].element_names};
  for (const DataType& type : types) {
    if (type.elements.size() != types[0].elements.size()) {
      return no_common_type(types, "Tuples have different sizes");
    }
    if (type.element_names != common.element_names) common.element_names.clear();
  }
  std::vector<DataType> column(types.size());
  for (std::size_t i = 0; i < types[0].elements.size(); ++i) {
    std::ranges::transform(types, column.begin(),
                           [&](const DataType& type) { return type.elements[i]; });
    auto element = common_type(column);
    if (!element.ok()) return element.status();
    common.elements.push_back(*std::move(element));
  }
  return common;
}

// The common type of types of which none is Nothing or nullable. Precondition: there are some.
absl::StatusOr<DataType> common_of_values(std::span<const DataType> types) {
  const DataType& first = types[0];
  const auto is_first = [&](const DataType& type) { return is_alike(type, first); };
  if (std::ranges::all_of(types, is_first)) return first;
  const auto all = [&](auto test) {
    return std::ranges::all_of(types, [&](const DataType& type) { return test(type.id); });
  };
  const auto any = [&](auto test) {
    return std::ranges::any_of(types, [&](const DataType& type) { return test(type.id); });
  };
  const auto of = [](TypeId wanted) { return [wanted](TypeId id) { return id == wanted; }; };

  if (all(is_numeric)) return common_number(types);
  if (all(is_time)) return common_time(types);
  if (all(of(TypeId::Interval))) return common_interval(types);
  if (all(of(TypeId::Tuple))) return common_tuple(types);
  if (all(of(TypeId::Array))) {
    std::vector<DataType> elements;
    for (const DataType& type : types) elements.push_back(type.elements.at(0));
    auto element = common_type(elements);
    if (!element.ok()) return element.status();
    return array_of(*std::move(element));
  }
  const std::string_view kind = any(of(TypeId::String))  ? "String/FixedString/Enum"
                                : any(of(TypeId::Array)) ? "Array"
                                : any(of(TypeId::Tuple)) ? "Tuples"
                                : any(is_time)           ? "Date/Date32/DateTime/DateTime64"
                                                         : "numbers";
  return no_common_type(types,
                        "some of them are " + std::string(kind) + " and some of them are not");
}

}  // namespace

absl::StatusOr<DataType> common_type(const std::vector<DataType>& types) {
  std::vector<DataType> values;
  bool has_null = false;
  for (const DataType& type : types) {
    has_null = has_null || type.nullable;
    if (type.id != TypeId::Nothing) values.push_back(not_null(type));
  }
  if (values.empty()) return DataType{.id = TypeId::Nothing, .nullable = has_null};
  auto common = common_of_values(values);
  if (!common.ok() || !has_null) return common;
  if (common->id == TypeId::Array || common->id == TypeId::Tuple) {
    return no_common_type(types, "some of them are " + name_of(*common) +
                                     ", which cannot be inside Nullable, and some are NULL");
  }
  return nullable(*std::move(common));
}

}  // namespace grapevine::sql
