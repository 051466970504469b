#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "storage/checkpoint/checked_file.hpp"
#include "storage/checkpoint/save_later.hpp"
#include "storage/date_time.hpp"

namespace grapevine {

/// Whether a value stands in a file as in memory. Not bool, of which not every byte is a value; of an
/// enum that was read, its class checks the range.
template <typename Value>
inline constexpr bool kIsPlain = std::is_arithmetic_v<Value> || std::is_enum_v<Value>;
template <>
inline constexpr bool kIsPlain<bool> = false;
template <std::size_t Size>
inline constexpr bool kIsPlain<std::array<std::uint8_t, Size>> = true;
template <>
inline constexpr bool kIsPlain<DateTime> = true;
template <typename Value>
concept PlainValue = kIsPlain<Value>;
template <typename Value>
concept StructValue = std::is_class_v<Value> && !kIsPlain<Value>;

/// `Value` is a `Type`, const or not: for functions that serve both directions.
template <typename Value, typename Type>
concept Is = std::same_as<std::remove_const_t<Value>, Type>;

/// Writes values one after the other: `out(a, b, c)` is read by `in(a, b, c)` of a FieldReader.
/// A struct takes part by a function `fields(archive, value)`, static or beside it, that names its
/// members for both.
class FieldWriter {
 public:
  explicit FieldWriter(CheckedWriter& file) : file_(file) {}

  template <typename... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }
  void section(std::string_view name, std::uint32_t version) { file_.section(name, version); }
  /// Elements without their count.
  template <typename Element>
  void elements(const Element* first, std::size_t count) {
    if constexpr (PlainValue<Element>) {
      file_.write(first, count * sizeof(Element));
    } else {
      for (const Element* element = first; element != first + count; ++element) put(*element);
    }
  }

 private:
  template <PlainValue Value>
  void put(const Value& value) {
    file_.write(&value, sizeof(Value));
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(std::string_view text) {
    put(std::uint64_t{text.size()});
    file_.write(text.data(), text.size());
  }
  void put(const bool& truth) { put(static_cast<std::uint8_t>(truth)); }
  template <typename Value>
  void put(const std::optional<Value>& value) {
    put(value.has_value());
    if (value) put(*value);
  }
  template <typename Element>
  void put(const std::vector<Element>& values) {
    put(std::uint64_t{values.size()});
    elements(values.data(), values.size());
  }
  template <typename... Alternatives>
  void put(const std::variant<Alternatives...>& value) {
    put(static_cast<std::uint8_t>(value.index()));
    std::visit([this](const auto& alternative) { this->put(alternative); }, value);
  }
  template <typename Value>
  requires std::is_class_v<Value>
  void put(const Value& value) {
    if constexpr (requires { Value::fields(*this, value); }) {
      Value::fields(*this, value);
    } else {
      fields(*this, value);
    }
  }

  CheckedWriter& file_;
};

/// Reads what a FieldWriter wrote. No bytes make it take more memory than a few times the file.
class FieldReader {
 public:
  using Task = std::function<void()>;

  /// `aside` runs work that need not be done before reading goes on, before the state is used.
  explicit FieldReader(
      CheckedReader& file, std::function<void(Task)> aside = [](const Task& task) { task(); })
      : file_(file), aside_(std::move(aside)) {}

  /// Begins the section of that name, and returns its version, at most `newest`.
  std::uint32_t section(std::string_view name, std::uint32_t newest) {
    return file_.section(name, newest);
  }
  void aside(Task task) { aside_(std::move(task)); }

  template <typename... Values>
  void operator()(Values&... values) {
    (get(values), ...);
  }
  template <typename Element>
  void elements(Element* first, std::size_t count) {
    if constexpr (PlainValue<Element>) {
      file_.read(first, count * sizeof(Element));
    } else {
      for (Element* element = first; element != first + count && ok(); ++element) get(*element);
    }
  }
  /// A number of things, of which each takes at least `bytes` of the file.
  std::size_t count(std::size_t bytes) {
    std::uint64_t count = 0;
    get(count);
    if (count <= file_.left() / bytes) return static_cast<std::size_t>(count);
    file_.fail("a count is larger than the file");
    return 0;
  }
  void require(bool sound, std::string_view what) {
    if (!sound) file_.fail(what);
  }
  [[nodiscard]] bool ok() const { return file_.ok(); }

 private:
  template <PlainValue Value>
  void get(Value& value) {
    file_.read(&value, sizeof(Value));
  }
  void get(std::string& text) { get_bytes(text); }
  // Without filling the memory before.
  template <typename Bytes>
  void get_bytes(Bytes& bytes) {
    std::size_t left = count(1);
    bytes.clear();
    bytes.reserve(left);
    while (left > 0) {
      const std::string_view piece = file_.read_some(left);
      if (piece.empty()) return;
      bytes.insert(bytes.end(), piece.begin(), piece.end());
      left -= piece.size();
    }
  }
  void get(bool& truth) {
    std::uint8_t byte = 0;
    get(byte);
    require(byte <= 1, "no truth value");
    truth = byte != 0;
  }
  template <typename Value>
  void get(std::optional<Value>& value) {
    bool there = false;
    get(there);
    value.reset();
    if (there) get(value.emplace());
  }
  void get(std::vector<std::uint8_t>& bytes) { get_bytes(bytes); }
  template <typename Element>
  void get(std::vector<Element>& values) {
    const std::size_t size = count(PlainValue<Element> ? sizeof(Element) : 1);
    values.clear();
    if constexpr (PlainValue<Element>) {
      values.resize(size);
      elements(values.data(), size);
    } else {
      for (std::size_t i = 0; i < size && ok(); ++i) get(values.emplace_back());
    }
  }
  template <typename... Alternatives>
  void get(std::variant<Alternatives...>& value) {
    std::uint8_t which = 0;
    get(which);
    require(which < sizeof...(Alternatives), "a value of a kind that does not exist");
    if (ok()) get_alternative(value, which, std::index_sequence_for<Alternatives...>());
  }
  template <typename Variant, std::size_t... I>
  void get_alternative(Variant& value, std::size_t which, std::index_sequence<I...>) {
    (void)((which == I && (get(value.template emplace<I>()), true)) || ...);
  }
  template <typename Value>
  requires std::is_class_v<Value>
  void get(Value& value) {
    if constexpr (requires { Value::fields(*this, value); }) {
      Value::fields(*this, value);
    } else {
      fields(*this, value);
    }
  }

  CheckedReader& file_;
  std::function<void(Task)> aside_;
};

}  // namespace grapevine
