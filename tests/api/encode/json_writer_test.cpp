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

// What RFC 8259 asks for, a byte at a time.
std::string json_of(const std::string& text) {
  std::string json = "\"";
  for (const char byte : text) {
    if (byte == '"' || byte == '\\') json += '\\';
    json += byte == '\n' ? "\\n" : byte == '\x01' ? "\\u0001" : std::string(1, byte);
  }
  return json + '"';
}

TEST(JsonWriter, WritesFloatsWithTheirOwnDigits) {
  JsonWriter json;
  json.begin_array();
  for (const float number : {0.9F, -0.9421F, 3.0F, 16777216.0F, 1e-9F, 0.1F + 0.2F})
    json.value(number);
  json.value(std::numeric_limits<float>::infinity());
  json.end_array();
  EXPECT_EQ(std::move(json).take(), "[0.9,-0.9421,3,16777216,1e-09,0.3,null]");
}

TEST(JsonWriter, EscapesAtEveryPlaceOfTextsOfEveryLength) {
  for (std::size_t length = 0; length <= 140; ++length) {
    std::string text(length, '\xE9');
    for (std::size_t i = 0; i < length; ++i) text[i] = static_cast<char>(' ' + (i * 7) % 2);
    for (std::size_t place = 0; place <= length; ++place) {
      for (const char byte : {'"', '\\', '\n', '\x01', '\x7F'}) {
        std::string other = text;
        if (place < length) other[place] = byte;
        JsonWriter json;
        json.begin_object();
        json.member(other, other);
        json.end_object();
        ASSERT_EQ(std::move(json).take(), "{" + json_of(other) + ":" + json_of(other) + "}");
      }
    }
  }
}

TEST(JsonWriter, KeepsOrderWhateverTheLengthOfWhatIsWritten) {
  const std::string lengths[] = {"", "a", std::string(90, 'b'), std::string(100, 'c'),
                                 std::string(1500, 'd')};
  JsonWriter json("before");
  std::string expected = "before[";
  json.begin_array();
  for (int i = 0; i < 400; ++i) {
    const std::string& text = lengths[i * 3 % 5];
    json.value(text);
    json.value(i);
    json.time(i);
    json.raw("\"" + text + "\"");
    json.value(i % 2 == 0);
    json.null();
    json.value(i + 0.5);
    expected += (i == 0 ? "\"" : ",\"") + text + "\"," + std::to_string(i) + ",\"" +
                format_time(i) + "\",\"" + text + "\"," + (i % 2 == 0 ? "true" : "false") +
                ",null," + std::to_string(i) + ".5";
    ASSERT_EQ(json.size(), expected.size());
  }
  json.end_array();
  EXPECT_EQ(std::move(json).take(), expected + "]");
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
