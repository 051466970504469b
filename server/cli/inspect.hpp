#pragma once

#include <ostream>

#include "server/cli/commands.hpp"
#include "storage/checkpoint/inspect.hpp"

namespace grapevine {

/// Says what a data folder holds. The exit code: 0 where all of it is whole, else 1.
int inspect(const InspectCommand& command);

/// The same of a report, for people to read.
void print_report(const FolderReport& report, std::ostream& out);

}  // namespace grapevine
