#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>

namespace grapevine {

/// Memory for what is made while one text is looked at: on the stack for a post, so that nothing is
/// allocated; beyond that from the heap. For one thread.
class TextMemory {
 public:
  std::pmr::memory_resource* resource() { return &resource_; }

 private:
  std::array<std::byte, 16 * 1024> stack_;
  std::pmr::monotonic_buffer_resource resource_{stack_.data(), stack_.size()};
};

}  // namespace grapevine
