#include "api/encode/json_writer.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "api/error.hpp"

namespace grapevine {
namespace {

std::string written(double number) {
  JsonWriter json;
  json.value(number);
  return std::move(json).take();
}

TEST(JsonWriter, WritesWholeDoublesWithoutAnExponent) {
  EXPECT_EQ(written(400'000.0), "400000");
  EXPECT_EQ(written(-1e14), "-100000000000000");
  EXPECT_EQ(written(999'999'999'999'999.0), "999999999999999");
  EXPECT_EQ(written(1e15), "1e+15");
  EXPECT_EQ(written(0.0), "0");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(1e-7), "1e-07");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
}

// The replacement of RFC 3629's errors: one for each byte that begins no character.
TEST(Problems, AreUtf8WhateverTheyEcho) {
  const auto detail = [](const std::string& echoed) {
    return to_response(problem(ErrorCode::Unprocessable, echoed, {{"?a", echoed}})).body;
  };
  const std::string kept = "\"detail\":\"\xEA\xB0\x80 \xF0\x9F\x8D\x87\"";
  EXPECT_NE(detail("\xEA\xB0\x80 \xF0\x9F\x8D\x87").find(kept), std::string::npos);
  const std::string mended = "\"detail\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEA\xB0\x80\xEF\xBF\xBD\"";
  const std::string body = detail("a\xFF\xFE\xEA\xB0\x80\xC3");
  EXPECT_NE(body.find(mended), std::string::npos) << body;
  EXPECT_NE(body.find(mended, body.find(mended) + 1), std::string::npos) << "of the error, too";
}

}  // namespace
}  // namespace grapevine
