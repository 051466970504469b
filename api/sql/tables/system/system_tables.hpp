#pragma once

#include <span>

#include "api/sql/tables/declared_table.hpp"

namespace grapevine::sql {

/// The tables of `system` that are written out, with the columns that ClickHouse's have. Clients
/// read them to learn what there is; those of things that Grapevine does not have are empty.
std::span<const DeclaredTable> system_tables();

/// The views of INFORMATION_SCHEMA, by their names in small letters.
std::span<const DeclaredTable> information_schema_tables();

}  // namespace grapevine::sql
