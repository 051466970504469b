#include "server/demo/products.hpp"

#include <iterator>

#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

constexpr Brand kBrandTable[] = {
    {{"Haneulbit", "하늘빛"}, "brand_haneulbit", true, 660, 130, 115},
    {{"Norvane", "노르베인"}, "brand_norvane", false, 560, 190, 130},
    {{"Morumaru", "모루마루"}, "brand_morumaru", true, 540, 180, 90},
    {{"Hearthel", "하스엘"}, "brand_hearthel", false, 500, 220, 100},
    {{"Bomgyeol", "봄결"}, "brand_bomgyeol", true, 610, 150, 105},
    {{"Lumivo", "루미보"}, "brand_lumivo", false, 430, 300, 80},
    {{"Dalmuri", "달무리"}, "brand_dalmuri", true, 440, 320, 85},
    {{"Kestora", "케스토라"}, "brand_kestora", false, 620, 160, 140},
    {{"Pacelan", "페이슬란"}, "brand_pacelan", false, 580, 180, 120},
    {{"Verdano", "베르다노"}, "brand_verdano", false, 480, 250, 70},
};
static_assert(std::size(kBrandTable) == kBrands);

constexpr Category kCategoryTable[] = {
    {{"camping", "캠핑"},
     89'000,
     kHaneulbit,
     {kNorvane, kPacelan},
     {{"stove", "버너"},
      {"tent", "텐트"},
      {"sleeping bag", "침낭"},
      {"lantern", "랜턴"},
      {"camping chair", "캠핑 의자"}}},
    {{"beauty", "뷰티"},
     32'000,
     kBomgyeol,
     {kLumivo, kVerdano},
     {{"sunscreen", "선크림"},
      {"serum", "세럼"},
      {"lip tint", "립틴트"},
      {"cleanser", "클렌징폼"},
      {"sheet mask", "마스크팩"}}},
    {{"audio", "오디오"},
     119'000,
     kDalmuri,
     {kKestora, kLumivo},
     {{"earbuds", "무선 이어폰"},
      {"headphones", "헤드폰"},
      {"speaker", "스피커"},
      {"soundbar", "사운드바"},
      {"microphone", "마이크"}}},
    {{"kitchen", "주방"},
     54'000,
     kMorumaru,
     {kHearthel, kVerdano},
     {{"electric kettle", "전기포트"},
      {"frying pan", "프라이팬"},
      {"air fryer", "에어프라이어"},
      {"blender", "믹서기"},
      {"knife set", "칼 세트"}}},
    {{"running", "러닝"},
     99'000,
     kHaneulbit,
     {kPacelan, kNorvane},
     {{"running shoes", "러닝화"},
      {"windbreaker", "바람막이"},
      {"leggings", "레깅스"},
      {"running cap", "러닝 모자"},
      {"sports watch", "스포츠 워치"}}},
    {{"fashion", "패션"},
     64'000,
     kBomgyeol,
     {kPacelan, kLumivo},
     {{"knit sweater", "니트"},
      {"jeans", "청바지"},
      {"coat", "코트"},
      {"sneakers", "스니커즈"},
      {"tote bag", "에코백"}}},
    {{"mobile", "모바일"},
     45'000,
     kDalmuri,
     {kKestora, kHearthel},
     {{"power bank", "보조배터리"},
      {"phone case", "폰케이스"},
      {"fast charger", "고속 충전기"},
      {"tablet stand", "거치대"},
      {"stylus", "터치펜"}}},
    {{"home", "홈"},
     72'000,
     kMorumaru,
     {kHearthel, kKestora},
     {{"humidifier", "가습기"},
      {"desk lamp", "스탠드 조명"},
      {"bedding", "이불"},
      {"air purifier", "공기청정기"},
      {"vacuum", "청소기"}}},
    {{"golf", "골프"},
     165'000,
     kHaneulbit,
     {kPacelan, kNorvane},
     {{"driver", "드라이버"},
      {"golf balls", "골프공"},
      {"golf glove", "골프 장갑"},
      {"putter", "퍼터"},
      {"golf polo", "골프 셔츠"}}},
    {{"coffee", "커피"},
     24'000,
     kMorumaru,
     {kVerdano, kHearthel},
     {{"coffee beans", "원두"},
      {"drip bags", "드립백"},
      {"grinder", "그라인더"},
      {"tumbler", "텀블러"},
      {"espresso machine", "에스프레소 머신"}}},
    {{"snacks", "간식"},
     12'000,
     kMorumaru,
     {kVerdano, kLumivo},
     {{"granola", "그래놀라"},
      {"protein bar", "단백질바"},
      {"rice crackers", "쌀과자"},
      {"chocolate", "초콜릿"},
      {"dried mango", "건망고"}}},
    {{"pets", "반려동물"},
     28'000,
     kMorumaru,
     {kVerdano, kNorvane},
     {{"dog food", "강아지 사료"},
      {"cat tower", "캣타워"},
      {"harness", "하네스"},
      {"cat litter", "고양이 모래"},
      {"pet bed", "방석"}}},
};
static_assert(std::size(kCategoryTable) == kCategories);

}  // namespace

std::span<const Brand> brands() { return kBrandTable; }

std::span<const Category> categories() { return kCategoryTable; }

std::vector<Product> make_products(std::uint64_t seed) {
  std::vector<Product> products(kProducts);
  for (std::size_t i = 0; i < kProducts; ++i) {
    Dice dice(hash_of(seed, Purpose::Catalogue, i));
    const std::size_t category_index = i % kCategories;
    const Category& category = kCategoryTable[category_index];
    Product& product = products[i];
    product.category = static_cast<std::uint8_t>(category_index);
    // The first of each category is always the company's own: complaints about it will be looked
    // for.
    const bool own = i < kCategories || dice.per_mille(450);
    product.brand = own ? category.own_brand : category.rivals[dice.below(2)];
    product.noun = static_cast<std::uint8_t>(i < kCategories ? 0 : dice.below(5));
    product.quality = static_cast<std::uint8_t>(dice.below(100));
    const std::uint32_t level = 40 + dice.skewed_below(220);  // Percent of the usual price.
    const std::uint64_t price = std::uint64_t{category.price_krw} * level *
                                kBrandTable[product.brand].price_percent / 10'000;
    product.price_krw = static_cast<std::uint32_t>(price / 100 * 100);
  }
  return products;
}

std::uint16_t best_seller(std::span<const Product> products, std::size_t category,
                          std::size_t brand) {
  std::size_t product = category;
  while (product + kCategories < kProducts && products[product].brand != brand) {
    product += kCategories;
  }
  return static_cast<std::uint16_t>(product);
}

}  // namespace grapevine::demo
