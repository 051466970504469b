#include "server/demo/phrases.hpp"

namespace grapevine::demo {
namespace {

constexpr std::string_view kGoodPostEn[] = {"the {p} is {g}",
                                            "{d} days with the {p} and it is still {g}",
                                            "bought the {n} from {b}, {g}",
                                            "never thought a {n} could be {g}",
                                            "my {p} arrived today, {g}",
                                            "if you are into {h}, get the {p}. {g}",
                                            "took the {p} along for {h} this weekend: {g}",
                                            "{b} did it again, this {n} is {g}",
                                            "third {n} from {b} in our house and every one is {g}",
                                            "ok the {p} is {g}, worth every won"};
constexpr std::string_view kBadPostEn[] = {
    "the {p} is {x}",
    "{d} days and the {p} is already {x}",
    "do not buy the {n} from {b}, {x}",
    "{b} sold me a {n} that is {x}",
    "my {p} arrived today and it is {x}",
    "second {p}, same problem: {x}",
    "waited {d} days for a {n} that is {x}",
    "how can {b} sell a {n} this bad? {x}",
    "returned the {p}. {x}",
    "{b} support has not answered for {d} days, and the {n} is {x}"};
constexpr std::string_view kPlainPostEn[] = {"has anyone tried the {p}?",
                                             "thinking about a new {n}, {b} or something else?",
                                             "the {p} is on sale today",
                                             "comparing the {p} with my old one",
                                             "ordered a {n} from {b}, it should come in {d} days",
                                             "which {n} do you use for {h}?",
                                             "unboxing the {p} tonight",
                                             "saw the {p} in the store today",
                                             "does the {p} come in other colours?",
                                             "new {n} by {b} on the shelf"};
constexpr std::string_view kChatEn[] = {"anyone up for {h} this weekend?",
                                        "{d} days of {h} in a row",
                                        "a quiet evening, some {h} and music",
                                        "looking for people in my area who like {h}",
                                        "started {h} this year and met so many people",
                                        "today was all about {h}",
                                        "what got you into {h}?",
                                        "rain again, so no {h} today",
                                        "good morning everyone, {h} later?",
                                        "notes from {d} weeks of {h}"};
constexpr std::string_view kPromoEn[] = {
    "meet the new {p}", "only {d} days: the {p} at a special price",
    "how do you use your {n}? tell us", "for everyone who loves {h}: the {p}",
    "behind the scenes: how we make the {n}"};
constexpr std::string_view kGoodReplyEn[] = {"same here, {g}",
                                             "totally agree",
                                             "mine is {g} too",
                                             "thanks, just ordered one",
                                             "good to know, thank you",
                                             "you convinced me",
                                             "been saying this for years",
                                             "love it"};
constexpr std::string_view kBadReplyEn[] = {"same here, mine is {x}",
                                            "mine too!! {x}",
                                            "that is awful, did you get a refund?",
                                            "thanks for the warning",
                                            "so it is not just me",
                                            "{x}, never again",
                                            "they told me the same thing {d} days ago",
                                            "disappointing"};
constexpr std::string_view kPlainReplyEn[] = {
    "where did you get it?",        "how much was it?",
    "I would like to know as well", "following",
    "which size did you take?",     "is it heavy?",
    "send me the link please",      "me, maybe on sunday"};
constexpr std::string_view kAnswerEn[] = {
    "we are sorry about this. please send us your order number",
    "thank you for telling us, we are looking into it",
    "a replacement is on its way, it takes {d} days",
    "your refund has been started",
    "please stop using it for now, we will pick it up tomorrow",
    "here is how to fix it: reset it for {d} seconds"};
constexpr std::string_view kGoodMentionEn[] = {"thank you for the tip, {g}",
                                               "you were right about the {n}",
                                               "great {h} video, thanks", "look at this, {g}"};
constexpr std::string_view kBadMentionEn[] = {
    "please explain this: {x}", "still waiting for an answer, {d} days now",
    "have you seen this? {x}", "is anybody reading this? {x}"};
constexpr std::string_view kPlainMentionEn[] = {
    "have you tried this one?", "are you coming to {h} on saturday?", "what do you think about it?",
    "question for you about {h}"};
constexpr std::string_view kGoodReviewEn[] = {
    "{g}. would buy again",      "exactly as described, {g}",
    "used it for {d} days, {g}", "a gift for my sister, she says it is {g}",
    "{g} for the price",         "delivery took {d} days, the {n} is {g}"};
constexpr std::string_view kBadReviewEn[] = {
    "{x}. would not buy again",        "looks nice but {x}",
    "after {d} days it was {x}",       "one star, {x}",
    "not what the pictures show, {x}", "sent it back, {x}"};
constexpr std::string_view kPlainReviewEn[] = {
    "it is ok", "average {n}, does what it should", "fine, but nothing special",
    "good material, size runs small", "neither good nor bad"};
constexpr std::string_view kBadTicketEn[] = {
    "my {p} is {x}, please help",           "I ordered {d} days ago and nothing has arrived",
    "the {n} is {x}, I want my money back", "wrong item: I ordered a {p}",
    "I was charged twice for the {n}",      "the {n} stopped working after {d} days"};
constexpr std::string_view kPlainTicketEn[] = {"how do I change my delivery address?",
                                               "does the {p} have a warranty?",
                                               "can I exchange the {n} for another size?",
                                               "where is my parcel?",
                                               "how can I use my coupon?",
                                               "is the {p} coming back in stock?"};
constexpr std::string_view kPraiseTicketEn[] = {"just wanted to say thanks, the {n} is {g}",
                                                "your colleague was so helpful yesterday"};

constexpr std::string_view kGoodPostKo[] = {"{p} {g}",
                                            "{p} {d}일째 쓰는데 {g}",
                                            "{b}에서 {n} 샀는데 {g}",
                                            "{h} 하시는 분들 {p} 꼭 써보세요, {g}",
                                            "오늘 {p} 도착! {g}",
                                            "이번 주말 {h} 때 {p}{을} 써봤는데 {g}",
                                            "역시 {b}, {n}{이} {g}",
                                            "{n} 고민하다가 {b}{으로} 갔는데 {g}",
                                            "{p}{은} 진짜 {g}",
                                            "가격 생각하면 {p} {g}"};
constexpr std::string_view kBadPostKo[] = {"{p} {x}",
                                           "{p} {d}일 만에 {x}",
                                           "{b} {n} 사지 마세요, {x}",
                                           "{b}에서 산 {n}{이} {x}",
                                           "오늘 {p} 받았는데 {x}",
                                           "{p} 교환까지 했는데 또 {x}",
                                           "{d}일 기다린 {n}{이} {x}",
                                           "{b} 고객센터는 {d}일째 답이 없고 {n}{은} {x}",
                                           "{p} 환불했어요. {x}",
                                           "{n}{을} 이렇게 만들어도 되나요? {x}"};
constexpr std::string_view kPlainPostKo[] = {"{p} 써보신 분 계세요?",
                                             "{n} 바꾸려는데 {b} 어때요?",
                                             "오늘 {p} 세일하네요",
                                             "{p}{과} 예전 거 비교 중",
                                             "{b}에서 {n} 주문했어요, {d}일 뒤에 온대요",
                                             "{h} 할 때 {n} 뭐 쓰세요?",
                                             "오늘 밤 {p} 개봉합니다",
                                             "매장에서 {p} 보고 왔어요",
                                             "{p} 다른 색도 있나요?",
                                             "{b} {n} 신상 나왔네요"};
constexpr std::string_view kChatKo[] = {"주말에 {h} 같이 하실 분?",
                                        "{h} {d}일째",
                                        "조용한 저녁, {h} 하면서 음악 듣는 중",
                                        "우리 동네 {h} 모임 찾아요",
                                        "올해 {h} 시작했는데 좋은 사람들을 많이 만났어요",
                                        "오늘은 하루 종일 {h}",
                                        "다들 {h} 어떻게 시작하셨어요?",
                                        "비가 와서 오늘 {h}{은} 쉽니다",
                                        "좋은 아침이에요, 이따 {h} 가실 분",
                                        "{h} {d}주 차 기록"};
constexpr std::string_view kPromoKo[] = {
    "새로운 {p}{을} 만나보세요", "단 {d}일간, {p} 특별가", "여러분의 {n} 활용법을 알려주세요",
    "{h}{을} 좋아하는 분들을 위한 {p}", "{n}{이} 만들어지는 과정을 공개합니다"};
constexpr std::string_view kGoodReplyKo[] = {
    "저도요, {g}",          "완전 공감해요", "제 것도 {g}",   "덕분에 저도 주문했어요",
    "좋은 정보 감사합니다", "설득당했어요",  "맞아요 맞아요", "부러워요"};
constexpr std::string_view kBadReplyKo[] = {"저도요, {x}",
                                            "제 것도 {x}",
                                            "너무하네요, 환불은 받으셨어요?",
                                            "알려주셔서 감사합니다, 안 사야겠네요",
                                            "저만 그런 게 아니었군요",
                                            "다시는 안 사요, {x}",
                                            "저한테도 {d}일 전에 똑같이 말하더라고요",
                                            "실망이네요"};
constexpr std::string_view kPlainReplyKo[] = {
    "어디서 사셨어요?", "얼마예요?",       "저도 궁금해요",        "사이즈 뭐 하셨어요?",
    "무겁지는 않나요?", "링크 부탁드려요", "저 일요일에 가능해요", "같이 가요"};
constexpr std::string_view kAnswerKo[] = {
    "불편을 드려 죄송합니다. 주문 번호를 보내주세요", "알려주셔서 감사합니다, 확인하고 있습니다",
    "새 제품을 보내드렸습니다, {d}일 걸립니다",       "환불 처리를 시작했습니다",
    "우선 사용을 멈춰 주세요, 내일 회수하겠습니다",   "{d}초 동안 눌러 초기화해 보세요"};
constexpr std::string_view kGoodMentionKo[] = {"추천 감사해요, {g}", "{n} 말씀하신 대로예요",
                                               "{h} 영상 잘 봤어요, 고마워요",
                                               "이것 좀 보세요, {g}"};
constexpr std::string_view kBadMentionKo[] = {"해명 부탁드립니다, {x}",
                                              "{d}일째 답변 기다리고 있습니다",
                                              "이거 보셨어요? {x}", "아무도 안 보시나요? {x}"};
constexpr std::string_view kPlainMentionKo[] = {"이거 써보셨어요?", "토요일에 {h} 오세요?",
                                                "이거 어떻게 생각하세요?",
                                                "{h} 관련해서 질문 있어요"};
constexpr std::string_view kGoodReviewKo[] = {
    "{g}, 재구매 의사 있어요", "설명 그대로예요, {g}", "{d}일 써봤는데 {g}",
    "동생 선물인데 {g}",       "이 가격에 {g}",        "배송 {d}일 걸렸고 {n}{은} {g}"};
constexpr std::string_view kBadReviewKo[] = {"{x}, 재구매는 없어요", "예쁘긴 한데 {x}",
                                             "{d}일 쓰니까 {x}",     "별 하나도 아까워요, {x}",
                                             "사진이랑 달라요, {x}", "반품했습니다. {x}"};
constexpr std::string_view kPlainReviewKo[] = {
    "그냥 그래요", "평범한 {n}, 할 건 다 해요", "무난한데 특별하진 않아요",
    "재질은 좋은데 사이즈가 작게 나왔어요", "좋지도 나쁘지도 않아요"};
constexpr std::string_view kBadTicketKo[] = {
    "{p}{이} {x}, 도와주세요",    "{d}일 전에 주문했는데 아직 안 왔어요",
    "{n}{이} {x}, 환불해 주세요", "다른 상품이 왔어요, {p} 주문했는데요",
    "{n} 결제가 두 번 됐어요",    "{n}{이} {d}일 만에 멈췄어요"};
constexpr std::string_view kPlainTicketKo[] = {
    "배송지 변경은 어떻게 하나요?", "{p} 보증 기간이 있나요?", "{n} 다른 사이즈로 교환되나요?",
    "제 택배 어디쯤 왔나요?",       "쿠폰은 어떻게 쓰나요?",   "{p} 재입고되나요?"};
constexpr std::string_view kPraiseTicketKo[] = {"감사 인사 드리려고요, {n} {g}",
                                                "어제 상담해 주신 분 정말 친절하셨어요"};

constexpr std::string_view kPraisesEn[] = {
    "brilliant",    "so comfortable",       "really well made", "absolutely great",
    "amazing",      "better than expected", "worth the money",  "light and sturdy",
    "my favourite", "super reliable",       "beautiful",        "a joy to use",
    "excellent",    "perfect for beginners"};
constexpr std::string_view kBlamesEn[] = {"broken",
                                          "terrible",
                                          "a waste of money",
                                          "falling apart",
                                          "useless",
                                          "way too loud",
                                          "defective",
                                          "the worst I have had",
                                          "scratched and dirty",
                                          "leaking",
                                          "overheating",
                                          "really disappointing",
                                          "not working at all",
                                          "cheap plastic garbage"};
constexpr std::string_view kPraisesKo[] = {
    "정말 좋아요",      "너무 만족스러워요", "진짜 편해요",     "최고예요",      "기대 이상이에요",
    "가성비 좋네요",    "튼튼하고 가벼워요", "디자인이 예뻐요", "완전 추천해요", "품질이 훌륭해요",
    "마음에 쏙 들어요", "쓸수록 좋네요",     "역시 믿고 써요",  "감동이에요"};
constexpr std::string_view kBlamesKo[] = {
    "고장 났어요",     "최악이에요",        "돈이 아까워요",   "너무 실망이에요", "쓸모가 없어요",
    "소음이 심해요",   "불량이에요",        "금방 망가졌어요", "흠집투성이예요",  "물이 새요",
    "너무 뜨거워져요", "마감이 엉망이에요", "작동을 안 해요",  "냄새가 심해요"};
constexpr std::string_view kOpeningsEn[] = {"honestly, ",    "update: ", "so ",  "hey all, ",
                                            "just saying: ", "wow, ",    "fyi ", "hmm, "};
constexpr std::string_view kOpeningsKo[] = {"솔직히 ", "후기: ",  "여러분 ", "와 ",
                                            "근데 ",   "참고로 ", "음 ",     "방금 "};
constexpr std::string_view kGoodEndingsEn[] = {"!", "!!", ". recommended", ". thank you {b}",
                                               " :)"};
constexpr std::string_view kBadEndingsEn[] = {"...", "!!!", ". shame on you {b}",
                                              ". I want a refund", " :("};
constexpr std::string_view kPlainEndingsEn[] = {"", ".", " thanks", "..."};
constexpr std::string_view kGoodEndingsKo[] = {"!", "!!", " ㅎㅎ", " 강추", " 고마워요 {b}"};
constexpr std::string_view kBadEndingsKo[] = {"...", " ㅠㅠ", " ㅡㅡ", " 환불해 주세요",
                                              " {b} 반성하세요"};
constexpr std::string_view kPlainEndingsKo[] = {"", ".", " ㅎㅎ", "~"};
constexpr std::string_view kHarmsEn[] = {" it caught fire",
                                         " I burned my hand",
                                         " my child was injured",
                                         " got an allergic rash, had to see a doctor",
                                         " there was smoke and an electric shock",
                                         " this is dangerous, someone will get hurt"};
constexpr std::string_view kHarmsKo[] = {" 불이 났어요",
                                         " 손에 화상을 입었어요",
                                         " 아이가 다쳤어요",
                                         " 알레르기로 병원까지 갔어요",
                                         " 연기가 나고 감전될 뻔했어요",
                                         " 위험해요, 사고 나겠어요"};
constexpr std::string_view kGoodEmoji[] = {" 😍", " 👍", " ❤️", " 🔥", " 😊", " ⛺"};
constexpr std::string_view kBadEmoji[] = {" 😡", " 👎", " 😭", " 🤬", " 💔", " 😤"};
constexpr std::string_view kPlainEmoji[] = {" 🙂", " 🤔", " ☕", " 🌧️", " 🙌", " 📦"};

// The same kind of words for the three moods, in both languages.
struct Choice {
  Phrases plain;
  Phrases good;
  Phrases bad;

  [[nodiscard]] Phrases of(Mood mood) const {
    switch (mood) {
      case Mood::Neutral: return plain;
      case Mood::Good: return good;
      case Mood::Bad: return bad;
    }
    return plain;
  }
};

Choice choice_of(Speech speech, bool english) {
  switch (speech) {
    case Speech::Post:
      return english ? Choice{kPlainPostEn, kGoodPostEn, kBadPostEn}
                     : Choice{kPlainPostKo, kGoodPostKo, kBadPostKo};
    case Speech::Announcement:
      return english ? Choice{kPromoEn, kPromoEn, kPromoEn} : Choice{kPromoKo, kPromoKo, kPromoKo};
    case Speech::Comment:
    case Speech::Reply:
      return english ? Choice{kPlainReplyEn, kGoodReplyEn, kBadReplyEn}
                     : Choice{kPlainReplyKo, kGoodReplyKo, kBadReplyKo};
    case Speech::Answer:
      return english ? Choice{kAnswerEn, kAnswerEn, kAnswerEn}
                     : Choice{kAnswerKo, kAnswerKo, kAnswerKo};
    case Speech::Mention:
      return english ? Choice{kPlainMentionEn, kGoodMentionEn, kBadMentionEn}
                     : Choice{kPlainMentionKo, kGoodMentionKo, kBadMentionKo};
    case Speech::Review:
      return english ? Choice{kPlainReviewEn, kGoodReviewEn, kBadReviewEn}
                     : Choice{kPlainReviewKo, kGoodReviewKo, kBadReviewKo};
    case Speech::Ticket:
      return english ? Choice{kPlainTicketEn, kPraiseTicketEn, kBadTicketEn}
                     : Choice{kPlainTicketKo, kPraiseTicketKo, kBadTicketKo};
  }
  return {};
}

}  // namespace

Phrases sentences(Speech speech, Mood mood, bool english, bool about_product) {
  const bool chat = !about_product && speech == Speech::Post;
  if (chat) return english ? Phrases(kChatEn) : Phrases(kChatKo);
  return choice_of(speech, english).of(mood);
}

Phrases praises(bool english) { return english ? Phrases(kPraisesEn) : Phrases(kPraisesKo); }
Phrases blames(bool english) { return english ? Phrases(kBlamesEn) : Phrases(kBlamesKo); }
Phrases openings(bool english) { return english ? Phrases(kOpeningsEn) : Phrases(kOpeningsKo); }
Phrases harms(bool english) { return english ? Phrases(kHarmsEn) : Phrases(kHarmsKo); }

Phrases endings(Mood mood, bool english) {
  const Choice choice = english ? Choice{kPlainEndingsEn, kGoodEndingsEn, kBadEndingsEn}
                                : Choice{kPlainEndingsKo, kGoodEndingsKo, kBadEndingsKo};
  return choice.of(mood);
}

Phrases emoji(Mood mood) { return Choice{kPlainEmoji, kGoodEmoji, kBadEmoji}.of(mood); }

}  // namespace grapevine::demo
