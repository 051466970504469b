#include "bench/segments/peer_tables.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <type_traits>
#include <variant>

#include "kernels/segment/people.hpp"

namespace grapevine::bench {
namespace {

constexpr const char* kEventColumns[] = {"channel", "product_id", "category",
                                         "brand",   "value",      "sentiment"};
constexpr const char* kTraits[] = {"age",      "gender",   "marital_status", "job",
                                   "hobby",    "tier",     "region",         "leaning",
                                   "language", "latitude", "longitude"};

// A CSV file that is written front to back; the first failure is kept.
class Csv {
 public:
  explicit Csv(const std::string& name) : name_(name), file_(std::fopen(name.c_str(), "wb")) {
    if (file_ == nullptr) error_ = errno;
  }
  ~Csv() { (void)close(); }
  Csv(const Csv&) = delete;
  Csv& operator=(const Csv&) = delete;

  void number(std::int64_t value) { field(std::to_string(value)); }
  void number(DateTime value) { number(value.ms); }
  void number(double value) {
    char text[32];
    field({text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.17g", value))});
  }
  void text(std::string_view value) {
    if (value.find_first_of(",\"\n") == std::string_view::npos) return field(value);
    std::string quoted = "\"";
    for (const char letter : value) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    field(quoted += '"');
  }
  void field(std::string_view value) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += value;
  }
  void end_line() {
    line_ += '\n';
    first_ = true;
    if (line_.size() < (1U << 20)) return;
    flush();
  }
  absl::Status close() {
    flush();
    if (file_ != nullptr && std::fclose(file_) != 0 && error_ == 0) error_ = errno;
    file_ = nullptr;
    return error_ == 0 ? absl::OkStatus()
                       : absl::UnavailableError(name_ + ": " + std::strerror(error_));
  }

 private:
  void flush() {
    if (error_ == 0 && std::fwrite(line_.data(), 1, line_.size(), file_) != line_.size()) {
      error_ = errno;
    }
    line_.clear();
  }

  std::string name_;
  std::FILE* file_;
  int error_ = 0;
  std::string line_;
  bool first_ = true;
};

void write_cell(const RunColumn* column, const ColumnInfo& info, std::size_t row, Csv& csv) {
  if (column == nullptr || !column->has(row)) return csv.field("");
  std::visit(
      [&](const auto& values) {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Values, CodeValues>) {
          csv.text(info.dictionary->at(static_cast<std::uint32_t>(values.codes.at(row))));
        } else if constexpr (std::is_same_v<Values, TextValues>) {
          csv.field("");  // None of the columns that are written has texts.
        } else if constexpr (std::is_same_v<Values, BoolValues>) {
          csv.number(static_cast<std::int64_t>(values.at(row)));
        } else {
          csv.number(values.at(row));
        }
      },
      column->values);
}

void write_trait(const AttributeColumn* column, CustomerId customer, Csv& csv) {
  const AttributeChunk* chunk = column == nullptr ? nullptr : column->chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return csv.field("");
  std::visit(
      [&](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::uint32_t>) {
          csv.text(column->dictionary->at(values[slot]));
        } else if constexpr (std::is_same_v<Value, std::uint8_t>) {
          csv.number(std::int64_t{values[slot]});
        } else {
          csv.number(values[slot]);
        }
      },
      chunk->values);
}

absl::Status write_events(const Snapshot& snapshot, const std::string& name) {
  Csv csv(name);
  for (const char* column : {"event", "customer", "time", "sequence"}) csv.field(column);
  std::vector<ColumnId> columns;
  for (const char* column : kEventColumns) {
    csv.field(column);
    if (snapshot.find_column(column, columns.emplace_back()) == nullptr) {
      return absl::NotFoundError(std::string("no such column: ") + column);
    }
  }
  csv.end_line();
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      const std::string_view event = snapshot.event_names().at(index(live->event));
      live->customers.for_each(0, live->size(), [&](std::size_t row, CustomerId customer) {
        if (live.is_dead(row)) return;
        csv.field(event);
        csv.number(std::int64_t{index(customer)});
        csv.number(live->time(row));
        csv.number(static_cast<std::int64_t>(live->sequences.at(row)));
        for (const ColumnId column : columns) {
          write_cell(live->column(column), snapshot.columns()[index(column)], row, csv);
        }
        csv.end_line();
      });
    }
  }
  return csv.close();
}

absl::Status write_customers(const CustomerTable& customers, const std::string& name) {
  Csv csv(name);
  csv.field("customer");
  csv.field("customer_id");
  for (const char* trait : kTraits) csv.field(trait);
  csv.end_line();
  people(customers).for_each_member([&](CustomerId customer) {
    csv.number(std::int64_t{index(customer)});
    csv.text(customers.external_id(customer));
    for (const char* trait : kTraits) write_trait(customers.attribute(trait), customer, csv);
    csv.end_line();
  });
  return csv.close();
}

}  // namespace

absl::Status write_peer_tables(const Snapshot& snapshot, const std::string& folder) {
  if (absl::Status written = write_events(snapshot, folder + "/events.csv"); !written.ok()) {
    return written;
  }
  return write_customers(snapshot.customers(), folder + "/customers.csv");
}

}  // namespace grapevine::bench
