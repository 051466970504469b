#pragma once

#include <string>
#include <vector>

namespace grapevine::bench {

/// A review and whether it praises.
struct LabelledReview {
  std::string text;
  bool praises = false;
  bool held_out = false;  ///< One in ten, by its id: never trained on.
};

/// Reads lines `id, document, label` (0 or 1), apart by tabs, after a header, as NSMC has them.
/// Lines of another form are left out. Empty where the file is missing.
std::vector<LabelledReview> read_labelled_reviews(const std::string& path);

/// Reads lines `things, complaints, praises`, each several phrases apart by |, after a header, and
/// makes a post of every thing with each of its complaints and praises. None is held out.
std::vector<LabelledReview> read_service_phrases(const std::string& path);

}  // namespace grapevine::bench
