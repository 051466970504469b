#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/execute/inbox_list.hpp"
#include "api/parse/inbox_request.hpp"
#include "api/parse/json_reader.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/column_list.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/people_codes.hpp"
