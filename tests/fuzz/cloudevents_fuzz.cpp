// A CloudEvent or a batch of them, in every content mode: any bytes become valid rows or mistakes.

#include <cstddef>
#include <cstdint>
#include <string>

#include "api/cloudevents/cloudevent.hpp"
#include "api/cloudevents/event_rows.hpp"
#include "tests/fuzz/valid_batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  if (size == 0) return 0;
  Request request;
  request.body.assign(reinterpret_cast<const char*>(data + 1), size - 1);
  const int mode = data[0] % 4;
  if (mode == 0) request.headers = {{"content-type", "application/cloudevents+json"}};
  if (mode == 1) request.headers = {{"content-type", "application/cloudevents-batch+json"}};
  if (mode >= 2) {
    // The first line is a header too, so that its bytes are those of others as well.
    const std::string subject = request.body.substr(0, request.body.find('\n'));
    request.headers = {{"content-type", mode == 2 ? "application/json" : "text/plain"},
                       {"ce-id", "1"},
                       {"ce-source", "s"},
                       {"ce-type", "t"},
                       {"ce-specversion", "1.0"},
                       {"ce-subject", subject}};
    request.body.erase(0, subject.size());
  }
  Batch batch;
  CloudEventRows rows(batch, fuzz::kReceived);
  std::size_t visited = 0;
  const auto outcome = read_cloud_events(request, [&](const CloudEvent& event, std::size_t index) {
    ++visited;
    return rows.read(event, static_cast<std::uint32_t>(index));
  });
  if (!outcome.ok()) return 0;
  fuzz::check_batch(batch);
  fuzz::require(visited <= outcome->count, "events are counted");
  fuzz::require(outcome->rejected.size() <= outcome->count, "an event is rejected once");
  fuzz::require(batch.events.size() >= outcome->count - outcome->rejected.size(),
                "what is not rejected has a row");
  return 0;
}
