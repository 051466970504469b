#include "api/encode/propagation_result.hpp"
#include "api/execute/seed_choice.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "api/routes/propagation.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<Response> choose_wom_seeds(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const SeedsQuery query, parse_seeds_query(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(query.moment, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const SeedChoice choice, find_seeds(query, source, context));
  Response response;
  response.body = encode_seeds(choice, {source, query.random_seed, watch.elapsed_ms()});
  return response;
}

}  // namespace grapevine
