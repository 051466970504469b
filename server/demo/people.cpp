#include "server/demo/people.hpp"

#include <iterator>

namespace grapevine::demo {
namespace {

constexpr Hobby kHobbies[] = {
    {{"camping", "캠핑"}, 25, 50, kCamping},
    {{"hiking", "등산"}, 35, 80, kCamping},
    {{"fishing", "낚시"}, 35, 80, kCamping},
    {{"backpacking", "백패킹"}, 20, 45, kCamping},
    {{"cycling", "자전거"}, 20, 60, kRunning},
    {{"running", "러닝"}, 20, 55, kRunning},
    {{"marathon", "마라톤"}, 28, 60, kRunning},
    {{"swimming", "수영"}, 14, 70, kRunning},
    {{"yoga", "요가"}, 20, 60, kRunning},
    {{"pilates", "필라테스"}, 22, 50, kRunning},
    {{"weight training", "헬스"}, 18, 45, kRunning},
    {{"climbing", "클라이밍"}, 18, 42, kRunning},
    {{"tennis", "테니스"}, 18, 55, kRunning},
    {{"badminton", "배드민턴"}, 20, 70, kRunning},
    {{"golf", "골프"}, 30, 75, kGolf},
    {{"screen golf", "스크린골프"}, 28, 60, kGolf},
    {{"football", "축구"}, 14, 45, kRunning},
    {{"baseball", "야구"}, 14, 60, kSnacks},
    {{"surfing", "서핑"}, 18, 42, kCamping},
    {{"skiing", "스키"}, 16, 50, kCamping},
    {{"makeup", "메이크업"}, 14, 40, kBeauty},
    {{"skincare", "스킨케어"}, 16, 60, kBeauty},
    {{"nail art", "네일아트"}, 16, 40, kBeauty},
    {{"fashion", "패션"}, 14, 40, kFashion},
    {{"sneaker collecting", "스니커즈 수집"}, 14, 38, kFashion},
    {{"vintage shopping", "빈티지 쇼핑"}, 18, 40, kFashion},
    {{"cooking", "요리"}, 20, 75, kKitchen},
    {{"baking", "베이킹"}, 18, 55, kKitchen},
    {{"wine", "와인"}, 28, 65, kKitchen},
    {{"home cafe", "홈카페"}, 20, 50, kCoffee},
    {{"coffee", "커피"}, 20, 65, kCoffee},
    {{"tea", "차"}, 30, 80, kCoffee},
    {{"gardening", "가드닝"}, 35, 80, kHome},
    {{"interior design", "인테리어"}, 24, 55, kHome},
    {{"knitting", "뜨개질"}, 25, 75, kHome},
    {{"reading", "독서"}, 14, 80, kHome},
    {{"writing", "글쓰기"}, 18, 70, kNoCategory},
    {{"painting", "그림"}, 14, 70, kNoCategory},
    {{"calligraphy", "캘리그라피"}, 22, 70, kNoCategory},
    {{"photography", "사진"}, 18, 65, kMobile},
    {{"film", "영화"}, 14, 75, kAudio},
    {{"music", "음악"}, 14, 70, kAudio},
    {{"guitar", "기타 연주"}, 14, 50, kAudio},
    {{"piano", "피아노"}, 14, 60, kAudio},
    {{"k-pop", "케이팝"}, 14, 32, kAudio},
    {{"video games", "게임"}, 14, 40, kMobile},
    {{"board games", "보드게임"}, 16, 42, kSnacks},
    {{"gadgets", "전자기기"}, 18, 55, kMobile},
    {{"dogs", "강아지"}, 16, 75, kPets},
    {{"cats", "고양이"}, 16, 65, kPets},
};
static_assert(std::size(kHobbies) == 50);

constexpr Job kJobs[] = {
    {"student", 14, 26, 0},
    {"software engineer", 23, 55, 7},
    {"teacher", 24, 62, 5},
    {"nurse", 23, 60, 5},
    {"doctor", 28, 68, 9},
    {"pharmacist", 26, 65, 7},
    {"designer", 22, 50, 4},
    {"marketer", 24, 50, 5},
    {"sales representative", 24, 58, 4},
    {"accountant", 25, 62, 6},
    {"lawyer", 28, 68, 9},
    {"civil servant", 24, 60, 5},
    {"police officer", 24, 60, 5},
    {"firefighter", 23, 58, 5},
    {"soldier", 20, 55, 4},
    {"researcher", 26, 64, 6},
    {"professor", 34, 66, 8},
    {"office clerk", 22, 58, 4},
    {"banker", 25, 57, 7},
    {"shop owner", 28, 70, 5},
    {"chef", 22, 62, 4},
    {"hairdresser", 20, 58, 3},
    {"driver", 26, 70, 3},
    {"factory worker", 20, 64, 4},
    {"construction worker", 20, 65, 4},
    {"farmer", 35, 80, 3},
    {"artist", 20, 70, 2},
    {"freelancer", 22, 60, 4},
    {"homemaker", 28, 80, 2},
    {"retired", 58, 90, 3},
};
static_assert(std::size(kJobs) == 30);

constexpr GivenName kGivenNames[] = {
    {"Seo-yeon", true, false},   {"Ji-woo", true, false},      {"Min-seo", true, false},
    {"Ha-eun", true, false},     {"Su-bin", true, false},      {"Ye-jin", true, false},
    {"Ji-hye", true, false},     {"Eun-ji", true, false},      {"Yu-jin", true, false},
    {"Na-yeon", true, false},    {"So-hee", true, false},      {"Hye-jin", true, false},
    {"Mi-kyung", true, false},   {"Young-hee", true, false},   {"Soon-ja", true, false},
    {"Da-hye", true, false},     {"Chae-won", true, false},    {"Bo-ra", true, false},
    {"Jung-ah", true, false},    {"Yoon-seo", true, false},    {"Ga-eun", true, false},
    {"Hyo-rin", true, false},    {"Kyung-ja", true, false},    {"Ah-reum", true, false},
    {"Min-jun", false, false},   {"Seo-jun", false, false},    {"Do-yun", false, false},
    {"Ji-ho", false, false},     {"Hyun-woo", false, false},   {"Jun-seo", false, false},
    {"Sung-min", false, false},  {"Dong-hyun", false, false},  {"Jae-won", false, false},
    {"Tae-yang", false, false},  {"Young-ho", false, false},   {"Sang-chul", false, false},
    {"Kyung-soo", false, false}, {"Jin-woo", false, false},    {"Woo-jin", false, false},
    {"Seung-ho", false, false},  {"Gun-woo", false, false},    {"Ki-tae", false, false},
    {"Byung-ho", false, false},  {"Chan-young", false, false}, {"Si-woo", false, false},
    {"Eun-woo", false, false},   {"Hae-sung", false, false},   {"Joon-ho", false, false},
    {"Olivia", true, true},      {"Emma", true, true},         {"Mei", true, true},
    {"Yuki", true, true},        {"Linh", true, true},         {"Sofia", true, true},
    {"Charlotte", true, true},   {"Putri", true, true},        {"Hana", true, true},
    {"Camille", true, true},     {"Grace", true, true},        {"Anna", true, true},
    {"Liam", false, true},       {"Noah", false, true},        {"Wei", false, true},
    {"Kenji", false, true},      {"Minh", false, true},        {"Lucas", false, true},
    {"Oliver", false, true},     {"Budi", false, true},        {"Haruto", false, true},
    {"Hugo", false, true},       {"James", false, true},       {"Felix", false, true},
};
static_assert(std::size(kGivenNames) == 72);

}  // namespace

std::span<const Hobby> hobbies() { return kHobbies; }
std::span<const Job> jobs() { return kJobs; }
std::span<const GivenName> given_names() { return kGivenNames; }

}  // namespace grapevine::demo
