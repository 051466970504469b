#pragma once

#include <span>

#include <tbb/parallel_sort.h>

namespace grapevine {

/// Sorts in place by `less`. Elements that `less` cannot tell apart must be equal in every bit that
/// is looked at later: only then is the result the same for any number of threads.
template <typename Element, typename Less>
void parallel_sort(std::span<Element> elements, const Less& less) {
  tbb::parallel_sort(elements.begin(), elements.end(), less);
}

}  // namespace grapevine
