#include <algorithm>
#include <bit>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "api/sql/tables/segment_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kWords = kBlockRows / 64;  // Of a morsel.

class MembersSource final : public BlockSource {
 public:
  MembersSource(std::vector<NamedMembers> all, std::vector<bool> of_name, MemoryLease lease,
                QueryContext& context)
      : all_(std::move(all)),
        of_name_(std::move(of_name)),
        lease_(std::move(lease)),
        context_(context) {
    for (const NamedMembers& each : all_) {
      rows_ += each.members.count();
      morsels_ = std::max(morsels_, (each.members.words().size() + kWords - 1) / kWords);
    }
  }

  std::size_t morsels() const override { return all_.size() * morsels_; }
  std::uint64_t rows() const override { return rows_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const NamedMembers& of = all_[morsel / morsels_];
    const auto words = of.members.words();
    const std::size_t begin = morsel % morsels_ * kWords;
    std::vector<std::uint32_t> people;
    for (std::size_t w = begin; w < std::min(words.size(), begin + kWords); ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        people.push_back(static_cast<std::uint32_t>(w * 64) +
                         static_cast<std::uint32_t>(std::countr_zero(rest)));
      }
    }
    if (people.empty()) return absl::OkStatus();
    const std::size_t rows = people.size();
    context_.progress.read_rows.fetch_add(rows, std::memory_order_relaxed);
    context_.progress.read_bytes.fetch_add(rows * 8, std::memory_order_relaxed);
    Block block{rows, {}};
    const ColumnPtr ids = people_column(std::move(people), context_);
    for (const bool name : of_name_) block.columns.push_back(name ? resized(of.name, rows) : ids);
    return consume(std::move(block));
  }

 private:
  std::vector<NamedMembers> all_;
  std::vector<bool> of_name_;
  MemoryLease lease_;
  QueryContext& context_;
  std::size_t morsels_ = 1;  // Of each name.
  std::uint64_t rows_ = 0;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> members_source(std::vector<NamedMembers> all,
                                                                  std::vector<bool> of_name,
                                                                  QueryContext& context) {
  MemoryLease lease(context.memory);
  std::size_t bytes = 0;
  for (const NamedMembers& each : all) bytes += each.members.words().size_bytes();
  GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
  return std::make_shared<MembersSource>(std::move(all), std::move(of_name), std::move(lease),
                                         context);
}

}  // namespace grapevine::sql
