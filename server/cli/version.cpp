#include "server/cli/version.hpp"

#include <iostream>

namespace grapevine {

int print_version() {
  std::cout << "grapevine " << GRAPEVINE_VERSION << '\n';
  return 0;
}

}  // namespace grapevine
