#include "server/http/translate.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <ctime>
#include <limits>
#include <utility>

#include <boost/beast/http/parser.hpp>

#include "api/encode/json_writer.hpp"
#include "server/http/target.hpp"

namespace grapevine {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

// A body that comes out in pieces. Unlike Beast's string_body it does not believe in Content-Length
// before the bytes are there, so that a claim costs no memory.
struct PieceBody {
  using value_type = std::string;

  class reader {
   public:
    template <bool isRequest, typename Fields>
    reader(http::header<isRequest, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <typename ConstBuffers>
    std::size_t put(const ConstBuffers& buffers, error_code& error) {
      error = {};
      std::size_t size = 0;
      for (auto at = boost::asio::buffer_sequence_begin(buffers);
           at != boost::asio::buffer_sequence_end(buffers); ++at) {
        const boost::asio::const_buffer buffer = *at;
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
        size += buffer.size();
      }
      return size;
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  thread_local std::time_t written = 0;
  thread_local std::string text;
  if (now != written) {  // A second is long beside a request.
    std::tm parts{};
    gmtime_r(&now, &parts);
    text.resize(32);
    text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    written = now;
  }
  return text;
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  head.append("\r\n");
}

}  // namespace

Response refusal(ErrorCode code, int status, std::string_view detail) {
  const ErrorShape shape = shape_of(code);
  JsonWriter json;
  json.begin_object();
  json.member("type", shape.type);
  json.member("title", shape.title);
  json.member("status", status);
  json.member("detail", detail);
  json.end_object();
  return {status, "application/problem+json", {}, std::move(json).take()};
}

struct RequestParser::Impl {
  http::request_parser<PieceBody> parser;
};

RequestParser::RequestParser(const Limits& limits)
    : impl_(std::make_unique<Impl>()), limits_(limits) {
  impl_->parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  impl_->parser.body_limit(boost::none);  // The session counts, as it depends on the operation.
}

RequestParser::~RequestParser() = default;

bool RequestParser::head_done() const { return impl_->parser.is_header_done(); }
bool RequestParser::done() const { return impl_->parser.is_done(); }
bool RequestParser::keep_alive() const { return impl_->parser.keep_alive(); }
bool RequestParser::knows_chunks() const { return impl_->parser.get().version() >= 11; }
std::string& RequestParser::body() { return impl_->parser.get().body(); }

std::optional<std::uint64_t> RequestParser::content_length() const {
  const auto length = impl_->parser.content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

std::size_t RequestParser::feed(std::span<const char> input) {
  auto& parser = impl_->parser;
  const bool in_head = !parser.is_header_done();
  // The shortest end of a chunked body is "0\r\n\r\n"; Beast asserts where less of it has come.
  constexpr std::size_t kLastChunkBytes = 5;
  if (!in_head && parser.chunked() && input.size() < kLastChunkBytes) return 0;

  parser.eager(!in_head);
  error_code error;
  std::size_t used = 0;
  try {
    used = parser.put({input.data(), input.size()}, error);
  } catch (const std::length_error&) {  // Fields keep lengths in 16 bits.
    error = http::error::header_limit;
  } catch (const std::bad_alloc&) {
    refuse(ErrorCode::Unavailable, 503, "there is no memory for the request");
    return 0;
  }
  if (in_head) head_bytes_ += used;
  const bool stuck = error == http::error::need_more && used == 0;
  if (error == http::error::header_limit || head_bytes_ > limits_.header_bytes_max ||
      (in_head && stuck && input.size() > limits_.header_bytes_max)) {
    refuse(ErrorCode::TooLarge, 431,
           "the head of the request must not be larger than " +
               std::to_string(limits_.header_bytes_max) + " bytes");
  } else if (stuck && input.size() > limits_.header_bytes_max) {
    refuse(ErrorCode::Malformed, 400, "the head of a chunk is too long");
  } else if (error && error != http::error::need_more) {
    refuse(ErrorCode::Malformed, 400, "the request is no HTTP/1.1: " + error.message());
  } else if (in_head && parser.is_header_done()) {
    parse_head();
  }
  return used;
}

void RequestParser::parse_head() {
  const auto& head = impl_->parser.get();
  request_.method = std::string(view(head.method_string()));
  std::size_t hosts = 0;
  for (const auto& field : head) {
    request_.headers.emplace_back(lower(view(field.name_string())), view(field.value()));
    if (field.name() == http::field::host) ++hosts;
  }
  // Each of these is how one server is made to see another request than the one before it.
  if (hosts > 1 || (hosts == 0 && head.version() == 11)) {
    return refuse(ErrorCode::Malformed, 400, "there must be exactly one Host header");
  }
  const auto transfer = head.find(http::field::transfer_encoding);
  if (transfer != head.end() && lower(view(transfer->value())) != "chunked") {
    return refuse(ErrorCode::Malformed, 400, "Transfer-Encoding must be chunked");
  }
  const std::string_view target = view(head.target());
  if (target.size() > limits_.target_bytes_max) {
    return refuse(ErrorCode::TooLarge, 414,
                  "the request target must not be longer than " +
                      std::to_string(limits_.target_bytes_max) + " bytes");
  }
  const std::string* expect = find_field(request_.headers, "expect");
  expects_continue_ = expect != nullptr && lower(*expect) == "100-continue" && head.version() == 11;
  if (request_.method == "OPTIONS" && target == "*") {
    request_.path.push_back('*');
    return;
  }
  if (const absl::Status parsed = parse_target(target, request_); !parsed.ok()) {
    refused_ = to_response(parsed);
  }
}

void RequestParser::refuse(ErrorCode code, int status, std::string_view detail) {
  refused_ = refusal(code, status, detail);
}

std::string encode_head(const Response& response, std::chrono::seconds kept_for, BodyEnd body_end) {
  const auto status = static_cast<http::status>(response.status);
  std::string head;
  head.reserve(256);
  head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  head.append(view(http::obsolete_reason(status))).append("\r\n");
  append_header(head, "Date", http_date());
  if (response.status != 204 && response.status != 304) {
    append_header(head, "Content-Type", response.content_type);
    switch (body_end) {
      case BodyEnd::Length:
        append_header(head, "Content-Length", std::to_string(response.body.size()));
        break;
      case BodyEnd::Chunks: append_header(head, "Transfer-Encoding", "chunked"); break;
      case BodyEnd::Close: break;
    }
  }
  for (const auto& [name, value] : response.headers) append_header(head, name, value);
  if (kept_for > std::chrono::seconds::zero()) {
    append_header(head, "Connection", "keep-alive");
    append_header(head, "Keep-Alive", "timeout=" + std::to_string(kept_for.count()));
  } else {
    append_header(head, "Connection", "close");
  }
  head.append("\r\n");
  return head;
}

std::string encode_piece(std::string_view bytes, BodyEnd body_end) {
  if (body_end != BodyEnd::Chunks || bytes.empty()) return std::string(bytes);
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.begin(), size.end(), bytes.size(), 16).ptr;
  std::string chunk(size.begin(), end);
  chunk.append("\r\n").append(bytes).append("\r\n");
  return chunk;
}

}  // namespace grapevine
