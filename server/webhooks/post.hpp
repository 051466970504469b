#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "api/message.hpp"
#include "api/parse/webhook_url.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine {

struct PostOptions {
  WebhookReach reach;
  std::chrono::milliseconds timeout{15'000};  ///< From connecting to the head of the answer.
};

/// What became of a POST.
struct PostResult {
  int status = 0;       ///< 0: no answer came.
  std::string failure;  ///< Why none came: names no path and nothing that was received.
};

/// Sends one POST on a connection of its own and reads the head of the answer. Redirects are not
/// followed: what was checked is where it goes. A host's name is looked up here, and of its
/// addresses only those that `reach` allows are connected to, so that a name cannot lead inside.
/// With https the certificate must be of that host and of an authority that this machine trusts.
/// Blocks; looking up a name cannot be interrupted, all else can by `stop`.
PostResult post(const WebhookUrl& url, const Fields& headers, std::string_view body,
                const PostOptions& options, const Stop& stop);

}  // namespace grapevine
