#pragma once

#include <cstdint>

namespace grapevine {

/// A customer's dense number, given in order of appearance. Never leaves the process.
enum class CustomerId : std::uint32_t {};

/// The number as an index into arrays by customer.
constexpr std::uint32_t index(CustomerId id) { return static_cast<std::uint32_t>(id); }

}  // namespace grapevine
