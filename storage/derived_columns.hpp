#pragma once

#include <string_view>

namespace grapevine {

/// A column of `events` that no sender fills: which model found the row's `sentiment` in its text,
/// or found none. Null: the sentiment was sent, or there is no text. It is made when it is first
/// needed, beyond the limit of columns too.
inline constexpr std::string_view kSentimentModelColumn = "sentiment_model";

}  // namespace grapevine
