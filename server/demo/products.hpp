#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace grapevine::demo {

/// A word in both languages of the world.
struct Word {
  std::string_view english;
  std::string_view korean;
};

struct Brand {
  Word name;
  std::string_view account;     // The id of the brand's own account: "brand_haneulbit".
  bool own;                     // Whether it belongs to the company that runs Grapevine.
  std::uint16_t praised;        // Of 1000 opinions, how many are good ...
  std::uint16_t criticised;     // ... and how many are bad.
  std::uint16_t price_percent;  // Against the usual price of the category.
};

struct Category {
  Word name;
  std::uint32_t price_krw;  // The usual price.
  std::uint8_t own_brand;
  std::uint8_t rivals[2];
  Word nouns[5];
};

struct Product {
  std::uint8_t category;
  std::uint8_t brand;
  std::uint8_t noun;
  std::uint8_t quality;  // 0 to 99: shifts opinions about it.
  std::uint32_t price_krw;
};

/// Own and rival brands take turns, so that even the smallest world has accounts of both.
enum BrandIndex : std::uint8_t {
  kHaneulbit,
  kNorvane,
  kMorumaru,
  kHearthel,
  kBomgyeol,
  kLumivo,
  kDalmuri,
  kKestora,
  kPacelan,
  kVerdano,
};

enum CategoryIndex : std::uint8_t {
  kCamping,
  kBeauty,
  kAudio,
  kKitchen,
  kRunning,
  kFashion,
  kMobile,
  kHome,
  kGolf,
  kCoffee,
  kSnacks,
  kPets,
};

constexpr std::size_t kBrands = 10;
constexpr std::size_t kCategories = 12;
constexpr std::size_t kProducts = 5'000;
constexpr std::uint16_t kNoProduct = 0xFFFF;

std::span<const Brand> brands();
std::span<const Category> categories();

/// The 5,000 products, the most popular first; product i belongs to category i % kCategories, so
/// that a category in order of popularity is every twelfth product.
std::vector<Product> make_products(std::uint64_t seed);

/// The most popular product of a category and brand.
std::uint16_t best_seller(std::span<const Product> products, std::size_t category,
                          std::size_t brand);

/// How many products a category has.
constexpr std::size_t products_in(std::size_t category) {
  return (kProducts - category + kCategories - 1) / kCategories;
}

/// The number in a product's id, which says nothing about popularity: 1 to 5000.
constexpr std::size_t product_number(std::size_t product) { return product * 2741 % kProducts + 1; }

}  // namespace grapevine::demo
