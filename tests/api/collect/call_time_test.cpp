#include "api/collect/call_time.hpp"

#include <gtest/gtest.h>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kReceived = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
constexpr TimeMs kHour = 3'600'000;

CallTime call_at(Scalar timestamp) {
  CallTime call;
  call.timestamp = timestamp;
  call.received = kReceived;
  return call;
}

TEST(CallTime, IsTheTimeOfReceiptWhenNoneWasSent) {
  EXPECT_EQ(*time_of_call(call_at({})), kReceived);
}

TEST(CallTime, IsIsoOrEpochMilliseconds) {
  const TimeMs expected = 1'795'168'800'123;
  EXPECT_EQ(*time_of_call(call_at(Scalar::of("2026-11-20T10:00:00.123Z"))), expected);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of("2026-11-20T19:00:00.123+09:00"))), expected);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(expected))), expected);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(1'795'168'800'123.75))), expected);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of("1795168800123"))), expected);
}

TEST(CallTime, IsEpochSecondsBelowTenToTheEleventh) {
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(std::int64_t{1'795'168'800}))), 1'795'168'800'000);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(1'795'168'800.123))), 1'795'168'800'123);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of("1795168800"))), 1'795'168'800'000);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(std::int64_t{-86'400}))), -86'400'000);
  EXPECT_EQ(*time_of_call(call_at(Scalar::of(std::int64_t{100'000'000'000}))), 100'000'000'000);
  EXPECT_FALSE(time_of_call(call_at(Scalar::of(std::int64_t{99'999'999'999}))).ok());
  EXPECT_FALSE(time_of_call(call_at(Scalar::of("179516880"))).ok());
}

TEST(CallTime, RefusesWhatIsNoTime) {
  for (const Scalar& wrong :
       {Scalar::of("yesterday"), Scalar::of(""), Scalar::of("2026-13-01"), Scalar::of("20261120"),
        Scalar::of("1899-12-31T23:59:59Z"), Scalar::of("2200-01-01"), Scalar::of(true),
        Scalar::of(1e300), Scalar::of(INT64_MIN), Scalar::of(INT64_MAX)}) {
    const auto time = time_of_call(call_at(wrong));
    ASSERT_FALSE(time.ok()) << wrong.text;
    EXPECT_TRUE(detail_of(time.status()).starts_with("timestamp ")) << time.status();
  }
  EXPECT_EQ(*time_of_call(call_at(Scalar::of("1900-01-01"))), kTimeMin);
}

// received - (sentAt - timestamp): a sender whose clock is an hour ahead, and who sent five seconds
// after the event.
TEST(CallTime, IsCorrectedByTheSendersClock) {
  CallTime call = call_at(Scalar::of(kReceived + kHour - 5000));
  call.sent_at = kReceived + kHour;
  EXPECT_EQ(*time_of_call(call), kReceived - 5000);
  call.is_import = true;  // History was sent long ago: it is taken as it stands.
  EXPECT_EQ(*time_of_call(call), kReceived + kHour - 5000);
}

TEST(CallTime, AheadOfTheClockIsReceiptWhenCollectedAndRefusedWhenImported) {
  CallTime call = call_at(Scalar::of(kReceived + kAheadMsMax));
  EXPECT_EQ(*time_of_call(call), kReceived + kAheadMsMax);
  call.timestamp = Scalar::of(kReceived + kAheadMsMax + 1);
  EXPECT_EQ(*time_of_call(call), kReceived);
  call.is_import = true;
  EXPECT_FALSE(time_of_call(call).ok());
}

}  // namespace
}  // namespace grapevine
