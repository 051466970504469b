#include "storage/merge_order.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "storage/radix_sort.hpp"

namespace grapevine {
namespace {

std::vector<std::uint32_t> living_rows(const LiveRun& run) {
  std::vector<std::uint32_t> rows;
  if (run.dead() == nullptr) return rows;
  rows.reserve(run.rows());
  const std::vector<std::uint64_t>& dead = run.dead()->bits;
  for (std::size_t word = 0; word < dead.size(); ++word) {
    for (std::uint64_t rest = ~dead[word]; rest != 0; rest &= rest - 1) {
      const std::size_t row = word * 64 + static_cast<std::size_t>(std::countr_zero(rest));
      if (row < run->size()) rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return rows;
}

// The rows as customer above number, in order of their numbers.
std::vector<std::uint64_t> rows_of(const MergeInputs& inputs, const PersonOf& person_of) {
  std::vector<std::uint64_t> rows;
  rows.reserve(inputs.rows());
  const auto add = [&](CustomerId customer) {
    rows.push_back(std::uint64_t{index(customer)} << 32 | rows.size());
  };
  for (std::size_t k = 0; k < inputs.runs.size(); ++k) {
    const Run& run = **inputs.runs[k];
    if (person_of) {
      inputs.for_each_living(
          k, [&](std::size_t, std::size_t row) { add(person_of(run.identity(row))); });
    } else if (inputs.living[k].empty()) {
      run.customers.for_each(0, inputs.begins[k + 1] - inputs.begins[k],
                             [&](std::size_t, CustomerId customer) { add(customer); });
    } else {
      inputs.for_each_living(k, [&](std::size_t, std::size_t row) { add(run.customers[row]); });
    }
  }
  return rows;
}

// The output of each row, by number.
std::vector<std::uint32_t> outputs_of_rows(const MergeInputs& inputs, const SpanSplit& split) {
  std::vector<std::uint32_t> outputs;
  outputs.reserve(inputs.rows());
  for (std::size_t k = 0; k < inputs.runs.size(); ++k) {
    inputs.for_each_living(k, [&](std::size_t, std::size_t row) {
      outputs.push_back(split.output_of((*inputs.runs[k])->time(row)));
    });
  }
  return outputs;
}

// Puts the rows of each output together, and tells where each begins.
std::vector<std::uint32_t> group_by_output(const MergeInputs& inputs, const SpanSplit& split,
                                           std::vector<std::uint64_t>& rows) {
  const auto count = static_cast<std::uint32_t>(rows.size());
  if (split.outputs() == 1) return {0, count};
  const std::vector<std::uint32_t> outputs = outputs_of_rows(inputs, split);
  const auto output_of = [&](std::uint64_t row) {
    return outputs[static_cast<std::uint32_t>(row)];
  };
  std::vector<std::uint32_t> begins(split.outputs() + 1);
  for (const std::uint64_t row : rows) ++begins[output_of(row) + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  std::vector<std::uint32_t> next = begins;
  std::vector<std::uint64_t> grouped(rows.size());
  for (const std::uint64_t row : rows) grouped[next[output_of(row)]++] = row;
  rows = std::move(grouped);
  return begins;
}

void find_places(MergeOrder& order) {
  order.places.resize(order.rows.size());
  for (std::uint32_t place = 0; place < order.rows.size(); ++place) {
    order.places[order.number(place)] = place;
  }
}

void place_numbers(const MergeInputs& inputs, PackedUints Run::*column, const MergeOrder& order,
                   std::vector<std::uint64_t>& placed) {
  placed.resize(order.rows.size());
  for (std::size_t k = 0; k < inputs.runs.size(); ++k) {
    const PackedUints& numbers = (**inputs.runs[k]).*column;
    const std::uint32_t* const places = order.places.data() + inputs.begins[k];
    numbers.visit([&](const auto offsets) {
      inputs.for_each_living(k, [&](std::size_t i, std::size_t row) {
        placed[places[i]] = numbers.base() + offsets[row];
      });
    });
  }
}

// Sorts the rows of one customer by (time, sequence).
void sort_stretch(std::size_t begin, std::size_t end, MergeOrder& order) {
  using Entry = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;
  std::vector<Entry> entries;
  for (std::size_t i = begin; i < end; ++i) {
    entries.emplace_back(order.times[i], order.sequences[i], order.rows[i]);
  }
  std::sort(entries.begin(), entries.end());
  for (std::size_t i = begin; i < end; ++i) {
    std::tie(order.times[i], order.sequences[i], order.rows[i]) = entries[i - begin];
  }
}

// Rows of one customer came in the order of the inputs, which is that of time unless those overlap.
// Returns whether any was moved.
bool sort_customers_rows(MergeOrder& order) {
  bool moved = false;
  for (std::size_t output = 0; output + 1 < order.begins.size(); ++output) {
    const std::size_t last = order.begins[output + 1];
    for (std::size_t begin = order.begins[output]; begin < last;) {
      const CustomerId customer = order.customer(begin);
      bool sorted = true;
      std::size_t end = begin + 1;
      for (; end < last && order.customer(end) == customer; ++end) {
        sorted = sorted && std::tie(order.times[end - 1], order.sequences[end - 1]) <
                               std::tie(order.times[end], order.sequences[end]);
      }
      if (!sorted) sort_stretch(begin, end, order);
      moved = moved || !sorted;
      begin = end;
    }
  }
  return moved;
}

}  // namespace

void MergeInputs::add(const LiveRun& run) {
  if (run.rows() == 0) return;
  if (begins.empty()) begins.push_back(0);
  runs.push_back(&run);
  living.push_back(living_rows(run));
  begins.push_back(begins.back() + static_cast<std::uint32_t>(run.rows()));
}

MergeInputs::Row MergeInputs::find(std::uint32_t number) const {
  const auto after = std::upper_bound(begins.begin(), begins.end(), number);
  const auto run = static_cast<std::size_t>(after - begins.begin()) - 1;
  const std::uint32_t i = number - begins[run];
  return {run, living[run].empty() ? i : living[run][i]};
}

MergeOrder merge_order(const MergeInputs& inputs, const SpanSplit& split,
                       const PersonOf& person_of) {
  MergeOrder order;
  order.rows = rows_of(inputs, person_of);
  order.begins = group_by_output(inputs, split, order.rows);
  for (std::size_t output = 0; output + 1 < order.begins.size(); ++output) {
    const std::size_t begin = order.begins[output];
    radix_sort(std::span(order.rows).subspan(begin, order.begins[output + 1] - begin), 32);
  }
  find_places(order);
  place_numbers(inputs, &Run::times, order, order.times);
  place_numbers(inputs, &Run::sequences, order, order.sequences);
  if (sort_customers_rows(order)) find_places(order);
  return order;
}

}  // namespace grapevine
