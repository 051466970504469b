#pragma once

#include <string>

#include "storage/store.hpp"

namespace grapevine::testing {

/// A store in a folder with small files of the log. No checkpoint is due unless a test asks.
inline StoreOptions in_folder(const std::string& folder) {
  StoreOptions options;
  options.folder = folder;
  options.log_file_bytes = 8192;
  options.purge_erased = false;  // It writes checkpoints of its own.
  return options;
}

}  // namespace grapevine::testing
