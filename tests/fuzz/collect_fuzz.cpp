// The body of a collect request, one call or a batch: any bytes become valid rows or a refusal.

#include <cstddef>
#include <cstdint>
#include <string>

#include "api/collect/body.hpp"
#include "tests/fuzz/valid_batch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  if (size == 0) return 0;
  // Beyond the last type: a batch.
  BodyForm form{.type = std::nullopt, .received = fuzz::kReceived};
  if (data[0] % 8 <= static_cast<int>(CallType::Alias)) {
    form.type = static_cast<CallType>(data[0] % 8);
  }
  const std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto collected = read_body(body, form);
  if (!collected.ok()) return 0;
  fuzz::check_batch(collected->batch);
  for (std::size_t i = 1; i < collected->rejected.size(); ++i) {
    fuzz::require(collected->rejected[i - 1].index < collected->rejected[i].index,
                  "rejected events ascend");
  }
  return 0;
}
