#include "api/core_share.hpp"

namespace grapevine {
namespace {

thread_local CoreShare* given = nullptr;

}  // namespace

CoreShare* CoreShare::mine() { return given; }

CoreShare::Given::Given(CoreShare& share) { given = &share; }
CoreShare::Given::~Given() { given = nullptr; }

}  // namespace grapevine
