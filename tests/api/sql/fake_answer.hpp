#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/sql/run.hpp"

namespace grapevine::sql {

/// An answer of numbers 0, 1, 2, ..., which may fail on the way.
class FakeAnswer final : public QueryAnswer {
 public:
  struct Options {
    std::uint64_t rows = 1;
    std::uint64_t rows_a_block = 1000;
    absl::Status fails = absl::OkStatus();  ///< Once the rows were given.
    bool has_columns = true;
    std::string format = {};
    std::uint64_t* taken = nullptr;  ///< Rows that were asked for.
    bool* destroyed = nullptr;
  };

  explicit FakeAnswer(Options options) : options_(std::move(options)) {
    columns_.push_back({"n", plain(TypeId::UInt64)});
  }
  FakeAnswer(const FakeAnswer&) = delete;
  FakeAnswer& operator=(const FakeAnswer&) = delete;
  ~FakeAnswer() override {
    if (options_.destroyed != nullptr) *options_.destroyed = true;
  }

  const std::vector<ResultColumn>& columns() const override { return columns_; }
  absl::StatusOr<std::optional<Block>> next() override {
    if (at_ == options_.rows) {
      if (!options_.fails.ok()) return options_.fails;
      return std::nullopt;
    }
    Block block;
    block.rows = std::min(options_.rows_a_block, options_.rows - at_);
    auto column = new_fixed(plain(TypeId::UInt64), block.rows);
    for (std::size_t i = 0; i < block.rows; ++i) column->fixed<std::uint64_t>()[i] = at_++;
    block.columns.push_back(std::move(column));
    progress_.read_rows = at_;
    if (options_.taken != nullptr) *options_.taken = at_;
    return block;
  }
  const std::optional<Block>& totals() const override { return totals_; }
  bool has_columns() const override { return options_.has_columns; }
  const std::string& format() const override { return options_.format; }
  const std::string& query_id() const override { return query_id_; }
  const SessionFacts& facts() const override { return facts_; }
  const Fields& settings() const override { return settings_; }
  const QueryProgress& progress() const override { return progress_; }
  std::optional<std::uint64_t> rows_before_limit() const override { return std::nullopt; }

 private:
  Options options_;
  std::vector<ResultColumn> columns_;
  std::optional<Block> totals_;
  std::string query_id_ = "the-id";
  SessionFacts facts_;
  Fields settings_;
  QueryProgress progress_;
  std::uint64_t at_ = 0;
};

}  // namespace grapevine::sql
