#pragma once

#include <string>
#include <vector>

#include "bench/text/labelled_reviews.hpp"

namespace grapevine::bench {

/// Reads lines `kind, complaints, praises`, stems or nouns apart by |, after a header, and says each
/// of them plainly and negated, a post for each form: what complains, praises where it is negated.
///
///     quality, event   a stem and its polite form (비싸:비싸요); one that ends in 하 needs no form
///     noun             a noun with its particle: it is there, or it is not (불만이 있어요, 없어요)
///
/// `held_out`: one stem in five, by its place; who wants to know what is learned for stems that were
/// never seen leaves those out.
std::vector<LabelledReview> read_service_stems(const std::string& path);

}  // namespace grapevine::bench
