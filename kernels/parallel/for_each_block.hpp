#pragma once

#include <algorithm>
#include <cstddef>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace grapevine {

/// How many blocks of `block_size` cover `count` elements.
constexpr std::size_t blocks_of(std::size_t count, std::size_t block_size) {
  return (count + block_size - 1) / block_size;
}

/// Calls `body(block)` for every block < `blocks`, each once, on any thread and in any order.
/// The same bits for any number of threads as long as a block writes only what it owns.
template <typename Body>
void for_each(std::size_t blocks, const Body& body) {
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, blocks, 1),
      [&body](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t block = range.begin(); block != range.end(); ++block) body(block);
      },
      tbb::simple_partitioner());
}

/// Calls `body(begin, end)` for consecutive blocks of `block_size` elements (the last is shorter)
/// that cover [0, count). Where blocks begin does not depend on the number of threads.
template <typename Body>
void for_each_block(std::size_t count, std::size_t block_size, const Body& body) {
  for_each(blocks_of(count, block_size), [&](std::size_t block) {
    const std::size_t begin = block * block_size;
    body(begin, std::min(begin + block_size, count));
  });
}

/// Scratch memory that a worker keeps from block to block, made when it first asks. What a block
/// leaves in it must not change what the next one answers. Thread-safe: each thread sees its own.
template <typename Scratch>
class WorkerLocal {
 public:
  template <typename Make>
  explicit WorkerLocal(Make make) : of_thread_(std::move(make)) {}

  Scratch& mine() { return of_thread_.local(); }

  /// Calls `body(scratch)` for what each thread made, in no promised order, when all blocks are
  /// done: to add up integers, which come out the same in any order.
  template <typename Body>
  void for_each_made(const Body& body) {
    of_thread_.combine_each(body);
  }

 private:
  tbb::enumerable_thread_specific<Scratch> of_thread_;
};

}  // namespace grapevine
