#pragma once

#include <functional>
#include <string_view>

#include <absl/status/status.h>

#include "server/cli/commands.hpp"

namespace grapevine {

/// Takes whole lines, each with its line break.
using LineSink = std::function<void(std::string_view lines)>;

/// Makes the world that `command` describes. `customers` and `truth` may be empty: not wanted.
using WorldMaker =
    std::function<absl::Status(const GenerateCommand& command, const LineSink& events,
                               const LineSink& customers, const LineSink& truth)>;

/// `grapevine generate`: writes what `make_world` makes. The exit code; progress goes to stderr.
int generate(const GenerateCommand& command, const WorldMaker& make_world);

}  // namespace grapevine
