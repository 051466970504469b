#include "server/demo/names.hpp"

#include <algorithm>
#include <iterator>

namespace grapevine::demo {

Name::Name(std::string_view whole) : size_(std::min(whole.size(), bytes_.size())) {
  std::copy_n(whole.begin(), size_, bytes_.begin());
}

Name::Name(std::string_view prefix, std::uint64_t number, int digits) : Name(prefix) {
  std::array<char, 20> reversed;
  int written = 0;
  for (; number != 0 || written < digits; number /= 10) {
    reversed[static_cast<std::size_t>(written++)] = static_cast<char>('0' + number % 10);
  }
  while (written > 0) bytes_[size_++] = reversed[static_cast<std::size_t>(--written)];
}

Name customer_name(const World& world, std::uint32_t customer) {
  if (world.customers.is_brand(customer)) return Name(brands()[customer].account);
  return Name("c", customer, 7);
}

Name visitor_name(const World& world, std::uint32_t actor) {
  const Customers& customers = world.customers;
  if (actor < customers.size()) return Name("v", customers.visitor_of(actor), 7);
  const std::uint64_t newcomers = customers.people() / 7 + std::uint64_t{1};
  return Name("v", newcomers + (actor - customers.size()), 7);
}

Name product_name(std::uint16_t product) { return Name("p", product_number(product), 4); }

std::string_view channel_name(Channel channel) {
  constexpr std::string_view kNames[] = {"web",       "app",     "store",   "email", "kakao",
                                         "instagram", "youtube", "twitter", "blog",  "call_center"};
  static_assert(std::size(kNames) == kChannels);
  return kNames[static_cast<std::size_t>(channel)];
}

std::string_view event_name(Kind kind) {
  switch (kind) {
    case Kind::PageViewed: return "Page Viewed";
    case Kind::ProductViewed: return "Product Viewed";
    case Kind::ProductAdded: return "Product Added";
    case Kind::ProductShared: return "Product Shared";
    case Kind::CheckoutStarted: return "Checkout Started";
    case Kind::OrderCompleted: return "Order Completed";
    case Kind::OrderRefunded: return "Order Refunded";
    case Kind::ProductReviewed: return "Product Reviewed";
    case Kind::PostCreated: return "Post Created";
    case Kind::PostShared: return "Post Shared";
    case Kind::PostReplied: return "Post Replied";
    case Kind::PostLiked: return "Post Liked";
    case Kind::CustomerMentioned: return "Customer Mentioned";
    case Kind::CustomerFollowed: return "Customer Followed";
    case Kind::TicketOpened: return "Ticket Opened";
    case Kind::TicketAnswered: return "Ticket Answered";
    case Kind::TicketResolved: return "Ticket Resolved";
  }
  return "";
}

}  // namespace grapevine::demo
