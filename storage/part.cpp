#include "storage/part.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {
namespace {

template <typename Element>
std::size_t held(const std::vector<Element>& elements) {
  return elements.capacity() * sizeof(Element);
}

std::size_t held(const ColumnValues& values) {
  struct Sum {
    std::size_t operator()(const CodeValues& v) const { return v.codes.bytes(); }
    std::size_t operator()(const TextValues& v) const { return v.held(); }
    std::size_t operator()(const BoolValues& v) const { return held(v.bits); }
    std::size_t operator()(const Int64Values& v) const { return v.numbers.bytes(); }
    std::size_t operator()(const RealValues& v) const { return v.numbers.bytes(); }
    std::size_t operator()(const TimeValues& v) const { return v.times.bytes(); }
  };
  return std::visit(Sum{}, values);
}

std::size_t held(const Run& run) {
  std::size_t bytes = sizeof(Run) + run.customers.bytes() + run.times.bytes() +
                      run.sequences.bytes() + run.targets.bytes() + held(run.identities) +
                      run.message_ids.bytes() + held(run.columns);
  for (const RunColumn& column : run.columns) bytes += held(column.values) + held(column.present);
  return bytes;
}

}  // namespace

std::size_t bytes_of(const RunColumn& column) { return held(column.values) + held(column.present); }

const RunColumn* Run::column(ColumnId id) const {
  const auto found =
      std::lower_bound(columns.begin(), columns.end(), id,
                       [](const RunColumn& c, ColumnId wanted) { return c.id < wanted; });
  return found != columns.end() && found->id == id ? &*found : nullptr;
}

CustomerId Run::identity(std::size_t row) const {
  const auto after = std::upper_bound(
      identities.begin(), identities.end(), row,
      [](std::size_t wanted, const IdentityStretch& stretch) { return wanted < stretch.begin; });
  if (after == identities.begin() || (after - 1)->end <= row) return customers[row];
  return (after - 1)->identity;
}

const LiveRun* Part::run(EventNameId event) const {
  const auto found =
      std::lower_bound(runs.begin(), runs.end(), event,
                       [](const LiveRun& r, EventNameId wanted) { return r->event < wanted; });
  return found != runs.end() && (*found)->event == event ? &*found : nullptr;
}

void Part::add(std::shared_ptr<const Run> run) {
  rows += run->size();
  first = std::min(first, run->first);
  last = std::max(last, run->last);
  runs.emplace_back(std::move(run));
}

std::size_t Part::bytes() const {
  std::size_t bytes = sizeof(Part) + held(runs) + activity_.bytes();
  for (const LiveRun& run : runs) {
    bytes += held(*run) + (run.dead() ? held(run.dead()->bits) : 0);
  }
  return bytes;
}

}  // namespace grapevine
