#include "api/ingest/import_body.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <simdjson.h>

#include "api/collect/limits.hpp"
#include "api/encode/json_writer.hpp"
#include "api/encode/write_details.hpp"
#include "api/error.hpp"
#include "api/ingest/csv_chunk.hpp"
#include "api/ingest/csv_reader.hpp"
#include "api/ingest/ndjson_chunk.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

// What comes slowly is committed as often, though it fills no chunk.
constexpr std::chrono::seconds kCommitInterval{1};
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Response encode(const std::string& import_id, const ImportTotals& totals) {
  JsonWriter json;
  json.begin_object();
  json.member("accepted", totals.accepted);
  json.member("rejected", totals.rejected);
  json.member("duplicates", totals.duplicates);
  json.member("resume_at", totals.resume_at);
  json.member("import_id", import_id);
  write_details(json, "errors", "line", totals.errors, &LineError::line);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace

absl::StatusOr<std::unique_ptr<BodyReader>> ImportBody::begin(ImportRequest request,
                                                              const Context& context) {
  auto claim = ImportClaim::claim(&context.store, request.import_id);
  if (!claim) {
    return problem(ErrorCode::Conflict, "an import with this import_id is under way");
  }
  const std::uint64_t committed = context.store.import_offset(request.import_id).value_or(0);
  if (request.offset.value_or(0) > committed) {
    return problem(
        ErrorCode::Conflict,
        "offset is beyond what is committed of this import: " + std::to_string(committed),
        {{"?offset", "may be at most " + std::to_string(committed)}});
  }
  std::unique_ptr<ImportBody> body(
      new ImportBody(std::move(request), std::move(*claim), committed, context));
  if (body->request_.columns) {
    GRAPEVINE_RETURN_IF_ERROR(body->set_header(*body->request_.columns, Charset::Utf8));
  }
  return std::unique_ptr<BodyReader>(std::move(body));
}

ImportBody::ImportBody(ImportRequest request, ImportClaim claim, std::uint64_t committed,
                       const Context& context)
    : request_(std::move(request)),
      claim_(std::move(claim)),
      store_(context.store),
      stop_(context.stop),
      received_(context.now_ms),
      committed_(committed),
      position_(request_.offset.value_or(0)),
      has_header_(request_.format == ImportFormat::Ndjson),
      cut_at_(std::chrono::steady_clock::now()) {}

absl::Status ImportBody::consume(std::span<const char> piece) {
  if (stop_.requested()) {
    const std::uint64_t resume_at = pipeline_ ? pipeline_->resume_at() : committed_;
    return explain(absl::CancelledError("the import was stopped"), resume_at);
  }
  std::string_view bytes(piece.data(), piece.size());
  if (!has_header_) {
    GRAPEVINE_ASSIGN_OR_RETURN(bytes, take_header(bytes));
  }
  bytes = skip_committed(bytes);
  if (bytes.empty()) return absl::OkStatus();
  if (!splitter_) start();
  position_ += bytes.size();
  std::vector<Chunk> chunks = splitter_->add(bytes);
  const auto now = std::chrono::steady_clock::now();
  if (!chunks.empty()) {
    cut_at_ = now;
  } else if (now - cut_at_ >= kCommitInterval) {
    cut_at_ = now;
    chunks = splitter_->take_whole();
  }
  return add(std::move(chunks));
}

absl::StatusOr<Response> ImportBody::finish() {
  // An empty body for an import that has begun asks how far it came.
  const bool asks = position_ == 0 && !request_.offset && committed_ > 0;
  if (asks) {
    ImportTotals totals;
    totals.resume_at = committed_;
    return encode(request_.import_id, totals);
  }
  if (!has_header_) GRAPEVINE_RETURN_IF_ERROR(set_header(header_, request_.charset));
  if (position_ < committed_) {
    return problem(ErrorCode::Conflict, "the input ends at byte " + std::to_string(position_) +
                                            ", but this import is committed up to byte " +
                                            std::to_string(committed_) + ": is it the same input?");
  }
  ImportTotals totals;
  totals.resume_at = committed_;
  if (splitter_) {
    GRAPEVINE_RETURN_IF_ERROR(add(splitter_->finish()));
    auto finished = pipeline_->finish();
    if (!finished.ok()) return explain(finished.status(), pipeline_->resume_at());
    totals = *std::move(finished);
  }
  return encode(request_.import_id, totals);
}

absl::Status ImportBody::set_header(std::string_view record, Charset charset) {
  DecodedText decoded;
  if (charset != Charset::Utf8) {
    decoded = decode(charset, record);
    record = decoded.text;
  }
  if (!simdjson::validate_utf8(record)) {
    return problem(ErrorCode::Malformed,
                   "the CSV header: " + describe_fault(record, 0, decoded.faults));
  }
  if (record.starts_with(kByteOrderMark)) record.remove_prefix(kByteOrderMark.size());
  CsvReader reader(record);
  if (!reader.next()) return problem(ErrorCode::Malformed, "the CSV has no header");
  if (!reader.fault().empty()) {
    return problem(ErrorCode::Malformed, "the CSV header: " + std::string(reader.fault()));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(columns_,
                             read_csv_header(reader.fields(), request_.table, request_.map));
  has_header_ = true;
  return absl::OkStatus();
}

// Reads the header off the front of the body; returns what comes behind it.
absl::StatusOr<std::string_view> ImportBody::take_header(std::string_view bytes) {
  const std::size_t end = header_scan_.first_end(bytes);
  const std::string_view part = bytes.substr(0, end);
  header_.append(part);
  position_ += part.size();
  lines_ += static_cast<std::uint64_t>(std::count(part.begin(), part.end(), '\n'));
  if (header_.size() > kImportLineBytesMax) {
    return problem(ErrorCode::Malformed, "the CSV header is longer than a record may be");
  }
  if (end == RecordScan::kNone) return std::string_view();
  GRAPEVINE_RETURN_IF_ERROR(set_header(header_, request_.charset));
  return bytes.substr(end);
}

std::string_view ImportBody::skip_committed(std::string_view bytes) {
  if (position_ >= committed_) return bytes;
  const std::string_view skipped = bytes.substr(0, committed_ - position_);
  position_ += skipped.size();
  lines_ += static_cast<std::uint64_t>(std::count(skipped.begin(), skipped.end(), '\n'));
  return bytes.substr(skipped.size());
}

void ImportBody::start() {
  ImportPlan plan;
  plan.import_id = request_.import_id;
  plan.received = received_;
  plan.resume_at = committed_;
  plan.first_line = lines_;
  plan.parse = [this](Chunk& chunk) {
    if (request_.charset != Charset::Utf8) {
      DecodedText decoded = decode(request_.charset, chunk.text);
      chunk.text = std::move(decoded.text);
      chunk.faults = std::move(decoded.faults);
    }
    return request_.format == ImportFormat::Ndjson
               ? parse_ndjson_chunk(chunk, received_)
               : parse_csv_chunk(chunk, request_.table, columns_, received_);
  };
  splitter_.emplace(request_.format, position_);
  pipeline_.emplace(store_, std::move(plan));
}

absl::Status ImportBody::add(std::vector<Chunk> chunks) {
  for (Chunk& chunk : chunks) {
    const absl::Status added = pipeline_->add(std::move(chunk));
    if (!added.ok()) return explain(added, pipeline_->resume_at());
  }
  return absl::OkStatus();
}

// A failure in the midst of an import, with what the client needs to go on.
absl::Status ImportBody::explain(const absl::Status& failed, std::uint64_t resume_at) const {
  const std::string message(failed.message().data(), failed.message().size());
  const std::string detail = message + "; committed is all up to resume_at " +
                             std::to_string(resume_at) + " of import_id " + request_.import_id;
  return absl::Status(failed.code(), absl::string_view(detail.data(), detail.size()));
}

}  // namespace grapevine
