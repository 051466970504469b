#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernels/text/question_form.hpp"
#include "kernels/text/service_signs.hpp"

namespace grapevine {

/// Where a text praises what failed, and so means the opposite:
/// - an exclamation of praise before a failure: "Great, it broke again", "oh well done guys. Never
///   arrived";
/// - praise shortly before a failure that came again or at once: "역시 최고네요 두 번 연속 오배송";
/// - Korean thanks for a failure: "고장 난 걸 보내주셔서 감사하네요".
///
/// Praise behind the failure, a word that mends or sets against it ("replaced", "but", "는데",
/// "고쳐"), or a question: the praise is meant. Failures are what `signs` hold as complaints.
///
/// Shapes  signs: of the text, by where they begin; what is denied is marked.
/// Cost    Nothing where there is not both praise and a complaint; else a look at the words between.
std::optional<TextStretch> find_scorn(std::string_view text, std::span<const FoundSign> signs);

}  // namespace grapevine
