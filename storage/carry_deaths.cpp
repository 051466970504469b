#include "storage/carry_deaths.hpp"

#include <algorithm>
#include <cassert>
#include <optional>

namespace grapevine {
namespace {

using Parts = std::span<const std::shared_ptr<const Part>>;

const LiveRun* find_version(const Part& part, const std::shared_ptr<const Run>& run) {
  const auto same = [&](const LiveRun& other) { return other.shared() == run; };
  const auto found = std::find_if(part.runs.begin(), part.runs.end(), same);
  return found == part.runs.end() ? nullptr : &*found;
}

bool share_a_run(const Part& a, const Part& b) {
  return std::any_of(a.runs.begin(), a.runs.end(),
                     [&](const LiveRun& run) { return find_version(b, run.shared()) != nullptr; });
}

std::optional<std::size_t> find_row(const Run& run, const Run& other, std::size_t row) {
  const CustomerId customer = other.customers[row];
  const std::size_t end = run.customers.lower_bound(std::uint64_t{index(customer)} + 1);
  std::size_t low = run.customers.lower_bound(index(customer));
  const auto key = [](const Run& of, std::size_t at) {
    return std::pair(of.times.at(at), of.sequences.at(at));
  };
  const auto wanted = key(other, row);
  for (std::size_t high = end; low < high;) {
    const std::size_t middle = low + (high - low) / 2;
    if (key(run, middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == end || key(run, low) != wanted) return std::nullopt;
  return low;
}

// The merged parts, and which of their rows died meanwhile.
class DeathRegister {
 public:
  explicit DeathRegister(std::vector<std::shared_ptr<const Part>> merged)
      : merged_(std::move(merged)), dead_(merged_.size()) {}

  void note(const Run& begun, std::size_t row) {
    for (std::size_t p = 0; p < merged_.size(); ++p) {
      const LiveRun* run = merged_[p]->run(begun.event);
      if (run == nullptr) continue;
      const std::optional<std::size_t> found = find_row(**run, begun, row);
      if (!found) continue;
      const auto at = static_cast<std::size_t>(run - merged_[p]->runs.data());
      dead_[p].resize(merged_[p]->runs.size());
      mark(dead_[p][at], (*run)->size(), *found);
      return;
    }
    assert(false && "a row of an input is in no merged part");
  }

  std::vector<std::shared_ptr<const Part>> parts() && {
    for (std::size_t p = 0; p < merged_.size(); ++p) {
      if (!dead_[p].empty()) merged_[p] = without(*merged_[p], dead_[p]);
    }
    std::erase_if(merged_, [](const auto& part) { return part->rows == 0; });
    return std::move(merged_);
  }

 private:
  static void mark(std::shared_ptr<DeadRows>& dead, std::size_t rows, std::size_t row) {
    if (dead == nullptr) {
      dead = std::make_shared<DeadRows>();
      dead->bits.resize((rows + 63) / 64);
    }
    dead->count += dead->has(row) ? 0 : 1;
    dead->bits[row / 64] |= std::uint64_t{1} << (row % 64);
  }

  static std::shared_ptr<const Part> without(const Part& part,
                                             std::span<const std::shared_ptr<DeadRows>> dead) {
    auto version = std::make_shared<Part>(part);
    version->runs.clear();
    version->rows = 0;
    for (std::size_t i = 0; i < part.runs.size(); ++i) {
      version->runs.emplace_back(part.runs[i].shared(), dead[i]);
      version->rows += version->runs.back().rows();
    }
    return version;
  }

  std::vector<std::shared_ptr<const Part>> merged_;
  std::vector<std::vector<std::shared_ptr<DeadRows>>> dead_;  // By part and run.
};

}  // namespace

std::vector<std::shared_ptr<const Part>> newest_versions(Parts begun, Parts parts) {
  std::vector<std::shared_ptr<const Part>> newest;
  for (const auto& part : begun) {
    auto found = std::find(parts.begin(), parts.end(), part);
    if (found == parts.end()) {
      found = std::find_if(parts.begin(), parts.end(),
                           [&](const auto& other) { return share_a_run(*part, *other); });
    }
    newest.push_back(found == parts.end() ? nullptr : *found);
  }
  return newest;
}

std::vector<std::shared_ptr<const Part>> carry_deaths(
    Parts begun, Parts now, std::vector<std::shared_ptr<const Part>> merged) {
  DeathRegister deaths(std::move(merged));
  for (std::size_t p = 0; p < begun.size(); ++p) {
    if (begun[p] == now[p]) continue;
    for (const LiveRun& run : begun[p]->runs) {
      const LiveRun* version = now[p] == nullptr ? nullptr : find_version(*now[p], run.shared());
      if (version != nullptr && version->dead() == run.dead()) continue;
      for (std::size_t row = 0; row < run->size(); ++row) {
        const bool dies = version == nullptr || version->is_dead(row);
        if (dies && !run.is_dead(row)) deaths.note(*run, row);
      }
    }
  }
  return std::move(deaths).parts();
}

}  // namespace grapevine
