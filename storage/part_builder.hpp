#pragma once

#include <functional>
#include <memory>
#include <span>

#include "storage/delta.hpp"
#include "storage/part.hpp"

namespace grapevine {

/// The representative of the person who has an external id (see Persons); empty: nobody was ever
/// merged.
using PersonOf = std::function<CustomerId(CustomerId identity)>;

/// Sorts rows of the delta into a part, each under its person.
/// Cost: O(n log n) comparisons; about 0.3 µs a row.
std::shared_ptr<const Part> sort_into_part(const DeltaView& delta, const PersonOf& person_of);

/// The code of a text in a column's dictionary, which may add it. Called when runs of one column
/// have types that only text can hold together.
using CodeOfText = std::function<std::uint32_t(ColumnId, std::string_view)>;

/// One part with the rows of all of them that are not dead: the same values and sequences, in the
/// order of a part. `person_of`, where it is not empty, gives rows to the person of their external
/// id. Cost: O(n log n); scratch of 32 bytes a row of the largest run, and one column at a time.
std::shared_ptr<const Part> merge_parts(std::span<const std::shared_ptr<const Part>> parts,
                                        const CodeOfText& code_of_text,
                                        const PersonOf& person_of = {});

}  // namespace grapevine
