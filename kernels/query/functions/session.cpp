// What is known of the session and the server, and functions about expressions themselves.
#include <atomic>
#include <memory>
#include <utility>

#include "kernels/propagation/chance.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/truth.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

Resolved text(std::string value) {
  return {plain(TypeId::String),
          [value = std::move(value)](std::span<const ColumnPtr>, std::size_t rows) {
            return absl::StatusOr<ColumnPtr>(constant_text(value, rows));
          }};
}

template <std::string SessionFacts::*member>
absl::StatusOr<Resolved> fact(const Call& call) {
  return text(call.facts.*member);
}

absl::StatusOr<Resolved> host_name(const Call&) { return text("localhost"); }

absl::StatusOr<Resolved> uptime(const Call& call) {
  const auto seconds = static_cast<std::uint32_t>(call.facts.uptime_s);
  return Resolved{
      plain(TypeId::UInt32), [seconds](std::span<const ColumnPtr>, std::size_t rows) {
        return absl::StatusOr<ColumnPtr>(constant_fixed(plain(TypeId::UInt32), seconds, rows));
      }};
}

// Of the protocol: that of ClickHouse 25.8.
absl::StatusOr<Resolved> revision(const Call&) {
  return Resolved{plain(TypeId::UInt32), [](std::span<const ColumnPtr>, std::size_t rows) {
                    return absl::StatusOr<ColumnPtr>(
                        constant_fixed(plain(TypeId::UInt32), std::uint32_t{54'479}, rows));
                  }};
}

absl::StatusOr<Resolved> to_type_name(const Call& call) { return text(name_of(call.type(0))); }

absl::StatusOr<Resolved> identity(const Call& call) {
  return Resolved{call.type(0), [](std::span<const ColumnPtr> arguments, std::size_t) {
                    return absl::StatusOr<ColumnPtr>(arguments[0]);
                  }};
}

absl::StatusOr<Resolved> materialize(const Call& call) {
  return Resolved{call.type(0), [](std::span<const ColumnPtr> arguments, std::size_t) {
                    return absl::StatusOr<ColumnPtr>(full(arguments[0]));
                  }};
}

absl::StatusOr<Resolved> ignore(const Call&) {
  return Resolved{plain(TypeId::UInt8), [](std::span<const ColumnPtr>, std::size_t rows) {
                    return absl::StatusOr<ColumnPtr>(
                        constant_fixed(plain(TypeId::UInt8), std::uint8_t{0}, rows));
                  }};
}

absl::StatusOr<Resolved> is_constant(const Call& call) {
  const std::uint8_t constant = call.arguments[0].constant != nullptr;
  return Resolved{
      plain(TypeId::UInt8), [constant](std::span<const ColumnPtr>, std::size_t rows) {
        return absl::StatusOr<ColumnPtr>(constant_fixed(plain(TypeId::UInt8), constant, rows));
      }};
}

absl::StatusOr<Resolved> throw_if(const Call& call) {
  if (!is_condition(call.type(0))) return illegal_type(call, 0);
  std::string message = "Value passed to 'throwIf' function is non-zero";
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(message, constant_string(call, 1));
  }
  return Resolved{plain(TypeId::UInt8),
                  [message](std::span<const ColumnPtr> arguments,
                            std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    for (const std::uint8_t truth : truths_of(arguments[0], rows)) {
                      if (truth == 1) {
                        return query_error(QueryErrorCode::FunctionThrowIfValueIsNonZero, message);
                      }
                    }
                    return constant_fixed(plain(TypeId::UInt8), std::uint8_t{0}, rows);
                  }};
}

// Pseudo-random numbers: a function of when the query began and how many were drawn before, so that they
// need no state but a count. Which rows get which depends on the order that blocks are computed in.
template <TypeId id>
absl::StatusOr<Resolved> random(const Call& call) {
  auto seed = static_cast<std::uint64_t>(call.facts.now_ns);
  // rand(1) and rand(2) are two sequences.
  if (call.size() > 0 && call.arguments[0].constant && is_integer(call.id(0))) {
    seed += scramble(Numbers<std::uint64_t>(call.arguments[0].constant)[0]);
  }
  seed = scramble(seed);
  auto drawn = std::make_shared<std::atomic<std::uint64_t>>(0);
  return Resolved{
      plain(id), [seed, drawn](std::span<const ColumnPtr>, std::size_t rows) {
        auto result = new_fixed(plain(id), rows);
        const std::uint64_t first = drawn->fetch_add(rows, std::memory_order_relaxed);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::uint64_t bits = scramble(seed + scramble(first + row));
          if constexpr (id == TypeId::Float64) {
            result->template fixed<double>()[row] = static_cast<double>(bits >> 11) * 0x1p-53;
          } else if constexpr (id == TypeId::UInt32) {
            result->template fixed<std::uint32_t>()[row] = static_cast<std::uint32_t>(bits >> 32);
          } else {
            result->template fixed<std::uint64_t>()[row] = bits;
          }
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

// A thread that sleeps answers nobody: no time at all is the only one that is waited for.
absl::StatusOr<Resolved> sleep(const Call& call) {
  const TypeId id = call.id(0);
  if (!is_numeric(id) || is_signed(id) || call.arguments[0].constant == nullptr) {
    return illegal_type(call, 0);
  }
  const double seconds = Numbers<double>(call.arguments[0].constant)[0];
  if (seconds > 3) {
    return query_error(QueryErrorCode::TooSlow,
                       joined({"The maximum sleep time is 3000000 microseconds"}));
  }
  if (seconds != 0) {
    return query_error(QueryErrorCode::NotImplemented,
                       joined({"Function ", call.name, " is not supported but of 0"}));
  }
  return ignore(call);
}

// Which block a row is in depends on the machine.
absl::StatusOr<Resolved> number_by_blocks(const Call& call) {
  return query_error(QueryErrorCode::NotImplemented,
                     joined({"Function ", call.name,
                             " is not supported, since blocks are no part of an answer: use "
                             "row_number() OVER (ORDER BY ...)"}));
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"sleep", sleep, 1, 1, kOwn},
    {"sleepEachRow", sleep, 1, 1, kOwn},
    {"rowNumberInAllBlocks", number_by_blocks, 0, 0, kOwn},
    {"rowNumberInBlock", number_by_blocks, 0, 0, kOwn},
    {"blockNumber", number_by_blocks, 0, 0, kOwn},
    {"runningDifference", number_by_blocks, 1, 1, kOwn},
    {"neighbor", number_by_blocks, 2, 3, kOwn},
    {"version", fact<&SessionFacts::version>, 0, 0},
    {"currentDatabase", fact<&SessionFacts::database>, 0, 0},
    {"currentUser", fact<&SessionFacts::user>, 0, 0},
    {"displayName", fact<&SessionFacts::display_name>, 0, 0},
    {"queryID", fact<&SessionFacts::query_id>, 0, 0},
    {"initialQueryID", fact<&SessionFacts::query_id>, 0, 0},
    {"timezone", fact<&SessionFacts::timezone>, 0, 0},
    {"serverTimezone", fact<&SessionFacts::server_timezone>, 0, 0},
    {"hostName", host_name, 0, 0},
    {"FQDN", host_name, 0, 0},
    {"uptime", uptime, 0, 0},
    {"revision", revision, 0, 0},
    {"toTypeName", to_type_name, 1, 1, kOwn},
    {"identity", identity, 1, 1, kOwn},
    {"materialize", materialize, 1, 1, kOwn, false},
    {"ignore", ignore, 0, kAnyNumber, kOwn},
    {"isConstant", is_constant, 1, 1, kOwn},
    {"throwIf", throw_if, 1, 2, kOwn},
    {"rand", random<TypeId::UInt32>, 0, 1, kOwn, false},
    {"rand64", random<TypeId::UInt64>, 0, 1, kOwn, false},
    {"randCanonical", random<TypeId::Float64>, 0, 1, kOwn, false},
};

}  // namespace

std::span<const Definition> session_functions() { return kDefinitions; }

}  // namespace grapevine::sql
