#include "tests/api/collecting.hpp"

#include <algorithm>
#include <utility>

#include "api/error.hpp"
#include "api/routes/collect.hpp"

namespace grapevine {
namespace {

std::string text_of(const Response& response) {
  return std::to_string(response.status) + " " + response.body;
}

// Problems are told apart by their detail.
std::string text_of(const absl::Status& failed) {
  return std::to_string(to_response(failed).status) + " " + std::string(failed.message());
}

// What collecting never looks at.
alignas(64) char nothing[64];

Context context_of(Store& store, const Stop& stop) {
  return {store,
          reinterpret_cast<GraphView&>(nothing),
          reinterpret_cast<ResultCache&>(nothing),
          stop,
          kReceived,
          "UTC"};
}

}  // namespace

Collecting::Collecting(const StoreOptions& options) : store_(Store::open(options).value()) {}

std::string Collecting::post(Handler handler, std::string_view body, Fields headers) {
  Request request;
  request.method = "POST";
  request.headers = std::move(headers);
  request.body = body;
  const Stop stop;
  const auto response = handler(request, context_of(*store_, stop));
  return response.ok() ? text_of(*response) : text_of(response.status());
}

std::string Collecting::import(std::string_view input, Fields query, std::size_t piece_bytes,
                               Fields headers) {
  return send(input, std::move(query), std::move(headers), piece_bytes, true);
}

std::string Collecting::import_cut_off(std::string_view input, Fields query,
                                       std::size_t piece_bytes) {
  return send(input, std::move(query), {}, piece_bytes, false);
}

std::string Collecting::send(std::string_view input, Fields query, Fields headers,
                             std::size_t piece_bytes, bool whole) {
  Request request;
  request.method = "POST";
  request.path = "/v1/import";
  request.query = std::move(query);
  request.headers = std::move(headers);
  const Stop stop;
  auto body = import_history(request, context_of(*store_, stop));
  if (!body.ok()) return text_of(body.status());
  if (piece_bytes == 0) piece_bytes = std::max<std::size_t>(input.size(), 1);
  for (std::size_t at = 0; at < input.size(); at += piece_bytes) {
    // A copy of its own size, so that reading beyond a piece is seen by the sanitizer.
    const std::string_view part = input.substr(at, piece_bytes);
    const std::vector<char> piece(part.begin(), part.end());
    const absl::Status consumed = (*body)->consume(piece);
    if (!consumed.ok()) return text_of(consumed);
  }
  if (!whole) return "cut off";
  const auto response = (*body)->finish();
  return response.ok() ? text_of(*response) : text_of(response.status());
}

}  // namespace grapevine
