#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "server/cli/exception_filter.hpp"

namespace grapevine {
namespace {

constexpr char kTag[] = "0123456789abcdef";

// Rows and message, of an answer that comes in pieces of that size.
std::pair<std::string, std::string> parted(std::string_view answer, std::size_t piece,
                                           std::string_view tag = kTag) {
  ExceptionFilter filter(tag);
  std::string rows;
  for (std::size_t at = 0; at < answer.size(); at += piece) {
    rows += filter.add(answer.substr(at, piece));
  }
  rows += filter.finish();
  return {rows, filter.message()};
}

TEST(ExceptionFilter, PartsRowsFromTheFrameInPiecesOfAnySize) {
  const std::string rows = "1\tone\r\n2\t__exception__\r\n\r\n__exception__\r\nother\r\n";
  const std::string message = "Code: 153. DB::Exception: by zero.\nIndeed. (ILLEGAL_DIVISION)";
  const std::string answer = rows + "\r\n__exception__\r\n" + kTag + "\r\n" + message + "\n62 " +
                             kTag + "\r\n__exception__\r\n";
  for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
    EXPECT_EQ(parted(answer, piece), std::pair(rows, message)) << piece;
    EXPECT_EQ(parted(rows, piece), std::pair(rows, std::string())) << piece;
    EXPECT_EQ(parted(answer, piece, ""), std::pair(answer, std::string())) << piece;
  }
}

TEST(ExceptionFilter, HoldsNothingBackThatIsNoFrame) {
  ExceptionFilter filter(kTag);
  EXPECT_EQ(filter.add("1\n2\n"), "1\n2\n");
  EXPECT_EQ(filter.add("3\r\n"), "3");
  EXPECT_EQ(filter.add("4\n"), "\r\n4\n");
}

TEST(ExceptionFilter, AFrameThatIsCutOffIsAMessageStill) {
  const auto [rows, message] =
      parted("1\n\r\n__exception__\r\n" + std::string(kTag) + "\r\nCode: 1. DB::Exc", 7);
  EXPECT_EQ(rows, "1\n");
  EXPECT_EQ(message, "Code: 1. DB::Exc");
}

}  // namespace
}  // namespace grapevine
