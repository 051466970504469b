-- What wrk sends: the preview of a definition with five conditions, of the world that bench/segments makes.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[{"as_of": "2026-11-22T00:00:00Z", "definition": {"all": [
  {"attribute": "age", "between": [28, 45]},
  {"attribute": "hobby", "in": ["camping", "golf"]},
  {"event": "Product Viewed", "within": "30d", "where": [{"column": "category", "eq": "camping"}],
   "count": {"gte": 2}},
  {"event": "Order Completed", "within": "90d", "sum": {"of": "value", "gte": 100000}},
  {"not": {"event": "Ticket Opened", "within": "14d"}}]}}]]

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %.3f, "p50_ms": %.2f, "p99_ms": %.2f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
