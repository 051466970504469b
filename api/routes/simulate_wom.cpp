#include "api/encode/propagation_result.hpp"
#include "api/execute/spread_simulation.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/propagation_query.hpp"
#include "api/plan/people.hpp"
#include "api/routes/propagation.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<Response> simulate_wom(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const SimulateQuery query, parse_simulate_query(request.body));
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph(query.moment, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const SimulatedSpread spread, simulate_spread(query, source, context));
  const GraphAnswer answer{source, query.random_seed, watch.elapsed_ms()};
  Response response;
  response.body = spread.rivals ? encode_rivals(*spread.rivals, query, answer)
                                : encode_spread(*spread.alone, spread.groupings, query, answer);
  return response;
}

}  // namespace grapevine
