#include "kernels/text/service_signs.hpp"

#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/listen/triage.hpp"
#include "kernels/text/question_form.hpp"
#include "kernels/text/sentiment.hpp"

namespace grapevine {
namespace {

Triage told(std::string_view text, bool is_ticket = false) {
  std::vector<FoundSign> signs;
  find_service_signs(text, signs);
  return triage(signs, sentiment(text).score, is_ticket);
}

struct Case {
  const char* text;
  Concern concern;
  Severity severity;
};

TEST(Triage, TellsHarmInBothLanguages) {
  using enum Concern;
  using enum Severity;
  const Case cases[] = {
      {"The charger caught fire while we slept.", Complaint, Critical},
      {"It is hot but not on fire.", Other, None},
      {"My daughter got burned, the pan burned her hand", Complaint, Critical},
      {"I got an allergic reaction to this cream", Complaint, Severe},
      {"Nobody was hurt, no injuries at all", Other, None},
      {"It did not stop burning smell after a week", Complaint, Serious},
      {"It not only smells, it caught fire and exploded", Complaint, Critical},
      {"Great service but the battery exploded", Complaint, Critical},
      {"your sales are on fire this week, great", Praise, None},
      {"is this toy safe for a child with an allergic skin?", Question, Critical},
      {"My account was hacked and there are unauthorised charges", Complaint, Severe},
      {"충전기에서 불이 났어요", Complaint, Critical},
      {"전기장판 쓰다가 화상을 입었습니다", Complaint, Severe},
      {"아이가 뚜껑에 손을 베였어요", Complaint, Critical},
      {"넘어졌는데 다치지 않았어요", Other, None},
      {"다행히 안 다쳤어요", Other, None},
      {"화상 회의할 때 쓰기 좋아요", Praise, None},
      {"반응이 폭발적이에요, 최고!", Praise, None},
      {"배터리가 폭발했습니다", Complaint, Critical},
      {"불이 나지 않아서 다행이에요", Other, None},
      {"개인정보가 유출됐다고 문자가 왔어요", Complaint, Severe},
      {"먹고 식중독 걸려서 응급실 갔어요", Complaint, Critical},
      {"불이 안 나와요", Complaint, Serious},
  };
  for (const Case& c : cases) {
    const Triage is = told(c.text);
    EXPECT_EQ(name_of(is.severity), name_of(c.severity)) << c.text;
    if (c.concern == Other) continue;  // Whatever its mood makes of it.
    EXPECT_EQ(name_of(is.concern), name_of(c.concern)) << c.text;
  }
}

TEST(Triage, TellsQuestionsFromComplaintsAndPraise) {
  using enum Concern;
  const std::pair<const char*, Concern> cases[] = {
      {"Where is my parcel?", Question},
      {"do you ship to Busan", Question},
      {"how do I change my delivery address", Question},
      {"What a lovely phone!", Praise},
      {"When I opened the box it was broken", Complaint},
      {"see https://example.com/?a=b for the picture", Other},
      {"배송지 변경은 어떻게 하나요?", Question},
      {"이거 방수 되나요", Question},
      {"재입고 될까요 ㅠㅠ", Question},
      {"사이즈가 맞는지 궁금합니다", Question},
      {"쓰레기통에서 냄새가 나요", Complaint},
      {"보증 기간이 언제까지인가요", Question},
      {"고장 없이 잘 쓰고 있어요, 감사합니다", Praise},
      {"환불해 주세요, 불량이에요", Complaint},
      {"어제 상담해 주신 분 정말 친절하셨어요", Praise},
      {"thanks, the tent is brilliant", Praise},
      {"I was charged twice for the lamp", Complaint},
      {"delivery was late", Complaint},
      {"My parcel came two days late, @brand", Complaint},
      {"the order is not late", Other},
  };
  for (const auto& [text, concern] : cases) {
    EXPECT_EQ(name_of(told(text).concern), name_of(concern)) << text;
  }
}

TEST(Triage, TellsScornFromPraiseThatIsMeant) {
  using enum Concern;
  const std::pair<const char*, Concern> cases[] = {
      {"Great, delayed again", Complaint},
      {"Well done team! Another delay", Complaint},
      {"Wow, excellent. My order never arrived", Complaint},
      {"Excellent camera for the price, it stopped working on day one", Complaint},
      {"thanks for losing my parcel", Complaint},
      {"Thank you for nothing", Complaint},
      {"best shop in town, said no one ever", Complaint},
      {"Excellent, problem solved", Praise},
      {"Great, the broken one got replaced", Praise},
      {"Wonderful! I was disappointed with others but not with you", Praise},
      {"Great phone, my old one broke twice", Praise},
      {"Thanks, got my refund", Praise},
      {"Best purchase ever, returned it twice for a bigger size, quick each time", Praise},
      {"Brilliant! Third one I have bought, never a problem", Praise},
      {"Great product. Arrived late.", Praise},
      {"Perfect, no problems at all", Praise},
      {"정말 최고네요 이틀 만에 고장", Complaint},
      {"깨진 컵을 보내주셔서 감사합니다", Complaint},
      {"잘도 해주네요", Complaint},
      {"참 잘하는 짓이다", Complaint},
      {"역시 최고 고장 나도 벌써 해결", Praise},
      {"최고예요 두 번 썼는데 고장 한 번 없어요", Praise},
      {"늦게까지 답변해 주셔서 감사합니다", Praise},
      {"문제 해결해 주셔서 감사합니다", Praise},
      {"불량이었는데 바로 교환해 주셔서 고맙습니다", Praise},
      {"불만 들어주셔서 감사합니다", Praise},
  };
  for (const auto& [text, concern] : cases) {
    EXPECT_EQ(name_of(told(text).concern), name_of(concern)) << text;
  }
  // It is so whatever the mood.
  const std::vector<FoundSign> scorn{{ServiceSign::Praise, 0, 1, false},
                                     {ServiceSign::Scorn, 0, 9, false}};
  EXPECT_EQ(triage(scorn, 0.9, false).concern, Concern::Complaint);
  EXPECT_EQ(triage(scorn, 0.9, false).severity, Severity::Mild);
}

TEST(ServiceSigns, SaysWhereScornStands) {
  std::vector<FoundSign> found;
  find_service_signs("oh great, it broke again", found);
  EXPECT_THAT(found, ::testing::Contains(FoundSign{ServiceSign::Scorn, 3, 18, false}));
}

TEST(Triage, TakesASilentTicketForAComplaint) {
  EXPECT_EQ(told("order 1234", true).concern, Concern::Complaint);
  EXPECT_EQ(told("order 1234", true).rule, Triage::Rule::Ticket);
  EXPECT_EQ(told("order 1234").concern, Concern::Other);
  EXPECT_EQ(told("how can I use my coupon?", true).concern, Concern::Question);
}

TEST(Triage, StrongFeelingsAndVulnerablePeopleMakeItWorse) {
  const std::vector<FoundSign> complaint{{ServiceSign::Complaint, 0, 1, false}};
  EXPECT_EQ(triage(complaint, -0.59, false).severity, Severity::Mild);
  EXPECT_EQ(triage(complaint, -0.6, false).severity, Severity::Serious);
  EXPECT_TRUE(triage(complaint, -0.6, false).worse_for_mood);
  const std::vector<FoundSign> child{{ServiceSign::Serious, 0, 1, false},
                                     {ServiceSign::Vulnerable, 2, 3, false}};
  EXPECT_EQ(triage(child, std::nullopt, false).severity, Severity::Severe);
  EXPECT_TRUE(triage(child, std::nullopt, false).worse_for_who);
  const std::vector<FoundSign> denied{{ServiceSign::Critical, 0, 1, true}};
  EXPECT_EQ(triage(denied, std::nullopt, false).severity, Severity::None);
}

TEST(ServiceSigns, SaysWhereTheyStand) {
  std::vector<FoundSign> found;
  find_service_signs("no, it caught fire?", found);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0], (FoundSign{ServiceSign::Critical, 7, 18, false}));
  EXPECT_EQ(found[1], (FoundSign{ServiceSign::Question, 18, 19, false}));
}

TEST(ServiceSigns, TakesAnyBytes) {
  std::vector<FoundSign> found;
  std::string bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 2000; ++i) {
    bytes.clear();
    for (int n = 0; n < 40; ++n) {
      state = state * 1664525 + 1013904223;
      bytes.push_back(static_cast<char>(state >> 24));
      if (state % 7 == 0) bytes += "불이 나지";
      if (state % 11 == 0) bytes += "n't hurt my ";
      if (state % 13 == 0) bytes += "great, 또 고장 broke again. ";
      if (state % 17 == 0) bytes += "보내주셔서 감사";
    }
    find_service_signs(bytes, found);
    for (const FoundSign& of : found) EXPECT_LE(of.end, bytes.size());
  }
}

// The 200 posts of our own about products and service: 1 is praise, 0 a complaint.
TEST(Triage, TellsComplaintsFromPraiseInKoreanPosts) {
  std::ifstream file(GRAPEVINE_SOURCE_DIR "/tests/data/korean_service_posts.tsv");
  std::string line;
  std::getline(file, line);
  int posts = 0, right = 0, opposite = 0;
  while (std::getline(file, line)) {
    const std::size_t first = line.find('\t'), last = line.rfind('\t');
    const std::string text = line.substr(first + 1, last - first - 1);
    const bool praises = line.substr(last + 1) == "1";
    const Concern is = told(text).concern;
    ++posts;
    right += is == (praises ? Concern::Praise : Concern::Complaint) ? 1 : 0;
    opposite += is == (praises ? Concern::Complaint : Concern::Praise) ? 1 : 0;
  }
  std::printf("%d of %d Korean posts told right, %d told the opposite\n", right, posts, opposite);
  EXPECT_EQ(posts, 200);
  EXPECT_GE(right, 178);
  EXPECT_LE(opposite, 16);
}

}  // namespace
}  // namespace grapevine
