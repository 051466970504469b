#include "server/cli/copy_data.hpp"

#include <iostream>

#include "storage/checkpoint/backup.hpp"

namespace grapevine {

int copy_data(const CopyCommand& command) {
  Disk& disk = system_disk();
  const absl::Status copied = command.restores ? restore(disk, command.from, command.to)
                                               : back_up(disk, command.from, command.to);
  if (!copied.ok()) {
    std::cerr << (command.restores ? "grapevine restore: " : "grapevine backup: ")
              << copied.message() << '\n';
    return 1;
  }
  std::cout << "whole and verified: " << command.to << '\n';
  return 0;
}

}  // namespace grapevine
