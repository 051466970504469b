#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "storage/change.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// The kind of a change that has several documents as its content. Nothing is kept under it.
inline constexpr std::string_view kSeveralDocuments = "several";

/// Stores documents as Store::put_document does, all of them as one record of the log: after a
/// crash all of them are there, or none. Durable when it returns. Precondition: together they take
/// less than 1 GiB.
absl::Status put_documents(Store& store, std::span<const DocumentChange> documents);

/// As they stand in the content of one change, and back. What is no such content is empty.
std::string write_several_documents(std::span<const DocumentChange> documents);
std::vector<DocumentChange> read_several_documents(std::string_view content);

}  // namespace grapevine
