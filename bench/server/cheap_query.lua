-- What wrk sends: a query that needs no rows, and one that counts them by what parts say.
local queries = {
  one = "SELECT 1",
  count = "SELECT count() FROM events WHERE event = 'Order Completed'",
}

wrk.method = "POST"
wrk.headers["Content-Type"] = "text/plain"

function init(arguments)
  wrk.body = queries[arguments[1]]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %.3f, "p50_ms": %.3f, "p95_ms": %.3f, "p99_ms": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
