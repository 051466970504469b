#include "storage/put_documents.hpp"

#include <cstdint>
#include <utility>

#include "storage/log/bytes.hpp"

namespace grapevine {

absl::Status put_documents(Store& store, std::span<const DocumentChange> documents) {
  if (documents.empty()) return absl::OkStatus();
  return store.put_document(kSeveralDocuments, "", write_several_documents(documents));
}

std::string write_several_documents(std::span<const DocumentChange> documents) {
  std::string content;
  ByteWriter out(content);
  out.varint(documents.size());
  for (const DocumentChange& document : documents) {
    out.text(document.kind);
    out.text(document.name);
    out.text(document.content);
  }
  return content;
}

std::vector<DocumentChange> read_several_documents(std::string_view content) {
  ByteReader in(content);
  std::vector<DocumentChange> documents;
  for (std::uint64_t left = in.varint(); left > 0 && in.ok(); --left) {
    DocumentChange document;
    document.kind = in.text();
    document.name = in.text();
    document.content = in.text();
    // None holds others again: reading them would have no end that is known.
    if (document.kind == kSeveralDocuments) return {};
    documents.push_back(std::move(document));
  }
  if (!in.ok() || !in.at_end()) return {};
  return documents;
}

}  // namespace grapevine
