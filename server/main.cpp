#include <chrono>
#include <iostream>
#include <string>
#include <variant>
#include <vector>

#include "server/cli/commands.hpp"
#include "server/cli/copy_data.hpp"
#include "server/cli/generate.hpp"
#include "server/cli/import.hpp"
#include "server/cli/inspect.hpp"
#include "server/cli/query.hpp"
#include "server/cli/serve.hpp"
#include "server/cli/version.hpp"
#include "server/cli/wiring.hpp"
#include "server/freed_memory.hpp"

namespace {

using namespace grapevine;

// Runs the command that was parsed. The exit code.
struct Run {
  int operator()(const ServeCommand& command) const {
    keep_freed_memory();
    return serve(command, serve_wiring());
  }
  int operator()(const ImportCommand& command) const { return import_file(command); }
  int operator()(const QueryCommand& command) const { return query(command); }
  int operator()(const GenerateCommand& command) const { return generate(command, world_maker()); }
  int operator()(const InspectCommand& command) const { return inspect(command); }
  int operator()(const CopyCommand& command) const { return copy_data(command); }
  int operator()(const VersionCommand&) const { return print_version(); }
};

}  // namespace

int main(int argc, char** argv) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const CommandLine line = parse_command_line(
      arguments, std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  if (line.command) return std::visit(Run{}, *line.command);
  (line.exit_code == 0 ? std::cout : std::cerr) << line.text;
  return line.exit_code;
}
