// Hashes of values: cityHash64, sipHash64, xxHash64 and their like, to the bit as in ClickHouse.
#include <array>
#include <bit>
#include <cstring>
#include <type_traits>
#include <utility>

#include <openssl/evp.h>
#include <xxhash.h>

#include "kernels/query/functions/city_hash.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Word = std::uint64_t;

// The last steps of MurmurHash3, of a whole number.
Word mixed(Word x) {
  x ^= 0x4cf2d2baae6da887;
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccd;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53;
  x ^= x >> 33;
  return x;
}

// SipHash-2-4 with a key of zeros. Source: Aumasson & Bernstein, INDOCRYPT 2012.
Word sip_hash64(std::string_view text) {
  Word v0 = 0x736f6d6570736575;
  Word v1 = 0x646f72616e646f6d;
  Word v2 = 0x6c7967656e657261;
  Word v3 = 0x7465646279746573;
  const auto round = [&] {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  };
  const auto add = [&](Word word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  };
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    Word word = 0;
    std::memcpy(&word, text.data() + at, 8);
    add(word);
  }
  Word last = 0;
  if (at < text.size()) std::memcpy(&last, text.data() + at, text.size() - at);
  add(last | static_cast<Word>(text.size()) << 56);
  v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) round();
  return v0 ^ v1 ^ v2 ^ v3;
}

template <typename Value>
std::string_view bytes_of(const Value& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// What a hash makes of a text, of a number, and of two hashes.
struct City {
  using Value = Word;
  static constexpr TypeId kId = TypeId::UInt64;
  static Word of_text(std::string_view text) { return city_hash64(text); }
  template <typename Number>
  static Word of_number(Number value) {
    Word word = 0;
    std::memcpy(&word, &value, sizeof(value));
    return mixed(word);
  }
  static Word combined(Word a, Word b) { return city_combined(a, b); }
};

struct Sip {
  using Value = Word;
  static constexpr TypeId kId = TypeId::UInt64;
  static Word of_text(std::string_view text) { return sip_hash64(text); }
  template <typename Number>
  static Word of_number(Number value) {
    return sip_hash64(bytes_of(value));
  }
  static Word combined(Word a, Word b) { return sip_hash64(bytes_of(std::array{a, b})); }
};

template <typename Hash, TypeId id, Hash (*of)(std::string_view)>
struct Xx {
  using Value = Hash;
  static constexpr TypeId kId = id;
  static Hash of_text(std::string_view text) { return of(text); }
  template <typename Number>
  static Hash of_number(Number value) {
    return of(bytes_of(value));
  }
  static Hash combined(Hash a, Hash b) { return static_cast<Hash>(city_combined(a, b)); }
};

Word xx_hash64(std::string_view text) { return XXH64(text.data(), text.size(), 0); }
Word xxh3(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }
std::uint32_t xx_hash32(std::string_view text) { return XXH32(text.data(), text.size(), 0); }

// The hashes of an argument; of all but the first together with those before it.
template <typename Kind>
void add_hashes(const ColumnPtr& column, bool is_first, std::span<typename Kind::Value> hashes) {
  const auto add = [&](std::size_t row, typename Kind::Value hash) {
    hashes[row] = is_first ? hash : Kind::combined(hashes[row], hash);
  };
  if (column->type.id == TypeId::String) {
    const Texts texts(column);
    for (std::size_t row = 0; row < hashes.size(); ++row) add(row, Kind::of_text(texts[row]));
    return;
  }
  // A DateTime64 is hashed as its bytes are.
  const bool as_bytes = column->type.id == TypeId::DateTime64;
  with_value_type(column->type.id, [&]<typename Number>(Number) {
    const std::span<const Number> values = column->template fixed<Number>();
    for (std::size_t row = 0; row < hashes.size(); ++row) {
      const Number& value = values[column->slot(row)];
      add(row, as_bytes ? Kind::of_text(bytes_of(value)) : Kind::of_number(value));
    }
  });
}

template <typename Kind>
absl::StatusOr<Resolved> hash(const Call& call) {
  for (std::size_t i = 0; i < call.size(); ++i) {
    const TypeId id = call.id(i);
    if (id == TypeId::String || is_numeric(id) || is_time(id)) continue;
    return query_error(QueryErrorCode::NotImplemented,
                       joined({"Function ", call.name, " of ", name_of(call.type(i)),
                               " is not supported: of numbers, times and Strings alone"}));
  }
  return Resolved{plain(Kind::kId), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(Kind::kId), rows);
                    const auto hashes = result->template fixed<typename Kind::Value>();
                    for (std::size_t i = 0; i < arguments.size(); ++i) {
                      add_hashes<Kind>(arguments[i], i == 0, hashes);
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> int_hash64(const Call& call) {
  if (!is_numeric(call.id(0)) && !is_time(call.id(0))) return illegal_type(call, 0);
  return hash<City>(call);
}

// Thomas Wang's, with a salt.
absl::StatusOr<Resolved> int_hash32(const Call& call) {
  if (!is_numeric(call.id(0)) && !is_time(call.id(0))) return illegal_type(call, 0);
  return Resolved{plain(TypeId::UInt32),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    auto result = new_fixed(plain(TypeId::UInt32), rows);
                    std::uint32_t* const to = result->fixed<std::uint32_t>().data();
                    with_value_type(arguments[0]->type.id, [&]<typename Number>(Number) {
                      const std::span<const Number> values = arguments[0]->fixed<Number>();
                      for (std::size_t row = 0; row < rows; ++row) {
                        Word x = 0;
                        std::memcpy(&x, &values[arguments[0]->slot(row)], sizeof(Number));
                        x ^= 0x75d9543de018bf45;
                        x = ~x + (x << 18);
                        x ^= std::rotr(x, 31);
                        x *= 21;
                        x ^= std::rotr(x, 11);
                        x += x << 6;
                        x ^= std::rotr(x, 22);
                        to[row] = static_cast<std::uint32_t>(x);
                      }
                    });
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

// Half of the digest, the first byte the highest.
Word half_md5(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr);
  Word word = 0;
  for (std::size_t i = 0; i < 8; ++i) word = word << 8 | digest[i];
  return word;
}

absl::StatusOr<Resolved> half_md5_of(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return number_of_text<Word>(TypeId::UInt64, half_md5);
}

using Xx64 = Xx<Word, TypeId::UInt64, xx_hash64>;
using Xx32 = Xx<std::uint32_t, TypeId::UInt32, xx_hash32>;
using Xxh3 = Xx<Word, TypeId::UInt64, xxh3>;

constexpr Definition kDefinitions[] = {
    {"cityHash64", hash<City>, 1, kAnyNumber}, {"halfMD5", half_md5_of, 1, 1},
    {"intHash32", int_hash32, 1, 1},           {"intHash64", int_hash64, 1, 1},
    {"sipHash64", hash<Sip>, 1, kAnyNumber},   {"xxHash32", hash<Xx32>, 1, 1},
    {"xxHash64", hash<Xx64>, 1, kAnyNumber},   {"xxh3", hash<Xxh3>, 1, kAnyNumber},
};

}  // namespace

std::span<const Definition> hash_functions() { return kDefinitions; }

}  // namespace grapevine::sql
