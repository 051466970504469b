#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/ingest/chunk_splitter.hpp"
#include "api/ingest/csv_columns.hpp"
#include "api/ingest/import_pipeline.hpp"
#include "api/ingest/import_request.hpp"
#include "api/ingest/running_imports.hpp"
#include "api/message.hpp"
#include "api/routes.hpp"

namespace grapevine {

/// Takes the body of one import. What was committed stays when it is destroyed before `finish`;
/// nothing else does.
class ImportBody : public BodyReader {
 public:
  /// Errors  Conflict: the import runs already, or `offset` is beyond what is committed of it.
  ///         Malformed: the header that the request gives.
  static absl::StatusOr<std::unique_ptr<BodyReader>> begin(ImportRequest request,
                                                           const Context& context);

  absl::Status consume(std::span<const char> piece) override;
  absl::StatusOr<Response> finish() override;

 private:
  ImportBody(ImportRequest request, ImportClaim claim, std::uint64_t committed,
             const Context& context);

  absl::Status set_header(std::string_view record, Charset charset);
  absl::StatusOr<std::string_view> take_header(std::string_view bytes);
  std::string_view skip_committed(std::string_view bytes);
  void start();
  absl::Status add(std::vector<Chunk> chunks);
  absl::Status explain(const absl::Status& failed, std::uint64_t resume_at) const;

  const ImportRequest request_;
  const ImportClaim claim_;
  Store& store_;
  const Stop& stop_;
  const TimeMs received_;
  const std::uint64_t committed_;  // Before this request.
  std::uint64_t position_;         // Bytes of the inflated input taken so far.
  std::uint64_t lines_ = 0;  // Line breaks among the bytes that were not given to the splitter.

  bool has_header_ = false;  // Or needs none.
  std::string header_;       // What has come of it.
  RecordScan header_scan_{ImportFormat::Csv};
  std::vector<CsvColumn> columns_;

  std::optional<ChunkSplitter> splitter_;  // Once the first byte came that is not committed.
  std::optional<ImportPipeline> pipeline_;
  std::chrono::steady_clock::time_point cut_at_;  // The last chunk.
};

}  // namespace grapevine
