#include "api/sql/bind/bound.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <xxhash.h>

#include "api/sql/bind/value_set.hpp"
#include "kernels/query/functions/truth.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Sixteen bytes that stand for a text of any length.
std::string digest(std::string_view text) {
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  std::string bytes(sizeof hash, '\0');
  std::copy_n(reinterpret_cast<const char*>(&hash), sizeof hash, bytes.data());
  return bytes;
}

std::string key_of(std::string_view what, const std::vector<BoundPtr>& arguments) {
  std::string text(what);
  text += '\0';
  for (const BoundPtr& argument : arguments) text += argument->key;
  return digest(text);
}

// The bytes of a constant's value, so that equal values of one type have equal ones.
void append_value(std::string& text, const Column& column, std::size_t slot) {
  if (!column.nulls.empty() && column.nulls[slot] != 0) {
    text += 'N';
    return;
  }
  text += 'v';
  if (column.type.id == TypeId::Array) {
    const ArrayValues& array = column.array();
    const std::size_t begin = slot == 0 ? 0 : array.ends[slot - 1];
    for (std::size_t i = begin; i < array.ends[slot]; ++i) {
      append_value(text, *array.elements, array.elements->slot(i));
    }
    text += ']';
  } else if (column.type.id == TypeId::Tuple) {
    for (const ColumnPtr& element : column.tuple().elements) {
      append_value(text, *element, element->slot(slot));
    }
  } else if (const std::size_t width = width_of(column.type.id); width > 0) {
    const auto* bytes = std::get<FixedValues>(column.values).data<char>() + slot * width;
    text.append(bytes, width);
  } else {
    const std::string_view value = column.text(slot);
    text += std::to_string(value.size()) + ':';
    text += value;
  }
}

// Whether leaving an expression out changes nothing but what it costs.
bool can_be_left_out(const BoundPtr& expression) {
  return !contains(expression, Bound::Kind::Aggregate) &&
         !contains(expression, Bound::Kind::Window) &&
         !contains(expression, Bound::Kind::ArrayJoin) && is_pure(expression);
}

// What a call is whatever the values of its other arguments are: FALSE AND x, TRUE OR x, whether what
// is never NULL is. nullptr: it depends on them.
BoundPtr settled_call(std::string_view name, const std::vector<BoundPtr>& arguments,
                      const DataType& type) {
  const bool is_and = name == "and";
  const bool asks_null = name == "isNull" || name == "isNotNull";
  if ((!is_and && name != "or" && !asks_null) ||
      !std::all_of(arguments.begin(), arguments.end(), can_be_left_out)) {
    return nullptr;
  }
  const auto answer = [&](bool truth) {
    return bound_constant(constant_fixed<std::uint8_t>(type, truth ? 1 : 0));
  };
  if (asks_null) {
    const DataType& of = arguments[0]->type;
    if (of.nullable || of.id == TypeId::Nothing) return nullptr;
    return answer(name == "isNotNull");
  }
  for (const BoundPtr& argument : arguments) {
    if (argument->constant == nullptr) continue;
    if (truths_of(resized(argument->constant, 1), 1)[0] == (is_and ? 0 : 1)) return answer(!is_and);
  }
  return nullptr;
}

}  // namespace

BoundPtr bound_column(std::size_t column, DataType type, std::string name) {
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::Column;
  made->type = std::move(type);
  made->column = column;
  made->name = std::move(name);
  made->key = digest("#" + std::to_string(column));
  return made;
}

BoundPtr bound_constant(ColumnPtr value) {
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::Constant;
  made->type = value->type;
  std::string text = name_of(value->type) + '\0';
  append_value(text, *value, 0);
  made->key = digest(text);
  made->constant = std::move(value);
  return made;
}

absl::StatusOr<BoundPtr> bound_call(std::string_view name, std::vector<BoundPtr> arguments,
                                    const SessionFacts& facts) {
  std::vector<Argument> types;
  bool constant = true;
  for (const BoundPtr& argument : arguments) {
    types.push_back({argument->type, argument->constant});
    constant = constant && argument->constant != nullptr;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(FunctionPtr function, make_function(name, types, facts));
  if (constant && function->is_pure() && name != "throwIf" && name != "materialize") {
    std::vector<ColumnPtr> values;
    for (const BoundPtr& argument : arguments) values.push_back(resized(argument->constant, 1));
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr value, function->apply(values, 1));
    return bound_constant(value->constant ? value : value_at(value, 0));
  }
  if (BoundPtr settled = settled_call(name, arguments, function->type())) return settled;
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::Call;
  made->type = function->type();
  made->name = name;
  made->key =
      key_of(function->is_pure()
                 ? std::string(name)
                 : std::string(name) + std::to_string(reinterpret_cast<std::uintptr_t>(made.get())),
             arguments);
  made->function = std::move(function);
  made->arguments = std::move(arguments);
  return made;
}

absl::StatusOr<BoundPtr> bound_cast(BoundPtr expression, const DataType& type,
                                    const SessionFacts& facts) {
  if (expression->type == type) return expression;
  if (expression->constant != nullptr) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr value,
                               cast(resized(expression->constant, 1), type, facts));
    return bound_constant(value->constant ? value : value_at(value, 0));
  }
  return bound_call("CAST", {std::move(expression), bound_constant(constant_text(name_of(type)))},
                    facts);
}

BoundPtr bound_in(std::vector<BoundPtr> arguments, std::shared_ptr<const ValueSet> set,
                  bool negated, const std::string& what) {
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::In;
  made->type = plain(TypeId::UInt8);
  made->type.nullable = arguments.size() == 1 && arguments[0]->type.nullable;
  made->name = negated ? "notIn" : "in";
  made->key = key_of(made->name + what, arguments);
  made->arguments = std::move(arguments);
  made->set = std::move(set);
  made->negated = negated;
  return made;
}

absl::StatusOr<BoundPtr> bound_map(std::vector<BoundPtr> arguments, std::size_t arrays,
                                   BoundPtr body, QueryContext& context) {
  const bool constant = is_pure(body) && std::all_of(arguments.begin(), arguments.end(),
                                                     [](const BoundPtr& argument) {
                                                       return argument->constant != nullptr;
                                                     });
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::Map;
  made->type = array_of(body->type);
  made->name = "arrayMap";
  made->key = key_of("arrayMap" + body->key, arguments);
  made->arguments = std::move(arguments);
  made->arrays = arrays;
  made->body = std::move(body);
  made->context = &context;
  if (!constant) return BoundPtr(std::move(made));
  const Block row{1, {}};
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr value, Evaluator(row)(made));
  return bound_constant(value->constant ? value : value_at(value, 0));
}

absl::StatusOr<BoundPtr> bound_array_join(BoundPtr array) {
  if (array->type.id != TypeId::Array) {
    return query_error(array->type.id == TypeId::Nothing ? QueryErrorCode::TypeMismatch
                                                         : QueryErrorCode::IllegalTypeOfArgument,
                       "ARRAY JOIN requires an array, which " + name_of(array->type) + " is not");
  }
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::ArrayJoin;
  made->type = array->type.elements[0];
  made->name = "arrayJoin";
  made->key = key_of("arrayJoin", {array});
  made->arguments = {std::move(array)};
  return BoundPtr(std::move(made));
}

BoundPtr bound_parameter(std::size_t number, DataType type, std::string name) {
  auto made = std::make_shared<Bound>();
  made->kind = Bound::Kind::Parameter;
  made->type = std::move(type);
  made->column = number;
  // Not by its number: the same lambda is the same expression wherever it stands.
  made->key = digest("parameter " + name + '\0' + name_of(made->type));
  made->name = std::move(name);
  return made;
}

absl::StatusOr<BoundPtr> rewrite(
    const BoundPtr& expression,
    const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)>& replace) {
  std::unordered_map<const Bound*, BoundPtr> known;
  const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)> visit =
      [&](const BoundPtr& node) -> absl::StatusOr<BoundPtr> {
    if (const auto found = known.find(node.get()); found != known.end()) return found->second;
    GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr result, replace(node));
    if (result == nullptr) {
      result = node;
      std::vector<BoundPtr> arguments;
      bool changed = false;
      for (const BoundPtr& argument : node->arguments) {
        GRAPEVINE_ASSIGN_OR_RETURN(BoundPtr other, visit(argument));
        changed = changed || other != argument;
        arguments.push_back(std::move(other));
      }
      if (changed) {
        auto copy = std::make_shared<Bound>(*node);
        copy->arguments = std::move(arguments);
        copy->key = key_of(node->key, copy->arguments);
        result = std::move(copy);
      }
    }
    known.emplace(node.get(), result);
    return result;
  };
  return visit(expression);
}

void for_each_node(const BoundPtr& expression, const std::function<void(const Bound&)>& body) {
  std::unordered_set<const Bound*> seen;
  std::vector<const Bound*> open{expression.get()};
  while (!open.empty()) {
    const Bound* node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) continue;
    body(*node);
    for (const BoundPtr& argument : node->arguments) open.push_back(argument.get());
    if (node->window == nullptr) continue;
    for (const BoundPtr& key : node->window->partition_by) open.push_back(key.get());
    for (const BoundOrder& item : node->window->order_by) open.push_back(item.expression.get());
  }
}

bool is_pure(const BoundPtr& expression) {
  bool pure = true;
  for_each_node(expression, [&](const Bound& node) {
    pure = pure && (node.function == nullptr || node.function->is_pure()) &&
           (node.body == nullptr || is_pure(node.body));
  });
  return pure;
}

bool contains(const BoundPtr& expression, Bound::Kind kind) {
  bool found = false;
  for_each_node(expression, [&](const Bound& node) { found = found || node.kind == kind; });
  return found;
}

std::vector<std::size_t> columns_of(const std::vector<BoundPtr>& expressions) {
  std::set<std::size_t> columns;
  for (const BoundPtr& expression : expressions) {
    for_each_node(expression, [&](const Bound& node) {
      if (node.kind == Bound::Kind::Column) columns.insert(node.column);
    });
  }
  return {columns.begin(), columns.end()};
}

Mask mask_of(const Column& condition) {
  Mask mask;
  const auto truth = [&](std::size_t slot) {
    if (!condition.nulls.empty() && condition.nulls[slot] != 0) return false;
    switch (width_of(condition.type.id)) {
      case 1: return condition.fixed<std::uint8_t>()[slot] != 0;
      case 2: return condition.fixed<std::uint16_t>()[slot] != 0;
      case 4:
        return condition.type.id == TypeId::Float32 ? condition.fixed<float>()[slot] != 0
                                                    : condition.fixed<std::uint32_t>()[slot] != 0;
      default:
        return condition.type.id == TypeId::Float64 ? condition.fixed<double>()[slot] != 0
                                                    : condition.fixed<std::uint64_t>()[slot] != 0;
    }
  };
  if (condition.type.id == TypeId::Nothing) {
    mask.bytes.assign(condition.rows, 0);
    return mask;
  }
  if (condition.constant) {
    const bool holds = truth(0);
    mask.count = holds ? condition.rows : 0;
    if (!holds) mask.bytes.assign(condition.rows, 0);
    return mask;
  }
  mask.bytes.resize(condition.rows);
  std::size_t count = 0;
  if (width_of(condition.type.id) == 1) {  // As comparisons answer.
    const auto values = condition.fixed<std::uint8_t>();
    if (condition.nulls.empty()) {
      for (std::size_t row = 0; row < condition.rows; ++row) {
        const std::uint8_t holds = values[row] != 0 ? 1 : 0;
        mask.bytes[row] = holds;
        count += holds;
      }
    } else {
      for (std::size_t row = 0; row < condition.rows; ++row) {
        const auto holds =
            static_cast<std::uint8_t>((values[row] != 0 ? 1 : 0) & (condition.nulls[row] ^ 1));
        mask.bytes[row] = holds;
        count += holds;
      }
    }
  } else {
    for (std::size_t row = 0; row < condition.rows; ++row) {
      mask.bytes[row] = truth(row) ? 1 : 0;
      count += mask.bytes[row];
    }
  }
  mask.count = count;
  if (count == condition.rows) mask.bytes.clear();
  return mask;
}

}  // namespace grapevine::sql
