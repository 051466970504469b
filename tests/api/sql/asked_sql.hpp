#pragma once

#include <string>

#include "tests/api/asked.hpp"

namespace grapevine::testing {

/// What a query is answered as TabSeparated over ClickHouse's interface; a failure as its code and text.
inline std::string ask_sql(AskedStore& store, const std::string& query) {
  return store.ask("POST", "/", query).body;
}

}  // namespace grapevine::testing
